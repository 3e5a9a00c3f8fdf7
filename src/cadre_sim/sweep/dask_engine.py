"""The engine of a cluster: sends batches of runs to the workers of a Dask scheduler, wherever they are.

It only deals with whole workers: one that is lost (its job cancelled, its node down) loses its batches, which are sent
again. What happens to a run is known where it runs, see :mod:`~cadre_sim.sweep.dask_host`.
"""

from __future__ import annotations

import logging
import math
import time
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count, islice
from queue import Empty, SimpleQueue
from typing import Any

import dask
from distributed import Client, Future

from cadre_sim.errors import ClusterError, UserError, WorkerError
from cadre_sim.experiments.plan import Plan, Run
from cadre_sim.sweep.cluster_file import SlurmJobs
from cadre_sim.sweep.dask_host import PREFIX, Host, forget_left, run_batch
from cadre_sim.sweep.outcome import Failure, Outcome
from cadre_sim.sweep.processes import Idle
from cadre_sim.sweep.slurm import Slurm
from cadre_sim.sweep.worker import Making
from cadre_sim.version import model_version

BATCH_SECONDS = 3.0
"""Work in a batch: Dask's 5 ms are nothing beside it, and little is lost with a worker."""
MOST_RUNS = 5000
WINDOW = 2
"""Batches in flight for each thread of a worker: one that it is at and one that waits."""
LOSSES = 12
"""Times that a run may be lost with the worker that it was sent to before it is given up."""
GIVEN_UP = 3
"""Runs that may be given up in a row while nothing comes back from anywhere: then it is not they who are to blame."""
CONNECTING = 5.0
"""Longest that a scheduler may take to answer [s]."""
FETCHING = 10.0
"""Longest that an answer that is there may take to come [s]; then its worker is taken for lost."""
_TICK = 1.0
SETTINGS = {
    # A batch that is lost comes back at once: who is to blame is ours to find out.
    "distributed.scheduler.allowed-failures": 0,
    # Batches wait at the scheduler until a thread is free, so none waits behind a run that hangs.
    "distributed.scheduler.work-stealing": False,
    "distributed.scheduler.worker-saturation": 1.0,
    # Busy machines and network file systems stand still for minutes at times.
    "distributed.scheduler.worker-ttl": "15 minutes",
    "distributed.comm.timeouts.connect": "60s",
    "distributed.comm.timeouts.tcp": "10 minutes",
}
"""Of the schedulers that we start; of another, see docs/cluster.md."""


@dataclass
class _Batch:
    """Runs that are sent together, and how often they were lost with a worker."""

    runs: list[Run]
    losses: int = 0


