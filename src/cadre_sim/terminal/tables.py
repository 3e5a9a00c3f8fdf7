"""Tables on a terminal: they fit 80 columns, numbers stand right, and every number has its unit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from cadre_sim.reforms.idle import IdleReform


def heading(title: str, question: str) -> RenderableType:
    """The title of what is printed, and the question that it asks."""
    lines = [Text(f"\n{title}", style="bold")]
    return Group(*lines, *([Text(question, style="italic")] if question else []))


def table(title: str, width: int, *numbers: tuple[str, int]) -> Table:
    """A table with a column of names of some width, and columns of numbers: a heading and a width each."""
    shown = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold", title_justify="left")
    shown.title = Text(f"\n{title}", style="bold")
    shown.add_column("", no_wrap=True, width=width)
    for name, wide in numbers:
        shown.add_column(name, justify="right", width=wide, no_wrap=True)
    return shown


def number(value: float, digits: int, *, sign: bool = False) -> str:
    """A number with some decimals, never a negative zero; "-" for what is not a number."""
    if not np.isfinite(value):
        return "-"
    rounded = round(float(value), digits) + 0.0
    return f"{rounded:{'+' if sign else ''},.{digits}f}"


def interval(low: float, high: float, digits: int, *, sign: bool = False) -> str:
    """Both ends of an interval; "-" where there is none."""
    if not (np.isfinite(low) and np.isfinite(high)):
        return "-"
    return f"{number(low, digits, sign=sign)} to {number(high, digits, sign=sign)}"


def idle_notes(idle: Iterable[IdleReform]) -> Iterator[str]:
    """A line for each reform that can change nothing."""
    for each in idle:
        yield f"The reform {each.name!r} can change nothing: {each.why}."
