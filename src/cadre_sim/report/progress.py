"""Progress on stderr: a bar on a terminal, a line now and then in a log file."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from cadre_sim.experiments.replicate import Progress

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
