"""Joint inspection: the campaigns of a round make one visit at an office, with the topics of all."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cadre_sim.arrays import Floats, Ints
from cadre_sim.events.context import EventContext
from cadre_sim.events.plan import CampaignTerms, PlannedCampaigns
from cadre_sim.reforms.channels import INSPECTIONS, planned_share
from cadre_sim.reforms.policy import Policy
from cadre_sim.streams import Key, Stream, entity_number, uniforms

Mask = NDArray[np.bool_]


class _Plan(NamedTuple):
    """Visit of a round at the offices of its area, arrays of shape (offices of the area,).

    ``first`` office of the area; ``joint``: whether the office has its round at once; ``host``: which campaign then
    makes the visit, none where it is negative; ``topics`` of that visit.
    """

    first: int
    joint: Mask
    host: Ints
    topics: Floats


class Rounds:
    """The rounds of a run: which campaigns each has, and how they are merged under the rules of its first opening.

    A round is of an area, and of a window of working days in which its campaigns start.
    """

    def __init__(self, campaigns: PlannedCampaigns, terms: CampaignTerms, window: int) -> None:
        """Sort campaigns into rounds, in the order of the plan."""
        self._campaigns, self._terms = campaigns, terms
        windows = campaigns.start // window
        span = int(windows.max(initial=0)) + 1
        named, self._of = np.unique(campaigns.area * span + windows, return_inverse=True)
        self._area, self._window = named // span, named % span
        self._members = np.split(
            np.argsort(self._of, kind="stable"), np.cumsum(np.bincount(self._of, minlength=self._area.size))[:-1]
        )
        self._opened = np.zeros(self._area.size, bool)
        self._plans: dict[int, _Plan] = {}

    def merge(
        self, context: EventContext, policy: Policy, today: Ints, of: Ints, offices: Ints, kept: Mask, topics: Floats
    ) -> None:
        """Merge visits of campaigns that open today, given which take place for themselves.

        Where an office has its round at once, only the first campaign of the round that has the office on its route
        visits it, with the topics of all that have. The Policy of today holds for a round if this is its first opening.

        Args:
            context: of the run.
            policy: of today.
            today: the campaigns that open, as rows of the plan.
            of: the campaign of each visit, as its place in ``today``, in order.
            offices: of each visit.
            kept: which visits take place; changed where rounds are joint.
            topics: of each visit; changed where rounds are joint.
        """
        self._open(context, policy, np.unique(self._of[today]))
        joint = [place for place, row in enumerate(today) if int(self._of[row]) in self._plans] if self._plans else []
        for place in joint:
            row = int(today[place])
            which = int(self._of[row])
            plan = self._plans[which]
            visits = slice(*np.searchsorted(of, [place, place + 1]))
            at = offices[visits] - plan.first
            here = plan.joint[at]
            number = int(np.searchsorted(self._members[which], row))
            kept[visits] = np.where(here, plan.host[at] == number, kept[visits])
            topics[visits] = np.where(here, plan.topics[at], topics[visits])

    def _open(self, context: EventContext, policy: Policy, rounds: Ints) -> None:
        new = rounds[~self._opened[rounds]]
        self._opened[new] = True
        if not policy.joint_share.any():
            return
        anywhere = context.sum_by_area((policy.joint_share > 0.0).astype(np.float64)) > 0.0
        for which in new[anywhere[self._area[new]]]:
            self._plans[int(which)] = self._plan(context, policy, int(which))

    def _plan(self, context: EventContext, rules: Policy, which: int) -> _Plan:
        """Who makes the visit at each office of a round's area."""
        area = int(self._area[which])
        first, last = int(context.world.area_first[area]), int(context.world.area_last[area])
        offices = np.arange(first, last)
        host = np.full(offices.size, -1)
        topics, own = np.zeros(offices.size), np.zeros(offices.size)
        for number, row in enumerate(self._members[which]):
            asked = float(self._terms.topics[self._campaigns.group[row]])
            present = self._on_route(context.key, int(row), rules, offices)
            own[present & (host < 0)] = asked
            host[present & (host < 0)] = number
            topics[present] += asked
        # However much topics overlap, what the host inspects is inspected.
        topics = np.maximum(own, topics * rules.joint_topics_scale[first:last])
        number = entity_number(area, int(self._window[which]))
        joint = uniforms(context.key, Stream.JOINT, offices, number) < rules.joint_share[first:last]
        return _Plan(first, joint, host, topics)

    def _on_route(self, key: Key, row: int, rules: Policy, offices: Ints) -> Mask:
        """Offices that a campaign would visit under some rules, for themselves."""
        number = int(self._campaigns.number[row])
        coverage = self._terms.coverage[self._campaigns.group[row]]
        drawn = uniforms(key, Stream.CAMPAIGN_OFFICES, offices, number) < coverage
        share = planned_share(rules, INSPECTIONS, int(self._campaigns.level[row]))[offices]
        stays: Mask = drawn & (uniforms(key, Stream.VISIT_KEPT, offices, number) < share)
        return stays
