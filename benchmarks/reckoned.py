"""What runs take beside what was reckoned of them: one process a place, so that each has a peak of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import growth
from cadre_sim.comparison.replicate import warm_up
from cadre_sim.reckoning import costs
from cadre_sim.reckoning.run_cost import RunCost, cost_of
from cadre_sim.scenario.loading import load
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.simulation import Simulation

SCENARIOS = Path(__file__).parents[1] / "scenarios"
YEAR = {"start": "2024-01-01", "end": "2024-12-31"}


def _more_departments(name: str, times: int) -> Scenario:
    """A quarter of a year with some times the departments: more is asked than can be done."""
    content = load(SCENARIOS / name).to_dict()
    for group in content["departments"].values():
        group["number"] *= times
    return Scenario.model_validate(content | {"period": {"start": "2024-01-01", "end": "2024-03-31"}})


def _staffed() -> Scenario:
    """A year in Hengyang with six times its cadres."""
    content = load(SCENARIOS / "hengyang-before.yaml").to_dict()
    content["staff"] |= {"cadres_per_office": 40, "cadres_per_township": 300}
    return Scenario.model_validate(content | {"period": YEAR})


def _decade() -> Scenario:
    """Ten years of one county."""
    content = load(SCENARIOS / "one-county-before.yaml").to_dict()
    return Scenario.model_validate(content | {"period": {"start": "2015-01-01", "end": "2024-12-31"}})


CASES: dict[str, Callable[[], Scenario]] = {
    "one village": lambda: load(SCENARIOS / "one-village.yaml"),
    "one county": lambda: load(SCENARIOS / "one-county.yaml"),
    "one county, ten years": _decade,
    "one county, ten times the departments": lambda: _more_departments("one-county-before.yaml", 10),
    "Hengyang": lambda: load(SCENARIOS / "hengyang.yaml"),
    "Hengyang, five times the departments": lambda: _more_departments("hengyang-before.yaml", 5),
    "Hengyang, six times the cadres": _staffed,
    "a twentieth of a country": lambda: growth.part_of_country(0.05),
}
"""Places of all sizes, and some that are out of the ordinary."""


def run(name: str) -> dict[str, float]:
    """Processor seconds and peak memory of one run [bytes], compiled code loaded."""
    warm_up()
    scenario = CASES[name]()
    Simulation(load(SCENARIOS / "one-village.yaml")).run_for(2)
    start = time.process_time()
    Simulation(scenario).run()
    return {"seconds": time.process_time() - start, "memory": growth.peak() * 2**30}


def measured(name: str) -> dict[str, float]:
    """The same in a process of its own."""
    asked = [sys.executable, __file__, name]
    return json.loads(subprocess.run(asked, check=True, capture_output=True, text=True).stdout)  # type: ignore[no-any-return]


def reckoned(name: str) -> RunCost:
    """What is reckoned of a case."""
    return cost_of(CASES[name]())


def process_memory(cost: RunCost) -> float:
    """Memory of a process that does the run [bytes]."""
    return costs.PROCESS + cost.memory


if __name__ == "__main__":
    print(json.dumps(run(sys.argv[1])))
