"""What the commands of the command line have in common: options, and how they write, print and say things."""

from __future__ import annotations

import json
import sys
import time
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cadre_sim.controls import escaped
from cadre_sim.units import MOST_SEED

if TYPE_CHECKING:
    from cadre_sim.analysis.study import Study
    from cadre_sim.reckoning.work import Work
    from cadre_sim.record.trace import Traces
    from cadre_sim.record.writing import ResultFolder
    from cadre_sim.scenario.scenario import Scenario

Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Lay a value over the scenario; may be repeated."),
]
Seed = Annotated[int, typer.Option(min=0, max=MOST_SEED, help="Root seed of all random numbers.")]
Workers = Annotated[int | None, typer.Option(min=1, max=4096, help="Cores to use; by default all.")]


def named(text: str) -> Path:
    """The place that a user has named for results.

    Raises:
        BadParameter: the name is empty, which would mean the current folder.
    """
    if not text.strip():
        raise typer.BadParameter("is empty; name a folder or a file")
    return Path(text)


Out = Annotated[Path | None, typer.Option(parser=named, metavar="DIR", help="Folder that results are written to.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no table.")]
Yes = Annotated[bool, typer.Option("--yes", help="Begin without asking what is reckoned to take over an hour.")]
ASKED = 3600.0
"""Reckoned time from which work begins only when somebody agrees [s]."""
TOLD = 120.0
"""Reckoned time from which it is told [s]."""


def agree(work: Work, *, yes: bool, quiet: bool, out: Path | None = None) -> None:
    """Say how long work will take where that is long, and see that it fits and that it is meant.

    Args:
        work: what is to be done.
        yes: whether it was agreed to beforehand.
        quiet: whether to say nothing where nothing is asked.
        out: folder that results are written to.

    Raises:
        TooLargeError: it does not fit here, or takes over an hour and nobody is there to agree.
        SystemExit: somebody did not agree.
    """
    from cadre_sim.errors import TooLargeError
    from cadre_sim.reckoning.fitting import refuse_unfit, unfit

    asks = work.wall > ASKED and not yes
    if asks and not sys.stdin.isatty():
        cannot = unfit(work, out)
        also = f"\ncadre-sim: and it would not fit: {cannot}" if cannot else ""
        raise TooLargeError(f"{work}: what takes over an hour begins only with --yes{also}")
    refuse_unfit(work, out)
    if asks:
        print(f"{work}.\nGo on? [y/N] ", end="", file=sys.stderr, flush=True)
        if sys.stdin.readline().strip().casefold() not in ("y", "yes"):
            print("cadre-sim: nothing was begun", file=sys.stderr)
            raise SystemExit(1)
    elif work.wall > TOLD and not quiet:
        print(f"{work}.", file=sys.stderr, flush=True)


def result_folder(out: Path | None) -> AbstractContextManager[ResultFolder | None]:
    """The folder that results are written to, or nothing where none is asked for.

    Raises:
        OutputError: it cannot be made or written to.
    """
    from cadre_sim.record.writing import ResultFolder

    return nullcontext() if out is None else ResultFolder(out)


def write_traces(folder: ResultFolder, traces: Traces) -> None:
    """Write what figures need of the runs, a file a table."""
    for name, frame in traces._asdict().items():
        folder.parquet(f"{name}.parquet", [frame])


def write_manifest(
    folder: ResultFolder, scenarios: dict[str, Scenario], seed: int, replicates: int, start: float
) -> None:
    """Say in the manifest how a result came about.

    Args:
        folder: where the other files have been written.
        scenarios: every scenario that was run, by its part in the result.
        seed: root seed.
        replicates: replicates of each scenario.
        start: reading of the monotonic clock when the work began [s].
    """
    from cadre_sim.record.manifest import manifest

    command = ["cadre-sim", *sys.argv[1:]]
    folder.tell(manifest(command, scenarios, seed, replicates, time.monotonic() - start))


def say_notices(*scenarios: Scenario) -> None:
    """Say on stderr, once, what the owner of the scenarios should know: of units tables, and of calendars."""
    from cadre_sim.world.notices import notices

    for said in notices(*scenarios):
        print(escaped(f"warning: {said}"), file=sys.stderr, flush=True)


def say_outside(folder: Path) -> None:
    """Say on stderr that a folder of an experiment's results has rows of runs that the experiment does not have."""
    from cadre_sim.sweep.query import outside, outside_note

    rows = outside(folder)
    if rows:
        print(f"warning: {outside_note(folder, rows)}", file=sys.stderr, flush=True)


def study_of(folder: Path) -> Study:
    """The results of an experiment as analyses read them; says what in the folder counts nowhere.

    Raises:
        InputError: no results of an experiment are in the folder, or they cannot be read.
    """
    from cadre_sim.analysis.study import open_study

    found = open_study(folder)
    say_outside(folder)
    return found


def say_if_compiling(quiet: bool) -> None:
    """Say on stderr that the model must be compiled first, where it must."""
    from cadre_sim.caches import VARIABLE
    from cadre_sim.compiling import is_kept, is_ready

    if quiet or is_ready():
        return
    if is_kept():
        said = "Compiling the model; this happens once and takes about half a minute."
    else:
        said = f"Compiling the model, each time anew: no folder to keep it in can be written; {VARIABLE} may name one."
    print(said, file=sys.stderr, flush=True)


def new_console() -> Any:
    """A console on stdout; a table in a file or a pipe keeps the width that it was made for."""
    from rich.console import Console

    console = Console()
    return console if console.is_terminal else Console(width=80)


def records(frame: Any) -> list[dict[str, Any]]:
    """A table as plain data, one mapping a row; None for what is not a number."""
    rows: list[dict[str, Any]] = json.loads(frame.to_json(orient="records"))
    return rows
