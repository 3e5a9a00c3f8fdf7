"""``cadre-sim explore``: a page in the browser on which one moves measures and sees what changes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cadre_sim.cli.shared import Settings, Workers, say_if_compiling, say_notices

if TYPE_CHECKING:
    from cadre_sim.explorer.server import Opened

DEFAULT = "one-county"


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
    say_if_compiling(False)
    shared = Shared(host, port, tuple(allow_host or ()), token)
    serve(arm, shared, browser=browser, workers=workers, say=_say)


def _say(opened: Opened) -> None:
    print(f"The page is at {opened.url} (Ctrl-C ends it).", file=sys.stderr, flush=True)
    if opened.names:
        print(
            "Whoever has this link sees the page and can move its measures. It may be opened under the names "
            f"{', '.join(opened.names)}; --allow-host NAME adds one.",
            file=sys.stderr,
            flush=True,
        )
