"""Where things are kept between runs, also on machines on which the usual place cannot be written to.

The first of these that can be written to and has room:

1. ``$CADRE_SIM_CACHE``;
2. ``cadre_sim`` in the user's cache folder (``$XDG_CACHE_HOME`` or ``~/.cache``);
3. ``cadre_sim-<user>`` in a folder for temporary files, which only this user can open. All processes of a user find
   the same one;
4. where somebody else has taken that name, a new folder in the folder for temporary files. The process that made it
   hands it to its children by ``$CADRE_SIM_CACHE`` and removes it when it ends.

What is kept is run as code. So where others may write to one of the first two, or it is another user's, this user has a
folder ``cadre_sim-<user>`` of his own in it, and nothing of anybody else's is read.

Without any of them nothing is kept, and everything works all the same.
"""

from __future__ import annotations

import atexit
import os
import secrets
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

from cadre_sim.entries import WRITING, is_own, is_private

VARIABLE = "CADRE_SIM_CACHE"
ROOM = 64 * 2**20
"""Free bytes that a folder must have: compiled code takes 6 MB, matplotlib's list of fonts less."""
MARK = "last-used"
"""File in each folder of a cache that says when it was used last, and that it is ours to remove."""
DAY = 86400.0
MONTH = 30 * DAY
_GOING = "removing-"
"""How the name of a folder begins that is being removed."""
_LOCKED = 300.0
"""Longest that a process takes to list the fonts of a machine [s]."""


@cache
def cache_folder() -> Path | None:
    """The folder that things are kept in between runs, made where it was missing; None where there is none."""
    for folder in _usual():
        if _usable(folder):
            own = folder if is_private(folder) else _own(folder)
            if own is not None:
                return own
    for root in _temporary():
        own = _own(root)
        if own is not None:
            return own
    return _for_this_process()


def use(folder: Path) -> Path | None:
    """Make a folder of a cache, note that it is in use, and remove those beside it that have not been used for a month.

    Only folders of the same kind (``compiled-...``) that bear the mark are removed. A process that still reads one
    finds it gone, which is as if nothing had been kept. Where the clock is wrong, more or less is removed than should
    be, and made again.

    Args:
        folder: where something is kept; its name says the kind before the first hyphen.

    Returns:
        The folder, which is this user's alone; None where it cannot be made.
    """
    with suppress(OSError):
        if not is_private(folder):
            if os.path.lexists(folder) and is_own(folder.lstat()):  # a link, a file, or open to others
                _discard(folder)
            folder.mkdir(mode=0o700, exist_ok=True)
    if not is_private(folder):
        return None
    mark = folder / MARK
    with suppress(OSError):
        if not _is_mark(mark) or abs(time.time() - mark.lstat().st_mtime) >= DAY:
            _discard(mark)
            mark.touch()
            kind = folder.name.partition("-")[0]
            _tidy(folder, [*folder.parent.glob(f"{kind}-*"), *folder.parent.glob(f"{_GOING}*")])
    return folder


def lend_to_matplotlib() -> None:
    """Before matplotlib is imported: give it a folder where its own cannot be written to, or would hold it up.

    Without one it warns, and makes a temporary folder in each process. A list of fonts that is a pipe would be waited
    for, and a lock that a process has left behind keeps the list from being written ever again.
    """
    if "matplotlib" in sys.modules:
        return
    if named := os.environ.get("MPLCONFIGDIR"):
        if not _obstacles(Path(named)):
            return
    else:
        with suppress(RuntimeError):
            own = [Path(os.environ.get(name) or Path.home() / short) / "matplotlib" for name, short in _XDG.items()]
            if all(_usable(folder, room=0) for folder in own) and not _obstacles(own[1]):
                return
    root = cache_folder()
    if root is not None and _usable(root / "matplotlib", room=0):
        for path in _obstacles(root / "matplotlib"):
            _discard(path)
        os.environ["MPLCONFIGDIR"] = str(root / "matplotlib")


