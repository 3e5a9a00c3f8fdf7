"""The calendar of a run: what departments plan, drawn from the streams as tables before anything happens."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cadre_sim.events.departments import Departments
from cadre_sim.events.orders import FORM_ORDER, MEETING_ORDER, TASK_ORDER
from cadre_sim.scenario.departments import CampaignPlan, EvaluationPlan
from cadre_sim.streams import Key, Stream, entity_number, uniforms
from cadre_sim.world.build import WORKING_DAYS_A_YEAR
from cadre_sim.world.calendar import WorkCalendar

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MONTHS = 12.0


class PlannedCampaign(NamedTuple):
    """A campaign as planned: its first visiting day, its area, a number for its draws, and its department's place."""

    start: int
    level: int
    area: int
    number: int
    department: int
    group: str
    plan: CampaignPlan


class PlannedEvaluation(NamedTuple):
    """An evaluation as planned.

    Its season (first working day, working day after the last), a draw that is kept, what part of the season the run
    sees (and so of its evidence), and whether it ends, with its visits, within the run.
    """

    first: int
    last: int
    level: int
    area: int
    number: int
    keep: float
    part: float
    ends: bool
    department: int
    group: str
    plan: EvaluationPlan


class PlannedOrders(NamedTuple):
    """Meetings, forms and tasks as planned, ordered by day and area; arrays of shape (orders,)."""

    day: Ints
    area: Ints
    kind: Ints
    level: Ints
    hours: Floats
    travel: Floats
    attendees: Ints
    lead: Ints
    keep: Floats
    duplicate: NDArray[np.bool_]
    department: Ints


class Plan(NamedTuple):
    """All that is planned for a run."""

    campaigns: list[PlannedCampaign]
    evaluations: list[PlannedEvaluation]
    orders: PlannedOrders


def plan_of(groups: Sequence[Departments], calendar: WorkCalendar, key: Key) -> Plan:
    """Draw the calendar of a run from the plans of its departments."""
    campaigns: list[PlannedCampaign] = []
    evaluations: list[PlannedEvaluation] = []
    orders: list[PlannedOrders] = []
    for group in groups:
        campaigns += _campaigns(group, calendar, key)
        evaluations += _evaluations(group, calendar, key)
        orders += _orders(group, calendar, key)
    campaigns.sort(key=lambda c: (c.start, c.area, c.number))
    evaluations.sort(key=lambda e: (e.first, e.area, e.number))
    return Plan(campaigns, evaluations, _joined(orders))


class _Dates(NamedTuple):
    """Dates drawn for a group: place of the department in its group, day, and where the date's own draws start."""

    place: Ints
    day: Ints
    year: int
    draws: int


def _dates(group: Departments, stream: Stream, per_year: float, calendar: WorkCalendar, key: Key) -> Iterator[_Dates]:
    """Dates of something that happens ``per_year`` times: evenly spread over the year, each moved within its part.

    A year of which a run sees only a part has its share; what is left of a whole number is decided by a draw.
    """
    for year, first, last in calendar.years:
        expected = per_year * (last - first) / WORKING_DAYS_A_YEAR
        count = np.floor(expected + uniforms(key, stream, group.number, year, 0)).astype(np.int64)
        for j in range(int(count.max(initial=0))):
            place = np.flatnonzero(count > j)
            within = (j + uniforms(key, stream, group.number[place], year, 1 + 8 * j)) / count[place]
            yield _Dates(place, first + (within * (last - first)).astype(np.int64), year, 1 + 8 * j)


def _campaigns(group: Departments, calendar: WorkCalendar, key: Key) -> Iterator[PlannedCampaign]:
    plan = group.plan.campaigns
    if plan is None:
        return
    for dates in _dates(group, Stream.CAMPAIGN_DATES, plan.per_year, calendar, key):
        for place, day in zip(dates.place, dates.day, strict=True):
            number = entity_number(int(group.number[place]), dates.year, dates.draws)
            yield PlannedCampaign(
                int(day), group.level, int(group.area[place]), number, group.first + int(place), group.group, plan
            )


