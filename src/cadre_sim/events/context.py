"""Context of a run's events: the state and the services that all its processes share.

A process takes the context and nothing above it: it reads the clock, the world and the Policy of today, asks for teams,
books visits, and puts into the inbox what offices are asked for.
"""

from __future__ import annotations

import numpy as np
import simpy

from cadre_sim.arrays import Floats, Ints
from cadre_sim.events.actors import Actors
from cadre_sim.events.bookings import Bookings
from cadre_sim.events.departments import departments_of
from cadre_sim.events.extra import ExtraTours
from cadre_sim.events.inbox import Inbox
from cadre_sim.events.log import Event
from cadre_sim.events.plan import plan_of
from cadre_sim.events.seasons import Seasons
from cadre_sim.events.teams import TeamPool
from cadre_sim.levels import CITY_LEVEL, COUNTY_LEVEL, TOWNSHIP_LEVEL
from cadre_sim.reforms.force import Reforms
from cadre_sim.reforms.policy import Policy
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.streams import Key
from cadre_sim.units import A_HUNDRED
from cadre_sim.world.calendar import WorkCalendar
from cadre_sim.world.columns import TOWNSHIP, World


class EventContext:
    """State and services that the processes of a run share.

    SimPy's clock counts working days; day t is the time from t up to, not including, t + 1.

    Attributes:
        scenario: what is run.
        world: its offices and areas.
        calendar: its working days.
        reforms: its reforms, which make the Policy of a day.
        key: seed and replicate of the draws.
        env: SimPy's clock and queue of events.
        plan: what departments plan.
        actors: the departments' state.
        inbox: what offices are asked for on coming days.
        teams: inspection teams of all areas.
        extra: follow-ups and triggered inspections to come.
        bookings: visits by office and month.
        seasons: evaluations in season.
        log: what happened beside visits: reforms that start and end, reports, cases and corrections of a watchdog.
        excess_by_day: mean excess of departments by level, an array a day so far.
    """

    def __init__(self, scenario: Scenario, world: World, calendar: WorkCalendar, reforms: Reforms, key: Key) -> None:
        """Plan a run, before its first day."""
        self.scenario, self.world, self.calendar, self.reforms, self.key = scenario, world, calendar, reforms, key
        self.env = simpy.Environment()
        groups = departments_of(scenario, world)
        offices, areas = world.offices.kind.size, world.area_level.size
        self.plan = plan_of(groups, calendar, key)
        self.actors = Actors(groups, areas, scenario.oversight, key)
        self.inbox = Inbox(offices, areas)
        self.teams = TeamPool(_team_numbers(scenario, world))
        self.extra = ExtraTours()
        self.bookings = Bookings(offices, calendar)
        self.seasons = Seasons(offices)
        self.log: list[Event] = []
        self.excess_by_day: list[Floats] = []
        self._offices_under: dict[int, Ints] = {}

    @property
    def today(self) -> int:
        """Number of the working day that the clock shows: between days, of the next."""
        return int(self.env.now)

    def policy(self) -> Policy:
        """The Policy of today."""
        return self.reforms.policy(self.today)

    def note(self, kind: str, name: str, area: int) -> None:
        """Write to the log that something happened today."""
        self.log.append(Event(self.today, kind, name, area))

    def escorts(self, policy: Policy, number: int | Floats, offices: Ints) -> Floats:
        """Escorts that a visit asks of each office, not rounded; shape (offices,)."""
        scaled: Floats = number * policy.reception_scale[offices] * self.world.offices.load[offices]
        return scaled

    def offices_under(self, area: int) -> Ints:
        """Offices that departments of an area act on: all in it, but a township government not on itself."""
        if area not in self._offices_under:
            offices = np.arange(self.world.area_first[area], self.world.area_last[area])
            if self.world.area_level[area] == TOWNSHIP_LEVEL:
                offices = offices[self.world.offices.kind[offices] != TOWNSHIP]
            self._offices_under[area] = offices
        return self._offices_under[area]

    def areas_of(self, offices: Ints, level: Ints) -> Ints:
        """The area of its level that each office lies in."""
        places = self.world.offices
        below_city = np.where(level == COUNTY_LEVEL, places.county[offices], places.township[offices])
        return np.where(level == CITY_LEVEL, places.city[offices], below_city)

    def sum_by_area(self, values: Floats) -> Floats:
        """Sum over the offices of each area, shape (areas,)."""
        sums = np.concatenate([[0.0], np.cumsum(values)])
        return sums[self.world.area_last] - sums[self.world.area_first]

    def mean_by_area(self, values: Floats) -> Floats:
        """Mean over the offices of each area, shape (areas,)."""
        mean: Floats = self.sum_by_area(values) / np.maximum(1, self.world.area_last - self.world.area_first)
        return mean


def _team_numbers(scenario: Scenario, world: World) -> Ints:
    """Teams of each area: in proportion to its offices, rounded up, at least one."""
    teams = scenario.oversight.teams
    per_office = np.array([teams.city, teams.county, teams.township])[world.area_level] / A_HUNDRED
    numbers = np.maximum(1, np.ceil(per_office * (world.area_last - world.area_first)))
    return numbers.astype(np.int64)
