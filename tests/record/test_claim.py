"""Results go into a folder that is missing, empty or ours; nothing of a user's is replaced or removed."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cadre_sim.caches import cache_folder
from cadre_sim.errors import OutputError
from cadre_sim.record.claim import MANIFEST, PENDING
from cadre_sim.record.signed import is_signed
from cadre_sim.record.writing import ResultFolder
from conftest import Call

RUN = ("run", "tiny.yaml", "--workers", "1", "-q", "--out")


def everything(folder: Path) -> dict[str, bytes | None]:
    return {str(p.relative_to(folder)): p.read_bytes() if p.is_file() else None for p in folder.rglob("*")}


def write(folder: Path, **files: str) -> None:
    with ResultFolder(folder) as result:
        for name, content in files.items():
            result.json(f"{name}.json", content)


def somebodys_manifest(out: Path) -> None:
    (out / MANIFEST).write_text(json.dumps({"files": ["thesis.txt", "../x"], "format": "theirs"}))
    (out / "thesis.txt").write_text("mine")


def somebodys_file(out: Path) -> None:
    (out / "summary.csv").write_text("mine")


def a_broken_manifest(out: Path) -> None:
    (out / MANIFEST).write_text('{"format": "cadre_sim result 1", "fil')


def a_manifest_that_names_files_elsewhere(out: Path) -> None:
    files = {"../thesis.txt": "0" * 32}
    (out / MANIFEST).write_text(json.dumps({"format": "cadre_sim result 1", "files": files}))
    (out.parent / "thesis.txt").write_text("mine")


def an_earlier_versions_result(out: Path) -> None:
    (out / MANIFEST).write_text(json.dumps({"cadre_sim": "0.0.9", "files": ["summary.csv"]}))
    (out / "summary.csv").write_text("theirs")


FOREIGN = [
    somebodys_manifest,
    somebodys_file,
    a_broken_manifest,
    a_manifest_that_names_files_elsewhere,
    an_earlier_versions_result,
]


@pytest.mark.parametrize("fill", FOREIGN, ids=lambda fill: fill.__name__)
def test_a_folder_of_somebody_else_is_refused_and_left_as_it_is(
    call: Call, tiny: Path, fill: Callable[[Path], None]
) -> None:
    out = Path("out")
    out.mkdir()
    fill(out)
    before = everything(Path())
    found = call(*RUN, "out")
    assert found.code == 2
    assert "use another folder (--out)" in found.err
    assert len(found.err.splitlines()) == 1
    assert everything(Path()) == before


@pytest.mark.parametrize(
    ("out", "said"),
    [
        ("", "is empty; name a folder"),
        ("  ", "is empty; name a folder"),
        (".", "holds no result of cadre_sim but other files"),
        ("s3:", "is an address, not a folder"),
        ("s3://bucket/x", "is an address, not a folder"),
        ("link", "it is no folder"),
        ("pipe", "it is no folder"),
        ("tiny.yaml/deeper", "it is no folder"),
        ("x" * 5000, "File name too long"),
        ("a\0b", "null"),
    ],
)
def test_a_place_that_cannot_be_written_into_is_told_in_a_sentence(call: Call, tiny: Path, out: str, said: str) -> None:
    Path("link").symlink_to("nowhere")
    os.mkfifo("pipe")
    before = everything(Path())
    found = call(*RUN, out)
    assert found.code == 2
    assert said in " ".join(found.err.split())
    assert everything(Path()) == before


def test_a_result_takes_the_place_of_the_one_before_and_of_its_report(call: Call, tiny: Path) -> None:
    """What a user has laid beside it stays; a report that the user has changed is the user's."""
    assert call("compare", "tiny.yaml", "-n", "2", "--workers", "1", "-q", "--out", "out").code == 0
    assert call("report", "out", "-q").code == 0
    assert call("report", "out", "-q", "--out", "out/report.mine.html").code == 0
    assert is_signed(Path("out/report.html"))
    with Path("out/report.mine.html").open("a") as file:
        file.write("a remark")
    Path("out/notes.txt").write_text("mine")
    assert call(*RUN, "out").code == 0
    found = everything(Path("out"))
    assert "effects.csv" not in found
    assert "report.html" not in found
    assert {"summary.csv", "notes.txt", "report.mine.html"} <= found.keys()


def test_a_file_that_was_changed_by_hand_is_not_replaced(tmp_path: Path) -> None:
    write(tmp_path, a="1", b="1")
    (tmp_path / "b.json").write_text("mine")
    before = everything(tmp_path)
    with pytest.raises(OutputError, match=r"b\.json: was changed since it was written; move it away"):
        write(tmp_path, a="2")
    assert everything(tmp_path) == before


def test_a_file_of_a_name_that_a_new_result_needs_is_not_replaced(tmp_path: Path) -> None:
    write(tmp_path, a="1")
    (tmp_path / "b.json").write_text("mine")
    before = everything(tmp_path)
    with pytest.raises(OutputError, match=r"b\.json: was not written by cadre_sim"):
        write(tmp_path, a="2", b="2")
    assert everything(tmp_path) == before


def test_a_report_is_not_written_over_something_else(call: Call, tiny: Path) -> None:
    assert call(*RUN, "out").code == 0
    Path("out/report.html").write_text("mine")
    found = call("report", "out", "-q")
    assert found.code == 2
    assert "was not written by cadre_sim" in found.err
    assert Path("out/report.html").read_text() == "mine"


