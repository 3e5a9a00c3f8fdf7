"""Tables on a terminal: they fit 80 columns, numbers stand right, and every number has its unit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from cadre_sim.comparison.article import said, verdicts
from cadre_sim.comparison.compare import Comparison, Effects
from cadre_sim.comparison.replicate import RunSet
from cadre_sim.labels.metrics import PER_WEEK, SUBSETS, Subset, Unit, metric_label
from cadre_sim.labels.names import ACTIVITY_GROUPS, LONGER_DAYS
from cadre_sim.workday.cycle import STEPS

_NAME_WIDTH = 23
"""Columns that names take: a short name after an indent of two."""


class _Row(NamedTuple):
    """A metric in a table, and how deep it is indented.

    Below another, a metric of some cadres only goes by whose it is.
    """

    metric: str
    depth: int = 0


class _Block(NamedTuple):
    """Metrics under a title.

    Attributes:
        title: which tells of whom the metrics are.
        rows: the metrics.
        unit: what the title says of those that have it.
        of: whom the title says that they are of, where not of villages and communities.
        optional: whether rows of which nothing is known are left out: not all places have all kinds of cadres.
    """

    title: str
    rows: tuple[_Row, ...]
    unit: Unit | None = None
    of: Subset | None = None
    optional: bool = False

    def name(self, row: _Row) -> str:
        """The short name of a metric, with what the title does not say."""
        label = metric_label(row.metric)
        if label.of is not None and row.depth:
            name = label.of.alone
        else:
            name = label._replace(of=None if label.of is self.of else label.of).brief(unit=label.unit is not self.unit)
        return "  " * (row.depth + 1) + name


_BLOCKS = (
    _Block("Villages and communities, hours per cadre-week", (
        _Row("service_hours"), _Row("urgent_hours", 1), _Row("ordinary_hours", 1), _Row("outreach_hours", 1),
        _Row("inspection_hours"), _Row("preparation_hours", 1),
        _Row("meetings_hours"),
        _Row("paperwork_hours"), _Row("reports_hours", 1), _Row("evidence_hours", 1),
        _Row("other_hours"), _Row("switching_hours"), _Row("idle_hours"),
        _Row("total_hours"), _Row("overtime_hours", 1),
        _Row("service_gap"),
    ), PER_WEEK),
    _Block("Villages and communities; effects on % in percentage points", (
        _Row("visits"), _Row("forms"), _Row("days_to_close"), _Row("on_time_share"), _Row("perfunctory_share"),
        _Row("complaints"), _Row("satisfaction_share"), _Row("service_per_1000"),
        _Row("motivation"), _Row("caution"), _Row("proactive_share"), _Row("burnt_out_share"), _Row("quits"),
        _Row("hidden_violations"), _Row("department_excess"),
    )),
    _Block("Township governments, hours per cadre-week", (
        _Row("township_service_hours"), _Row("township_burden_hours"), _Row("township_total_hours"),
    ), PER_WEEK, SUBSETS["township"]),
    _Block("How it is spread: service in hours per cadre-week, % of matters, cadres, offices", (
        _Row("worst_tenth_service_hours"), _Row("village_service_hours"), _Row("community_service_hours"),
        _Row("deployed_service_hours"), _Row("specialist_service_hours"),
        _Row("worst_tenth_on_time_share"),
        _Row("workload_gini"), _Row("township_workload_gini", 1),
        _Row("overloaded_share"), _Row("village_overloaded_share", 1), _Row("community_overloaded_share", 1),
        _Row("deployed_overloaded_share", 1), _Row("specialist_overloaded_share", 1),
        _Row("township_overloaded_share", 1),
        _Row("overloaded_offices"),
    ), PER_WEEK, optional=True),
)  # fmt: skip
"""The tables; what metrics are called, their units and decimals stand in ``labels``."""


def print_run(console: Console, runs: RunSet) -> None:
    """Print the summary of a run."""
    summary = runs.summary().set_index("metric")
    count = len(runs.results)
    tables: list[RenderableType] = []
    for block in _BLOCKS:
        table = _table(block.title, 44, ("mean", 12), ("95% interval", 22))
        for row in block.rows:
            label = metric_label(row.metric)
            mean, low, high = (label.unit.factor * summary.loc[row.metric, name] for name in ("mean", "low", "high"))
            if not (block.optional and np.isnan(mean)):
                table.add_row(block.name(row), _number(mean, label.digits), _interval(low, high, label.digits))
        tables.append(table)
    console.print(_heading(runs.scenario.title, runs.scenario.question))
    console.print(_measured(runs, count), highlight=False, markup=False)
    console.print(Group(*tables))
    if count == 1:
        console.print("One replicate gives no interval; --replicates 8 does.", style="dim", highlight=False)


def print_comparison(console: Console, comparison: Comparison) -> None:
    """Print the effects of a comparison, the ledger of hours and what was checked."""
    for effects in comparison.arms:
        console.print(_heading(effects.arm.reform.title, effects.arm.reform.question))
        console.print(
            f"Compared with {effects.arm.baseline.title!r}, measured from {effects.arm.reform.measure_from} to "
            f"{effects.arm.reform.period.end}; {comparison.replicates} paired replicates, seed {comparison.seed}. "
            "Intervals: 95%, of the mean effect over replicates.",
            highlight=False,
            markup=False,
        )
        console.print(_effects_table(effects))
        console.print(_ledger(effects))
        for line in _notes(effects, comparison.replicates):
            console.print(line, highlight=False, markup=False)
        article = effects.article()
        if len(article):
            console.print(_article(article))
            for line in verdicts(article):
                console.print(line, highlight=False, markup=False)


def print_profile(console: Console, costs: dict[str, float], cadre_days: int) -> None:
    """Print the cycle of a day: every step in order, why it stands there, and what it cost."""
    total = sum(costs.values())
    table = _table("The cycle of a day", 15, ("ns/cadre-day", 12), ("share", 6))
    table.add_column("why it stands here", ratio=1, overflow="fold")
    reasons = {s.name: s.why for s in STEPS}
    reasons["events"] = "SimPy: what comes from above on this day, as arrays"
    reasons["reforms"] = "the Policy of the day"
    reasons["record"] = "the day's sums by county, and its windows"
    for name in ("events", "reforms", *(s.name for s in STEPS), "record"):
        seconds = costs.get(name, 0.0)
        table.add_row(name, f"{seconds / cadre_days * 1e9:.1f}", f"{seconds / total:.0%}", reasons[name])
    table.add_row(Text("all", style="bold"), f"{total / cadre_days * 1e9:.1f}", "100%", f"{total:.2f} s in all")
    console.print(table)


def print_frame(console: Console, frame: pd.DataFrame, wide: str) -> None:
    """Print a table of texts; the column ``wide`` takes what room is left."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in frame.columns:
        table.add_column(str(column), ratio=1 if column == wide else None, overflow="fold")
    for row in frame.itertuples(index=False):
        table.add_row(*(str(value) for value in row))
    console.print(table)


