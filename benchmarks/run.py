"""Speed of the model on the machine at hand: medians and ratios, printed and written to benchmarks/results.md.

Absolute times vary between machines, so the ratios are what to quote. Run with ``make bench``.
"""

from __future__ import annotations

import platform
import resource
import statistics
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

from cadre_sim.experiments.replicate import warm_up
from cadre_sim.model import CadreModel
from cadre_sim.scenario.loading import load

ROOT = Path(__file__).parents[1]
ROUNDS = 5
WORKDAY_GOAL = 200.0
"""Goal of issue 2: nanoseconds per cadre-day on one core, all told."""
STEPS_OUTSIDE = ("events", "reforms", "record")


def replicate_costs() -> tuple[float, float, float, dict[str, float]]:
    """Processor seconds of one replicate of Hengyang: in all, per cadre-day of the workday, of events, and by step."""
    model = CadreModel(load(ROOT / "scenarios" / "hengyang.yaml"))
    model.costs = {}
    start = time.process_time()
    model.run()
    seconds = time.process_time() - start
    workday = sum(cost for name, cost in model.costs.items() if name not in STEPS_OUTSIDE)
    cadre_days = model.calendar.days * model.world.cadres.office.size
    return seconds, workday / cadre_days * 1e9, model.costs["events"], model.costs


def whole_compare() -> float:
    """Wall seconds of the comparison that ``make demo`` makes, from start to finish, in a process of its own."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "cadre_sim.cli", "compare", "scenarios/hengyang.yaml", "--quiet"]
    subprocess.run(command, cwd=ROOT, check=True)
    return time.perf_counter() - start


def main() -> None:
    """Measure, print, and write the results beside this file."""
    warm_up()
    rounds = [replicate_costs() for _ in range(ROUNDS)]
    seconds, per_cadre_day, events = (statistics.median(r[k] for r in rounds) for k in range(3))
    steps = {name: statistics.median(r[3].get(name, 0.0) for r in rounds) for name in rounds[0][3]}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    compare = statistics.median(whole_compare() for _ in range(3))
    lines = [
        "# Speed",
        "",
        f"Made by `make bench`: {platform.platform()}, {platform.machine()}, Python {platform.python_version()}, "
        f"Numba {version('numba')}, NumPy {version('numpy')}. Medians of {ROUNDS} rounds (compare: 3).",
        "",
        "| what | measured | goal | ratio to goal |",
        "|---|---|---|---|",
        f"| workday, one core | {per_cadre_day:.0f} ns/cadre-day | {WORKDAY_GOAL:.0f} "
        f"| {per_cadre_day / WORKDAY_GOAL:.2f} |",
        f"| one replicate of Hengyang, two years, processor time | {seconds:.2f} s | 3 | {seconds / 3:.2f} |",
        f"| of it events (SimPy) | {events:.2f} s | | {events / seconds:.2f} of the replicate |",
        f"| peak memory of a process | {peak:.2f} GiB | 1 | {peak:.2f} |",
        f"| `cadre-sim compare`, 8 replicates of two arms | {compare:.1f} s | 60 | {compare / 60:.2f} |",
        "",
        "Where a replicate's time goes:",
        "",
        "| step | share |",
        "|---|---|",
        *(f"| {name} | {cost / sum(steps.values()):.1%} |" for name, cost in steps.items()),
        "",
    ]
    text = "\n".join(lines)
    (ROOT / "benchmarks" / "results.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
