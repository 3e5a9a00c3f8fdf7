"""Tables on a terminal: they fit 80 columns, numbers stand right, and every number has its unit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from cadre_sim.comparison.article import said, verdicts
from cadre_sim.comparison.compare import Comparison, Effects
from cadre_sim.comparison.replicate import RunSet
from cadre_sim.record.spread import OVERLOADED
from cadre_sim.reforms.idle import IdleReform
from cadre_sim.workday.cycle import STEPS


class _Row(NamedTuple):
    metric: str
    label: str
    digits: int


_HOURS = (
    _Row("service_hours", "service", 2),
    _Row("urgent_hours", "  urgent matters", 2),
    _Row("ordinary_hours", "  ordinary matters", 2),
    _Row("outreach_hours", "  outreach", 2),
    _Row("inspection_hours", "inspection", 2),
    _Row("preparation_hours", "  preparation", 2),
    _Row("meetings_hours", "meetings", 2),
    _Row("paperwork_hours", "paperwork", 2),
    _Row("reports_hours", "  reports", 2),
    _Row("evidence_hours", "  evidence", 2),
    _Row("other_hours", "other", 2),
    _Row("switching_hours", "switching", 2),
    _Row("idle_hours", "idle", 2),
    _Row("total_hours", "total", 2),
    _Row("overtime_hours", "  of it overtime", 2),
)
_REST = (
    _Row("visits", "visits / office-year", 1),
    _Row("forms", "forms / office-month", 1),
    _Row("days_to_close", "days to close", 2),
    _Row("on_time_share", "share on time", 3),
    _Row("perfunctory_share", "share closed on paper", 3),
    _Row("complaints", "complaints/office-yr", 2),
    _Row("motivation", "motivation (0 to 1)", 3),
    _Row("caution", "caution (0 to 1)", 3),
    _Row("proactive_share", "share proactive", 3),
    _Row("burnt_out_share", "share burnt out", 3),
    _Row("quits", "quits / cadre-year", 3),
    _Row("satisfaction_share", "share satisfied", 3),
    _Row("hidden_violations", "hidden violat./office", 3),
    _Row("department_excess", "departments' excess", 3),
    _Row("service_per_1000", "service per 1000 res.", 2),
    _Row("service_gap", "service only on paper", 2),
)
_TOWNSHIPS = (
    _Row("township_service_hours", "service", 2),
    _Row("township_burden_hours", "burden", 2),
    _Row("township_total_hours", "total", 2),
)
_SPREAD = (
    _Row("worst_tenth_service_hours", "service, worst tenth", 2),
    _Row("village_service_hours", "service, villages", 2),
    _Row("community_service_hours", "service, communities", 2),
    _Row("deployed_service_hours", "service, deployed", 2),
    _Row("specialist_service_hours", "service, specialists", 2),
    _Row("worst_tenth_on_time_share", "on time, worst tenth", 3),
    _Row("workload_gini", "Gini of workload", 3),
    _Row("township_workload_gini", "  at townships", 3),
    _Row("overloaded_share", f"share above {OVERLOADED:g} h", 3),
    _Row("village_overloaded_share", "  in villages", 3),
    _Row("community_overloaded_share", "  in communities", 3),
    _Row("deployed_overloaded_share", "  deployed", 3),
    _Row("specialist_overloaded_share", "  specialists", 3),
    _Row("township_overloaded_share", "  at townships", 3),
    _Row("overloaded_offices", "offices above it", 3),
)
"""Not all places have all kinds of cadres: rows of which nothing is known are left out."""
_SECTIONS: tuple[tuple[str, tuple[_Row, ...]], ...] = (
    ("Villages and communities, hours per cadre-week", _HOURS),
    ("Villages and communities", _REST),
    ("Township governments, hours per cadre-week", _TOWNSHIPS),
    ("How it is spread: service in hours per cadre-week, shares of cadres, offices", _SPREAD),
)


_NOTHING = (
    "Nothing can change: no reform in which the two scenarios differ can act on a measured day. There is no effect to "
    "speak of; `cadre-sim run` prints the levels."
)


def print_run(console: Console, runs: RunSet) -> None:
    """Print the summary of a run."""
    summary = runs.summary().set_index("metric")
    count = len(runs.results)
    tables: list[RenderableType] = []
    for title, rows in _SECTIONS:
        table = _table(title, 44, ("mean", 12), ("95% interval", 22))
        for row in rows:
            found = summary.loc[row.metric]
            if rows is _SPREAD and np.isnan(found["mean"]):
                continue
            table.add_row(
                f"  {row.label}", _number(found["mean"], row.digits), _interval(found["low"], found["high"], row.digits)
            )
        tables.append(table)
    console.print(_heading(runs.scenario.title, runs.scenario.question))
    console.print(_measured(runs, count), highlight=False, markup=False)
    for line in idle_notes(runs.idle):
        console.print(line, highlight=False, markup=False)
    console.print(Group(*tables))
    if count == 1:
        console.print("One replicate gives no interval; --replicates 8 does.", style="dim", highlight=False)


def print_comparison(console: Console, comparison: Comparison) -> None:
    """Print the effects of a comparison, the ledger of hours and what was checked."""
    for effects, found in zip(comparison.arms, comparison.idle, strict=True):
        console.print(_heading(effects.arm.reform.title, effects.arm.reform.question))
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


def idle_notes(idle: Iterable[IdleReform]) -> Iterator[str]:
    """A line for each reform that can change nothing."""
    for each in idle:
        yield f"The reform {each.name!r} can change nothing: {each.why}."


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
    for title, rows in _SECTIONS:
        table = _table(title, 23, *columns)
        for row in rows:
            found = frame.loc[row.metric]
            if rows is _SPREAD and np.isnan(found["baseline"]) and np.isnan(found["reform"]):
                continue
            table.add_row(
                f"  {row.label}",
                _number(found["baseline"], row.digits),
                _number(found["reform"], row.digits),
                _number(found["effect"], row.digits, sign=True),
                _interval(found["low"], found["high"], row.digits, sign=True),
                _number(found["percent"], 0, sign=True),
                _number(found["before_after"], row.digits, sign=True),
            )
        tables.append(table)
    return Group(*tables)


def _ledger(effects: Effects) -> RenderableType:
    ledger = effects.ledger()
    gained = float(effects.headline().mean())
    table = _table("Where the service hours came from", 32, ("h/cadre-week", 13))
    for row in ledger.itertuples(index=False):
        label = f"  from {row.source}" if row.hours >= 0 else f"  taken by {row.source}"
        if row.source == "longer days":
            label = "  from longer days" if row.hours >= 0 else "  given back as shorter days"
        table.add_row(label, _number(row.hours, 2, sign=True))
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
        return "There is no working day before the reform on which both arms could be checked to be identical."
    return f"Both arms are identical to the last bit on all {days} working days before they part."


def _measured(runs: RunSet, count: int) -> str:
    scenario = runs.scenario
    return (
        f"Measured from {scenario.measure_from} to {scenario.measure_to}; {count} replicate(s), seed {runs.seed}; "
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
