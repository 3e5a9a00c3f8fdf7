"""The command line: what it prints and writes, and how it refuses. Where it matters, as a process of its own."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema
import numpy as np
import pandas as pd
import pytest

from cadre_sim.activities import ACTIVITIES
from cadre_sim.comparison.replicate import RunSet
from cadre_sim.record.dictionary import COLUMNS, KEPT
from cadre_sim.record.metrics import metric_catalogue
from cadre_sim.record.writing import ResultFolder
from cadre_sim.scenario.listing import parameters
from cadre_sim.scenario.loading import load, load_arm
from cadre_sim.scenario.measures import measures
from cadre_sim.scenario.scenario import Scenario
from conftest import TINY, Call, Process
from waiting import LONG, until

PROJECT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "cadre_sim.cli"]
METRICS = [d.name for d in metric_catalogue()]


def contents(folder: Path = Path()) -> dict[str, int]:
    """Every file and folder, hidden ones too, with its size."""
    return {str(p.relative_to(folder)): p.stat().st_size if p.is_file() else -1 for p in folder.rglob("*")}


def strict_json(text: str) -> Any:
    """JSON as the standard has it: NaN and Infinity are none."""

    def refuse(name: str) -> None:
        raise AssertionError(f"{name} is not JSON")

    return json.loads(text, parse_constant=refuse)


# ---- bad input ----

ALIASES = "".join(f"a{k}: &a{k} [{', '.join([f'*a{k - 1}'] * 10)}]\n" for k in range(1, 10))
HEADER = "county,township,name,kind,residents,cadres\n"


class Bad(NamedTuple):
    """A bad file, and what must be said of it: where, and what was found or is allowed."""

    text: str
    said: str
    beside: tuple[str, str] | None = None


BAD: dict[str, Bad] = {
    "unknown key": Bad(
        "extends: tiny.yaml\nstaff:\n  absense: 0.1\n",
        "bad.yaml:3:3 staff.absense: unknown key 'absense', did you mean 'absence'?",
    ),
    "wrong type": Bad(
        "extends: tiny.yaml\nstaff:\n  absence: often\n", "bad.yaml:3:12 staff.absence: must be a number (got 'often')"
    ),
    "out of range": Bad(
        "extends: tiny.yaml\nstaff:\n  absence: 0.95\n", "bad.yaml:3:12 staff.absence: must be <= 0.9 (got 0.95)"
    ),
    "missing parent": Bad("title: x\nextends: nowhere.yaml\n", "bad.yaml:2:10 extends: no such file: nowhere.yaml"),
    "missing baseline": Bad("extends: tiny.yaml\nbaseline: nowhere.yaml\n", "nowhere.yaml: no such file"),
    "circle": Bad(
        "extends: other.yaml\n",
        "other.yaml:1:10 extends: goes in a circle: bad.yaml -> other.yaml -> bad.yaml",
        ("other.yaml", "extends: bad.yaml\n"),
    ),
    "circle of one": Bad("extends: bad.yaml\n", "bad.yaml:1:10 extends: goes in a circle: bad.yaml -> bad.yaml"),
    "negative": Bad(
        "extends: tiny.yaml\nbehaviour:\n  overtime_ceiling: -1\n",
        "bad.yaml:3:21 behaviour.overtime_ceiling: must be >= 0 [h/working day] (got -1)",
    ),
    "not a number": Bad(
        "extends: tiny.yaml\ndemand:\n  matters: .nan\n",
        "bad.yaml:3:12 demand.matters: must be a finite number (got nan)",
    ),
    "infinite": Bad(
        "extends: tiny.yaml\ndemand:\n  matters: .inf\n",
        "bad.yaml:3:12 demand.matters: must be a finite number (got inf)",
    ),
    "unknown county": Bad(
        "extends: tiny.yaml\nreforms:\n  meeting_limits:\n    where: {counties: [Littletown]}\n",
        "bad.yaml:4:24 reforms.meeting_limits.where.counties[0]: unknown county 'Littletown', "
        "did you mean 'Littleton'?",
    ),
    "period the wrong way round": Bad(
        "extends: tiny.yaml\nperiod:\n  end: 2024-01-01\n",
        "bad.yaml:3:8 period.end: must not be before start 2024-12-02 (got 2024-01-01)",
    ),
    "reform the wrong way round": Bad(
        "extends: tiny.yaml\nreforms:\n  meeting_limits:\n    until: 2024-06-01\n",
        "bad.yaml:4:12 reforms.meeting_limits.until: must not be before from 2025-01-01 (got 2024-06-01)",
    ),
    "empty": Bad("", "bad.yaml: is empty"),
    "huge": Bad("#" * (2**20 + 1), "bad.yaml: is too large: 1,048,577 bytes, at most 1,048,576 are read"),
    "not YAML": Bad("title: [a, b\nstaff: }\n", "bad.yaml:2:6: not valid YAML"),
    "not text": Bad("title: \0\n", "bad.yaml: holds NUL bytes: not a text file"),
    "a list": Bad("- title\n", "bad.yaml:1:1: the top level must be a mapping"),
    "duplicate key": Bad(
        "title: a\nstaff: {}\ntitle: b\n", "bad.yaml:3:1 title: duplicate key 'title' (first on line 1)"
    ),
    "bomb": Bad(f"a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n{ALIASES}", "more than 100,000 values"),
    "code": Bad('title: !!python/object/apply:os.mkdir ["pwned"]\n', "bad.yaml:1:8 title: tag "),
    "missing units table": Bad(
        "extends: tiny.yaml\nplace: {units: nowhere.csv}\n", "nowhere.csv: units table: no such file"
    ),
    "wrong units table": Bad(
        "extends: tiny.yaml\nplace: {units: units.csv}\n",
        "units.csv:3 kind: must be one of village, community, township (got 'vilage'), did you mean 'village'?",
        ("units.csv", f"{HEADER}A,T,V1,village,100,5\nA,T,V2,vilage,100,5\n"),
    ),
    "units table without columns": Bad(
        "extends: tiny.yaml\nplace: {units: units.csv}\n",
        "units.csv:1 units table: lacks the column(s) kind, residents, cadres",
        ("units.csv", "county,township,name\nA,T,V1\n"),
    ),
}  # fmt: skip


def lay_out(bad: Bad) -> None:
    Path("bad.yaml").write_text(bad.text, encoding="utf-8")
    if bad.beside:
        Path(bad.beside[0]).write_text(bad.beside[1], encoding="utf-8")


TRACES = ["by_day.parquet", "by_week.parquet", "days_to_close.parquet", "minds.parquet"]
COMPARED = ["effects.csv", "replicates.parquet", "checks.json", *TRACES]


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_with_file_line_and_path(call: Call, name: str) -> None:
    bad = BAD[name]
    lay_out(bad)
    before = contents()
    found = call("validate", "bad.yaml")
    assert found.code == 2, found.err
    assert bad.said in found.err
    assert len(found.err.splitlines()) == 1
    assert "Traceback" not in found.err
    assert found.out == ""
    assert contents() == before


def test_a_process_refuses_a_bad_file_as_a_call_does(process: Process) -> None:
    """Nothing that Python itself says at its end comes after the message."""
    bad = BAD["unknown key"]
    lay_out(bad)
    before = contents()
    found = process("run", "bad.yaml", "--out", "new")
    assert (found.returncode, found.stdout, found.stderr) == (2, "", f"cadre-sim: {bad.said}\n")
    assert contents() == before


@pytest.mark.parametrize("command", ["run", "compare"])
@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_before_anything_is_written(call: Call, name: str, command: str) -> None:
    bad = BAD[name]
    if command == "run" and name == "missing baseline":
        pytest.skip("a run does not look at the baseline")
    lay_out(bad)
    before = contents()
    found = call(command, "bad.yaml", "--out", "new/results")
    assert found.code == 2
    assert bad.said in found.err
    assert found.out == ""
    assert contents() == before


@pytest.mark.parametrize("name", ["nowhere.yaml", "folder"])
def test_a_file_that_is_not_there_is_refused(call: Call, name: str) -> None:
    Path("folder").mkdir()
    found = call("run", name, "--out", "new")
    assert found.code == 2
    assert f"{name}: " in found.err
    assert "Traceback" not in found.err
    assert not Path("new").exists()


LATE = {
    "country": ("calendar: {country: XX}", "XX"),
    "no working day": ("period: {start: 2025-01-01, end: 2025-01-01}", "no working day"),
    "nobody": ("place: {units: units.csv}", "has 0 cadres"),
}


@pytest.mark.parametrize("name", LATE)
def test_a_scenario_that_cannot_run_is_refused_and_nothing_is_left(call: Call, name: str) -> None:
    """What only shows when the world is built: still the user's mistake, and no folder is left."""
    text, said = LATE[name]
    Path("units.csv").write_text(f"{HEADER}A,T,V1,village,100,0\n", encoding="utf-8")
    Path("bad.yaml").write_text(f"extends: tiny.yaml\nreforms: {{}}\n{text}\n", encoding="utf-8")
    before = contents()
    found = call("run", "bad.yaml", "--out", "new/results")
    assert found.code == 2
    assert said in found.err
    assert contents() == before


