"""The plan: what every department does in the run, drawn before day 0 (section 4, The plan)."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from cadre_sim.scenario.departments import CampaignPlan, EvaluationPlan
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.streams import Key, Stream, entity_number, uniform
from reference.calendar import Calendar
from reference.departments import MONTHS, YEAR, Department
from reference.handed import Order


@dataclass
class PlannedOrder:
    """A meeting, form or task of a department: an order whose size still grows with the department's excess."""

    department: Department
    order: Order


@dataclass(eq=False)
class PlannedCampaign:
    """A campaign of a department; ``start`` is its first visiting day, ``number`` that of its draws."""

    department: Department
    plan: CampaignPlan
    start: int
    number: int

    @property
    def opens(self) -> int:
        """The day on which it opens."""
        return max(0, self.start - self.plan.notice)

    def round(self, window: int) -> tuple[int, int]:
        """The round of joint inspection that it belongs to: area, and number of the round."""
        return self.department.area.number, self.start // window


@dataclass(eq=False)
class PlannedEvaluation:
    """A season of evaluation by a department, from ``first`` to before ``end``, as the run has it.

    ``part`` of its evidence falls into the run; ``ends`` says whether the season ends within the run.
    """

    department: Department
    plan: EvaluationPlan
    first: int
    end: int
    part: float
    ends: bool
    keep: float


@dataclass
class Date:
    """One date of something that happens so often a year: date ``j`` of ``year`` of a department."""

    department: Department
    stream: Stream
    year: int
    j: int
    day: int


class Plan:
    """All that departments plan: ``orders`` by day and area, ``campaigns`` and ``evaluations`` in their order."""

    def __init__(self, scenario: Scenario, calendar: Calendar, departments: list[Department], key: Key) -> None:
        self.scenario = scenario
        self.calendar = calendar
        self.departments = departments
        self.key = key
        self.years = sorted({day.year for day in calendar.dates})
        self.orders: dict[tuple[int, int], list[PlannedOrder]] = defaultdict(list)
        campaigns: list[PlannedCampaign] = []
        evaluations: list[PlannedEvaluation] = []
        for name in scenario.departments:
            group = [d for d in departments if d.group_name == name]
            campaigns += self._campaigns(group)
            evaluations += self._evaluations(group)
            self._add_meetings(group)
            self._add_forms(group)
            self._add_tasks(group)
        self.campaigns = sorted(campaigns, key=lambda c: (c.start, c.department.area.number, c.number))
        self.evaluations = sorted(evaluations, key=lambda e: (e.first, e.department.area.number, e.department.number))

    def _dates(self, group: list[Department], stream: Stream, a_year: float) -> Iterator[Date]:
        """Dates of what happens so many times a year, by year, then date, then department."""
        for year in self.years:
            first = next(t for t, day in enumerate(self.calendar.dates) if day.year == year)
            seen = sum(day.year == year for day in self.calendar.dates)
            counts = [math.floor(a_year * seen / YEAR + self._draw(d, stream, year, 0)) for d in group]
            for j in range(max(counts, default=0)):
                for department, count in zip(group, counts, strict=True):
                    if j < count:
                        place = (j + self._draw(department, stream, year, 1 + 8 * j)) / count
                        yield Date(department, stream, year, j, first + math.floor(place * seen))

    def _draw(self, department: Department, stream: Stream, year: int, index: int) -> float:
        return uniform(self.key, stream, department.number, year, index)

    def _keep(self, date: Date) -> float:
        """The draw that decides whether a meeting, form or task takes place."""
        return self._draw(date.department, date.stream, date.year, 2 + 8 * date.j)

    def _kind(self, date: Date) -> float:
        """The draw that makes a meeting online, a form a duplicate."""
        return self._draw(date.department, date.stream, date.year, 3 + 8 * date.j)

    def _add(self, date: Date, order: Order) -> None:
        self.orders[date.day, date.department.area.number].append(PlannedOrder(date.department, order))

    def _add_meetings(self, group: list[Department]) -> None:
        plan = group[0].group.meetings if group else None
        if plan is not None:
            for date in self._dates(group, Stream.MEETING_DATES, plan.per_year):
                travel = 0.0 if self._kind(date) < plan.online_share else plan.travel_hours
                level = date.department.area.level
                keep = self._keep(date)
                order = Order("meeting", level, plan.hours, keep=keep, travel=travel, attendees=plan.attendees)
                self._add(date, order)

    def _add_forms(self, group: list[Department]) -> None:
        plan = group[0].group.forms if group else None
        if plan is not None:
            for date in self._dates(group, Stream.FORM_DATES, plan.per_month * MONTHS):
                duplicate = self._kind(date) < plan.duplicate_share
                level, lead = date.department.area.level, max(1, plan.lead)
                self._add(date, Order("form", level, plan.hours, lead, self._keep(date), duplicate=duplicate))

    def _add_tasks(self, group: list[Department]) -> None:
        plan = group[0].group.tasks if group else None
        if plan is not None:
            for date in self._dates(group, Stream.TASK_DATES, plan.per_month * MONTHS):
                level, lead = date.department.area.level, max(1, plan.lead)
                self._add(date, Order("task", level, plan.hours, lead, self._keep(date)))

    def _campaigns(self, group: list[Department]) -> Iterator[PlannedCampaign]:
        plan = group[0].group.campaigns if group else None
        if plan is not None:
            for date in self._dates(group, Stream.CAMPAIGN_DATES, plan.per_year):
                number = entity_number(date.department.number, date.year, 1 + 8 * date.j)
                yield PlannedCampaign(date.department, plan, date.day, number)

    def _evaluations(self, group: list[Department]) -> Iterator[PlannedEvaluation]:
        for department in group:
            plan = department.group.evaluations
            if plan is not None:
                for year in range(self.years[0], self.years[-1] + 2):
                    season = self._season(department, plan, year)
                    if season is not None:
                        yield season

    def _season(self, department: Department, plan: EvaluationPlan, year: int) -> PlannedEvaluation | None:
        """The season whose last month lies in a year; None where the run sees no day of it."""
        over_new_year = plan.first_month > plan.last_month
        first_date = date(year - 1 if over_new_year else year, plan.first_month, 1)
        last_date = last_of_month(year, plan.last_month)
        days = [t for t, day in enumerate(self.calendar.dates) if first_date <= day <= last_date]
        if not days:
            return None
        first, end = days[0], days[-1] + 1
        starts = self.scenario.period.start <= first_date
        ends = self.scenario.period.end >= last_date
        months = (plan.last_month - plan.first_month) % 12 + 1
        part = 1.0 if starts and ends else min(1.0, (end - first) / (months * YEAR / MONTHS))
        keep = self._draw(department, Stream.EVALUATION_DATES, year, 0)
        return PlannedEvaluation(department, plan, first, end, part, ends, keep)


def last_of_month(year: int, month: int) -> date:
    """The last date of a month."""
    next_month = date(year + 1, 1, 1) if month == 12 else date(year, month + 1, 1)
    return next_month - timedelta(days=1)
