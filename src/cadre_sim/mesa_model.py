"""The model as Mesa knows it: a view on a simulation, with agents to look at and to reach in through.

It is imported only when somebody asks for it, since Mesa takes longer to import than all that a run needs.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import mesa
import numpy as np

from cadre_sim.activities import ACTIVITIES, GROUPS
from cadre_sim.events.departments import departments_of
from cadre_sim.events.run import EventRun
from cadre_sim.levels import LEVELS
from cadre_sim.record.metrics import metric_of_day
from cadre_sim.record.recorder import Recorder
from cadre_sim.record.result import RunResult
from cadre_sim.record.snapshot import Snapshot
from cadre_sim.scenario.departments import DepartmentGroup
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.simulation import Simulation, run_of
from cadre_sim.workday.columns import Columns
from cadre_sim.workday.outputs import OUTPUTS
from cadre_sim.world.calendar import WorkCalendar
from cadre_sim.world.columns import KINDS, RANKS, World

COLLECTED = (
    "service_hours", "burden_hours", "total_hours", "overtime_hours", "open_matters", "complaints", "motivation",
    "burnt_out_share",
)  # fmt: skip
"""Metrics that the data collector of a model has of each day, by their names in the data dictionary."""


class CadreModel(mesa.Model):
    """One run of a scenario under one seed, as a Mesa model.

    ``model.step()`` is one working day, ``model.run_for(20)`` twenty of them; ``model.running`` is false after the last
    day of the period. ``model.agents_by_type[Cadre]`` and the other agent sets can be selected, aggregated and
    collected. The agents are views on the columns, made when they are first asked for. ``model.datacollector`` has the
    metrics of :data:`COLLECTED` and the date for each day that was stepped through.

    Attributes:
        simulation: the run that this is a view on; its ``scenario`` is what is run.
    """

    def __init__(
        self,
        scenario: Scenario,
        *,
        seed: int = 1,
        replicate: int = 0,
        threads: int = 1,
        record_cadres: bool = False,
    ) -> None:
        """Build the world of a scenario, before its first day.

        Args:
            scenario: what to run.
            seed: root seed of all random streams, 0 to 2^32 - 1.
            replicate: which replicate under that seed; replicates of all arms share their random numbers.
            threads: threads for the workday; results do not depend on it.
            record_cadres: keep the hours of every cadre and day (large: 160 bytes a cadre and day).

        Raises:
            ValueError: no seed. Mesa's ``batch_run`` gives none where, from Mesa 3.5 on, ``rng`` has no seeds for it.
        """
        if seed is None:
            raise ValueError("seed must be a whole number (got None); seeds of batch_run are given as rng=[1, 2]")
        simulation = Simulation(scenario, seed=seed, replicate=replicate, threads=threads, record_cadres=record_cadres)
        super().__init__(rng=seed)
        self.simulation = simulation
        self.datacollector = mesa.DataCollector({"date": "date"} | {name: _reporter(name) for name in COLLECTED})
        self.running = not self.simulation.is_over
        self._views_made = False

    @property
    def world(self) -> World:
        """Offices, cadres and areas."""
        return self.simulation.world

    @property
    def columns(self) -> Columns:
        """The hot state, see :class:`cadre_sim.workday.columns.Columns`."""
        return self.simulation.columns

    @property
    def calendar(self) -> WorkCalendar:
        """The working days of the run."""
        return self.simulation.calendar

    @property
    def events(self) -> EventRun:
        """What comes from above."""
        return self.simulation.events

    @property
    def recorder(self) -> Recorder:
        """What the run has left so far."""
        return self.simulation.recorder

    @property
    def day(self) -> int:
        """Working days that have passed."""
        return self.simulation.day

    @property
    def date(self) -> datetime.date | None:
        """Date of the last working day that was simulated; None before the first."""
        return self.simulation.date

    def step(self) -> None:
        """Simulate one working day, and collect its metrics.

        Raises:
            ModelError: the period of the scenario is over.
        """
        self.simulation.step()
        self.running = not self.simulation.is_over
        self.datacollector.collect(self)

    def run_for(self, days: int) -> None:
        """Simulate a number of working days, or fewer where the period ends."""
        for _ in range(min(days, self.calendar.days - self.day)):
            self.step()

    def run(self) -> RunResult:
        """Simulate what is left of the period, and return what the run leaves."""
        self.run_for(self.calendar.days - self.day)
        return self.result()

    def result(self) -> RunResult:
        """What the run has left so far."""
        return self.simulation.result()

    def hours_today(self) -> dict[str, np.ndarray]:
        """Hours of the last day by activity, each of shape (cadres,)."""
        return self.simulation.hours_today()

    def snapshot(self) -> Snapshot:
        """All that is needed to go on from here in another process, see :meth:`resume`."""
        return self.simulation.snapshot()

    @classmethod
    def resume(cls, scenario: Scenario, snapshot: Snapshot, *, threads: int = 1) -> CadreModel:
        """Go on with a run that was cut; what its data collector had is not in a snapshot.

        Args:
            scenario: the scenario of the run that was cut.
            snapshot: what :meth:`snapshot` gave.
            threads: threads for the workday.
        """
        model = cls(scenario, threads=threads, **run_of(snapshot))
        model.simulation.restore(snapshot)
        model.running = not model.simulation.is_over
        return model

    @property
    def agents(self) -> Any:
        """All offices, cadres and departments as an AgentSet."""
        self._make_views()
        return super().agents

    @agents.setter
    def agents(self, value: object) -> None:
        raise AttributeError("the agents of a model are made from its columns and cannot be set")

    @property
    def agents_by_type(self) -> Any:
        """AgentSets by class: Office, Cadre and Department."""
        self._make_views()
        return super().agents_by_type

    @property
    def agent_types(self) -> list[type]:
        """Office, Cadre and Department, as far as there are any."""
        self._make_views()
        return super().agent_types

    def _make_views(self) -> None:
        if not self._views_made:
            self._views_made = True
            make_views(self)


def _reporter(name: str) -> Callable[[CadreModel], float]:
    """What a metric is on the last day of a model."""

    def of_last_day(model: CadreModel) -> float:
        return metric_of_day(name, model.recorder.recorded.daily[model.day - 1])

    return of_last_day


class Office(mesa.Agent):
    """A village committee, an urban community or a township government."""

    def __init__(self, model: CadreModel, row: int) -> None:
        """View the office in a row of the columns."""
        super().__init__(model)
        self.row = row
        self.cadres: list[Cadre] = []

    @property
    def name(self) -> str:
        """Name of the office."""
        return str(self.model.world.office_names[self.row])

    @property
    def kind(self) -> str:
        """village, community or township."""
        return KINDS[self.model.world.offices.kind[self.row]]

    @property
    def county(self) -> str:
        """Name of its county."""
        world = self.model.world
        return str(world.area_names[world.offices.county[self.row]])

    @property
    def residents(self) -> int:
        """Residents whom it serves [persons]."""
        return int(self.model.world.offices.residents[self.row])

    @property
    def open_items(self) -> int:
        """Matters and work from above that it owes."""
        return int(self.model.columns.queues.length[self.row].sum())

    @property
    def felt_visits(self) -> float:
        """Visits a week as the office feels them."""
        return float(self.model.columns.office.felt[self.row])

    @property
    def today(self) -> dict[str, float]:
        """The office's numbers of the last day, by name of output."""
        return dict(zip(OUTPUTS, self.model.columns.day.out[self.row].tolist(), strict=True))


