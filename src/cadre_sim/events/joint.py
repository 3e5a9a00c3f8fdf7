"""Joint inspection: the campaigns of a round make one visit at an office, with the topics of all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cadre_sim.events.plan import PlannedCampaign
from cadre_sim.reforms.policy import Policy
from cadre_sim.streams import Key, Stream, entity_number, uniforms

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
Round = tuple[int, int]
"""Area of the departments, and which window of working days their campaigns start in."""


class Rounds:
    """The rounds of a run: which campaigns each has, and the rules that hold for it, those of its first opening."""

    def __init__(self, campaigns: Sequence[PlannedCampaign], window: int) -> None:
        """Sort campaigns into rounds, in the order of the plan."""
        self._window = window
        self._members: defaultdict[Round, list[PlannedCampaign]] = defaultdict(list)
        for campaign in campaigns:
            self._members[self.of(campaign)].append(campaign)
        self._rules: dict[Round, Policy] = {}

    def of(self, campaign: PlannedCampaign) -> Round:
        """The round that a campaign is in."""
        return campaign.area, campaign.start // self._window

    def merge(
        self, key: Key, today: Policy, campaign: PlannedCampaign, offices: Ints, kept: Mask
    ) -> tuple[Mask, Floats]:
        """What becomes of the visits of a campaign that opens today, given which take place for themselves.

        Where an office has joint rounds, only the first campaign of the round that has the office on its route visits
        it, with the topics of all that have. The Policy of ``today`` holds for the round if this is its first opening.

        Returns:
            Which visits take place, and the topics of each.
        """
        own = np.full(offices.size, float(campaign.plan.topics))
        rules = self._rules.setdefault(self.of(campaign), today)
        joint_share = rules.joint_share[offices]
        if not joint_share.any():
            return kept, own
        area, window = self.of(campaign)
        joint = uniforms(key, Stream.JOINT, offices, entity_number(area, window)) < joint_share
        before = np.zeros(offices.size, bool)
        coming = np.zeros(offices.size, np.int64)
        topics = np.zeros(offices.size)
        here = np.zeros(offices.size, bool)
        passed = False
        for member in self._members[self.of(campaign)]:
            present = _on_route(key, member, rules, offices)
            if member is campaign:
                here, passed = present, True
            elif not passed:
                before |= present
            coming += present
            topics += present * float(member.plan.topics)
        several = coming > 1
        topics = np.where(several, np.maximum(own, topics * rules.joint_topics_scale[offices]), own)
        return np.where(joint, here & ~before, kept), np.where(joint, topics, own)


def visit_share(policy: Policy, level: int) -> Floats:
    """Share of planned visits of a level that take place, by office."""
    return (policy.visit_share_city, policy.visit_share_county, policy.visit_share_township)[level]


def _on_route(key: Key, campaign: PlannedCampaign, rules: Policy, offices: Ints) -> Mask:
    """Offices that a campaign would visit under some rules, for themselves."""
    drawn = uniforms(key, Stream.CAMPAIGN_OFFICES, offices, campaign.number) < campaign.plan.coverage
    share = visit_share(rules, campaign.level)[offices]
    stays: Mask = drawn & (uniforms(key, Stream.VISIT_KEPT, offices, campaign.number) < share)
    return stays
