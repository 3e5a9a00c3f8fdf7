"""Replicates of one scenario: the same rules under different random numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cadre_sim.comparison.pool import cores, run_jobs
from cadre_sim.comparison.statistics import interval
from cadre_sim.compiling import is_ready, is_suspicious, mark_ready
from cadre_sim.reckoning.fitting import refuse_unfit
from cadre_sim.reckoning.work import of_runs
from cadre_sim.record.bounds import bounds_of
from cadre_sim.record.metrics import measure, metric_catalogue
from cadre_sim.record.result import RunResult
from cadre_sim.record.trace import Traces, frames, trace
from cadre_sim.reforms.idle import IdleReform, idle_reforms
from cadre_sim.scenario.scenario import Scenario, see_that_it_is_a_scenario
from cadre_sim.simulation import Simulation
from cadre_sim.world.calendar import WorkCalendar

if TYPE_CHECKING:
    import pandas as pd

Progress = Callable[[int, int], None]
"""Called with the number of runs done and of all runs."""


class Job(NamedTuple):
    """One run: what, under which seed, with how many threads."""

    scenario: Scenario
    seed: int
    replicate: int
    threads: int = 1
    record_cadres: bool = False


@dataclass(frozen=True)
class RunSet:
    """Replicates of a scenario.

    Attributes:
        scenario: what was run.
        seed: root seed.
        results: what each replicate left, in the order of replicates.
    """

    scenario: Scenario
    seed: int
    results: tuple[RunResult, ...]

    @cached_property
    def idle(self) -> tuple[IdleReform, ...]:
        """Reforms that can change nothing in these runs."""
        calendar = WorkCalendar(self.scenario.period, self.scenario.calendar)
        return idle_reforms(self.scenario, self.results[0].world, calendar, [r.key for r in self.results])

    @cached_property
    def measures(self) -> NDArray[np.float64]:
        """Every metric of every replicate, shape (replicates, metrics)."""
        return np.array([measure(result) for result in self.results])

    def summary(self) -> pd.DataFrame:
        """One row a metric: mean over replicates and its 95% interval, over the measured days."""
        import pandas as pd

        found = interval(self.measures, bounds=bounds_of())
        rows = metric_catalogue()
        return pd.DataFrame(
            {
                "metric": [d.name for d in rows],
                "unit": [d.unit for d in rows],
                "mean": found.mean,
                "low": found.low,
                "high": found.high,
            }
        )

    def daily(self) -> pd.DataFrame:
        """One row a replicate, date, county and kind of office; a column a metric."""
        return _stacked(r.daily_frame() for r in self.results)

    def offices(self) -> pd.DataFrame:
        """One row a replicate, office and window (before, measured)."""
        return _stacked(r.offices_frame() for r in self.results)

    def events(self) -> pd.DataFrame:
        """One row a replicate and event: reforms that start and end, reports, cases and corrections of a watchdog."""
        return _stacked(r.events_frame() for r in self.results)

    def departments(self) -> pd.DataFrame:
        """One row a replicate, date and level: how far its departments ask for more than their plan."""
        return _stacked(r.departments_frame() for r in self.results)

    def traces(self) -> Traces:
        """What figures need of every replicate, as tidy tables."""
        return frames(({"replicate": r.key.replicate}, trace(r)) for r in self.results)

    def cadres(self) -> pd.DataFrame:
        """One row a replicate and cadre, over the measured days."""
        return _stacked(r.cadres_frame() for r in self.results)


def _stacked(frames: Iterable[pd.DataFrame]) -> pd.DataFrame:
    import pandas as pd  # here, as wherever runs become tables: a worker that only runs does without

    return pd.concat(frames, ignore_index=True)


def run(
    scenario: Scenario,
    *,
    replicates: int = 1,
    seed: int = 1,
    workers: int | None = None,
    record_cadres: bool = False,
    progress: Progress | None = None,
) -> RunSet:
    """Run replicates of a scenario.

    Args:
        scenario: what to run.
        replicates: how many, numbered from 0; the first ones are the same however many there are.
        seed: root seed, 0 to 2^32 - 1.
        workers: cores to use, by default all; results do not depend on it. A single replicate uses them as threads.
        record_cadres: keep the hours of every cadre and day.
        progress: called as runs are done.

    Raises:
        ValueError: fewer than one replicate.
        TooLargeError: the runs, or what they leave, do not fit into the memory that there is.
        InputError: something else than a scenario was given, such as the name of a file.
    """
    see_that_it_is_a_scenario(scenario)
    if replicates < 1:
        raise ValueError(f"replicates must be >= 1 (got {replicates})")
    workers = workers or cores()
    refuse_unfit(of_runs(scenario, replicates, workers, record_cadres=record_cadres))
    threads = workers if replicates == 1 else 1
    jobs = [Job(scenario, seed, r, threads, record_cadres) for r in range(replicates)]
    warm_up()
    results: list[RunResult | None] = [None] * replicates
    for done, (place, result) in enumerate(run_jobs(run_job, jobs, workers), start=1):
        results[place] = result
        if progress:
            progress(done, replicates)
    return RunSet(scenario, seed, tuple(r for r in results if r is not None))


def run_job(job: Job) -> RunResult:
    """Run one job, in whatever process."""
    simulation = Simulation(
        job.scenario,
        seed=job.seed,
        replicate=job.replicate,
        threads=job.threads,
        record_cadres=job.record_cadres,
    )
    return simulation.run()


def warm_up() -> None:
    """Have the model compiled and its code in the cache, so that worker processes find it there."""
    if not is_ready() or is_suspicious():
        Simulation(Scenario()).run_for(2)
        mark_ready()
