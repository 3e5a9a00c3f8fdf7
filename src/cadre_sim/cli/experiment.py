"""``cadre-sim experiment`` and ``cadre-sim results``: many runs, and what they left."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from cadre_sim.cli.list import AsJson
from cadre_sim.cli.shared import Quiet, Workers, records, say_if_compiling, say_notices
from cadre_sim.terminal.encoding import print_csv, print_json

if TYPE_CHECKING:
    from cadre_sim.experiments.plan import Plan

experiment = typer.Typer(no_args_is_help=True, help="Run experiments of many runs, and go on where one was stopped.")

File = Annotated[Path, typer.Argument(help="Experiment file (YAML).")]
Store = Annotated[Path | None, typer.Option("--out", help="Folder of the results; by default results/<file name>.")]
NewVersion = Annotated[
    bool, typer.Option("--new-version", help="Put aside what another version of the model left, and begin anew.")
]
EngineOption = Annotated[
    Literal["processes", "dask"] | None,
    typer.Option("--engine", help="What does the runs: processes on this machine, or Dask workers anywhere."),
]
Scheduler = Annotated[
    str | None, typer.Option("--scheduler", metavar="ADDRESS", help="Dask scheduler to use, such as tcp://host:8786.")
]
Cluster = Annotated[
    Path | None, typer.Option("--cluster", metavar="FILE", help="File (YAML) of the jobs to ask Slurm for.")
]


@experiment.command()
def run(
    file: File,
    out: Store = None,
    workers: Workers = None,
    engine: EngineOption = None,
    scheduler: Scheduler = None,
    cluster: Cluster = None,
    new_version: NewVersion = False,
    quiet: Quiet = False,
) -> None:
    """Do the runs of an experiment that are not done yet; stopped at any moment, the same command goes on.

    Example: cadre-sim experiment run experiments/rebound.yaml
    """
    from cadre_sim.experiments.planning import load_experiment
    from cadre_sim.sweep.cluster_file import chosen

    doing = chosen(engine, scheduler, cluster)
    _sweep(load_experiment(file), _store(file, out), quiet, workers=workers, new_version=new_version, cluster=doing)


@experiment.command()
def rerun(
    file: File,
    failed: Annotated[bool, typer.Option("--failed", help="Do the runs again that failed.")] = False,
    out: Store = None,
    workers: Workers = None,
    engine: EngineOption = None,
    scheduler: Scheduler = None,
    cluster: Cluster = None,
    quiet: Quiet = False,
) -> None:
    """Do runs of an experiment again.

    Example: cadre-sim experiment rerun experiments/rebound.yaml --failed
    """
    from cadre_sim.errors import InputError
    from cadre_sim.experiments.planning import load_experiment
    from cadre_sim.sweep.cluster_file import chosen

    if not failed:
        raise InputError("say which runs to do again: --failed")
    doing = chosen(engine, scheduler, cluster)
    _sweep(load_experiment(file), _store(file, out), quiet, workers=workers, only_failed=True, cluster=doing)


@experiment.command()
def plan(file: File, out: Store = None, workers: Workers = None) -> None:
    """Say how many runs an experiment has, how long they would take here, and how much disk; measures one run.

    Example: cadre-sim experiment plan experiments/rebound.yaml
    """
    from cadre_sim.experiments.idle import idle_notes
    from cadre_sim.experiments.planning import load_experiment
    from cadre_sim.sweep.driver import estimate
    from cadre_sim.sweep.query import done
    from cadre_sim.terminal.sweep import print_estimate
    from cadre_sim.version import model_version

    resolved, store = load_experiment(file), _store(file, out)
    already = done(store, model_version())
    print("".join(f"{line}\n" for line in idle_notes(resolved)), end="")
    _say_notices(resolved)
    say_if_compiling(False)
    print_estimate(resolved, estimate(resolved, already, workers))


def results(
    folder: Annotated[Path, typer.Argument(help="Folder of an experiment's results.")],
    sql: Annotated[str | None, typer.Option(help="Query on the tables runs, failed and telemetry.")] = None,
    unrestricted: Annotated[
        bool,
        typer.Option(
            "--unrestricted",
            help="Let the query also read and write files, attach databases, install extensions and change settings.",
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Print what an experiment has left so far, as CSV; by SQL, whatever of it.

    Example: cadre-sim results results/rebound --sql "select arm, avg(service_hours) from runs group by arm"
    """
    from cadre_sim.sweep.query import results as read

    found = read(folder, sql, unrestricted=unrestricted)
    if as_json:
        print_json(records(found))
    else:
        print_csv(found.to_csv(index=False, lineterminator="\n"))


def _store(file: Path, out: Path | None) -> Path:
    return out or Path("results") / file.stem


def _say_notices(plan: Plan) -> None:
    from cadre_sim.scenario.scenario import Scenario

    say_notices(*(Scenario.model_validate(arm.data) for arm in plan.arms.values()))


def _sweep(plan: Plan, out: Path, quiet: bool, **options: Any) -> None:
    from cadre_sim.experiments.idle import idle_notes
    from cadre_sim.sweep.driver import sweep
    from cadre_sim.terminal.sweep import print_swept, sweep_shown

    if not quiet:
        print("".join(f"{line}\n" for line in idle_notes(plan)), end="", file=sys.stderr)
    _say_notices(plan)
    say_if_compiling(quiet)
    try:
        with sweep_shown(quiet) as progress:
            found = sweep(plan, out, progress=progress, **options)
    except KeyboardInterrupt:
        print(f"cadre-sim: interrupted; what is done is kept in {out}, and the same command goes on", file=sys.stderr)
        raise SystemExit(130) from None
    if not quiet or found.failed:
        print_swept(plan, found)
    if found.failed:
        raise SystemExit(1)
