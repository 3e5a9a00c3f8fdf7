"""Runs for everybody who looks at the page: in processes beside the server, each once, the first replicates first."""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from threading import RLock
from typing import Any, NamedTuple
from weakref import WeakSet

from cadre_sim.comparison.arm_run import ArmRun, run_arm
from cadre_sim.comparison.compare import Comparison
from cadre_sim.comparison.effects import PairedRun, effects_of
from cadre_sim.comparison.pool import cores, new_pool
from cadre_sim.comparison.replicate import Job, warm_up
from cadre_sim.comparison.spawning import why_died
from cadre_sim.errors import ModelError
from cadre_sim.explorer.following import FollowJob, OfficeDay, follow
from cadre_sim.explorer.memory import collect
from cadre_sim.language import mark
from cadre_sim.scenario.loading import Arm
from cadre_sim.scenario.scenario import Scenario

KEPT = 600
"""Runs of which the results are kept in memory: those used last."""
DIED = mark("a process that runs the model died twice (killed, or out of memory); move something to try again")
"""What a page says of a run that cannot be had."""
FEWEST = 2
"""Replicates from which on there is an interval, and something to show."""


Work = tuple[Callable[[Any], Any], Any]
"""What a worker is given: a function, and its argument."""


class _Key(NamedTuple):
    """A piece of work: its place in the order, the scenario's digest, the seed, and the replicate or the day."""

    order: float
    digest: str
    seed: int
    number: int


class Visitor:
    """One page that somebody has open, and what it waits for."""

    def __init__(self, laboratory: Laboratory) -> None:
        """Wait for nothing yet."""
        self._laboratory = laboratory
        self.wanted: dict[str, set[_Key]] = {}

    def ask(self, arm: Arm, seed: int, replicates: int) -> Asked:
        """Ask for paired replicates; what was asked for before and has not begun is given up."""
        # The page shows no article, and a run that is shared knows nothing of one.
        arm = Arm(*(scenario.model_copy(update={"article": ()}) for scenario in arm))
        sides = [(scenario, scenario.digest) for scenario in (arm.baseline, arm.reform)]
        keys = [[_Key(r, digest, seed, r) for _, digest in sides] for r in range(replicates)]
        jobs: dict[_Key, Work] = {
            key: (run_arm, Job(scenario, seed, key.number))
            for pair in keys
            for key, (scenario, _) in zip(pair, sides, strict=True)
        }
        futures = self._laboratory.start(self, "runs", jobs)
        return Asked(arm, seed, [[futures[key] for key in pair] for pair in keys])

    def follow(self, scenario: Scenario, seed: int, day: int, part: str) -> Future[tuple[OfficeDay, ...]]:
        """Ask for one working day of the first replicate, office by office.

        Args:
            scenario: what to run.
            seed: root seed.
            day: number of the working day, from 0.
            part: what of the page it is for; what was asked for it before is given up.
        """
        key = _Key(FEWEST - 0.5, scenario.digest, seed, -1 - day)
        return self._laboratory.start(self, part, {key: (follow, FollowJob(scenario, seed, day))})[key]


class Asked(NamedTuple):
    """Paired replicates that were asked for, some of them perhaps still running.

    Attributes:
        arm: scenario and baseline.
        seed: root seed.
        pairs: the run of the baseline and the run of the scenario, by replicate.
    """

    arm: Arm
    seed: int
    pairs: list[list[Future[ArmRun]]]

    @property
    def ready(self) -> int:
        """How many replicates from the first on are there.

        Raises:
            ModelError: a run failed.
        """
        count = 0
        for pair in self.pairs:
            if not all(future.done() for future in pair):
                break
            for future in pair:
                future.result()
            count += 1
        return count

    @property
    def runs_done(self) -> tuple[int, int]:
        """Runs that are done, and all runs."""
        runs = [future for pair in self.pairs for future in pair]
        return sum(run.done() for run in runs), len(runs)

    def comparison(self, replicates: int) -> Comparison:
        """The first replicates as ``compare`` gives them.

        Raises:
            DivergenceError: two arms differ before the reform that parts them.
        """
        pairs = [PairedRun(baseline.result(), reform.result()) for baseline, reform in self.pairs[:replicates]]
        return Comparison(self.seed, replicates, (effects_of(self.arm, pairs),))


