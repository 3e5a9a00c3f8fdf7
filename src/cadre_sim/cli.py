"""The command line: parses, calls, prints. Heavy imports stand inside the commands, so that help answers at once."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cadre_sim.cli_analyse import analyse
from cadre_sim.cli_calibrate import calibrate
from cadre_sim.cli_experiment import experiment, results
from cadre_sim.cli_explore import explore
from cadre_sim.cli_list import AsJson, listing, print_json
from cadre_sim.cli_new import new
from cadre_sim.cli_report import report
from cadre_sim.cli_selftest import selftest
from cadre_sim.cli_shared import (
    Out,
    Quiet,
    Seed,
    Settings,
    Workers,
    new_console,
    records,
    result_folder,
    say_if_compiling,
    write_manifest,
    write_traces,
)
from cadre_sim.errors import UserError

if TYPE_CHECKING:
    from cadre_sim.scenario.scenario import Scenario

app = typer.Typer(
    name="cadre-sim",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(listing, name="list")
app.add_typer(experiment, name="experiment")
app.add_typer(analyse, name="analyse")
app.command()(calibrate)
app.command()(explore)
app.command()(report)
app.command()(new)
app.command()(results)
app.command()(selftest)


@app.callback()
def options(
    rules: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Python file with allocation rules that scenarios may name.")
    ] = None,
) -> None:
    """A policy laboratory for burden reform at the grassroots of government."""
    if rules is not None:
        from cadre_sim.rules import load_rules

        load_rules(rules)


def main() -> None:
    """Run the command line; a user's mistake ends with a message and exit code 2."""
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except UserError as error:
        print(f"cadre-sim: {error}" if "\n" not in str(error) else str(error), file=sys.stderr)
        raise SystemExit(2) from None
    except KeyboardInterrupt:
        print("cadre-sim: interrupted; nothing was written", file=sys.stderr)
        raise SystemExit(130) from None
    except BrokenPipeError:
        # Whoever read our output has had enough (head, a closed pager).
        _leave(0)
    except OSError as error:
        # Results go through ResultFolder, which says so itself: this is what we print to.
        print(f"cadre-sim: the output cannot be written: {error.strerror or error}", file=sys.stderr)
        _leave(2)


def _leave(code: int) -> None:
    """Leave without another try to write what is still in the buffer of stdout."""
    sys.stderr.flush()
    os._exit(code)


@app.command()
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
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Simulate a scenario and print what its weeks look like.

    Example: cadre-sim run scenarios/hengyang.yaml --replicates 4 --out results/hengyang
    """
    from cadre_sim.experiments.replicate import run as run_scenario
    from cadre_sim.report.progress import shown
    from cadre_sim.report.terminal import print_run
    from cadre_sim.scenario.loading import load

    keep_cadres = _recorded(record)
    resolved = load(scenario, settings or ())
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
            write_traces(folder, runs.traces())
            if keep_cadres:
                days = (r.cadre_days_frame(d) for r in runs.results for d in range(r.dates.size))
                folder.parquet("cadre_days.parquet", days)
            write_manifest(folder, {"scenario": resolved}, seed, replicates, start)
    if as_json:
        print_json({"seed": seed, "replicates": replicates, "summary": records(runs.summary())})
    elif not quiet:
        print_run(new_console(), runs)


@app.command()
def compare(
    scenario: Annotated[Path, typer.Argument(help="Scenario file (YAML).")],
    others: Annotated[list[Path] | None, typer.Argument(metavar="[OTHER]...", help="Further scenario files.")] = None,
    replicates: Annotated[int, typer.Option("--replicates", "-n", min=1, help="Paired runs of all arms.")] = 8,
    precision: Annotated[
        str | None, typer.Option(metavar="0.1h", help="Run until the effect on service hours is this sure.")
    ] = None,
    seed: Seed = 1,
    settings: Settings = None,
    out: Out = None,
    workers: Workers = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Compare scenarios with their baselines under common random numbers.

    A --set is laid over the baseline too, unless it sets a reform.

    Example: cadre-sim compare scenarios/hengyang.yaml --replicates 8 --out results/hengyang
    """
    from cadre_sim.experiments.compare import compare_arms
    from cadre_sim.experiments.kept import checks, replicates_frame, traces
    from cadre_sim.report.progress import shown
    from cadre_sim.report.terminal import print_comparison
    from cadre_sim.scenario.loading import load_arm

    half_width = _precision(precision)
    arms = [load_arm(path, settings or ()) for path in (scenario, *(others or ()))]
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
            parts = {f"{part} {k}": s for k, arm in enumerate(arms, 1) for part, s in arm._asdict().items()}
            write_manifest(folder, parts, seed, comparison.replicates, start)
    if as_json:
        print_json(comparison.to_dict())
    elif not quiet:
        print_comparison(new_console(), comparison)


@app.command()
def diff(
    a: Annotated[Path, typer.Argument(help="Scenario file (YAML).")],
    b: Annotated[Path, typer.Argument(help="Scenario file (YAML).")],
) -> None:
    """Say in plain sentences what is other in scenario B than in scenario A.

    Example: cadre-sim diff scenarios/hengyang-before.yaml scenarios/hengyang.yaml
    """
    from cadre_sim.scenario.diffing import differences
    from cadre_sim.scenario.loading import load

    found = differences(load(a), load(b))
    print("\n".join(found) if found else "They do not differ in anything that decides a result.")


@app.command()
def validate(
    files: Annotated[list[Path], typer.Argument(help="Scenario files (YAML).")],
    quiet: Quiet = False,
) -> None:
    """Check scenario files, and print every problem with file, line and path.

    Example: cadre-sim validate scenarios/*.yaml
    """
    from cadre_sim.record.counts import check_outputs
    from cadre_sim.scenario.loading import load_arm
    from cadre_sim.streams import Key
    from cadre_sim.world.build import build_world
    from cadre_sim.world.calendar import WorkCalendar

    wrong = 0
    for file in files:
        try:
            for part in load_arm(file):
                check_outputs(part)
                WorkCalendar(part.period, part.calendar)
                build_world(part, Key(1, 0))
        except UserError as error:
            wrong += 1
            print(error, file=sys.stderr)
        else:
            if not quiet:
                print(f"{file}: ok")
    if wrong:
        raise SystemExit(2)


@app.command()
def schema() -> None:
    """Print the JSON Schema of scenario files, for editors.

    Example: cadre-sim schema > scenarios/scenario.schema.json
    """
    from cadre_sim.scenario.schema import json_schema

    print(json.dumps(json_schema(), indent=2, ensure_ascii=False))


def _profile(scenario: Scenario, seed: int) -> None:
    from cadre_sim.experiments.replicate import warm_up
    from cadre_sim.model import CadreModel
    from cadre_sim.report.terminal import print_profile

    say_if_compiling(False)
    warm_up()
    model = CadreModel(scenario, seed=seed)
    model.run_for(1)
    model.costs = {}
    model.run()
    print_profile(new_console(), model.costs, (model.day - 1) * model.world.cadres.office.size)


def _recorded(record: list[str] | None) -> bool:
    from cadre_sim.errors import UnknownNameError

    for name in record or ():
        if name != "cadres":
            raise UnknownNameError(name, ("cadres",))
    return bool(record)


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


if __name__ == "__main__":
    main()
