"""The compiled model on disk: what happens to it costs a compilation, never a result, and no stranger's code is run."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numba.core.serialize import dumps

from cadre_sim import compiling
from cadre_sim.caches import MARK, VARIABLE
from cadre_sim.comparison.replicate import warm_up
from cadre_sim.entries import Entries
from sweeps import GRID

NOBODY = 65534


def double(number: float) -> float:
    """Compiled by these tests, for one type of argument or two."""
    return 2.0 * number


@pytest.fixture
def entries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Entries:
    """A cache of its own, empty; this process has compiled nothing yet."""
    made = Entries(tmp_path / "compiled-here")
    monkeypatch.setattr(compiling._State, "entries", made)
    monkeypatch.setattr(compiling._State, "touched", set())
    monkeypatch.setattr(compiling._State, "ready", False)
    return made


def begin() -> Any:
    """The function as a new process has it."""
    compiling._State.touched.clear()
    compiling._State.ready = False
    return compiling.compiled(double)


def is_found(number: object = 4.0) -> bool:
    """Whether a process finds the code in the cache; what it gives is right in any case."""
    function = begin()
    assert function(number) == 8.0
    assert sum(function.stats.cache_hits.values()) + sum(function.stats.cache_misses.values()) == 1
    return bool(function.stats.cache_hits)


class Bomb:
    """What touches a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[..., object], tuple[str, int]]:
        return os.mkdir, (str(self.path), 0o700)


def the_code(entries: Entries) -> Path:
    """The file of the only entry that is compiled code."""
    (path,) = (p for p in entries.folder.iterdir() if p.is_file() and p.name != "ready")
    return path


def flip(path: Path, place: int) -> None:
    """Flip a bit."""
    whole = bytearray(path.read_bytes())
    whole[place] ^= 1
    path.write_bytes(whole)


def fifo(path: Path) -> None:
    """Put a pipe in place of a file."""
    path.unlink()
    os.mkfifo(path)


def folder(path: Path) -> None:
    """Put a folder in place of a file."""
    path.unlink()
    (path / "in").mkdir(parents=True)


def link(path: Path) -> None:
    """Put a link to the very bytes in place of a file."""
    path.symlink_to(path.rename(path.with_name("elsewhere")))


