"""What a baseline should look like before any reform: published or inferred targets beside what a run gives."""

from __future__ import annotations

from importlib.resources import files

import pandas as pd

from cadre_sim.experiments.replicate import RunSet


def against_targets(runs: RunSet) -> pd.DataFrame:
    """One row a target: its value and range, what the run gives (mean over replicates), and whether that is in range.

    The targets stand in ``data/targets.csv`` with their sources; a target may be the sum of several metrics. Hours of
    a week that the evidence does not name (tasks, certificates, signs, switching, idle) count as its "other".
    """
    with files("cadre_sim.data").joinpath("targets.csv").open(encoding="utf-8") as file:
        targets = pd.read_csv(file)
    means = runs.summary().set_index("metric")["mean"]
    simulated = [sum(float(means[name]) for name in names.split()) for names in targets["metrics"]]
    table = targets[["target", "unit", "value", "low", "high", "kind"]].assign(simulated=simulated)
    table["in_range"] = (table["simulated"] >= table["low"]) & (table["simulated"] <= table["high"])
    return table
