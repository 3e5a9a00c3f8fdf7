"""Analyses on a terminal: tables that fit 80 columns, and in sentences what they are of and how far they go."""

from __future__ import annotations

import dataclasses
import json
from math import isfinite, isnan
from typing import Any

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cadre_sim.analysis.attribution import Attribution
from cadre_sim.analysis.discovery import Discovery
from cadre_sim.analysis.frontier import Frontier
from cadre_sim.analysis.sensitivity import Sensitivity
from cadre_sim.analysis.variance import Variance
from cadre_sim.comparison import statistics
from cadre_sim.record.bounds import bounds_of
from cadre_sim.terminal.columns import fitted
from cadre_sim.terminal.notes import on_replicates
from cadre_sim.terminal.tables import interval, number

_SHOWN = 20
"""Rows that are printed; --json has all."""
_WIDTH = 80
_FEW = 8
"""Trajectories, or base points, below which a bootstrap has little to draw from."""


def print_attribution(console: Console, found: Attribution) -> None:
    """Print what each measure brings, and the pairs that act on each other most."""
    bounds = bounds_of([found.response.metric]).differences
    effect = statistics.interval(found.effect[:, None], bounds=bounds)
    how = f"{found.orders:,} drawn orders" if found.orders else "all sets of measures"
    _head(console, f"What each measure brings: {found.response}")
    count = len(found.effect)
    over = "replicates and orders" if found.orders else "replicates"
    intervals = f" Intervals: 95%, of the mean over {over}." if count > 1 else ""
    _say(console, f"Shapley values from {how}, {count} replicate{'s' if count > 1 else ''}.{intervals}")
    table = _table(("measure", 30), ("effect", -9), ("95% interval", -18), ("%", -5), ("alone", -7), ("last", -7))
    for row in found.table.sort_values("effect", key=abs, ascending=False, kind="stable").itertuples():
        share = "-" if isnan(row.share) else f"{100 * row.share:.0f}"
        table.add_row(
            row.measure, _signed(row.effect), _interval(row.low, row.high), share, _signed(row.alone), _signed(row.last)
        )
    whole = _interval(float(effect.low[0]), float(effect.high[0]))
    share = "-" if found.table["share"].isna().all() else "100"
    table.add_row("the whole reform", _signed(float(effect.mean[0])), whole, share, "", "", style="bold")
    console.print(table)
    _say(console, "alone: what it brings without the others; last: what is lost where it alone is left out.")
    pairs = found.interactions.sort_values("effect", key=abs, ascending=False, kind="stable").head(10)
    table = _table(("together beyond each alone", 47), ("effect", -9), ("95% interval", -18))
    for row in pairs.itertuples():
        table.add_row(f"{row.first} + {row.second}", _signed(row.effect), _interval(row.low, row.high))
    if len(pairs):
        console.print(table)
    for line in on_replicates(count, of_an_experiment=True):
        _say(console, line)
    if count > 1:
        _say(console, "The intervals are of chance alone: they say nothing of how uncertain the parameters are.")


def print_sensitivity(console: Console, found: Sensitivity) -> None:
    """Print the parameters that matter most."""
    _head(console, f"What it depends on: {found.response}")
    if not found.varies:
        _say(console, f"It is {found.mean:+.3g} all over the design ({found.used} of {found.all} parts of it).")
        _say(console, f"What does not vary depends on none of the {len(found.table)} parameters, as far as they moved.")
        return
    _say(console, f"Over the design: mean {found.mean:+.3g}, standard deviation {found.spread:.3g}.")
    rows = found.table.head(_SHOWN)
    if found.method == "morris":
        _say(
            console,
            f"Morris screening, {found.used} of {found.all} trajectories: mean change when the parameter moves through "
            "its range and all others stay (mu*), its direction (mu), and how much it depends on the others (sigma).",
        )
        table = _table(("parameter", 42), ("mu*", -6), ("95% interval", -14), ("mu", -6), ("sigma", -6))
        for row in rows.itertuples():
            table.add_row(
                row.factor, number(row.mean_absolute, 3), interval(row.low, row.high, 3),
                number(row.mean, 2, sign=True), number(row.spread, 2),
            )  # fmt: skip
    else:
        _say(
            console,
            f"Sobol indices, {found.used} of {found.all} base points: share of the variance that the parameter "
            "explains alone (first) and together with all others (total).",
        )
        table = _table(("parameter", 30), ("first", -6), ("95% interval", -15), ("total", -6), ("95% interval", -15))
        for row in rows.itertuples():
            first, total = interval(row.first_low, row.first_high, 2), interval(row.total_low, row.total_high, 2)
            table.add_row(row.factor, number(row.first, 2), first, number(row.total, 2), total)
    console.print(table)
    if len(found.table) > _SHOWN:
        _say(console, f"{len(found.table) - _SHOWN} further parameters matter less (--json has all).")
    _say(console, "Intervals: 95%, by bootstrap.")
    if found.used < _FEW:
        what = "trajectories" if found.method == "morris" else "base points"
        _say(console, f"{found.used} {what} are few: the intervals are unsure themselves; {_FEW} or more would do.")


