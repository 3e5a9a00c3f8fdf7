"""Finding parameter values that have no source: those under which a scenario comes nearest to its targets.

The values are searched around those of the scenario by CMA-ES (Hansen 2016, "The CMA evolution strategy: a tutorial").
Every trial runs the scenario under the same seed (common random numbers), so that two trials differ by their values
only. Trials are asked for and told in generations of a fixed size and in their order, so that what is found does not
depend on how many workers there are or which of them is done first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from pydantic import ValidationError

from cadre_sim.arrays import Floats
from cadre_sim.calibration.search import BATCH, Search, SearchedParameter, Values, read_calibrated, searched_parameters
from cadre_sim.calibration.targets import checked, in_range, loss, misses, read_targets, refuse_missing, simulated
from cadre_sim.comparison.pool import cores, run_jobs
from cadre_sim.comparison.replicate import Job, Progress, run_job, warm_up
from cadre_sim.comparison.statistics import interval
from cadre_sim.errors import InputError
from cadre_sim.reckoning.fitting import refuse_unfit
from cadre_sim.reckoning.work import of_calibration
from cadre_sim.record.metrics import measure, metric_catalogue
from cadre_sim.scenario.paths import parse_path, path_text, with_value
from cadre_sim.scenario.scenario import Scenario

TRIALS = 60
"""Trials of a search, by default."""
SEEDS = 2**32


class LossCheck(NamedTuple):
    """Losses of the values at the start and of those found, under one seed."""

    seed: int
    start: float
    found: float


@dataclass(frozen=True)
class Calibration:
    """What a search has found.

    Attributes:
        start: the scenario as it was given.
        found: the scenario with the values of the best trial.
        seed: root seed of every trial, and of the search.
        replicates: runs of each trial.
        knobs: what was searched.
        targets: what was aimed at, see :func:`cadre_sim.calibration.targets.read_targets`.
        trials: one row a trial: its number, the value of every parameter, its loss (not a number where a target was
            none); trial 0 is the start.
        simulated: what the targets are at the start and as found, under ``seed``, shape (2, targets).
        held_out: both losses under a seed that the search has not seen.
    """

    start: Scenario
    found: Scenario
    seed: int
    replicates: int
    knobs: tuple[SearchedParameter, ...]
    targets: pd.DataFrame
    trials: pd.DataFrame
    simulated: Floats
    held_out: LossCheck

    @property
    def best(self) -> int:
        """Number of the best trial; 0 where none came nearer to the targets than the start."""
        return int(self.trials["loss"].idxmin())

    @property
    def values(self) -> Values:
        """The value found of each parameter, by path."""
        return {k.path: self.trials.at[self.best, k.path] for k in self.knobs}

    @property
    def searched(self) -> LossCheck:
        """Both losses under the seed of the search."""
        losses = self.trials["loss"]
        return LossCheck(self.seed, float(losses[0]), float(losses[self.best]))

    def parameters(self) -> pd.DataFrame:
        """One row a parameter: path, unit, plausible range, kind, and its value at the start and as found."""
        frame = pd.DataFrame(self.knobs, dtype=object).drop(columns="whole")
        return frame.assign(found=pd.Series(self.values.values(), dtype=object))

    def fit(self) -> pd.DataFrame:
        """One row a target: value, range, what the start and the found values give, and its part of the found loss.

        The parts, in the column ``contribution``, sum to the loss; ``in_range`` is of the found values.
        """
        start, fitted = self.simulated
        return self.targets[["target", "unit", "value", "low", "high"]].assign(
            start=start,
            fitted=fitted,
            in_range=in_range(self.targets, fitted),
            contribution=misses(self.targets, fitted) / len(self.targets),
        )

    def losses(self) -> pd.DataFrame:
        """Two rows, the seed of the search and one held out: both losses under each."""
        frame = pd.DataFrame([self.searched, self.held_out])
        return frame.assign(held_out=[False, True])[["seed", "held_out", "start", "found"]]

    def overlay(self) -> dict[str, Any]:
        """The values found, nested as in a scenario file."""
        return nested(self.values)


def calibrate(
    scenario: Scenario,
    *,
    parameters: Sequence[str] | None = None,
    targets: pd.DataFrame | None = None,
    trials: int = TRIALS,
    replicates: int = 1,
    seed: int = 1,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Calibration:
    """Search the values of parameters, within their plausible ranges, for those that come nearest to the targets.

    Args:
        scenario: where the search starts; its values are the first trial.
        parameters: paths of what is searched, by default those in ``data/calibrated.csv``.
        targets: what is aimed at, with the columns of ``data/targets.csv``; by default that table.
        trials: how many sets of values are tried, the start among them.
        replicates: runs of each trial; targets are compared with their means.
        seed: root seed of every run and of the search, 0 to 2^32 - 1; the seed after it is held out as a check.
        workers: cores to use, by default all; the result does not depend on it.
        progress: called as runs are done.

    Raises:
        ValueError: fewer than two trials, or no replicate.
        UnknownNameError: the scenario has no such parameter, or a target is of no such metric.
        InputError: there is nothing to search in a parameter (no range, no value, a value outside its range), a target
            has no range, or the scenario gives no number for it.
    """
    if trials < 2 or replicates < 1:
        raise ValueError(f"a calibration needs 2 trials and 1 replicate (got {trials} and {replicates})")
    knobs = searched_parameters(scenario, read_calibrated() if parameters is None else parameters)
    targets = checked(read_targets() if targets is None else targets)
    refuse_unfit(of_calibration(scenario, trials, replicates, workers or cores(), BATCH))
    warm_up()
    runs = _Runs(targets, replicates, workers or cores(), (trials + 2) * replicates, progress)
    rows: list[dict[str, float]] = []
    outcomes: list[Floats] = []
    search = Search(knobs, seed)

    def run(tried: Sequence[Values]) -> list[float]:
        for values, outcome in zip(tried, runs.of([laid_over(scenario, v) for v in tried], seed), strict=True):
            rows.append({"trial": len(rows), **values, "loss": loss(targets, outcome)})
            outcomes.append(outcome)
        return [row["loss"] for row in rows[-len(tried) :]]

    # The start comes alone: a scenario that lacks a target is told after one run, not after a generation.
    run([{k.path: k.start for k in knobs}])
    refuse_missing(targets, outcomes[0])
    while len(rows) < trials:
        asked = [search.ask() for _ in range(min(BATCH, trials - len(rows)))]
        losses = run([values for _, values in asked])
        if len(asked) == BATCH:
            search.tell([point for point, _ in asked], losses)
    table = pd.DataFrame(rows, dtype=object).astype({"loss": float})
    best = int(table["loss"].idxmin())
    found = laid_over(scenario, {k.path: rows[best][k.path] for k in knobs})
    other = (seed + 1) % SEEDS
    held_out = LossCheck(other, *(loss(targets, o) for o in runs.of([scenario, found], other)))
    simulated = np.array([outcomes[0], outcomes[best]])
    return Calibration(scenario, found, seed, replicates, knobs, targets, table, simulated, held_out)


def laid_over(scenario: Scenario, values: Mapping[str, float | int]) -> Scenario:
    """The same scenario with other values of some parameters, given by path.

    Raises:
        InputError: the scenario does not take these values.
    """
    content = _with(scenario.to_dict(), values)
    try:
        return Scenario.model_validate(content).with_settings(scenario.settings)
    except ValidationError as error:
        said = "; ".join(f"{path_text(e['loc'])}: {e['msg']}" for e in error.errors())
        raise InputError(f"the scenario does not take the values of a trial: {said}") from None


def nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values by path, as the mappings in mappings that a scenario file has."""
    whole: dict[str, Any] = _with({}, values)
    return whole


