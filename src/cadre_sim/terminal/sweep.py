"""What a sweep shows while it goes and when it ends."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from cadre_sim.experiments.plan import Plan
from cadre_sim.extras import EXTRA_OF
from cadre_sim.reckoning.fitting import unfit
from cadre_sim.reckoning.words import duration, processes, size
from cadre_sim.sweep import driver
from cadre_sim.sweep.cluster_file import chosen
from cadre_sim.sweep.driver import SweepProgress, SweepResult
from cadre_sim.sweep.estimate import Estimate
from cadre_sim.sweep.parquet_parts import TELEMETRY
from cadre_sim.sweep.query import outside_note
from cadre_sim.sweep.verify import Verification
from cadre_sim.terminal.notes import few_of
from cadre_sim.terminal.progress import one_line


def run_experiment(
    plan: Plan,
    out: str | Path | None = None,
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    cluster: str | Path | None = None,
    new_version: bool = False,
    only_failed: bool = False,
    quiet: bool = False,
) -> SweepResult:
    """Do the runs of an experiment that are not done yet, and show how it goes; also in a notebook.

    Args:
        plan: the experiment, of :func:`~cadre_sim.experiments.planning.load_experiment`.
        out: folder of its results, by default ``results/<file name>``.
        workers: processes on this machine, by default one for each core; results do not depend on it.
        scheduler: address of a Dask scheduler whose workers do the runs instead.
        cluster: file of the jobs that Slurm is asked for to do the runs instead.
        new_version: put aside what another version of the model left.
        only_failed: do those runs again that failed, and nothing else.
        quiet: show nothing.

    Raises:
        InputError: the folder holds another sweep, or another version of the model.
        OutputError: the folder cannot be written, or the disk is full.
        ClusterError: the scheduler cannot be reached, or the cluster does not do the work.
    """
    place = Path(out) if out is not None else Path("results") / plan.path.stem
    doing = chosen(None, scheduler, cluster)
    with sweep_shown(quiet) as progress:
        return driver.sweep(
            plan,
            place,
            workers=workers,
            new_version=new_version,
            only_failed=only_failed,
            progress=progress,
            cluster=doing,
        )


@contextmanager
def sweep_shown(quiet: bool) -> Iterator[SweepProgress | None]:
    """A callback that shows what is done, what failed, how fast it goes and how long it still takes."""
    if quiet:
        yield None
        return
    with one_line() as show:
        yield _Shown(show)


class _Shown:
    def __init__(self, show: Callable[[str], None]) -> None:
        self._show = show
        self._start: tuple[float, int] | None = None

    def __call__(self, done: int, failed: int, total: int, note: str) -> None:
        now = time.monotonic()
        if self._start is None or (note and done + failed == self._start[1]):
            # What is waited for before the first run says nothing about the speed.
            self._start = now, done + failed
        passed, ended = now - self._start[0], done + failed - self._start[1]
        text = f"runs: {done:,} of {total:,} done, {failed:,} failed"
        if note:
            text += f", {note}"
        elif ended and passed > 0:
            left = max(total - done - failed, 0) * passed / ended
            text += f", {ended / passed:.3g} a second, {duration(left)} left"
        self._show(text)


def print_estimate(plan: Plan, found: Estimate) -> None:
    """Print what an experiment would take."""
    experiment = plan.experiment
    print(experiment.title)
    if experiment.question:
        print(experiment.question)
    arms, factors = few_of(list(plan.arms)), few_of([factor.name for factor in plan.factors])
    print(f"arms: {arms}; factors: {factors}; design: {experiment.design}; replicates: {experiment.replicates}")
    work = found.work
    print(f"runs: {found.total:,}, of which {work.runs:,} are missing")
    print(f"place: {work.offices:,} offices, {work.cadres:,} cadres")
    how = "for the run that was measured" if found.measured else "for a run, reckoned; it may be half or twice that"
    print(f"time: about {duration(work.wall)} on {processes(work.workers)} ({found.run_seconds:.2f} s {how})")
    print(f"memory: about {size(work.memory)}")
    print(f"disk: about {found.size / 1e6:,.1f} MB" if found.size < 1e9 else f"disk: about {size(found.size)}")
    cannot = unfit(work)
    if cannot is not None:
        print(f"it does not fit here: {cannot}")


def told(found: SweepResult) -> Iterator[str]:
    """What went on in the folder of a sweep that its owner should know, a sentence each."""
    if found.lost:
        runs = "run was" if found.lost == 1 else "runs were"
        yield (
            f"{found.path}: {found.lost:,} {runs} done again, since rows that had been written were gone or damaged "
            "before the end"
        )
    for name in found.mended:
        yield f"{found.path}: what was held of {name} was gone or changed, and is written anew"
    if found.outside:
        yield outside_note(found.path, found.outside)


def print_verified(found: Verification) -> None:
    """Print what is found when the store of a sweep is checked."""
    counts = f"{found.done:,} of {found.runs:,} runs done, {found.failed:,} failed, {found.missing:,} missing"
    if found.runs:
        print(f"{found.path}: {counts}")
    if found.repeated:
        print(f"{found.repeated:,} runs were done again")
    for fault in found.faults:
        print(f"wrong: {fault}")
    if not found.faults:
        rest = "" if not found.missing else "; it is not complete, and `cadre-sim experiment run` does the rest"
        print(f"nothing is wrong{rest}")


def verified_json(found: Verification) -> dict[str, Any]:
    """The same as plain data."""
    faults = [{"kind": f.kind, "count": f.count, "examples": list(f.examples), "said": str(f)} for f in found.faults]
    numbers = {name: getattr(found, name) for name in ("runs", "done", "failed", "missing", "repeated")}
    return {"path": str(found.path), **numbers, "faults": faults}


def print_swept(plan: Plan, found: SweepResult) -> None:
    """Print what a sweep came to, and say of what failed how it can be repeated."""
    for part in found.quarantined:
        again = "" if part.startswith(TELEMETRY) else "; its runs were done again"
        print(f"{found.path / part}: could not be read and is put aside{again}", file=sys.stderr)
    print(f"{found.new:,} runs done, {found.failed:,} failed; results in {found.path}")
    for outcome in found.failures:
        assert outcome.error is not None
        run = outcome.run
        named = [f"{f.name}={v}" for f, v in zip(plan.factors, run.values, strict=True) if v is not None]
        last = outcome.error.text.strip().splitlines()[-1]
        point = [few_of(named)] if named else []
        where = ", ".join([f"arm {run.arm}", *point, f"replicate {run.replicate}"])
        print(f"  {outcome.error.status}: {where}: {last}")
    if found.failed:
        needs = "" if find_spec("duckdb") else f" (needs the extra [{EXTRA_OF['duckdb']}])"
        print(f"what failed, with settings and traceback: cadre-sim results {found.path} --sql 'from failed'{needs}")
        print(f"to repeat it: cadre-sim experiment rerun {plan.path} --out {found.path} --failed")