def print_frontier(console: Console, found: Frontier) -> None:
    """Print the points that no other betters."""
    wanted = ", ".join(f"{o.metric} {o.direction}" for o in found.objectives)
    _head(console, f"Not bettered by any other: {wanted}")
    _say(
        console,
        f"{len(found.table)} of {found.points:,} points of arm {found.arm}, by means over {found.replicates} "
        "replicates. held: share of the replicates in which the point is not bettered either.",
    )
    rows = found.table.head(_SHOWN)
    columns = {name: [_cell(value) for value in rows[name]] for name in found.table.columns}
    for line in fitted(columns, _WIDTH):
        console.print(line, highlight=False, markup=False)
    if len(found.table) > _SHOWN:
        _say(console, f"{len(found.table) - _SHOWN} further points are not shown (--json has all).")
    units = ", ".join(f"{o.metric} in {unit}" for o, unit in zip(found.objectives, found.units, strict=True))
    _say(console, f"Units: {units}.")


def print_variance(console: Console, found: Variance) -> None:
    """Print how the spread is made up."""
    _head(console, f"What its spread is: {found.response}")
    design = (
        f"{found.points:,} points of the parameters, {found.mechanisms} mechanism"
        f"{'s' if found.mechanisms > 1 else ''}, {found.replicates} replicates."
    )
    if not found.varies:
        _say(console, f"It is {found.mean:+.3g} in all runs: there is no spread to be made up. {design}")
        return
    _say(console, f"Mean {found.mean:+.3g}, standard deviation {found.spread:.3g}; {design}")
    table = _table(("part", 24), ("variance", -12), ("share", -8), ("95% interval", -16))
    for row in found.table.itertuples():
        table.add_row(
            row.part,
            "-" if isnan(row.variance) else f"{row.variance:.4g}",
            number(row.share, 3),
            interval(row.low, row.high, 3),
        )
    console.print(table)
    if found.mechanisms == 1:
        _say(console, "-: undefined, since there is one mechanism only.")
    _say(console, "Interval: 95% of the share, by bootstrap over points and replicates.")
    _say(console, "Chance is that of one run: a mean over many replicates has less of it, and as much of the rest.")


def print_discovery(console: Console, found: Discovery) -> None:
    """Print the regions in which a reform fails."""
    _head(console, f"Where it fails: {found.condition} ({found.response})")
    _say(console, f"It fails at {found.failures:,} of {found.points:,} points, by means over replicates.")
    for place, region in enumerate(found.regions, start=1):
        table = _table((f"region {place}", 34), ("from", -12), ("to", -12), ("chance", -9))
        for row in region.limits.itertuples():
            ends = (
                (row.values, "")
                if isinstance(row.values, str)
                else tuple("" if isnan(_f(e)) else f"{e:.4g}" for e in (row[2], row.to))
            )
            table.add_row(row.factor, *ends, f"{row.p:.2g}")
        console.print(table)
        _say(
            console,
            f"has {100 * region.mass:.0f}% of all points and {100 * region.coverage:.0f}% of the failures; "
            f"{100 * region.density:.0f}% of its points fail.",
        )
    if not found.regions:
        _say(console, "No region stands out: at none, or all, or nowhere more often than elsewhere.")
    else:
        _say(console, "chance: how easily as good a limit comes from chance (quasi-p-value of a one-sided test).")


def plain(found: Any) -> Any:
    """An analysis as plain data: tables as one mapping a row, None for what is not a number."""
    if isinstance(found, pd.DataFrame):
        return json.loads(found.to_json(orient="records", double_precision=15))
    if isinstance(found, np.ndarray):
        return plain(found.tolist())
    if dataclasses.is_dataclass(found):
        return {field.name: plain(getattr(found, field.name)) for field in dataclasses.fields(found)}
    if hasattr(found, "_asdict"):
        return {name: plain(value) for name, value in found._asdict().items()}
    if isinstance(found, tuple | list):
        return [plain(value) for value in found]
    return None if isinstance(found, float) and not isfinite(found) else found


def _head(console: Console, text: str) -> None:
    console.print(Text(f"\n{text}", style="bold"))


def _say(console: Console, text: str) -> None:
    console.print(text, highlight=False, markup=False)


def _table(*columns: tuple[str, int]) -> Table:
    """A table of columns of a width; numbers, of a negative one, stand right."""
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for name, width in columns:
        if width < 0:
            table.add_column(name, justify="right", width=-width, overflow="fold")
        else:
            table.add_column(name, width=width, overflow="fold")
    return table


def _signed(value: float) -> str:
    return number(value, 3, sign=True)


def _interval(low: float, high: float) -> str:
    return interval(low, high, 3, sign=True)


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, float):
        return f"{value + 0.0:.3g}" if isfinite(value) else "-"
    return str(value)


def _f(value: float | None) -> float:
    return float("nan") if value is None else float(value)
