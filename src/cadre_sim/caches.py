"""Where things are kept between runs, also on machines on which the usual place cannot be written to.

The first of these that can be written to and has room:

1. ``$CADRE_SIM_CACHE``;
2. ``cadre_sim`` in the user's cache folder (``$XDG_CACHE_HOME`` or ``~/.cache``);
3. ``cadre_sim-<user>`` in a folder for temporary files, which only this user can open. All processes of a user find
   the same one;
4. where somebody else has taken that name, a new folder in the folder for temporary files. The process that made it
   hands it to its children by ``$CADRE_SIM_CACHE`` and removes it when it ends.

Without any of them nothing is kept, and everything works all the same.
"""

from __future__ import annotations

import atexit
import os
import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

VARIABLE = "CADRE_SIM_CACHE"
ROOM = 64 * 2**20
"""Free bytes that a folder must have: compiled code takes 6 MB, matplotlib's list of fonts less."""
MARK = "last-used"
"""File in each folder of a cache that says when it was used last, and that it is ours to remove."""
DAY = 86400.0
MONTH = 30 * DAY


@cache
def cache_folder() -> Path | None:
    """The folder that things are kept in between runs, made where it was missing; None where there is none."""
    for folder in _usual():
        if _usable(folder):
            return folder
    for root in _temporary():
        folder = root / f"cadre_sim-{_user()}"
        if _make_private(folder):
            if _usable(folder):
                return folder
            with suppress(OSError):  # it has something in it
                folder.rmdir()
    return _for_this_process()


def use(folder: Path) -> None:
    """Note that a folder of a cache is in use, and remove those beside it that have not been used for a month.

    Only folders of the same kind (``compiled-...``) that bear the mark are removed. A process that still reads one
    finds it gone, which is as if nothing had been kept.

    Args:
        folder: where something is kept; its name says the kind before the first hyphen.
    """
    mark = folder / MARK
    with suppress(OSError):
        if mark.exists() and time.time() - mark.stat().st_mtime < DAY:
            return
        mark.touch()
        kind = folder.name.partition("-")[0]
        for other in folder.parent.glob(f"{kind}-*"):
            if other != folder and not other.is_symlink():
                _remove_unused(other)


def lend_to_matplotlib() -> None:
    """Before matplotlib is imported: give it a folder where its own cannot be written to.

    Without one it warns, and makes a temporary folder in each process.
    """
    if "matplotlib" in sys.modules or os.environ.get("MPLCONFIGDIR"):
        return
    with suppress(RuntimeError):
        own = [Path(os.environ.get(name) or Path.home() / short) for name, short in _XDG.items()]
        if all(_usable(root / "matplotlib", room=0) for root in own):
            return
    root = cache_folder()
    if root is not None and _usable(root / "matplotlib", room=0):
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
    return [Path(name) for name in dict.fromkeys((*named, "/tmp", "/var/tmp")) if name and Path(name).is_dir()]


def _user() -> str:
    return str(os.getuid()) if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")


def _usable(folder: Path, room: int = ROOM) -> bool:
    """Whether files can be written in a folder, which is made where it is missing."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return shutil.disk_usage(folder).free >= room
    except OSError:
        return False


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


def _remove_unused(folder: Path) -> None:
    mark = folder / MARK
    if not mark.is_file() or time.time() - mark.stat().st_mtime < MONTH:
        return
    # Its name goes first, in one step: nobody begins to read what is half removed.
    going = folder.with_name(f"removing-{secrets.token_hex(8)}")
    folder.rename(going)
    shutil.rmtree(going, ignore_errors=True)
