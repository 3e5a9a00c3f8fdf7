"""``cadre-sim explore``: a page in the browser on which one moves measures and sees what changes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cadre_sim.cli.shared import Settings, Workers, say_if_compiling, say_notices

if TYPE_CHECKING:
    from cadre_sim.explorer.server import Opened
    from cadre_sim.scenario.loading import Arm

DEFAULT = "one-county"
PATIENCE = 120.0
"""Longest that one pair of runs may take after a slider was moved [s]."""


def explore(
    scenario: Annotated[
        Path | None,
        typer.Argument(
            help="Scenario file (YAML); by default one county of Hengyang with its reform.", show_default=False
        ),
    ] = None,
    settings: Settings = None,
    host: Annotated[
        str,
        typer.Option(
            help="Address to listen on; by default only this machine can open the page. On any other, visitors need "
            "the token that is printed."
        ),
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 for any that is free.")] = 2720,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="A name under which the page may be asked for, beside those that are printed; repeatable.",
            show_default=False,
        ),
    ] = None,
    token: Annotated[
        bool, typer.Option("--token", help="Ask for a token here, too: others who use this machine need it.")
    ] = False,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in the browser.")] = True,
    workers: Workers = None,
) -> None:
    """Open a page with a switch and sliders for each measure, and see what changes while you move them.

    Example: cadre-sim explore scenarios/one-county.yaml
    """
    from cadre_sim.explorer.server import Shared
    from cadre_sim.explorer.server import explore as serve
    from cadre_sim.record.counts import check_outputs
    from cadre_sim.scenario.bundled import scenario_file
    from cadre_sim.scenario.loading import load_arm

    arm = load_arm(scenario or scenario_file(DEFAULT), settings or ())
    check_outputs(arm.reform)
    say_notices(*arm)
    _refuse_large(arm, workers)
    say_if_compiling(False)
    shared = Shared(host, port, tuple(allow_host or ()), token)
    serve(arm, shared, browser=browser, workers=workers, say=_say)


def _refuse_large(arm: Arm, workers: int | None) -> None:
    """See that whoever moves a slider does not wait for minutes, and that the runs fit into memory.

    Raises:
        TooLargeError: one would, or they do not.
    """
    from cadre_sim.comparison.pool import cores
    from cadre_sim.errors import TooLargeError
    from cadre_sim.reckoning.fitting import refuse_unfit
    from cadre_sim.reckoning.words import duration
    from cadre_sim.reckoning.work import of_comparison

    refuse_unfit(of_comparison(arm, workers or cores(), workers or cores()))
    change = of_comparison(arm, 1, 1)
    if change.wall > PATIENCE:
        raise TooLargeError(
            f"{change.cadres:,} cadres are too many to explore: one pair of runs takes about {duration(change.wall)}; "
            "take a part of the place, or a shorter period"
        )


def _say(opened: Opened) -> None:
    print(f"The page is at {opened.url} (Ctrl-C ends it).", file=sys.stderr, flush=True)
    if opened.names:
        print(
            "Whoever has this link sees the page and can move its measures. It may be opened under the names "
            f"{', '.join(opened.names)}; --allow-host NAME adds one.",
            file=sys.stderr,
            flush=True,
        )