def _effects_table(effects: Effects) -> RenderableType:
    frame = effects.frame().set_index("metric")
    columns = (("baseline", 8), ("reform", 7), ("effect", 7), ("95% interval", 17), ("%", 5), ("naive*", 7))
    tables: list[RenderableType] = []
    for block in _BLOCKS:
        table = _table(block.title, _NAME_WIDTH, *columns)
        for row in block.rows:
            found, label = frame.loc[row.metric], metric_label(row.metric)
            if block.optional and np.isnan(found["baseline"]) and np.isnan(found["reform"]):
                continue
            factor, digits = label.unit.factor, label.digits
            table.add_row(
                block.name(row),
                _number(factor * found["baseline"], digits),
                _number(factor * found["reform"], digits),
                _number(factor * found["effect"], digits, sign=True),
                _interval(factor * found["low"], factor * found["high"], digits, sign=True),
                _number(found["percent"], 0, sign=True),
                _number(factor * found["before_after"], digits, sign=True),
            )
        tables.append(table)
    return Group(*tables)


def _ledger(effects: Effects) -> RenderableType:
    ledger = effects.ledger()
    gained = float(effects.headline().mean())
    table = _table("Where the service hours came from", 32, ("h/cadre-week", 13))
    for row in ledger.itertuples(index=False):
        gain = row.hours >= 0
        if row.source == LONGER_DAYS:
            label = "from longer days" if gain else "given back as shorter days"
        else:
            label = f"{'from' if gain else 'taken by'} {ACTIVITY_GROUPS[row.source].name}"
        table.add_row(f"  {label}", _number(row.hours, 2, sign=True))
    table.add_row(Text("  service hours gained", style="bold"), _number(gained, 2, sign=True))
    return table


def _article(article: pd.DataFrame) -> RenderableType:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold", title_justify="left")
    table.title = Text("\nArticle / model", style="bold")
    table.add_column("row", justify="right", width=3)
    table.add_column("what", width=22, overflow="fold")
    table.add_column("role", width=6)
    for name, width in (("article", 12), ("model", 9), ("95% interval", 21)):
        table.add_column(name, justify="right", width=width, overflow="fold")
    for row in article.to_dict("records"):
        model, between = f"{row['mean']:,.10g}", ""
        if row["role"] == "output":
            digits = 1 if row["mean"] < 100.0 else 0
            model, between = _number(row["mean"], digits), _interval(row["low"], row["high"], digits)
        elif np.isnan(row["mean"]):
            model = "off"
        table.add_row(str(row["row"]), Text(row["text"]), row["role"], said(row), model, between)
    return table


def _notes(effects: Effects, replicates: int) -> Iterator[str]:
    yield "\n* What a plain before/after comparison of the reform's own run would have said."
    if effects.identical_days is None:
        yield "Not checked for identity before the reform: the scenarios differ in more than reforms."
    else:
        yield (
            "Until the reform starts, both simulations are identical: checked on "
            f"{effects.identical_days} working days."
        )
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


def _measured(runs: RunSet, count: int) -> str:
    scenario = runs.scenario
    return (
        f"Measured from {scenario.measure_from} to {scenario.period.end}; {count} replicate(s), seed {runs.seed}; "
        f"{runs.results[0].world.cadres.office.size:,} cadres, {runs.results[0].world.offices.kind.size:,} offices."
    )


def _heading(title: str, question: str) -> RenderableType:
    lines = [Text(f"\n{title}", style="bold")]
    return Group(*lines, *([Text(question, style="italic")] if question else []))


def _table(title: str, width: int, *numbers: tuple[str, int]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold", title_justify="left")
    table.title = Text(f"\n{title}", style="bold")
    table.add_column("", no_wrap=True, width=width)
    for name, wide in numbers:
        table.add_column(name, justify="right", width=wide, no_wrap=True)
    return table


def _number(value: float, digits: int, *, sign: bool = False) -> str:
    if not np.isfinite(value):
        return "-"
    rounded = round(float(value), digits) + 0.0
    return f"{rounded:{'+' if sign else ''},.{digits}f}"


def _interval(low: float, high: float, digits: int, *, sign: bool = False) -> str:
    if not (np.isfinite(low) and np.isfinite(high)):
        return "-"
    return f"{_number(low, digits, sign=sign)} to {_number(high, digits, sign=sign)}"
