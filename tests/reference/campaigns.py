"""Campaigns of inspection and joint rounds (section 4, Campaigns)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from cadre_sim.levels import LEVELS
from cadre_sim.streams import Stream, entity_number, uniform
from reference.inbox import Visit, Waits
from reference.office import Office
from reference.plan import PlannedCampaign
from reference.teams import Tour

if TYPE_CHECKING:
    from reference.above import FromAbove

URGENT, USUAL = 1, 3
"""Priorities of the tours of campaigns; triggered inspections have 0, follow-ups 2."""


class Stop(NamedTuple):
    """An office on the route of a campaign: which tour it belongs to, and how many days after the first."""

    office: Office
    tour: int
    offset: int


class Campaigns:
    """Opens campaigns and sends their tours."""

    def __init__(self, above: FromAbove) -> None:
        self.above = above
        window = above.scenario.oversight.joint_window
        members: dict[tuple[int, int], list[PlannedCampaign]] = defaultdict(list)
        for campaign in above.plan.campaigns:
            members[campaign.round(window)].append(campaign)
        self.rounds = {name: Round(above, name, campaigns) for name, campaigns in members.items()}

    def opener(self) -> Waits:
        """The process that opens campaigns on their days, those of a day in the order of the plan."""
        env = self.above.env
        yield env.timeout(0)
        for day, campaigns in groupby(sorted(self.above.plan.campaigns, key=lambda c: c.opens), lambda c: c.opens):
            if day > self.above.today:
                yield env.timeout(day - self.above.today)
            for campaign in campaigns:
                tours = self.open(campaign)
                if tours:
                    env.process(self.conduct(campaign, tours))

    def open(self, campaign: PlannedCampaign) -> list[Tour]:
        """Open a campaign: announce its kept visits. Its tours that have any, in order."""
        tours: dict[int, Tour] = defaultdict(Tour)
        for stop in self.route(campaign):
            planned = campaign.start + stop.offset
            topics = self.topics_if_kept(campaign, stop.office, planned)
            if topics is not None:
                self.above.inbox.book(stop.office, planned)
                tours[stop.tour].append((stop.offset, self.announce(campaign, stop.office, planned, topics)))
        return [tours[number] for number in sorted(tours)]

    def route(self, campaign: PlannedCampaign) -> Iterator[Stop]:
        """The offices that a campaign covers, in order of rows."""
        plan = campaign.plan
        covered = [office for office in campaign.department.offices if is_covered(self.above, campaign, office)]
        for q, office in enumerate(covered):
            yield Stop(office, q // plan.tour, q % plan.tour // plan.visits_per_day)

    def topics_if_kept(self, campaign: PlannedCampaign, office: Office, planned: int) -> float | None:
        """The topics of the visit of an office on its planned day, None where it is not kept."""
        policy = self.above.policies.of(office.row, campaign.opens)
        topics = self.rounds[campaign.round(self.above.scenario.oversight.joint_window)].topics(campaign, office)
        in_run = planned < self.above.calendar.days
        if topics is None or not in_run:
            return None
        if self.above.inbox.booked_in_month(office, planned) + 1 > policy["visit_cap"]:
            return None
        return topics

    def announce(self, campaign: PlannedCampaign, office: Office, planned: int, topics: float) -> Visit:
        """Ask for the preparation of a visit, and for its scouting."""
        oversight, plan, opened = self.above.scenario.oversight, campaign.plan, campaign.opens
        policy = self.above.policies.of(office.row, opened)
        notice = round(plan.notice * policy["notice_scale"])
        size = topics**oversight.topic_economy
        escorts = plan.escorts * policy["reception_scale"] * office.load
        visit = Visit(office, campaign.number, escorts, plan.reception_hours * size, topics, notice > 0, campaign)
        preparation = plan.preparation_hours * (1 + campaign.department.excess) * size * office.load
        if not visit.announced:
            preparation *= plan.unannounced_preparation
        self.above.inbox.ask(office, max(opened, planned - notice), "preparation", preparation, planned)
        draw = uniform(self.above.key, Stream.VISIT_KEPT, office.row, campaign.number, 1)
        if visit.announced and draw < plan.scouting * policy["scouting_scale"]:
            day = max(opened, planned - notice, planned - oversight.scouting_lead)
            self.above.inbox.seat(office, day, escorts, oversight.scouting_hours * visit.hours)
        return visit

    def conduct(self, campaign: PlannedCampaign, tours: list[Tour]) -> Waits:
        """The process of a campaign: on its first visiting day its tours ask for teams."""
        yield self.above.env.timeout(campaign.start - self.above.today)
        for tour in tours:
            self.above.teams.ask(campaign.department.area, URGENT if campaign.plan.urgent else USUAL, tour)


class Round:
    """A round of joint inspection of an area: its campaigns in the order of the plan."""

    def __init__(self, above: FromAbove, name: tuple[int, int], campaigns: list[PlannedCampaign]) -> None:
        self.above = above
        self.number = entity_number(*name)
        self.campaigns = campaigns
        self.rules_of = min(campaign.opens for campaign in campaigns)

    def rules(self, office: Office) -> dict[str, float]:
        """The rules of the round at an office: the Policy of the day on which its first campaign opens."""
        return self.above.policies.of(office.row, self.rules_of)

    def is_joint(self, office: Office) -> bool:
        """Whether the visits of the round are merged at an office."""
        return uniform(self.above.key, Stream.JOINT, office.row, self.number, 0) < self.rules(office)["joint_share"]

    def topics(self, campaign: PlannedCampaign, office: Office) -> float | None:
        """The topics of a campaign's visit of an office on its route, None where its share or another stops it."""
        own = float(campaign.plan.topics)
        if not self.is_joint(office):
            policy = self.above.policies.of(office.row, campaign.opens)
            return own if is_in_share(self.above, campaign, office, policy) else None
        having = [c for c in self.campaigns if self.has(c, office)]
        if not having or having[0] is not campaign:
            return None
        if len(having) == 1:
            return own
        return max(own, self.rules(office)["joint_topics_scale"] * sum(c.plan.topics for c in having))

    def has(self, campaign: PlannedCampaign, office: Office) -> bool:
        """Whether a campaign would visit an office, by the rules of the round."""
        return is_covered(self.above, campaign, office) and is_in_share(
            self.above, campaign, office, self.rules(office)
        )


def is_covered(above: FromAbove, campaign: PlannedCampaign, office: Office) -> bool:
    """Whether an office is on the route of a campaign."""
    draw = uniform(above.key, Stream.CAMPAIGN_OFFICES, office.row, campaign.number, 0)
    return draw < campaign.plan.coverage


def is_in_share(above: FromAbove, campaign: PlannedCampaign, office: Office, policy: dict[str, float]) -> bool:
    """Whether a visit is among those that a policy leaves."""
    level = LEVELS[campaign.department.area.level]
    return uniform(above.key, Stream.VISIT_KEPT, office.row, campaign.number, 0) < policy[f"visit_share_{level}"]
