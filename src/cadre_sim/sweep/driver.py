"""The driver of a sweep: sends what is missing to an engine and puts what comes back into the store."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cadre_sim.comparison.pool import cores
from cadre_sim.comparison.replicate import warm_up
from cadre_sim.comparison.spawning import spawn_context
from cadre_sim.errors import InputError
from cadre_sim.experiments.plan import Plan, Run
from cadre_sim.sweep.outcome import Outcome
from cadre_sim.sweep.processes import Engine
from cadre_sim.sweep.runner import Runner
from cadre_sim.sweep.store import Store, opened
from cadre_sim.sweep.worker import Making

if TYPE_CHECKING:
    from cadre_sim.sweep.cluster_file import SlurmJobs
    from cadre_sim.sweep.dask_engine import DaskEngine

FIRST_WRITE = 1.0
LATEST_WRITE = 60.0
SHARE_LOST = 0.05
"""A killed driver loses at most this share of its work, but never less than the first nor more than the latest [s]:
so that long sweeps do not leave a part for each second."""
MOST_WAITING = 20_000
"""Rows that wait to be written, however fast they come."""
SHOWN_FAILURES = 5
_LONG = 10.0
SweepProgress = Callable[[int, int, int, str], None]
"""Called with the runs that are done, those that failed, and all; and what is waited for, empty while work goes on."""


@dataclass(frozen=True)
class SweepResult:
    """What a sweep came to.

    Attributes:
        path: folder of its store.
        total: runs that the experiment has.
        new: runs done now.
        failed: runs that have failed and not been done since.
        failures: the first few failures of now.
        quarantined: parts that could not be read; their runs were done again.
    """

    path: Path
    total: int
    new: int
    failed: int
    failures: tuple[Outcome, ...]
    quarantined: tuple[str, ...]


def sweep(
    plan: Plan,
    out: Path,
    *,
    workers: int | None = None,
    new_version: bool = False,
    only_failed: bool = False,
    progress: SweepProgress | None = None,
    making: Making = Runner,
    cluster: str | SlurmJobs | None = None,
) -> SweepResult:
    """Do the runs of an experiment that its store has not.

    Args:
        plan: the experiment.
        out: folder of its store.
        workers: processes to use, by default one for each core; results do not depend on it.
        new_version: put aside what another version of the model left.
        only_failed: do those runs again that failed, and nothing else.
        progress: called about once a second.
        making: makes what does the runs, in each worker.
        cluster: what does the runs in place of processes here: the address of a Dask scheduler, or jobs of Slurm.

    Raises:
        InputError: the folder holds another sweep, or another version of the model.
        ClusterError: the scheduler cannot be reached, or the cluster does not do the work.
        OutputError: the folder cannot be written, or the disk is full.
        ScriptError: workers cannot import the program that starts them.
    """
    if cluster is None:
        spawn_context(
            instead=""
        )  # before the store is opened: a worker that imports a script without a guard ends here
    with opened(out, plan, new_version=new_version) as store:
        missing = store.failed_runs() if only_failed else _missing(plan, store)
        first = next(missing, None)
        writer = _Writer(store, plan.total(), progress)
        if first is not None:
            warm_up()
            with _engine(plan, workers, making, cluster) as engine:
                try:
                    for outcome in engine.outcomes(_chain(first, missing), writer.tick):
                        writer.take(outcome)
                finally:
                    writer.write()
        store.compact()
        failed = len(store.failed)
        return SweepResult(out, plan.total(), writer.new, failed, tuple(writer.failures), tuple(store.quarantined))


def _engine(plan: Plan, workers: int | None, making: Making, cluster: str | SlurmJobs | None) -> Engine | DaskEngine:
    if cluster is None:
        return Engine(plan, workers or cores(), making)
    from cadre_sim.sweep.dask_engine import DaskEngine  # here, since it takes a second to import

    return DaskEngine(plan, cluster, making)


@dataclass(frozen=True)
class Estimate:
    """What an experiment would take.

    Attributes:
        total: runs that it has.
        missing: those that its store has not, or all where there is none.
        run_seconds: time of the run that was measured [s].
        seconds: time for what is missing on so many workers [s].
        workers: processes.
        size: what the results of all runs take on disk [bytes].
    """

    total: int
    missing: int
    run_seconds: float
    seconds: float
    workers: int
    size: int


def estimate(plan: Plan, done: int, workers: int | None = None) -> Estimate:
    """Measure one run of the plan, and say what all would take.

    Args:
        plan: the experiment.
        done: runs that are done already.
        workers: processes that would be used, by default one for each core.

    Raises:
        InputError: the run that is measured fails.
    """
    warm_up()
    outcome_of = Runner(plan)
    first = next(plan.runs())
    outcome = outcome_of(first)
    if outcome.seconds < _LONG:
        # The first run of a process also loads the compiled code.
        outcome = outcome_of(first)
    if outcome.error is not None:
        raise InputError(f"{plan.path}: its first run fails: {outcome.error.text.strip().splitlines()[-1]}")
    total = plan.total()
    missing = max(total - done, 0)
    processes = min(workers or cores(), max(missing, 1))
    row = 8 * (len(plan.metrics) + len(plan.factors)) + 40
    return Estimate(total, missing, outcome.seconds, outcome.seconds * missing / processes, processes, row * total)


class _Writer:
    """Gathers rows and writes them now and then, so that parts are few and little is lost."""

    def __init__(self, store: Store, total: int, progress: SweepProgress | None) -> None:
        self.new = 0
        self.failures: list[Outcome] = []
        self._store = store
        self._total = total
        self._progress = progress
        self._waiting: list[Outcome] = []
        self._start = self._written = time.monotonic()
        self._done, self._failed = len(store.done), len(store.failed)

    def take(self, outcome: Outcome) -> None:
        self._waiting.append(outcome)
        again = outcome.run.key in self._store.failed
        if outcome.error is None:
            self.new += 1
            self._done += 1
            self._failed -= again
        else:
            self._failed += not again
            if len(self.failures) < SHOWN_FAILURES:
                self.failures.append(outcome)
        if len(self._waiting) >= MOST_WAITING:
            self.write()

    def tick(self, note: str) -> None:
        now = time.monotonic()
        if now - self._written >= min(LATEST_WRITE, max(FIRST_WRITE, SHARE_LOST * (now - self._start))):
            self.write()
        if self._progress:
            self._progress(self._done, self._failed, self._total, note)

    def write(self) -> None:
        waiting, self._waiting = self._waiting, []
        if waiting:
            self._store.add(waiting)
        self._written = time.monotonic()


def _missing(plan: Plan, store: Store) -> Iterator[Run]:
    known = store.done, store.failed
    return (run for run in plan.runs() if run.key not in known[0] and run.key not in known[1])


def _chain(first: Run, others: Iterator[Run]) -> Iterator[Run]:
    yield first
    yield from others
