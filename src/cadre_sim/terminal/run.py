"""A run on a terminal: its metrics with their intervals."""

from __future__ import annotations

from rich.console import Console, Group, RenderableType

from cadre_sim.comparison.replicate import RunSet
from cadre_sim.labels.metrics import metric_label
from cadre_sim.terminal import notes
from cadre_sim.terminal.sections import known_rows, metrics_of
from cadre_sim.terminal.tables import heading, idle_notes, interval, number, table


def print_run(console: Console, runs: RunSet) -> None:
    """Print the summary of a run."""
    summary = runs.summary().set_index("metric")
    count = len(runs.results)
    tables: list[RenderableType] = []
    sections = known_rows(summary, ("mean",))
    for block in sections:
        shown = table(block.title, 44, ("mean", 12), ("95% interval", 22))
        for row in block.rows:
            label = metric_label(row.metric)
            mean, low, high = (label.unit.factor * summary.loc[row.metric, name] for name in ("mean", "low", "high"))
            shown.add_row(block.name(row), number(mean, label.digits), interval(low, high, label.digits))
        tables.append(shown)
    console.print(heading(runs.scenario.title, runs.scenario.question))
    console.print(_measured(runs, count), highlight=False, markup=False)
    for line in idle_notes(runs.idle):
        console.print(line, highlight=False, markup=False)
    console.print(Group(*tables))
    shown_rows = summary.loc[metrics_of(sections)]
    for line in notes.undefined(shown_rows, ("mean",)):
        console.print(line, style="dim", highlight=False)
    for line in (*notes.on_replicates(count), *notes.on_bounds(shown_rows, "mean")):
        console.print(line, style="dim", highlight=False)


def _measured(runs: RunSet, count: int) -> str:
    scenario, world = runs.scenario, runs.results[0].world
    replicates = f"{count} replicate{'s' if count > 1 else ''}"
    return (
        f"Measured from {scenario.measure_from} to {scenario.measure_to}; {replicates}, seed {runs.seed}; "
        f"{world.cadres.office.size:,} cadres, {world.offices.kind.size:,} offices."
    )