def lend_a_home() -> None:
    """Give libraries that ask for the user's home at their import one, where the user has none at all."""
    try:
        Path.home()
    except RuntimeError:
        os.environ["HOME"] = str(cache_folder() or "/nonexistent")


_XDG = {"XDG_CONFIG_HOME": ".config", "XDG_CACHE_HOME": ".cache"}


def _usual() -> Iterator[Path]:
    if named := os.environ.get(VARIABLE):
        yield Path(named)
    if cached := os.environ.get("XDG_CACHE_HOME"):
        yield Path(cached) / "cadre_sim"
    else:
        with suppress(RuntimeError):  # neither HOME nor an entry of the user
            yield Path.home() / ".cache" / "cadre_sim"


def _temporary() -> list[Path]:
    """Folders for temporary files; unlike tempfile's, never the current folder, which is the user's."""
    named = [os.environ.get(name) for name in ("TMPDIR", "TEMP", "TMP")]
    return [Path(name) for name in dict.fromkeys((*named, "/tmp", "/var/tmp")) if name and os.path.isdir(name)]


def _user() -> str:
    return str(os.getuid()) if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")


def _usable(folder: Path, room: int = ROOM) -> bool:
    """Whether files can be written in a folder, which is made where it is missing."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return shutil.disk_usage(folder).free >= room
    except OSError:
        return False


def _own(shared: Path) -> Path | None:
    """A folder of this user's alone in one that others can write to; None where it cannot be used."""
    folder = shared / f"cadre_sim-{_user()}"
    if not _make_private(folder):
        return None
    if _usable(folder):
        return folder
    with suppress(OSError):  # it has something in it
        folder.rmdir()
    return None


def _make_private(folder: Path) -> bool:
    """Whether a folder is this user's alone: in a folder that all can write to, anybody may have laid it out."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return False
    ours = not hasattr(os, "getuid") or (found.st_uid == os.getuid() and not found.st_mode & 0o077)
    return ours and folder.is_dir() and not folder.is_symlink()


def _for_this_process() -> Path | None:
    for root in _temporary():
        try:
            folder = Path(tempfile.mkdtemp(prefix="cadre_sim-", dir=root))
        except OSError:
            continue
        if _usable(folder):
            atexit.register(_remove_own, folder, os.getpid())
            os.environ[VARIABLE] = str(folder)
            return folder
        folder.rmdir()
    return None


def _remove_own(folder: Path, maker: int) -> None:
    if os.getpid() == maker:  # and not a child that was forked from it
        shutil.rmtree(folder, ignore_errors=True)


def _is_mark(mark: Path) -> bool:
    return os.path.isfile(mark) and not os.path.islink(mark)


def _tidy(used: Path, others: Iterable[Path]) -> None:
    """Remove folders that nobody has used for a month, and what processes that were killed have left half written."""
    for other in others:
        if other != used and is_private(other):
            _remove_unused(other)
    for left in used.glob(f"{WRITING}*"):
        with suppress(OSError):
            if time.time() - left.lstat().st_mtime > DAY:
                left.unlink()


def _remove_unused(folder: Path) -> None:
    mark = folder / MARK
    with suppress(OSError):
        half = folder.name.startswith(_GOING)
        if not _is_mark(mark) or (not half and time.time() - mark.lstat().st_mtime < MONTH):
            return
        # Its name goes first, in one step: nobody begins to read what is half removed.
        going = folder if half else folder.with_name(f"{_GOING}{secrets.token_hex(8)}")
        folder.rename(going)
        for path in going.iterdir():  # the mark last: what is left when this is interrupted is known by it
            if path.name != MARK:
                _discard(path)
        _discard(going)


def _discard(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()


def _obstacles(folder: Path) -> list[Path]:
    """What would make matplotlib wait: a list of fonts that is no file, a lock that is older than any list takes."""
    found = []
    with suppress(OSError):
        for path in folder.glob("fontlist-*"):
            status = path.stat()
            stale = path.name.endswith(".matplotlib-lock") and time.time() - status.st_mtime > _LOCKED
            if stale or not stat.S_ISREG(status.st_mode):
                found.append(path)
    return found
