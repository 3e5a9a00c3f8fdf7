"""Parts of a store: Parquet files whose names end in a hash of their bytes."""

from __future__ import annotations

import hashlib
from pathlib import Path

FOLDERS = ("runs", "failed")
"""Folders of a store that hold results: the same bytes however they came about."""
TELEMETRY = "telemetry"
"""Folder of a store that holds where and when runs were done: kept apart, since it is another each time."""


def content_digest(path: Path) -> str:
    """A hash of the bytes of a file, 24 digits."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=12)).hexdigest()


def is_intact(part: Path) -> bool:
    """Whether a part is what was written: a flipped bit is found wherever it is, in the names of columns too."""
    return part.stem.endswith(f"-{content_digest(part)}")
