"""Progress: a bar or a line in place on a terminal and in a notebook, a line now and then in a log file."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from cadre_sim.comparison.replicate import Progress

LINE_EVERY = 10.0
"""Seconds between lines where stderr is no terminal."""


@contextmanager
def shown(what: str, total: int, quiet: bool) -> Iterator[Progress | None]:
    """A callback that shows how many of the runs are done; None where it should be quiet."""
    if quiet:
        yield None
    elif sys.stderr.isatty():
        with _bar(what, total) as progress:
            yield progress
    else:
        yield _lines(what)


@contextmanager
def one_line() -> Iterator[Callable[[str], None]]:
    """A callback that shows a text in place of the one before; in a log file, a text now and then."""
    if handle := _in_notebook():
        yield lambda text: handle.update({"text/plain": text}, raw=True)
    elif sys.stderr.isatty():
        try:
            yield lambda text: print(f"\r\x1b[2K{text}", end="", file=sys.stderr, flush=True)
        finally:
            print(file=sys.stderr)
    else:
        yield _now_and_then()


def _in_notebook() -> Any:
    """A place below the cell of a notebook that can be written again; None where this is no notebook."""
    module = sys.modules.get("IPython")
    shell = module.get_ipython() if module else None
    if not hasattr(shell, "kernel"):
        return None
    handle: Any = import_module("IPython.display").DisplayHandle()
    handle.display({"text/plain": ""}, raw=True)
    return handle


@contextmanager
def _bar(what: str, total: int) -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def _lines(what: str) -> Progress:
    latest = time.monotonic()

    def show(done: int, total: int) -> None:
        nonlocal latest
        if time.monotonic() - latest >= LINE_EVERY or (done == total and total > 1):
            latest = time.monotonic()
            print(f"{what}: {done} of {total}", file=sys.stderr, flush=True)

    return show


def _now_and_then() -> Callable[[str], None]:
    latest = time.monotonic()

    def show(text: str) -> None:
        nonlocal latest
        if time.monotonic() - latest >= LINE_EVERY:
            latest = time.monotonic()
            print(text, file=sys.stderr, flush=True)

    return show