@pytest.mark.parametrize("name", LATE)
def test_what_cannot_run_is_not_valid(call: Call, name: str) -> None:
    text, said = LATE[name]
    Path("units.csv").write_text(f"{HEADER}A,T,V1,village,100,0\n", encoding="utf-8")
    Path("bad.yaml").write_text(f"extends: tiny.yaml\n{text}\n", encoding="utf-8")
    found = call("validate", "bad.yaml")
    assert found.code == 2
    assert said in found.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run", "tiny.yaml", "--set", "staff.absence"), "--set: 'staff.absence' must be written PATH=VALUE"),
        (("run", "tiny.yaml", "--set", "staff.absence=2"), "--set staff.absence=2: must be <= 0.9 (got 2)"),
        (
            ("run", "tiny.yaml", "--set", "staff.absense=0"),
            "--set staff.absense=0: unknown key 'absense', did you mean",
        ),
        (("run", "tiny.yaml", "--set", "staff.absence=.nan"), "must be a finite number"),
        (("run", "tiny.yaml", "--set", "extends=x.yaml"), "'extends' can only be given in a file"),
        (("run", "tiny.yaml", "--set", "place.counties.7.residents=1"), "is a list of 1: no item '7'"),
        (("compare", "tiny.yaml", "--set", "staff.absence=2"), "--set staff.absence=2: must be <= 0.9 (got 2)"),
        (("compare", "tiny.yaml", "--precision", "much"), "--precision: must be hours above 0"),
        (("compare", "tiny.yaml", "--precision", "0h"), "--precision: must be hours above 0"),
        (("compare", "tiny.yaml", "--precision=-1h"), "--precision: must be hours above 0"),
        (("compare", "tiny.yaml", "--precision", "nan"), "--precision: must be hours above 0"),
        (("run", "tiny.yaml", "--record", "offices"), "unknown name 'offices'; allowed: cadres"),
        (("run", "tiny.yaml", "--replicates", "0"), "--replicates"),
        (("run", "tiny.yaml", "--seed", "-1"), "--seed"),
        (("run", "tiny.yaml", "--seed", str(2**32)), "--seed"),
        (("run", "tiny.yaml", "--workers", "0"), "--workers"),
        (("run",), "scenario"),
        (("walk", "tiny.yaml"), "walk"),
    ],
)
def test_a_bad_option_is_refused_by_its_name(call: Call, arguments: tuple[str, ...], said: str) -> None:
    before = contents()
    found = call(*arguments, *(("--out", "new") if len(arguments) > 1 and arguments[0] != "walk" else ()))
    assert found.code == 2
    assert said in found.err
    assert "Traceback" not in found.err
    assert found.out == ""
    assert contents() == before


