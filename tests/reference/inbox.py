"""What events hand over: work, seats and visits of every office by day, and what the visits find."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import simpy

from cadre_sim.streams import Stream, uniform
from reference.handed import OfficeToday
from reference.office import Office
from reference.plan import PlannedCampaign

if TYPE_CHECKING:
    from reference.above import FromAbove

Waits = Generator[simpy.Event, object, None]
"""What a SimPy process is: it waits for one event after the other."""


@dataclass(eq=False)
class Visit:
    """A visit of an office, with the number of its draws; ``campaign`` is None for evaluations and extra tours.

    ``escorts`` [cadres, may be a fraction] receive it for ``hours`` each.
    """

    office: Office
    number: int
    escorts: float
    hours: float
    topics: float = 1.0
    announced: bool = True
    campaign: PlannedCampaign | None = None


@dataclass
class Finding:
    """What a visit has found: violations, and perhaps a fault of form."""

    visit: Visit
    violations: int
    fault: bool


def seats_of(attendees: float) -> float:
    """Seats that so many attendees take: a whole number, at least one where anybody is summoned."""
    return 0.0 if attendees == 0 else max(1.0, float(round(attendees)))


class Inbox:
    """What has come for single offices, by day and row, in the order in which it was handed over."""

    def __init__(self, above: FromAbove) -> None:
        self.above = above
        self.offices: dict[tuple[int, int], OfficeToday] = defaultdict(OfficeToday)
        self.visits: dict[int, list[Visit]] = defaultdict(list)
        self.booked: dict[tuple[int, int, int], int] = defaultdict(int)

    def ask(self, office: Office, day: int, activity: str, hours: float, due: int) -> None:
        """Ask an office for work from a day on, due on another."""
        self.offices[day, office.row].work.append((activity, hours, due))

    def seat(self, office: Office, day: int, escorts: float, hours: float) -> None:
        """Take escorts of an office for some hours of a day."""
        today = self.offices[day, office.row]
        today.seats += seats_of(escorts)
        today.seat_hours += escorts * hours

    def book(self, office: Office, day: int) -> None:
        """Book a visit for an office in the month of a day."""
        self.booked[self._month(office, day)] += 1

    def booked_in_month(self, office: Office, day: int) -> int:
        """Visits booked for an office in the month of a day."""
        return self.booked[self._month(office, day)]

    def _month(self, office: Office, day: int) -> tuple[int, int, int]:
        calendar = self.above.calendar
        return office.row, calendar.year(day), calendar.month(day)

    def visit(self, visit: Visit, day: int) -> Waits:
        """The process of a visit: wait for the middle of its day, then hand it over."""
        yield self.above.env.timeout(day + 0.5 - self.above.env.now)
        self.visits[day].append(visit)
        today = self.offices[day, visit.office.row]
        today.visits += 1
        today.topics += visit.topics
        self.seat(visit.office, day, visit.escorts, visit.hours)

    def findings(self, day: int) -> list[Finding]:
        """What the visits of a day find of what was hidden in the morning, in the order in which they came."""
        found: dict[int, set[int]] = defaultdict(set)
        findings = []
        for visit in self.visits[day]:
            known = found[visit.office.row]
            new = {k for k in range(int(visit.office.hidden)) if k not in known and self._sees(visit, day, k)}
            known |= new
            fault = self._finds_fault(visit, day)
            if new or fault:
                findings.append(Finding(visit, len(new), fault))
            self.offices[day, visit.office.row].found += len(new)
        return findings

    def _sees(self, visit: Visit, day: int, k: int) -> bool:
        """Whether a visit finds violation k of those hidden in the morning."""
        integrity = self.above.scenario.integrity
        sharper = 1.0 if visit.announced else 1 + integrity.surprise
        once = min(1.0, max(0.0, integrity.detection * (1 - integrity.show) * sharper))
        draw = uniform(self.above.key, Stream.VIOLATION_SEEN, visit.office.row, 4096 * day + k, visit.number)
        return draw < 1 - (1 - once) ** visit.topics

    def _finds_fault(self, visit: Visit, day: int) -> bool:
        share = self.above.scenario.oversight.finding_share
        draw = uniform(self.above.key, Stream.FINDING, visit.office.row, day, visit.number)
        return draw < 1 - (1 - share) ** visit.topics

    def rectify(self, finding: Finding, day: int) -> None:
        """Ask from tomorrow on that what was found is put right."""
        office, oversight = finding.visit.office, self.above.scenario.oversight
        hours = oversight.rectification_hours * office.load if finding.fault else 0.0
        hours += self.above.scenario.integrity.rectification_hours * finding.violations
        self.ask(office, day + 1, "rectification", hours, day + oversight.rectification_days)

    def is_followed_up(self, finding: Finding, day: int) -> bool:
        """Whether a finding of a campaign is looked at again."""
        visit = finding.visit
        if visit.campaign is None:
            return False
        draw = uniform(self.above.key, Stream.FOLLOW_UP, visit.office.row, day, visit.number)
        return draw < visit.campaign.plan.follow_up

    def next_round(self, day: int) -> int:
        """The day on which what is found on a day is followed up."""
        oversight = self.above.scenario.oversight
        every = oversight.follow_up_every
        return math.ceil((day + oversight.rectification_days + 1) / every) * every
