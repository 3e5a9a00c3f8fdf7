"""What a baseline should look like before any reform: published or inferred targets beside what a run gives."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cadre_sim.comparison.replicate import RunSet


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
