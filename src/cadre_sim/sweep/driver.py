"""The driver of a sweep: sends what is missing to an engine and puts what comes back into the store."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cadre_sim.comparison.pool import cores
from cadre_sim.comparison.replicate import warm_up
from cadre_sim.comparison.spawning import spawn_context
from cadre_sim.errors import InputError, OutputError
from cadre_sim.experiments.plan import Plan, Run
from cadre_sim.reckoning.fitting import refuse_unfit
from cadre_sim.rules import check_rules
from cadre_sim.sweep.estimate import work_of
from cadre_sim.sweep.held_inputs import faulty_inputs, write_inputs
from cadre_sim.sweep.outcome import Outcome
from cadre_sim.sweep.plan_keys import keys_of, write_keys
from cadre_sim.sweep.processes import Engine
from cadre_sim.sweep.runner import Runner
from cadre_sim.sweep.store import Store, opened
from cadre_sim.sweep.worker import Making
from cadre_sim.version import model_version

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
ROUNDS = 5
"""Times that runs are done whose rows are gone from the disk by the end."""
SHOWN_FAILURES = 5
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
        lost: runs that were done again since their rows were gone from the disk before the end.
        outside: rows of runs that the experiment does not have, which count nowhere.
        mended: inputs that the store had no more, or otherwise than they were read, and has again.
    """

    path: Path
    total: int
    new: int
    failed: int
    failures: tuple[Outcome, ...]
    quarantined: tuple[str, ...]
    lost: int = 0
    outside: int = 0
    mended: tuple[str, ...] = ()


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
        InputError: the folder holds another sweep, or another version of the model; or what runs read is not what the
            plan was made with.
        ClusterError: the scheduler cannot be reached, or the cluster does not do the work.
        OutputError: the folder cannot be written, the disk is full, or rows vanish as often as they are written.
        ScriptError: workers cannot import the program that starts them.
        TooLargeError: what is missing does not fit into the memory or onto the disk.
    """
    if cluster is None:
        # Before the store is opened: a worker that imports a script without a guard ends here.
        spawn_context(instead="")
    if plan.version != model_version():
        raise InputError(
            f"the plan is of version {plan.version} of the model, and this is {model_version()}: load it anew"
        )
    check_rules(plan.rules)  # a plan that was read from a folder imports no code
    with opened(out, plan, new_version=new_version) as store:
        left = len(store.failed) if only_failed else max(plan.total() - len(store.done), 0)
        refuse_unfit(work_of(plan, left, workers, cluster), out)
        writer = _Writer(store, plan.total(), progress)
        planned = keys_of(plan) if only_failed else set[str]()
        missing = _failed(store, planned, writer) if only_failed else _missing(plan, store, planned, writer)
        lost: set[str] = set()
        for _ in range(ROUNDS):
            _do(missing, writer, lambda: _engine(plan, workers, making, cluster))
            with _told(out):
                gone = store.look_again() & planned
                if not gone and store.compact(planned):
                    break
            lost |= gone
            missing = _again(plan, gone, planned, writer)
        else:
            raise OutputError(f"{out}: rows of results vanish as often as they are written; the others are kept")
        with _told(out):
            mended = dict.fromkeys([*store.mended, *(file.name for file in faulty_inputs(out, plan))])
            write_inputs(out, plan)
            write_keys(out, planned)
        return SweepResult(
            path=out,
            total=plan.total(),
            new=writer.new,
            failed=len(store.failed & planned),
            failures=tuple(writer.failures),
            quarantined=tuple(store.quarantined),
            lost=len(lost),
            outside=len(store.done - planned),
            mended=tuple(mended),
        )


@contextmanager
def _told(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(f"{out}: results cannot be written: {error.strerror or error}") from None


def _do(missing: Iterator[Run], writer: _Writer, start: Callable[[], Engine | DaskEngine]) -> None:
    """Do the runs that are missing; an engine is started only where there are any."""
    first = next(missing, None)
    if first is None:
        return
    warm_up()
    with start() as engine:
        try:
            for outcome in engine.outcomes(_chain(first, missing), writer.tick):
                writer.take(outcome)
        finally:
            writer.write()


def _engine(plan: Plan, workers: int | None, making: Making, cluster: str | SlurmJobs | None) -> Engine | DaskEngine:
    if cluster is None:
        return Engine(plan, workers or cores(), making)
    from cadre_sim.sweep.dask_engine import DaskEngine  # here, since it takes a second to import

    return DaskEngine(plan, cluster, making)


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
        self.done = self.failed = 0

    def count(self, planned: Set[str]) -> None:
        """Count the runs of a plan that have a row."""
        self.done, self.failed = len(self._store.done & planned), len(self._store.failed & planned)

    def take(self, outcome: Outcome) -> None:
        self._waiting.append(outcome)
        again = outcome.run.key in self._store.failed
        if outcome.error is None:
            self.new += 1
            self.done += 1
            self.failed -= again
        else:
            self.failed += not again
            if len(self.failures) < SHOWN_FAILURES:
                self.failures.append(outcome)
        if len(self._waiting) >= MOST_WAITING:
            self.write()

    def tick(self, note: str) -> None:
        now = time.monotonic()
        if now - self._written >= min(LATEST_WRITE, max(FIRST_WRITE, SHARE_LOST * (now - self._start))):
            self.write()
        if self._progress:
            self._progress(self.done, self.failed, self._total, note)

    def write(self) -> None:
        waiting, self._waiting = self._waiting, []
        if waiting:
            self._store.add(waiting)
        self._written = time.monotonic()


def _missing(plan: Plan, store: Store, planned: set[str], writer: _Writer) -> Iterator[Run]:
    """The runs of a plan that have no row, worked out as they are used.

    Args:
        plan: the plan.
        store: its store.
        planned: the key of each run that is passed is added to it: in the end, of all.
        writer: counts what has a row.
    """
    writer.done = writer.failed = 0  # as many as have been passed: rows of other runs are none
    for run in plan.runs():
        planned.add(run.key)
        if run.key in store.done:
            writer.done += 1
        elif run.key in store.failed:
            writer.failed += 1
        else:
            yield run


def _failed(store: Store, planned: Set[str], writer: _Writer) -> Iterator[Run]:
    """The runs of a plan that failed."""
    writer.count(planned)
    return (run for run in store.failed_runs() if run.key in planned)


def _again(plan: Plan, gone: Set[str], planned: Set[str], writer: _Writer) -> Iterator[Run]:
    """The runs of a plan whose rows are gone."""
    writer.count(planned)
    return (run for run in plan.runs() if run.key in gone)


def _chain(first: Run, others: Iterator[Run]) -> Iterator[Run]:
    yield first
    yield from others
