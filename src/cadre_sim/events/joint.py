"""Joint inspection: the campaigns of a round make one visit at an office, with the topics of all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cadre_sim.events.plan import PlannedCampaign
from cadre_sim.reforms.policy import Policy
from cadre_sim.streams import Key, Stream, entity_number, uniforms
from cadre_sim.world.columns import World

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
Round = tuple[int, int]
"""Area of the departments, and which window of working days their campaigns start in."""


class _Plan(NamedTuple):
    """What becomes of a round at the offices of its area, arrays of shape (offices of the area,).

    ``first`` office of the area; ``joint``: whether the office has its round at once; ``host``: which campaign then
    makes the visit, none where it is negative; ``topics`` of that visit.
    """

    first: int
    joint: Mask
    host: Ints
    topics: Floats


class Rounds:
    """The rounds of a run: which campaigns each has, and what becomes of it under the rules of its first opening."""

    def __init__(self, campaigns: Sequence[PlannedCampaign], window: int) -> None:
        """Sort campaigns into rounds, in the order of the plan."""
        self._window = window
        self._members: defaultdict[Round, list[PlannedCampaign]] = defaultdict(list)
        for campaign in campaigns:
            self._members[self.of(campaign)].append(campaign)
        self._plans: dict[Round, _Plan | None] = {}

    def of(self, campaign: PlannedCampaign) -> Round:
        """The round that a campaign is in."""
        return campaign.area, campaign.start // self._window

    def merge(
        self, key: Key, world: World, today: Policy, campaign: PlannedCampaign, offices: Ints, kept: Mask
    ) -> tuple[Mask, Floats]:
        """What becomes of the visits of a campaign that opens today, given which take place for themselves.

        Where an office has its round at once, only the first campaign of the round that has the office on its route
        visits it, with the topics of all that have. The Policy of ``today`` holds for the round if this is its first
        opening.

        Returns:
            Which visits take place, and the topics of each.
        """
        own = np.full(offices.size, float(campaign.plan.topics))
        which = self.of(campaign)
        if which not in self._plans:
            self._plans[which] = _plan(key, world, today, which, self._members[which])
        plan = self._plans[which]
        if plan is None:
            return kept, own
        row = offices - plan.first
        joint = plan.joint[row]
        number = next(k for k, member in enumerate(self._members[which]) if member is campaign)
        return np.where(joint, plan.host[row] == number, kept), np.where(joint, plan.topics[row], own)


def _plan(key: Key, world: World, rules: Policy, which: Round, members: Sequence[PlannedCampaign]) -> _Plan | None:
    """Who makes the visit at each office of a round's area; None where no office has rounds at once."""
    first, last = int(world.area_first[which[0]]), int(world.area_last[which[0]])
    share = rules.joint_share[first:last]
    if not share.any():
        return None
    offices = np.arange(first, last)
    host = np.full(offices.size, -1)
    topics, own = np.zeros(offices.size), np.zeros(offices.size)
    for number, member in enumerate(members):
        present = _on_route(key, member, rules, offices)
        own[present & (host < 0)] = member.plan.topics
        host[present & (host < 0)] = number
        topics[present] += member.plan.topics
    # However much topics overlap, what the host inspects is inspected.
    topics = np.maximum(own, topics * rules.joint_topics_scale[first:last])
    joint = uniforms(key, Stream.JOINT, offices, entity_number(*which)) < share
    return _Plan(first, joint, host, topics)


def visit_share(policy: Policy, level: int) -> Floats:
    """Share of planned visits of a level that take place, by office."""
    return (policy.visit_share_city, policy.visit_share_county, policy.visit_share_township)[level]


def _on_route(key: Key, campaign: PlannedCampaign, rules: Policy, offices: Ints) -> Mask:
    """Offices that a campaign would visit under some rules, for themselves."""
    drawn = uniforms(key, Stream.CAMPAIGN_OFFICES, offices, campaign.number) < campaign.plan.coverage
    share = visit_share(rules, campaign.level)[offices]
    stays: Mask = drawn & (uniforms(key, Stream.VISIT_KEPT, offices, campaign.number) < share)
    return stays
