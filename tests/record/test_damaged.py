"""Damaged folders of results: whatever became of a file, each command that reads it ends in one sentence that names it.

Folders of each kind are made once; a case is a kind of folder, a file of it, what became of that, and a command.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cadre_sim.errors import InputError
from cadre_sim.record.claim import digest_of
from cadre_sim.record.reading import read_result
from cadre_sim.record.seal import SEAL, sealed
from cadre_sim.sweep.parquet_parts import content_digest
from conftest import TINY
from hostile import calling
from hostile.calling import called
from sweeps import GRID

RESULTS = {"run": "run tiny.yaml --replicates 2 --out {}", "compare": "compare tiny.yaml --replicates 2 --out {}"}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A place with a whole folder of each kind, which is the current one."""
    place, before = tmp_path_factory.mktemp("damaged"), Path.cwd()
    os.chdir(place)
    room = calling.ROOM
    calling.ROOM = 1 << 33  # of address space: DuckDB, and workers, take more of it than they use
    Path("tiny.yaml").write_text(TINY, encoding="utf-8")
    for kind, command in RESULTS.items():
        done = called((*command.format(kind).split(), "-q"), 60.0)
        assert done.code == 0, done
    Path("grid.yaml").write_text(GRID, encoding="utf-8")
    done = called(["experiment", "run", "grid.yaml", "--out", STORE, "-q"], 60.0)
    assert done.code == 0, done
    yield place
    calling.ROOM = room
    os.chdir(before)


def _other(make: Callable[[Path], object]) -> Callable[[Path, float], None]:
    def damage(path: Path, _: float) -> None:
        path.unlink()
        make(path)

    return damage


