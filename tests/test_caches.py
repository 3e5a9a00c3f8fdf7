"""Places to write: none of them is needed, all processes share one, and nothing is left behind."""

from __future__ import annotations

import json
import os
import pwd
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cadre_sim import caches
from cadre_sim.cli.shared import say_if_compiling

ASK = """
import json, os, sys
from cadre_sim import caches
folder = caches.cache_folder()
child = [sys.executable, "-c", "from cadre_sim import caches; print(caches.cache_folder())"]
import subprocess
theirs = subprocess.run(child, capture_output=True, text=True, check=True).stdout.strip()
import cadre_sim.figures, matplotlib
print(json.dumps([str(folder), theirs, matplotlib.get_cachedir(), matplotlib.get_configdir()]))
"""


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home below a file cannot be written to, whoever runs the tests; gives the folder for temporary files."""
    (tmp_path / "file").write_text("not a folder")
    (tmp_path / "temporary").mkdir()
    for name in (caches.VARIABLE, "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "MPLCONFIGDIR", "TEMP", "TMP"):
        monkeypatch.setenv(name, "")  # so that what a test sets is taken back
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "file" / "home"))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    caches.cache_folder.cache_clear()
    yield tmp_path / "temporary"
    caches.cache_folder.cache_clear()


@pytest.fixture
def one_temporary_folder(nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """As if there were no other folder for temporary files."""
    monkeypatch.setattr(caches, "_temporary", lambda: [nowhere])
    return nowhere


@pytest.mark.process
def test_without_a_home_all_processes_share_one_folder_and_leave_nothing_else(nowhere: Path) -> None:
    """Matplotlib's list of fonts too, without a word of it."""
    done = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=True)
    ours, theirs, *matplotlib = json.loads(done.stdout)
    assert ours == theirs == str(nowhere / f"cadre_sim-{os.getuid()}")
    assert matplotlib == [f"{ours}/matplotlib"] * 2
    assert done.stderr == ""
    assert os.listdir(nowhere) == [f"cadre_sim-{os.getuid()}"]


def test_a_user_without_an_entry_and_home_has_a_folder(nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(uid: int) -> None:
        raise KeyError(uid)

    monkeypatch.delenv("HOME")
    monkeypatch.setattr(pwd, "getpwuid", nobody)
    with pytest.raises(RuntimeError):
        Path.home()
    assert caches.cache_folder() == nowhere / f"cadre_sim-{os.getuid()}"
    caches.lend_a_home()
    assert Path.home() == nowhere / f"cadre_sim-{os.getuid()}"


def test_only_this_user_can_open_the_shared_folder(nowhere: Path) -> None:
    folder = caches.cache_folder()
    assert folder is not None
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("trap", ["open to all", "a link"])
def test_a_folder_that_somebody_else_may_have_laid_out_is_not_used(one_temporary_folder: Path, trap: str) -> None:
    """Compiled code is read from it and run. The one that is made instead goes with the process; children know it."""
    name = one_temporary_folder / f"cadre_sim-{os.getuid()}"
    if trap == "a link":
        (one_temporary_folder / "theirs").mkdir(mode=0o700)
        name.symlink_to(one_temporary_folder / "theirs")
    else:
        name.mkdir()
        name.chmod(0o777)
    folder = caches.cache_folder()
    assert folder is not None
    assert folder != name
    assert os.environ[caches.VARIABLE] == str(folder)
    caches._remove_own(folder, os.getpid() + 1)
    assert folder.exists()
    caches._remove_own(folder, os.getpid())
    assert not folder.exists()


def test_a_folder_without_room_is_passed_over(one_temporary_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full or tiny disk behind TMPDIR: nothing is kept, and nothing is left there."""
    monkeypatch.setattr(caches._usable, "__defaults__", (1 << 80,))
    assert caches.cache_folder() is None
    assert list(one_temporary_folder.iterdir()) == []


def test_that_nothing_can_be_kept_is_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from cadre_sim import compiling

    monkeypatch.setattr(compiling._State, "entries", None)
    monkeypatch.setattr(compiling._State, "ready", False)
    say_if_compiling(quiet=False)
    assert "each time anew" in capsys.readouterr().err
    compiling.mark_ready()
    say_if_compiling(quiet=False)
    assert capsys.readouterr().err == ""


def test_a_disk_that_fills_up_costs_no_run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Numba writes as it compiles: what cannot be written is said once."""
    from cadre_sim import compiling

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("cadre_sim.entries.Entries.write", full)
    monkeypatch.setattr(compiling._State, "cannot_keep", False)

    @compiling.compiled
    def double(number: float) -> float:
        return 2.0 * number

    @compiling.compiled
    def triple(number: float) -> float:
        return 3.0 * number

    assert (double(4.0), triple(4.0)) == (8.0, 12.0)
    assert capsys.readouterr().err.count("No space left on device") == 1


def test_compiled_code_that_nobody_has_used_for_a_month_is_removed(tmp_path: Path) -> None:
    """Only folders of that kind which bear the mark, and neither the one in use nor what a link leads to."""
    names = ("compiled-now", "compiled-old", "compiled-young", "compiled-unmarked", "other-old")
    for name in names:
        (tmp_path / name).mkdir(mode=0o700)
        (tmp_path / name / "code").touch()
        if name not in ("compiled-unmarked", "compiled-now"):
            mark = tmp_path / name / caches.MARK
            mark.touch()
            days = 29 if name == "compiled-young" else 31
            os.utime(mark, (mark.stat().st_mtime - days * caches.DAY,) * 2)
    (tmp_path / "compiled-link").symlink_to(tmp_path / "other-old")
    caches.use(tmp_path / "compiled-now")
    assert {p.name for p in tmp_path.iterdir()} == {*names, "compiled-link"} - {"compiled-old"}
    assert (tmp_path / "compiled-now" / caches.MARK).exists()
