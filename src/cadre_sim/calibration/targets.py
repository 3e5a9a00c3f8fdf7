"""Targets: what a baseline should look like before any reform, and how far what a run gives lies from that."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cadre_sim.arrays import Floats
from cadre_sim.comparison.replicate import RunSet
from cadre_sim.errors import InputError, UnknownNameError
from cadre_sim.record.metrics import metric_catalogue


def read_targets() -> pd.DataFrame:
    """The targets in ``data/targets.csv``, with their sources.

    Columns: target (name), metrics (names of the metrics that are summed for it, parted by blanks), value, low, high
    (what is aimed at and the range of the evidence, in ``unit``), unit, kind and source.
    """
    with files("cadre_sim.data").joinpath("targets.csv").open(encoding="utf-8") as file:
        return pd.read_csv(file)


def simulated(targets: pd.DataFrame, means: Mapping[str, float]) -> NDArray[np.float64]:
    """What metrics give for each target, in its unit; not a number where one of its metrics is none."""
    return np.array([sum(float(means[name]) for name in names.split()) for names in targets["metrics"]])


def in_range(targets: pd.DataFrame, values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether each value lies within the range of its target, ends included."""
    return np.asarray((values >= targets["low"]) & (values <= targets["high"]))


def against_targets(runs: RunSet) -> pd.DataFrame:
    """One row a target: its value and range, what the run gives (mean over replicates), and whether that is in range.

    The targets stand in ``data/targets.csv`` with their sources; a target may be the sum of several metrics. Hours of
    a week that the evidence does not name (tasks, certificates, signs, switching, idle) count as its "other".
    """
    targets = read_targets()
    values = simulated(targets, runs.summary().set_index("metric")["mean"])
    table = targets[["target", "unit", "value", "low", "high", "kind"]]
    return table.assign(simulated=values, in_range=in_range(targets, values))


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


def checked(targets: pd.DataFrame) -> pd.DataFrame:
    """The same targets, once each is found to be of metrics that there are and to have a range.

    Raises:
        UnknownNameError: a target is of no such metric.
        InputError: a target has no range.
    """
    metrics = [d.name for d in metric_catalogue()]
    for row in targets.itertuples(index=False):
        unknown = next((name for name in row.metrics.split() if name not in metrics), None)
        if unknown is not None:
            raise UnknownNameError(unknown, metrics)
        if not row.low < row.high:
            raise InputError(f"target {row.target!r}: its range is empty ({row.low:g} to {row.high:g})")
    return targets.reset_index(drop=True)


def refuse_missing(targets: pd.DataFrame, outcome: Floats) -> None:
    """See that a scenario gives a number for every target.

    Raises:
        InputError: it does not; names the targets.
    """
    missing = [repr(name) for name, value in zip(targets["target"], outcome, strict=True) if not np.isfinite(value)]
    if missing:
        raise InputError(
            f"the scenario gives no number for the target(s) {', '.join(missing)}: "
            "has it villages or communities, and do residents bring matters there?"
        )
