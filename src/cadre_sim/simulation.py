"""One run of a scenario: world, events, reforms and workday tied together, one step a working day."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import date
from itertools import pairwise
from time import perf_counter
from typing import Any, TypedDict

import numpy as np

from cadre_sim.activities import ACTIVITIES
from cadre_sim.errors import ModelError
from cadre_sim.events.orders import Orders
from cadre_sim.events.run import EventRun
from cadre_sim.record.recorder import Recorder
from cadre_sim.record.result import RunResult
from cadre_sim.record.snapshot import Snapshot, restore, take
from cadre_sim.reforms.force import Reforms, on_duty
from cadre_sim.reforms.policy import Policy
from cadre_sim.rules import rule_of
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


class Simulation:
    """One run of a scenario under one seed.

    ``step`` is one working day, ``run`` all that are left of the period. :class:`cadre_sim.CadreModel` shows the same
    run as a Mesa model with agents.

    Attributes:
        scenario: what is run.
        key: seed and replicate.
        world: offices, cadres and areas.
        columns: the hot state, see :class:`cadre_sim.workday.columns.Columns`.
        calendar: the working days of the run.
        reforms: the reforms of the scenario, with the policy that they make on each day.
        events: what comes from above.
        recorder: what the run has left so far.
        day: working days that have passed.
        triggers: for each day on which complaints called for inspections, the day and the offices.
        costs: seconds spent on each step of a day; None (the default) where nobody asks for them.
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
        self.scenario = scenario
        self.key = Key(seed, replicate)
        self.threads = threads
        self._pool = ThreadPoolExecutor(threads) if threads > 1 else None
        self.calendar = WorkCalendar(scenario.period, scenario.calendar)
        self.world = build_world(scenario, self.key)
        self.reforms = Reforms(scenario, self.world, self.calendar, self.key)
        self.events = EventRun(scenario, self.world, self.calendar, self.reforms, self.key)
        columns = new_columns(self.world, parameters_of(scenario), categories_of(scenario), self.key)
        self._rule = rule_of(scenario.behaviour.rule)
        self.columns = columns._replace(cadres=on_duty(self.world, self.reforms))
        self.recorder = Recorder(scenario, self.world, self.calendar, record_cadres)
        self.day = 0
        self.triggers: list[tuple[int, tuple[int, ...]]] = []
        self.costs: dict[str, float] | None = None

    @property
    def is_over(self) -> bool:
        """Whether no working day of the period is left."""
        return self.day >= self.calendar.days

    @property
    def date(self) -> date | None:
        """Date of the last working day that was simulated; None before the first."""
        return None if self.day == 0 else self.calendar.dates[self.day - 1].item()

    def step(self) -> None:
        """Simulate one working day.

        Raises:
            ModelError: the period of the scenario is over.
        """
        if self.is_over:
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
    def resume(cls, scenario: Scenario, snapshot: Snapshot, *, threads: int = 1) -> Simulation:
        """Go on with a run that was cut: the events are rebuilt from their plan, the state is put back.

        Args:
            scenario: the scenario of the run that was cut.
            snapshot: what :meth:`snapshot` gave.
            threads: threads for the workday.
        """
        simulation = cls(scenario, threads=threads, **run_of(snapshot))
        simulation.restore(snapshot)
        return simulation

    def restore(self, snapshot: Snapshot) -> None:
        """Go on from a snapshot of the same run; this one must be before its first day, see :meth:`resume`."""
        called = dict(snapshot.triggers)
        for number in range(snapshot.day):
            self.events.day(number, self.columns.office.hidden, snapshot.found[number])
            self.events.trigger(number, np.array(called.get(number, ()), np.int64))
        self.columns = restore(snapshot, self.columns, self.recorder)
        self.triggers = list(snapshot.triggers)
        self.day = snapshot.day

    def _from_above(self, number: int) -> tuple[Today, Policy, Orders]:
        """Inputs of a day: date, policy, orders."""
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


class _RunOptions(TypedDict):
    seed: int
    replicate: int
    record_cadres: bool


def run_of(snapshot: Snapshot) -> _RunOptions:
    """Which run a snapshot is of, as :class:`Simulation` takes it."""
    recorded = snapshot.recorded.cadre_days is not None
    return {"seed": snapshot.key.seed, "replicate": snapshot.key.replicate, "record_cadres": recorded}
