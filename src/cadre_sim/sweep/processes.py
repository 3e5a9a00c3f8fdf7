"""The engine of one machine: a slot for each core, with a process that can die or hang without harm to the sweep.

A worker answers run by run, so that it is always known which run it is at: the first of those it was sent that has no
answer. When it dies, that run is the suspect: it is tried again alone, three times in all. When a run takes longer than
the time limit, its worker is killed. The other runs that were sent go to another worker. A worker that somebody stops
for so long is replaced as well, but its run is not to blame.
"""

from __future__ import annotations

import math
import os
import socket
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice
from multiprocessing.connection import wait
from multiprocessing.context import SpawnProcess

from cadre_sim.comparison.spawning import NO_GUARD, is_stopped, no_guard, spawn_context
from cadre_sim.errors import UserError, WorkerError
from cadre_sim.experiments.plan import Plan, Run
from cadre_sim.sweep.outcome import Failure, Outcome
from cadre_sim.sweep.worker import READY, Making, work

STRIKES = 3
"""Times that a run may take its process with it before it is given up."""
STARTS = 5
"""Times in a row that a process may end before it can begin: then something is wrong with all of them."""
BATCH_SECONDS = 1.0
"""Work in a batch: long beside the cost of sending it, short beside the patience of a person."""
MOST_SENT = 2000
"""Values of factors in a batch: little enough to lie in a pipe that nobody reads, so that sending never waits."""
STARTING = 300.0
"""Longest that a worker may take until it is ready [s]: it may have to compile the model."""
_TICK = 1.0
_STANDSTILL = 10.0
"""Longest that one round of looking at all workers takes [s] where nothing stops this process."""
Idle = Callable[[str], None]
"""Called about once a second, with what an engine waits for; empty where it is at work."""


class Slot:
    """A place for one worker process, and the runs that it has been sent."""

    def __init__(self, plan: Plan, making: Making) -> None:
        """Start a process."""
        self._plan = plan
        self._making = making
        self.sent: deque[Run] = deque()
        self.deaths = 0
        self._start()

    def _start(self) -> None:
        context = spawn_context(instead="")
        self.pipe, theirs = context.Pipe()
        given = theirs, self._plan, self._making, os.getpid()
        self.process: SpawnProcess = context.Process(target=work, args=given, daemon=True)
        self.process.start()
        theirs.close()
        self.ready = False
        self.paused = False
        self.since = time.monotonic()

    def send(self, batch: list[Run]) -> None:
        """Hand over runs; a worker that has died meanwhile is seen by its closed pipe."""
        if not self.sent:
            self.since = time.monotonic()
        self.sent.extend(batch)
        with suppress(OSError):
            self.pipe.send(batch)

    def again(self) -> list[Run]:
        """Put a new process in the place of one that is gone; returns the runs that it leaves unanswered."""
        left = list(self.sent)
        self.sent.clear()
        self.close()
        self._start()
        return left

    def close(self) -> None:
        """End the process, whatever it does."""
        self.process.kill()
        self.process.join()
        self.pipe.close()

    def overdue(self, limit: float) -> bool:
        """Whether the run that it is at takes longer than a limit [s], or its start longer than any.

        Time for which somebody has stopped the process is none of the run's: once it goes on, its time begins anew.
        """
        paused = is_stopped(self.process.pid)
        if self.paused and not paused:
            self.since = time.monotonic()
        self.paused = paused
        waited = time.monotonic() - self.since
        return waited > STARTING if not self.ready else bool(self.sent) and waited > limit


