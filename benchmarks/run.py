"""Speed of the model on the machine at hand: medians and ratios, printed and written to benchmarks/results.md.

Absolute times vary between machines and from hour to hour: the ratios are what to quote. Run with ``make bench``.
"""

from __future__ import annotations

import os
import platform
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import against
import engines
import growth
import reckoned
from cadre_sim import compiling
from cadre_sim.comparison.replicate import warm_up
from cadre_sim.scenario.loading import load
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.simulation import Simulation

ROOT = Path(__file__).parents[1]
ROUNDS = 5
LIBRARIES = ("numba", "numpy", "mesa", "simpy")
COUNTRY_DAYS = 60
WORKING_DAYS_OF_2024 = 251
HEAD = f"""# Speed

Made by `make bench`; `python benchmarks/run.py Hengyang` measures one section anew. Medians of {ROUNDS} rounds where
nothing else is said (compare: 3). A ratio to the goal of 1 or less meets it; what holds back the others: decision 43 in
`docs/decisions.md`.
"""
OUTSIDE = ("events", "reforms", "record")
"""Parts of a replicate that are not the workday; what is over is the small change between them."""


class Replicate(NamedTuple):
    """A replicate of Hengyang: processor seconds, ns a cadre-day of the workday, events, and seconds by step."""

    seconds: float
    workday: float
    events: int
    event_seconds: float
    steps: dict[str, float]


def replicate(scenario: Scenario) -> Replicate:
    """Cost of one replicate, with a stopwatch on each step."""
    model = Simulation(scenario)
    model.costs = {}
    counted = [0]
    step = model.events.env.step

    def counting() -> None:
        counted[0] += 1
        step()

    model.events.env.step = counting  # type: ignore[method-assign]
    start = time.process_time()
    model.run()
    seconds = time.process_time() - start
    workday = sum(cost for name, cost in model.costs.items() if name not in OUTSIDE)
    cadre_days = model.calendar.days * model.world.cadres.office.size
    return Replicate(seconds, workday / cadre_days * 1e9, counted[0], model.costs["events"], model.costs)


def whole_workday(scenario: Scenario, threads: int) -> float:
    """Wall nanoseconds a cadre-day of the workday on some threads, without a stopwatch on each step."""
    model = Simulation(scenario, threads=threads)
    model.run_for(20)
    spent = 0.0
    work = model._work

    def timed(*today: object) -> None:
        nonlocal spent
        start = time.perf_counter()
        work(*today)  # type: ignore[arg-type]
        spent += time.perf_counter() - start

    model._work = timed  # type: ignore[method-assign]
    model.run_for(100)
    return spent / (100 * model.world.cadres.office.size) * 1e9


def whole_compare() -> float:
    """Wall seconds of the comparison that ``make demo`` makes, from start to finish, in a process of its own."""
    return command("-m", "cadre_sim.cli", "compare", "scenarios/hengyang.yaml", "--quiet")


def command(*arguments: str, **environment: str) -> float:
    """Wall seconds of a Python process."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True, env=os.environ | environment)
    return time.perf_counter() - start


def start_of_worker(first: str = "") -> float:
    """Processor seconds of a process that imports what a worker of a sweep does, after something else or nothing."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command("-c", f"{first}\nimport cadre_sim.sweep.worker, cadre_sim.sweep.runner")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def first_compilation() -> float:
    """Wall seconds that the first run on a machine takes longer than others: the model is compiled."""
    warm = "from cadre_sim.comparison.replicate import warm_up; warm_up()"
    with tempfile.TemporaryDirectory() as empty:
        return command("-c", warm, CADRE_SIM_CACHE=empty) - command("-c", warm)


def check_of_cache() -> float:
    """Processor seconds to find that all of the compiled model is there and whole, as each command does once."""
    compiling._State.ready = False
    before = time.process_time()
    assert compiling.is_ready()
    return time.process_time() - before


def median(times: int, measure: Callable[[], float]) -> float:
    """Median of some measurements."""
    return statistics.median(measure() for _ in range(times))


def row(what: str, value: str, goal: str = "", ratio: float | None = None) -> str:
    """A row of a table: what, measured, goal, and the ratio to the goal."""
    return f"| {what} | {value} | {goal} | {'' if ratio is None else f'{ratio:.2f}'} |"