class DaskEngine:
    """Sends the runs of a plan to Dask workers; used as :class:`~cadre_sim.sweep.processes.Engine` is.

    Attributes:
        seconds: mean time that a run takes [s]; not a number before the first.
    """

    def __init__(self, plan: Plan, cluster: str | SlurmJobs, making: Making) -> None:
        """Connect to a scheduler at an address, or start one with jobs of Slurm.

        Raises:
            ClusterError: no scheduler answers there, or Slurm does not take the jobs.
        """
        # What Dask logs is how it copes; what comes of it, we say ourselves.
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        self._known = 0
        self._spent = 0.0
        self._given_up = 0
        self.seconds = math.nan
        self._answered: SimpleQueue[Future] = SimpleQueue()
        self._sent: dict[Any, tuple[Future, _Batch]] = {}
        self._returned: deque[_Batch] = deque()
        self._number = count()
        self._threads = 0
        self._looked = -math.inf
        self._where = cluster if isinstance(cluster, str) else "here"
        self._slurm: Slurm | None = None
        with ExitStack() as stack:
            stack.enter_context(dask.config.set(SETTINGS))
            if isinstance(cluster, SlurmJobs):
                self._slurm = stack.enter_context(Slurm(cluster))
            address = cluster if isinstance(cluster, str) else self._slurm.address if self._slurm else ""
            self._client = stack.enter_context(_connected(address))
            self._name = PREFIX + self._client.id
            self._client.run_on_scheduler(forget_left)
            self._client.register_plugin(Host(self._name, plan, making, model_version()))
            stack.callback(self._leave)
            self._stack = stack.pop_all()

    def __enter__(self) -> DaskEngine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Take back what is in flight, end the processes that the workers host, and the jobs where they are ours."""
        self._stack.close()

    def _leave(self) -> None:
        """On a scheduler that stays: leave nothing behind."""
        if self._client.status == "running":
            self._client.cancel([future for future, _ in self._sent.values()], force=True)
            self._client.unregister_worker_plugin(self._name)

    def outcomes(self, runs: Iterator[Run], idle: Idle = lambda note: None) -> Iterator[Outcome]:
        """What becomes of each run, batch by batch as they come back.

        Args:
            runs: what to run; taken from as workers get free.
            idle: called about once a second, also when nothing ends, with what is waited for.

        Raises:
            ClusterError: the scheduler is gone, or batches are lost again and again and nothing comes back.
        """
        while True:
            self._look()
            self._feed(runs)
            if not (self._sent or self._returned):
                return
            for future in self._some_answers():
                yield from self._heard(future)
            idle("" if self._threads else "waiting for workers")

    def _look(self) -> None:
        """About once a second: is the scheduler there, how many workers has it, and has Slurm all its jobs?"""
        if self._client.status != "running":
            raise ClusterError(f"the Dask scheduler ({self._where}) is gone")
        if time.monotonic() - self._looked >= _TICK:
            try:
                self._threads = sum(self._client.nthreads().values())
            except OSError:
                raise ClusterError(f"the Dask scheduler ({self._where}) is gone") from None
            if self._slurm:
                self._slurm.ask_again(self._known)
            self._looked = time.monotonic()

    def _feed(self, runs: Iterator[Run]) -> None:
        """Keep the window full; a batch that has no place in it yet is kept, so that the last of all is known."""
        while self._returned or self._take(runs):
            if len(self._sent) >= WINDOW * self._threads:
                return
            batch = self._returned.popleft()
            # One group of keys: Dask keeps tasks of a large group back until a thread is free.
            key = (self._name, next(self._number))
            future = self._client.submit(run_batch, self._name, batch.runs, key=key, pure=False)
            self._sent[key] = future, batch
            future.add_done_callback(self._answered.put)

    def _take(self, runs: Iterator[Run]) -> bool:
        """Make the next batch; false when there are no more runs."""
        size = 1 if not self._known else max(1, min(MOST_RUNS, int(BATCH_SECONDS / max(self.seconds, 1e-6))))
        taken = list(islice(runs, size))
        if taken:
            self._returned.append(_Batch(taken))
        return bool(taken)

    def _some_answers(self) -> Iterator[Future]:
        """Wait for an answer, but not long; then all that have come."""
        try:
            yield self._answered.get(timeout=_TICK)
            while True:
                yield self._answered.get_nowait()
        except Empty:
            return

    def _heard(self, future: Future) -> Iterator[Outcome]:
        """Take in what came of a batch; where its worker was lost, it is sent again."""
        _, batch = self._sent.pop(future.key)
        try:
            outcomes: list[Outcome] = future.result(timeout=FETCHING)
        except Exception as error:
            if isinstance(error, UserError) and not isinstance(error, WorkerError):
                raise
            future.cancel(force=True)
            yield from self._lost(batch, error)
            return
        finally:
            future.release()
        for outcome in outcomes:
            self._known += 1
            self._spent += outcome.seconds
        self.seconds = self._spent / self._known
        self._given_up = 0
        yield from outcomes

    def _lost(self, batch: _Batch, error: Exception) -> Iterator[Outcome]:
        """Send the halves of a batch again, so that a run that takes whole workers with it is soon alone.

        A single run that is lost again and again is given up.
        """
        if self._client.status != "running":
            raise ClusterError(f"the Dask scheduler ({self._where}) is gone")
        losses = batch.losses + 1
        if losses < LOSSES or len(batch.runs) > 1:
            middle = (len(batch.runs) + 1) // 2
            self._returned.extend(_Batch(half, losses) for half in (batch.runs[:middle], batch.runs[middle:]) if half)
            return
        self._given_up += 1
        if self._given_up >= GIVEN_UP:
            raise ClusterError(
                f"{self._given_up} runs in a row were lost {losses} times each with the Dask workers that they went "
                f"to, and nothing came back: {error}"
            )
        text = f"the worker that it was sent to was lost {losses} times (its job cancelled, out of memory or of time)"
        yield Outcome(batch.runs[0], (), Failure("crashed", text), 0.0)


def threads_of(address: str) -> int:
    """How many runs the workers of a Dask scheduler make at once; 1 where none has come yet.

    Raises:
        ClusterError: no scheduler answers there.
    """
    with _connected(address) as client:
        return max(1, sum(client.nthreads().values()))


def _connected(address: str) -> Client:
    try:
        return Client(address, timeout=CONNECTING, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise ClusterError(f"no Dask scheduler answers at {address}: {str(error).splitlines()[0]}") from None
