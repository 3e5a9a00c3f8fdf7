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
from cadre_sim.terminal.sections import BLOCKS
from cadre_sim.terminal.tables import heading, idle_notes, interval, number, table

_NAME_WIDTH = 23
"""Columns that names take: a short name after an indent of two."""
_NOTHING = (
    "Nothing can change: no reform in which the two scenarios differ can act on a measured day. There is no effect to "
    "speak of; `cadre-sim run` prints the levels."
)


def print_comparison(console: Console, comparison: Comparison) -> None:
    """Print the effects of a comparison, the ledger of hours and what was checked."""
    for effects, found in zip(comparison.arms, comparison.idle, strict=True):
        console.print(heading(effects.arm.reform.title, effects.arm.reform.question))
        console.print(
            f"Compared with {effects.arm.baseline.title!r}, measured from {effects.arm.reform.measure_from} to "
            f"{effects.arm.reform.measure_to}; {comparison.replicates} paired replicates, seed {comparison.seed}. "
            "Intervals: 95%, of the mean effect over replicates.",
            highlight=False,
            markup=False,
        )
        for line in idle_notes(found.idle):
            console.print(line, highlight=False, markup=False)
        if found.nothing:
            console.print(_NOTHING, highlight=False, markup=False)
        else:
            console.print(_effects_table(effects))
            console.print(_ledger(effects))
            for line in _notes(effects, comparison.replicates):
                console.print(line, highlight=False, markup=False)
        article = effects.article()
        if len(article):
            console.print(_article(article))
            for line in verdicts(article):
                console.print(line, highlight=False, markup=False)


def _effects_table(effects: Effects) -> RenderableType:
    frame = effects.frame().set_index("metric")
    columns = (("baseline", 8), ("reform", 7), ("effect", 7), ("95% interval", 17), ("%", 5), ("naive*", 7))
    tables: list[RenderableType] = []
    for block in BLOCKS:
        shown = table(block.title, _NAME_WIDTH, *columns)
        for row in block.rows:
            found, label = frame.loc[row.metric], metric_label(row.metric)
            if block.optional and np.isnan(found["baseline"]) and np.isnan(found["reform"]):
                continue
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
        gain = row.hours >= 0
        if row.source == LONGER_DAYS:
            label = "from longer days" if gain else "given back as shorter days"
        else:
            label = f"{'from' if gain else 'taken by'} {ACTIVITY_GROUPS[row.source].name}"
        shown.add_row(f"  {label}", number(row.hours, 2, sign=True))
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


def _notes(effects: Effects, replicates: int) -> Iterator[str]:
    yield "\n* What a plain before/after comparison of the reform's own run would have said."
    if effects.identical_days is None:
        yield "Not checked for identity before the reform: the scenarios differ in more than reforms."
    else:
        yield _identity(effects.identical_days)
    passed = effects.pass_through()
    if passed is not None:
        yield (
            f"The items cut on paper take {passed.cut:.2f} h/cadre-week in the plans; {passed.freed:.2f} h of burden "
            f"were freed (pass-through {passed.share:.2f}), and of these {passed.to_service:.0%} went to service."
        )
    values = effects.headline()
    if replicates > 1:
        from cadre_sim.comparison.statistics import interval

        half = float(interval(values[:, None]).half_width[0])
        needed = effects.replicates_for(half / 2)
        if needed:
            yield (
                f"The interval of service hours is +-{half:.3f} h; half of that would take about {needed} replicates "
                f"(--precision {half / 2:.3f}h runs until it is reached)."
            )
    else:
        yield "One replicate gives no interval; --replicates 8 does."
    yield "The interval is of chance alone: it says nothing of how uncertain the parameters are."


def _identity(days: int) -> str:
    if days == 0:
        return "There is no working day before the reform on which both simulations could be checked to be identical."
    return f"Until the reform starts, both simulations are identical: checked on {days} working days."
