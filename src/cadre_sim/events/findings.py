"""What visits find, the follow-ups that look at it again, and the inspections that complaints call."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from cadre_sim.activities import PREPARATION, RECTIFICATION
from cadre_sim.arrays import Floats, Ints
from cadre_sim.events.inbox import Visits
from cadre_sim.events.teams import FOLLOW_UP, TRIGGERED, Tours
from cadre_sim.rows import starts
from cadre_sim.streams import Stream, entity_numbers, uniforms

if TYPE_CHECKING:
    from cadre_sim.events.run import EventRun

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
    run.extra.add(-(-earliest // every) * every, FOLLOW_UP, run.areas_of(offices, level), offices)


def trigger(run: EventRun, day: int, offices: Ints) -> None:
    """Inspections that complaints call: one tour a county, before all others, with preparation until then."""
    start = day + run.scenario.oversight.trigger_lead
    hours = run.scenario.oversight.triggered_hours * run.world.offices.load[offices]
    ahead, due = np.full(offices.size, day + 1), np.full(offices.size, start)
    run.inbox.ask(ahead, offices, PREPARATION, hours, due)
    run.extra.add(start, TRIGGERED, run.world.offices.county[offices], offices)


class ExtraTours:
    """Tours outside any campaign that are still to come: follow-ups, and inspections that complaints call."""

    def __init__(self) -> None:
        """None so far."""
        self._to_come: defaultdict[int, list[tuple[Ints, Ints, Ints]]] = defaultdict(list)

    def add(self, start: int, priority: int, areas: Ints, offices: Ints) -> None:
        """Offices that teams of some areas will visit on a tour which asks for its team on a day."""
        if offices.size:
            self._to_come[start].append((np.full(offices.size, priority), areas, offices))

    def of(self, run: EventRun, today: int) -> Tours | None:
        """The tours that ask today, one for each priority and area, with each office once; their visits are booked."""
        if today not in self._to_come:
            return None
        columns = (np.concatenate(column) for column in zip(*self._to_come.pop(today), strict=True))
        priority, area, office = np.unique(np.column_stack(list(columns)), axis=0).T
        first = starts(priority, area)
        visits = np.diff(first, append=office.size)
        of = np.repeat(np.arange(first.size), visits)
        oversight = run.scenario.oversight
        usual = oversight.extra_visits
        offset = (np.arange(office.size) - first[of]) // usual.visits_per_day
        run.book(office, today + offset)
        part = np.where(priority == FOLLOW_UP, oversight.follow_up_hours, 1.0)
        return Tours(
            area=area[first],
            priority=priority[first],
            asked=np.full(first.size, today),
            length=offset[first + visits - 1] + 1,
            visits=visits,
            office=office,
            offset=offset,
            escorts=run.escorts(run.policy(), usual.escorts, office),
            hours=usual.reception_hours * part,
            number=entity_numbers(today, priority[first], area[first])[of],
            level=run.world.area_level[area],
            follow_up=np.zeros(office.size),
            topics=np.ones(office.size),
            announced=np.ones(office.size, bool),
        )
