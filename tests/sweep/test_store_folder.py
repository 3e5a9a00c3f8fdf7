"""The folder of a store: nothing of anybody else is written or deleted, and no name that is read leads out of it."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from cadre_sim.errors import CadreSimError, InputError
from cadre_sim.record.seal import SEAL, sealed
from cadre_sim.sweep.driver import sweep
from cadre_sim.sweep.store import opened
from conftest import Call
from sweeps import GRID, planned, quick

OUT, ELSEWHERE = Path("out"), Path("elsewhere")


def files() -> dict[str, bytes]:
    """All files below the current folder but those of the experiment, by name."""
    found = (path for path in Path().rglob("*") if path.is_file() and path.suffix != ".yaml")
    return {str(path): path.read_bytes() for path in found}


def refused(call: Call, *more: str) -> str:
    """What `experiment run` says, which must refuse and leave every file and folder as it is."""
    planned(GRID)
    before, folders = files(), sorted(map(str, Path().rglob("*")))
    done = call("experiment", "run", "experiment.yaml", "--out", "out", "-q", *more)
    assert done.code == 2
    assert "Traceback" not in done.err
    assert (files(), sorted(map(str, Path().rglob("*")))) == (before, folders)
    return done.err


@pytest.mark.parametrize(
    "name", ["tmp/thesis.txt", "runs/theirs.parquet", ".lock/theirs", ".lock", ".sweep.json", "thesis.txt"]
)
def test_a_folder_of_somebody_else_is_left_as_it_is(tiny: Path, call: Call, name: str) -> None:
    """Also where theirs have the names of ours."""
    (OUT / name).parent.mkdir(parents=True, exist_ok=True)
    (OUT / name).write_text("years of work", encoding="utf-8")
    assert "holds no sweep but other files" in refused(call)


def test_somebody_elses_file_of_the_name_of_our_mark_is_no_mark(tiny: Path, call: Call) -> None:
    OUT.mkdir()
    for content in ("{}", "[]", '"x"', '{"version": 1}', "[" * 100_000):
        (OUT / "sweep.json").write_text(content, encoding="utf-8")
        assert "sweep.json: cannot be read" in refused(call)


def test_what_is_in_a_file_of_the_name_of_our_lock_stays(tiny: Path) -> None:
    """In a folder that is a store by its mark; ours is empty."""
    with opened(OUT, planned(GRID)):
        pass
    (OUT / ".lock").write_text("theirs", encoding="utf-8")
    with opened(OUT, planned(GRID)):
        pass
    assert (OUT / ".lock").read_text(encoding="utf-8") == "theirs"


@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_a_lock_that_is_no_file_is_refused_at_once(tiny: Path, kind: str) -> None:
    with opened(OUT, planned(GRID)):
        pass
    lock = OUT / ".lock"
    lock.unlink()
    ELSEWHERE.write_text("theirs", encoding="utf-8")
    if kind == "link":
        lock.symlink_to(ELSEWHERE.resolve())
    elif kind == "pipe":
        os.mkfifo(lock)
    else:
        lock.mkdir()
    with pytest.raises(CadreSimError), opened(OUT, planned(GRID)):
        pass
    assert ELSEWHERE.read_text(encoding="utf-8") == "theirs"


def test_only_what_we_left_in_the_folder_for_writing_is_removed(tiny: Path) -> None:
    with opened(OUT, planned(GRID)):
        pass
    (OUT / "tmp" / "runs-rows.parquet").write_bytes(b"half a pa")
    (OUT / "tmp" / "notes").mkdir()
    (OUT / "tmp" / "notes" / "thesis.txt").write_text("years of work", encoding="utf-8")
    with opened(OUT, planned(GRID)):
        pass
    assert [str(p.relative_to(OUT / "tmp")) for p in sorted((OUT / "tmp").rglob("*"))] == ["notes", "notes/thesis.txt"]


@pytest.mark.parametrize("name", ["runs", "failed", "telemetry", "tmp", "outside", "older", "inputs", "quarantine"])
def test_a_folder_of_a_store_that_is_a_link_leads_nowhere(tiny: Path, call: Call, name: str) -> None:
    plan = planned(GRID)
    with opened(OUT, plan) as store:
        store.add([quick(plan)(run) for run in plan.runs()])
    ELSEWHERE.mkdir()
    if (OUT / name).exists():
        (OUT / name).rename(ELSEWHERE / name)
    else:
        (ELSEWHERE / name).mkdir()
    (ELSEWHERE / name / "theirs.parquet").write_bytes(b"theirs")
    (OUT / name).symlink_to((ELSEWHERE / name).resolve(), target_is_directory=True)
    assert f"out/{name}: is a link to another place" in refused(call)
    assert "is a link to another place" in call("experiment", "verify", "out").out


@pytest.mark.parametrize(
    "version", ["../../../../x", "..", "/etc", "a/b", "", "0.1.0+1/../x", ".+1", 7, None, "x" * 300]
)
def test_a_version_in_a_received_file_leads_nowhere(tiny: Path, call: Call, version: object) -> None:
    plan = planned(GRID)
    with opened(OUT, plan) as store:
        store.add([quick(plan)(run) for run in plan.runs()])
    described = json.loads((OUT / "sweep.json").read_text(encoding="utf-8"))
    (OUT / "sweep.json").write_text(json.dumps({**described, "version": version}), encoding="utf-8")
    assert "is no version of the model (such as 0.1.0+" in refused(call, "--new-version")


@pytest.mark.parametrize("digest", ["../../secret", "/etc/hostname", "0" * 31, "0" * 32, 5, None])
def test_an_input_in_a_received_plan_leads_nowhere(tiny: Path, call: Call, digest: object) -> None:
    """Nothing is read but what has the name of a digest, lies in `inputs` and has that digest."""
    sound = planned(GRID)
    with opened(OUT, sound) as store:
        store.add([quick(sound)(run) for run in sound.runs()])
    Path("secret").write_text("theirs", encoding="utf-8")
    plan = json.loads((OUT / "plan.json").read_text(encoding="utf-8"))
    plan["arms"]["reform"]["data"]["place"]["units"] = {"held": digest, "name": "units.csv"}
    del plan[SEAL]
    (OUT / "plan.json").write_text(json.dumps(sealed(plan)), encoding="utf-8")
    for command in (("report", "out"), ("results", "out"), ("analyse", "variance", "out")):
        done = call(*command)
        assert (done.code, done.out) == (2, "")
        assert done.err.count("\n") == 1
        assert "theirs" not in done.err


def test_a_version_that_was_put_aside_before_keeps_what_it_has(tiny: Path) -> None:
    """Two versions in turns: each time another folder, nothing is written over."""
    plan = planned(GRID)
    other = replace(plan, version="9.9+other")
    for each in (plan, other, plan, other):
        with opened(OUT, each, new_version=True) as store:
            store.add([quick(each)(run) for run in each.runs()])
    names = sorted(path.name for path in (OUT / "older").iterdir())
    assert names == sorted([plan.version, f"{plan.version}-2", other.version])
    assert all(list((OUT / "older" / name / "runs").iterdir()) for name in names)


def test_a_store_that_was_stopped_before_it_had_its_mark_is_made(tiny: Path) -> None:
    OUT.mkdir()
    (OUT / ".lock").touch()
    for half in ("", '{\n  "version": "0.1.0+', '{\n  "version": "0.1.0+1234", '):
        (OUT / ".cadre_sim-0123456789abcdef").write_text(half, encoding="utf-8")
        with opened(OUT, planned(GRID)):
            pass
        assert sorted(path.name for path in OUT.iterdir() if path.name.startswith(".")) == [".lock"]
        (OUT / "sweep.json").unlink()
        for left in [*OUT.glob("*.json"), *OUT.glob("*/")]:
            left.rmdir() if left.is_dir() else left.unlink()


@pytest.mark.parametrize("name", ["tmp/runs-rows.parquet", ".cadre_sim-0123456789abcdef"])
def test_a_link_where_we_write_before_renaming_is_not_followed(tiny: Path, name: str) -> None:
    """In a folder that somebody has sent."""
    plan = planned(GRID)
    with opened(OUT, plan):
        pass
    ELSEWHERE.write_text("theirs", encoding="utf-8")
    (OUT / name).symlink_to(ELSEWHERE.resolve())
    with opened(OUT, planned(GRID.replace("replicates: 2", "replicates: 3"))) as store:
        store.add([quick(plan)(run) for run in plan.runs()])
    assert ELSEWHERE.read_text(encoding="utf-8") == "theirs"


@pytest.mark.process
def test_a_plan_of_another_version_is_not_run(tiny: Path) -> None:
    """Its rows would bear a version that did not make them."""
    plan = replace(planned(GRID), version="9.9+other")
    with pytest.raises(InputError, match=r"the plan is of version 9\.9\+other of the model"):
        sweep(plan, OUT, workers=1, making=quick)


def test_a_received_sweep_of_other_things_is_told_in_a_sentence(tiny: Path, call: Call) -> None:
    with opened(OUT, planned(GRID)):
        pass
    described = json.loads((OUT / "sweep.json").read_text(encoding="utf-8"))
    for wrong in ({"arms": ["x"]}, {"factors": 3}, {"metrics": {}}):
        (OUT / "sweep.json").write_text(json.dumps({**described, **wrong}), encoding="utf-8")
        with pytest.raises(InputError, match="holds another sweep"), opened(OUT, planned(GRID)):
            pass
