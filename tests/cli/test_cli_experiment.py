"""The commands for experiments, as a person meets them."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

import cadre_sim
from conftest import Call
from process_table import cpu_seconds, worker_pids
from sweeps import GRID
from waiting import LONG, until

pytestmark = pytest.mark.process

MANY = GRID.replace("replicates: 2", "replicates: 2000")
CLASH = """\
scenario: tiny.yaml
factors:
  period.measure_from: {values: ['2024-12-10', '2025-02-20']}
  period.end: {values: ['2025-02-10', '2025-02-28']}
"""


def test_an_experiment_is_run_planned_and_asked(tiny: Path, call: Call) -> None:
    Path("grid.yaml").write_text(GRID, encoding="utf-8")
    done = call("experiment", "run", "grid.yaml", "--workers", "1")
    assert done.code == 0
    assert "12 runs done, 0 failed; results in results/grid" in done.out
    assert "runs: 12, of which 0 are missing" in call("experiment", "plan", "grid.yaml").out
    asked = call("results", "results/grid", "--sql", "select arm, count(*) as n from runs group by arm order by arm")
    assert asked.out == "arm,n\nbefore,4\nreform,8\n"


def test_what_failed_is_shown_with_how_to_repeat_it(tiny: Path, call: Call) -> None:
    Path("clash.yaml").write_text(CLASH, encoding="utf-8")
    done = call("experiment", "run", "clash.yaml", "--workers", "1", "--quiet")
    assert done.code == 1
    assert "3 runs done, 1 failed" in done.out
    assert "raised: arm scenario, period.measure_from=2025-02-20, period.end=2025-02-10, replicate 0" in done.out
    assert "cadre-sim experiment rerun clash.yaml --out results/clash --failed" in done.out
    again = call("experiment", "rerun", "clash.yaml", "--out", "results/clash", "--failed", "--workers", "1")
    assert "0 runs done, 1 failed" in again.out


def test_a_mistake_ends_with_a_message_and_no_traceback(tiny: Path, call: Call) -> None:
    Path("bad.yaml").write_text("scenario: tiny.yaml\nreplicats: 3\n", encoding="utf-8")
    for command in (("experiment", "run", "bad.yaml"), ("results", "nowhere"), ("experiment", "rerun", "bad.yaml")):
        done = call(*command)
        assert done.code == 2
        assert "Traceback" not in done.err
        assert done.err.strip()


def test_an_interrupted_experiment_keeps_what_is_done(tiny: Path) -> None:
    """Ctrl-C: what came back is written, and the message says so."""
    Path("long.yaml").write_text(MANY, encoding="utf-8")
    command = [sys.executable, "-m", "cadre_sim.cli", "experiment", "run", "long.yaml", "--workers", "1"]
    driver = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    until(lambda: list(Path("results/long").glob("runs/*.parquet")) or driver.poll() is not None)
    before = len(cadre_sim.results("results/long"))
    (worker,) = worker_pids(driver.pid)
    used = cpu_seconds(worker)
    until(lambda: cpu_seconds(worker) > used + 0.5)  # some ten runs more
    driver.send_signal(signal.SIGINT)
    _, said = driver.communicate(timeout=LONG)
    assert driver.returncode == 130
    assert "interrupted; what is done is kept in results/long" in said
    assert len(cadre_sim.results("results/long")) > before
