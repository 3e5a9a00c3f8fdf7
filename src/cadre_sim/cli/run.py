"""``cadre-sim run``: simulates a scenario and prints what its weeks look like."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
    records,
    result_folder,
    say_if_compiling,
    say_notices,
    write_manifest,
    write_traces,
)
from cadre_sim.terminal.encoding import print_json

if TYPE_CHECKING:
    from cadre_sim.scenario.scenario import Scenario


def run(
    scenario: Annotated[Path, typer.Argument(help="Scenario file (YAML).")],
    replicates: Annotated[
        int, typer.Option("--replicates", "-n", min=1, help="Runs under different random numbers.")
    ] = 1,
    seed: Seed = 1,
    settings: Settings = None,
    out: Out = None,
    record: Annotated[
        list[str] | None, typer.Option(metavar="cadres", help="Keep the hours of every cadre and day.")
    ] = None,
    workers: Workers = None,
    profile: Annotated[bool, typer.Option(help="Print the steps of a day with what each cost.")] = False,
    yes: Yes = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Simulate a scenario and print what its weeks look like.

    Example: cadre-sim run scenarios/hengyang.yaml --replicates 4 --out results/hengyang
    """
    from cadre_sim.comparison.pool import cores
    from cadre_sim.comparison.replicate import run as run_scenario
    from cadre_sim.comparison.tables import run_checks
    from cadre_sim.reckoning.work import of_runs
    from cadre_sim.scenario.loading import load
    from cadre_sim.terminal.progress import shown
    from cadre_sim.terminal.run import print_run
    from cadre_sim.terminal.tables import idle_notes

    keep_cadres = _recorded(record)
    resolved = load(scenario, settings or ())
    say_notices(resolved)
    whole = of_runs(
        resolved,
        1 if profile else replicates,
        1 if profile else workers or cores(),
        record_cadres=keep_cadres,
        written=out is not None,
    )
    agree(whole, yes=yes, quiet=quiet, out=out)
    if profile:
        _profile(resolved, seed)
        return
    start = time.monotonic()
    with result_folder(out) as folder:
        say_if_compiling(quiet)
        with shown("runs", replicates, quiet) as progress:
            runs = run_scenario(
                resolved,
                replicates=replicates,
                seed=seed,
                workers=workers,
                record_cadres=keep_cadres,
                progress=progress,
            )
        if folder is not None:
            folder.csv("summary.csv", runs.summary())
            folder.parquet("daily.parquet", [r.daily_frame() for r in runs.results])
            folder.parquet("offices.parquet", [r.offices_frame() for r in runs.results])
            folder.csv("events.csv", runs.events())
            folder.csv("departments.csv", runs.departments())
            folder.parquet("cadres.parquet", [r.cadres_frame() for r in runs.results])
            folder.json("checks.json", run_checks(runs))
            write_traces(folder, runs.traces())
            if keep_cadres:
                days = (r.cadre_days_frame(d) for r in runs.results for d in range(r.dates.size))
                folder.parquet("cadre_days.parquet", days)
            write_manifest(folder, {"scenario": resolved}, seed, replicates, start)
    if as_json:
        idle = [{"name": each.name, "reason": each.why} for each in runs.idle]
        print_json({"seed": seed, "replicates": replicates, "idle": idle, "summary": records(runs.summary())})
    elif quiet:
        print("".join(f"{line}\n" for line in idle_notes(runs.idle)), end="", file=sys.stderr)
    else:
        print_run(new_console(), runs)


def _profile(scenario: Scenario, seed: int) -> None:
    from cadre_sim.comparison.replicate import warm_up
    from cadre_sim.simulation import Simulation
    from cadre_sim.terminal.profile import print_profile

    say_if_compiling(False)
    warm_up()
    simulation = Simulation(scenario, seed=seed)
    simulation.run_for(1)
    simulation.costs = {}
    simulation.run()
    print_profile(new_console(), simulation.costs, (simulation.day - 1) * simulation.world.cadres.office.size)


def _recorded(record: list[str] | None) -> bool:
    from cadre_sim.errors import UnknownNameError

    for name in record or ():
        if name != "cadres":
            raise UnknownNameError(name, ("cadres",))
    return bool(record)
