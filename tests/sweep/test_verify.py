"""``experiment verify``: each kind of thing that may be wrong with results is told by a sentence of its own."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import cadre_sim
from cadre_sim.errors import InputError
from cadre_sim.experiments.plan import Plan
from cadre_sim.record.seal import SEAL, sealed
from cadre_sim.sweep import plan_keys, verify
from cadre_sim.sweep.outcome import Failure, Outcome, rows_table, runs_schema
from cadre_sim.sweep.parquet_parts import content_digest
from cadre_sim.sweep.store import opened
from conftest import Call
from sweeps import GRID, planned, quick

OUT = Path("out")


@pytest.fixture
def plan(tiny: Path) -> Plan:
    """Twelve runs, of which nine are done, one failed and two are missing."""
    found = planned(GRID)
    give, runs = quick(found), list(found.runs())
    with opened(OUT, found) as store:
        store.add([give(run) for run in runs[:9]])
        store.add([Outcome(runs[9], (), Failure("raised", "Traceback: by zero"), 1.0)])
        store.compact()
    return found


def add_part(table: Any, folder: str = "runs") -> None:
    """A part beside the others, whole by its name."""
    beside = OUT / "tmp" / "x.parquet"
    pq.write_table(table, beside)
    beside.rename(OUT / folder / f"rows-{content_digest(beside)}.parquet")


def add_rows(plan: Plan, outcomes: Sequence[Outcome], **columns: Any) -> None:
    """Rows as a worker would leave them, but for some columns."""
    table = rows_table(plan, outcomes, runs_schema(plan))
    for name, value in columns.items():
        place = table.schema.get_field_index(name)
        table = table.set_column(place, name, pa.array([value] * len(table), table.schema.field(name).type))
    add_part(table)


def nothing(plan: Plan) -> None:
    pass


def cut(plan: Plan) -> None:
    (part,) = (OUT / "runs").iterdir()
    part.write_bytes(part.read_bytes()[:-9])


def other_columns(plan: Plan) -> None:
    add_part(pa.table({"key": ["0" * 32], "arm": ["before"]}))


def other_runs(plan: Plan) -> None:
    other = replace(plan, experiment=plan.experiment.model_copy(update={"seed": 5}))
    add_rows(other, [quick(other)(run) for run in other.runs()])


def other_seed(plan: Plan) -> None:
    add_rows(plan, [quick(plan)(run) for run in list(plan.runs())[10:]], seed=5)


def other_version(plan: Plan) -> None:
    add_rows(plan, [quick(plan)(run) for run in list(plan.runs())[10:]], version="9.9+abc")


def other_values(plan: Plan) -> None:
    add_rows(plan, [quick(plan)(run)._replace(values=(1.0, 2.0)) for run in list(plan.runs())[:2]])


def same_values(plan: Plan) -> None:
    add_rows(plan, [quick(plan)(run) for run in list(plan.runs())[:2]])


def other_plan(plan: Plan) -> None:
    file = OUT / "plan.json"
    found = json.loads(file.read_text(encoding="utf-8").replace('"seed": 1', '"seed": 2'))
    del found[SEAL]
    file.write_text(json.dumps(sealed(found)), encoding="utf-8")


def no_plan(plan: Plan) -> None:
    (OUT / "plan.json").write_text("{}", encoding="utf-8")


def other_keys(plan: Plan) -> None:
    plan_keys.write_keys(OUT, {"0" * 32})


@pytest.mark.parametrize(
    ("harm", "kinds"),
    [
        (nothing, []),
        (same_values, []),
        (cut, ["parts"]),
        (other_columns, ["columns"]),
        (other_runs, ["outside"]),
        (other_seed, ["content"]),
        (other_version, ["content"]),
        (other_values, ["twice"]),
        (other_plan, ["identity", "outside"]),
        (no_plan, ["plan"]),
        (other_keys, ["keys"]),
    ],
)
def test_what_is_wrong_is_told_by_its_kind(
    plan: Plan, call: Call, harm: Callable[[Plan], None], kinds: list[str]
) -> None:
    """With 1 where something is wrong; what is only missing is not wrong, and is told."""
    harm(plan)
    before = {path: path.stat().st_mtime_ns for path in OUT.rglob("*")}
    done = call("experiment", "verify", "out", "--json")
    found = json.loads(done.out)
    assert done.err == ""
    assert [fault["kind"] for fault in found["faults"]] == kinds
    assert done.code == (1 if kinds else 0)
    assert {path: path.stat().st_mtime_ns for path in OUT.rglob("*")} == before
    said = call("experiment", "verify", "out").out
    assert all(f"wrong: {fault['said']}\n" in said for fault in found["faults"])
    if not kinds:
        assert said == (
            "out: 9 of 12 runs done, 1 failed, 2 missing\n"
            "nothing is wrong; it is not complete, and `cadre-sim experiment run` does the rest\n"
        )


@pytest.mark.process
def test_runs_that_are_repeated_must_give_the_same_bits(plan: Plan) -> None:
    """The same seed chooses the same runs; a value that differs in its last bit is found."""
    found = cadre_sim.verify_experiment(OUT, repeat=3, workers=1, making=quick)
    assert (found.repeated, found.faults) == (3, ())
    again = verify.verify_experiment(OUT, repeat=9, workers=1, making=off_by_a_bit)
    (fault,) = again.faults
    assert (fault.kind, fault.count, len(fault.examples)) == ("repeated", 9, 3)
    assert ": burden_hours was " in fault.examples[0]


def off_by_a_bit(plan: Plan) -> Callable[[Any], Outcome]:
    """Runs whose second value is the next number."""
    give = quick(plan)
    return lambda run: give(run)._replace(values=(give(run).values[0], give(run).values[1] * (1 + 2**-52)))


def test_runs_of_another_version_cannot_be_repeated(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "model_version", lambda: "9.9+abc")
    assert not verify.verify_experiment(OUT).faults
    with pytest.raises(InputError, match=r"and this is 9\.9\+abc, so that none of them can be repeated"):
        verify.verify_experiment(OUT, repeat=1)


def test_what_holds_no_results_cannot_be_verified(tiny: Path, call: Call) -> None:
    done = call("experiment", "verify", ".")
    assert (done.code, done.err) == (2, "cadre-sim: .: holds no results of an experiment (sweep.json: no such file)\n")