@pytest.mark.parametrize("out", ["taken", "taken/deeper"])
@pytest.mark.parametrize("command", ["run", "compare"])
def test_an_output_folder_that_is_a_file_is_refused_before_the_run(call: Call, command: str, out: str) -> None:
    Path("taken").write_text("mine")
    before = contents()
    found = call(command, "tiny.yaml", "--out", out)
    assert found.code == 2
    assert f"cadre-sim: {out}: results cannot be written there" in found.err
    assert contents() == before


@pytest.fixture
def small_disk(tiny: Path) -> Iterator[Path]:
    """A file system with room for 16 KiB."""
    folder = Path("disk").resolve()
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", folder], check=False).returncode:
        pytest.skip("needs the right to mount a file system")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


@pytest.mark.parametrize("inside", ["", "new/results"])
def test_a_full_disk_is_told_and_leaves_nothing(call: Call, small_disk: Path, inside: str) -> None:
    found = call("run", "tiny.yaml", "--out", str(small_disk / inside))
    assert found.code == 2
    assert f"cadre-sim: {small_disk / inside}".rstrip("/") in found.err
    assert "results cannot be written" in found.err
    assert "Traceback" not in found.err
    assert contents(small_disk) == {}


@pytest.mark.process
def test_files_that_may_not_grow_are_told_and_leave_nothing(tiny_runs: RunSet, tiny: Path) -> None:
    """A quota instead of a full disk; a process of its own, since the limit cannot be taken back."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    before = contents()
    command = [*COMMAND, "run", "tiny.yaml", "--out", "new"]
    found = subprocess.run(command, capture_output=True, text=True, preexec_fn=limit, timeout=300, check=False)
    assert found.returncode == 2, found.stderr
    assert found.stderr.startswith("cadre-sim: new: results cannot be written")
    assert contents() == before


@pytest.mark.process
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_behind_the_output_is_told(tiny: Path) -> None:
    with open("/dev/full", "w") as full:
        found = subprocess.run([*COMMAND, "schema"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert found.returncode == 2
    assert "Traceback" not in found.stderr


# ---- interrupts ----


def processes_of(session: int) -> list[int]:
    """Processes of a session that are still running."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session and fields[0] not in "ZX":
            found.append(int(status.parent.name))
    return found


