"""Entries of a cache: bytes under a name that come back as this user wrote them, or not at all.

What is kept between runs may be unpickled or run as code. So an entry is read only where nobody else can have written
it: its folder and its file are this user's and no other may write to them, and the file is a file, not a link, a pipe
or a folder. And it carries a digest over its name and its bytes, so that one that is empty, cut, damaged, or lies under
the name of another is a miss. A miss is silent: what is made anew is written over whatever lies there.

The digest finds accidents, the owner and the permissions keep others out. Nothing here keeps out a process of the same
user, or the administrator: either could change the program itself.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import stat
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

_KIND = b"cadre_sim entry 1\n"
_DIGEST = 32
_LENGTH = 8
_HEAD = len(_KIND) + _LENGTH + _DIGEST
"""Bytes before those of the entry: what this is, how many follow, and the digest."""
_SAFELY = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""A link is not followed, and a pipe is not waited for."""
_TRIES = 10
"""Times that an entry is written while other processes remove what it is written to."""
WRITING = ".writing-"
"""How the name of what is not yet written begins."""


class Entries:
    """A folder of entries.

    Any number of processes may read and write at once: an entry is whole or it is not there, and of two that are
    written at once one stays.

    Attributes:
        folder: where they lie; made with the first entry, for this user alone.
    """

    def __init__(self, folder: Path) -> None:
        """Look at nothing yet."""
        self.folder = folder

    def read(self, name: str) -> bytes | None:
        """The bytes of an entry; None where there is none that can be trusted."""
        if not is_private(self.folder):
            return None
        try:
            found = os.open(self.folder / name, os.O_RDONLY | _SAFELY)
        except OSError:
            return None
        status = os.fstat(found)
        if not stat.S_ISREG(status.st_mode) or not _is_trusted(status):
            os.close(found)
            return None
        try:
            with os.fdopen(found, "rb") as file:
                head = file.read(_HEAD)
                if not head.startswith(_start(status.st_size - _HEAD)):  # before all of what may be huge is read
                    return None
                content = file.read()
        except OSError:
            return None
        return content if head == _head(name, content) else None

    def write(self, name: str, content: bytes) -> None:
        """Keep bytes under a name, in place of what lies there.

        Raises:
            OSError: they cannot be kept; then nothing is left of them.
        """
        for left in reversed(range(_TRIES)):
            try:
                self._put(name, content)
                return
            except IsADirectoryError:
                if not left:
                    raise
                self.drop(name)
            except (FileNotFoundError, PermissionError):  # another process has just removed the folder
                if not left:
                    raise

    def drop(self, name: str) -> None:
        """Remove an entry, or whatever lies in its place."""
        path = self.folder / name
        with suppress(OSError):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink()

    def _put(self, name: str, content: bytes) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not is_private(self.folder):
            raise PermissionError(errno.EPERM, "not a folder that only this user can write to", str(self.folder))
        written = self.folder / f"{WRITING}{secrets.token_hex(8)}"
        file = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _SAFELY, 0o600)
        try:
            with os.fdopen(file, "wb") as whole:
                whole.write(_head(name, content))
                whole.write(content)
            written.replace(self.folder / name)
        except BaseException:
            with suppress(OSError):
                written.unlink()
            raise


def is_private(folder: Path) -> bool:
    """Whether a folder is this user's, no other may write to it, and it is no link."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and _is_trusted(found)


def is_own(found: os.stat_result) -> bool:
    """Whether something belongs to this user."""
    return not hasattr(os, "geteuid") or found.st_uid == os.geteuid()


def _is_trusted(found: os.stat_result) -> bool:
    return is_own(found) and (os.name == "nt" or not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH))


def _head(name: str, content: bytes) -> bytes:
    digest = blake2b(os.fsencode(name) + b"\0", digest_size=_DIGEST)
    digest.update(content)
    return _start(len(content)) + digest.digest()


def _start(length: int) -> bytes:
    return _KIND + length.to_bytes(_LENGTH, "big", signed=True)
