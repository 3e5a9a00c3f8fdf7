"""The model: columns, events and reforms tied together, one step a working day, as a Mesa model."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import date
from itertools import pairwise
from time import perf_counter
from typing import Any

import mesa
import numpy as np

from cadre_sim.activities import ACTIVITIES
from cadre_sim.agents import make_views
from cadre_sim.errors import ModelError
from cadre_sim.events.orders import Orders
from cadre_sim.events.run import EventRun
from cadre_sim.record.recorder import Recorder
from cadre_sim.record.result import RunResult
from cadre_sim.record.snapshot import Snapshot, restore, take
from cadre_sim.reforms.force import Reforms, on_duty
from cadre_sim.reforms.policy import Policy
from cadre_sim.rules import rules
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.streams import Key
from cadre_sim.units import MOST_SEED
from cadre_sim.workday.columns import Today, new_columns
from cadre_sim.workday.cycle import BEFORE_ROOM, BEFORE_SHARE, STEPS, work
from cadre_sim.workday.parameters import categories_of, parameters_of, season_of
from cadre_sim.workday.queue import with_room
from cadre_sim.workday.weigh import weigh
from cadre_sim.world.build import build_world
from cadre_sim.world.calendar import WorkCalendar


class CadreModel(mesa.Model):
    """One run of a scenario under one seed.

    A Mesa model like any other: ``model.step()`` is one working day, ``model.run_for(20)`` twenty of them;
    ``model.agents_by_type[Cadre]`` and the other agent sets can be selected, aggregated and collected. The agents are
    views on the columns, made when they are first asked for.

    Attributes:
        world: offices, cadres and areas.
        columns: the hot state, see :class:`cadre_sim.workday.columns.Columns`.
        calendar: the working days of the run.
        events: what comes from above.
        recorder: what the run has left so far.
        day: working days that have passed.
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
        """
        for name, value in (("seed", seed), ("replicate", replicate)):
            if not 0 <= value <= MOST_SEED:
                raise ValueError(f"{name} must be between 0 and {MOST_SEED} (got {value})")
        self._scenario_of_run = scenario
        super().__init__(rng=seed)
        self.key = Key(seed, replicate)
        self.threads = threads
        self._pool = ThreadPoolExecutor(threads) if threads > 1 else None
        self.calendar = WorkCalendar(scenario.period, scenario.calendar)
        self.world = build_world(scenario, self.key)
        self.reforms = Reforms(scenario, self.world, self.calendar, self.key)
        self.events = EventRun(scenario, self.world, self.calendar, self.reforms, self.key)
        columns = new_columns(self.world, parameters_of(scenario), categories_of(scenario), self.key)
        self._rule = rules()[scenario.behaviour.rule]
        self.columns = columns._replace(cadres=on_duty(self.world, self.reforms))
        self.recorder = Recorder(scenario, self.world, self.calendar, record_cadres)
        self.day = 0
        self.triggers: list[tuple[int, tuple[int, ...]]] = []
        self.costs: dict[str, float] | None = None
        self._views_made = False

    @property
    def scenario(self) -> Scenario:
        """The scenario of this run."""
        return self._scenario_of_run

    @scenario.setter
    def scenario(self, value: object) -> None:
        # Mesa from 3.5 sets a scenario of its own kind here; a run keeps the one that it was made with.
        self._scenario_of_mesa = value

    @property
    def date(self) -> date | None:
        """Date of the last working day that was simulated; None before the first."""
        return None if self.day == 0 else self.calendar.dates[self.day - 1].item()

    def step(self) -> None:
        """Simulate one working day.

        Raises:
            ModelError: the period of the scenario is over.
        """
        if self.day >= self.calendar.days:
            raise ModelError(f"the period ended on {self.calendar.dates[-1]}; no working day is left")
        number = self.day
        self._work(*self._from_above(number))
        called = self.events.hear(number, self.columns.office.complaints)
        if called.size:
            self.triggers.append((number, tuple(int(u) for u in called)))
            self.events.trigger(number, called)
        with self._timed("record"):
            self.recorder.take(number, self.columns)
        self.day += 1
        self.running = self.day < self.calendar.days

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
        return self.recorder.result(self.key, self.columns, self.day, self.events)

    def hours_today(self) -> dict[str, np.ndarray]:
        """Hours of the last day by activity, each of shape (cadres,)."""
        return {name: self.columns.day.hours[:, k] for k, name in enumerate(ACTIVITIES)}

    def snapshot(self) -> Snapshot:
        """All that is needed to go on from here in another process, see :meth:`resume`."""
        return take(self.key, self.day, self.triggers, self.events.found, self.columns, self.recorder)

    @classmethod
    def resume(cls, scenario: Scenario, snapshot: Snapshot, *, threads: int = 1) -> CadreModel:
        """Go on with a run that was cut: the events are rebuilt from their plan, the state is put back.

        Args:
            scenario: the scenario of the run that was cut.
            snapshot: what :meth:`snapshot` gave.
            threads: threads for the workday.
        """
        record_cadres = snapshot.recorded.cadre_days is not None
        model = cls(
            scenario,
            seed=snapshot.key.seed,
            replicate=snapshot.key.replicate,
            threads=threads,
            record_cadres=record_cadres,
        )
        called = dict(snapshot.triggers)
        for number in range(snapshot.day):
            model.events.day(number, model.columns.office.hidden, snapshot.found[number])
            model.events.trigger(number, np.array(called.get(number, ()), np.int64))
        model.columns = restore(snapshot, model.columns, model.recorder)
        model.triggers = list(snapshot.triggers)
        model.day = snapshot.day
        model.running = model.day < model.calendar.days
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

    def _from_above(self, number: int) -> tuple[Today, Policy, Orders]:
        """What the offices' work of a day hangs on."""
        with self._timed("events"):
            orders = self.events.day(number, self.columns.office.hidden)
            self.columns.office.pressure[:] = self.events.pressure
        with self._timed("reforms"):
            policy = self.reforms.policy(number)
        season = season_of(self.scenario, int(self.calendar.month[number]), int(self.calendar.weekday[number]))
        return Today(number, int(self.calendar.ordinal[number]), self.calendar.ordinal, season), policy, orders

    def _work(self, today: Today, policy: Policy, orders: Orders) -> None:
        self._take_steps(0, BEFORE_ROOM, today, policy, orders)
        day = self.columns.day
        if day.short.any():
            self.columns = self.columns._replace(queues=with_room(self.columns.queues, day.needed))
        if self._rule is None:
            self._take_steps(BEFORE_ROOM, len(STEPS), today, policy, orders)
            return
        self._take_steps(BEFORE_ROOM, BEFORE_SHARE, today, policy, orders)
        with self._timed("weigh"):
            weigh(self.columns, self._rule)
        self._take_steps(BEFORE_SHARE, len(STEPS), today, policy, orders)

    def _take_steps(self, first: int, last: int, *today: Any) -> None:
        if self.costs is None:
            self._on_threads(first, last, *today)
            return
        for step in range(first, last):
            with self._timed(STEPS[step].name):
                self._on_threads(step, step + 1, *today)

    def _on_threads(self, first: int, last: int, *today: Any) -> None:
        offices = self.world.offices.kind.size
        if self._pool is None:
            work(first, last, 0, offices, self.columns, *today)
            return
        edges = [offices * k // self.threads for k in range(self.threads + 1)]
        parts = [self._pool.submit(work, first, last, a, b, self.columns, *today) for a, b in pairwise(edges)]
        for part in parts:
            part.result()

    def _timed(self, name: str) -> AbstractContextManager[None]:
        return nullcontext() if self.costs is None else self._stopwatch(name)

    @contextmanager
    def _stopwatch(self, name: str) -> Iterator[None]:
        assert self.costs is not None
        start = perf_counter()
        yield
        self.costs[name] = self.costs.get(name, 0.0) + perf_counter() - start
