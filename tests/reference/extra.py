"""Extra tours: follow-ups of findings, and inspections that complaints call (section 4)."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from cadre_sim.streams import entity_number
from reference.inbox import Visit
from reference.office import Office
from reference.place import Area
from reference.teams import Tour

if TYPE_CHECKING:
    from reference.above import FromAbove

TRIGGERED, FOLLOW_UP = 0, 2
"""Priorities of extra tours."""


class ExtraTours:
    """Follow-ups and triggered inspections; ``to_come`` has the offices of each tour, by day, priority and area."""

    def __init__(self, above: FromAbove) -> None:
        self.above = above
        self.to_come: dict[tuple[int, int, int], dict[int, Office]] = defaultdict(dict)
        self.last_call: dict[int, int] = {}

    def find(self, day: int) -> None:
        """Deal with what the visits of a day have found: all is to be put right, some is followed up."""
        for finding in self.above.inbox.findings(day):
            self.above.inbox.rectify(finding, day)
            if self.above.inbox.is_followed_up(finding, day):
                assert finding.visit.campaign is not None
                area, due = finding.visit.campaign.department.area, self.above.inbox.next_round(day)
                self.to_come[due, FOLLOW_UP, area.number][finding.visit.office.row] = finding.visit.office

    def call(self, day: int) -> None:
        """At the end of a day, offices with too many complaints call inspections, one tour a county."""
        oversight = self.above.scenario.oversight
        for office in self.above.place.offices:
            if self.is_called(office, day):
                self.last_call[office.row] = day
                hours, due = oversight.triggered_hours * office.load, day + oversight.trigger_lead
                self.above.inbox.ask(office, day + 1, "preparation", hours, due)
                self.to_come[due, TRIGGERED, office.areas[1].number][office.row] = office

    def is_called(self, office: Office, day: int) -> bool:
        """Whether an office calls an inspection: many complaints, and no call of late."""
        oversight = self.above.scenario.oversight
        rested = office.row not in self.last_call or day - self.last_call[office.row] >= oversight.trigger_rest
        return rested and office.complaints > oversight.complaint_threshold * office.load

    def ask(self) -> None:
        """Let the extra tours of today ask for their teams."""
        today, share = self.above.today, self.above.scenario.oversight.follow_up_hours
        for due, priority, area in sorted(self.to_come):
            if due == today:
                offices = self.to_come.pop((due, priority, area))
                in_order = [offices[row] for row in sorted(offices)]
                self.visit(self.above.place.areas[area], due, priority, in_order, share if priority == FOLLOW_UP else 1)

    def visit(self, area: Area, due: int, priority: int, offices: list[Office], share: float) -> None:
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
        self.above.teams.ask(area, priority, tour)