def _flip(path: Path, where: float) -> None:
    content = bytearray(path.read_bytes())
    bit = int(where * 8 * len(content))
    content[bit // 8] ^= 1 << bit % 8
    path.write_bytes(content)


DAMAGES: dict[str, Callable[[Path, float], object]] = {
    "removed": _other(lambda path: None),
    "emptied": _other(lambda path: path.write_bytes(b"")),
    "cut": lambda path, where: path.write_bytes(path.read_bytes()[: int(where * path.stat().st_size)]),
    "flipped": _flip,
    "nested": _other(lambda path: path.write_text("[" * 100_000, encoding="utf-8")),
    "object": _other(lambda path: path.write_text("{}", encoding="utf-8")),
    "numbers": _other(lambda path: path.write_text('{"seed": 1e999, "files": NaN, "x": ' + "9" * 9999 + "}")),
    "table": _other(lambda path: pd.DataFrame({"key": [1], "metric": [None]}).to_parquet(path)),
    "folder": _other(Path.mkdir),
    "fifo": _other(os.mkfifo),
    "endless": _other(lambda path: os.symlink("/dev/zero", path)),
    "dangling": _other(lambda path: os.symlink("nowhere", path)),
}


class Case(NamedTuple):
    """A kind of folder, a file of it, what becomes of that, and where in it."""

    kind: str
    file: str
    damage: str
    where: float


def files(folder: str) -> list[str]:
    """The files of a folder that results are read from; a lock is none."""
    return sorted(
        str(path.relative_to(folder)) for path in Path(folder).rglob("*") if path.is_file() and path.name != ".lock"
    )


def _see_a_sentence(case: Case, command: str) -> None:
    shutil.rmtree("damaged", ignore_errors=True)
    shutil.copytree(case.kind, "damaged")
    path = Path("damaged", case.file)
    DAMAGES[case.damage](path, case.where)
    before = sorted(map(str, Path("damaged").rglob("*")))
    done = called(command.split(), 20.0)
    assert done.code == 2, (command, done)
    assert not done.traceback, done.traceback
    assert path.name in done.err, (command, done.err)
    assert done.err.count("\n") == 1, (command, done.err)
    assert done.out == ""
    assert sorted(map(str, Path("damaged").rglob("*"))) == before


def _drawn(count: int) -> Callable[[Any], Any]:
    return settings(
        max_examples=count, deadline=None, database=None, derandomize=True, phases=(Phase.explicit, Phase.generate),
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )  # fmt: skip


def cases(kinds: dict[str, Any]) -> st.SearchStrategy[Case]:
    return st.sampled_from(sorted(kinds)).flatmap(
        lambda kind: st.builds(
            Case,
            st.just(kind),
            st.deferred(lambda: st.sampled_from(files(kind))),
            st.sampled_from(sorted(DAMAGES)),
            st.floats(0.0, 0.999),
        )
    )


@given(case=cases(RESULTS))
@_drawn(60)
def test_a_damaged_result_ends_a_report_in_one_sentence(folders: Path, case: Case) -> None:
    _see_a_sentence(case, "report damaged")


@pytest.mark.slow
def test_every_damage_of_every_file_of_a_result_ends_a_report_in_one_sentence(folders: Path) -> None:
    for kind in RESULTS:
        for file in files(kind):
            for damage in DAMAGES:
                for where in (0.0, 0.3, 0.7, 0.999):
                    _see_a_sentence(Case(kind, file, damage, where), "report damaged")


def remade(folder: Path) -> None:
    """Give a folder a manifest that is right for what is in it, as somebody would who wants it to be read."""
    place = folder / "manifest.json"
    found = json.loads(place.read_text(encoding="utf-8"))
    found["files"] = {name: digest_of(folder / name) for name in found["files"]}
    del found[SEAL]
    place.write_text(json.dumps(sealed(found)), encoding="utf-8")


def _values(table: pd.DataFrame, where: float) -> list[pd.DataFrame]:
    """A table in which something is wrong."""
    column = table.columns[int(where * len(table.columns))]
    row = int(where * len(table))
    wrong = [table.drop(columns=column), table.rename(columns={column: "x"}), table.iloc[:row], table.iloc[:0],
             table.assign(**{column: None}), table.assign(**{column: "x" * 100_000}), table.iloc[::-1],
             pd.concat([table, table]), table.assign(**{column: b"x"})]  # fmt: skip
    if pd.api.types.is_numeric_dtype(table[column]):
        wrong += [table.assign(**{column: float("inf")}), table.assign(**{column: 1e300}),
                  table.assign(**{column: -(2**62)})]  # fmt: skip
    if pd.api.types.is_datetime64_any_dtype(table[column]):
        wrong += [table.assign(**{column: pd.Timestamp("1900-01-01")}), table.assign(**{column: pd.NaT})]
    return wrong


@given(kind=st.sampled_from(sorted(RESULTS)), where=st.floats(0.0, 0.999), data=st.data())
@_drawn(25)
def test_a_table_of_other_content_with_right_digests_ends_in_one_sentence(
    folders: Path, kind: str, where: float, data: st.DataObject
) -> None:
    names = [name for name in files(kind) if name in READ]
    name = data.draw(st.sampled_from(names))
    shutil.rmtree("damaged", ignore_errors=True)
    shutil.copytree(kind, "damaged")
    path = Path("damaged", name)
    table = pd.read_csv(path) if path.suffix == ".csv" else pd.read_parquet(path)
    wrong = data.draw(st.sampled_from(_values(table, where)))
    if path.suffix == ".csv":
        wrong.to_csv(path, index=False)
    else:
        wrong.to_parquet(path, index=False)
    remade(Path("damaged"))
    try:
        read_result(Path("damaged"))
    except InputError as error:
        assert name in str(error)
        assert "\n" not in str(error)
        return
    done = called(["report", "damaged"])  # what is as a result has it, or texts that mean nothing
    assert done.code == 0, (name, done)


READ = {
    "summary.csv", "effects.csv", "replicates.parquet", "by_day.parquet", "by_week.parquet", "days_to_close.parquet",
    "minds.parquet",
}  # fmt: skip

JSON = [
    ("checks.json", [0, "idle"], [{"name": "meeting_limits", "text": "{x:>999999999}", "values": {"x": "1"}}]),
    ("checks.json", [0, "idle"], [{"name": "nobody", "text": "x", "values": {}}]),
    ("checks.json", [0, "idle"], [{"name": "meeting_limits", "text": "{x.__class__}", "values": {"x": "1"}}]),
    ("checks.json", [0, "idle"], 5),
    ("checks.json", [0], None),
    ("checks.json", [], {}),
    ("manifest.json", ["seed"], -1),
    ("manifest.json", ["seed"], "1"),
    ("manifest.json", ["replicates"], 10**18),
    ("manifest.json", ["replicates"], True),
    ("manifest.json", ["command"], "cadre-sim"),
    ("manifest.json", ["command"], [5]),
    ("manifest.json", ["versions"], []),
    ("manifest.json", ["times"], {"finished": "x" * 100_000}),
    ("manifest.json", ["platform"], None),
    ("manifest.json", ["scenarios"], []),
    ("manifest.json", ["scenarios"], {}),
    ("manifest.json", ["scenarios", "scenario"], {"digest": "x", "title": 5}),
    ("manifest.json", ["scenarios", "scenario", "period", "start"], "2020-01-01x"),
    ("manifest.json", ["scenarios", "scenario", "place", "units"], "/etc/passwd"),
    ("manifest.json", ["files"], ["checks.json"]),
    ("manifest.json", ["files"], {"../tiny.yaml": "x"}),
    ("manifest.json", ["files", "summary.csv"], None),
]


@pytest.mark.parametrize(("name", "keys", "value"), JSON)
def test_json_of_other_content_with_right_digests_ends_in_one_sentence(
    folders: Path, name: str, keys: list[Any], value: object
) -> None:
    shutil.rmtree("damaged", ignore_errors=True)
    shutil.copytree("run", "damaged")
    path = Path("damaged", name)
    content: Any = {"": json.loads(path.read_text(encoding="utf-8"))}
    inner = content
    for key, following in zip(["", *keys], [*keys, None], strict=True):
        if following is None:
            inner[key] = value
        else:
            inner = inner[key]
    path.write_text(json.dumps(content[""]), encoding="utf-8")
    if name == "manifest.json":
        del content[""][SEAL]
        path.write_text(json.dumps(sealed(content[""])), encoding="utf-8")
    else:
        remade(Path("damaged"))
    done = called(["report", "damaged"])
    assert (done.code, done.traceback, done.out) == (2, "", ""), done
    assert done.err.count("\n") == 1
    assert name in done.err or "damaged: holds no result" in done.err
    assert not Path("damaged/report.html").exists()


def test_a_result_that_was_cut_off_while_it_was_named_is_not_read(folders: Path) -> None:
    shutil.rmtree("damaged", ignore_errors=True)
    shutil.copytree("run", "damaged")
    os.rename("damaged/manifest.json", "damaged/.cadre_sim-manifest.json")
    done = called(["report", "damaged"])
    assert done.code == 2
    assert "its result was being written when that was cut off" in done.err


STORE = "sweep"
READERS = (
    "results damaged", "results damaged --sql select.*.from.runs", "report damaged", "analyse variance damaged",
    "analyse frontier damaged", "report run --sensitivity damaged --out x.html", "experiment verify damaged",
)  # fmt: skip
"""Commands that read a store, all of whose files but the list of keys they need."""
HEALING = "experiment run grid.yaml --out damaged -q"


@given(
    file=st.deferred(lambda: st.sampled_from(files(STORE))),
    damage=st.sampled_from(sorted(DAMAGES)),
    where=st.floats(0.0, 0.999),
    command=st.sampled_from(READERS),
)
@_drawn(70)
def test_a_damaged_store_ends_what_reads_it_in_one_sentence(
    folders: Path, file: str, damage: str, where: float, command: str
) -> None:
    _see_a_store_told(file, damage, where, command)


@pytest.mark.slow
def test_every_damage_of_every_file_of_a_store_ends_every_reader_in_one_sentence(folders: Path) -> None:
    for file in files(STORE):
        for damage in DAMAGES:
            for command in (*READERS, HEALING):
                for where in (0.3, 0.8):
                    _see_a_store_told(file, damage, where, command)


def _see_a_store_told(file: str, damage: str, where: float, command: str) -> None:
    shutil.rmtree("damaged", ignore_errors=True)
    shutil.copytree(STORE, "damaged")
    path = Path("damaged", file)
    DAMAGES[damage](path, where)
    before = sorted(map(str, Path("damaged").rglob("*")))
    done = called(_words(command), 20.0)
    assert not done.traceback, (file, damage, command, done.traceback)
    assert done.code in (0, 1, 2), done
    if command == HEALING:
        return
    assert sorted(map(str, Path("damaged").rglob("*"))) == before or (done.code == 0 and command == "report damaged")
    whole = path.parts[1] in ("plan.keys", "telemetry") or (damage == "removed" and "runs" in path.parts)
    if whole:  # what an answer does not need, or a run that is missing as any may be
        assert done.code in (0, 2) or command.startswith("experiment verify")
        return
    assert done.code == (1 if command.startswith("experiment verify") and path.name != "sweep.json" else done.code)
    assert done.code != 0, (file, damage, where, command, done)
    assert path.name in done.err + done.out, (command, done)
    assert done.err.count("\n") <= 1, (command, done.err)


def _words(command: str) -> list[str]:
    """The words of a command; those of a query hang together by dots."""
    return [word.replace(".", " ") if word.startswith("select") else word for word in command.split()]


@given(
    file=st.deferred(lambda: st.sampled_from(files(STORE))),
    damage=st.sampled_from(sorted(set(DAMAGES) - {"folder"})),
    where=st.floats(0.0, 0.999),
)
@_drawn(12)
def test_the_same_command_heals_a_damaged_store_or_says_which_file_it_is(
    folders: Path, file: str, damage: str, where: float
) -> None:
    _see_a_store_told(file, damage, where, HEALING)
    done = called(["results", "damaged"])
    if file == "sweep.json":
        return  # what says whose the folder is: nothing is written into one of which that is not known
    assert (done.code, done.out) == (0, called(["results", STORE]).out), (file, damage, done)


@pytest.mark.parametrize("command", [*READERS, HEALING])
@pytest.mark.parametrize("content", ["table", "kinds", "text"])
def test_a_part_of_other_content_with_the_right_name_is_told(folders: Path, command: str, content: str) -> None:
    shutil.rmtree("damaged", ignore_errors=True)
    shutil.copytree(STORE, "damaged")
    (part,) = Path("damaged/runs").glob("*.parquet")
    table = pd.read_parquet(part)
    if content == "table":
        pd.DataFrame({"x": [1]}).to_parquet(part)
    elif content == "kinds":
        table.assign(service_hours="x", key=5).to_parquet(part)
    else:
        part.write_text("no Parquet", encoding="utf-8")
    part.rename(part.with_name(f"sorted-00000-of-00001-{content_digest(part)}.parquet"))
    done = called(_words(command))
    assert not done.traceback, done.traceback
    if command == HEALING:
        assert done.code == 0, done
        assert called(["results", "damaged"]).out == called(["results", STORE]).out
    else:
        assert done.code in (1, 2), done
        assert "sorted-00000-of-00001" in done.err + done.out
        assert done.err.count("\n") <= 1


def test_a_folder_whose_mark_is_garbage_holds_no_results(folders: Path) -> None:
    """It has no runs either: what is told is no empty table."""
    shutil.rmtree("damaged", ignore_errors=True)
    Path("damaged").mkdir()
    for content in ("", "[]", "{}", '{"version": "0.1.0+x"}', "NaN", "\0"):
        Path("damaged/sweep.json").write_text(content, encoding="utf-8")
        for command in READERS:
            done = called(_words(command))
            assert (done.traceback, done.code == 0) == ("", False), (content, command, done)
            assert "sweep.json" in done.err + done.out or "plan.json" in done.err + done.out
