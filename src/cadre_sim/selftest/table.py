"""The table of the reference model: a second program, written from docs/model.md alone, in the same small world."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

import numpy as np
import pandas as pd

from cadre_sim.activities import COUNT
from cadre_sim.selftest.check import Check, at_most, equal
from cadre_sim.selftest.world import SEED, days_of, small_world
from cadre_sim.simulation import Simulation
from cadre_sim.workday.outputs import OUTPUTS


def read_table() -> pd.DataFrame:
    """The table in ``data/reference.csv``: a row a working day, a column an output, summed over all offices."""
    with files("cadre_sim.data").joinpath("reference.csv").open(encoding="utf-8") as file:
        return pd.read_csv(file, index_col="date")


def check_table() -> Iterator[Check]:
    """The days of the small world against the table: dates, hours of every activity, and all else, gaps relative."""
    table = read_table()
    scenario = small_world()
    dates = [str(date) for date in Simulation(scenario, seed=SEED).calendar.dates]
    yield equal("working days of the reference", _span(list(table.index)), _span(dates))
    if dates != list(table.index):
        return
    reference = table[list(OUTPUTS)].to_numpy(np.float64)
    gap = np.abs(days_of(scenario).sum(axis=1) - reference) / np.maximum(1.0, np.abs(reference))
    yield at_most("hours by activity, off the reference by", float(gap[:, :COUNT].max()), 1e-9)
    yield at_most("all other outputs, off the reference by", float(gap[:, COUNT:].max()), 1e-9)


def _span(dates: list[str]) -> str:
    return f"{len(dates)} to {dates[-1]}"
