"""What visits find, the follow-ups that look at it again, and the inspections that complaints call."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

import numpy as np
import simpy
from numpy.typing import NDArray

from cadre_sim.activities import PREPARATION, RECTIFICATION
from cadre_sim.events.campaigns import FOLLOW_UP, TRIGGERED, Tour, escorts, travel
from cadre_sim.events.inbox import Visits
from cadre_sim.streams import Stream, entity_number, uniforms

if TYPE_CHECKING:
    from cadre_sim.events.run import EventRun

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_APART = 4096
"""More violations than an office hides at a time: keeps the draws for one of them apart from those for another."""


def look(run: EventRun, day: int, visits: Visits, hidden: Floats) -> Ints:
    """Violations that the visits of a day find, shape (visits,); two visits of a day do not find the same.

    A visit finds each with chance detection x (1 - show), more or less where it was not announced; with several topics
    it looks as often.
    """
    integrity = run.scenario.integrity
    found = np.zeros(visits.office.size, np.int64)
    here = hidden[visits.office].astype(np.int64)
    rows = np.repeat(np.arange(here.size), here)
    if rows.size == 0:
        return found
    which = np.arange(rows.size) - np.repeat(np.cumsum(here) - here, here)
    announced = integrity.detection * (1.0 - integrity.show)
    once = np.clip(announced * np.where(visits.announced[rows], 1.0, 1.0 + integrity.surprise), 0.0, 1.0)
    chance = 1.0 - (1.0 - once) ** visits.topics[rows]
    draws = uniforms(run.key, Stream.VIOLATION_SEEN, visits.office[rows], _APART * day + which, visits.number[rows])
    seen = np.flatnonzero(draws < chance)
    _, first = np.unique(visits.office[rows[seen]] * _APART + which[seen], return_index=True)
    np.add.at(found, rows[seen[first]], 1)
    return found


def find(run: EventRun, day: int, visits: Visits, violations: Ints) -> None:
    """What the visits of a day find must be put right by a date, and some of it is looked at again after that date.

    Faults of form are found whatever an office does; violations only where there are any, and take longer to put right.
    """
    oversight = run.scenario.oversight
    draws = uniforms(run.key, Stream.FINDING, visits.office, day, visits.number)
    faults = draws < 1.0 - (1.0 - oversight.finding_share) ** visits.topics
    found = faults | (violations > 0)
    offices = visits.office[found]
    if offices.size == 0:
        return
    hours = oversight.rectification_hours * faults[found] * run.world.offices.load[offices]
    hours = hours + run.scenario.integrity.rectification_hours * violations[found]
    due = np.full(offices.size, day + oversight.rectification_days)
    run.inbox.ask(np.full(offices.size, day + 1), offices, RECTIFICATION, hours, due)
    draws = uniforms(run.key, Stream.FOLLOW_UP, offices, day, visits.number[found])
    again = draws < visits.follow_up[found]
    _look_again(run, day + oversight.rectification_days + 1, offices[again], visits.level[found][again])


def _look_again(run: EventRun, earliest: int, offices: Ints, level: Ints) -> None:
    """Follow-ups go out together, every so many days: those of an area are one tour."""
    every = run.scenario.oversight.follow_up_every
    start = -(-earliest // every) * every
    areas = run.areas_of(offices, level)
    for area in np.unique(areas):
        waiting = run.follow_ups.setdefault((int(area), start), [])
        if not waiting:
            run.env.process(_follow_up(run, int(area), start))
        waiting.append(offices[areas == area])


def _follow_up(run: EventRun, area: int, start: int) -> Generator[simpy.Event, object, None]:
    yield run.env.timeout(start - run.env.now)
    offices = np.unique(np.concatenate(run.follow_ups.pop((area, start))))
    yield from _extra_tour(run, offices, area, start, FOLLOW_UP, run.scenario.oversight.follow_up_hours)


def trigger(run: EventRun, day: int, offices: Ints) -> None:
    """Inspections that complaints call: one tour a county, before all others, with preparation until then."""
    counties = run.world.offices.county[offices]
    start = day + run.scenario.oversight.trigger_lead
    for area in np.unique(counties):
        chosen = offices[counties == area]
        hours = run.scenario.oversight.triggered_hours * run.world.offices.load[chosen]
        ahead, due = np.full(chosen.size, day + 1), np.full(chosen.size, start)
        run.inbox.ask(ahead, chosen, PREPARATION, hours, due)
        run.env.process(_extra_tour(run, chosen, int(area), start, TRIGGERED, 1.0))


def _extra_tour(
    run: EventRun, offices: Ints, area: int, start: int, priority: int, part: float
) -> Generator[simpy.Event, object, None]:
    """A tour outside any campaign; ``part`` is how long its visits take in terms of ``oversight.extra_visits``."""
    yield run.env.timeout(max(0, start - run.env.now))
    if start >= run.calendar.days:
        return
    usual = run.scenario.oversight.extra_visits
    offset = np.arange(offices.size) // usual.visits_per_day
    one = np.ones(offices.size)
    run.book(offices, start + offset)
    number = entity_number(start, priority, area)
    tour = Tour(
        offices, offset, int(offset[-1]) + 1, escorts(run, run.policy(), usual.escorts, offices),
        one * usual.reception_hours * part, int(run.world.area_level[area]), area, number, priority, 0.0, one,
        one.astype(bool),
    )  # fmt: skip
    yield from travel(run, tour)
