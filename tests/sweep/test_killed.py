"""The worst of days: a sweep of thousands of runs whose driver and workers are killed again and again."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from test_sweep import DRIVER

from cadre_sim.sweep.driver import sweep
from process_table import worker_pids
from sweeps import GRID, part_bytes, planned, quick
from waiting import until

pytestmark = pytest.mark.process

TEXT = GRID.replace("replicates: 2", "replicates: 500").replace("  before: {without_reforms: true}\n", "")
"""Four points, five hundred replicates: two thousand runs."""


def test_two_thousand_runs_survive_three_kills_of_driver_and_worker(tiny: Path) -> None:
    """Each time one worker is killed, and then the driver, at moments that the printed seed gives again."""
    seed = os.environ.get("CADRE_SIM_KILL_SEED") or os.urandom(4).hex()
    print(f"CADRE_SIM_KILL_SEED={seed}")
    plan = planned(TEXT)
    assert plan.total() == 2000
    command = [sys.executable, "-c", DRIVER.format(tests=str(Path(__file__).parents[1]), making="short")]
    parts = Path("killed/runs")
    for kill in range(3):
        before = set(parts.glob("*")) if parts.exists() else set()
        driver = subprocess.Popen(command)
        until(lambda b=before, d=driver: not set(parts.glob("*")) <= b or d.poll() is not None)  # type: ignore[misc]
        time.sleep(moment(seed, f"worker {kill}"))
        os.kill(worker_pids(driver.pid)[0], signal.SIGKILL)
        time.sleep(moment(seed, f"driver {kill}"))
        assert driver.poll() is None
        driver.kill()
        driver.wait()
    assert not list(parts.glob("sorted-*"))  # it had not come to its end
    driver = subprocess.Popen(command)
    assert driver.wait() == 0
    sweep(plan, Path("fresh"), workers=1, making=quick)
    assert part_bytes(Path("killed")) == part_bytes(Path("fresh"))


def moment(seed: str, what: str) -> float:
    """Up to 0.4 s, by the seed."""
    return 0.4 * hashlib.blake2b(f"{seed} {what}".encode(), digest_size=1).digest()[0] / 255.0
