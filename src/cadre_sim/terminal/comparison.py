"""A comparison on a terminal: effects, the ledger of hours, the article, and what was checked."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from cadre_sim.comparison.article import said, verdicts
from cadre_sim.comparison.compare import Comparison
from cadre_sim.comparison.effects import Effects
from cadre_sim.labels.metrics import metric_label
from cadre_sim.labels.names import ACTIVITY_GROUPS, LONGER_DAYS
from cadre_sim.terminal import notes
from cadre_sim.terminal.sections import known_rows, metrics_of
from cadre_sim.terminal.tables import heading, idle_notes, interval, number, table

_NAME_WIDTH = 23
"""Columns that names take: a short name after an indent of two."""
_NOTHING = (
    "Nothing can change: no reform in which the two scenarios differ can act on a measured day. There is no effect to "
    "speak of; `cadre-sim run` prints the levels."
)

_LEVELS = ("baseline", "reform")


def print_comparison(console: Console, comparison: Comparison, precision: float | None = None) -> None:
    """Print the effects of a comparison, the ledger of hours and what was checked.

    Args:
        console: where to.
        comparison: of what.
        precision: half-width of the effect on service hours that was asked for, if any [h/cadre-week].
    """
    count = comparison.replicates
    paired = f"{count} paired replicate{'s' if count > 1 else ''}"
    intervals = " Intervals: 95%, of the mean effect over replicates." if count > 1 else ""
    for effects, found, name in zip(comparison.arms, comparison.idle, comparison.names, strict=True):
        console.print(heading(name, effects.arm.reform.question))
        console.print(
            f"Compared with {effects.arm.baseline.title!r}, measured from {effects.arm.reform.measure_from} to "
            f"{effects.arm.reform.measure_to}; {paired}, seed {comparison.seed}.{intervals}",
            highlight=False,
            markup=False,
        )
        for line in idle_notes(found.idle):
            console.print(line, highlight=False, markup=False)
        if found.nothing:
            console.print(_NOTHING, highlight=False, markup=False)
        else:
            console.print(_effects_table(effects))
            if np.isfinite(effects.headline()).all():
                console.print(_ledger(effects))
            for line in _notes(effects, count, precision):
                console.print(line, highlight=False, markup=False)
        article = effects.article()
        if len(article):
            console.print(_article(article))
            for line in verdicts(article):
                console.print(line, highlight=False, markup=False)


def warnings(comparison: Comparison, precision: float | None = None) -> Iterator[str]:
    """What must be known of a comparison also where nothing else is shown: that nothing can change, or is not sure.

    Args:
        comparison: of what.
        precision: half-width of the effect on service hours that was asked for, if any [h/cadre-week].
    """
    for effects, found in zip(comparison.arms, comparison.idle, strict=True):
        yield from idle_notes(found.idle)
        if found.nothing:
            yield _NOTHING
        else:
            yield from notes.unreached(effects, comparison.replicates, precision)


def _effects_table(effects: Effects) -> RenderableType:
    frame = effects.frame().set_index("metric")
    columns = (("baseline", 8), ("reform", 7), ("effect", 7), ("95% interval", 17), ("%", 5), ("naive*", 7))
    tables: list[RenderableType] = []
    for block in known_rows(frame, _LEVELS):
        shown = table(block.title, _NAME_WIDTH, *columns)
        for row in block.rows:
            found, label = frame.loc[row.metric], metric_label(row.metric)
            factor, digits = label.unit.factor, label.digits
            shown.add_row(
                block.name(row),
                number(factor * found["baseline"], digits),
                number(factor * found["reform"], digits),
                number(factor * found["effect"], digits, sign=True),
                interval(factor * found["low"], factor * found["high"], digits, sign=True),
                number(found["percent"], 0, sign=True),
                number(factor * found["before_after"], digits, sign=True),
            )
        tables.append(shown)
    return Group(*tables)


def _ledger(effects: Effects) -> RenderableType:
    ledger = effects.ledger()
    gained = float(effects.headline().mean())
    shown = table("Where the service hours came from", 32, ("h/cadre-week", 13))
    for row in ledger.itertuples(index=False):
        hours = number(row.hours, 2, sign=True)
        gain = not hours.startswith("-")
        if row.source == LONGER_DAYS:
            label = "from longer days" if gain else "given back as shorter days"
        else:
            label = f"{'from' if gain else 'taken by'} {ACTIVITY_GROUPS[row.source].name}"
        shown.add_row(f"  {label}", hours)
    shown.add_row(Text("  service hours gained", style="bold"), number(gained, 2, sign=True))
    return shown


def _article(article: pd.DataFrame) -> RenderableType:
    shown = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold", title_justify="left")
    shown.title = Text("\nArticle / model", style="bold")
    shown.add_column("row", justify="right", width=3)
    shown.add_column("what", width=22, overflow="fold")
    shown.add_column("role", width=6)
    for name, width in (("article", 12), ("model", 9), ("95% interval", 21)):
        shown.add_column(name, justify="right", width=width, overflow="fold")
    for row in article.to_dict("records"):
        model, between = f"{row['mean']:,.10g}", ""
        if row["role"] == "output":
            digits = 1 if row["mean"] < 100.0 else 0
            model, between = number(row["mean"], digits), interval(row["low"], row["high"], digits)
        elif np.isnan(row["mean"]):
            model = "off"
        shown.add_row(str(row["row"]), Text(row["text"]), row["role"], said(row), model, between)
    return shown


def _notes(effects: Effects, replicates: int, precision: float | None) -> Iterator[str]:
    frame = effects.frame().set_index("metric")
    frame = frame.loc[metrics_of(known_rows(frame, _LEVELS))]
    yield "\n* What a plain before/after comparison of the reform's own run would have said."
    yield "Effects on % are in percentage points."
    yield from notes.undefined(frame, _LEVELS)
    if effects.identical_days is None:
        yield "Not checked for identity before the reform: the scenarios differ in more than reforms."
    elif effects.identical_days == 0:
        yield "Not checked for identity before the reform: there is no working day before it."
    else:
        yield (
            "Until the reform starts, both simulations are identical: checked on "
            f"{effects.identical_days} working days."
        )
    passed = effects.pass_through()
    if passed is not None:
        yield notes.on_pass_through(passed)
    yield from notes.on_precision(effects, replicates, precision)
    yield from notes.on_replicates(replicates)
    if replicates > 1:
        yield from notes.on_bounds(frame, "effect")
        yield "The interval is of chance alone: it says nothing of how uncertain the parameters are."
