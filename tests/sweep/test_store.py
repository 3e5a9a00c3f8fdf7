"""The store of a sweep: nothing is done twice, nothing is lost, nothing is mixed."""

from __future__ import annotations

import errno
import math
import os
import socket
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import cadre_sim
from cadre_sim.errors import InputError, OutputError
from cadre_sim.experiments.plan import Plan, Run
from cadre_sim.sweep import driver, store
from cadre_sim.sweep.outcome import Failure, Outcome
from cadre_sim.sweep.store import opened
from sweeps import GRID, part_bytes, planned, quick, troubled

OUT = Path("out")


def fill(plan: Plan, runs: list[Run], at_once: int = 5) -> None:
    """Put runs into the store as a driver does, a few at a time, and sort them in the end."""
    give = quick(plan)
    with opened(OUT, plan) as found:
        for start in range(0, len(runs), at_once):
            found.add([give(run) for run in runs[start : start + at_once]])
        found.compact()


def test_rows_in_any_order_and_any_number_of_parts_give_the_same_bytes(tiny: Path) -> None:
    plan = planned(GRID)
    runs = list(plan.runs())
    fill(plan, runs)
    first = part_bytes(OUT)
    OUT.rename("other")
    fill(plan, runs[::-1], 1)
    assert part_bytes(OUT) == first
    assert len(first) == 1