def of_hengyang() -> Iterator[str]:
    """Rows on one replicate and on the comparison."""
    scenario = load(ROOT / "scenarios" / "hengyang.yaml")
    rounds = [replicate(scenario) for _ in range(ROUNDS)]
    seconds = statistics.median(r.seconds for r in rounds)
    events = statistics.median(r.event_seconds for r in rounds)
    one, two = (median(ROUNDS, lambda n=n: whole_workday(scenario, n)) for n in (1, 2))  # type: ignore[misc]
    c_rounds = [against.c_loop(scenario) for _ in range(ROUNDS)]
    numba, in_c = (statistics.median(r[k] for r in c_rounds) for k in range(2))
    slow, fast = against.plain_mesa(scenario, ROUNDS)
    yield "| what | measured | goal | ratio to goal |"
    yield "|---|---|---|---|"
    yield row("workday, 1 thread", f"{one:.0f} ns/cadre-day", "100", one / 100)
    yield row("workday, 2 threads", f"{two:.0f} ns/cadre-day, {one / two:.2f} times as fast as 1")
    yield row("step `share`, Numba against C -O3", f"{numba:.1f} and {in_c:.1f} ns", "1.5 times C", numba / in_c / 1.5)
    yield row("plain Mesa (the reference model), same days", f"{slow:.1f} us/cadre-day")
    yield row("this model on them, events included", f"{fast:.3f} us, {slow / fast:.0f} times as fast", "200 times",
              200 * fast / slow)  # fmt: skip
    yield row("one replicate, two years, processor time", f"{seconds:.2f} s")
    yield row("of it events", f"{events:.2f} s, {events / rounds[0].events * 1e6:.0f} us each of {rounds[0].events:,} "
              "SimPy events, the arrays that they handle included")  # fmt: skip
    compare = median(3, whole_compare)
    yield row("`cadre-sim compare`, 8 replicates of two arms", f"{compare:.1f} s", "60 s", compare / 60)
    compiled = first_compilation()
    yield row("the first run on a machine compiles for", f"{compiled:.1f} s", "30 s", compiled / 30)
    yield row("`import cadre_sim`", f"{median(ROUNDS, lambda: command('-c', 'import cadre_sim')):.1f} s")
    yield ""
    yield "Where the processor time of a replicate goes:"
    yield ""
    yield "| step | share |"
    yield "|---|---|"
    steps = {name: statistics.median(r.steps[name] for r in rounds) for name in rounds[0].steps}
    steps["what is between the steps"] = max(0.0, seconds - sum(steps.values()))
    yield from (f"| {name} | {cost / sum(steps.values()):.1%} |" for name, cost in steps.items())


def of_growth() -> Iterator[str]:
    """A table of sizes, the exponents, and the country."""
    days = 20
    sizes = [growth.measured(part, days) for part in growth.PARTS]
    yield f"Parts of `scenarios/country.yaml`, {days} days, one thread, a process each (once, not medians):"
    yield ""
    yield "| offices | cadres | us/cadre-day, processor | peak memory, KiB/cadre |"
    yield "|---|---|---|---|"
    each = [s["processor"] / (s["days"] - 1) / s["cadres"] * 1e6 for s in sizes]
    memory = [(s["peak"] - s["before"]) * 2**20 / s["cadres"] for s in sizes]
    for s, t, m in zip(sizes, each, memory, strict=True):
        yield f"| {s['offices']:,.0f} | {s['cadres']:,.0f} | {t:.3f} | {m:.2f} |"
    cadres = [s["cadres"] for s in sizes]
    in_time = growth.exponent(cadres, [s["processor"] for s in sizes])
    # In a small place the memory of compiling hides that of the run.
    large = [s for s in sizes if s["peak"] - s["before"] > 0.1]
    in_memory = growth.exponent([s["cadres"] for s in large], [s["peak"] - s["before"] for s in large])
    yield ""
    yield f"Time grows with cadres to the power {in_time:.3f} (goal 1.00 +- 0.05), memory, where it can be "
    yield f"told from that of compiling, to the power {in_memory:.3f}."


def of_country() -> Iterator[str]:
    """A table of the country's first days, and what a year comes to at that pace."""
    run = growth.measured(1.0, COUNTRY_DAYS, threads=2)
    a_day = run["wall"] / (run["days"] - 1)
    year = run["build"] + a_day * (WORKING_DAYS_OF_2024 - 1)
    yield f"The first {COUNTRY_DAYS} working days of `scenarios/country.yaml` on two threads (once, not medians):"
    yield ""
    yield "| what | measured | goal | ratio to goal |"
    yield "|---|---|---|---|"
    yield row("offices and cadres", f"{run['offices']:,.0f} and {run['cadres']:,.0f}")
    yield row("to read, build, plan, and the first day", f"{run['build']:.0f} s")
    yield row("each further day", f"{a_day:.2f} s, {a_day / run['cadres'] * 1e9:.0f} ns/cadre")
    yield row("a year of 251 days at that pace (reckoned)", f"{year:.0f} s", "150 s", year / 150)
    yield row(f"peak memory after {COUNTRY_DAYS} days", f"{run['peak']:.2f} GiB", "6 GiB", run["peak"] / 6)
    sizes = (("state of offices and cadres", "state"), ("planned orders", "plan"), ("daily table of a year", "table"))
    for name, key in sizes:
        yield row(f"arrays: {name}", f"{run[key]:.2f} GiB")


