"""A pool of worker processes gives every result, tells what went wrong, and leaves no process behind."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from cadre_sim.comparison.pool import cores, run_jobs
from cadre_sim.errors import Problem, ScenarioError, UnknownNameError, WorkerError
from process_table import worker_pids
from waiting import until

pytestmark = pytest.mark.process

PROBLEM = Problem("x.yaml", 3, 5, "staff.absence", "must be a number")


def square(job: int) -> tuple[int, int]:
    """The job's square, and the process that found it."""
    return job * job, os.getpid()


def die_at_three(job: int) -> int:
    """Like a worker that the kernel kills because memory has run out."""
    if job == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return job


def fail(job: int) -> int:
    """A failure of each kind that a job may end with."""
    if job == 0:
        raise ScenarioError((PROBLEM,))
    if job == 1:
        raise UnknownNameError("visitz", ("visits", "forms"))
    raise ZeroDivisionError("by zero")


def sleep(job: int) -> int:
    """The first job is quick, the others would never end."""
    if job:
        threading.Event().wait()
    return job


def assert_no_worker_is_left() -> None:
    until(lambda: not worker_pids())


def test_every_job_has_its_result_wherever_it_ran() -> None:
    """Seven jobs on two workers come in any order, each with its place, and none from this process."""
    found = dict(run_jobs(square, range(10, 17), 2))
    assert {place: result for place, (result, _) in found.items()} == {k: (10 + k) ** 2 for k in range(7)}
    pids = {pid for _, pid in found.values()}
    assert os.getpid() not in pids
    assert len(pids) <= 2
    assert_no_worker_is_left()


@pytest.mark.parametrize(("jobs", "workers"), [(5, 1), (1, 4), (0, 4)])
def test_one_worker_or_one_job_stays_in_this_process(jobs: int, workers: int) -> None:
    found = list(run_jobs(square, range(jobs), workers))
    assert found == [(k, (k * k, os.getpid())) for k in range(jobs)]


def test_a_worker_that_dies_ends_the_run_with_an_error_and_no_hang() -> None:
    with pytest.raises(WorkerError, match="worker process died"):
        list(run_jobs(die_at_three, range(50), 2))
    assert_no_worker_is_left()


def test_what_a_job_raises_is_raised_here_as_it_was() -> None:
    """A user's mistake found in a worker keeps its file, line and path; a bug keeps its name."""
    with pytest.raises(ScenarioError) as caught:
        list(run_jobs(fail, [0, 0], 2))
    assert caught.value.problems == (PROBLEM,)
    with pytest.raises(UnknownNameError, match="did you mean 'visits'"):
        list(run_jobs(fail, [1, 1], 2))
    with pytest.raises(ZeroDivisionError, match="by zero"):
        list(run_jobs(fail, [2, 2], 2))
    assert_no_worker_is_left()


def test_a_run_that_is_left_half_way_ends_its_workers_at_once() -> None:
    """What Ctrl-C does: the caller stops taking results while other jobs are still at work."""
    results = run_jobs(sleep, range(4), 2)
    assert next(results) == (0, 0)
    assert worker_pids()
    results.close()  # type: ignore[attr-defined]
    assert_no_worker_is_left()


def test_cores_are_those_that_this_process_may_use() -> None:
    assert cores() == len(os.sched_getaffinity(0))
