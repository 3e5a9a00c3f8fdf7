"""A calibration on a terminal: what was searched, what came of it, and how far to trust it."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite

from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from cadre_sim.calibration.calibrate import Calibration, LossCheck

_AT_END = 0.02
"""Share of a range that counts as its end."""


def print_calibration(console: Console, calibration: Calibration) -> None:
    """Print the values found, how the targets are met, and how much better than the start that is."""
    runs = f"{len(calibration.trials)} trials of {calibration.replicates} replicate(s), seed {calibration.seed}"
    console.print(Text(f"\n{calibration.start.title}", style="bold"))
    console.print(f"Searched by {runs}; trial {calibration.best} came nearest.", highlight=False, markup=False)
    console.print(Group(_parameters(calibration), _fit(calibration)))
    console.print()
    for line in notes(calibration):
        console.print(line, highlight=False, markup=False)


def notes(calibration: Calibration) -> Iterator[str]:
    """In sentences: how much better than the start, whether that holds under another seed, and what is in doubt."""
    outside = calibration.fit()["in_range"].eq(False).sum()
    if outside:
        yield "* Outside its range."
    searched, held_out = calibration.searched, calibration.held_out
    yield (
        f"The loss is the mean squared miss in half-widths of the ranges: {searched.start:.3f} at the start, "
        f"{searched.found:.3f} as found{_change(searched)}."
    )
    if calibration.best == 0:
        other = float(calibration.trials["loss"][1:].min())
        best = f"the best of them: {other:.3f}" if isfinite(other) else "none gave a number for every target"
        yield f"No other trial came nearer ({best}): the values of the start stand."
        return
    if not (isfinite(held_out.start) and isfinite(held_out.found)):
        yield (
            f"Under seed {held_out.seed}, which the search has not seen, some target has no number: whether the gain "
            "holds is not known. More replicates would tell."
        )
    else:
        yield (
            f"Under seed {held_out.seed}, which the search has not seen: {held_out.start:.3f} and "
            f"{held_out.found:.3f}{_change(held_out)}."
        )
    if held_out.found >= held_out.start:
        yield "The gain does not hold there: the values found are fitted to chance. Do not use them."
    at_end = [k.path for k in calibration.knobs if _is_at_end(calibration.values[k.path], k.low, k.high)]
    if at_end:
        yield f"At an end of the plausible range, so perhaps better beyond it: {', '.join(at_end)}."
    yield "Other values may meet the targets as well: trials.csv, which --out writes, has all that were tried."


def _parameters(calibration: Calibration) -> Table:
    table = _table("Parameters")
    table.add_column("", width=28, overflow="fold")
    table.add_column("unit", width=18, overflow="fold")
    for name, width in (("range", 14), ("start", 7), ("found", 7)):
        table.add_column(name, justify="right", width=width, no_wrap=True)
    for knob in calibration.knobs:
        found = calibration.values[knob.path]
        table.add_row(knob.path, knob.unit, f"{knob.low:g} to {knob.high:g}", f"{knob.start:.4g}", f"{found:.4g}")
    return table


def _fit(calibration: Calibration) -> Table:
    table = _table("Targets")
    table.add_column("", width=13, overflow="fold")
    table.add_column("unit", width=18, overflow="fold")
    for name, width in (("value", 5), ("range", 14), ("start", 6), ("found", 8), ("loss", 6)):
        table.add_column(name, justify="right", width=width, no_wrap=True)
    for row in calibration.fit().itertuples(index=False):
        digits = 1 if row.value >= 20 else 2 if row.value >= 1 else 3
        table.add_row(
            row.target,
            row.unit,
            f"{row.value:g}",
            f"{row.low:g} to {row.high:g}",
            f"{row.start:.{digits}f}",
            f"{row.fitted:.{digits}f}{' ' if row.in_range else '*'}",
            f"{row.contribution:.3f}",
        )
    return table


def _table(title: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold", title_justify="left")
    table.title = Text(f"\n{title}", style="bold")
    return table


def _change(check: LossCheck) -> str:
    if check.start == check.found or not (isfinite(check.found) and check.start > 0):
        return ""
    percent = round(100.0 * (check.found / check.start - 1.0))
    if percent == 0:
        return ""
    return f" ({abs(percent)}% {'lower' if percent < 0 else 'higher'})"


def _is_at_end(value: float, low: float, high: float) -> bool:
    return min(value - low, high - value) <= _AT_END * (high - low)
