"""Opening of campaigns: their routes, the visits that take place, preparation, scouting, and the tours that follow.

All campaigns that open on a day do so at once, in the order of the plan, since a city opens dozens a day and each has
few visits.
"""

from __future__ import annotations

from collections.abc import Generator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import simpy
from numpy.typing import NDArray

from cadre_sim.activities import PREPARATION
from cadre_sim.arrays import Floats, Ints
from cadre_sim.events.context import EventContext
from cadre_sim.events.joint import Rounds
from cadre_sim.events.plan import PlannedCampaigns
from cadre_sim.events.teams import URGENT, USUAL, Tours
from cadre_sim.levels import LEVELS, TOWNSHIP_LEVEL
from cadre_sim.reforms.channels import INSPECTIONS, planned_share
from cadre_sim.reforms.policy import Policy
from cadre_sim.rows import place_among_equals, ranges, starts
from cadre_sim.streams import Stream, uniforms
from cadre_sim.world.columns import TOWNSHIP


class _Visits(NamedTuple):
    """Visits of the campaigns that open today, ordered by campaign and route; arrays of shape (visits,).

    ``of`` is the place of the campaign among those of today, ``group`` the row of its terms, ``tour`` which of its
    tours, ``offset`` the days from its start to the visit, ``number`` the campaign's number for draws, ``topics`` what
    is inspected.
    """

    of: Ints
    group: Ints
    office: Ints
    tour: Ints
    offset: Ints
    day: Ints
    number: Ints
    topics: Floats

    def only(self, chosen: NDArray[np.bool_] | Ints) -> _Visits:
        """Some of the visits."""
        return _Visits(*(column[chosen] for column in self))  # type: ignore[arg-type]


def open_campaigns(context: EventContext) -> Generator[simpy.Event, object, None]:
    """Campaigns open on their day, ``notice`` before their first visit, those of a day in the order of the plan."""
    # Wait even for day 0, so that campaigns open after seasons of evaluations begin, as on every other day.
    yield context.env.timeout(0)
    campaigns = context.plan.campaigns
    rounds = Rounds(campaigns, context.plan.terms, context.scenario.oversight.joint_window)
    opening = np.maximum(0, campaigns.start - context.plan.terms.notice[campaigns.group])
    order = np.argsort(opening, kind="stable")
    for first, last in pairwise([*starts(opening[order]), order.size]):
        day = int(opening[order[first]])
        if day > context.env.now:
            yield context.env.timeout(day - context.env.now)
        _open(context, rounds, order[first:last])


def _open(context: EventContext, rounds: Rounds, today: Ints) -> None:
    """Open campaigns: announce their visits, and let their tours ask for teams on the first visiting day.

    A visit that does not take place leaves its place empty, so that no other visit moves.
    """
    policy, terms = context.policy(), context.plan.terms
    campaigns = context.plan.campaigns.only(today)
    visits = _kept(context, rounds, today, campaigns, policy, _on_the_route(context, campaigns))
    group = visits.group
    asked = context.escorts(policy, terms.escorts[group], visits.office)
    grown = visits.topics**context.scenario.oversight.topic_economy
    hours = terms.reception_hours[group] * grown
    notice = np.rint(terms.notice[group] * policy.notice_scale[visits.office]).astype(np.int64)
    announced = np.maximum(context.today, visits.day - notice)
    _prepare(context, campaigns, visits, grown, notice > 0, announced)
    scouted = _scouted(context, policy, visits) & (notice > 0)
    ahead = np.maximum(announced, visits.day - context.scenario.oversight.scouting_lead)
    length = hours * context.scenario.oversight.scouting_hours
    context.inbox.host(ahead[scouted], visits.office[scouted], asked[scouted], length[scouted])
    if visits.of.size:
        context.teams.ask(_tours(context, campaigns, visits, asked, hours, notice > 0))