def _evaluations(group: Departments, calendar: WorkCalendar, key: Key) -> Iterator[PlannedEvaluation]:
    plan = group.plan.evaluations
    if plan is None:
        return
    for first, last in calendar.months(plan.first_month, plan.last_month):
        left = (plan.last_month - int(calendar.month[last - 1])) % 12
        year = (int(calendar.month_number[last - 1]) + left) // 12
        part, ends = _seen(plan, year, last - first, calendar)
        keep = uniforms(key, Stream.EVALUATION_DATES, group.number, year)
        for place, (area, number, draw) in enumerate(zip(group.area, group.number, keep, strict=True)):
            yield PlannedEvaluation(
                first, last, group.level, int(area), int(number), float(draw), part, ends, group.first + place,
                group.group, plan,
            )  # fmt: skip


def _seen(plan: EvaluationPlan, year: int, days: int, calendar: WorkCalendar) -> tuple[float, bool]:
    """What part of a season the run sees, by working days, and whether it sees its end; ``year`` is that of its end."""
    start = date(year - (plan.first_month > plan.last_month), plan.first_month, 1)
    end = date(year, plan.last_month, monthrange(year, plan.last_month)[1])
    ends = end <= calendar.period.end
    if start >= calendar.period.start and ends:
        return 1.0, True
    months = (plan.last_month - plan.first_month) % 12 + 1
    return min(1.0, days / (months * WORKING_DAYS_A_YEAR / MONTHS)), ends


def _orders(group: Departments, calendar: WorkCalendar, key: Key) -> Iterator[PlannedOrders]:
    meetings, forms, tasks = group.plan.meetings, group.plan.forms, group.plan.tasks
    if meetings is not None:
        for dates in _dates(group, Stream.MEETING_DATES, meetings.per_year, calendar, key):
            online = _draw(key, Stream.MEETING_DATES, group, dates, 2) < meetings.online_share
            travel = np.where(online, 0.0, meetings.travel_hours)
            yield _table(
                group, dates, key, Stream.MEETING_DATES, MEETING_ORDER, meetings.hours, travel, meetings.attendees
            )
    if forms is not None:
        for dates in _dates(group, Stream.FORM_DATES, forms.per_month * MONTHS, calendar, key):
            duplicate = _draw(key, Stream.FORM_DATES, group, dates, 2) < forms.duplicate_share
            table = _table(group, dates, key, Stream.FORM_DATES, FORM_ORDER, forms.hours, lead=forms.lead)
            yield table._replace(duplicate=duplicate)
    if tasks is not None:
        for dates in _dates(group, Stream.TASK_DATES, tasks.per_month * MONTHS, calendar, key):
            yield _table(group, dates, key, Stream.TASK_DATES, TASK_ORDER, tasks.hours, lead=tasks.lead)


def _draw(key: Key, stream: Stream, group: Departments, dates: _Dates, which: int) -> Floats:
    return uniforms(key, stream, group.number[dates.place], dates.year, dates.draws + which)


def _table(
    group: Departments,
    dates: _Dates,
    key: Key,
    stream: Stream,
    kind: int,
    hours: float,
    travel: Floats | None = None,
    attendees: int = 0,
    lead: int = 1,
) -> PlannedOrders:
    size = dates.place.size
    return PlannedOrders(
        day=dates.day,
        area=group.area[dates.place],
        kind=np.full(size, kind),
        level=np.full(size, group.level),
        hours=np.full(size, float(hours)),
        travel=np.zeros(size) if travel is None else travel,
        attendees=np.full(size, attendees),
        lead=np.full(size, max(1, lead)),
        keep=_draw(key, stream, group, dates, 1),
        duplicate=np.zeros(size, bool),
        department=group.first + dates.place,
    )


def _joined(tables: list[PlannedOrders]) -> PlannedOrders:
    if not tables:
        nothing, none = np.zeros(0, np.int64), np.zeros(0)
        return PlannedOrders(
            nothing, nothing, nothing, nothing, none, none, nothing, nothing, none, nothing.astype(bool), nothing
        )
    joined: list[Any] = [np.concatenate(columns) for columns in zip(*tables, strict=True)]
    order = np.lexsort((joined[1], joined[0]))
    return PlannedOrders(*(column[order] for column in joined))
