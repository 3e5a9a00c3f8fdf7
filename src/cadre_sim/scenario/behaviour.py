"""How cadres behave: pressure, pace, overtime, switching, slack and closing on paper."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from cadre_sim.errors import InputError, hint
from cadre_sim.rules import WEIGHTED, rules, try_out
from cadre_sim.scenario.fields import Section, quantity
from cadre_sim.scenario.minds import Minds


def _known(name: str) -> str:
    if name not in (known := rules()):
        raise PydanticCustomError("rule", "{text}", {"text": f"unknown allocation rule {name!r}{hint(name, known)}"})
    try:
        try_out(name)
    except InputError as error:
        raise PydanticCustomError("rule", "{text}", {"text": str(error)}) from None
    return name


class Behaviour(Section):
    """How the hours of a day are split and what pressure does to work."""

    pace: Literal["due_dates", "at_once"] = Field(
        "due_dates",
        description="due_dates: work wanted today is what is outstanding over the days left to its date; "
        "at_once: all that is outstanding is wanted today",
    )
    rule: Annotated[str, AfterValidator(_known)] = Field(
        WEIGHTED,
        max_length=100,
        description="allocation rule, by which a day is split that does not suffice for all: weighted (caution and "
        "evaluations draw to burden, motivation to service), proportional, burden_first, service_first, or one's own",
    )
    pressure_caution: float = quantity(
        1.5, "1", low=0.5, high=3, kind="A", meaning="b_c: how strongly caution puts burden first", most=20
    )
    pressure_motivation: float = quantity(
        1.0, "1", low=0.5, high=3, kind="A", meaning="b_m: how strongly motivation puts service first", most=20
    )
    urgent_factor: float = quantity(
        3.0, "1", low=1, high=10, kind="A", meaning="how much more an urgent matter weighs than another", most=1000
    )
    overtime_ceiling: float = quantity(
        3.5, "h/working day", low=1, high=4, kind="A", source=("suihua_day", "xinhua_township_day"),
        meaning="most overtime that a cadre who is not fatigued does by choice", most=16,
    )  # fmt: skip
    overtime_burden: float = quantity(
        1.6, "1", low=0.3, high=2, kind="A",
        meaning="share of unmet burden that a fully cautious cadre does in overtime (at most all)", most=10,
    )  # fmt: skip
    overtime_service: float = quantity(
        1.6, "1", low=0.3, high=2, kind="A",
        meaning="share of unmet service that a fully motivated cadre does in overtime (at most all)", most=10,
    )  # fmt: skip
    switch_minutes: float = quantity(
        1.0, "min/activity", low=0.5, high=5, kind="A", source=("mark_switch",),
        meaning="time lost to each further kind of work in a day", most=120,
    )  # fmt: skip
    interruption_minutes: float = quantity(
        3.0, "min/interruption", low=1, high=10, kind="A", source=("mark2005", "mark_switch"),
        meaning="productive time lost to a meeting or visit in the day", most=120,
    )  # fmt: skip
    juggling_minutes: float = quantity(
        0.8, "min/open matter/cadre", low=0, high=2, kind="A",
        meaning="time lost to keeping track of each matter open at the same time, per cadre present", most=60,
    )  # fmt: skip
    switching_most: float = quantity(
        1.0, "h/working day", low=0.5, high=2, kind="A", meaning="most time lost to switching in a day", most=8
    )
    slack_outreach: float = quantity(
        1.6, "1", low=0.5, high=3, kind="A", meaning="weight of outreach in the use of slack, times motivation", most=20
    )
    slack_evidence: float = quantity(
        1.0, "1", low=0, high=3, kind="A",
        meaning="weight of gold-plating evidence in the use of slack, times caution and lack of motivation", most=20,
    )  # fmt: skip
    slack_idle: float = quantity(
        0.15, "1", low=0, high=1, kind="A", meaning="weight of idleness in the use of slack", most=20
    )
    fatigue_loss: float = quantity(
        0.25, "1", low=0, high=0.5, kind="A", meaning="share of service work lost at full fatigue", most=1
    )
    control_loss: float = quantity(
        0.02, "1", low=0, high=0.1, kind="A", source=("falk_kosfeld",),
        meaning="hidden cost of control: share of service work lost per visit a week that is felt", most=1,
    )  # fmt: skip
    perfunctory: float = quantity(
        0.5, "1", low=0, high=1, kind="A",
        meaning="chance that a matter at its date is closed on paper only, if all service went undone and caution "
        "were full", most=1,
    )  # fmt: skip
    perfunctory_complaint: float = quantity(
        0.3, "1", low=0.1, high=0.6, kind="A", meaning="chance that a matter closed on paper comes back as a complaint",
        most=1,
    )  # fmt: skip
    overdue_complaint: float = quantity(
        0.05, "1/working day", low=0.01, high=0.2, kind="A",
        meaning="chance a day that a matter past its date becomes a complaint (once)", most=1,
    )  # fmt: skip
    complaint_hours: float = quantity(
        2.0, "h/complaint", low=0.5, high=8, kind="A", meaning="paperwork that a complaint costs", most=200
    )
    complaint_days: int = quantity(
        5, "working days", low=1, high=15, kind="A", meaning="days in which a complaint must be answered", most=250
    )
    minds: Minds = Minds()
