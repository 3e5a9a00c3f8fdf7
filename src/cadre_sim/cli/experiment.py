"""``cadre-sim experiment`` and ``cadre-sim results``: many runs, and what they left."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from cadre_sim.cli.list import AsJson
from cadre_sim.cli.shared import (
    TOLD,
    Quiet,
    Workers,
    Yes,
    agree,
    named,
    records,
    say_if_compiling,
    say_notices,
    say_outside,
)
from cadre_sim.errors import InputError, UserError
from cadre_sim.terminal.encoding import print_csv, print_json

if TYPE_CHECKING:
    from cadre_sim.experiments.plan import Plan
    from cadre_sim.reckoning.work import Work

experiment = typer.Typer(no_args_is_help=True, help="Run experiments of many runs, and go on where one was stopped.")

File = Annotated[Path, typer.Argument(help="Experiment file (YAML).")]
Store = Annotated[
    Path | None,
    typer.Option("--out", parser=named, metavar="DIR", help="Folder of the results; by default results/<file name>."),
]
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
    yes: Yes = False,
    quiet: Quiet = False,
) -> None:
    """Do the runs of an experiment that are not done yet; stopped at any moment, the same command goes on.

    Example: cadre-sim experiment run experiments/rebound.yaml
    """
    from cadre_sim.experiments.planning import load_experiment
    from cadre_sim.sweep.cluster_file import chosen

    doing = chosen(engine, scheduler, cluster)
    _sweep(
        load_experiment(file), _store(file, out), yes, quiet, workers=workers, new_version=new_version, cluster=doing
    )


@experiment.command()
def rerun(
    file: File,
    failed: Annotated[bool, typer.Option("--failed", help="Do the runs again that failed.")] = False,
    out: Store = None,
    workers: Workers = None,
    engine: EngineOption = None,
    scheduler: Scheduler = None,
    cluster: Cluster = None,
    yes: Yes = False,
    quiet: Quiet = False,
) -> None:
    """Do runs of an experiment again.

    Example: cadre-sim experiment rerun experiments/rebound.yaml --failed
    """
    from cadre_sim.experiments.planning import load_experiment
    from cadre_sim.files import is_file
    from cadre_sim.sweep.cluster_file import chosen

    if not failed:
        raise InputError("say which runs to do again: --failed")
    doing = chosen(engine, scheduler, cluster)
    plan, store = load_experiment(file), _store(file, out)
    if not is_file(store / "sweep.json"):
        raise InputError(f"{store}: holds no results of an experiment")
    _sweep(plan, store, yes, quiet, workers=workers, only_failed=True, cluster=doing)


@experiment.command()
def plan(file: File, out: Store = None, workers: Workers = None) -> None:
    """Say how many runs an experiment has, how long they would take here, and how much disk; measures one run.

    Example: cadre-sim experiment plan experiments/rebound.yaml
    """
    from cadre_sim.experiments.idle import idle_notes
    from cadre_sim.experiments.planning import load_experiment
    from cadre_sim.sweep.estimate import estimate
    from cadre_sim.sweep.query import done
    from cadre_sim.terminal.sweep import print_estimate

    resolved, store = load_experiment(file), _store(file, out)
    already = done(store, resolved)
    print("".join(f"{line}\n" for line in idle_notes(resolved)), end="")
    _say_notices(resolved)
    say_if_compiling(False)
    print_estimate(resolved, estimate(resolved, already, workers))


@experiment.command()
def verify(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of an experiment's results.")],
    repeat: Annotated[int, typer.Option(min=0, help="Runs to do again; all bits of their values are compared.")] = 0,
    seed: Annotated[int, typer.Option(min=0, help="Which runs are done again.")] = 1,
    workers: Workers = None,
    as_json: AsJson = False,
) -> None:
    """Check that results are whole and what the experiment's plan makes; ends with 1 where something is wrong.

    Example: cadre-sim experiment verify results/rebound --repeat 10
    """
    from cadre_sim.sweep.verify import verify_experiment
    from cadre_sim.terminal.sweep import print_verified, verified_json

    found = verify_experiment(folder, repeat=repeat, seed=seed, workers=workers)
    if as_json:
        print_json(verified_json(found))
    else:
        print_verified(found)
    if found.faults:
        raise SystemExit(1)


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
    from cadre_sim.record.spreadsheets import csv_text
    from cadre_sim.sweep.query import results as read

    found = read(folder, sql, unrestricted=unrestricted)
    say_outside(folder)
    if as_json:
        print_json(records(found))
    else:
        print_csv(csv_text(found))


def _store(file: Path, out: Path | None) -> Path:
    return out or Path("results") / file.stem


def _say_notices(plan: Plan) -> None:
    say_notices(*(plan.arm_scenario(name) for name in plan.arms))


def _sweep(plan: Plan, out: Path, yes: bool, quiet: bool, **options: Any) -> None:
    from cadre_sim.experiments.idle import idle_notes
    from cadre_sim.sweep.driver import sweep
    from cadre_sim.terminal.sweep import print_swept, sweep_shown, told

    # What can change nothing is a result and no progress: it is said also where all else is not.
    print("".join(f"{line}\n" for line in idle_notes(plan)), end="", file=sys.stderr)
    _say_notices(plan)
    agree(_work(plan, out, **options), yes=yes, quiet=quiet, out=out)
    say_if_compiling(quiet)
    try:
        with sweep_shown(quiet) as progress:
            found = sweep(plan, out, progress=progress, **options)
    except (KeyboardInterrupt, MemoryError) as ended:
        what, code = ("out of memory", 2) if isinstance(ended, MemoryError) else ("interrupted", 130)
        print(f"cadre-sim: {what}; what is done is kept in {out}, and the same command goes on", file=sys.stderr)
        raise SystemExit(code) from None
    for said in told(found):
        print(said, file=sys.stderr)
    if not quiet or found.failed:
        print_swept(plan, found)
    if found.failed:
        raise SystemExit(1)


def _work(plan: Plan, out: Path, *, only_failed: bool = False, **options: Any) -> Work:
    """What is left of a sweep; what its folder has is looked at only where all of it would take long."""
    from cadre_sim.sweep.estimate import work_of
    from cadre_sim.sweep.query import done, failures

    options.pop("new_version", None)
    whole = work_of(plan, plan.total(), **options)
    if whole.wall <= TOLD and not only_failed:
        return whole
    try:
        left = failures(out, plan) if only_failed else plan.total() - done(out, plan)
    except UserError:  # a damaged part: its runs are done again
        left = plan.total()
    return work_of(plan, max(0, min(left, plan.total())), **options)