def workers_at_work(session: int) -> int:
    """Worker processes of a session that have computed for a while: past their start, in the middle of a replicate."""
    tick = os.sysconf("SC_CLK_TCK")
    found = 0
    for pid in processes_of(session):
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            continue
        found += b"spawn_main" in command and (int(fields[11]) + int(fields[12])) / tick > 2.0
    return found


@pytest.mark.process
@pytest.mark.parametrize("to_all", [True, False], ids=["as a terminal sends it", "to the command alone"])
def test_an_interrupt_leaves_nothing_half_written_and_no_process(tiny_runs: RunSet, tiny: Path, to_all: bool) -> None:
    """Ctrl-C in the middle of a comparison of thousands of replicates, over an earlier result that must stay."""
    with ResultFolder(Path("out")) as folder:
        folder.json("effects.csv", "an earlier result")
    before = contents()
    command = [*COMMAND, "compare", "tiny.yaml", "-n", "100000", "--workers", "2", "--out", "out"]
    started = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        until(lambda: workers_at_work(started.pid) == 2)
        if to_all:
            os.killpg(started.pid, signal.SIGINT)
        else:
            started.send_signal(signal.SIGINT)
        out, err = started.communicate(timeout=LONG)
        assert started.returncode == 130, err
        assert "Traceback" not in err
        assert out == ""
        assert contents() == before
        until(lambda: processes_of(started.pid) == [])  # no worker is left
    finally:
        for pid in processes_of(started.pid):
            os.kill(pid, signal.SIGKILL)
        started.wait()


@pytest.mark.process
def test_workers_leave_when_the_command_is_killed(tiny_runs: RunSet, tiny: Path) -> None:
    """No farewell is possible; the workers see for themselves that nobody waits for them."""
    command = [*COMMAND, "compare", "tiny.yaml", "-n", "100000", "--workers", "2", "-q"]
    started = subprocess.Popen(command, start_new_session=True, stderr=subprocess.DEVNULL)
    try:
        until(lambda: workers_at_work(started.pid) == 2)
        started.kill()
        started.wait()
        until(lambda: processes_of(started.pid) == [])  # no worker is left
    finally:
        for pid in processes_of(started.pid):
            os.kill(pid, signal.SIGKILL)


# ---- run ----


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, tiny_scenario: Scenario) -> Path:
    """The folder of a run of two replicates with the days of cadres, written by a process of its own."""

    folder = tmp_path_factory.mktemp("run")
    (folder / "tiny.yaml").write_text(TINY, encoding="utf-8")
    arguments = ["run", "tiny.yaml", "-n", "2", "--seed", "3", "--workers", "1", "--record", "cadres", "--out", "out"]
    done = subprocess.run([*COMMAND, *arguments], cwd=folder, capture_output=True, text=True, check=True)
    (folder / "stdout").write_text(done.stdout)
    (folder / "stderr").write_text(done.stderr)
    return folder / "out"


def test_a_run_writes_its_tables_and_a_manifest_of_them(written: Path, tiny_scenario: Scenario) -> None:
    tables = ["cadre_days.parquet", "cadres.parquet", "daily.parquet", "offices.parquet"]
    names = sorted([*tables, *TRACES, "checks.json", "departments.csv", "events.csv", "summary.csv"])
    assert sorted(contents(written)) == sorted([*names, "manifest.json"])
    manifest = strict_json((written / "manifest.json").read_text(encoding="utf-8"))
    assert sorted(manifest["files"]) == names
    assert (manifest["seed"], manifest["replicates"]) == (3, 2)
    assert manifest["command"][:3] == ["cadre-sim", "run", "tiny.yaml"]
    assert manifest["scenarios"]["scenario"]["digest"] == tiny_scenario.digest
    assert manifest["times"]["seconds"] > 0


