"""Campaigns, triggered inspections and follow-ups: SimPy processes that share the teams of their level."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import simpy
from numpy.typing import NDArray

from cadre_sim.activities import PREPARATION, RECTIFICATION
from cadre_sim.events.inbox import Visits
from cadre_sim.events.plan import PlannedCampaign
from cadre_sim.streams import Stream, uniforms
from cadre_sim.world.columns import TOWNSHIP

if TYPE_CHECKING:
    from cadre_sim.events.run import EventRun

Ints = NDArray[np.int64]
TRIGGERED, URGENT, FOLLOW_UP, USUAL = range(4)
"""Who goes first when teams are short; the lowest number does."""
SCOUTING_LEAD = 2
"""Working days by which a scouting visit precedes the visit."""
SCOUTING_HOURS = 0.5
"""Hours of a scouting visit in terms of the visit."""
FOLLOW_UP_HOURS = 0.5
"""Hours of a follow-up visit in terms of the visit (it has one question)."""


class Tour(NamedTuple):
    """What one team does: its offices, the days from its start on which it visits each, and what a visit takes."""

    offices: Ints
    offset: Ints
    level: int
    area: int
    number: int
    priority: int
    escorts: float
    hours: float
    follow_up: float


def campaign(run: EventRun, planned: PlannedCampaign) -> Generator[simpy.Event, object, None]:
    """A campaign: opened as many days ahead as its notice, then its tours wait for teams.

    The rules in force on the day on which it opens decide which of its visits take place, with what notice and how much
    preparation; a visit that does not take place leaves its place empty, so that no other visit moves.
    """
    plan = planned.plan
    yield run.env.timeout(max(0, planned.start - plan.notice))
    offices = _offices_of(run, planned)
    position = np.arange(offices.size)
    offset = position % plan.tour // plan.visits_per_day
    planned_day = planned.start + offset
    kept = _kept(run, planned, offices, planned_day)
    _announce(run, planned, offices[kept], planned_day[kept])
    yield run.env.timeout(planned.start - run.env.now)
    for first in range(0, offices.size, plan.tour):
        inside = slice(first, first + plan.tour)
        chosen = kept[inside]
        if chosen.any():
            grown = float(plan.topics) ** run.scenario.oversight.topic_economy
            tour = Tour(
                offices[inside][chosen], offset[inside][chosen], planned.level, planned.area, planned.number,
                URGENT if plan.urgent else USUAL, plan.escorts, plan.reception_hours * grown, plan.follow_up,
            )  # fmt: skip
            run.env.process(travel(run, tour))


def travel(run: EventRun, tour: Tour) -> Generator[simpy.Event, object, None]:
    """A tour waits for a team, visits its offices some a day, and gives the team back."""
    pool = run.teams[tour.area]
    asked = run.env.now
    with pool.request(priority=tour.priority) as request:
        yield request
        today = int(run.env.now)
        run.waits.append((tour.level, int(asked), today))
        scale = run.policy().reception_scale[tour.offices] * run.world.offices.load[tour.offices]
        seats = np.maximum(1.0, np.rint(tour.escorts * scale)) if tour.escorts > 0 else np.zeros(tour.offices.size)
        length = int(tour.offset.max()) + 1
        for step in range(length):
            here = tour.offset == step
            if here.any():
                run.inbox.host(today + step, tour.offices[here], seats[here], np.full(int(here.sum()), tour.hours))
                visits = Visits(tour.offices[here], tour.number, tour.level, tour.follow_up)
                run.inbox.visit(today + step, visits)
        yield run.env.timeout(length)


def find(run: EventRun, day: int, visited: list[Visits]) -> None:
    """What the visits of a day find must be put right by a date, and some of it is looked at again after that date."""
    oversight = run.scenario.oversight
    due = day + oversight.rectification_days
    again: dict[int, list[Ints]] = {}
    for visits in visited:
        found = uniforms(run.key, Stream.FINDING, visits.offices, day, visits.number) < oversight.finding_share
        offices = visits.offices[found]
        if offices.size == 0:
            continue
        hours = oversight.rectification_hours * run.world.offices.load[offices]
        run.inbox.ask(day + 1, offices, RECTIFICATION, hours, np.full(offices.size, due))
        if visits.follow_up > 0.0:
            chosen = uniforms(run.key, Stream.FOLLOW_UP, offices, day, visits.number) < visits.follow_up
            for office in offices[chosen]:
                again.setdefault(run.area_of(int(office), visits.level), []).append(np.array([office]))
    for area, chosen_offices in again.items():
        run.env.process(_follow_up(run, day, area, np.unique(np.concatenate(chosen_offices))))


def trigger(run: EventRun, day: int, offices: Ints) -> None:
    """Inspections that complaints call: one tour a county, before all others, announced a day ahead."""
    oversight = run.scenario.oversight
    for area in np.unique(run.world.offices.county[offices]):
        chosen = offices[run.world.offices.county[offices] == area]
        hours = oversight.triggered_hours * run.world.offices.load[chosen] * run.policy().preparation_scale[chosen]
        run.inbox.ask(day + 1, chosen, PREPARATION, hours, np.full(chosen.size, day + 2))
        run.env.process(_after(run, day + 2, _extra_tour(run, chosen, int(area), 1, day, TRIGGERED, 1.0)))


def _follow_up(run: EventRun, day: int, area: int, offices: Ints) -> Generator[simpy.Event, object, None]:
    level = int(run.world.area_level[area])
    tour = _extra_tour(run, offices, area, level, day, FOLLOW_UP, FOLLOW_UP_HOURS)
    return _after(run, day + run.scenario.oversight.rectification_days + 1, tour)


def _after(run: EventRun, day: int, tour: Tour) -> Generator[simpy.Event, object, None]:
    yield run.env.timeout(max(0, day - run.env.now))
    if day < run.calendar.days:
        run.book(tour.offices, min(day, run.calendar.days - 1))
        yield from travel(run, tour)


def _extra_tour(run: EventRun, offices: Ints, area: int, level: int, day: int, priority: int, part: float) -> Tour:
    """A tour outside any campaign, of usual size: the visit that the campaigns' defaults describe."""
    usual = run.usual_visit
    offset = np.arange(offices.size) // usual.visits_per_day
    number = (day * 7 + priority) & 0x7FFFFFFF
    return Tour(offices, offset, level, area, number, priority, usual.escorts, usual.reception_hours * part, 0.0)


