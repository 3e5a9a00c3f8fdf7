"""Entries of a cache: what comes back is what this user wrote, whatever has happened to the file."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

import pytest

from cadre_sim.entries import WRITING, Entries, is_private

CONTENT = b"what was kept"
NOBODY = 65534


@pytest.fixture
def entries(tmp_path: Path) -> Entries:
    """A folder with one entry, ``one``."""
    made = Entries(tmp_path / "kept")
    made.write("one", CONTENT)
    return made


def test_an_entry_comes_back_as_it_was_written(entries: Entries) -> None:
    entries.write("empty", b"")
    assert entries.read("one") == CONTENT
    assert entries.read("empty") == b""
    assert entries.read("never") is None


def test_a_flip_of_any_bit_and_a_cut_at_any_place_are_misses(entries: Entries) -> None:
    path = entries.folder / "one"
    whole = path.read_bytes()
    for place in range(len(whole)):
        for bit in range(8):
            damaged = bytearray(whole)
            damaged[place] ^= 1 << bit
            path.write_bytes(damaged)
            assert entries.read("one") is None
        path.write_bytes(whole[:place])
        assert entries.read("one") is None
    path.write_bytes(whole + b"\0")
    assert entries.read("one") is None


def test_an_entry_under_the_name_of_another_is_a_miss(entries: Entries) -> None:
    """Code for other types of arguments would be run on these."""
    (entries.folder / "two").write_bytes((entries.folder / "one").read_bytes())
    assert entries.read("two") is None


@pytest.mark.parametrize("thing", ["link", "pipe", "folder", "full folder", "huge"])
def test_what_is_no_file_of_ours_is_a_miss_and_is_written_over(entries: Entries, thing: str) -> None:
    """A pipe is not waited for, and of what is huge only the beginning is read."""
    path = entries.folder / "one"
    path.rename(entries.folder / "elsewhere")
    if thing == "link":
        path.symlink_to(entries.folder / "elsewhere")
    elif thing == "pipe":
        os.mkfifo(path)
    elif thing == "huge":
        shutil.copy(entries.folder / "elsewhere", path)
        os.truncate(path, 1 << 40)
    else:
        path.mkdir()
        if thing == "full folder":
            (path / "file").touch()
    assert entries.read("one") is None
    entries.write("one", b"anew")
    assert entries.read("one") == b"anew"
    assert not path.is_symlink()
    assert Entries(entries.folder).read("elsewhere") is None


@pytest.mark.parametrize("which", ["entry", "folder"])
@pytest.mark.parametrize("mode", [stat.S_IWGRP, stat.S_IWOTH])
def test_what_others_may_write_to_is_not_read(entries: Entries, which: str, mode: int) -> None:
    """It may be run as code."""
    path = entries.folder / "one" if which == "entry" else entries.folder
    path.chmod(path.stat().st_mode | mode)
    assert entries.read("one") is None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
@pytest.mark.parametrize("which", ["entry", "folder"])
def test_what_another_user_owns_is_not_read(entries: Entries, which: str) -> None:
    path = entries.folder / "one" if which == "entry" else entries.folder
    os.chown(path, NOBODY, -1)
    assert entries.read("one") is None


def test_nothing_is_written_where_others_may_write(entries: Entries) -> None:
    entries.folder.chmod(0o777)
    with pytest.raises(PermissionError):
        entries.write("two", CONTENT)
    assert [path.name for path in entries.folder.iterdir()] == ["one"]


def test_entries_are_private_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        made = Entries(tmp_path / "kept")
        made.write("one", CONTENT)
    finally:
        os.umask(before)
    assert is_private(made.folder)
    assert made.read("one") == CONTENT
    assert stat.S_IMODE((made.folder / "one").stat().st_mode) == 0o600


def test_a_folder_that_is_removed_meanwhile_is_made_again(entries: Entries, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process may find that nobody has used it for a month, by a clock that is wrong."""
    really = os.open
    removed: list[Path] = []

    def remove_first(path: str, *rest: int, **named: int) -> int:
        if not removed:
            removed.append(entries.folder.rename(entries.folder.with_name("removing")))
        return really(path, *rest, **named)

    monkeypatch.setattr(os, "open", remove_first)
    entries.write("two", CONTENT)
    assert entries.read("two") == CONTENT


def test_a_full_disk_leaves_what_was_there(entries: Entries, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        entries.write("one", b"anew")
    assert entries.read("one") == CONTENT
    assert not list(entries.folder.glob(f"{WRITING}*"))
