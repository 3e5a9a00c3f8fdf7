"""Tables as CSV, whose texts no spreadsheet takes for formulas.

A spreadsheet runs a cell that begins with one of a few signs, whoever wrote it: the name of a county in somebody's
scenario may be such a text. So it gets an apostrophe in front, which spreadsheets take as "this is text".
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd

_RUN = re.compile(r"'*\s*[=+\-@\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}"
                  r"\N{FULLWIDTH COMMERCIAL AT}]|'*[\t\r\n]")  # fmt: skip
"""What makes a text run; with apostrophes before it, so that one more or less is always told apart."""


def harmless(text: str) -> str:
    """A text as it may stand in a spreadsheet: with an apostrophe in front where it would be run."""
    return f"'{text}" if _RUN.match(text) else text


def as_it_was(text: str) -> str:
    """The text that :func:`harmless` was given."""
    return text[1:] if text.startswith("'") and _RUN.match(text) else text


def csv_text(frame: pd.DataFrame) -> str:
    """A table as CSV: numbers in the shortest form that reads back to the same bits, texts harmless."""
    return _with_texts(frame, harmless).to_csv(index=False, lineterminator="\n")


def read_csv(path: Path) -> pd.DataFrame:
    """A table that :func:`csv_text` wrote, as it was: an empty cell is undefined, and nothing else is."""
    frame = pd.read_csv(path, float_precision="round_trip", na_values=[""], keep_default_na=False)
    return _with_texts(frame, as_it_was)


def _with_texts(frame: pd.DataFrame, changed: Any) -> pd.DataFrame:
    """A table with every text in it changed, names of columns too."""
    texts = {
        name: column.map(lambda cell: changed(cell) if isinstance(cell, str) else cell)
        for name, column in frame.items()
        if not pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_datetime64_any_dtype(column)
    }
    return frame.assign(**texts).rename(columns=lambda name: changed(name) if isinstance(name, str) else name)
