"""Whether a folder may be written into: only one that is missing, empty, or bears the mark of a result of ours.

The mark is a line of ``manifest.json``, which also holds a digest of every file that was written. So it is known of
each file whether it is as it was written; what somebody has put there or changed is neither replaced nor removed.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from pathlib import Path
from typing import Any, NamedTuple

from cadre_sim.errors import InputError, OutputError, UnreadableError
from cadre_sim.files import read_text
from cadre_sim.record.seal import see_that_it_is_whole

MANIFEST = "manifest.json"
PENDING = ".cadre_sim-manifest.json"
"""The manifest while the files of its result get their names: it is there after a run that was cut off meanwhile."""
BESIDE = ".cadre_sim-"
"""Beginning of the name of what is written before it has its name: a process that was killed may have left it."""
STAGE = f"{BESIDE}writing-"
"""Beginning of the name of a folder in which a result is written."""
FORMAT = "cadre_sim result 1"
"""What a manifest says under ``format``: the mark, and how the folder is to be read."""
MOST_BYTES = 256 * 2**20
"""Largest manifest that is read."""
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:(/|$)")


class Marked(NamedTuple):
    """What a manifest says of a folder that bears the mark.

    Attributes:
        content: the manifest.
        files: digest of each file by its name, the manifest left out.
    """

    content: dict[str, Any]
    files: dict[str, str]


def marked(folder: Path, name: str = MANIFEST) -> Marked | None:
    """What the manifest of a folder says; None where there is none.

    Raises:
        InputError: there is one that is damaged, or that is not ours.
    """
    place = folder / name
    try:
        content = json.loads(read_text(place, MOST_BYTES))
    except UnreadableError as error:
        if error.missing:
            return None
        raise
    except (ValueError, RecursionError) as error:
        raise InputError(f"{place}: is damaged: {error}") from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise InputError(f"{place}: is not of a result of this version of cadre_sim")
    try:
        see_that_it_is_whole(content)
    except ValueError as error:
        raise InputError(f"{place}: {error}") from None
    files = content.get("files")
    if not isinstance(files, dict) or not all(_is_plain(n) and isinstance(d, str) for n, d in files.items()):
        raise InputError(f"{place}: is damaged: it does not say which files there are")
    return Marked(content, files)


def digest_of(path: Path) -> str:
    """A hash of the bytes of a file, 32 digits."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def refuse_unusable(path: Path) -> None:
    """See that a place for results is no address such as ``s3://bucket/x``, and has a name that every library can use.

    An address would be made as a folder of that name; and a name that is not UTF-8 cannot be given to Parquet.

    Raises:
        OutputError: it is one of these.
    """
    try:
        str(path).encode()
    except UnicodeEncodeError:
        raise OutputError(f"{path}: is no name in UTF-8; use another (--out)") from None
    if _ADDRESS.match(str(path)):
        raise OutputError(f"{path}: is an address, not a folder; results are written into folders of this machine")


def claim(folder: Path) -> dict[str, set[str]]:
    """See that a folder that exists may be written into.

    Returns:
        The digests that each of our files in it may have, by name: two where a run was cut off while it named them.

    Raises:
        OutputError: files of others are in it, or one of ours was changed since it was written.
    """
    try:
        found = [m for m in (marked(folder), marked(folder, PENDING)) if m is not None]
    except InputError as error:
        raise OutputError(f"{error}; use another folder (--out), or remove this one yourself") from None
    if not found:
        foreign = sorted(name for name in os.listdir(folder) if not name.startswith(STAGE))
        if foreign:
            raise OutputError(
                f"{folder}: holds no result of cadre_sim but other files ({', '.join(foreign[:3])}); "
                "use another folder (--out)"
            )
    known: dict[str, set[str]] = {}
    for each in found:
        for name, digest in each.files.items():
            known.setdefault(name, set()).add(digest)
    for name in known:
        refuse_foreign(folder, name, known)
    return known


def refuse_foreign(folder: Path, name: str, known: dict[str, set[str]]) -> None:
    """See that nothing of somebody else's bears the name of a file of ours.

    Raises:
        OutputError: something does, or a file of ours was changed since it was written.
    """
    path = folder / name
    if not os.path.lexists(path):
        return
    if path.is_symlink() or not path.is_file():
        raise OutputError(f"{path}: is no file that cadre_sim wrote; move it away, or use another folder (--out)")
    if digest_of(path) not in known.get(name, ()):
        what = "was changed since it was written" if name in known else "was not written by cadre_sim"
        raise OutputError(f"{path}: {what}; move it away, or use another folder (--out)")


def _is_plain(name: Any) -> bool:
    """Whether a name that came with a folder is of a file in it, and nowhere else."""
    return isinstance(name, str) and Path(name).name == name and name not in ("", "..", MANIFEST)
