"""Putting one file in the place of another: what killed processes left goes, what others are at stays."""

from __future__ import annotations

import fcntl
from pathlib import Path

import pytest

from cadre_sim.record import replacing
from cadre_sim.record.replacing import replace_text

LEFT = ".cadre_sim-0123456789abcdef"


def test_drafts_of_processes_that_were_killed_go(tmp_path: Path) -> None:
    (tmp_path / LEFT).write_text("half of a rep")
    replace_text(tmp_path / "report.html", "whole")
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_what_another_process_is_at_stays(tmp_path: Path) -> None:
    with open(tmp_path / LEFT, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        replace_text(tmp_path / "report.html", "whole")
        assert (tmp_path / LEFT).exists()
    replace_text(tmp_path / "report.html", "whole")
    assert not (tmp_path / LEFT).exists()


def test_what_is_no_draft_of_ours_stays(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.write_text("mine")
    (tmp_path / ".cadre_sim-my-notes").write_text("mine")
    (tmp_path / LEFT).symlink_to(mine)
    (tmp_path / LEFT.replace("0", "9")).mkdir()
    replace_text(tmp_path / "report.html", "whole")
    assert len(list(tmp_path.iterdir())) == 5
    assert mine.read_text() == "mine"


def test_a_draft_that_another_takes_for_left_is_begun_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between its making and its lock, somebody else may have locked and removed it."""
    lock, taken = fcntl.flock, []

    def slow(file: object, how: int) -> None:
        if not taken:
            taken.extend(tmp_path.glob(".cadre_sim-*"))
            taken[0].unlink()
        lock(file, how)  # type: ignore[arg-type]

    monkeypatch.setattr(replacing.fcntl, "flock", slow)
    replace_text(tmp_path / "report.html", "whole")
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
    assert len(taken) == 1


def test_without_locks_files_are_written_and_nothing_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(*_: object) -> None:
        raise OSError("no locks here")

    monkeypatch.setattr(replacing.fcntl, "flock", none)
    (tmp_path / LEFT).write_text("half")
    replace_text(tmp_path / "report.html", "whole")
    assert (tmp_path / "report.html").read_text() == "whole"
    assert (tmp_path / LEFT).exists()
