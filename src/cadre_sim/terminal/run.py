"""A run on a terminal: its metrics with their intervals."""

from __future__ import annotations

import numpy as np
from rich.console import Console, Group, RenderableType

from cadre_sim.comparison.replicate import RunSet
from cadre_sim.labels.metrics import metric_label
from cadre_sim.terminal.sections import BLOCKS
from cadre_sim.terminal.tables import heading, idle_notes, interval, number, table


def print_run(console: Console, runs: RunSet) -> None:
    """Print the summary of a run."""
    summary = runs.summary().set_index("metric")
    count = len(runs.results)
    tables: list[RenderableType] = []
    for block in BLOCKS:
        shown = table(block.title, 44, ("mean", 12), ("95% interval", 22))
        for row in block.rows:
            label = metric_label(row.metric)
            mean, low, high = (label.unit.factor * summary.loc[row.metric, name] for name in ("mean", "low", "high"))
            if not (block.optional and np.isnan(mean)):
                shown.add_row(block.name(row), number(mean, label.digits), interval(low, high, label.digits))
        tables.append(shown)
    console.print(heading(runs.scenario.title, runs.scenario.question))
    console.print(_measured(runs, count), highlight=False, markup=False)
    for line in idle_notes(runs.idle):
        console.print(line, highlight=False, markup=False)
    console.print(Group(*tables))
    if count == 1:
        console.print("One replicate gives no interval; --replicates 8 does.", style="dim", highlight=False)


def _measured(runs: RunSet, count: int) -> str:
    scenario = runs.scenario
    return (
        f"Measured from {scenario.measure_from} to {scenario.measure_to}; {count} replicate(s), seed {runs.seed}; "
        f"{runs.results[0].world.cadres.office.size:,} cadres, {runs.results[0].world.offices.kind.size:,} offices."
    )
