"""How time and memory grow with the number of offices: one process a size, so that each has a peak of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from cadre_sim.comparison.replicate import warm_up
from cadre_sim.scenario.loading import load
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.simulation import Simulation

COUNTRY = Path(__file__).parents[1] / "scenarios" / "country.yaml"
PARTS = (0.0016, 0.005, 0.016, 0.05, 0.16, 1.0)
"""Parts of the country: about 1,000, 3,200, 10,000, 32,000, 100,000 and 645,000 offices."""


def part_of_country(part: float) -> Scenario:
    """The country with a part of its counties of each sort."""
    scenario = load(COUNTRY)
    counties = [{**c.model_dump(), "number": max(1, round(c.number * part))} for c in scenario.place.counties]
    place = scenario.place.model_dump() | {"counties": counties}
    return Scenario.model_validate(scenario.to_dict() | {"place": place})


def run(part: float, days: int, threads: int) -> dict[str, float]:
    """Offices, cadres, seconds to build and of the days (wall and processor), and the peak of memory [GiB]."""
    warm_up()
    before = peak()
    start = time.perf_counter()
    model = Simulation(part_of_country(part), threads=threads)
    model.run_for(1)
    built = time.perf_counter() - start
    start, spent = time.perf_counter(), time.process_time()
    model.run_for(days - 1)
    return {
        "offices": model.world.offices.kind.size,
        "cadres": model.world.cadres.office.size,
        "days": model.day,
        "build": built,
        "wall": time.perf_counter() - start,
        "processor": time.process_time() - spent,
        "peak": peak(),
        "before": before,
        "plan": _gib(model.events.plan.orders),
        "state": _gib(model.columns),
        "table": model.recorder.recorded.daily.nbytes / 2**30,
    }


def peak() -> float:
    """Most memory that this program has had [GiB]; getrusage also counts that of the program that started it."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.split("VmHWM:")[1].split()[0]) / 2**20


def _gib(columns: Any) -> float:
    """Size of the arrays in some columns, and in the columns in them [GiB]."""
    if isinstance(columns, np.ndarray):
        return columns.nbytes / 2**30
    return sum(_gib(column) for column in columns) if isinstance(columns, tuple) else 0.0


def measured(part: float, days: int, threads: int = 1) -> dict[str, float]:
    """:func:`run` in a process of its own."""
    command = [sys.executable, __file__, str(part), str(days), str(threads)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)  # type: ignore[no-any-return]


def exponent(sizes: list[float], values: list[float]) -> float:
    """Slope of the logarithm of values over that of sizes."""
    return float(np.polyfit(np.log(sizes), np.log(values), 1)[0])


if __name__ == "__main__":
    print(json.dumps(run(float(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
