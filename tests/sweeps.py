"""Small experiments for tests, and runs that go wrong in every way that a run can."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from cadre_sim.experiments.plan import Plan, Run
from cadre_sim.sweep.outcome import Failure, Outcome
from cadre_sim.sweep.parquet_parts import FOLDERS

GRID = """\
title: A tiny grid
scenario: tiny.yaml
arms:
  before: {without_reforms: true}
  reform:
factors:
  adoption: {path: reforms.*.adoption, values: [0.2, 0.6]}
  oversight.rebound: {values: [0, 0.8]}
replicates: 2
metrics: [service_hours, burden_hours]
"""
"""Of the tiny county: four points of the reform and two of what was before, twelve runs."""


def planned(text: str, folder: Path = Path()) -> Plan:
    """The plan of an experiment that is written down in a folder."""
    from cadre_sim.experiments.planning import load_experiment  # here, so that workers start without the model

    path = folder / "experiment.yaml"
    path.write_text(text, encoding="utf-8")
    return load_experiment(path)


def part_bytes(store: Path) -> dict[str, bytes]:
    """The content of all parts of a store that hold results, by name."""
    parts = (part for folder in FOLDERS for part in sorted((store / folder).glob("*.parquet")))
    return {str(part.relative_to(store)): part.read_bytes() for part in parts}


def quick(plan: Plan) -> Callable[[Run], Outcome]:
    """Runs that take no time: each metric is a number that the key gives."""
    return lambda run: Outcome(run, tuple(int(run.key[:6], 16) + k for k in range(len(plan.metrics))), None, 0.001)


def short(plan: Plan) -> Callable[[Run], Outcome]:
    """The same, eight thousandths of a second each."""
    return _after(0.008, quick(plan))


def slow(plan: Plan) -> Callable[[Run], Outcome]:
    """The same, a hundredth of a second each."""
    return _after(0.01, quick(plan))


def reading(plan: Plan) -> Callable[[Run], Outcome]:
    """Runs of two hundredths of a second that read the units table of their scenario, and tell who lives there."""
    from cadre_sim.scenario.units_table import read_units  # here, so that workers start without the model

    give = _after(0.02, quick(plan))

    def outcome(run: Run) -> Outcome:
        units = plan.scenario(run.arm, run.values).place.units
        assert units is not None
        first, *others = give(run).values
        residents = sum(unit.residents for unit in read_units(units))
        return Outcome(run, (first + residents, *others), None, 0.02)

    return outcome


def stuck(plan: Plan) -> Callable[[Run], Outcome]:
    """Runs that never end; each leaves a file ``stuck-<process>`` when it has begun."""

    def outcome(run: Run) -> Outcome:
        Path(f"stuck-{os.getpid()}").touch()
        threading.Event().wait()
        raise AssertionError

    return outcome


def _after(seconds: float, give: Callable[[Run], Outcome]) -> Callable[[Run], Outcome]:
    def outcome(run: Run) -> Outcome:
        time.sleep(seconds)
        return give(run)._replace(seconds=seconds)

    return outcome


def troubled(plan: Plan) -> Callable[[Run], Outcome]:
    """Replicate 1 raises, 2 hangs, 3 takes its process with it; all others go well."""
    give = quick(plan)

    def outcome(run: Run) -> Outcome:
        if run.replicate == 1:
            return Outcome(run, (), Failure("raised", "Traceback\nZeroDivisionError: by zero"), 0.0)
        if run.replicate == 2:
            time.sleep(60)
        if run.replicate == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return give(run)

    return outcome


def doomed(plan: Plan) -> Callable[[Run], Outcome]:
    """Runs that take the process with them that has started theirs, as where a whole job is out of memory."""

    def outcome(run: Run) -> Outcome:
        os.kill(os.getppid(), signal.SIGKILL)
        os._exit(1)

    return outcome


def ruinous(plan: Plan) -> Callable[[Run], Outcome]:
    """One such run, among others that go well."""
    give, end = quick(plan), doomed(plan)
    return lambda run: end(run) if (run.arm, run.values[1], run.replicate) == ("before", 0.8, 1) else give(run)


HEAVY = (
    "dask", "duckdb", "jinja2", "matplotlib", "mesa", "networkx", "pandas", "pyarrow", "rich", "scipy.sparse",
    "scipy.spatial", "scipy.stats", "seaborn", "typer",
)  # fmt: skip
"""What takes long to import and no run needs."""


def importing(plan: Plan) -> Callable[[Run], Outcome]:
    """Runs of the model that fail by telling what of :data:`HEAVY` their worker has imported once they are done."""
    from cadre_sim.sweep.runner import Runner

    give = Runner(plan)

    def outcome(run: Run) -> Outcome:
        done = give(run)
        found = [name for name in HEAVY if name in sys.modules]
        return done._replace(values=(), error=Failure("raised", f"{done.error} {len(done.values)} {found}"))

    return outcome


def broken(plan: Plan) -> Callable[[Run], Outcome]:
    """A worker that ends before it can begin, as where memory does not suffice for one."""
    os._exit(3)