class _State:
    """A cadre's state, kept in the columns; values outside 0 to 1 are refused."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, agent: Any, owner: type | None = None) -> Any:
        if agent is None:
            return self
        return float(getattr(agent.model.columns.cadre, self.name)[agent.row])

    def __set__(self, agent: Any, value: float) -> None:
        if not 0.0 <= value <= 1.0:
            raise ValueError(f"{self.name} must be between 0 and 1 (got {value})")
        getattr(agent.model.columns.cadre, self.name)[agent.row] = value


class Cadre(mesa.Agent):
    """One person on an office's staff."""

    motivation = _State()
    caution = _State()
    fatigue = _State()

    def __init__(self, model: CadreModel, row: int, office: Office) -> None:
        """View the cadre in a row of the columns."""
        super().__init__(model)
        self.row = row
        self.office = office

    @property
    def rank(self) -> str:
        """village, township, deployed or specialist."""
        return RANKS[self.model.world.cadres.rank[self.row]]

    @property
    def skill(self) -> float:
        """Work done an hour, mean 1."""
        return float(self.model.columns.cadre.skill[self.row])

    @property
    def present(self) -> bool:
        """Whether the cadre was at work on the last day."""
        return bool(self.model.columns.day.present[self.row])

    @property
    def overtime(self) -> float:
        """Overtime of the last day [h]."""
        return float(self.model.columns.day.overtime[self.row])

    @property
    def hours(self) -> dict[str, float]:
        """Hours of the last day by activity [h]."""
        return dict(zip(ACTIVITIES, self.model.columns.day.hours[self.row].tolist(), strict=True))

    def hours_of(self, group: str) -> float:
        """Hours of the last day of a group of activities, such as "service" [h]."""
        return sum(self.hours[name] for name in GROUPS[group])


class _Asked:
    """A department's state, kept by the events; negative values are refused."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, agent: Any, owner: type | None = None) -> Any:
        if agent is None:
            return self
        return float(getattr(agent.model.events.actors, self.name)[agent.row])

    def __set__(self, agent: Any, value: float) -> None:
        if not value >= 0.0:
            raise ValueError(f"{self.name} must not be negative (got {value})")
        getattr(agent.model.events.actors, self.name)[agent.row] = value


class Department(mesa.Agent):
    """A body at city, county or township level that issues inspections, meetings, forms and tasks.

    ``excess``: share by which it asks for more than its plan. ``diverting``: how far it has found other channels for
    what is cut. ``deterred``: how far a case of the watchdog still deters it. It acts once a month.
    """

    excess = _Asked("excess")
    diverting = _Asked("diverting")
    deterred = _Asked("deterred")

    def __init__(self, model: CadreModel, row: int, group: str, plan: DepartmentGroup, area: int, number: int) -> None:
        """View a department of an area."""
        super().__init__(model)
        self.row = row
        self.group = group
        self.plan = plan
        self.area = area
        self.number = number

    @property
    def level(self) -> str:
        """city, county or township."""
        return LEVELS[int(self.model.world.area_level[self.area])]

    def step(self) -> None:
        """Review what it asks for, as it does once a month: excess creeps up, other channels are found."""
        self.model.events.review(np.array([self.row]))

    @property
    def area_name(self) -> str:
        """Name of the area that it acts on."""
        return str(self.model.world.area_names[self.area])


def make_views(model: CadreModel) -> None:
    """Make all agents of a model: departments, then offices, each with its cadres."""
    for group in departments_of(model.simulation.scenario, model.world):
        for place, (area, number) in enumerate(zip(group.area, group.number, strict=True)):
            Department(model, group.first + place, group.group, group.plan, int(area), int(number))
    first = model.world.offices.first
    for row in range(model.world.offices.kind.size):
        office = Office(model, row)
        office.cadres = [Cadre(model, i, office) for i in range(first[row], first[row + 1])]