class Engine:
    """Sends the runs of a plan to worker processes and gives back what becomes of them, as it is known.

    Its processes stay from one call of :meth:`outcomes` to the next, until :meth:`close`.

    Attributes:
        seconds: mean time that a run takes [s]; not a number before the first.
    """

    def __init__(self, plan: Plan, workers: int, making: Making) -> None:
        """Prepare; processes start with :meth:`outcomes`."""
        self._slots: list[Slot] = []
        self._host = socket.gethostname()
        self._plan = plan
        self._workers = workers
        self._making = making
        self._limit = plan.experiment.time_limit
        self._strikes: Counter[str] = Counter()
        self._alone: deque[Run] = deque()
        self._returned: deque[Run] = deque()
        self._spent = 0.0
        self._known = 0
        self.seconds = math.nan

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End all processes, whatever they do."""
        while self._slots:
            self._slots.pop().close()

    def outcomes(self, runs: Iterator[Run], idle: Idle = lambda note: None) -> Iterator[Outcome]:
        """What becomes of each run, in the order in which they end.

        Args:
            runs: what to run; taken from as workers get free.
            idle: called about once a second, also when nothing ends.

        Raises:
            WorkerError: workers die before they can begin.
            InputError: what the runs read is not what the plan was made with.
            ScriptError: workers cannot import the program that starts them.
        """
        self._returned.extend(islice(runs, self._workers))
        while len(self._slots) < min(self._workers, len(self._returned)):
            self._slots.append(Slot(self._plan, self._making))
        while True:
            looked = time.monotonic()
            for slot in self._slots:
                self._feed(slot, runs)
            if not (self._returned or self._alone or any(slot.sent for slot in self._slots)):
                return
            ready = set(wait([slot.pipe for slot in self._slots], _TICK))
            for slot in self._slots:
                if slot.pipe in ready:
                    yield from self._heard(slot)
                elif slot.overdue(self._limit):
                    # One that is stopped for so long is replaced, and its run is not to blame.
                    yield from self._gone(slot, hung=True, blame=not slot.paused)
            idle("")
            passed = time.monotonic() - looked
            if passed > _STANDSTILL:
                # This process stood still, and its workers perhaps with it.
                for slot in self._slots:
                    slot.since += passed

    def _feed(self, slot: Slot, runs: Iterator[Run]) -> None:
        """Keep a worker in work: one batch that it is at and one that waits for it."""
        size = self._batch()
        if not slot.ready or len(slot.sent) > size // 2 or (slot.sent and self._strikes[slot.sent[-1].key]):
            return
        if self._alone:
            # A suspect runs with nothing beside it, so that nobody else is blamed when it dies again.
            if not slot.sent:
                slot.send([self._alone.popleft()])
            return
        batch: list[Run] = []
        while len(batch) < size:
            run = self._returned.popleft() if self._returned else next(runs, None)
            if run is None:
                break
            batch.append(run)
        if batch:
            slot.send(batch)

    def _batch(self) -> int:
        if not self._known:
            return 1
        most = MOST_SENT // (len(self._plan.factors) + 10)
        return max(1, min(most, int(BATCH_SECONDS / max(self.seconds, 1e-6))))

    def _heard(self, slot: Slot) -> Iterator[Outcome]:
        """Take in what a worker has sent, or that it is dead."""
        while True:
            try:
                if not slot.pipe.poll():
                    return
                message = slot.pipe.recv()
            except (EOFError, OSError):
                yield from self._gone(slot, hung=False)
                return
            slot.since = time.monotonic()
            if message == READY:
                slot.ready, slot.deaths = True, 0
                return
            if isinstance(message, UserError):
                raise message
            outcome: Outcome = message
            slot.sent.popleft()
            self._spent += outcome.seconds
            self._known += 1
            self.seconds = self._spent / self._known
            yield self._placed(slot, outcome)

    def _placed(self, slot: Slot, outcome: Outcome) -> Outcome:
        """The same, with where it was."""
        return outcome._replace(host=self._host, process=slot.process.pid or 0, ended=time.time())

    def _gone(self, slot: Slot, hung: bool, blame: bool = True) -> Iterator[Outcome]:
        """Replace a worker that is dead or hangs; the run that it was at is blamed, where a run can be."""
        if not slot.ready:
            slot.deaths += 1
            slot.process.join(_TICK)
            if slot.process.exitcode == NO_GUARD:
                raise no_guard() from None
            if slot.deaths >= STARTS:
                raise WorkerError(
                    "worker processes end before they can begin: killed, or out of memory "
                    f"(exit code {slot.process.exitcode})"
                )
        seconds = time.monotonic() - slot.since
        failure = self._blamed(slot.sent[0], hung) if slot.sent and blame else None
        failed = self._placed(slot, Outcome(slot.sent[0], (), failure, seconds)) if failure else None
        left = slot.again()
        if not left:
            return
        suspect, *others = left
        self._returned.extendleft(reversed(others))
        if failed:
            yield failed
        else:
            self._alone.append(suspect)

    def _blamed(self, suspect: Run, hung: bool) -> Failure | None:
        """Why a run is given up that its worker hangs at or died with; None where it is to be tried again."""
        if hung:
            return Failure("hung", f"took longer than the time limit of {self._limit:g} s and was ended")
        self._strikes[suspect.key] += 1
        if self._strikes[suspect.key] < STRIKES:
            return None
        return Failure("crashed", f"its process died {STRIKES} times (killed, or out of memory)")
