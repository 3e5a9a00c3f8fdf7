"""Sweeps go on whatever happens to workers, drivers and runs, and come to the same bytes."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import cadre_sim
from cadre_sim.errors import WorkerError
from cadre_sim.sweep.driver import SweepResult, sweep
from process_table import worker_pids
from sweeps import GRID, broken, importing, part_bytes, planned, quick, slow, troubled
from waiting import until

pytestmark = pytest.mark.process
MANY = GRID.replace("replicates: 2", "replicates: 60")
DRIVER = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
if __name__ == "__main__":
    from cadre_sim.sweep import driver
    from sweeps import planned, {making}
    driver.FIRST_WRITE = 0.1
    text = Path("experiment.yaml").read_text()
    driver.sweep(planned(text), Path("killed"), workers=2, making={making})
"""


def moment(most: float) -> float:
    """Some time up to a longest [s], another in each run of the tests."""
    return most * os.urandom(1)[0] / 255.0


def sweep_all(text: str, out: str, **options: object) -> SweepResult:
    return sweep(planned(text), Path(out), **options)  # type: ignore[arg-type]


def test_any_number_of_workers_gives_the_same_bytes_as_the_model_itself(tiny: Path) -> None:
    assert sweep_all(GRID, "two", workers=2).new == 12
    assert sweep_all(GRID, "one", workers=1).new == 12
    assert part_bytes(Path("one")) == part_bytes(Path("two"))
    assert cadre_sim.results("one")["service_hours"].notna().all()


def test_a_worker_imports_nothing_heavy_that_a_run_does_not_need(tiny: Path) -> None:
    """Start-up is what a short sweep waits for: no Mesa, no tables, no figures, also after a run."""
    sweep_all("scenario: tiny.yaml\nmetrics: [service_hours]\n", "out", workers=1, making=importing)
    assert cadre_sim.results("out", "from failed")["error"].tolist() == ["None 1 []"]


def test_nothing_is_done_twice(tiny: Path) -> None:
    assert sweep_all(GRID, "out", workers=1, making=quick).new == 12
    assert sweep_all(GRID, "out", workers=1, making=quick).new == 0
    assert sweep_all(GRID.replace("replicates: 2", "replicates: 3"), "out", workers=1, making=quick).new == 6
    sweep_all(GRID.replace("replicates: 2", "replicates: 3"), "fresh", workers=1, making=quick)
    assert part_bytes(Path("out")) == part_bytes(Path("fresh"))


def test_runs_that_raise_hang_or_die_are_recorded_and_the_others_are_done(tiny: Path) -> None:
    """One of each, in one arm; repeated when what was wrong is mended, nothing is left of them."""
    text = GRID.replace("replicates: 2", "replicates: 5\ntime_limit: 1").replace("[0.2, 0.6]", "[0.2]")
    text = text.replace("[0, 0.8]", "[0]").replace("  before: {without_reforms: true}\n", "")
    found = sweep_all(text, "out", workers=2, making=troubled)
    assert (found.new, found.failed) == (2, 3)
    failed = cadre_sim.results("out", "select replicate, status, error from failed order by replicate")
    assert failed["status"].tolist() == ["raised", "hung", "crashed"]
    assert "ZeroDivisionError" in failed["error"][0]
    assert "time limit of 1 s" in failed["error"][1]
    assert sweep_all(text, "out", workers=2, making=quick).new == 0
    again = sweep_all(text, "out", workers=2, making=quick, only_failed=True)
    assert (again.new, again.failed) == (3, 0)
    sweep_all(text, "fresh", workers=1, making=quick)
    assert part_bytes(Path("out")) == part_bytes(Path("fresh"))
    assert not worker_pids()


def test_a_worker_that_is_killed_costs_no_run(tiny: Path) -> None:
    """Three kills at random moments; the run that was under way is done again."""
    stop = threading.Event()
    killed: list[int] = []

    def kill() -> None:
        while len(killed) < 3 and not stop.is_set():
            time.sleep(0.1 + moment(0.5))
            children = [c for c in multiprocessing.active_children() if c.pid]
            if children:
                killed.append(children[len(killed) % len(children)].pid or 0)
                os.kill(killed[-1], signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        found = sweep_all(MANY, "out", workers=2, making=slow)
    finally:
        stop.set()
        killer.join()
    assert len(killed) == 3
    assert (found.new, found.failed) == (360, 0)
    sweep_all(MANY, "fresh", workers=1, making=quick)
    assert part_bytes(Path("out")) == part_bytes(Path("fresh"))


def test_a_driver_that_is_killed_goes_on_to_the_same_bytes(tiny: Path) -> None:
    """Twice killed at random moments once it has begun to write; its workers leave with it."""
    plan = planned(MANY)
    command = [sys.executable, "-c", DRIVER.format(tests=str(Path(__file__).parents[1]), making="slow")]
    parts = Path("killed/runs")
    for _ in range(2):
        before = len(list(parts.glob("*"))) if parts.exists() else 0
        driver = subprocess.Popen(command)
        until(lambda b=before, d=driver: len(list(parts.glob("*"))) > b or d.poll() is not None)  # type: ignore[misc]
        assert driver.poll() is None
        time.sleep(moment(0.3))
        driver.kill()
        driver.wait()
    some = len(cadre_sim.results("killed"))
    assert 0 < some < 360
    found = sweep(plan, Path("killed"), workers=2, making=quick)
    assert found.new == 360 - some
    sweep(plan, Path("fresh"), workers=1, making=quick)
    assert part_bytes(Path("killed")) == part_bytes(Path("fresh"))


def test_workers_leave_when_their_driver_is_killed_whatever_they_do(tiny: Path) -> None:
    planned(MANY)
    command = [sys.executable, "-c", DRIVER.format(tests=str(Path(__file__).parents[1]), making="stuck")]
    driver = subprocess.Popen(command)
    until(lambda: len(list(Path().glob("stuck-*"))) == 2 or driver.poll() is not None)
    workers = worker_pids(driver.pid)
    assert len(workers) == 2
    driver.kill()
    driver.wait()
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers))


def test_values_that_do_not_go_together_are_one_failed_run(tiny: Path) -> None:
    """Each end and each first day is possible, one end lies before one first day: three runs go well."""
    text = (
        "scenario: tiny.yaml\nfactors:\n  period.measure_from: {values: ['2024-12-10', '2025-02-20']}\n"
        "  period.end: {values: [2025-02-10, 2025-02-28]}\nmetrics: [service_hours]\n"
    )
    found = sweep_all(text, "out", workers=1)
    assert (found.new, found.failed) == (3, 1)
    row = cadre_sim.results("out", "from failed").iloc[0]
    assert (row["period.measure_from"], row["period.end"], row["status"]) == ("2025-02-20", "2025-02-10", "raised")
    assert "Traceback" in row["error"]


def test_workers_that_cannot_begin_end_the_sweep(tiny: Path) -> None:
    with pytest.raises(WorkerError, match="before they can begin"):
        sweep_all(GRID, "out", workers=1, making=broken)