DAMAGE: dict[str, Callable[[Path], object]] = {
    "emptied": lambda path: path.write_bytes(b""),
    "cut in half": lambda path: os.truncate(path, path.stat().st_size // 2),
    "cut by a byte": lambda path: os.truncate(path, path.stat().st_size - 1),
    "longer": lambda path: os.truncate(path, 1 << 40),
    "flipped first": lambda path: flip(path, 0),
    "flipped within": lambda path: flip(path, path.stat().st_size // 2),
    "flipped last": lambda path: flip(path, -1),
    "zeros": lambda path: path.write_bytes(bytes(path.stat().st_size)),
    "a bomb": lambda path: path.write_bytes(pickle.dumps(Bomb(path.parent / "exploded"))),
    "removed": lambda path: path.unlink(),
    "a pipe": fifo,
    "a folder": folder,
    "a link": link,
    "open to all": lambda path: path.chmod(0o666),
}


def test_what_is_compiled_is_found_by_the_next_process(entries: Entries) -> None:
    assert not is_found()
    assert is_found()


def test_code_for_each_type_of_argument_is_kept(entries: Entries) -> None:
    for number in (4.0, np.float32(4.0)):
        assert not is_found(number)
    for number in (4.0, np.float32(4.0)):
        assert is_found(number)


@pytest.mark.parametrize("damage", DAMAGE)
def test_damaged_code_is_compiled_anew(entries: Entries, damage: str) -> None:
    """Once: the process after finds it whole. A pickle that would touch a file is never unpickled."""
    is_found()
    compiling.mark_ready()
    DAMAGE[damage](the_code(entries))
    begin()
    assert not compiling.is_ready()
    assert not is_found()
    compiling.mark_ready()
    begin()
    assert compiling.is_ready()
    assert is_found()
    assert not (entries.folder / "exploded").exists()


def test_code_for_other_arguments_is_not_run(entries: Entries) -> None:
    """Where files have changed places."""
    is_found(4.0)
    first = the_code(entries)
    kept = first.read_bytes()
    first.unlink()
    is_found(np.float32(4.0))
    other = the_code(entries)
    other.write_bytes(kept)
    assert not is_found(np.float32(4.0))


def test_sealed_bytes_of_another_user_are_not_unpickled(entries: Entries) -> None:
    """He knows how an entry is written, too."""
    is_found()
    path = the_code(entries)
    entries.write(path.name, dumps(Bomb(entries.folder / "exploded")))
    if os.geteuid() == 0:
        os.chown(path, NOBODY, -1)
    else:
        path.chmod(0o622)
    assert not is_found()
    assert not (entries.folder / "exploded").exists()


def test_what_is_missing_of_a_model_that_was_ready_is_noticed(entries: Entries) -> None:
    begin()
    assert not compiling.is_ready()
    entries.write("ready", json.dumps(["never written"]).encode())
    assert not compiling.is_ready()


def test_another_processor_or_setting_has_a_folder_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """A home may be shared by machines, or move to another."""
    here = compiling._digest()
    assert compiling._digest() == here
    monkeypatch.setattr("llvmlite.binding.get_host_cpu_name", lambda: "another")
    assert compiling._digest() != here
    monkeypatch.undo()
    monkeypatch.setattr("numba.config.OPT", 0)
    assert compiling._digest() != here


def crash_when_loaded(entries: Entries) -> None:
    """Let the entry be one that ends the process that loads it, as one does that LLVM cannot take."""
    entries.write(the_code(entries).name, pickle.dumps(Fault()))


class Fault:
    """What ends a process by a signal when it is unpickled."""

    def __reduce__(self) -> tuple[Callable[..., object], tuple[()]]:
        return fault, ()


def fault() -> None:
    """End by SIGSEGV, without a core and without a word."""
    import faulthandler
    import resource

    faulthandler.disable()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.kill(os.getpid(), signal.SIGSEGV)


@pytest.mark.process
def test_after_a_crash_while_loading_the_next_process_compiles_anew(entries: Entries) -> None:
    is_found()
    crash_when_loaded(entries)
    child = os.fork()
    if child == 0:
        try:
            is_found()
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGSEGV
    assert compiling.is_suspicious()
    assert not is_found()
    assert is_found()
    assert not compiling.is_suspicious()


COMMAND = [sys.executable, "-m", "cadre_sim.cli", "run", "tiny.yaml", "--out"]


@pytest.fixture
def own_cache(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a cache that holds what the user's own holds: the whole model, compiled."""
    warm_up()
    assert compiling._State.entries is not None
    there = tmp_path / "cache" / compiling._State.entries.folder.name
    shutil.copytree(compiling._State.entries.folder, there)
    there.parent.chmod(0o700)
    monkeypatch.setenv(VARIABLE, str(there.parent))
    return there


def files(cache: Path) -> list[Path]:
    """All files of a cache but the mark, which holds nothing."""
    return [path for path in sorted(cache.iterdir()) if path.is_file() and path.name != MARK]


def ran(out: str) -> tuple[dict[str, bytes], str]:
    """What a run writes, and what it says."""
    done = subprocess.run([*COMMAND, out], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return {path.name: path.read_bytes() for path in Path(out).iterdir() if path.name != "manifest.json"}, done.stderr


@pytest.mark.process
def test_a_command_heals_what_it_loads_and_gives_the_same_bytes(own_cache: Path) -> None:
    """All that is loaded but the day itself, which takes longest to compile; each in another way."""
    first, said = ran("first")
    assert "Compiling" not in said
    small = [
        p for p in sorted(own_cache.iterdir()) if p.is_file() and "cadre_sim." in p.name and "workday" not in p.name
    ]
    kinds = list(DAMAGE.values())
    for place, path in enumerate(small):
        kinds[place % len(kinds)](path)
    second, said = ran("second")
    assert second == first
    assert "Compiling" in said
    third, said = ran("third")
    assert third == first
    assert "Compiling" not in said


@pytest.mark.slow
@pytest.mark.parametrize("first_kind", [0, 5])
def test_a_command_heals_a_whole_cache(own_cache: Path, first_kind: int) -> None:
    """Every file is damaged, each in another way; then all files change places."""
    first, _ = ran("first")
    kinds = list(DAMAGE.values())
    for place, path in enumerate(files(own_cache), start=first_kind):
        kinds[place % len(kinds)](path)
    second, said = ran("second")
    assert second == first
    assert "Compiling" in said
    assert not (own_cache / "exploded").exists()
    third, said = ran("third")
    assert third == first
    assert "Compiling" not in said


@pytest.mark.slow
def test_files_of_a_cache_that_have_changed_places_are_compiled_anew(own_cache: Path) -> None:
    first, _ = ran("first")
    found = files(own_cache)
    contents = [path.read_bytes() for path in found]
    for path, content in zip(found, contents[1:] + contents[:1], strict=True):
        path.write_bytes(content)
    second, said = ran("second")
    assert second == first
    assert "Compiling" in said


@pytest.mark.process
def test_many_processes_compile_load_damage_and_remove_at_once(entries: Entries) -> None:
    """Any of them may be the first, and the folder may go at any moment: nobody is told, and all give the same."""
    children = []
    for number in range(4):
        child = os.fork()
        if child == 0:
            try:
                for turn in range(5):
                    is_found(4.0 if turn % 2 else np.float32(4.0))
                    compiling.mark_ready()
                os._exit(3 if compiling._State.cannot_keep else 0)
            finally:
                os._exit(number + 10)
        children.append(child)
    kinds = [damage for name, damage in DAMAGE.items() if name != "longer"]  # too long for the next to flip a bit of
    going = set(children)
    turn = 0
    while going:
        for path in entries.folder.glob("*double*"):
            with suppress(OSError, IndexError):
                kinds[turn % len(kinds)](path)
        if turn % 3 == 0:
            with suppress(OSError):
                shutil.rmtree(entries.folder.rename(entries.folder.with_name("removing")))
        turn += 1
        ended, status = os.waitpid(-1, os.WNOHANG)
        if ended:
            assert status == 0
            going.remove(ended)
    is_found()
    assert is_found()


@pytest.mark.slow
def test_two_commands_compile_at_once_and_leave_one_whole_cache(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "cache"))
    begun = [
        subprocess.Popen([*COMMAND, out], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for out in ("first", "second")
    ]
    said = [process.communicate(timeout=600)[1] for process in begun]
    assert [process.returncode for process in begun] == [0, 0]
    assert all("Compiling" in text and "Traceback" not in text for text in said)
    third, said_then = ran("third")
    assert "Compiling" not in said_then
    for out in ("first", "second"):
        found = {path.name: path.read_bytes() for path in Path(out).iterdir() if path.name != "manifest.json"}
        assert found == third


@pytest.mark.slow
@pytest.mark.parametrize("command", ["run", "experiment"])
def test_code_that_crashes_is_compiled_anew(own_cache: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    """A command in one process dies of it, and the next goes on; of a sweep only workers die."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")]))
    first, _ = ran("first")
    (day,) = own_cache.glob("cadre_sim.workday.cycle.work-*")
    Entries(own_cache).write(day.name, pickle.dumps(Fault()))
    if command == "run":
        died = subprocess.run([*COMMAND, "second"], capture_output=True, timeout=300, check=False)
        assert died.returncode == -signal.SIGSEGV
        assert not list(Path("second").glob("*"))
    else:
        Path("grid.yaml").write_text(GRID, encoding="utf-8")
        sweep = [*COMMAND[:3], "experiment", "run", "grid.yaml", "--workers", "2", "--out", "grid"]
        done = subprocess.run(sweep, capture_output=True, text=True, timeout=600, check=False)
        assert done.returncode == 0, done.stderr
        assert "12 runs done, 0 failed" in done.stdout
    second, said = ran("second")
    assert second == first
    assert "Compiling" not in said
    assert not list((own_cache / "loading").iterdir())
