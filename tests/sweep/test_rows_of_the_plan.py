"""What is on the disk and of the plan counts, and nothing else: rows of other runs, and rows that vanish meanwhile."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import cadre_sim
from cadre_sim.analysis.study import open_study
from cadre_sim.errors import OutputError
from cadre_sim.experiments.plan import Plan
from cadre_sim.sweep import driver
from cadre_sim.sweep.driver import sweep
from cadre_sim.sweep.plan_keys import NAME, keys_of, stored_keys
from cadre_sim.sweep.store import Store, opened
from conftest import Call
from sweeps import GRID, part_bytes, planned, quick, short, slow

OUT, FRESH, OTHER = Path("out"), Path("fresh"), Path("other")
MORE = GRID.replace("[0.2, 0.6]", "[0.2, 0.4, 0.6]")
MANY = GRID.replace("replicates: 2", "replicates: 60")


def fill(plan: Plan, out: Path) -> None:
    """All runs of a plan, as a driver puts them into its store."""
    with opened(out, plan) as store:
        store.add([quick(plan)(run) for run in plan.runs()])
        store.compact()


@pytest.fixture
def mixed(tiny: Path) -> Plan:
    """A sweep of twelve runs with rows of sixteen others beside its own: somebody has copied a part of theirs."""
    plan = planned(GRID)
    fill(planned(GRID.replace("seed: 1", "").replace("replicates: 2", "seed: 9\nreplicates: 2")), OTHER)
    fill(plan, OUT)
    fill(plan, FRESH)
    for folder in ("runs", "telemetry"):
        for part in (OTHER / folder).iterdir():
            shutil.copy(part, OUT / folder / f"rows-{part.stem.rpartition('-')[2]}.parquet")
    return plan


def test_rows_of_runs_that_the_plan_does_not_have_are_in_no_result(mixed: Plan, call: Call) -> None:
    keys = sorted(keys_of(mixed))
    assert cadre_sim.results(OUT)["key"].tolist() == keys
    assert cadre_sim.results(OUT, "select count(*) as n from runs")["n"].tolist() == [12]
    assert cadre_sim.results(OUT, "select count(*) as n from telemetry")["n"].tolist() == [12]
    assert len(open_study(OUT).runs) == 12
    done = call("results", "out")
    assert done.out.count("\n") == 13
    said = "out: 12 rows are of runs that the experiment does not have (any more), and counted nowhere"
    assert said in done.err
    assert said in call("report", "out").err
    assert "wrong: rows are of runs that the plan does not have: 12 (" in call("experiment", "verify", "out").out


def test_rows_of_other_runs_are_not_done_and_go_aside(mixed: Plan, tiny: Path, call: Call) -> None:
    """They are kept, since they may be somebody's only copy; what stays has the bytes of a sweep without them."""
    done = call("experiment", "plan", "experiment.yaml", "--out", "out", "--workers", "1")
    assert "runs: 12, of which 0 are missing" in done.out
    found = sweep(mixed, OUT, workers=1, making=quick)
    assert (found.new, found.outside) == (0, 12)
    assert part_bytes(OUT) == part_bytes(FRESH)
    (part,) = (OUT / "outside").iterdir()
    assert pq.read_table(part).num_rows == 12
    assert call("experiment", "verify", "out").code == 0


@pytest.mark.process
def test_an_experiment_that_shrinks_and_grows_again_does_no_run_twice(tiny: Path) -> None:
    """Rows of the level that is gone count nowhere, and count again once it is back."""
    assert sweep(planned(MORE), OUT, workers=1, making=quick).new == 16
    assert sweep(planned(GRID), OUT, workers=1, making=quick).outside == 4
    fill(planned(GRID), FRESH)
    assert part_bytes(OUT) == part_bytes(FRESH)
    assert len(cadre_sim.results(OUT)) == 12
    again = sweep(planned(MORE), OUT, workers=1, making=quick)
    assert (again.new, again.outside) == (0, 0)
    shutil.rmtree(FRESH)
    fill(planned(MORE), FRESH)
    assert part_bytes(OUT) == part_bytes(FRESH)


