"""``cadre-sim compare``: scenarios beside their baselines under common random numbers."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from cadre_sim.cli.list import AsJson
from cadre_sim.cli.shared import (
    Out,
    Quiet,
    Seed,
    Settings,
    Workers,
    Yes,
    agree,
    new_console,
    result_folder,
    say_if_compiling,
    say_notices,
    write_manifest,
    write_traces,
)
from cadre_sim.terminal.encoding import print_json


def compare(
    scenario: Annotated[Path, typer.Argument(help="Scenario file (YAML).")],
    others: Annotated[list[Path] | None, typer.Argument(metavar="[OTHER]...", help="Further scenario files.")] = None,
    replicates: Annotated[int, typer.Option("--replicates", "-n", min=1, help="Paired runs of all arms.")] = 8,
    precision: Annotated[
        str | None,
        typer.Option(metavar="0.1h", help="Run until service hours are this sure, 1,000 at most."),
    ] = None,
    seed: Seed = 1,
    settings: Settings = None,
    out: Out = None,
    workers: Workers = None,
    yes: Yes = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Compare scenarios with their baselines under common random numbers.

    A --set is laid over the baseline too, unless it sets a reform.

    Example: cadre-sim compare scenarios/hengyang.yaml --replicates 8 --out results/hengyang
    """
    from cadre_sim.comparison.compare import MOST_REPLICATES, compare_arms
    from cadre_sim.comparison.pool import cores
    from cadre_sim.comparison.tables import checks, replicates_frame, traces
    from cadre_sim.reckoning.work import of_comparison
    from cadre_sim.scenario.loading import load_arm
    from cadre_sim.terminal.comparison import print_comparison, warnings
    from cadre_sim.terminal.progress import shown

    half_width = _precision(precision)
    arms = [load_arm(path, settings or ()) for path in (scenario, *(others or ()))]
    parts = [part for arm in arms for part in arm]
    say_notices(*parts)
    most = replicates if half_width is None else max(replicates, MOST_REPLICATES)
    work = of_comparison(parts, most, workers or cores(), written=out is not None)
    agree(replace(work, at_most=half_width is not None), yes=yes, quiet=quiet, out=out)
    start = time.monotonic()
    with result_folder(out) as folder:
        say_if_compiling(quiet)
        with shown("replicates", replicates, quiet) as progress:
            comparison = compare_arms(
                arms, replicates=replicates, precision=half_width, seed=seed, workers=workers, progress=progress
            )
        if folder is not None:
            folder.csv("effects.csv", comparison.effects())
            article = comparison.article()
            if len(article):
                folder.csv("article.csv", article)
            folder.parquet("replicates.parquet", [replicates_frame(comparison)])
            folder.json("checks.json", checks(comparison))
            write_traces(folder, traces(comparison))
            named = {f"{part} {k}": s for k, arm in enumerate(arms, 1) for part, s in arm._asdict().items()}
            write_manifest(folder, named, seed, comparison.replicates, start)
    if as_json or quiet:
        # These are results and no progress.
        for line in warnings(comparison, half_width):
            print(line, file=sys.stderr)
    if as_json:
        print_json(comparison.to_dict())
    elif not quiet:
        print_comparison(new_console(), comparison, half_width)


def _precision(text: str | None) -> float | None:
    """A half-width such as "0.1h" in hours per cadre-week."""
    from cadre_sim.errors import InputError

    if text is None:
        return None
    try:
        value = float(text.removesuffix("h").strip())
    except ValueError:
        value = -1.0
    if not 0.0 < value < 100.0:
        raise InputError(f"--precision: must be hours above 0 and below 100, such as 0.1h (got {text!r})")
    return value
