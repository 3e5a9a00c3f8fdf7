"""Workers that somebody has stopped: nothing waits for them at the end."""

from __future__ import annotations

import os
import signal
from collections.abc import Generator
from pathlib import Path

import pytest

import waiting
from cadre_sim.comparison.pool import run_jobs


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


@pytest.mark.process
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="states of processes are read from /proc")
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
