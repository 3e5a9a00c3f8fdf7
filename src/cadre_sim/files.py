"""Reading the files that people name: whole, of a size that can be meant, and only what is a file.

A pipe would be waited for without end, and a device may never end: both are refused before anything is read of them.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from cadre_sim.errors import UnreadableError

_WHAT = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}
_AT_ONCE = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)

_CHUNK = 2**20


def read_bytes(path: str | Path, most: int) -> bytes:
    """The content of a file.

    Args:
        path: the file.
        most: the largest that it may be [bytes].

    Raises:
        UnreadableError: there is none of that name, it is larger, it is something else than a file (a folder, a pipe, a
            socket, a device), or it cannot be read.
    """
    try:
        # Looked at before it is opened: that may set a device going.
        _see_that_it_is_a_file(path, os.stat(path).st_mode)
        with open(os.open(path, _AT_ONCE), "rb") as file:
            found = os.fstat(file.fileno())
            _see_that_it_is_a_file(path, found.st_mode)
            # As much room is taken as is asked for, whatever there is: so the size is asked first.
            content = file.read(min(most, found.st_size) + 1)
            while found.st_size < len(content) <= most:  # it has grown, or does not tell its size
                more = file.read(min(most + 1 - len(content), _CHUNK))
                if not more:
                    break
                content += more
    except FileNotFoundError:
        if os.path.islink(path):
            raise UnreadableError(str(path), "is a link that leads nowhere", False) from None
        raise UnreadableError(str(path), "no such file", True) from None
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadableError(str(path), f"cannot be read: {reason}", False) from None
    if len(content) > most:
        size = max(found.st_size, len(content))
        raise UnreadableError(str(path), f"is too large: {size:,} bytes, at most {most:,} are read", False)
    return content


def is_file(path: str | Path) -> bool:
    """Whether there is a file of that name; no file has a name that no file can have."""
    return os.path.isfile(path)


def read_text(path: str | Path, most: int) -> str:
    """The content of a file of text in UTF-8.

    Args:
        path: the file.
        most: the largest that it may be [bytes].

    Raises:
        UnreadableError: as :func:`read_bytes`, or it is not UTF-8.
    """
    try:
        return read_bytes(path, most).decode()
    except UnicodeDecodeError:
        raise UnreadableError(str(path), "is not UTF-8 text", False) from None


def _see_that_it_is_a_file(path: str | Path, mode: int) -> None:
    if not stat.S_ISREG(mode):
        what = _WHAT.get(stat.S_IFMT(mode), "something else")
        raise UnreadableError(str(path), f"is {what}, not a file", False)