def test_the_summary_on_disk_is_that_of_the_run(written: Path, tiny_scenario: Scenario) -> None:
    from cadre_sim.comparison.replicate import run

    summary = pd.read_csv(written / "summary.csv", float_precision="round_trip", na_values=[""])
    assert list(summary.columns) == ["metric", "unit", "mean", "low", "high"]
    assert summary["metric"].tolist() == METRICS
    assert summary["unit"].notna().all()
    again = run(tiny_scenario, replicates=2, seed=3, workers=1).summary()
    pd.testing.assert_frame_equal(summary, again, check_exact=True, check_dtype=False)


def test_events_and_departments_on_disk_tell_what_happened(written: Path, tiny_scenario: Scenario) -> None:
    """Each reform of the scenario starts on its date in both replicates; every day has an excess for each level."""
    events = pd.read_csv(written / "events.csv")
    starts = events[events["event"] == "reform starts"]
    assert set(zip(starts["replicate"], starts["name"], strict=True)) == {
        (replicate, name) for replicate in (0, 1) for name in tiny_scenario.reforms
    }
    for name, reform in tiny_scenario.reforms.items():
        assert (starts.loc[starts["name"] == name, "date"] >= str(reform.first_date)).all()
    departments = pd.read_csv(written / "departments.csv")
    days = pd.read_parquet(written / "daily.parquet")["date"].nunique()
    assert departments["level"].value_counts().tolist() == [2 * days] * 3
    assert (departments["excess"] >= 0.0).all()
    assert departments["excess"].max() > 0.0


def test_the_days_offices_and_cadres_on_disk_hold_the_same_hours(written: Path) -> None:
    """Every hour stands once in each table: by county they sum to the same."""
    keys = ["replicate", "county"]
    daily, offices, cadres, cadre_days = (
        pd.read_parquet(written / f"{name}.parquet") for name in ("daily", "offices", "cadres", "cadre_days")
    )
    assert list(daily.columns[:4]) == ["replicate", "date", "county", "kind"]
    assert list(daily.columns[4:]) == [c.name for c in COLUMNS]
    assert str(daily["date"].dtype).startswith("datetime64")
    sums = [c.name for c in COLUMNS if c.aggregate == "sum"]
    by_day = daily.groupby(keys)[sums].sum()
    by_office = offices.groupby(keys)[sums].sum()
    np.testing.assert_allclose(by_office.to_numpy(), by_day.to_numpy(), rtol=1e-10, atol=1e-9)
    hours = [*ACTIVITIES, "overtime", "present"]
    measured = offices[offices["window"] == "measured"].groupby("replicate")[hours].sum()
    np.testing.assert_allclose(
        cadres.groupby("replicate")[hours].sum().to_numpy(), measured.to_numpy(), rtol=1e-10, atol=1e-9
    )
    every = [*ACTIVITIES, "overtime", "contracted", "present"]
    by_cadre = cadre_days.groupby(["replicate", "date"])[every].sum()
    by_date = daily.groupby(["replicate", "date"])[every].sum()
    np.testing.assert_allclose(by_cadre.to_numpy(), by_date.to_numpy(), rtol=1e-10, atol=1e-9)


def test_the_days_of_cadres_are_one_row_a_cadre_and_day(written: Path) -> None:
    cadre_days = pd.read_parquet(written / "cadre_days.parquet")
    days = pd.read_parquet(written / "daily.parquet")["date"].nunique()
    assert len(cadre_days) == 2 * days * 41
    assert not cadre_days.duplicated(["replicate", "date", "cadre"]).any()
    worked = cadre_days["contracted"] + cadre_days["overtime"]
    np.testing.assert_allclose(cadre_days[list(ACTIVITIES)].sum(axis=1), worked, atol=1e-9)


def test_results_go_to_stdout_and_progress_to_stderr(written: Path) -> None:
    out, err = ((written.parent / name).read_text() for name in ("stdout", "stderr"))
    assert out.startswith("\nA tiny county\nDoes a tiny reform change a tiny county?\n")
    assert "service" in out
    assert "runs:" not in out
    assert "runs: 2 of 2" in err
    assert "service" not in err


def test_days_of_cadres_are_written_only_when_they_are_asked_for(call: Call) -> None:
    assert call("run", "tiny.yaml", "--out", "out", "-q").code == 0
    assert "cadre_days.parquet" not in contents(Path("out"))


def test_a_run_from_the_command_line_is_that_from_python(call: Call, tiny_runs: RunSet) -> None:
    found = call("run", "tiny.yaml", "-n", "3", "--seed", "7", "--workers", "1", "--json")
    summary = strict_json(found.out)
    assert (summary["seed"], summary["replicates"]) == (7, 3)
    expected = json.loads(tiny_runs.summary().to_json(orient="records"))
    assert summary["summary"] == expected


