"""Writing results: all files of a result or none, and none of them half."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Container, Iterable, Mapping
from contextlib import suppress
from errno import EEXIST, ENOSYS, EOPNOTSUPP, EPERM
from io import StringIO
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pandas as pd

from cadre_sim.errors import InputError, OutputError
from cadre_sim.record.claim import (
    BESIDE,
    FORMAT,
    MANIFEST,
    PENDING,
    STAGE,
    claim,
    digest_of,
    refuse_foreign,
    refuse_unusable,
)
from cadre_sim.record.replacing import sync
from cadre_sim.record.seal import sealed
from cadre_sim.record.signed import signed_texts
from cadre_sim.record.spreadsheets import csv_text


class ResultFolder:
    """A folder that results are written to.

    Files are written into a hidden folder beside their place, synced, and given their names together when the ``with``
    block ends well, the manifest last; when it does not (a full disk, an interrupt) all is as it was before. A process
    that is killed while files get their names leaves a manifest under another name, by which the folder is known as
    half written; the next result takes its place.

    Attributes:
        path: the folder.
        names: the files that have been written, without the manifest.

    Raises:
        OutputError: the folder cannot be made or written to, another process writes into it, files of others are in it
            (see :func:`~cadre_sim.record.claim.claim`), or the disk is full.
    """

    def __init__(self, path: Path) -> None:
        """Make the folder where it is missing, and see that it may and can be written to."""
        self.path = path
        self.names: list[str] = []
        self._told: dict[str, Any] = {}
        self._stage: Path | None = None
        self._done = False
        self._made: list[Path] = []
        self._lock = -1
        refuse_unusable(path)
        try:
            self._made = [p for p in (path, *path.parents) if not os.path.lexists(p)]
            path.mkdir(parents=True, exist_ok=True)
            self._lock = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
            self._lock_it()
            self._known = claim(path)
            with tempfile.TemporaryFile(dir=path):
                pass
        except (OSError, ValueError) as error:  # ValueError: a name that no folder can have
            self._leave()
            raise OutputError(f"{path}: results cannot be written there: {_reason(error)}") from None
        except OutputError:
            self._leave()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._commit()
        except OSError as failed:
            raise OutputError(f"{self.path}: results cannot be written: {_reason(failed)}") from None
        finally:
            self._leave()
        if isinstance(error, OSError):
            raise OutputError(f"{self.path}: results cannot be written: {_reason(error)}") from None

    def tell(self, content: dict[str, Any]) -> None:
        """What the manifest is to say, beside the mark and the files: how the result came about."""
        self._told = content

    def json(self, name: str, content: Any) -> None:
        """Write JSON, keys in the order given."""
        self._text(name, json_text(content, indent=2))

    def csv(self, name: str, frame: pd.DataFrame) -> None:
        """Write a table as CSV, as :func:`~cadre_sim.record.spreadsheets.csv_text` has it."""
        self._text(name, csv_text(frame))

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
        with (
            open(self._new(name), "wb") as file,  # PyArrow takes a name such as `~` or `a:b` for something else
            pq.ParquetWriter(file, first.schema, compression="zstd", write_page_checksum=True) as writer,
        ):
            writer.write_table(first)
            for table in tables:
                writer.write_table(table.cast(first.schema))

    def _text(self, name: str, text: str) -> None:
        self._new(name).write_text(text, encoding="utf-8", errors="backslashreplace", newline="")

    def _new(self, name: str) -> Path:
        self.names.append(name)
        return self._staged() / name

    def _staged(self) -> Path:
        if self._stage is None:
            self._stage = Path(tempfile.mkdtemp(prefix=STAGE, dir=self.path))
        return self._stage

    def _lock_it(self) -> None:
        """Keep other commands out as long as this one is at work; where a file system has no locks, it goes without."""
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OutputError(f"{self.path}: another command is writing its results there") from None
        except OSError:
            pass

    def _commit(self) -> None:
        """Give all files their names; where one cannot have its own, every file gets back the one that it had."""
        stage = self._staged()
        for name in self.names:
            # Seen before the first file has its name: none gets one where another cannot.
            refuse_foreign(self.path, name, self._known)
            sync(stage / name)
        digests = {name: digest_of(stage / name) for name in self.names}
        pending = stage / PENDING
        content = sealed({"format": FORMAT, **self._told, "files": digests})
        pending.write_text(json_text(content, indent=2), encoding="utf-8")
        sync(pending)
        before = stage / "before"
        before.mkdir()
        gone = [*(name for name in self._known if name not in self.names), *signed_texts(self.path)]
        moves = [
            (pending, self.path / PENDING),
            *((self.path / n, before / n) for n in (*gone, *self.names) if (self.path / n).exists()),
            *((stage / n, self.path / n) for n in self.names),
        ]
        moved: list[tuple[Path, Path]] = []
        try:
            for place, wanted in moves:
                moved.append((place, wanted))  # first: an interrupt may come when it is moved
                os.replace(place, wanted)
            sync(self.path)
            os.replace(self.path / PENDING, self.path / MANIFEST)
        except BaseException:
            if len(moved) == len(moves) and not os.path.lexists(self.path / PENDING):
                self._done = True  # an interrupt that came when all had its name: putting back would mix two results
                raise
            for place, wanted in reversed(moved):
                with suppress(OSError):
                    if not os.path.lexists(place):
                        os.replace(wanted, place)
            raise
        self._done = True
        with suppress(OSError):  # all has its name; that it may not outlive a power cut is no fault of the result
            sync(self.path)

    def _leave(self) -> None:
        """Remove what was made on the way, of this process and of those that were killed in this folder."""
        if self._lock >= 0:
            with suppress(OSError):  # no more files may be open: the next command removes them
                for stage in self.path.glob(f"{STAGE}*"):
                    shutil.rmtree(stage, ignore_errors=True)
            os.close(self._lock)
            self._lock = -1
        if not self._done:
            for folder in self._made:
                with suppress(OSError, ValueError):  # it was not made
                    folder.rmdir()


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, FileExistsError | NotADirectoryError):
        return "it is no folder"
    return getattr(error, "strerror", None) or str(error)


def json_text(content: Any, **options: Any) -> str:
    """Plain data as JSON in UTF-8, keys in the order given; with escapes where the name of a file is no text."""
    text = json.dumps(content, ensure_ascii=False, **options)
    try:
        text.encode()
    except UnicodeEncodeError:
        text = json.dumps(content, **options)
    return f"{text}\n"


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
        beside = path.with_name(f"{BESIDE}{path.name}")
        with suppress(OSError):
            if beside.samefile(path):  # left by a command that was killed when it was done
                beside.unlink()
    for path in there:
        if path not in kept:
            raise InputError(f"{path}: exists already; nothing was written")
    staged: list[tuple[Path, Path]] = []
    try:
        for path, written in ((path, text) for path, text in content.items() if path not in there):
            beside = path.with_name(f"{BESIDE}{path.name}")
            staged.append((beside, path))
            beside.unlink(missing_ok=True)  # left by a command that was killed
            with open(beside, "xb") as file:
                file.write(written)
            sync(beside)
        for beside, path in reversed(staged):
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
