"""Places to write: none of them is needed, all processes share one, and nothing is left behind."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cadre_sim import caches
from cadre_sim.cli.shared import say_if_compiling
from cadre_sim.entries import WRITING, Entries, is_private

NOBODY = 65534

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


def test_folders_that_lie_about_their_age_cost_a_compilation_at_most(tmp_path: Path) -> None:
    """A clock a year ahead, and back again; a mark of 1970."""
    now = tmp_path / "compiled-now"
    assert caches.use(now) == now
    (now / "code").touch()
    year = 365 * caches.DAY
    for seconds in (-year, year):
        os.utime(now / caches.MARK, (time.time() + seconds,) * 2)
        assert caches.use(now) == now
        assert abs(time.time() - (now / caches.MARK).stat().st_mtime) < caches.DAY
    os.utime(now / caches.MARK, (0, 0))
    other = tmp_path / "compiled-other"
    assert caches.use(other) == other
    assert not now.exists()
    assert caches.use(now) == now


def test_what_a_killed_process_left_half_removed_or_half_written_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / "compiled-old"
    assert caches.use(old) == old
    for name in ("code", "more"):
        (old / name).touch()
    os.utime(old / caches.MARK, (0, 0))

    def killed(path: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(caches, "_discard", killed)
        with pytest.raises(KeyboardInterrupt):
            caches._remove_unused(old)
    (half,) = tmp_path.iterdir()
    assert half.name.startswith("removing-")
    now = tmp_path / "compiled-now"
    assert caches.use(now) == now
    left = now / f"{WRITING}0"
    left.touch()
    for path in (left, now / caches.MARK):
        os.utime(path, (0, 0))
    assert caches.use(now) == now
    assert [path.name for path in tmp_path.rglob("*")] == ["compiled-now", caches.MARK]


@pytest.mark.parametrize("trap", ["a file", "a link", "open to all"])
def test_what_lies_in_place_of_a_folder_of_a_cache_is_replaced(tmp_path: Path, trap: str) -> None:
    there = tmp_path / "compiled-now"
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "file").touch()
    if trap == "a file":
        there.touch()
    elif trap == "a link":
        there.symlink_to(elsewhere)
    else:
        there.mkdir()
        there.chmod(0o777)
    assert caches.use(there) == there
    assert is_private(there)
    assert (elsewhere / "file").exists()


@pytest.mark.parametrize("mode", [0o1777, 0o775])
def test_in_a_folder_that_others_can_write_to_each_user_has_his_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int
) -> None:
    """One folder named for all users of a machine: compiled code of another would be run."""
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(mode)
    monkeypatch.setenv(caches.VARIABLE, str(shared))
    caches.cache_folder.cache_clear()
    assert caches.cache_folder() == shared / f"cadre_sim-{os.getuid()}"
    assert is_private(shared / f"cadre_sim-{os.getuid()}")
    caches.cache_folder.cache_clear()


def as_nobody(do: Callable[[], None]) -> None:
    """Do something in a process of another user, who has no home."""
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            caches.cache_folder.cache_clear()
            do()
            os._exit(0)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(1)
    assert os.waitpid(child, 0)[1] == 0


@pytest.mark.process
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_two_users_with_one_folder_read_nothing_of_each_other(nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even where the first, here root, has laid out a folder in the name of the other."""
    with tempfile.TemporaryDirectory() as open_to_all:
        Path(open_to_all).chmod(0o755)
        shared, temporary = (Path(open_to_all, name) for name in ("shared", "temporary"))
        for folder in (shared, temporary):
            folder.mkdir()
            folder.chmod(0o1777)
        monkeypatch.setenv(caches.VARIABLE, str(shared))
        monkeypatch.setattr(caches, "_temporary", lambda: [temporary])
        mine = caches.cache_folder()
        assert mine is not None
        Entries(mine / "compiled-x").write("code", b"of root")
        his = shared / f"cadre_sim-{NOBODY}"

        def use(expected: Path) -> None:
            assert caches.cache_folder() == expected
            entries = Entries(expected / "compiled-x")
            assert entries.read("code") is None
            assert Entries(mine / "compiled-x").read("code") is None
            entries.write("code", b"of nobody")
            assert entries.read("code") == b"of nobody"

        as_nobody(lambda: use(his))
        assert Entries(his / "compiled-x").read("code") is None
        assert Entries(mine / "compiled-x").read("code") == b"of root"
        shutil.rmtree(his)
        his.mkdir()
        Entries(his / "compiled-x").write("code", b"of root")
        as_nobody(lambda: use(temporary / his.name))


@pytest.mark.process
@pytest.mark.skipif(os.geteuid() != 0, reason="root can write everywhere, others cannot")
@pytest.mark.parametrize("place", ["a folder of another", "read-only", "below what cannot be entered"])
def test_where_a_user_may_not_write_the_next_place_is_taken(
    nowhere: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    with tempfile.TemporaryDirectory() as open_to_all:
        Path(open_to_all).chmod(0o755)
        temporary = Path(open_to_all, "temporary")
        temporary.mkdir()
        temporary.chmod(0o1777)
        named = Path(open_to_all, "named")
        named.mkdir(mode=0o700 if place.startswith("below") else 0o755)
        if place == "read-only":
            os.chown(named, NOBODY, NOBODY)
            named.chmod(0o555)
        monkeypatch.setenv(caches.VARIABLE, str(named / "below" if place.startswith("below") else named))
        monkeypatch.setenv("TMPDIR", str(named / "temporary"))
        really = caches._temporary

        def ours() -> list[Path]:
            assert named / "temporary" not in really()
            return [temporary]

        monkeypatch.setattr(caches, "_temporary", ours)

        def use() -> None:
            assert caches.cache_folder() == temporary / f"cadre_sim-{NOBODY}"

        as_nobody(use)


@pytest.mark.parametrize("trap", ["a pipe", "a folder", "an old lock"])
def test_a_font_list_that_would_hold_matplotlib_up_is_passed_over(
    nowhere: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trap: str
) -> None:
    """What is in the user's own folder stays; what is in ours goes."""
    own = tmp_path / "own"
    for folder in (own / "matplotlib", nowhere / f"cadre_sim-{os.getuid()}" / "matplotlib"):
        folder.mkdir(mode=0o700, parents=True)
        folder.parent.chmod(0o700)
        if trap == "a pipe":
            os.mkfifo(folder / "fontlist-v390.json")
        elif trap == "a folder":
            (folder / "fontlist-v390.json").mkdir()
        else:
            (folder / "fontlist-v390.json.matplotlib-lock").touch()
            os.utime(folder / "fontlist-v390.json.matplotlib-lock", (0, 0))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(own))
    monkeypatch.setattr(caches, "_usual", lambda: iter(()))
    monkeypatch.setenv("XDG_CACHE_HOME", str(own))
    monkeypatch.delitem(sys.modules, "matplotlib", raising=False)
    caches.lend_to_matplotlib()
    lent = Path(os.environ["MPLCONFIGDIR"])
    assert lent == nowhere / f"cadre_sim-{os.getuid()}" / "matplotlib"
    assert list(lent.iterdir()) == []
    assert len(list((own / "matplotlib").iterdir())) == 1
