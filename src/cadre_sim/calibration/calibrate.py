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
from importlib.resources import files
from math import ceil, floor, isfinite, log10
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from pydantic import ValidationError

from cadre_sim.arrays import Floats
from cadre_sim.calibration.targets import in_range, read_targets, simulated
from cadre_sim.comparison.pool import cores, run_jobs
from cadre_sim.comparison.replicate import Job, Progress, run_job, warm_up
from cadre_sim.comparison.statistics import interval
from cadre_sim.errors import InputError, UnknownNameError
from cadre_sim.record.metrics import measure, metric_catalogue
from cadre_sim.scenario.listing import parameters_in
from cadre_sim.scenario.paths import parse_path, path_text, with_value
from cadre_sim.scenario.scenario import Scenario

Values = dict[str, float | int]

TRIALS = 60
"""Trials of a search, by default."""
BATCH = 8
"""Trials of a generation, and between two tells: enough for the cores of a usual machine, few enough to learn often."""
SPREAD = 0.1
"""Standard deviation of the first generation around the start, in terms of each range."""
DIGITS = 4
"""Significant digits of a value that is tried: more would say nothing, and be no easier to read."""
SEEDS = 2**32


class SearchedParameter(NamedTuple):
    """A parameter that is searched.

    Attributes:
        path: its place in the scenario, such as ``demand.hours``.
        unit: unit of all its values.
        low: lower end of its plausible range.
        high: upper end of its plausible range.
        kind: how well its default is founded (D, I or A).
        whole: whether it takes whole numbers only.
        start: its value in the scenario.
    """

    path: str
    unit: str
    low: float
    high: float
    kind: str
    whole: bool
    start: float | int

    def at(self, part: float) -> float | int:
        """The value at a part of the range, 0 to 1, with few digits."""
        value = self.low + part * (self.high - self.low)
        if self.whole:
            return round(value)
        if value == 0.0:
            return 0.0
        rounded = round(float(value), DIGITS - 1 - floor(log10(abs(value))))
        return min(max(rounded, self.low), self.high)


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


def read_calibrated() -> tuple[str, ...]:
    """Paths of the parameters in ``data/calibrated.csv``: those that no source fixes and the targets can tell."""
    with files("cadre_sim.data").joinpath("calibrated.csv").open(encoding="utf-8") as file:
        return tuple(pd.read_csv(file)["path"])


def misses(targets: pd.DataFrame, values: Floats) -> Floats:
    """How far each value misses its target: ((simulated - value) / scale) squared, without unit.

    The scale is half the width of the target's range. The range is the evidence's own word on how sure a target is, so
    hours, visits, days and shares are weighed by it without weights of ours: a miss of 1 is as far as the end of a
    range that lies evenly around its value, and what is known closely (days to close) counts for more than what is
    known roughly (total hours).
    """
    scale = (targets["high"] - targets["low"]).to_numpy(float) / 2.0
    return ((values - targets["value"].to_numpy(float)) / scale) ** 2


def loss(targets: pd.DataFrame, values: Floats) -> float:
    """Mean of :func:`misses` over all targets; not a number where a target is none."""
    return float(misses(targets, values).mean())


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
    knobs = _knobs(scenario, read_calibrated() if parameters is None else parameters)
    targets = _checked(read_targets() if targets is None else targets)
    warm_up()
    runs = _Runs(targets, replicates, workers or cores(), (trials + 2) * replicates, progress)
    rows: list[dict[str, float]] = []
    outcomes: list[Floats] = []
    search = _Search(knobs, seed)

    def run(tried: Sequence[Values]) -> list[float]:
        for values, outcome in zip(tried, runs.of([laid_over(scenario, v) for v in tried], seed), strict=True):
            rows.append({"trial": len(rows), **values, "loss": loss(targets, outcome)})
            outcomes.append(outcome)
        return [row["loss"] for row in rows[-len(tried) :]]

    # The start comes alone: a scenario that lacks a target is told after one run, not after a generation.
    run([{k.path: k.start for k in knobs}])
    _refuse_missing(targets, outcomes[0])
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


# ---- what is searched, and what for ----


def _knobs(scenario: Scenario, paths: Sequence[str]) -> tuple[SearchedParameter, ...]:
    if not paths:
        raise InputError("no parameter to search; cadre-sim list parameters names them all")
    known = parameters_in(scenario)
    paths = [path_text(parse_path(path)) for path in paths]
    unknown = next((path for path in paths if path not in known), None)
    if unknown is not None:
        raise UnknownNameError(unknown, known)
    knobs = []
    for path in dict.fromkeys(paths):
        parameter, value, whole = known[path]
        low, high = parameter.low, parameter.high
        if whole:
            low, high = ceil(low), floor(high)
        if not low < high:
            raise InputError(f"{path}: nothing to search: its plausible range is {low:g} to {high:g}")
        if value is None:
            raise InputError(f"{path}: has no value in this scenario that a search could start from")
        if not low <= value <= high:
            raise InputError(
                f"{path}: the search stays in the plausible range, {low:g} to {high:g} {parameter.unit}, "
                f"and the scenario's value {value:g} lies outside it"
            )
        knobs.append(SearchedParameter(path, parameter.unit, low, high, parameter.kind, whole, value))
    return tuple(knobs)


def _checked(targets: pd.DataFrame) -> pd.DataFrame:
    metrics = [d.name for d in metric_catalogue()]
    for row in targets.itertuples(index=False):
        unknown = next((name for name in row.metrics.split() if name not in metrics), None)
        if unknown is not None:
            raise UnknownNameError(unknown, metrics)
        if not row.low < row.high:
            raise InputError(f"target {row.target!r}: its range is empty ({row.low:g} to {row.high:g})")
    return targets.reset_index(drop=True)


def _refuse_missing(targets: pd.DataFrame, outcome: Floats) -> None:
    missing = [repr(name) for name, value in zip(targets["target"], outcome, strict=True) if not isfinite(value)]
    if missing:
        raise InputError(
            f"the scenario gives no number for the target(s) {', '.join(missing)}: "
            "has it villages or communities, and do residents bring matters there?"
        )


# ---- the search ----


class _Search:
    """CMA-ES around the start, in the unit cube of the parameters' ranges.

    A search around the start: the values of a scenario that somebody has set are far better than any drawn at random.
    """

    def __init__(self, knobs: Sequence[SearchedParameter], seed: int) -> None:
        from cmaes import CMA  # type: ignore[import-untyped]

        self._knobs = knobs
        # The library takes two dimensions or more; where one parameter is searched, the other means nothing.
        size = max(2, len(knobs))
        mean = np.full(size, 0.5)
        mean[: len(knobs)] = [(k.start - k.low) / (k.high - k.low) for k in knobs]
        bounds = np.tile([0.0, 1.0], (size, 1))
        self._cma = CMA(mean=mean, sigma=SPREAD, bounds=bounds, seed=seed, population_size=BATCH)

    def ask(self) -> tuple[Floats, Values]:
        """A point of the next generation, and the values that it stands for."""
        point: Floats = self._cma.ask()
        return point, {k.path: k.at(x) for k, x in zip(self._knobs, point.tolist(), strict=False)}

    def tell(self, points: Sequence[Floats], losses: Sequence[float]) -> None:
        """What became of a whole generation; a trial that gave no number counts as the worst."""
        found = [loss if isfinite(loss) else np.inf for loss in losses]
        self._cma.tell(list(zip(points, found, strict=True)))


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