def test_a_result_that_was_cut_off_while_it_was_named_is_replaced(tmp_path: Path) -> None:
    """As a process leaves it that is killed between two names: old and new files, and both manifests."""
    whole, torn = tmp_path / "whole", tmp_path / "torn"
    for folder in (whole, torn):
        write(folder, a="1", b="1")
    write(whole, a="2", b="2")
    (torn / PENDING).write_bytes((whole / MANIFEST).read_bytes())
    (torn / "a.json").write_bytes((whole / "a.json").read_bytes())
    (torn / ".cadre_sim-writing-abc").mkdir()
    write(torn, a="2", b="2")
    assert everything(torn) == everything(whole)


def test_names_that_fail_half_way_are_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever of the names it is that the disk refuses, the folder is as it was before."""
    write(tmp_path, a="1", gone="1")
    before = everything(tmp_path)
    rename, count = os.replace, 0
    for failing in range(1, 7):
        count = 0

        def one_fails(*names: Path, failing: int = failing) -> None:
            nonlocal count
            count += 1
            if count == failing:
                raise OSError(28, "No space left on device")
            rename(*names)

        monkeypatch.setattr(os, "replace", one_fails)
        with pytest.raises(OutputError, match="No space left"):
            write(tmp_path, a="2", b="2")
        monkeypatch.undo()
        assert everything(tmp_path) == before
    write(tmp_path, a="2", b="2")
    assert json.loads((tmp_path / "a.json").read_text()) == "2"


def test_an_interrupt_while_files_get_their_names_mixes_no_results(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever of the names it comes after, the last included: all is as before or as after."""
    whole = tmp_path / "whole"
    write(whole, a="2", b="2")
    rename, count = os.replace, 0
    for failing in range(1, 7):
        out = tmp_path / str(failing)
        write(out, a="1", gone="1")
        before = everything(out)
        count = 0

        def interrupted(*names: Path, failing: int = failing) -> None:
            nonlocal count
            count += 1
            rename(*names)
            if count == failing:
                raise KeyboardInterrupt

        with monkeypatch.context() as patched, contextlib.suppress(KeyboardInterrupt):
            patched.setattr(os, "replace", interrupted)
            write(out, a="2", b="2")
        assert everything(out) in (before, everything(whole))


def test_two_results_are_not_written_into_one_folder_at_once(tmp_path: Path) -> None:
    with ResultFolder(tmp_path / "out") as first:
        with pytest.raises(OutputError, match="another command is writing its results there"):
            ResultFolder(tmp_path / "out")
        first.json("a.json", 1)
    assert sorted(os.listdir(tmp_path / "out")) == ["a.json", MANIFEST]


@pytest.mark.process
@pytest.mark.parametrize("mask", [0o077, 0o002])
def test_who_may_read_a_result_is_what_the_users_mask_says(tiny: Path, mask: int) -> None:
    command = [sys.executable, "-m", "cadre_sim.cli", "run", "tiny.yaml", "--workers", "1", "-q", "--out", "new/out"]
    subprocess.run(command, umask=mask, check=True)
    subprocess.run([sys.executable, "-m", "cadre_sim.cli", "report", "new/out", "-q"], umask=mask, check=True)
    for path in (Path("new"), *Path("new").rglob("*")):
        assert path.stat().st_mode & 0o777 == (0o777 if path.is_dir() else 0o666) & ~mask, path


ODD = ["~", "a:b", "file", "%41", "a b#c?d"]
"""Names that PyArrow takes for a home, an address or something encoded, where it is given names and not files."""


@pytest.mark.process
@pytest.mark.parametrize("name", ODD)
def test_a_result_lies_in_the_folder_that_was_named_whatever_its_name(
    call: Call, tiny: Path, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    (home / "tmp").mkdir(parents=True)
    (home / "tmp" / "telemetry-rows.parquet").write_text("mine")
    monkeypatch.setenv("CADRE_SIM_CACHE", str(cache_folder()))  # the model need not be compiled for that home
    monkeypatch.setenv("HOME", str(home))
    assert call(*RUN, name).code == 0
    assert (Path(name) / "daily.parquet").is_file()
    Path("e.yaml").write_text("scenario: tiny.yaml\ndesign: arms\nreplicates: 2\nmetrics: [service_hours]\n")
    store = f"{name}2" if name != "~" else "~/store"
    done = call("experiment", "run", "e.yaml", "-q", "--workers", "1", "--out", store)
    assert (done.code, done.err) == (0, "")
    assert call("results", store).out.count("\n") == 3
    assert call("results", store, "--sql", "select count(*) as n from runs").out == "n\n2\n"
    assert call("experiment", "verify", store).code == 0
    assert (home / "tmp" / "telemetry-rows.parquet").read_text() == "mine"
    assert [path.name for path in home.iterdir() if path.name[0] != "."] == ["tmp"]


@pytest.mark.parametrize("command", [RUN[:-1], ("experiment", "run", "e.yaml", "-q")])
def test_a_folder_whose_name_is_no_text_is_refused_before_any_work(
    call: Call, tiny: Path, command: tuple[str, ...]
) -> None:
    Path("e.yaml").write_text("scenario: tiny.yaml\ndesign: arms\nreplicates: 2\nmetrics: [service_hours]\n")
    found = call(*command, "--out", "bad\udcff")
    assert found.code == 2
    assert "is no name in UTF-8" in found.err
    assert not Path("bad\udcff").exists()


def test_runs_of_a_sweep_that_is_not_there_are_not_done_again(call: Call, tiny: Path) -> None:
    Path("e.yaml").write_text("scenario: tiny.yaml\ndesign: arms\nreplicates: 2\nmetrics: [service_hours]\n")
    found = call("experiment", "rerun", "e.yaml", "--failed", "--out", "typo")
    assert found.code == 2
    assert "typo: holds no results of an experiment" in found.err
    assert not Path("typo").exists()