def _on_the_route(context: EventContext, campaigns: PlannedCampaigns) -> _Visits:
    """Offices that each campaign would visit, in the order of its route, and when."""
    world, terms = context.world, context.plan.terms
    first = world.area_first[campaigns.area]
    in_area = world.area_last[campaigns.area] - first
    of = np.repeat(np.arange(campaigns.start.size), in_area)
    office = ranges(first, in_area)
    drawn = uniforms(context.key, Stream.CAMPAIGN_OFFICES, office, campaigns.number[of])
    # A township does not inspect its own government.
    own = (campaigns.level[of] == TOWNSHIP_LEVEL) & (world.offices.kind[office] == TOWNSHIP)
    visited = (drawn < terms.coverage[campaigns.group][of]) & ~own
    of, office = of[visited], office[visited]
    group = campaigns.group[of]
    position = place_among_equals(of)
    tour = position // terms.tour[group]
    offset = position % terms.tour[group] // terms.visits_per_day[group]
    day = campaigns.start[of] + offset
    topics = terms.topics[group].astype(np.float64)
    return _Visits(of, group, office, tour, offset, day, campaigns.number[of], topics)


def _kept(
    context: EventContext, rounds: Rounds, today: Ints, campaigns: PlannedCampaigns, policy: Policy, visits: _Visits
) -> _Visits:
    """Visits that take place: those that the share lets through, joint ones merged, up to the cap of their month."""
    shares = np.stack([planned_share(policy, INSPECTIONS, level) for level in range(len(LEVELS))])
    share = shares[campaigns.level[visits.of], visits.office]
    kept = uniforms(context.key, Stream.VISIT_KEPT, visits.office, visits.number) < share
    topics = visits.topics.copy()
    rounds.merge(context, policy, today, visits.of, visits.office, kept, topics)
    inside = np.flatnonzero(kept & (visits.day < context.calendar.days))
    offices = visits.office[inside]
    booked = inside[context.bookings.book_up_to(offices, visits.day[inside], policy.visit_cap[offices])]
    return visits._replace(topics=topics).only(booked)


def _prepare(
    context: EventContext,
    campaigns: PlannedCampaigns,
    visits: _Visits,
    grown: Floats,
    noticed: NDArray[np.bool_],
    announced: Ints,
) -> None:
    """Open preparation at each office from the day of its announcement on; without notice, a part of it."""
    terms = context.plan.terms
    excess = context.actors.excess[campaigns.department][visits.of]
    usual = terms.preparation_hours[visits.group] * (1.0 + excess) * grown
    part = np.where(noticed, 1.0, terms.unannounced_preparation[visits.group])
    hours = usual * part * context.world.offices.load[visits.office]
    context.inbox.ask(announced, visits.office, PREPARATION, hours, visits.day)


def _scouted(context: EventContext, policy: Policy, visits: _Visits) -> NDArray[np.bool_]:
    """Which visits scouts precede, if they are announced; scouts take the visit's escorts for a part of its hours."""
    share = context.plan.terms.scouting[visits.group] * policy.scouting_scale[visits.office]
    drawn: NDArray[np.bool_] = uniforms(context.key, Stream.VISIT_KEPT, visits.office, visits.number, 1) < share
    return drawn


def _tours(
    context: EventContext,
    campaigns: PlannedCampaigns,
    visits: _Visits,
    asked: Floats,
    hours: Floats,
    announced: NDArray[np.bool_],
) -> Tours:
    """The visits of each campaign, cut into the tours that one team makes."""
    terms = context.plan.terms
    first = starts(visits.of, visits.tour)
    last = np.append(first[1:], visits.of.size) - 1
    of, group = visits.of[first], visits.group[first]
    return Tours(
        area=campaigns.area[of],
        priority=np.where(terms.urgent[group], URGENT, USUAL),
        asked=campaigns.start[of],
        length=visits.offset[last] + 1,
        visits=last - first + 1,
        office=visits.office,
        offset=visits.offset,
        escorts=asked,
        hours=hours,
        number=visits.number,
        level=campaigns.level[visits.of],
        follow_up=terms.follow_up[visits.group],
        topics=visits.topics,
        announced=announced,
    )
