"""What goes wrong on a visitor's page, on the terminal of whoever serves it: a line, no traceback."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

MOST = 200
"""Characters of a line that are shown."""


class Quiet:
    """A stream of errors on which a traceback is its last line: what a visitor sends can make marimo print one."""

    def __init__(self, stream: TextIO) -> None:
        """Stand before a stream."""
        self._stream = stream

    def __getattr__(self, name: str) -> object:
        """Whatever else a stream can do."""
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write a text, or the last line of a traceback in characters that a terminal takes for nothing else."""
        if "Traceback (most recent call last)" in text:
            last = text.rstrip().rpartition("\n")[2][:MOST]
            self._stream.write(f"Something went wrong on a visitor's page ({ascii(last)[1:-1]}).\n")
        elif text != "An exception was raised by a UIElement's on_change handler:\n":
            self._stream.write(text)
        return len(text)


@contextmanager
def quiet() -> Iterator[None]:
    """Tracebacks are lines on stderr meanwhile."""
    before = sys.stderr
    sys.stderr = Quiet(before)  # type: ignore[assignment]
    try:
        yield
    finally:
        sys.stderr = before
