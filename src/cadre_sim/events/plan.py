"""Calendar of a run: plans of departments, drawn from the streams as tables before anything happens."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cadre_sim.arrays import Floats, Ints
from cadre_sim.events.departments import Departments
from cadre_sim.events.orders import FORM_ORDER, MEETING_ORDER, TASK_ORDER
from cadre_sim.scenario.departments import CampaignPlan, EvaluationPlan
from cadre_sim.streams import Key, Stream, entity_numbers, uniforms
from cadre_sim.units import MONTHS, WORKING_DAYS_A_YEAR
from cadre_sim.world.calendar import MONTHS_OF_A_YEAR, WorkCalendar


class PlannedCampaigns(NamedTuple):
    """Campaigns as planned, ordered by first visiting day, area and number; arrays of shape (campaigns,).

    ``start`` is the first visiting day, ``number`` is for draws, ``department`` the place of its department among all,
    ``group`` the row of its terms.
    """

    start: Ints
    level: Ints
    area: Ints
    number: Ints
    department: Ints
    group: Ints

    def only(self, chosen: Ints | slice) -> PlannedCampaigns:
        """Some of the campaigns."""
        return PlannedCampaigns(*(column[chosen] for column in self))


class CampaignTerms(NamedTuple):
    """Terms of the campaigns of each group, arrays of shape (groups,): see :class:`CampaignPlan`."""

    notice: Ints
    coverage: Floats
    tour: Ints
    visits_per_day: Ints
    escorts: Floats
    reception_hours: Floats
    preparation_hours: Floats
    unannounced_preparation: Floats
    scouting: Floats
    topics: Floats
    urgent: NDArray[np.bool_]
    follow_up: Floats


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
    """Meetings, forms and tasks as planned, ordered by day and area; arrays of shape (orders,).

    A country has 16 million a year, so whole numbers are as narrow as they can be.
    """

    day: NDArray[np.int32]
    area: NDArray[np.int32]
    kind: NDArray[np.int8]
    level: NDArray[np.int8]
    hours: Floats
    travel: Floats
    attendees: NDArray[np.int32]
    lead: NDArray[np.int32]
    keep: Floats
    duplicate: NDArray[np.bool_]
    department: NDArray[np.int32]


_DRAWS_A_DATE = 8
"""Draws that are set aside for each date of a year, of which the next ones are used."""
_DATE_DRAW, _KEEP_DRAW, _SORT_DRAW = range(3)
"""Draws of a date: its place in the year, whether it takes place under a share, and of which sort it is."""
_TYPES: dict[str, type] = {
    "day": np.int32, "area": np.int32, "kind": np.int8, "level": np.int8, "hours": np.float64, "travel": np.float64,
    "attendees": np.int32, "lead": np.int32, "keep": np.float64, "duplicate": np.bool_, "department": np.int32,
}  # fmt: skip
"""Types of the columns of :class:`PlannedOrders`."""


class EventPlan(NamedTuple):
    """All that is planned for a run."""

    campaigns: PlannedCampaigns
    terms: CampaignTerms
    evaluations: list[PlannedEvaluation]
    orders: PlannedOrders


def plan_of(groups: Sequence[Departments], calendar: WorkCalendar, key: Key) -> EventPlan:
    """Draw the calendar of a run from the plans of its departments."""
    campaigns: list[PlannedCampaigns] = []
    evaluations: list[PlannedEvaluation] = []
    orders: list[PlannedOrders] = []
    for place, group in enumerate(groups):
        campaigns += _campaigns(group, place, calendar, key)
        evaluations += _evaluations(group, calendar, key)
        orders += _orders(group, calendar, key)
    evaluations.sort(key=lambda e: (e.first, e.area, e.number))
    terms = terms_of([group.plan.campaigns or CampaignPlan() for group in groups])
    return EventPlan(_in_order(campaigns), terms, evaluations, _joined(orders))


def terms_of(plans: Sequence[CampaignPlan]) -> CampaignTerms:
    """The terms of some plans, a row each."""
    return CampaignTerms(*(np.array([getattr(plan, name) for plan in plans]) for name in CampaignTerms._fields))


def _in_order(tables: list[PlannedCampaigns]) -> PlannedCampaigns:
    if not tables:
        return PlannedCampaigns(*(np.zeros(0, np.int64) for _ in PlannedCampaigns._fields))
    joined = PlannedCampaigns(*(np.concatenate(columns) for columns in zip(*tables, strict=True)))
    return joined.only(np.lexsort((joined.number, joined.area, joined.start)))


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
            within = (j + uniforms(key, stream, group.number[place], year, 1 + _DRAWS_A_DATE * j)) / count[place]
            yield _Dates(place, first + (within * (last - first)).astype(np.int64), year, 1 + _DRAWS_A_DATE * j)


def _campaigns(group: Departments, place: int, calendar: WorkCalendar, key: Key) -> Iterator[PlannedCampaigns]:
    plan = group.plan.campaigns
    if plan is None:
        return
    for dates in _dates(group, Stream.CAMPAIGN_DATES, plan.per_year, calendar, key):
        number = entity_numbers(group.number[dates.place], dates.year, dates.draws)
        size = dates.place.size
        yield PlannedCampaigns(
            dates.day,
            np.full(size, group.level),
            group.area[dates.place],
            number,
            group.first + dates.place,
            np.full(size, place),
        )


def _evaluations(group: Departments, calendar: WorkCalendar, key: Key) -> Iterator[PlannedEvaluation]:
    plan = group.plan.evaluations
    if plan is None:
        return
    for first, last in calendar.months(plan.first_month, plan.last_month):
        left = (plan.last_month - int(calendar.month[last - 1])) % MONTHS_OF_A_YEAR
        year = (int(calendar.month_number[last - 1]) + left) // MONTHS_OF_A_YEAR
        part, ends = _seen(plan, year, last - first, calendar)
        keep = uniforms(key, Stream.EVALUATION_DATES, group.number, year)
        for place, (area, number, draw) in enumerate(zip(group.area, group.number, keep, strict=True)):
            yield PlannedEvaluation(
                first, last, group.level, int(area), int(number), float(draw), part, ends, group.first + place,
                group.group, plan,
            )  # fmt: skip


def _seen(plan: EvaluationPlan, year: int, days: int, calendar: WorkCalendar) -> tuple[float, bool]:
    """Part of a season that the run sees, by working days, and whether it sees its end; ``year`` is that of its end."""
    start = date(year - (plan.first_month > plan.last_month), plan.first_month, 1)
    end = date(year, plan.last_month, monthrange(year, plan.last_month)[1])
    ends = end <= calendar.period.end
    if start >= calendar.period.start and ends:
        return 1.0, True
    months = (plan.last_month - plan.first_month) % MONTHS_OF_A_YEAR + 1
    return min(1.0, days / (months * WORKING_DAYS_A_YEAR / MONTHS)), ends


def _orders(group: Departments, calendar: WorkCalendar, key: Key) -> Iterator[PlannedOrders]:
    meetings, forms, tasks = group.plan.meetings, group.plan.forms, group.plan.tasks
    if meetings is not None:
        for dates in _dates(group, Stream.MEETING_DATES, meetings.per_year, calendar, key):
            online = _draw(key, Stream.MEETING_DATES, group, dates, _SORT_DRAW) < meetings.online_share
            travel = np.where(online, 0.0, meetings.travel_hours)
            yield _table(
                group, dates, key, Stream.MEETING_DATES, MEETING_ORDER, meetings.hours, travel, meetings.attendees
            )
    if forms is not None:
        for dates in _dates(group, Stream.FORM_DATES, forms.per_month * MONTHS, calendar, key):
            duplicate = _draw(key, Stream.FORM_DATES, group, dates, _SORT_DRAW) < forms.duplicate_share
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
    columns: dict[str, Any] = {
        "day": dates.day,
        "area": group.area[dates.place],
        "kind": kind,
        "level": group.level,
        "hours": hours,
        "travel": 0.0 if travel is None else travel,
        "attendees": attendees,
        "lead": max(1, lead),
        "keep": _draw(key, stream, group, dates, _KEEP_DRAW),
        "duplicate": False,
        "department": group.first + dates.place,
    }
    size = dates.place.size
    return PlannedOrders(**{n: np.broadcast_to(c, size).astype(_TYPES[n]) for n, c in columns.items()})


def _joined(tables: list[PlannedOrders]) -> PlannedOrders:
    nothing = PlannedOrders(**{name: np.zeros(0, kind) for name, kind in _TYPES.items()})
    joined: list[Any] = [np.concatenate(columns) for columns in zip(nothing, *tables, strict=True)]
    order = np.lexsort((joined[1], joined[0]))
    for k, column in enumerate(joined):
        # One after the other, so that a country's plan is in memory once and not twice.
        joined[k] = column[order]
    return PlannedOrders(*joined)