def test_the_list_of_keys_is_passed_over_where_it_is_not_that_of_the_plan(tiny: Path) -> None:
    """Of the plan before it grew, or damaged."""
    plan = planned(GRID)
    sweep_keys = keys_of(plan)
    fill(plan, OUT)
    driver.write_keys(OUT, sweep_keys)
    content = (OUT / NAME).read_bytes()
    assert stored_keys(OUT) == sweep_keys
    for harmed in (b"", content[:-1], content[:40] + bytes([content[40] ^ 1]) + content[41:]):
        (OUT / NAME).write_bytes(harmed)
        assert stored_keys(OUT) == sweep_keys
    (OUT / NAME).write_bytes(content)
    larger = planned(MORE)
    with opened(OUT, larger):
        pass
    assert stored_keys(OUT) == keys_of(larger)


def deleted(part: Path) -> None:
    part.unlink()


def damaged(part: Path) -> None:
    content = bytearray(part.read_bytes())
    content[len(content) // 2] ^= 1
    part.write_bytes(content)


@pytest.mark.process
@pytest.mark.parametrize("harm", [deleted, damaged])
def test_a_part_that_is_harmed_while_the_sweep_runs_is_done_again_by_the_same_command(
    tiny: Path, call: Call, monkeypatch: pytest.MonkeyPatch, harm: Callable[[Path], None]
) -> None:
    """The first part that is written, as soon as it is there."""
    monkeypatch.setattr(driver, "FIRST_WRITE", 0.05)
    harmed: list[Path] = []
    add = Store.add

    def add_and_harm(store: Store, outcomes: object) -> None:
        add(store, outcomes)  # type: ignore[arg-type]
        if not harmed:
            harmed.append(sorted((OUT / "runs").iterdir())[0])
            harm(harmed[0])

    monkeypatch.setattr(Store, "add", add_and_harm)
    plan = planned(MANY)
    found = sweep(plan, OUT, workers=1, making=short)
    assert harmed
    assert found.lost > 0
    assert len(found.quarantined) == (harm is damaged)
    fill(plan, FRESH)
    assert part_bytes(OUT) == part_bytes(FRESH)


def test_what_was_done_again_is_told(tiny: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    found = driver.SweepResult(OUT, 12, 12, 0, (), (), lost=5, outside=1, mended=("units.csv",))
    monkeypatch.setattr(driver, "sweep", lambda *_, **__: found)
    planned(GRID)
    lines = call("experiment", "run", "experiment.yaml", "--out", "out", "-q").err.splitlines()
    assert lines == [
        "out: 5 runs were done again, since rows that had been written were gone or damaged before the end",
        "out: what was held of units.csv was gone or changed, and is written anew",
        "out: 1 row is of a run that the experiment does not have (any more), and counted nowhere",
    ]


@pytest.mark.process
def test_rows_that_vanish_as_often_as_they_are_written_end_the_sweep(
    tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add = Store.add

    def add_and_delete(store: Store, outcomes: object) -> None:
        add(store, outcomes)  # type: ignore[arg-type]
        for part in (OUT / "runs").iterdir():
            part.unlink()

    monkeypatch.setattr(Store, "add", add_and_delete)
    monkeypatch.setattr(driver, "ROUNDS", 2)
    with pytest.raises(OutputError, match="vanish as often as they are written"):
        sweep(planned(GRID), OUT, workers=1, making=quick)


def test_a_part_that_goes_while_rows_are_sorted_harms_no_other(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is sorted then: what is there stays, and what is gone is seen when the disk is looked at."""
    plan = planned(GRID)
    runs = list(plan.runs())
    with opened(OUT, plan) as store:
        for some in (runs[:5], runs[5:]):
            store.add([quick(plan)(run) for run in some])
        sorted((OUT / "runs").iterdir())[0].unlink()
        assert not store.compact()
        assert not list((OUT / "tmp").iterdir())
        gone = store.look_again()
        assert gone in ({run.key for run in runs[:5]}, {run.key for run in runs[5:]})
        assert store.compact()
    assert len(cadre_sim.results(OUT)) == 12 - len(gone)


@pytest.mark.process
def test_a_worker_that_somebody_stops_costs_no_run_and_blames_none(tiny: Path) -> None:
    """Stopped for longer than a run may take, and never continued: it is replaced."""
    plan = planned(MANY.replace("replicates: 60", "replicates: 60\ntime_limit: 1"))
    stopped: list[int] = []

    def stop(done: int, failed: int, total: int, note: str) -> None:
        if not stopped and done:
            child = multiprocessing.active_children()[0]
            stopped.append(child.pid or 0)
            os.kill(stopped[0], signal.SIGSTOP)

    found = sweep(plan, OUT, workers=1, making=slow, progress=stop)
    assert stopped
    assert (found.new, found.failed) == (360, 0)
