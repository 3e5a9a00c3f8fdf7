"""Events of a run: SimPy runs the calendar, teams are contended for, and each day ends as arrays."""

from __future__ import annotations

import numpy as np

from cadre_sim.arrays import Floats, Ints
from cadre_sim.events import reviews
from cadre_sim.events.actors import Actors
from cadre_sim.events.context import EventContext
from cadre_sim.events.dispatch import issue_orders, note_dates, send_out_tours
from cadre_sim.events.evaluations import evaluation
from cadre_sim.events.findings import find, look, trigger
from cadre_sim.events.log import Event
from cadre_sim.events.opening import open_campaigns
from cadre_sim.events.orders import Orders
from cadre_sim.events.watchdog import start_watchdogs
from cadre_sim.levels import LEVELS
from cadre_sim.reforms.force import Reforms
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.streams import Key
from cadre_sim.world.calendar import WorkCalendar
from cadre_sim.world.columns import NO_DAY, World


class EventRun:
    """The events of one run: it starts the processes and hands over what each day brings.

    Attributes:
        context: the state and the services that the processes share.
        found: violations found by the visits of each day so far.
    """

    def __init__(self, scenario: Scenario, world: World, calendar: WorkCalendar, reforms: Reforms, key: Key) -> None:
        """Plan a run and start its processes, in a fixed order: those of one moment act in that order."""
        self.context = context = EventContext(scenario, world, calendar, reforms, key)
        self.found: list[Ints] = []
        self._triggered = np.full(world.offices.kind.size, -NO_DAY)
        for reform in reforms.reforms:
            context.env.process(note_dates(context, reform))
        for planned in context.plan.evaluations:
            context.env.process(evaluation(context, planned))
        start_watchdogs(context)
        context.env.process(reviews.hold_reviews(context))
        context.env.process(open_campaigns(context))
        context.env.process(issue_orders(context))
        context.env.process(send_out_tours(context))

    @property
    def actors(self) -> Actors:
        """The departments' state."""
        return self.context.actors

    @property
    def log(self) -> list[Event]:
        """Reforms that start and end, reports, cases and corrections of a watchdog."""
        return self.context.log

    @property
    def pressure(self) -> Floats:
        """Weight of evaluations in season by office, shape (offices,)."""
        return self.context.seasons.pressure

    def day(self, number: int, hidden: Floats, found: Ints | None = None) -> Orders:
        """Run the events of one working day and hand over what they bring.

        Args:
            number: of the working day.
            hidden: violations hidden at each office in the morning, shape (offices,).
            found: violations that each visit of the day found, where that is known from an earlier run of the day.
        """
        context = self.context
        context.env.run(until=number + 1)
        visited = context.inbox.visits(number)
        if found is None:
            found = look(context, number, visited, hidden)
        self.found.append(found)
        context.seasons.weigh()
        orders = context.inbox.orders(number, context.plan.orders, visited, found, context.actors)
        find(context, number, visited, found)
        return orders

    def hear(self, day: int, complaints: Floats) -> Ints:
        """Let recent complaints by office call inspections; returns the offices that will be inspected."""
        oversight = self.context.scenario.oversight
        rested = day - self._triggered >= oversight.trigger_rest
        threshold = oversight.complaint_threshold * self.context.world.offices.load
        return np.flatnonzero((complaints > threshold) & rested)

    def trigger(self, day: int, offices: Ints) -> None:
        """Call triggered inspections of offices at the end of a day."""
        if offices.size:
            self._triggered[offices] = day
            trigger(self.context, day, offices)

    def review(self, which: Ints) -> None:
        """Let some departments review what they ask for, under the Policy of today."""
        reviews.review(self.context, which)

    def excess_by_level(self) -> Floats:
        """Mean excess of departments on each day so far, by level, shape (days, levels)."""
        return np.array(self.context.excess_by_day).reshape(-1, len(LEVELS))
