"""The opening of campaigns: which visits take place, with what notice, preparation and escorts.

The rules in force on the day on which a campaign opens hold for it. All campaigns of a day are opened in one pass over
their visits, in the order of the plan, since a city opens dozens a day and each has few visits.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cadre_sim.activities import PREPARATION
from cadre_sim.events.campaigns import URGENT, USUAL, Tour, escorts
from cadre_sim.events.joint import visit_share
from cadre_sim.events.plan import PlannedCampaign
from cadre_sim.reforms.policy import Policy
from cadre_sim.scenario.departments import LEVELS
from cadre_sim.streams import Stream, uniforms

if TYPE_CHECKING:
    from cadre_sim.events.run import EventRun

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class _Visits(NamedTuple):
    """Visits of the campaigns that open today, ordered by campaign and route; arrays of shape (visits,).

    ``of`` is the place of the campaign among those of today, ``tour`` which of its tours, ``offset`` the days from its
    start to the visit, ``number`` the campaign's number for draws, ``topics`` what is inspected.
    """

    of: Ints
    office: Ints
    tour: Ints
    offset: Ints
    day: Ints
    number: Ints
    topics: Floats

    def only(self, chosen: NDArray[np.bool_] | Ints) -> _Visits:
        """Some of the visits."""
        return _Visits(*(column[chosen] for column in self))  # type: ignore[arg-type]


def open_campaigns(run: EventRun, planned: Sequence[PlannedCampaign]) -> list[list[Tour]]:
    """Open the campaigns of today: announce their visits; returns the tours of each.

    A visit that does not take place leaves its place empty, so that no other visit moves.
    """
    policy = run.policy()
    visits = _kept(run, planned, policy, _on_the_route(run, planned))
    per_visit = np.array([c.plan.escorts for c in planned], np.float64)[visits.of]
    asked = escorts(run, policy, per_visit, visits.office)
    grown = visits.topics**run.scenario.oversight.topic_economy
    hours = np.array([c.plan.reception_hours for c in planned])[visits.of] * grown
    usual = np.array([c.plan.notice for c in planned])[visits.of]
    notice = np.rint(usual * policy.notice_scale[visits.office]).astype(np.int64)
    announced = np.maximum(int(run.env.now), visits.day - notice)
    _prepare(run, planned, visits, grown, notice > 0, announced)
    scouted = _scouted(run, planned, policy, visits) & (notice > 0)
    ahead = np.maximum(announced, visits.day - run.scenario.oversight.scouting_lead)
    length = hours * run.scenario.oversight.scouting_hours
    run.inbox.host(ahead[scouted], visits.office[scouted], asked[scouted], length[scouted])
    return _tours(planned, visits, asked, hours, notice > 0)


def _on_the_route(run: EventRun, planned: Sequence[PlannedCampaign]) -> _Visits:
    """Offices that each campaign would visit, in the order of its route, and when."""
    under = [run.offices_under(c.area) for c in planned]
    of = np.repeat(np.arange(len(planned)), [offices.size for offices in under])
    office = np.concatenate(under)
    number = np.array([c.number for c in planned])[of]
    coverage = np.array([c.plan.coverage for c in planned])[of]
    drawn = uniforms(run.key, Stream.CAMPAIGN_OFFICES, office, number) < coverage
    of, office, number = of[drawn], office[drawn], number[drawn]
    lengths = np.bincount(of, minlength=len(planned))
    position = np.arange(of.size) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    of_a_tour = np.array([c.plan.tour for c in planned])[of]
    tour = position // of_a_tour
    offset = position % of_a_tour // np.array([c.plan.visits_per_day for c in planned])[of]
    day = np.array([c.start for c in planned])[of] + offset
    return _Visits(of, office, tour, offset, day, number, np.ones(of.size))


def _kept(run: EventRun, planned: Sequence[PlannedCampaign], policy: Policy, visits: _Visits) -> _Visits:
    """Visits that take place: those that the share lets through, joint ones merged, up to the cap of their month."""
    shares = np.stack([visit_share(policy, level) for level in range(len(LEVELS))])
    share = shares[np.array([c.level for c in planned])[visits.of], visits.office]
    kept = uniforms(run.key, Stream.VISIT_KEPT, visits.office, visits.number) < share
    topics = np.empty(visits.of.size)
    edges = np.searchsorted(visits.of, np.arange(len(planned) + 1))
    for campaign, (first, last) in zip(planned, pairwise(edges), strict=True):
        of = slice(first, last)
        kept[of], topics[of] = run.rounds.merge(run.key, run.world, policy, campaign, visits.office[of], kept[of])
    inside = np.flatnonzero(kept & (visits.day < run.calendar.days))
    offices = visits.office[inside]
    booked = inside[run.book_up_to(offices, visits.day[inside], policy.visit_cap[offices])]
    return visits._replace(topics=topics).only(booked)


def _prepare(
    run: EventRun,
    planned: Sequence[PlannedCampaign],
    visits: _Visits,
    grown: Floats,
    noticed: NDArray[np.bool_],
    announced: Ints,
) -> None:
    """Open preparation at each office from the day of its announcement on; without notice, a part of it."""
    asked = [c.plan.preparation_hours * (1.0 + run.actors.excess[c.department]) for c in planned]
    usual = np.array(asked)[visits.of] * grown
    part = np.array([c.plan.unannounced_preparation for c in planned])[visits.of]
    hours = usual * np.where(noticed, 1.0, part) * run.world.offices.load[visits.office]
    run.inbox.ask(announced, visits.office, PREPARATION, hours, visits.day)


def _scouted(run: EventRun, planned: Sequence[PlannedCampaign], policy: Policy, visits: _Visits) -> NDArray[np.bool_]:
    """Which visits scouts precede, if they are announced; scouts take the visit's escorts for a part of its hours."""
    share = np.array([c.plan.scouting for c in planned])[visits.of] * policy.scouting_scale[visits.office]
    drawn: NDArray[np.bool_] = uniforms(run.key, Stream.VISIT_KEPT, visits.office, visits.number, 1) < share
    return drawn


def _tours(
    planned: Sequence[PlannedCampaign], visits: _Visits, asked: Floats, hours: Floats, announced: NDArray[np.bool_]
) -> list[list[Tour]]:
    """The visits of each campaign, cut into the tours that one team makes."""
    tours: list[list[Tour]] = [[] for _ in planned]
    apart = (np.diff(visits.of) != 0) | (np.diff(visits.tour) != 0)
    edges = [0, *(np.flatnonzero(apart) + 1).tolist(), visits.of.size]
    for first, last in pairwise(edges):
        if first == last:
            continue
        of = int(visits.of[first])
        c = planned[of]
        tours[of].append(
            Tour(
                visits.office[first:last], visits.offset[first:last], int(visits.offset[last - 1]) + 1,
                asked[first:last], hours[first:last], c.level, c.area, c.number,
                URGENT if c.plan.urgent else USUAL, c.plan.follow_up, visits.topics[first:last], announced[first:last],
            )
        )  # fmt: skip
    return tours
