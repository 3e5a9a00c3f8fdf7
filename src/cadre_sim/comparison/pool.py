"""Running jobs on the cores of one machine: a pool of processes that leaves nothing behind."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

from cadre_sim.comparison.spawning import is_stopped, spawn_context, why_died
from cadre_sim.errors import WorkerError
from cadre_sim.rules import RuleSource, known_rules, use_rules

_J = TypeVar("_J")
_R = TypeVar("_R")
WINDOW = 2
"""Jobs that wait for each worker: enough that none is idle, few enough that results do not pile up."""
LOOKING = 30.0
"""Seconds without a result after which workers are looked at: somebody may have stopped them."""
NO_THREADS = "no more processes or threads can be started (ulimit -u); nothing was written"
ENDING = 5.0
"""Longest that a worker that has nothing more to do may take to end [s]."""


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_jobs(work: Callable[[_J], _R], jobs: Sequence[_J], workers: int) -> Iterator[tuple[int, _R]]:
    """Results as they come, each with the place of its job; with one worker, in this process.

    Raises:
        WorkerError: a worker died (killed, or out of memory).
        ScriptError: workers cannot import the program that starts them.
    """
    if workers <= 1 or len(jobs) <= 1:
        for place, job in enumerate(jobs):
            yield place, work(job)
        return
    pool = new_pool(min(workers, len(jobs)))
    processes = pool._processes
    try:
        yield from _drain(pool, work, jobs, workers)
        started = list(processes.values())
        pool.shutdown(wait=False)
        for process in started:
            process.join(ENDING)  # not for ever: it may have been stopped when it had nothing to do
            process.kill()
    except BrokenProcessPool:
        pool.shutdown()  # only then are all exit codes known
        raise why_died(processes.values(), "nothing was written") from None
    except RuntimeError as error:
        if "can't start new thread" not in str(error):
            raise
        raise WorkerError(NO_THREADS) from None
    finally:
        # Also when the caller was interrupted: cancel what waits, end what runs. A process that was stopped would not
        # hear that it is to terminate, and this one would wait for it at its own end.
        for process in list((pool._processes or {}).values()):
            process.kill()
        pool.shutdown(wait=False, cancel_futures=True)


def new_pool(workers: int) -> ProcessPoolExecutor:
    """A pool of worker processes that leave when this process does.

    Raises:
        ScriptError: workers cannot import the program that starts them.
    """
    # Those of a program or a package a worker imports by itself, or it never needs them.
    of_files = {name: source for name, source in known_rules().items() if source.file is not None}
    given = os.getpid(), of_files
    return ProcessPoolExecutor(workers, mp_context=spawn_context(), initializer=_start_with_rules, initargs=given)


def _drain(
    pool: ProcessPoolExecutor, work: Callable[[_J], _R], jobs: Sequence[_J], workers: int
) -> Iterator[tuple[int, _R]]:
    waiting: dict[Future[_R], int] = {}
    coming = iter(enumerate(jobs))
    told: set[int] = set()
    while True:
        for place, job in coming:
            waiting[pool.submit(work, job)] = place
            if len(waiting) >= WINDOW * workers:
                break
        if not waiting:
            return
        done, _ = wait(waiting, timeout=LOOKING, return_when=FIRST_COMPLETED)
        if not done:
            _tell_stopped(pool, told)
            manager: Any = pool._executor_manager_thread
            if manager is not None and not manager.is_alive():
                raise WorkerError(NO_THREADS)  # it would be waited for without end
        for future in done:
            yield waiting.pop(future), future.result()


def _tell_stopped(pool: ProcessPoolExecutor, told: set[int]) -> None:
    """Say of each worker that somebody has stopped, once, that it is waited for."""
    for pid in sorted({pid for pid in list(pool._processes or ()) if is_stopped(pid)} - told):
        told.add(pid)
        print(
            f"cadre-sim: process {pid} is stopped and waited for; kill -CONT {pid} lets it go on, Ctrl-C ends all",
            file=sys.stderr,
            flush=True,
        )


def _start_with_rules(parent: int, wanted: Mapping[str, RuleSource]) -> None:
    start_worker(parent)
    use_rules(wanted)


def start_worker(parent: int) -> None:
    """In a worker: leave interrupts to the parent, and leave when the parent does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1.0)
        os._exit(1)

    try:
        threading.Thread(target=watch, daemon=True).start()
    except RuntimeError:
        os._exit(1)  # no more threads for this user: the parent says that a worker died