def test_many_rows_are_sorted_into_several_parts(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No row is lost where parts are cut, and sorting again what is sorted changes nothing."""
    monkeypatch.setattr(store, "PART_ROWS", 20)
    plan = planned(GRID.replace("replicates: 2", "replicates: 20"))
    runs = list(plan.runs())
    fill(plan, runs[:60])
    fill(plan, runs[60:])
    once = part_bytes(OUT)
    fill(plan, [])
    assert part_bytes(OUT) == once
    assert len(once) == 8
    frame = cadre_sim.results(OUT)
    assert list(frame["key"]) == sorted(run.key for run in runs)
    assert frame["service_hours"].tolist() == [int(key[:6], 16) for key in frame["key"]]


def test_more_levels_and_replicates_keep_what_is_there(tiny: Path) -> None:
    plan = planned(GRID)
    fill(plan, list(plan.runs()))
    larger = planned(GRID.replace("replicates: 2", "replicates: 3").replace("[0.2, 0.6]", "[0.1, 0.2, 0.6]"))
    with opened(OUT, larger) as found:
        assert len(found.done & {run.key for run in larger.runs()}) == 12


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("replicates", "seed: 5\nreplicates", "its seed was 1 and is 5"),
        ("[service_hours, burden_hours]", "[service_hours]", "its metrics was"),
        ("without_reforms: true", "settings: {staff.absence: 0.2}", "its arms differ in before"),
    ],
)
def test_another_sweep_in_the_same_folder_is_refused(tiny: Path, before: str, after: str, said: str) -> None:
    plan = planned(GRID)
    fill(plan, list(plan.runs()))
    kept = part_bytes(OUT)
    with pytest.raises(InputError, match=said), opened(OUT, planned(GRID.replace(before, after))):
        pass
    assert part_bytes(OUT) == kept


def test_another_version_of_the_model_is_never_mixed_in(tiny: Path) -> None:
    plan = planned(GRID)
    runs = list(plan.runs())
    fill(plan, runs)
    version = plan.version
    plan = replace(plan, version="9.9+other")
    with pytest.raises(InputError, match="--new-version"), opened(OUT, plan):
        pass
    with opened(OUT, plan, new_version=True) as found:
        assert not found.done
    assert list((OUT / "older" / version / "runs").glob("*.parquet"))
    assert not {run.key for run in plan.runs()} & {run.key for run in runs}


def test_a_folder_of_other_files_is_left_alone(tiny: Path) -> None:
    OUT.mkdir()
    (OUT / "thesis.txt").write_text("years of work")
    with pytest.raises(InputError, match=r"thesis\.txt"), opened(OUT, planned(GRID)):
        pass


def test_a_folder_takes_one_driver_at_a_time(tiny: Path) -> None:
    plan = planned(GRID)
    with opened(OUT, plan), pytest.raises(InputError, match="another process"), opened(OUT, plan):
        pass


def test_a_part_with_a_flipped_bit_is_put_aside_and_its_runs_are_missing(tiny: Path) -> None:
    plan = planned(GRID)
    runs = list(plan.runs())
    give = quick(plan)
    with opened(OUT, plan) as found:
        found.add([give(run) for run in runs[:6]])
        found.add([give(run) for run in runs[6:]])
    part = sorted((OUT / "runs").iterdir())[0]
    lost = set(pq.read_table(part).column("key").to_pylist())
    content = bytearray(part.read_bytes())
    content[40] ^= 1
    part.write_bytes(content)
    with pytest.raises(InputError, match="is damaged"):
        cadre_sim.results(OUT)
    with opened(OUT, plan) as found:
        assert found.done == {run.key for run in runs} - lost
        assert found.quarantined == [f"runs/{part.name}"]
    assert [p.name for p in (OUT / "quarantine").iterdir()] == [f"runs-{part.name}"]


def test_no_flipped_bit_becomes_a_result(tiny: Path) -> None:
    """Wherever in a part a bit flips: what is read afterwards is what was written, or is missing."""
    plan = planned(GRID)
    give = quick(plan)
    with opened(OUT, plan) as found:
        found.add([give(run) for run in plan.runs()])
    (part,) = (OUT / "runs").iterdir()
    content = part.read_bytes()
    rows = pq.read_table(part).to_pylist()
    for position in range(0, len(content), 41):
        flipped = bytearray(content)
        flipped[position] ^= 4
        part.write_bytes(flipped)
        with opened(OUT, plan) as found:
            assert not found.done or pq.read_table(part).to_pylist() == rows


def test_a_merge_that_was_cut_off_loses_and_doubles_nothing(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed after the sorted part has its name and before the parts that it was made of are gone."""
    plan = planned(GRID)
    runs = list(plan.runs())
    give = quick(plan)
    with opened(OUT, plan) as found:
        found.add([give(run) for run in runs[:7]])
        found.add([give(run) for run in runs[7:]])
        with monkeypatch.context() as cut:
            cut.setattr(Path, "unlink", interrupted)
            with pytest.raises(KeyboardInterrupt):
                found.compact()
    assert len(list((OUT / "runs").iterdir())) == 3
    assert sorted(cadre_sim.results(OUT)["key"]) == sorted(run.key for run in runs)
    fill(plan, [])
    assert len(list((OUT / "runs").iterdir())) == 1
    assert sorted(cadre_sim.results(OUT)["key"]) == sorted(run.key for run in runs)


def interrupted(*_: Any, **__: Any) -> None:
    raise KeyboardInterrupt


def test_a_full_disk_is_told_and_leaves_no_half_of_a_part(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = planned(GRID)
    runs = list(plan.runs())
    give = quick(plan)

    def full(_: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with opened(OUT, plan) as found:
        found.add([give(run) for run in runs[:5]])
        monkeypatch.setattr(store, "sync", full)
        with pytest.raises(OutputError, match="No space left on device; 5 runs are kept, and the same command goes on"):
            found.add([give(run) for run in runs[5:]])
    assert len(cadre_sim.results(OUT)) == 5
    assert not list((OUT / "tmp").iterdir())


def test_a_run_that_failed_is_kept_with_its_settings_until_it_goes_well(tiny: Path) -> None:
    plan = planned(GRID)
    run, other = (r for r in plan.runs() if r.values == (0.6, 0.8))
    with opened(OUT, plan) as found:
        found.add([Outcome(r, (), Failure("raised", "Traceback: by zero"), 1.0) for r in (run, other)])
        found.compact()
    row = cadre_sim.results(OUT, "from failed").iloc[0]
    assert (row["status"], row["error"]) == ("raised", "Traceback: by zero")
    assert '"reforms.meeting_limits.adoption": 0.6' in row["settings"]
    with opened(OUT, plan) as found:
        assert set(found.failed_runs()) == {run, other}
        found.add([quick(plan)(run)])
        assert found.failed == {other.key}
        assert list(cadre_sim.results(OUT, "from failed")["key"]) == [other.key]
        found.compact()
    (part,) = (OUT / "failed").iterdir()
    assert pq.read_table(part).column("key").to_pylist() == [other.key]
    assert len(cadre_sim.results(OUT)) == 1


def test_what_is_not_a_number_is_passed_over_by_averages(tiny: Path) -> None:
    """A place without village cadres has no hours of theirs: one such run must not spoil the mean of the others."""
    plan = planned(GRID)
    first, second, *_ = plan.runs()
    with opened(OUT, plan) as found:
        found.add([Outcome(first, (math.nan, 1.0), None, 0.1), Outcome(second, (4.0, 1.0), None, 0.1)])
    assert cadre_sim.results(OUT, "select avg(service_hours) as mean from runs")["mean"].tolist() == [4.0]


def test_a_query_that_is_wrong_is_told_without_a_traceback(tiny: Path) -> None:
    plan = planned(GRID)
    fill(plan, list(plan.runs()))
    with pytest.raises(InputError, match="servis_hours"):
        cadre_sim.results(OUT, "select servis_hours from runs")
    with pytest.raises(InputError, match="holds no results"):
        cadre_sim.results("elsewhere")


@pytest.mark.process
def test_where_and_when_runs_were_done_stands_apart_from_results(tiny: Path) -> None:
    """One row a run, whatever became of it; damaged, it is put aside, and no run is missing."""
    text = GRID.replace("replicates: 2", "replicates: 2\ntime_limit: 1")
    found = driver.sweep(planned(text), OUT, workers=1, making=troubled)
    assert (found.new, found.failed) == (6, 6)
    telemetry = cadre_sim.results(OUT, "from telemetry")
    assert len(telemetry) == 12
    assert telemetry.columns.tolist() == ["key", "host", "process", "seconds", "ended"]
    assert set(telemetry["host"]) == {socket.gethostname()}
    assert os.getpid() not in set(telemetry["process"])
    assert abs(telemetry["ended"].max().timestamp() - time.time()) < 600.0
    (part,) = (OUT / "telemetry").glob("*")
    part.write_bytes(part.read_bytes()[:-1])
    again = driver.sweep(planned(text), OUT, workers=1, making=quick)
    assert (again.new, again.failed) == (0, 6)
    assert again.quarantined == (f"telemetry/{part.name}",)
    assert cadre_sim.results(OUT, "from telemetry").empty
