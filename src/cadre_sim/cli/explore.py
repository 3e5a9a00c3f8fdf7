"""``cadre-sim explore``: a page in the browser on which one moves measures and sees what changes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from cadre_sim.cli.shared import Settings, Workers, say_if_compiling, say_notices

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
        str, typer.Option(help="Address to listen on; by default only this machine can open the page.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 for any that is free.")] = 2720,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in the browser.")] = True,
    workers: Workers = None,
) -> None:
    """Open a page with a switch and sliders for each measure, and see what changes while you move them.

    Example: cadre-sim explore scenarios/one-county.yaml
    """
    from cadre_sim.explorer.server import explore as serve
    from cadre_sim.record.counts import check_outputs
    from cadre_sim.scenario.bundled import scenario_file
    from cadre_sim.scenario.loading import load_arm

    arm = load_arm(scenario or scenario_file(DEFAULT), settings or ())
    check_outputs(arm.reform)
    say_notices(*arm)
    say_if_compiling(False)
    serve(arm, host=host, port=port, browser=browser, workers=workers, say=_say)


def _say(url: str) -> None:
    print(f"The page is at {url} (Ctrl-C ends it).", file=sys.stderr, flush=True)
