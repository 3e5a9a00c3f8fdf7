"""Parts of a store: Parquet files whose names end in a hash of their bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Set
from pathlib import Path
from typing import Any

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
    # Seen first: a pipe would be waited for, and what is no file was not written.
    return part.is_file() and part.stem.endswith(f"-{content_digest(part)}")


def once(table: Any, wanted: Set[str]) -> Any:
    """A table sorted by key, each key once, of those that are wanted."""
    import pyarrow as pa

    keys = table.column("key").to_pylist()
    keep = [k in wanted and (i == 0 or k != keys[i - 1]) for i, k in enumerate(keys)]
    return table.filter(pa.array(keep, pa.bool_())).combine_chunks()
