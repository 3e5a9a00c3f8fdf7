"""What comes from above: groups of departments and the yearly plan that each department of a group has."""

from __future__ import annotations

from pydantic import Field

from cadre_sim.levels import Level
from cadre_sim.scenario.fields import Section, quantity


class CampaignPlan(Section):
    """Rounds of inspection over many offices."""

    per_year: float = quantity(1.0, "campaigns/department/year", low=0, high=6, kind="A", meaning="campaigns", most=250)
    coverage: float = quantity(0.5, "1", low=0.1, high=1, kind="A", meaning="share of offices that are visited", most=1)
    notice: int = quantity(
        5,
        "working days",
        low=0,
        high=10,
        kind="I",
        source=("visit_length",),
        meaning="days from the announcement to the visit; 0 is unannounced",
        most=120,
    )
    preparation_hours: float = quantity(
        16.0, "h/visit", low=8, high=40, kind="I", source=("cqc_prep", "visit_length"),
        meaning="hours of preparation that an announced visit asks of a village", most=1000,
    )  # fmt: skip
    unannounced_preparation: float = quantity(
        0.125, "1", low=0, high=0.5, kind="A", most=1,
        meaning="share of preparation that a visit without notice asks for, on its day (2 of 16 person-hours)",
    )  # fmt: skip
    escorts: int = quantity(2, "cadres", low=1, high=4, kind="A", meaning="cadres who receive and escort", most=50)
    reception_hours: float = quantity(
        4.0, "h/escort/visit", low=2, high=8, kind="I", source=("visit_length",), meaning="length of a visit on site",
        most=24,
    )  # fmt: skip
    scouting: float = quantity(
        0.5, "1", low=0, high=1, kind="I", source=("visit_multiplier",),
        meaning="share of announced visits that a scouting visit precedes",
        most=1,
    )  # fmt: skip
    topics: int = quantity(1, "topics", low=1, high=6, kind="A", meaning="topics of a visit", least=1, most=30)
    visits_per_day: int = quantity(
        3, "visits/team/day", low=1, high=6, kind="A", meaning="visits that a team makes a day", least=1, most=50
    )
    tour: int = quantity(
        24, "visits/team", low=5, high=60, kind="A", meaning="visits that one team makes in a campaign", least=1,
        most=1000,
    )  # fmt: skip
    follow_up: float = quantity(
        0.15, "1", low=0, high=0.5, kind="A", meaning="share of findings that a follow-up looks at again",
        most=1,
    )  # fmt: skip
    urgent: bool = Field(False, description="whether its teams go before those of other campaigns")


class MeetingPlan(Section):
    """A series of meetings to which offices are summoned."""

    per_year: float = quantity(
        3.0, "meetings/department/year", low=0, high=60, kind="I", source=("township_county_meetings",),
        meaning="meetings", most=250,
    )  # fmt: skip
    hours: float = quantity(
        3.0, "h/meeting", low=1, high=4, kind="I", source=("township_county_meetings",), meaning="length", most=24
    )
    attendees: int = quantity(
        2, "cadres/office", low=1, high=4, kind="A", meaning="cadres whom an office sends", most=200
    )
    online_share: float = quantity(0.2, "1", low=0, high=0.8, kind="A", meaning="share held online", most=1)
    travel_hours: float = quantity(
        1.0, "h/attendee", low=0, high=3, kind="A", meaning="travel to a meeting that is not online", most=24
    )


class FormPlan(Section):
    """Report forms that offices must hand in."""

    per_month: float = quantity(
        1.0, "forms/department/month", low=0, high=10, kind="I", source=("yongchuan_submissions",), meaning="forms",
        most=250,
    )  # fmt: skip
    hours: float = quantity(
        1.5, "h/form", low=0.26, high=4, kind="I", source=("hour_per_form_low", "hour_per_form_high"),
        meaning="hours that a form takes a village", most=200,
    )  # fmt: skip
    lead: int = quantity(3, "working days", low=1, high=10, kind="A", meaning="days until it is due", most=250, least=1)
    duplicate_share: float = quantity(
        0.4, "1", low=0.2, high=0.6, kind="A", source=("forms_effect",),
        meaning="share of forms that ask for data already given elsewhere", most=1,
    )  # fmt: skip


class TaskPlan(Section):
    """Tasks of a department that offices must do in its place."""

    per_month: float = quantity(
        0.5, "tasks/department/month", low=0, high=5, kind="A", source=("community_tasks_2003",), meaning="tasks",
        most=250,
    )  # fmt: skip
    hours: float = quantity(5.0, "h/task", low=1, high=16, kind="A", meaning="hours that a task takes", most=1000)
    lead: int = quantity(
        10, "working days", low=2, high=40, kind="A", meaning="days until it is due", most=250, least=1
    )


class EvaluationPlan(Section):
    """A yearly evaluation: evidence through a season, and one visit at its end."""

    first_month: int = quantity(9, "month", low=1, high=12, kind="A", meaning="first month of the season", least=1,
                                most=12)  # fmt: skip
    last_month: int = quantity(11, "month", low=1, high=12, kind="A", meaning="last month of the season", least=1,
                               most=12)  # fmt: skip
    evidence_hours: float = quantity(
        45.0, "h/evaluation", low=10, high=150, kind="A", meaning="hours of evidence asked of a village", most=5000
    )
    weight: float = quantity(
        0.1, "1", low=0, high=0.3, kind="A",
        meaning="how much an evaluation in season adds to the pressure to comply", most=5,
    )  # fmt: skip
    escorts: int = quantity(3, "cadres", low=1, high=6, kind="A", meaning="cadres who receive the visit", most=50)
    reception_hours: float = quantity(
        4.0, "h/escort/visit", low=2, high=8, kind="I", source=("visit_length",), meaning="length of the visit", most=24
    )
    visiting_days: int = quantity(
        10, "working days", low=1, high=30, kind="A", meaning="days at the end of the season in which visits fall",
        least=1, most=250,
    )  # fmt: skip
    comprehensive: bool = Field(
        False,
        description="the comprehensive assessment: takes place only where a measure puts it in the place of others",
    )


class DepartmentGroup(Section):
    """Departments of one level that are alike; each has its own dates."""

    level: Level = Field(description="level of government: one set of departments a city, a county or a township")
    number: int = quantity(
        1, "departments/unit of its level", low=1, high=40, kind="A", meaning="departments in the group", most=1000
    )
    campaigns: CampaignPlan | None = Field(None, description="campaigns of inspection")
    meetings: MeetingPlan | None = Field(None, description="meetings")
    forms: FormPlan | None = Field(None, description="report forms")
    tasks: TaskPlan | None = Field(None, description="delegated tasks")
    evaluations: EvaluationPlan | None = Field(None, description="a yearly evaluation")