def test_what_is_not_known_is_null_in_json(call: Call) -> None:
    """One replicate has no interval."""
    rows = strict_json(call("run", "tiny.yaml", "--json").out)["summary"]
    assert {row["low"] for row in rows} == {None}
    assert rows[0]["mean"] is not None


def test_a_setting_changes_the_run(call: Call) -> None:
    def hours(*settings: str) -> float:
        rows = strict_json(call("run", "tiny.yaml", "--json", *settings).out)["summary"]
        return float({row["metric"]: row["mean"] for row in rows}["meetings_hours"])

    plain = hours()
    assert hours("--set", "departments.city_bureaus.meetings=null") == 0.0 < plain
    assert hours("--set", "staff.absence=0", "--set", "departments.city_bureaus.meetings.per_year=80") > plain


def test_the_profile_tells_every_step_of_a_day(call: Call) -> None:
    from cadre_sim.workday.cycle import STEPS

    found = call("run", "tiny.yaml", "--profile")
    assert found.code == 0
    first_words = [line.split()[0] for line in found.out.splitlines() if line.strip()]
    places = [first_words.index(name) for name in ("events", "reforms", *(s.name for s in STEPS), "record", "all")]
    assert places == sorted(places)
    assert "ns/cadre-day" in found.out


# ---- compare ----


def test_a_comparison_writes_its_effects_and_a_manifest(call: Call) -> None:
    found = call("compare", "tiny.yaml", "-n", "3", "--seed", "7", "--workers", "1", "--out", "out")
    assert found.code == 0
    assert sorted(contents(Path("out"))) == sorted([*COMPARED, "manifest.json"])
    effects = pd.read_csv("out/effects.csv", float_precision="round_trip")
    columns = ["metric", "unit", "baseline", "reform", "effect", "low", "high", "percent"]
    assert list(effects.columns[:8]) == columns
    assert effects["metric"].tolist() == METRICS
    known = effects.dropna(subset=["low"])
    assert ((known["low"] <= known["effect"]) & (known["effect"] <= known["high"])).all()
    np.testing.assert_allclose(known["reform"] - known["baseline"], known["effect"], atol=1e-9)
    manifest = strict_json(Path("out/manifest.json").read_text(encoding="utf-8"))
    reform, baseline = load_arm("tiny.yaml")
    assert {part: body["digest"] for part, body in manifest["scenarios"].items()} == {
        "reform 1": reform.digest,
        "baseline 1": baseline.digest,
    }
    assert sorted(manifest["files"]) == sorted(COMPARED)


def test_a_comparison_tells_effects_ledger_and_what_was_checked(call: Call) -> None:
    found = call("compare", "tiny.yaml", "-n", "2", "--workers", "1")
    assert found.code == 0
    days = len(pd.bdate_range("2024-12-02", "2024-12-31"))
    for said in (
        "Compared with 'A tiny county, without its reforms'",
        "95% interval",
        "naive*",
        "Where the service hours came from",
        "service hours gained",
        f"Until the reform starts, both simulations are identical: checked on {days} working",
        "replicates",
    ):
        assert said in found.out, said


def test_a_comparison_in_json_has_every_arm(call: Call) -> None:
    Path("other.yaml").write_text("extends: tiny.yaml\ntitle: Other\nreforms: {meeting_limits: null}\n")
    found = strict_json(call("compare", "tiny.yaml", "other.yaml", "-n", "2", "--workers", "1", "--json").out)
    assert [arm["scenario"] for arm in found["arms"]] == ["A tiny county", "Other"]
    for arm in found["arms"]:
        gained = {row["metric"]: row["effect"] for row in arm["effects"]}["service_hours"]
        assert sum(row["hours"] for row in arm["ledger"]) == pytest.approx(gained, abs=1e-9)


def test_a_comparison_runs_until_it_is_as_sure_as_it_should_be(call: Call) -> None:
    found = strict_json(call("compare", "tiny.yaml", "-n", "2", "--precision", "0.5h", "--workers", "1", "--json").out)
    row = {row["metric"]: row for row in found["arms"][0]["effects"]}["service_hours"]
    assert (row["high"] - row["low"]) / 2 <= 0.5
    assert 2 <= found["replicates"] < 1000


@pytest.mark.parametrize("title", ["Odd [/bold] title", "Reform [green]"])
def test_brackets_in_a_title_are_text(call: Call, title: str) -> None:
    Path("odd.yaml").write_text(f'extends: tiny.yaml\ntitle: "{title}"\n', encoding="utf-8")
    found = call("compare", "odd.yaml", "-n", "1", "--workers", "1")
    assert found.code == 0
    assert f"'{title}, without its reforms'" in " ".join(found.out.split())