class Laboratory:
    """Worker processes, work that waits for them, and results by what they are results of."""

    def __init__(self, workers: int | None = None) -> None:
        """Prepare; processes start with :meth:`open`."""
        self._workers = workers or cores()
        self._lock = RLock()
        self._visitors: WeakSet[Visitor] = WeakSet()
        self._waiting: dict[_Key, Work] = {}
        self._kept: OrderedDict[_Key, Future[Any]] = OrderedDict()
        self._running = 0
        self._pool: ProcessPoolExecutor | None = None
        self._again: set[_Key] = set()
        self._closed = False
        self._program = sys.modules["__main__"], list(sys.path)

    def open(self) -> None:
        """Start the processes, and wait until each can run.

        Raises:
            ModelError: a process died.
            ScriptError: the processes cannot import the program that starts them.
        """
        warm_up()
        pool = self._processes()
        processes = pool._processes
        try:
            for future in [pool.submit(warm_up) for _ in range(self._workers)]:
                future.result()
        except BrokenProcessPool:
            pool.shutdown()
            raise why_died(processes.values(), "the page was not opened") from None

    def close(self) -> None:
        """End the processes, whatever they do."""
        with self._lock:
            self._closed = True
            self._waiting.clear()
            pool, self._pool = self._pool, None
        if pool is not None:
            for process in list((pool._processes or {}).values()):
                process.kill()  # it writes nothing; one that was stopped would not hear a gentler word
            pool.shutdown(wait=False, cancel_futures=True)

    def visitor(self) -> Visitor:
        """Somebody who opens the page."""
        visitor = Visitor(self)
        with self._lock:
            self._visitors.add(visitor)
        return visitor

    def start(self, visitor: Visitor, part: str, jobs: dict[_Key, Work]) -> dict[_Key, Future[Any]]:
        """Have jobs done, those that have been done or are under way not again; returns at once.

        Args:
            visitor: who asks.
            part: what of the page asks: what it asked for before and nobody else wants is given up.
            jobs: what to do.
        """
        with self._lock:
            visitor.wanted[part] = set(jobs)
            for key in list(self._waiting):
                if not any(key in keys for v in self._visitors for keys in v.wanted.values()):
                    del self._waiting[key]
                    self._kept.pop(key).cancel()
            for key, job in jobs.items():
                if key not in self._kept:
                    self._kept[key] = Future()
                    self._waiting[key] = job
                self._kept.move_to_end(key)
            found = {key: self._kept[key] for key in jobs}
            self._forget()
            self._feed()
        return found

    def _feed(self) -> None:
        """Give free workers the work that comes first: early replicates before later ones, whoever asked."""
        while self._waiting and self._running < self._workers:
            key = min(self._waiting)
            work = self._waiting.pop(key)
            self._running += 1
            pool = self._processes()
            self._be_the_program()
            try:
                given = pool.submit(_do, *work)
            except BrokenProcessPool as error:
                given = Future()
                given.set_exception(error)
            given.add_done_callback(partial(self._done, key, work, pool))

    def _be_the_program(self) -> None:
        """Have processes that start now import the program that opened this, as the first did.

        For each visitor marimo takes the page for the program, and has imports look into its folder first: a process
        that starts then would import the page, and what lies beside it in place of modules of Python's.
        """
        sys.modules["__main__"], sys.path[:] = self._program

    def _done(self, key: _Key, work: Work, pool: ProcessPoolExecutor, given: Future[Any]) -> None:
        if given.cancelled():
            return
        with self._lock:
            self._running -= 1
            if self._closed:
                return
            error = given.exception()
            died = isinstance(error, BrokenProcessPool)
            if died and self._pool is pool:
                self._pool = None
            future = self._kept.get(key)
            again = died and future is not None and key not in self._again
            if again:
                # All work that was under way ends when one process dies; it may not be this that killed it.
                self._again.add(key)
                self._waiting[key] = work
            else:
                self._again.discard(key)
            if error is not None and not again:
                # Not kept: whoever asks again gets another try.
                self._kept.pop(key, None)
            self._feed()
        if future is None or future.cancelled() or again:
            return
        if error is None:
            future.set_result(given.result())
        elif died:
            future.set_exception(ModelError(DIED))
        else:
            future.set_exception(error)

    def _forget(self) -> None:
        """Drop the results that nobody has used for longest."""
        for key in list(self._kept)[: max(0, len(self._kept) - KEPT)]:
            if self._kept[key].done():
                del self._kept[key]

    def _processes(self) -> ProcessPoolExecutor:
        with self._lock:
            if self._pool is None:
                self._pool = new_pool(self._workers)
            return self._pool


def _do(work: Callable[[Any], Any], job: Any) -> Any:
    """In a worker: do a piece of work, and leave nothing of it."""
    try:
        return work(job)
    finally:
        collect()