def of_sweeps() -> Iterator[str]:
    """A table of what an engine adds to runs, and of a large sweep."""
    short, many = engines.cost(engines.SHORT), engines.cost(engines.MANY)
    yield f"`cadre-sim experiment run` on {engines.WORKERS} workers (once, not medians):"
    yield ""
    yield "| what | measured | goal | ratio to goal |"
    yield "|---|---|---|---|"
    yield row(f"{short.runs:,} runs of {short.run_seconds:.2f} s: what the engine adds", f"{short.overhead:.1%}",
              "5%", short.overhead / 0.05)  # fmt: skip
    yield row("the same with the start of the command and its workers", f"{short.whole:.1%}")
    yield row(f"{many.runs:,} runs of {many.run_seconds * 1e3:.1f} ms: what the engine adds", f"{many.overhead:.1%}")
    yield row("peak memory of the driver", f"{many.driver:.0f} MiB", "500 MiB", many.driver / 500)
    yield row("summary of them by SQL", f"{many.query:.2f} s", "2 s", many.query / 2)


def of_workers() -> Iterator[str]:
    """A table of what a worker needs before its first run, in alternating measurements."""
    rounds = [(start_of_worker(), start_of_worker("import mesa")) for _ in range(2 * ROUNDS)]
    plain, with_mesa = (statistics.median(r[k] for r in rounds) for k in range(2))
    share = plain / with_mesa
    yield f"What a worker of a sweep imports before it is ready, processor time, {2 * ROUNDS} rounds in turn:"
    yield ""
    yield "| what | measured | goal | ratio to goal |"
    yield "|---|---|---|---|"
    yield row("as it is", f"{plain:.2f} s")
    yield row("with `import mesa`, as it was", f"{with_mesa:.2f} s")
    yield row("the first in terms of the second", f"{share:.2f}", "0.67", share / (2 / 3))
    checking = median(2 * ROUNDS, check_of_cache)
    yield row("a command checks the compiled model", f"{1000 * checking:.0f} ms, {checking / plain:.1%} of the first")


def of_reckoning() -> Iterator[str]:
    """A table of runs: what was reckoned of them beforehand, and what they took."""
    yield "One run of each, a process each (once, not medians): reckoned from the file, and measured. Time should be"
    yield "within a factor of 2 on a quiet machine, memory never above what was reckoned and not below two thirds."
    yield ""
    yield "| place | cadres | s, reckoned | s, measured | ratio | MB, reckoned | MB, measured | ratio |"
    yield "|---|---|---|---|---|---|---|---|"
    for name in reckoned.CASES:
        cost, found = reckoned.reckoned(name), reckoned.measured(name)
        memory = reckoned.process_memory(cost)
        yield (
            f"| {name} | {cost.people:,} | {cost.seconds:.2f} | {found['seconds']:.2f} | "
            f"{cost.seconds / found['seconds']:.2f} | {memory / 1e6:.0f} | {found['memory'] / 1e6:.0f} | "
            f"{memory / found['memory']:.2f} |"
        )


SECTIONS = {
    "Hengyang": of_hengyang,
    "Growth": of_growth,
    "A country": of_country,
    "Sweeps": of_sweeps,
    "Workers": of_workers,
    "Reckoning": of_reckoning,
}
"""Sections of the results; each can be measured alone."""


def main(names: list[str]) -> None:
    """Measure some sections, or all; print them, and put them into the results beside this file.

    Each stands there with the machine and the versions that it was measured on, and is written as soon as it is known.
    """
    warm_up()
    path = ROOT / "benchmarks" / "results.md"
    for name in names or SECTIONS:
        text = "\n".join([f"## {name}", "", machine(), "", *SECTIONS[name](), ""])
        print(text)
        others = dict(re.findall(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", _read(path), re.M | re.S))
        kept = {n: text if n == name else f"## {n}\n{others[n]}" for n in SECTIONS if n == name or n in others}
        path.write_text("\n".join(section.rstrip() + "\n" for section in (HEAD, *kept.values())), encoding="utf-8")


def machine() -> str:
    """What a section was measured on."""
    versions = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}, {versions}."


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


if __name__ == "__main__":
    main(sys.argv[1:])
