"""Putting one file in the place of another, whole or not at all, without leaving drafts behind."""

from __future__ import annotations

import fcntl
import os
import re
import secrets
from contextlib import suppress
from io import BufferedWriter
from pathlib import Path

from cadre_sim.record.claim import BESIDE

_DRAFT = re.compile(re.escape(BESIDE) + "[0-9a-f]{16}")


def replace_text(path: Path, text: str) -> None:
    """Put a text in the place of a file, whole or not at all."""
    replace_bytes(path, text.encode("utf-8", errors="backslashreplace"))


def replace_bytes(path: Path, content: bytes) -> None:
    """Put a content in the place of a file, whole or not at all; drafts of processes that were killed go."""
    _remove_left(path.parent)
    beside, file = _draft(path.parent)
    try:
        with file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            os.replace(beside, path)  # as long as the lock is held: nobody takes it for a draft that was left
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise
    sync(path.parent)


def _draft(folder: Path) -> tuple[Path, BufferedWriter]:
    """A new file that is locked as long as it is open: so others know that somebody is at work on it."""
    while True:
        beside = folder / f"{BESIDE}{secrets.token_hex(8)}"
        file = open(beside, "xb")  # noqa: SIM115
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(os.stat(beside), os.fstat(file.fileno())):
                return beside, file
        except (BlockingIOError, FileNotFoundError):
            pass  # another process has taken it for left, before it was locked
        except OSError:
            return beside, file  # a file system without locks: there nobody removes what was left
        except BaseException:
            file.close()
            with suppress(OSError):
                beside.unlink()
            raise
        file.close()


def _remove_left(folder: Path) -> None:
    """Remove drafts on which nobody is at work; what cannot be removed stays."""
    with suppress(OSError):
        for name in os.listdir(folder):
            if _DRAFT.fullmatch(name):
                with suppress(OSError):
                    _remove_unlocked(folder / name)


def _remove_unlocked(draft: Path) -> None:
    if draft.is_symlink() or not draft.is_file():
        return
    handle = os.open(draft, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        draft.unlink()
    finally:
        os.close(handle)


def sync(path: Path) -> None:
    """See that a file, or the names in a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
