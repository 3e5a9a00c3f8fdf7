"""What comes from above, executed: SimPy runs the calendar, teams are contended for, each day ends as arrays."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
import simpy
from numpy.typing import NDArray

from cadre_sim.arrays import Floats, Ints
from cadre_sim.events.actors import CHANNELS, Actors
from cadre_sim.events.departments import departments_of
from cadre_sim.events.evaluations import evaluation
from cadre_sim.events.findings import ExtraTours, find, look, trigger
from cadre_sim.events.inbox import Inbox
from cadre_sim.events.joint import visit_share
from cadre_sim.events.log import Event
from cadre_sim.events.opening import open_campaigns
from cadre_sim.events.orders import Orders
from cadre_sim.events.plan import plan_of
from cadre_sim.events.teams import TeamPool
from cadre_sim.events.watchdog import start_watchdogs
from cadre_sim.levels import LEVELS
from cadre_sim.reforms.force import ReformInForce, Reforms
from cadre_sim.reforms.policy import Policy
from cadre_sim.rows import place_among_equals
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.streams import Key
from cadre_sim.units import WORKING_DAYS_A_YEAR
from cadre_sim.world.calendar import WorkCalendar
from cadre_sim.world.columns import TOWNSHIP, World

TOWNSHIP_LEVEL = 2
"""Level of townships among areas."""


class EventRun:
    """The events of one run. SimPy's clock counts working days; day t is the time from t up to, not including, t + 1.

    Attributes:
        pressure: weight of evaluations in season by office, shape (offices,).
        teams: inspection teams of all areas.
        extra: follow-ups and triggered inspections to come.
        log: what happened beside visits: reforms that start and end, reports, cases and corrections of a watchdog.
        actors: the departments' state.
        found: violations found by the visits of each day so far.
    """

    def __init__(self, scenario: Scenario, world: World, calendar: WorkCalendar, reforms: Reforms, key: Key) -> None:
        """Plan a run and start its processes, in a fixed order."""
        self.scenario, self.world, self.calendar, self.reforms, self.key = scenario, world, calendar, reforms, key
        self.env = simpy.Environment()
        groups = departments_of(scenario, world)
        self.plan = plan_of(groups, calendar, key)
        self.actors = Actors(groups, world.area_level.size, scenario.oversight, key)
        self.found: list[Ints] = []
        self._excess: list[Floats] = []
        offices = world.offices.kind.size
        self.inbox = Inbox(offices, world.area_level.size)
        self.pressure = np.zeros(offices)
        self.extra = ExtraTours()
        self._seasons: dict[int, tuple[Ints, float]] = {}
        self._seasons_begun = 0
        self._seasons_changed = False
        self._offices_under: dict[int, Ints] = {}
        self.log: list[Event] = []
        self.teams = TeamPool(_team_numbers(scenario, world))
        self._months = calendar.month_number - calendar.month_number[0]
        self._booked = np.zeros((offices, int(self._months[-1]) + 1), np.int32)
        self._triggered = np.full(offices, -(10**9))
        for reform in reforms.reforms:
            self.env.process(self._note(reform))
        for planned in self.plan.evaluations:
            self.env.process(evaluation(self, planned))
        start_watchdogs(self)
        self.env.process(self._review())
        self.env.process(open_campaigns(self))
        self.env.process(self._issue())
        self.env.process(self._send_out())

    def day(self, number: int, hidden: Floats, found: Ints | None = None) -> Orders:
        """Run the events of one working day and hand over what they bring.

        Args:
            number: of the working day.
            hidden: violations hidden at each office in the morning, shape (offices,).
            found: violations that each visit of the day found, where that is known from an earlier run of the day.
        """
        self.env.run(until=number + 1)
        visited = self.inbox.visits(number)
        if found is None:
            found = look(self, number, visited, hidden)
        self.found.append(found)
        if self._seasons_changed:
            # Summed anew, in a fixed order, so that no rounding error is left of a season that is over.
            self.pressure[:] = 0.0
            for offices, weight in self._seasons.values():
                self.pressure[offices] += weight
            self._seasons_changed = False
        orders = self.inbox.orders(number, self.plan.orders, visited, found, self.actors)
        find(self, number, visited, found)
        return orders

    def press(self, offices: Ints, weight: float) -> int:
        """Begin a season of an evaluation at some offices; the number that is returned ends it."""
        self._seasons_begun += 1
        self._seasons[self._seasons_begun] = (offices, weight)
        self._seasons_changed = True
        return self._seasons_begun

    def relieve(self, season: int) -> None:
        """End a season of an evaluation."""
        del self._seasons[season]
        self._seasons_changed = True

    def hear(self, day: int, complaints: NDArray[np.float64]) -> Ints:
        """Let recent complaints by office call inspections; returns the offices that will be inspected."""
        oversight = self.scenario.oversight
        rested = day - self._triggered >= oversight.trigger_rest
        threshold = oversight.complaint_threshold * self.world.offices.load
        return np.flatnonzero((complaints > threshold) & rested)

    def trigger(self, day: int, offices: Ints) -> None:
        """Call triggered inspections of offices at the end of a day."""
        if offices.size:
            self._triggered[offices] = day
            trigger(self, day, offices)

    def policy(self) -> Policy:
        """The Policy of the day that SimPy's clock shows: between days, of the next."""
        return self.reforms.policy(int(self.env.now))

    def offices_under(self, area: int) -> Ints:
        """Offices that departments of an area act on: all in it, but a township government not on itself."""
        if area not in self._offices_under:
            offices = np.arange(self.world.area_first[area], self.world.area_last[area])
            if self.world.area_level[area] == TOWNSHIP_LEVEL:
                offices = offices[self.world.offices.kind[offices] != TOWNSHIP]
            self._offices_under[area] = offices
        return self._offices_under[area]

    def sum_by_area(self, values: Floats) -> Floats:
        """Sum over the offices of each area, shape (areas,)."""
        sums = np.concatenate([[0.0], np.cumsum(values)])
        return sums[self.world.area_last] - sums[self.world.area_first]

    def review(self, which: Ints) -> None:
        """Let some departments review what they ask for, under the Policy of today."""
        self.actors.review(which, self._cut_channels())

    def excess_by_level(self) -> Floats:
        """Mean excess of departments on each day so far, by level, shape (days, 3)."""
        return np.array(self._excess).reshape(-1, len(LEVELS))

    def mean_by_area(self, values: Floats) -> Floats:
        """Mean over the offices of each area, shape (areas,)."""
        mean: Floats = self.sum_by_area(values) / np.maximum(1, self.world.area_last - self.world.area_first)
        return mean

    def note(self, kind: str, name: str, area: int) -> None:
        """Write to the log that something happened today."""
        self.log.append(Event(int(self.env.now), kind, name, area))

    def escorts(self, policy: Policy, number: int | Floats, offices: Ints) -> Floats:
        """Escorts that a visit asks of each office, not rounded; shape (offices,)."""
        scaled: Floats = number * policy.reception_scale[offices] * self.world.offices.load[offices]
        return scaled

    def areas_of(self, offices: Ints, level: Ints) -> Ints:
        """The area of its level that each office lies in."""
        places = self.world.offices
        return np.where(
            level == 0, places.city[offices], np.where(level == 1, places.county[offices], places.township[offices])
        )

    def booked_in_month(self, offices: Ints, day: Ints) -> NDArray[np.int32]:
        """Visits of each office that are booked for the calendar month of each day."""
        return self._booked[offices, self._month(day)]

    def book(self, offices: Ints, day: Ints) -> None:
        """Book visits of offices, each for the calendar month of its day, if that lies in the run."""
        inside = day < self.calendar.days
        offices, day = offices[inside], day[inside]
        np.add.at(self._booked, (offices, self._month(day)), 1)

    def book_up_to(self, offices: Ints, day: Ints, cap: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Book visits, first come first, as far as each fits under the cap of its office and month; which ones did."""
        place = offices * self._booked.shape[1] + self._month(day)
        order = np.argsort(place, kind="stable")
        ordered = place[order]
        turn = place_among_equals(ordered)
        fits = np.zeros(offices.size, bool)
        fits[order] = self._booked.ravel()[ordered] + turn + 1 <= cap[order]
        np.add.at(self._booked.reshape(-1), place[fits], 1)
        return fits

    def _month(self, day: Ints) -> Ints:
        return self._months[np.minimum(day, self._months.size - 1)]

    def _review(self) -> Generator[simpy.Event, object, None]:
        """Departments review what they ask for, once a month on a working day of their area."""
        first = 0
        for day in range(self.calendar.days):
            if day and self._months[day] != self._months[day - 1]:
                first = day
            which = self.actors.reviewing(day - first)
            if which.size:
                self.review(which)
                instead = self.actors.asked_instead(which)
                self.inbox.divert(instead, self.actors.messages(WORKING_DAYS_A_YEAR))
            self._excess.append(self.actors.mean_excess(self.world.area_level))
            yield self.env.timeout(1)

    def _cut_channels(self) -> NDArray[np.bool_]:
        """Whether the Policy of today cuts a channel at any office of an area, for its departments.

        Shape (areas, channels + 1); the last one is tasks.
        """
        policy = self.policy()
        level = self.world.area_level
        visits = [visit_share(policy, n) for n in range(len(LEVELS))]
        nothing = np.ones(policy.task_share.size)
        evaluations = (policy.evaluation_share_city, policy.evaluation_share_county, nothing)
        both = (policy.meeting_share, policy.form_share, policy.form_duplicate_share)
        cut = np.empty((level.size, len(CHANNELS) + 1), bool)
        for column, shares in enumerate((visits, *((share,) * len(LEVELS) for share in both), evaluations)):
            cut[:, column] = np.stack([self._any_cut(share) for share in shares])[level, np.arange(level.size)]
        cut[:, -1] = self._any_cut(policy.task_share)
        return cut

    def _any_cut(self, share: Floats) -> NDArray[np.bool_]:
        """Areas with an office at which a share is below 1."""
        return self.sum_by_area((share < 1.0).astype(np.float64)) > 0.0

    def _send_out(self) -> Generator[simpy.Event, object, None]:
        """When all that asks for a team today has asked, extra tours last, teams are dealt out and tours leave."""
        yield self.env.timeout(0.5)
        for day in range(self.calendar.days):
            extra = self.extra.of(self, day)
            if extra is not None:
                self.teams.ask(extra)
            tours = self.teams.deal(day)
            if tours is not None:
                days = day + tours.offset
                self.inbox.host(days, tours.office, tours.escorts, tours.hours)
                self.inbox.visit(
                    days, tours.office, tours.number, tours.level, tours.follow_up, tours.topics, tours.announced
                )
            yield self.env.timeout(1)

    def _issue(self) -> Generator[simpy.Event, object, None]:
        """Meetings, forms and tasks go out on their day, all of a day as one slice of the plan."""
        days = self.plan.orders.day
        for day in np.unique(days):
            yield self.env.timeout(int(day) - self.env.now)
            self.inbox.issue(slice(int(np.searchsorted(days, day)), int(np.searchsorted(days, day, side="right"))))

    def _note(self, reform: ReformInForce) -> Generator[simpy.Event, object, None]:
        """A reform's first day and its end go to the log."""
        for day, what in ((reform.first_day(), "reform starts"), (reform.end, "reform ends")):
            if day < self.calendar.days and reform.first_day() < reform.end and reform.end > 0:
                yield self.env.timeout(max(0, day - self.env.now))
                self.note(what, reform.name, 0)


def _team_numbers(scenario: Scenario, world: World) -> Ints:
    """Teams of each area: in proportion to its offices, rounded up, at least one."""
    teams = scenario.oversight.teams
    per_office = np.array([teams.city, teams.county, teams.township])[world.area_level] / 100.0
    numbers = np.maximum(1, np.ceil(per_office * (world.area_last - world.area_first)))
    return numbers.astype(np.int64)