# ---- what all have in common ----


@pytest.mark.process
@pytest.mark.parametrize(("name", "cores"), [("run", "1221"), ("compare", "121")])
def test_the_same_seed_gives_the_same_bytes_on_one_and_on_two_workers_twice(call: Call, name: str, cores: str) -> None:
    """Several runs, one result: every table is the same to the last byte. Only the manifest tells the times."""
    outs = []
    for workers in cores:
        out = Path(f"out{len(outs)}")
        found = call(name, "tiny.yaml", "-n", "2", "--seed", "5", "--workers", workers, "--out", str(out), "--json")
        tables = {p.name: p.read_bytes() for p in out.iterdir() if p.name != "manifest.json"}
        outs.append((tables, found.out))
    tables = [
        "cadres.parquet",
        "checks.json",
        "daily.parquet",
        "departments.csv",
        "events.csv",
        "offices.parquet",
        "summary.csv",
    ]
    assert sorted(outs[0][0]) == sorted([*TRACES, *tables] if name == "run" else COMPARED)
    assert all(out == outs[0] for out in outs[1:])


def test_another_seed_gives_another_result(call: Call) -> None:
    found = [call("run", "tiny.yaml", "--seed", seed, "--json").out for seed in ("0", "1", str(2**32 - 1))]
    assert len({json.dumps(strict_json(text)["summary"]) for text in found}) == 3


@pytest.mark.parametrize("command", ["run", "compare", "validate"])
def test_quiet_is_quiet(call: Call, tiny_runs: RunSet, command: str) -> None:
    options = () if command == "validate" else ("-n", "2", "--workers", "1")
    assert call(command, "tiny.yaml", *options, "--quiet") == (0, "", "")


@pytest.mark.parametrize("columns", ["80", "200", "40"])
@pytest.mark.parametrize(
    "arguments",
    [("run", "tiny.yaml", "-n", "2"), ("compare", "tiny.yaml", "-n", "2"), ("run", "tiny.yaml", "--profile")],
)
def test_tables_fit_80_columns(
    call: Call, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], columns: str
) -> None:
    """In a pipe too, whatever the terminal that it was started from."""
    monkeypatch.setenv("COLUMNS", columns)
    found = call(*arguments, "--workers", "1")
    assert found.code == 0
    assert max(map(len, found.out.splitlines())) <= 80


@pytest.mark.parametrize("command", ["run", "compare"])
def test_what_is_not_known_of_anybody_is_no_row_of_how_it_is_spread(call: Call, command: str) -> None:
    """Nobody is sent to the tiny county; once a reform sends people there are rows for them, in that arm alone."""
    sent = {"from": "2025-01-01", "number": 4, "specialists": 1.0}

    def rows(*settings: str) -> set[str]:
        out = call(command, "tiny.yaml", "-n", "1", "--workers", "1", *settings).out
        return {line[:23].strip() for line in out.partition("How it is spread")[2].splitlines()}

    plain = rows()
    assert {"service, worst tenth", "workload Gini (0-1)", "villages", "offices above 48 h %"} <= plain
    assert not {"service, officials", "service, specialists", "specialists sent", "officials sent"} & plain
    found = rows("--set", f"reforms.talent_deployment={json.dumps(sent)}")
    assert "service, specialists" in found
    assert "specialists sent" in found
    assert not {"service, officials", "officials sent"} & found


def test_no_number_of_a_table_is_cut(call: Call) -> None:
    """An ellipsis in a table would hide digits."""
    for command in ("run", "compare"):
        found = call(command, "tiny.yaml", "-n", "2", "--workers", "1", "--set", "staff.longest_day=24")
        assert "…" not in found.out


# ---- diff, validate, schema, list ----


def test_diff_tells_in_sentences_what_differs(call: Call) -> None:
    Path("other.yaml").write_text("extends: tiny.yaml\nstaff: {absence: 0.1}\nreforms: {meeting_limits: null}\n")
    found = call("diff", "tiny.yaml", "other.yaml")
    assert found.code == 0
    gone = "The reform 'meeting_limits' is gone (from 2025-01-01, 80% adopt it, meetings 0.66, max_hours 2.0, "
    assert f"{gone}attendees 0.8, travel 0.8)." in found.out
    assert "staff.absence (share of working days on leave or ill) is 0.1 instead of 0.05." in found.out
    assert all(line.endswith(".") for line in found.out.splitlines())
    same = call("diff", "tiny.yaml", "tiny.yaml")
    assert same.out == "They do not differ in anything that decides a result.\n"


