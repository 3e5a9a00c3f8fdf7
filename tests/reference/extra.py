"""Extra tours: follow-ups of findings, and inspections that complaints call (section 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cadre_sim.streams import entity_number
from reference.campaigns import Tour
from reference.inbox import Finding, Visit, Waits
from reference.office import Office
from reference.place import Area

if TYPE_CHECKING:
    from reference.above import FromAbove

TRIGGERED, FOLLOW_UP = 0, 2
"""Priorities of extra tours."""


class ExtraTours:
    """Follow-ups and triggered inspections."""

    def __init__(self, above: FromAbove) -> None:
        self.above = above
        self.followed_up: dict[tuple[int, int], dict[int, Office]] = {}
        self.last_call: dict[int, int] = {}

    def find(self, day: int) -> None:
        """Deal with what the visits of a day have found: all is to be put right, some is followed up, area by area."""
        findings = self.above.inbox.findings(day)
        for finding in findings:
            self.above.inbox.rectify(finding, day)
        followed_up = [finding for finding in findings if self.above.inbox.is_followed_up(finding, day)]
        for finding in sorted(followed_up, key=inspectors_area):
            self.follow_up(finding, day)

    def follow_up(self, finding: Finding, day: int) -> None:
        """Put an office on the follow-up tour of its inspectors' area; the first finding of a tour starts it."""
        assert finding.visit.campaign is not None
        area, due = finding.visit.campaign.department.area, self.above.inbox.next_round(day)
        if (due, area.number) not in self.followed_up:
            self.followed_up[due, area.number] = {}
            self.above.env.process(self.follow_up_tour(area, due))
        self.followed_up[due, area.number][finding.visit.office.row] = finding.visit.office

    def follow_up_tour(self, area: Area, due: int) -> Waits:
        """The process of all that an area follows up on a day."""
        yield self.above.env.timeout(due - self.above.today)
        yield self.above.env.timeout(0)
        offices = self.followed_up[due, area.number]
        share = self.above.scenario.oversight.follow_up_hours
        yield from self.visit(area, due, FOLLOW_UP, [offices[row] for row in sorted(offices)], share)

    def call(self, day: int) -> None:
        """At the end of a day, offices with too many complaints call inspections, one tour a county."""
        oversight = self.above.scenario.oversight
        for county in (area for area in self.above.place.areas if area.level == 1):
            calling = [office for office in county.offices if self.is_called(office, day)]
            for office in calling:
                self.last_call[office.row] = day
                hours, due = oversight.triggered_hours * office.load, day + oversight.trigger_lead
                self.above.inbox.ask(office, day + 1, "preparation", hours, due)
            if calling:
                self.above.env.process(self.triggered_tour(county, day + oversight.trigger_lead, calling))

    def is_called(self, office: Office, day: int) -> bool:
        """Whether an office calls an inspection: many complaints, and no call of late."""
        oversight = self.above.scenario.oversight
        rested = office.row not in self.last_call or day - self.last_call[office.row] >= oversight.trigger_rest
        return rested and office.complaints > oversight.complaint_threshold * office.load

    def triggered_tour(self, county: Area, due: int, offices: list[Office]) -> Waits:
        """The process of the inspections that complaints of a day have called in a county."""
        yield self.above.env.timeout(due - self.above.today)
        yield from self.visit(county, due, TRIGGERED, offices, 1.0)

    def visit(self, area: Area, due: int, priority: int, offices: list[Office], share: float) -> Waits:
        """Book the visits of an extra tour and send it; each takes a share of the hours of a usual one."""
        extra = self.above.scenario.oversight.extra_visits
        number = entity_number(due, priority, area.number)
        tour = Tour()
        for q, office in enumerate(offices):
            offset = q // extra.visits_per_day
            if due + offset < self.above.calendar.days:
                self.above.inbox.book(office, due + offset)
            scale = self.above.policies.of(office.row, due)["reception_scale"]
            escorts = extra.escorts * scale * office.load
            tour.append((offset, Visit(office, number, escorts, share * extra.reception_hours)))
        yield from self.above.go_out(area, priority, tour)


def inspectors_area(finding: Finding) -> int:
    """The number of the area whose campaign has found something."""
    assert finding.visit.campaign is not None
    return finding.visit.campaign.department.area.number
