"""Many columns on a terminal of some width: letters for their names, and several tables, rather than broken words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count, product
from string import ascii_uppercase

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text


def fitted(columns: Mapping[str, Sequence[str]], width: int) -> Iterator[RenderableType]:
    """Columns as a table; where their names are too long for a line, letters stand for them and are explained first."""
    if _width(columns) > width:
        letters = dict(zip(columns, _letters(), strict=False))
        yield from (Text(f"{letter}: {name}") for name, letter in letters.items())
        columns = {letters[name]: cells for name, cells in columns.items()}
    yield from _parted(columns, width)


def _parted(columns: Mapping[str, Sequence[str]], width: int) -> Iterator[RenderableType]:
    """Columns in as many tables as they need; where that is more than one, points are numbered."""
    first: dict[str, Sequence[str]] = {}
    if _width(columns) > width:
        first["point"] = [str(k) for k in range(1, len(next(iter(columns.values()))) + 1)]
    part = dict(first)
    for name, cells in columns.items():
        wider = part | {name: cells}
        if part != first and _width(wider) > width:
            yield _table(part)
            wider = first | {name: cells}
        part = wider
    yield _table(part)


def _table(columns: Mapping[str, Sequence[str]]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for name, cells in columns.items():
        table.add_column(name, justify="right", width=_wide(name, cells), no_wrap=True)
    for row in zip(*columns.values(), strict=True):
        table.add_row(*row)
    return table


def _letters() -> Iterator[str]:
    """A, B, ..., Z, AA, AB, ..."""
    for size in count(1):
        yield from ("".join(letters) for letters in product(ascii_uppercase, repeat=size))


def _wide(name: str, cells: Sequence[str]) -> int:
    return max(map(len, (name, *cells)))


def _width(columns: Mapping[str, Sequence[str]]) -> int:
    return sum(_wide(name, cells) + 1 for name, cells in columns.items())