def _offices_of(run: EventRun, planned: PlannedCampaign) -> Ints:
    """Offices that a campaign would visit, in the order of its route; a township inspects its villages, not itself."""
    first, last = int(run.world.area_first[planned.area]), int(run.world.area_last[planned.area])
    offices = np.arange(first, last)
    if run.world.area_level[planned.area] == 2:
        offices = offices[run.world.offices.kind[offices] != TOWNSHIP]
    drawn = uniforms(run.key, Stream.CAMPAIGN_OFFICES, offices, planned.number) < planned.plan.coverage
    return offices[drawn]


def _kept(run: EventRun, planned: PlannedCampaign, offices: Ints, day: Ints) -> NDArray[np.bool_]:
    """Which visits take place: those that the share of visits lets through, and that fit under the cap of their month."""
    policy = run.policy()
    share = (policy.visit_share_city, policy.visit_share_county, policy.visit_share_township)[planned.level]
    kept = uniforms(run.key, Stream.VISIT_KEPT, offices, planned.number) < share[offices]
    kept &= day < run.calendar.days
    inside = np.minimum(day, run.calendar.days - 1)
    kept &= run.booked_in_month(offices, inside) < policy.visit_cap[offices]
    run.book(offices[kept], inside[kept])
    return kept


def _announce(run: EventRun, planned: PlannedCampaign, offices: Ints, day: Ints) -> None:
    """Open preparation at each office as many days before its visit as the notice, and send scouts to some."""
    plan, policy, today = planned.plan, run.policy(), int(run.env.now)
    load = run.world.offices.load[offices]
    grown = float(plan.topics) ** run.scenario.oversight.topic_economy
    notice = np.rint(plan.notice * policy.notice_scale[offices]).astype(np.int64)
    hours = plan.preparation_hours * grown * load * policy.preparation_scale[offices]
    announced = np.maximum(today, day - notice)
    for when in np.unique(announced):
        here = announced == when
        run.inbox.ask(int(when), offices[here], PREPARATION, hours[here], day[here])
    share = plan.scouting * policy.scouting_scale[offices] * (notice > 0)
    scouted = uniforms(run.key, Stream.VISIT_KEPT, offices, planned.number, 1) < share
    ahead = np.maximum(announced, day - SCOUTING_LEAD)
    for when in np.unique(ahead[scouted]):
        here = scouted & (ahead == when)
        seats = np.maximum(1.0, np.rint(plan.escorts * policy.reception_scale[offices[here]] * load[here]))
        length = np.full(seats.size, plan.reception_hours * grown * SCOUTING_HOURS)
        run.inbox.host(int(when), offices[here], seats, length)
