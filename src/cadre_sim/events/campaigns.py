"""Campaigns: SimPy processes that wait for the teams of their level and visit offices some a day."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import simpy
from numpy.typing import NDArray

from cadre_sim.reforms.policy import Policy

if TYPE_CHECKING:
    from cadre_sim.events.run import EventRun

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
TRIGGERED, URGENT, FOLLOW_UP, USUAL = range(4)
"""Who goes first when teams are short; the lowest number does."""


class Tour(NamedTuple):
    """What one team does: its offices, the days from its start on which it visits each, and what a visit takes.

    ``length`` is how many days the team is away, ``escorts`` those that each office is asked for, each for ``hours``;
    a visit has ``topics``, and was ``announced`` or not.
    """

    offices: Ints
    offset: Ints
    length: int
    escorts: Floats
    hours: Floats
    level: int
    area: int
    number: int
    priority: int
    follow_up: float
    topics: Floats
    announced: NDArray[np.bool_]


def campaign(run: EventRun, start: int, tours: Sequence[Tour]) -> Generator[simpy.Event, object, None]:
    """A campaign that has opened: from its first visiting day on, its tours wait for teams."""
    yield run.env.timeout(start - run.env.now)
    for tour in tours[1:]:
        run.env.process(travel(run, tour))
    yield from travel(run, tours[0])


def travel(run: EventRun, tour: Tour) -> Generator[simpy.Event, object, None]:
    """A tour waits for a team, visits its offices some a day, and gives the team back."""
    asked = run.env.now
    with run.teams[tour.area].request(priority=tour.priority) as request:
        yield request
        today = int(run.env.now)
        run.waits.append((tour.level, int(asked), today))
        days = today + tour.offset
        run.inbox.host(days, tour.offices, tour.escorts, tour.hours)
        run.inbox.visit(days, tour.offices, tour.number, tour.level, tour.follow_up, tour.topics, tour.announced)
        yield run.env.timeout(tour.length)


def escorts(run: EventRun, policy: Policy, number: int | Floats, offices: Ints) -> Floats:
    """Escorts that a visit asks of each office, not rounded; shape (offices,)."""
    scaled: Floats = number * policy.reception_scale[offices] * run.world.offices.load[offices]
    return scaled
