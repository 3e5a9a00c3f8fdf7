"""Files that runs read beside their scenario, held fast by what was in them when they were read.

A file may be changed, moved or deleted while a sweep runs, and a worker on another machine may not have it at all. So a
file is read once, by :func:`hold`, where a scenario or a plan is made. From then on it is a :class:`HeldFile`: it goes
to workers and into the store of a sweep with its content, and is known by a digest of that, which is checked where the
content is used.
"""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from weakref import WeakValueDictionary

from cadre_sim.errors import InputError
from cadre_sim.files import read_bytes

_DIGEST = re.compile(r"[0-9a-f]{32}")


class HeldFile:
    """The content of a file as it was when it was read; two of the same name and content are equal.

    Attributes:
        name: the file, for messages and for people; it is not read again.
        digest: hash of the content, 32 digits.
    """

    __slots__ = ("__weakref__", "_content", "_sound", "digest", "name")

    def __init__(self, name: str, content: bytes, digest: str) -> None:
        """Hold a content; :func:`hold` and :func:`held` make sure that the same is held once."""
        self.name = name
        self.digest = digest
        self._content = content
        self._sound = False

    def read(self) -> bytes:
        """The content.

        Raises:
            InputError: it is not what its digest says.
        """
        if not self._sound and content_digest(self._content) != self.digest:
            raise InputError(f"{self.name}: is not what was read when the scenario or the plan was made")
        self._sound = True
        return self._content

    def __eq__(self, other: object) -> bool:
        return isinstance(other, HeldFile) and (self.name, self.digest) == (other.name, other.digest)

    def __hash__(self) -> int:
        return hash((self.name, self.digest))

    def __repr__(self) -> str:
        return f"HeldFile({self.name!r}, digest={self.digest!r})"

    def __reduce__(self) -> tuple[object, ...]:
        return held, (self.name, self._content, self.digest)


_all: WeakValueDictionary[tuple[str, str], HeldFile] = WeakValueDictionary()


def hold(path: str | Path, most: int) -> HeldFile:
    """Read a file, once, and hold what is in it.

    Args:
        path: the file.
        most: the largest that it may be [bytes].

    Raises:
        UnreadableError: see :func:`cadre_sim.files.read_bytes`.
    """
    content = read_bytes(path, most)
    return held(os.fspath(path), content, content_digest(content))


def held(name: str, content: bytes, digest: str) -> HeldFile:
    """A content that was read elsewhere; what is held already is not held twice.

    Args:
        name: the file that it was read from.
        content: what was in it.
        digest: the digest that it is to have; looked at when it is used.
    """
    known = _all.get((name, digest))
    if known is None:
        known = _all[name, digest] = HeldFile(name, content, digest)
    return known


def content_digest(content: bytes) -> str:
    """The digest by which a content is known, 32 digits."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def is_digest(text: object) -> bool:
    """Whether something has the form of a digest: what is read from a file may be anything."""
    return isinstance(text, str) and _DIGEST.fullmatch(text) is not None
