"""Loading that can end the process: noted while it goes on, and tried in a child where such a note was left.

Compiled code that does not suit the machine, or a fault of LLVM, ends a process by a signal, which nothing in it can
catch; and the next process would load the same. So a process leaves a note of what it loads and removes it when it is
through. The note is locked by the process that wrote it: one that can be locked by another belongs to a process that
is dead, whatever number it had, and in whichever container of this machine it was.

A process may also have been killed by somebody. So what a note accuses is first loaded in a forked child: if the child
survives, the entry is as good as before; if not, it is dropped and made anew.

Where there is no fork or no lock (Windows, some network file systems), everything is loaded as if it were sound.
"""

from __future__ import annotations

import os
import secrets
import signal
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TypeVar

from cadre_sim.entries import Entries

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_T = TypeVar("_T")
PATIENCE = 120
"""Longest that a child may take to load an entry [s]."""
_FROM_OUTSIDE = (signal.SIGTERM, signal.SIGINT, getattr(signal, "SIGKILL", None), getattr(signal, "SIGHUP", None))
"""Signals by which somebody else ends a process, also the kernel where memory runs out."""


class CrashGuard:
    """Loads entries of a cache, and drops those that a process does not survive."""

    def __init__(self, entries: Entries) -> None:
        """Guard entries; notes lie in a folder beside them."""
        self._entries = entries
        self._notes = entries.folder / "loading"

    def load(self, name: str, rebuild: Callable[[bytes], _T]) -> _T | None:
        """What an entry is the bytes of.

        Args:
            name: of the entry.
            rebuild: makes it from the bytes.

        Returns:
            None where there is no such entry, or where loading it raises an error or ends the process.
        """
        content = self._entries.read(name)
        if content is None:
            return None
        left = self._left(name)
        if left and not _survives(partial(rebuild, content)):
            self._entries.drop(name)
            content = None
        for note in left:
            with suppress(OSError):
                note.unlink()
        if content is None:
            return None
        with self._noted(name):
            try:
                return rebuild(content)
            except Exception:  # whatever it is: what is compiled anew takes its place
                return None

    def is_suspicious(self) -> bool:
        """Whether a process has ended while it loaded an entry, which nobody has tried since."""
        return bool(self._left(""))

    def _left(self, name: str) -> list[Path]:
        """Notes on an entry, or on any, of processes that are dead."""
        if fcntl is None or not hasattr(os, "fork"):
            return []
        with suppress(OSError), os.scandir(self._notes) as notes:
            return [Path(note.path) for note in notes if note.name.startswith(name) and _is_left(note.path)]
        return []

    @contextmanager
    def _noted(self, name: str) -> Iterator[None]:
        note = self._note(name)
        try:
            yield
        finally:
            if note is not None:
                path, lock = note
                with suppress(OSError):
                    path.unlink()  # before the lock goes
                os.close(lock)

    def _note(self, name: str) -> tuple[Path, int] | None:
        """Write a note and lock it; it gets its name once it is locked."""
        if fcntl is None:
            return None
        token = secrets.token_hex(8)
        path, unlocked = self._notes / f"{name}.{token}", self._notes / f".{token}"
        lock = -1
        try:
            self._notes.mkdir(mode=0o700, exist_ok=True)
            lock = os.open(unlocked, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            unlocked.rename(path)
        except OSError:  # no room, no locks: it is loaded all the same
            with suppress(OSError):
                unlocked.unlink()
            if lock >= 0:
                os.close(lock)
            return None
        return path, lock


def _is_left(note: str) -> bool:
    if os.path.basename(note).startswith("."):  # not locked yet
        return False
    try:
        lock = os.open(note, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return os.fstat(lock).st_nlink > 0  # else its process is through with it
    except OSError:
        return False
    finally:
        os.close(lock)


def _survives(load: Callable[[], object]) -> bool:
    """Whether a process that loads something lives; found out by a child. One that is killed tells nothing."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of threads, which the child does without
            child = os.fork()
    except OSError:
        return True
    if child == 0:
        _try(load)
    _, status = os.waitpid(child, 0)
    return status == 0 or (os.WIFSIGNALED(status) and os.WTERMSIG(status) in _FROM_OUTSIDE)


def _try(load: Callable[[], object]) -> None:
    """In the child: load, and end without a word."""
    try:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(PATIENCE)
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        load()
        os._exit(0)
    finally:
        os._exit(1)
