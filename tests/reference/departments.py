"""Departments as actors: what they ask above their plan and in place of what was cut (section 4)."""

from __future__ import annotations

import math

import mesa

from cadre_sim.levels import LEVELS
from cadre_sim.scenario.departments import DepartmentGroup
from cadre_sim.scenario.oversight import Oversight
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.streams import Key, Stream, entity_number, uniform
from reference.calendar import Calendar
from reference.handed import AreaToday
from reference.office import Office
from reference.place import Area, Place
from reference.policy import Policies

YEAR = 250.0
"""Working days a year."""

MONTHS = 12
"""Months a year."""

DAYS_OF_REVIEW = 15
"""Areas' reviews are spread over so many working days of a month."""

CHANNELS = ("inspections", "meetings", "forms", "duplicates", "evaluations")
"""Channels through which a department asks for hours, beside tasks; what is cut there comes back as ad-hoc tasks."""


class Department(mesa.Agent):
    """Department p of a group in an area of its level."""

    def __init__(
        self, model: mesa.Model, oversight: Oversight, name: str, group: DepartmentGroup, area: Area, p: int, key: Key
    ) -> None:
        super().__init__(model)
        self.oversight = oversight
        self.group_name = name
        self.group = group
        self.area = area
        self.number = entity_number(name, area.number, p)
        self.hours = hours_a_year(group, oversight)
        drawn = -oversight.excess * math.log(uniform(key, Stream.EXCESS, self.number, 0, 0))
        self.excess = min(oversight.excess_most, drawn)
        self.diverting = 0.0
        self.deterred = 0.0

    @property
    def offices(self) -> list[Office]:
        """Offices that it acts on, in order of rows: a township department leaves out the township government."""
        if self.area.level == 2:
            return [office for office in self.area.offices if office.kind != "township"]
        return list(self.area.offices)

    @property
    def rebound(self) -> float:
        """r: the share of what it plans that it would ask for in another way, were all of it cut."""
        return self.oversight.rebound * self.diverting * (1 - self.deterred)

    @property
    def asks(self) -> float:
        """What it may be reported for: what it asks above its plan and in place of what was cut."""
        return self.excess + self.rebound

    def share(self, channel: str, policy: dict[str, float]) -> float:
        """The policy's share of a channel for what a department of this level plans."""
        level = LEVELS[self.area.level]
        match channel:
            case "inspections":
                return policy[f"visit_share_{level}"]
            case "meetings":
                return policy["meeting_share"]
            case "forms":
                return policy["form_share"]
            case "duplicates":
                return policy["form_duplicate_share"]
            case "evaluations":
                return 1.0 if level == "township" else policy[f"evaluation_share_{level}"]
            case "tasks":
                return policy["task_share"]
        raise ValueError(channel)

    def is_cut(self, policies: Policies, day: int) -> bool:
        """Whether anything of what it plans is cut at any office of its area."""
        planned = [channel for channel, hours in self.hours.items() if hours > 0]
        return any(
            self.share(channel, policies.of(office.row, day)) < 1 for office in self.area.offices for channel in planned
        )

    def review(self, policies: Policies, day: int) -> None:
        """Once a month: excess creeps up, other channels are found or given up, deterrence wears off."""
        o = self.oversight
        cut = 1.0 if self.is_cut(policies, day) else 0.0
        room = max(0.0, 1 - self.excess / o.excess_most)
        self.excess += o.excess_creep / MONTHS * (1 - self.deterred) * room
        self.diverting += (cut - self.diverting) / o.rebound_months
        self.deterred *= 0.5 ** (1 / o.deterrence_half_life)

    def lower(self, correction: float) -> None:
        """Lower what it asks for above its plan and in place of what was cut."""
        self.excess *= 1 - correction
        self.diverting *= 1 - correction

    def deter(self, deterrence: float) -> None:
        """Be deterred by a case about a department of the area."""
        self.deterred += deterrence * (1 - self.deterred)


def hours_a_year(group: DepartmentGroup, oversight: Oversight) -> dict[str, float]:
    """Hours that a department of a group plans a year, by channel; 0 for what it does not do."""
    hours = dict.fromkeys((*CHANNELS, "tasks"), 0.0)
    if (c := group.campaigns) is not None:
        visits = c.per_year * c.coverage
        visit = c.topics**oversight.topic_economy * (c.preparation_hours + c.escorts * c.reception_hours)
        hours["inspections"] = visits * visit
    if (m := group.meetings) is not None:
        hours["meetings"] = m.per_year * m.attendees * (m.hours + (1 - m.online_share) * m.travel_hours)
    if (f := group.forms) is not None:
        all_forms = f.per_month * MONTHS * f.hours
        hours["forms"] = all_forms * (1 - f.duplicate_share)
        hours["duplicates"] = all_forms * f.duplicate_share
    if (e := group.evaluations) is not None and not e.comprehensive:
        hours["evaluations"] = e.evidence_hours + e.escorts * e.reception_hours
    if (t := group.tasks) is not None:
        hours["tasks"] = t.per_month * MONTHS * t.hours
    return hours


class Departments:
    """All departments of a run, in order: by group, then area, then number in the area."""

    def __init__(self, model: mesa.Model, scenario: Scenario, place: Place, calendar: Calendar, key: Key) -> None:
        self.calendar = calendar
        self.all = [
            Department(model, scenario.oversight, name, group, area, p, key)
            for name, group in scenario.departments.items()
            for area in place.areas
            if LEVELS[area.level] == group.level
            for p in range(group.number)
        ]
        self.messages = [0.0] * len(place.areas)

    def of(self, area: Area) -> list[Department]:
        """The departments of an area."""
        return [department for department in self.all if department.area is area]

    def review(self, policies: Policies, day: int, areas: list[Area], today: list[AreaToday]) -> None:
        """Departments of the areas whose turn it is review, and ask for ad-hoc tasks of today."""
        reviewing = [area for area in areas if self.of(area) and self._has_review(area, day)]
        for area in reviewing:
            for department in self.of(area):
                department.review(policies, day)
            today[area.number].instead = {
                channel: sum(d.rebound * d.hours[channel] / MONTHS for d in self.of(area)) for channel in CHANNELS
            }
        if reviewing:
            self.messages = [sum(d.rebound * d.hours["tasks"] / YEAR for d in self.of(area)) for area in areas]

    def _has_review(self, area: Area, day: int) -> bool:
        """Whether it is the working day of the month, counted from 0, on which an area's departments review."""
        month = (self.calendar.year(day), self.calendar.month(day))
        before = sum((self.calendar.year(t), self.calendar.month(t)) == month for t in range(day))
        return before == area.number % DAYS_OF_REVIEW

    def correct(self, department: Department, correction: float, deterrence: float) -> None:
        """Correct a department, and deter all of its area."""
        department.lower(correction)
        for other in self.of(department.area):
            other.deter(deterrence)
        department.deterred = max(department.deterred, correction)

    def excess_by_level(self) -> dict[str, float]:
        """Mean excess of the departments of each level; 0 where a level has none."""
        means = {}
        for level, name in enumerate(LEVELS):
            excess = [d.excess for d in self.all if d.area.level == level]
            means[name] = sum(excess) / len(excess) if excess else 0.0
        return means
