"""All that comes from above: the processes that SimPy executes, and what they hand over on each day (section 4)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

import mesa
import simpy

from cadre_sim.reforms.watchdog import FormalismWatchdog
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.streams import Key
from reference.calendar import Calendar
from reference.campaigns import Campaigns
from reference.departments import Departments
from reference.evaluations import Evaluations
from reference.extra import ExtraTours
from reference.handed import AreaToday, OfficeToday, Order
from reference.inbox import Inbox, Waits
from reference.place import Area, Place
from reference.plan import Plan, PlannedOrder
from reference.policy import Policies, Reform
from reference.teams import Teams
from reference.watchdog import Watchdog


@dataclass
class Event:
    """An entry of the log: a reform starts or ends, a report, a case opened or closed, a correction at once."""

    day: int
    kind: str
    name: str
    area: int


class FromAbove:
    """Departments, their plan, and everything that comes of it, day by day.

    ``visits`` has day, row and topics of every visit; ``log`` what happened; ``excess_by_level`` the mean excess of
    departments of each level on every day, after its reviews.
    """

    def __init__(
        self, model: mesa.Model, scenario: Scenario, place: Place, calendar: Calendar, policies: Policies, key: Key
    ) -> None:
        self.model = model
        self.scenario = scenario
        self.place = place
        self.calendar = calendar
        self.policies = policies
        self.key = key
        self.env = simpy.Environment()
        self.teams = Teams(self)
        self.departments = Departments(model, scenario, place, calendar, key)
        self.plan = Plan(scenario, calendar, self.departments.all, key)
        self.inbox = Inbox(self)
        self.campaigns = Campaigns(self)
        self.extra = ExtraTours(self)
        self.evaluations = Evaluations(self)
        self.areas_today: list[AreaToday] = [AreaToday() for _ in place.areas]
        self.planned: dict[int, list[PlannedOrder]] = defaultdict(list)
        self.evidence: dict[int, list[PlannedOrder]] = defaultdict(list)
        self.visits: list[tuple[int, int, float]] = []
        self.log: list[Event] = []
        self.excess_by_level: list[dict[str, float]] = []
        self.start_processes()

    @property
    def today(self) -> int:
        """The working day that it is."""
        return int(self.env.now)

    def start_processes(self) -> None:
        """Start the processes of a run, in the order that the description gives."""
        for reform in self.policies.reforms:
            self.env.process(self.chronicle(reform))
        for evaluation in self.plan.evaluations:
            self.env.process(self.evaluations.season(evaluation))
        for reform in self.policies.reforms:
            if isinstance(reform.measure, FormalismWatchdog) and reform.first_day() < self.calendar.days:
                watchdog = Watchdog(self, reform)
                self.env.process(watchdog.reports())
                self.env.process(watchdog.corrections())
        self.env.process(self.reviewer())
        self.env.process(self.campaigns.opener())
        self.env.process(self.issuer())
        self.env.process(self.teams.dealer())

    def chronicle(self, reform: Reform) -> Waits:
        """The process of a reform: it writes into the log when it starts and ends."""
        first, end = reform.first_day(), reform.end
        if max(0, first) < min(end, self.calendar.days):
            yield self.env.timeout(max(0, int(first)))
            self.note("reform starts", reform.name, self.place.areas[0])
            if end < self.calendar.days:
                yield self.env.timeout(int(end) - self.today)
                self.note("reform ends", reform.name, self.place.areas[0])

    def note(self, kind: str, name: str, area: Area) -> None:
        """Write into the log."""
        self.log.append(Event(self.today, kind, name, area.number))

    def reviewer(self) -> Waits:
        """The process that lets departments review, a turn a day, the first as it starts."""
        while True:
            self.departments.review(self.policies, self.today, self.place.areas, self.areas_today)
            self.excess_by_level.append(self.departments.excess_by_level())
            yield self.env.timeout(1)

    def issuer(self) -> Waits:
        """The process that hands over the planned orders of each day."""
        while True:
            for area in self.place.areas:
                self.planned[area.number] = self.plan.orders.get((self.today, area.number), [])
            yield self.env.timeout(1)

    def day(self, t: int) -> tuple[list[AreaToday], list[OfficeToday]]:
        """Run the events of a day; what areas are asked for by number, and what came for single offices by row."""
        self.areas_today = [AreaToday() for _ in self.place.areas]
        self.planned.clear()
        self.evidence.clear()
        self.env.run(until=t + 1)
        self.extra.find(t)
        for area, today in zip(self.place.areas, self.areas_today, strict=True):
            today.orders = [as_issued(p) for p in self.planned[area.number] + self.evidence[area.number]]
            today.messages = self.departments.messages[area.number]
        offices = [self.inbox.offices[t, office.row] for office in self.place.offices]
        for office, today in zip(self.place.offices, offices, strict=True):
            today.pressure = self.evaluations.pressure(office)
        self.visits += [(t, visit.office.row, visit.topics) for visit in self.inbox.visits[t]]
        return self.areas_today, offices

    def call_inspections(self, t: int) -> None:
        """At the end of a day, let offices with too many complaints call inspections."""
        self.extra.call(t)


def as_issued(planned: PlannedOrder) -> Order:
    """An order as a department issues it after the events of the day, with what it asks above its plan."""
    more, order = 1 + planned.department.excess, planned.order
    if order.kind == "meeting":
        return replace(order, attendees=order.attendees * more)
    return replace(order, hours=order.hours * more)
