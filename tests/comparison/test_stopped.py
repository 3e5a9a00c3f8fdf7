"""Workers that somebody has stopped: it is told who is waited for, and nothing waits for them at the end."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Generator
from multiprocessing.queues import Queue
from pathlib import Path

import pytest

import waiting
from cadre_sim.comparison import pool
from cadre_sim.comparison.pool import run_jobs
from cadre_sim.errors import WorkerError


def stops_itself(marker: Path) -> int:
    """What a worker does that is stopped at its work."""
    if marker.name == "first":
        return os.getpid()
    marker.write_text(str(os.getpid()), encoding="utf-8")
    os.kill(os.getpid(), signal.SIGSTOP)
    return 0


def alive(process: int) -> bool:
    """Whether there is such a process, even if stopped."""
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="states of processes are read from /proc"),
]


def test_an_interrupt_ends_workers_that_are_stopped(tmp_path: Path) -> None:
    jobs = [tmp_path / "first", tmp_path / "second", tmp_path / "third"]
    results = run_jobs(stops_itself, jobs, workers=2)
    _, first = next(results)
    assert first
    waiting.until(lambda: jobs[1].exists() and jobs[1].read_text(encoding="utf-8") != "")
    stopped = int(jobs[1].read_text(encoding="utf-8"))
    assert isinstance(results, Generator)
    results.close()  # as an interrupt in what takes the results
    waiting.until(lambda: not alive(stopped))


def test_it_is_told_once_which_process_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(pool, "LOOKING", 0.5)
    jobs = [tmp_path / "first", tmp_path / "second"]
    said = ""

    def goes_on() -> None:
        nonlocal said
        waiting.until(lambda: jobs[1].exists() and jobs[1].read_text(encoding="utf-8") != "")
        stopped = int(jobs[1].read_text(encoding="utf-8"))
        waiting.until(lambda: is_told(stopped))
        os.kill(stopped, signal.SIGCONT)

    def is_told(stopped: int) -> bool:
        nonlocal said
        said += capfd.readouterr().err
        return f"kill -CONT {stopped}" in said

    helper = threading.Thread(target=goes_on)
    helper.start()
    results = dict(run_jobs(stops_itself, jobs, workers=2))
    helper.join()
    assert sorted(results) == [0, 1]
    assert (said + capfd.readouterr().err).count("is stopped and waited for") == 1


def pauses_afterwards(marker: Path) -> int:
    """What a worker does that somebody stops when it has nothing to do."""
    after = f"sleep 0.3; kill -STOP {os.getpid()}; touch {marker}"
    if marker.name == "first":
        subprocess.Popen(["sh", "-c", after], start_new_session=True)
    else:
        waiting.until((marker.parent / "first").exists)
    return os.getpid()


def test_a_worker_that_is_stopped_when_all_is_done_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "ENDING", 0.5)
    results = dict(run_jobs(pauses_afterwards, [tmp_path / "first", tmp_path / "second"], workers=2))
    assert len(results) == 2
    waiting.until(lambda: not any(alive(process) for process in results.values()))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_pool_that_gets_no_threads_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where a user may have no more: the thread that hands out jobs ends."""
    monkeypatch.setattr(pool, "LOOKING", 0.5)

    def none(*_: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(Queue, "_start_thread", none)
    with pytest.raises(WorkerError, match="no more processes or threads"):
        list(run_jobs(stops_itself, [tmp_path / "first", tmp_path / "second"], workers=2))
