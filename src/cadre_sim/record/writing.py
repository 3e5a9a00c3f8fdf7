"""Writing results: all files of a result or none, and none of them half."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Container, Iterable, Mapping
from contextlib import suppress
from errno import EEXIST, EISDIR, ENOSYS, EOPNOTSUPP, EPERM
from io import StringIO
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pandas as pd

from cadre_sim.errors import InputError, OutputError


class ResultFolder:
    """A folder that results are written to.

    Files are written into a hidden folder beside their place, synced, and given their names together when the ``with``
    block ends well; when it does not (a full disk, an interrupt) nothing is left of them.

    Raises:
        OutputError: the folder cannot be made or written to, or the disk is full.
    """

    def __init__(self, path: Path) -> None:
        """Make the folder where it is missing, and see that it can be written to."""
        self.path = path
        self.names: list[str] = []
        self._stage: Path | None = None
        self._done = False
        self._made: list[Path] = []
        try:
            self._made = [p for p in (path, *path.parents) if not p.exists()]
            path.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=path):
                pass
        except OSError as error:
            self._remove_made()
            raise OutputError(f"{path}: results cannot be written there: {error.strerror or error}") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._commit()
        finally:
            if self._stage is not None:
                shutil.rmtree(self._stage, ignore_errors=True)
            if not self._done:
                self._remove_made()
        if isinstance(error, OSError):
            raise OutputError(f"{self.path}: results cannot be written: {error.strerror or error}") from None

    def json(self, name: str, content: Any) -> None:
        """Write JSON, keys in the order given."""
        self._text(name, json_text(content, indent=2))

    def csv(self, name: str, frame: pd.DataFrame) -> None:
        """Write a table as CSV; numbers in the shortest form that reads back to the same bits."""
        self._text(name, frame.to_csv(index=False, lineterminator="\n"))

    def yaml(self, name: str, content: Any) -> None:
        """Write YAML that a scenario file may be, keys in the order given."""
        from ruamel.yaml import YAML

        yaml = YAML(typ="safe", pure=True)
        yaml.default_flow_style = False
        yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
        yaml.width = 120  # type: ignore[assignment]
        yaml.allow_unicode = True
        text = StringIO()
        yaml.dump(content, text)
        self._text(name, text.getvalue())

    def parquet(self, name: str, frames: Iterable[pd.DataFrame]) -> None:
        """Write tables of the same columns as one Parquet file, each its own row group; same tables, same bytes."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        tables = (pa.Table.from_pandas(f, preserve_index=False).replace_schema_metadata() for f in frames)
        first = next(tables)
        with pq.ParquetWriter(self._new(name), first.schema, compression="zstd", write_page_checksum=True) as writer:
            writer.write_table(first)
            for table in tables:
                writer.write_table(table.cast(first.schema))

    def _text(self, name: str, text: str) -> None:
        self._new(name).write_text(text, encoding="utf-8", errors="backslashreplace", newline="")

    def _new(self, name: str) -> Path:
        if self._stage is None:
            self._stage = Path(tempfile.mkdtemp(prefix=".writing-", dir=self.path))
        self.names.append(name)
        return self._stage / name

    def _commit(self) -> None:
        if self._stage is None:
            self._done = True
            return
        try:
            for name in self.names:
                # Seen before the first file has its name: none gets one where another cannot.
                if (self.path / name).is_dir():
                    raise IsADirectoryError(EISDIR, f"{name} is a folder")
                sync(self._stage / name)
            for name in self._outdated():
                (self.path / name).unlink(missing_ok=True)
            for name in self.names:
                os.replace(self._stage / name, self.path / name)
            sync(self.path)
            self._done = True
        except OSError as error:
            raise OutputError(f"{self.path}: results cannot be written: {error.strerror or error}") from None

    def _outdated(self) -> list[str]:
        """Files of the result that was there before and that this one does not have: they would stand beside it."""
        try:
            before = json.loads((self.path / "manifest.json").read_text(encoding="utf-8"))["files"]
        except (OSError, ValueError, KeyError, TypeError):
            return []
        return [name for name in before if isinstance(name, str) and Path(name).name == name and name not in self.names]

    def _remove_made(self) -> None:
        for folder in self._made:
            with suppress(OSError):
                folder.rmdir()


def json_text(content: Any, **options: Any) -> str:
    """Plain data as JSON in UTF-8, keys in the order given; with escapes where the name of a file is no text."""
    text = json.dumps(content, ensure_ascii=False, **options)
    try:
        text.encode()
    except UnicodeEncodeError:
        text = json.dumps(content, **options)
    return f"{text}\n"


def replace_text(path: Path, text: str) -> None:
    """Put a text in the place of a file, whole or not at all."""
    replace_bytes(path, text.encode("utf-8", errors="backslashreplace"))


def replace_bytes(path: Path, content: bytes) -> None:
    """Put a content in the place of a file, whole or not at all."""
    beside = path.with_name(f".{path.name}")
    beside.unlink(missing_ok=True)  # left by one that was stopped, or a link to somewhere else
    try:
        with open(beside, "xb") as file:
            file.write(content)
        sync(beside)
        os.replace(beside, path)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise
    sync(path.parent)


def new_files(content: Mapping[Path, bytes], kept: Container[Path] = ()) -> list[Path]:
    """Write files that do not exist yet, whole: all or, where one fails, none; nothing that exists is replaced.

    Args:
        content: of each file; the one that matters is first, and the last to get its name.
        kept: those that may be there already, and stay.

    Returns:
        The files written.

    Raises:
        InputError: one of them exists.
        OutputError: one cannot be written.
    """
    there = [path for path in content if os.path.lexists(path)]
    for path in there:
        beside = path.with_name(f".{path.name}")
        with suppress(OSError):
            if beside.samefile(path):  # left by a command that was killed when it was done
                beside.unlink()
        if path not in kept:
            raise InputError(f"{path}: exists already; nothing was written")
    staged: list[tuple[Path, Path]] = []
    try:
        for path, written in reversed([(path, text) for path, text in content.items() if path not in there]):
            beside = path.with_name(f".{path.name}")
            staged.append((beside, path))
            beside.unlink(missing_ok=True)  # left by a command that was killed
            with open(beside, "xb") as file:
                file.write(written)
            sync(beside)
        for beside, path in staged:
            _name_new(beside, path)
    except BaseException as error:
        for beside, path in staged:
            with suppress(OSError):
                if path.samefile(beside):  # else it is what another command has written meanwhile
                    path.unlink()
        if isinstance(error, FileExistsError):
            raise InputError(f"{path}: exists already; nothing was written") from None
        if isinstance(error, OSError):
            raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from None
        raise
    finally:
        for beside, _ in staged:
            with suppress(OSError):
                beside.unlink()
    return [path for path in content if path not in there]


def _name_new(beside: Path, path: Path) -> None:
    """Give a file a name that nothing has; renaming would replace what another command has just written."""
    try:
        os.link(beside, path)
    except OSError as error:
        if error.errno not in (EPERM, EOPNOTSUPP, ENOSYS):
            raise
        # A file system without links: what is written in this very moment may be replaced.
        if os.path.lexists(path):
            raise FileExistsError(EEXIST, "exists already") from None
        os.rename(beside, path)


def sync(path: Path) -> None:
    """See that a file, or the names in a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
