"""Campaigns: SimPy processes that are announced, wait for the teams of their level, and visit offices some a day."""

from __future__ import annotations

from collections.abc import Generator
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import simpy
from numpy.typing import NDArray

from cadre_sim.activities import PREPARATION
from cadre_sim.events.plan import PlannedCampaign
from cadre_sim.reforms.policy import Policy
from cadre_sim.streams import Stream, uniforms

if TYPE_CHECKING:
    from cadre_sim.events.run import EventRun

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
TRIGGERED, URGENT, FOLLOW_UP, USUAL = range(4)
"""Who goes first when teams are short; the lowest number does."""


class Tour(NamedTuple):
    """What one team does: its offices, the days from its start on which it visits each, and what a visit takes.

    ``length`` is how many days the team is away, ``escorts`` those that each office is asked for, each for ``hours``.
    """

    offices: Ints
    offset: Ints
    length: int
    escorts: Floats
    hours: float
    level: int
    area: int
    number: int
    priority: int
    follow_up: float


def campaign(run: EventRun, planned: PlannedCampaign) -> Generator[simpy.Event, object, None]:
    """A campaign, from the day on which it opens, as many days ahead of its start as its notice.

    Its visits are announced; from its start on, its tours wait for teams. The rules in force on the day on which it
    opens decide which of its visits take place, with what notice and how much preparation; a visit that does not take
    place leaves its place empty, so that no other visit moves.
    """
    plan, policy = planned.plan, run.policy()
    offices = _offices_of(run, planned)
    position = np.arange(offices.size)
    offset = position % plan.tour // plan.visits_per_day
    kept = np.flatnonzero(_kept(run, planned, policy, offices, planned.start + offset))
    if kept.size == 0:
        return
    offices, offset, tour_of = offices[kept], offset[kept], kept // plan.tour
    asked = escorts(run, policy, plan.escorts, offices)
    hours = plan.reception_hours * run.grown(plan.topics)
    _announce(run, planned, policy, offices, planned.start + offset, asked, hours)
    yield run.env.timeout(planned.start - run.env.now)
    starts = [0, *(np.flatnonzero(np.diff(tour_of)) + 1)]
    tours = [
        Tour(
            offices[first:last], offset[first:last], int(offset[last - 1]) + 1, asked[first:last], hours,
            planned.level, planned.area, planned.number, URGENT if plan.urgent else USUAL, plan.follow_up,
        )
        for first, last in pairwise([*starts, kept.size])
    ]  # fmt: skip
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
        run.inbox.visit(days, tour.offices, tour.number, tour.level, tour.follow_up)
        yield run.env.timeout(tour.length)


def escorts(run: EventRun, policy: Policy, number: int, offices: Ints) -> Floats:
    """Escorts that a visit asks of each office, not rounded; shape (offices,)."""
    scaled: Floats = number * policy.reception_scale[offices] * run.world.offices.load[offices]
    return scaled


def _offices_of(run: EventRun, planned: PlannedCampaign) -> Ints:
    """Offices that a campaign would visit, in the order of its route; a township inspects its villages, not itself."""
    offices = run.offices_under(planned.area)
    drawn: Ints = offices[uniforms(run.key, Stream.CAMPAIGN_OFFICES, offices, planned.number) < planned.plan.coverage]
    return drawn


def _kept(run: EventRun, planned: PlannedCampaign, policy: Policy, offices: Ints, day: Ints) -> NDArray[np.bool_]:
    """Which visits take place: those that the share lets through and that fit under the cap of their month."""
    share = (policy.visit_share_city, policy.visit_share_county, policy.visit_share_township)[planned.level]
    kept = uniforms(run.key, Stream.VISIT_KEPT, offices, planned.number) < share[offices]
    kept &= day < run.calendar.days
    kept &= run.booked_in_month(offices, day) + 1 <= policy.visit_cap[offices]
    run.book(offices[kept], day[kept])
    return kept


def _announce(
    run: EventRun, planned: PlannedCampaign, policy: Policy, offices: Ints, day: Ints, escorted: Floats, hours: float
) -> None:
    """Open preparation at each office as many days before its visit as the notice, and send scouts to some."""
    plan, today = planned.plan, int(run.env.now)
    notice = np.rint(plan.notice * policy.notice_scale[offices]).astype(np.int64)
    asked = plan.preparation_hours * run.grown(plan.topics) * run.world.offices.load[offices]
    announced = np.maximum(today, day - notice)
    asked = np.where(notice > 0, asked, plan.unannounced_preparation * asked)
    run.inbox.ask(announced, offices, PREPARATION, asked, day)
    if plan.scouting > 0.0:
        share = plan.scouting * policy.scouting_scale[offices] * (notice > 0)
        scouted = uniforms(run.key, Stream.VISIT_KEPT, offices, planned.number, 1) < share
        ahead = np.maximum(announced, day - run.scenario.oversight.scouting_lead)
        run.inbox.host(
            ahead[scouted], offices[scouted], escorted[scouted], hours * run.scenario.oversight.scouting_hours
        )
