"""Cost of sweeps: what the engine adds to runs of a fifth of a second, and what a hundred thousand tiny runs take."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import cadre_sim

ROOT = Path(__file__).parents[1]
WORKERS = 2
SHORT = f"""\
scenario: {ROOT}/scenarios/one-county.yaml
replicates: 600
metrics: [service_hours]
"""
VILLAGE = """\
title: One village for a week
period: {start: 2024-12-30, end: 2025-01-03}
place:
  counties:
    - {name: Littleton, residents: 1000, offices: 1, communities: 0, townships: 1}
"""
MANY = """\
scenario: village.yaml
factors: {oversight.rebound: {levels: 100}}
replicates: 1000
metrics: [service_hours, burden_hours]
"""
SUMMARY = "select arm, replicate % 100 as part, avg(service_hours), stddev(service_hours) from runs group by all"


class Cost(NamedTuple):
    """What a sweep took.

    Attributes:
        runs: runs done.
        run_seconds: mean time in a run [s].
        overhead: time of all workers beyond that in runs, as a share of it; the first start of workers is not in it.
        whole: the same with their start.
        driver: peak memory of the driver [MiB].
        query: time of a summary by SQL [s].
    """

    runs: int
    run_seconds: float
    overhead: float
    whole: float
    driver: float
    query: float


def cost(experiment: str) -> Cost:
    """Run an experiment from the command line, and see what it took."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "village.yaml").write_text(VILLAGE, encoding="utf-8")
        (folder / "sweep.yaml").write_text(experiment, encoding="utf-8")
        command = [sys.executable, "-m", "cadre_sim.cli", "experiment", "run", "sweep.yaml", "-q"]
        start = time.time()
        driver = subprocess.Popen([*command, "--workers", str(WORKERS)], cwd=folder)
        peak = 0.0
        while driver.poll() is None:
            peak = max(peak, _peak(driver.pid))
            time.sleep(0.05)
        whole = time.time() - start
        if driver.returncode:
            raise RuntimeError(f"the sweep ended with {driver.returncode}")
        out = folder / "results" / "sweep"
        times = cadre_sim.results(
            out,
            "select count(*) n, sum(seconds) spent, min(epoch_ms(ended) / 1000 - seconds) first, "
            "max(epoch_ms(ended) / 1000) last from telemetry",
        ).iloc[0]
        start = time.perf_counter()
        cadre_sim.results(out, SUMMARY)
        query = time.perf_counter() - start
    spent = times["spent"]
    in_work = (times["last"] - times["first"]) * WORKERS
    return Cost(int(times["n"]), spent / times["n"], in_work / spent - 1.0, whole * WORKERS / spent - 1.0, peak, query)


def _peak(process: int) -> float:
    """The most memory that a process has had so far [MiB]; 0 once it is gone."""
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)
