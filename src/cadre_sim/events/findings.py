"""Findings of visits, follow-ups that look at them again, and inspections that complaints call."""

from __future__ import annotations

import numpy as np

from cadre_sim.activities import PREPARATION, RECTIFICATION
from cadre_sim.arrays import Floats, Ints
from cadre_sim.events.context import EventContext
from cadre_sim.events.inbox import Visits
from cadre_sim.events.teams import FOLLOW_UP, TRIGGERED, Tours
from cadre_sim.rows import starts
from cadre_sim.streams import Stream, entity_numbers, uniforms

_APART = 4096
"""More violations than an office hides at a time: keeps the draws for one of them apart from those for another."""


def look(context: EventContext, day: int, visits: Visits, hidden: Floats) -> Ints:
    """Violations that the visits of a day find, shape (visits,); two visits of a day do not find the same.

    A visit finds each with chance detection x (1 - show), more or less where it was not announced; with several topics
    it looks as often.
    """
    integrity = context.scenario.integrity
    found = np.zeros(visits.office.size, np.int64)
    here = hidden[visits.office].astype(np.int64)
    rows = np.repeat(np.arange(here.size), here)
    if rows.size == 0:
        return found
    which = np.arange(rows.size) - np.repeat(np.cumsum(here) - here, here)
    announced = integrity.detection * (1.0 - integrity.show)
    once = np.clip(announced * np.where(visits.announced[rows], 1.0, 1.0 + integrity.surprise), 0.0, 1.0)
    chance = 1.0 - (1.0 - once) ** visits.topics[rows]
    draws = uniforms(context.key, Stream.VIOLATION_SEEN, visits.office[rows], _APART * day + which, visits.number[rows])
    seen = np.flatnonzero(draws < chance)
    _, first = np.unique(visits.office[rows[seen]] * _APART + which[seen], return_index=True)
    np.add.at(found, rows[seen[first]], 1)
    return found


def find(context: EventContext, day: int, visits: Visits, violations: Ints) -> None:
    """Findings of the visits of a day must be put right by a date, and some are looked at again after it.

    Faults of form are found whatever an office does; violations only where there are any, and take longer to put right.
    """
    oversight = context.scenario.oversight
    draws = uniforms(context.key, Stream.FINDING, visits.office, day, visits.number)
    faults = draws < 1.0 - (1.0 - oversight.finding_share) ** visits.topics
    found = faults | (violations > 0)
    offices = visits.office[found]
    if offices.size == 0:
        return
    hours = oversight.rectification_hours * faults[found] * context.world.offices.load[offices]
    hours = hours + context.scenario.integrity.rectification_hours * violations[found]
    due = np.full(offices.size, day + oversight.rectification_days)
    context.inbox.ask(np.full(offices.size, day + 1), offices, RECTIFICATION, hours, due)
    draws = uniforms(context.key, Stream.FOLLOW_UP, offices, day, visits.number[found])
    again = draws < visits.follow_up[found]
    _look_again(context, day + oversight.rectification_days + 1, offices[again], visits.level[found][again])


def _look_again(context: EventContext, earliest: int, offices: Ints, level: Ints) -> None:
    """Follow-ups go out together, every so many days: those of an area are one tour."""
    every = context.scenario.oversight.follow_up_every
    context.extra.add(-(-earliest // every) * every, FOLLOW_UP, context.areas_of(offices, level), offices)


def trigger(context: EventContext, day: int, offices: Ints) -> None:
    """Inspections that complaints call: one tour a county, before all others, with preparation until then."""
    start = day + context.scenario.oversight.trigger_lead
    hours = context.scenario.oversight.triggered_hours * context.world.offices.load[offices]
    ahead, due = np.full(offices.size, day + 1), np.full(offices.size, start)
    context.inbox.ask(ahead, offices, PREPARATION, hours, due)
    context.extra.add(start, TRIGGERED, context.world.offices.county[offices], offices)


def extra_tours(context: EventContext, today: int) -> Tours | None:
    """The extra tours that ask today, one for each priority and area; their visits are booked."""
    extra = context.extra.take(today)
    if extra is None:
        return None
    priority, area, office = extra
    first = starts(priority, area)
    visits = np.diff(first, append=office.size)
    of = np.repeat(np.arange(first.size), visits)
    oversight = context.scenario.oversight
    usual = oversight.extra_visits
    offset = (np.arange(office.size) - first[of]) // usual.visits_per_day
    context.bookings.book(office, today + offset)
    part = np.where(priority == FOLLOW_UP, oversight.follow_up_hours, 1.0)
    return Tours(
        area=area[first],
        priority=priority[first],
        asked=np.full(first.size, today),
        length=offset[first + visits - 1] + 1,
        visits=visits,
        office=office,
        offset=offset,
        escorts=context.escorts(context.policy(), usual.escorts, office),
        hours=usual.reception_hours * part,
        number=entity_numbers(today, priority[first], area[first])[of],
        level=context.world.area_level[area],
        follow_up=np.zeros(office.size),
        topics=np.ones(office.size),
        announced=np.ones(office.size, bool),
    )
