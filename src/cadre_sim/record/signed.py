"""Texts that bear our signature, so that one may be written anew in its own place and nobody else's ever is.

The signature is the last line, a comment of HTML with a digest of all that stands before it: a text that somebody has
changed bears none that is right.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from cadre_sim.errors import OutputError, UnreadableError
from cadre_sim.files import read_bytes
from cadre_sim.inputs import content_digest

_LINE = re.compile(rb"<!-- made by cadre_sim, ([0-9a-f]{32}) -->\n\Z")
_LENGTH = len("<!-- made by cadre_sim,  -->\n") + 32
_MOST_BYTES = 2**30


def signed(text: str) -> str:
    """A text in HTML with its signature."""
    whole = f"{text.rstrip()}\n"
    return f"{whole}<!-- made by cadre_sim, {content_digest(whole.encode('utf-8', 'backslashreplace'))} -->\n"


def is_signed(path: Path) -> bool:
    """Whether a file is as we wrote it."""
    try:
        content = read_bytes(path, _MOST_BYTES)
    except UnreadableError:
        return False
    found = _LINE.search(content[-_LENGTH:])
    return found is not None and found[1].decode() == content_digest(content[:-_LENGTH])


def signed_texts(folder: Path) -> Iterator[str]:
    """Names of the signed pages in a folder: they are of a result that will not be there any more."""
    return (path.name for path in sorted(folder.glob("report*.html")) if not path.is_symlink() and is_signed(path))


def refuse_unsigned(path: Path) -> None:
    """See that a page may be written in a place: nothing is there, or one that we wrote.

    Raises:
        OutputError: something else is there.
    """
    if os.path.lexists(path) and not is_signed(path):
        raise OutputError(
            f"{path}: was not written by cadre_sim, or was changed since; move it away, or use another name"
        )