def test_validate_checks_every_file_and_tells_all_that_is_wrong(call: Call) -> None:
    Path("one.yaml").write_text("extends: tiny.yaml\nstaff: {absence: 2, absense: 1}\n")
    Path("two.yaml").write_text("extends: tiny.yaml\nbaseline: one.yaml\nperiod: {start: never}\n")
    found = call("validate", "one.yaml", "tiny.yaml", "two.yaml", "nowhere.yaml")
    assert found.code == 2
    assert found.out == "tiny.yaml: ok\n"
    assert [line.split(": ")[0] for line in found.err.splitlines()] == [
        "one.yaml:2:18 staff.absence",
        "one.yaml:2:21 staff.absense",
        "two.yaml:3:17 period.start",
        "nowhere.yaml",
    ]


@pytest.mark.long
def test_the_scenarios_of_the_project_are_valid(call: Call) -> None:
    files = [str(p) for p in sorted((PROJECT / "scenarios").glob("*.yaml"))]
    found = call("validate", *files)
    assert (found.code, found.out) == (0, "".join(f"{f}: ok\n" for f in files))


def test_the_schema_is_a_json_schema_and_the_one_that_the_scenarios_point_to(call: Call) -> None:
    found = call("schema")
    schema = strict_json(found.out)
    jsonschema.Draft202012Validator.check_schema(schema)
    kept = PROJECT / "scenarios" / "scenario.schema.json"
    assert kept.read_text(encoding="utf-8") == found.out, "run make generated"


@pytest.mark.parametrize(
    ("what", "names"),
    [
        ("parameters", [p.path for p in parameters()]),
        ("measures", list(measures())),
        ("metrics", [*METRICS, *(c.name for c in COLUMNS), *(c.name for own in KEPT.values() for c in own)]),
    ],
)
def test_lists_name_everything_that_there_is(call: Call, what: str, names: list[str]) -> None:
    text = call("list", what).out
    assert [line for line in text.splitlines() if not line.startswith(" ")] == names
    rows = strict_json(call("list", what, "--json").out)
    assert [next(iter(row.values())) for row in rows] == names
    assert all(row["meaning"] for row in rows)


def test_parameters_are_listed_with_all_that_is_declared(call: Call) -> None:
    rows = {row["path"]: row for row in strict_json(call("list", "parameters", "--json").out)}
    row = rows["staff.cadres_per_office"]
    assert (row["default"], row["unit"], row["low"], row["high"], row["kind"]) == (6.0, "cadres", 5, 8, "D")
    assert row["source"] == "village_cadres_2022 village_cadres_2006"


# ---- help ----

HEAVY = (
    "babel",
    "jinja2",
    "mesa",
    "numba",
    "numpy",
    "pandas",
    "scipy",
    "seaborn",
    "matplotlib",
    "simpy",
    "pyarrow",
    "holidays",
)
ASK = f"""
import sys
sys.argv = ["cadre-sim", *sys.argv[1:]]
from cadre_sim.cli.app import main
try:
    main()
except SystemExit:
    print(sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr)
"""


@pytest.mark.process
@pytest.mark.parametrize("arguments", [("--help",), ("run", "--help"), ("compare", "-h"), ("list", "--help"), ()])
def test_help_imports_nothing_heavy(arguments: tuple[str, ...]) -> None:
    found = subprocess.run([sys.executable, "-c", ASK, *arguments], capture_output=True, text=True, check=True)
    assert found.stderr.splitlines()[-1] == "[]"
    assert "Usage" in found.stdout + found.stderr


@pytest.mark.process
def test_importing_the_package_imports_nothing_heavy() -> None:
    code = f"import cadre_sim, sys; print(sorted(set({HEAVY!r}) & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "[]\n"


def test_every_command_has_an_example_that_names_it(call: Call) -> None:
    for command in ("run", "compare", "diff", "validate", "schema"):
        found = call(command, "--help")
        assert found.code == 0
        assert f"cadre-sim {command}" in found.out


def test_the_same_can_be_done_from_python(tiny: Path) -> None:
    import cadre_sim

    scenario = cadre_sim.load(tiny)
    assert scenario == load(tiny)
    assert len(cadre_sim.run(scenario, replicates=1, workers=1).daily()) > 0
    assert len(cadre_sim.compare(scenario, replicates=1, workers=1).effects()) == len(METRICS)