def _with(data: Any, values: Mapping[str, Any]) -> Any:
    """Plain data with values laid over it, by path."""
    return reduce(lambda found, item: with_value(found, parse_path(item[0]), item[1]), values.items(), data)


@dataclass
class _Runs:
    """Runs scenarios for their targets, and counts the runs."""

    targets: pd.DataFrame
    replicates: int
    workers: int
    total: int
    progress: Progress | None
    done: int = 0

    def of(self, scenarios: Sequence[Scenario], seed: int) -> list[Floats]:
        """What each scenario gives for every target: means over replicates, in the order of the scenarios."""
        count = len(scenarios) * self.replicates
        threads = self.workers if count == 1 else 1
        jobs = [Job(s, seed, r, threads) for s in scenarios for r in range(self.replicates)]
        names = [d.name for d in metric_catalogue()]
        measures = np.empty((count, len(names)))
        for place, found in run_jobs(_measured, jobs, self.workers):
            measures[place] = found
            self.done += 1
            if self.progress:
                self.progress(self.done, self.total)
        means = (interval(m).mean for m in measures.reshape(len(scenarios), self.replicates, -1))
        return [simulated(self.targets, dict(zip(names, mean, strict=True))) for mean in means]


def _measured(job: Job) -> Floats:
    """The metrics of one run: all that a worker sends back."""
    return measure(run_job(job))
