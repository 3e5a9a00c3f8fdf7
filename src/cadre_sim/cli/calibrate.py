"""``cadre-sim calibrate``: finds again the parameter values that have no source."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cadre_sim.cli.list import AsJson
from cadre_sim.cli.shared import (
    Out,
    Quiet,
    Seed,
    Workers,
    Yes,
    agree,
    new_console,
    records,
    result_folder,
    say_if_compiling,
    say_notices,
    write_manifest,
)
from cadre_sim.terminal.encoding import print_json

if TYPE_CHECKING:
    from cadre_sim.calibration.calibrate import Calibration
    from cadre_sim.record.writing import ResultFolder


def calibrate(
    scenario: Annotated[Path, typer.Argument(help="Scenario file (YAML); its values are where the search starts.")],
    parameters: Annotated[
        str | None,
        typer.Option(metavar="PATH,...", help="What is searched; by default what data/calibrated.csv names."),
    ] = None,
    trials: Annotated[int, typer.Option(min=2, help="Sets of values that are tried, the start among them.")] = 60,
    replicates: Annotated[int, typer.Option("--replicates", "-n", min=1, help="Runs of each trial.")] = 1,
    seed: Seed = 1,
    out: Out = None,
    workers: Workers = None,
    yes: Yes = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Search the parameter values that have no source for those that come nearest to what is known.

    What is known stands in data/targets.csv. All trials share one seed; the seed after it is a check of the values
    found. With --out, calibrated.yaml is a scenario that lays them over the one that was given.

    Example: cadre-sim calibrate scenarios/hengyang-before.yaml --out results/calibration
    """
    from cadre_sim.calibration.calibrate import calibrate as search
    from cadre_sim.calibration.search import BATCH
    from cadre_sim.comparison.pool import cores
    from cadre_sim.reckoning.work import of_calibration
    from cadre_sim.scenario.bundled import scenario_path
    from cadre_sim.scenario.loading import load
    from cadre_sim.terminal.calibration import print_calibration
    from cadre_sim.terminal.progress import shown

    scenario = scenario_path(scenario)
    resolved = load(scenario)
    say_notices(resolved)
    agree(of_calibration(resolved, trials, replicates, workers or cores(), BATCH), yes=yes, quiet=quiet)
    paths = None if parameters is None else [path.strip() for path in parameters.split(",") if path.strip()]
    start = time.monotonic()
    with result_folder(out) as folder:
        say_if_compiling(quiet)
        with shown("runs", (trials + 2) * replicates, quiet) as progress:
            found = search(
                resolved,
                parameters=paths,
                trials=trials,
                replicates=replicates,
                seed=seed,
                workers=workers,
                progress=progress,
            )
        if folder is not None:
            _write(folder, found, scenario)
            write_manifest(folder, {"start": found.start, "found": found.found}, seed, replicates, start)
    if as_json:
        print_json(_plain(found))
    elif not quiet:
        print_calibration(new_console(), found)


def _write(folder: ResultFolder, found: Calibration, scenario: Path) -> None:
    folder.csv("calibration.csv", found.parameters())
    folder.csv("fit.csv", found.fit())
    folder.csv("losses.csv", found.losses())
    folder.csv("trials.csv", found.trials)
    # The folder's real place: ".." of a link is not where the link stands.
    parent = os.path.relpath(
        os.path.join(os.path.realpath(scenario.parent), scenario.name), os.path.realpath(folder.path)
    )
    title = f"{found.start.title[:180]}, calibrated"
    folder.yaml("calibrated.yaml", {"title": title, "extends": parent, **found.overlay()})


def _plain(found: Calibration) -> dict[str, Any]:
    return {
        "seed": found.seed,
        "replicates": found.replicates,
        "trials": len(found.trials),
        "best_trial": found.best,
        "losses": records(found.losses()),
        "parameters": records(found.parameters()),
        "fit": records(found.fit()),
    }
