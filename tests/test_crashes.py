"""Loading that ends the process: the next process goes on without what did it, and blames nothing for a kill."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from cadre_sim.crashes import CrashGuard
from cadre_sim.entries import Entries

pytestmark = pytest.mark.process

NAME, CONTENT = "code", b"compiled code"


@pytest.fixture
def entries(tmp_path: Path) -> Entries:
    """A folder with one entry."""
    made = Entries(tmp_path / "kept")
    made.write(NAME, CONTENT)
    return made


def in_a_process(do: Callable[[], object]) -> int:
    """Number of the signal that a child ends by which does something; 0 where it lives."""
    child = os.fork()
    if child == 0:
        try:
            do()
            os._exit(0)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or status == 0
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def crash(_: bytes) -> None:
    """As a fault of LLVM ends a process; without a core, and without what pytest would print of it."""
    import faulthandler
    import resource

    faulthandler.disable()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGSEGV, signal.SIG_DFL)
    os.kill(os.getpid(), signal.SIGSEGV)


def be_killed(_: bytes) -> None:
    """As somebody else ends a process, who does not care what it is at."""
    os.kill(os.getpid(), signal.SIGKILL)


def test_what_ends_a_process_is_dropped_by_the_next(entries: Entries) -> None:
    guard = CrashGuard(entries)
    assert in_a_process(lambda: guard.load(NAME, crash)) == signal.SIGSEGV
    assert guard.is_suspicious()
    assert guard.load(NAME, crash) is None  # and this process lives
    assert entries.read(NAME) is None
    assert not guard.is_suspicious()


def test_a_process_that_was_killed_while_it_loaded_costs_nothing(entries: Entries) -> None:
    guard = CrashGuard(entries)
    for _ in range(3):
        assert in_a_process(lambda: guard.load(NAME, be_killed)) == signal.SIGKILL
    assert guard.is_suspicious()
    assert guard.load(NAME, bytes.decode) == CONTENT.decode()
    assert entries.read(NAME) == CONTENT
    assert not guard.is_suspicious()


def test_other_entries_are_not_blamed(entries: Entries) -> None:
    entries.write("other", CONTENT)
    guard = CrashGuard(entries)
    in_a_process(lambda: guard.load(NAME, crash))
    assert guard.load("other", bytes.decode) == CONTENT.decode()
    assert guard.is_suspicious()


def test_processes_that_load_at_the_same_time_are_not_suspected(entries: Entries) -> None:
    """Nor do they suspect each other."""
    guard = CrashGuard(entries)
    loading, begun = os.pipe()
    waiting, go = os.pipe()

    def wait(content: bytes) -> bytes:
        assert not guard.is_suspicious()
        os.write(begun, b".")
        return os.read(waiting, 1) and content

    children = []
    for _ in range(6):
        child = os.fork()
        if child == 0:
            try:
                os._exit(0 if guard.load(NAME, wait) == CONTENT else 1)
            finally:
                os.write(begun, b".")  # so that nobody waits for one that has failed
                os._exit(2)
        children.append(child)
    for _ in children:
        os.read(loading, 1)
    assert not guard.is_suspicious()
    os.write(go, b"." * len(children))
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * len(children)
    assert list((entries.folder / "loading").iterdir()) == []


def test_an_error_while_loading_is_a_miss(entries: Entries) -> None:
    def fail(_: bytes) -> None:
        raise ValueError("not what it should be")

    guard = CrashGuard(entries)
    assert guard.load(NAME, fail) is None
    assert not guard.is_suspicious()


def test_where_no_note_can_be_left_it_is_loaded_all_the_same(entries: Entries) -> None:
    (entries.folder / "loading").touch()
    assert CrashGuard(entries).load(NAME, bytes.decode) == CONTENT.decode()


def test_an_interrupt_leaves_no_suspicion(entries: Entries) -> None:
    def interrupt(_: bytes) -> None:
        raise KeyboardInterrupt

    guard = CrashGuard(entries)
    with pytest.raises(KeyboardInterrupt):
        guard.load(NAME, interrupt)
    assert not guard.is_suspicious()
