"""The store of a sweep: a folder of Parquet parts, each written whole or not at all, which are their own ledger.

::

    results/<experiment>/
      sweep.json       what is swept; another sweep in the same place is refused
      plan.json        the experiment in full, for whoever reads the results
      plan.keys        the key of each of its runs, once all have been worked out
      inputs/          what its runs read beside their scenarios, by content
      runs/            one row a run that went well
      failed/          one row a run that did not, with its settings and what went wrong
      telemetry/       one row a run, of where and when it was done
      outside/         rows of runs that the experiment does not have any more; they count again when it has them
      older/<version>/ what another version of the model left
      quarantine/      parts that could not be read
      tmp/             what is being written

A run is done when its row lies in a part under ``runs/`` and the plan has its key; nothing else says so, so nothing
else can disagree. What is on the disk counts, not what was written there: before the rows are sorted all parts are
looked at again, and runs whose rows are gone or damaged are missing once more.
"""

from __future__ import annotations

import fcntl
import os
import stat
from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from cadre_sim.errors import InputError, OutputError
from cadre_sim.experiments.plan import Plan, Run
from cadre_sim.record.claim import BESIDE, refuse_unusable
from cadre_sim.record.replacing import sync
from cadre_sim.sweep.held_inputs import FOLDER as INPUTS
from cadre_sim.sweep.outcome import (
    Outcome,
    failed_schema,
    rows_table,
    runs_schema,
    telemetry_schema,
    telemetry_table,
)
from cadre_sim.sweep.parquet_parts import FOLDERS, TELEMETRY, content_digest, is_intact, once
from cadre_sim.sweep.plan_keys import keys_of
from cadre_sim.sweep.store_identity import OUTSIDE, claim, refuse_others

PART_ROWS = 131_072
"""Rows of a part once all are sorted."""


class Store:
    """A store that is open for writing; one process at a time.

    Attributes:
        path: its folder.
        done: keys of the rows of runs that went well, whether the plan has them or not.
        failed: keys of those that did not, and have not since.
        quarantined: parts that could not be read and were put aside.
        mended: inputs that were gone or changed and are written anew.
    """

    def __init__(self, path: Path, plan: Plan) -> None:
        """Read what is there; see :func:`opened`."""
        self.path = path
        self.plan = plan
        self.quarantined: list[str] = []
        self.mended: list[str] = []
        self._schemas = {"runs": runs_schema(plan), "failed": failed_schema(plan), TELEMETRY: telemetry_schema()}
        for name in (*FOLDERS, TELEMETRY, "tmp"):
            (path / name).mkdir(exist_ok=True)
        for left in (*(path / "tmp").glob("*.parquet"), *path.glob(f"{BESIDE}*"), *(path / INPUTS).glob(f"{BESIDE}*")):
            if left.is_symlink() or left.is_file():
                left.unlink(missing_ok=True)
        # A plan that has grown may have these runs again; those that it has not go back when all is sorted.
        for part in self._parts(OUTSIDE):
            os.replace(part, path / "runs" / part.name)
        self.done = self._keys("runs")
        self.failed = self._keys("failed") - self.done
        self._set_aside(TELEMETRY)

    def add(self, outcomes: Sequence[Outcome]) -> None:
        """Write the rows of some runs: those that went well as one part, the others as another.

        Raises:
            OutputError: the disk is full or cannot be written.
        """
        if outcomes:
            # First, so that a row of results is the last thing that is written of a run.
            table = telemetry_table(sorted(outcomes, key=lambda o: o.run.key))
            self._named([self._staged(table, TELEMETRY, "rows")])
        for name in FOLDERS:
            chosen = sorted((o for o in outcomes if (o.error is None) == (name == "runs")), key=lambda o: o.run.key)
            if not chosen:
                continue
            keys = [o.run.key for o in chosen]
            table = rows_table(self.plan, chosen, self._schemas[name])
            self._named([self._staged(table, name, "rows")])
            if name == "runs":
                self.done.update(keys)
                self.failed.difference_update(keys)
            else:
                self.failed.update(keys)

    def failed_runs(self) -> Iterator[Run]:
        """The runs that failed, as they were."""
        import pyarrow.parquet as pq

        names = [factor.name for factor in self.plan.factors]
        wanted = set(self.failed)
        for part in self._parts("failed"):
            for row in pq.read_table(part.absolute(), schema=self._schemas["failed"]).to_pylist():
                if row["key"] in wanted:
                    wanted.remove(row["key"])
                    yield Run(row["key"], row["arm"], tuple(row[name] for name in names), row["replicate"])

    def look_again(self) -> set[str]:
        """Take what is on the disk for what is done, whatever was written; damaged parts are put aside.

        Returns:
            keys of the runs that have lost their row since it was written.
        """
        before = self.done | self.failed
        self.done = self._keys("runs")
        self.failed = self._keys("failed") - self.done
        self._set_aside(TELEMETRY)
        return before - self.done - self.failed

    def compact(self, planned: Set[str] | None = None) -> bool:
        """Put all rows, sorted by key, into as few parts as hold them: the same rows give the same bytes.

        A row of a run that failed goes when the run has gone well since, or when the plan has no such run. One of a run
        that went well and that the plan does not have goes to ``outside/``. Stopped at any moment, it leaves every row
        at least once, and the next time it begins anew.

        Args:
            planned: keys of all runs of the plan; by default they are worked out.

        Returns:
            whether all rows were there; false where a part has gone or changed meanwhile, and then nothing is done.
        """
        import pyarrow as pa

        planned = keys_of(self.plan) if planned is None else planned
        before = [part for name in (*FOLDERS, TELEMETRY) for part in self._parts(name)]
        wanted = {
            OUTSIDE: ("runs", self.done - planned),
            "runs": ("runs", self.done & planned),
            "failed": ("failed", self.failed & planned),
            TELEMETRY: (TELEMETRY, self.done | self.failed),
        }
        staged: list[tuple[Path, Path]] = []
        try:
            whole = all(self._sorted(name, *rows, staged) for name, rows in wanted.items())
            whole = whole and all(is_intact(part) for part in before)
        except (OSError, pa.ArrowException):
            whole = False
        if not whole:
            for beside, _ in staged:
                beside.unlink(missing_ok=True)
            return False
        # Only when all is written: what is read from must not change meanwhile.
        if self.done - planned:
            (self.path / OUTSIDE).mkdir(exist_ok=True)
        self._named(staged)
        kept = {path for _, path in staged}
        for part in before:
            if part not in kept:
                part.unlink(missing_ok=True)
        for name in (*FOLDERS, TELEMETRY):
            sync(self.path / name)
        return True

    def _sorted(self, name: str, source: str, keys: Set[str], staged: list[tuple[Path, Path]]) -> bool:
        """Write the rows of some keys beside their place, sorted, each once.

        Args:
            name: the folder that they are for.
            source: the folder that they are in.
            keys: of which runs.
            staged: what is written is added to it, with where it is to be.

        Returns:
            whether all rows were there; of where and when runs were done, some may be missing.
        """
        import pyarrow.compute as pc
        import pyarrow.dataset as ds

        wanted, found = 1, 0
        while wanted * PART_ROWS < len(keys):
            wanted *= 2
        data = ds.dataset(
            [str(part.absolute()) for part in self._parts(source)], schema=self._schemas[source], format="parquet"
        )
        for place in range(wanted) if keys else ():
            # Each part holds the keys of one range: memory is bounded by a part, however many runs there are.
            low, high = f"{place * (2**32 // wanted):08x}", f"{(place + 1) * (2**32 // wanted):08x}"
            inside = pc.field("key") >= low
            table = data.to_table(filter=inside & (pc.field("key") < high) if place + 1 < wanted else inside)
            table = once(table.sort_by("key"), keys)
            found += len(table)
            if len(table):
                kind = "rows" if name == OUTSIDE else "sorted"
                staged.append(self._staged(table, name, f"{kind}-{place:05d}-of-{wanted:05d}"))
        return name == TELEMETRY or found == len(keys)

    def _parts(self, name: str) -> list[Path]:
        return sorted((self.path / name).glob("*.parquet"))

    def _keys(self, name: str) -> set[str]:
        """The keys in all parts that can be read; the other parts are put aside, and so their runs are missing."""
        import pyarrow.parquet as pq

        found: set[str] = set()
        self._set_aside(
            name, lambda part: found.update(pq.read_table(part.absolute(), columns=["key"])["key"].to_pylist())
        )
        return found

    def _set_aside(self, name: str, read: Callable[[Path], None] = lambda part: None) -> None:
        """Read all parts of a folder, and put aside those that cannot be."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        for part in self._parts(name):
            try:
                if not os.path.lexists(part):
                    continue  # gone since the folder was listed
                if not is_intact(part) or not pq.read_schema(part.absolute()).equals(self._schemas[name]):
                    raise pa.ArrowInvalid("holds something else than was written")
                read(part)
            except FileNotFoundError:
                continue  # gone since the folder was listed
            except PermissionError as error:
                raise InputError(f"{part}: cannot be read: {error.strerror or error}") from None
            except (pa.ArrowException, OSError):
                (self.path / "quarantine").mkdir(exist_ok=True)
                os.replace(part, self.path / "quarantine" / f"{name}-{part.name}")
                self.quarantined.append(f"{name}/{part.name}")

    def _staged(self, table: Any, name: str, part: str) -> tuple[Path, Path]:
        """Write a part beside its place, and see that all of it is on the disk; its name ends in what it holds."""
        import pyarrow.parquet as pq

        beside = self.path / "tmp" / f"{name}-{part}.parquet"
        with self._told(beside):
            with open(beside, "wb") as file:  # PyArrow takes a name such as `~` or `a:b` for something else
                pq.write_table(table, file, compression="zstd", write_page_checksum=True)
            sync(beside)
            return beside, self.path / name / f"{part}-{content_digest(beside)}.parquet"

    def _named(self, staged: Sequence[tuple[Path, Path]]) -> None:
        """Give parts that are on the disk their names, which is what makes them count."""
        for beside, path in staged:
            with self._told(beside):
                os.replace(beside, path)
        for folder in {path.parent for _, path in staged}:
            sync(folder)

    @contextmanager
    def _told(self, beside: Path) -> Iterator[None]:
        """Tell the user when the disk is full, with what is kept; nothing half written stays."""
        try:
            yield
        except OSError as error:
            with suppress(OSError):
                beside.unlink()
            raise OutputError(
                f"{self.path}: results cannot be written: {error.strerror or error}; {len(self.done)} runs are kept, "
                "and the same command goes on from there"
            ) from None


@contextmanager
def opened(path: Path, plan: Plan, *, new_version: bool = False) -> Iterator[Store]:
    """The store of a sweep, made where it is missing.

    Args:
        path: its folder.
        plan: what is swept.
        new_version: put aside what another version of the model left, and begin anew.

    Raises:
        InputError: another sweep or another version of the model is in the folder, or another process works in it.
        OutputError: the folder cannot be written.
    """
    refuse_unusable(path)
    try:
        refuse_others(path)
        path.mkdir(parents=True, exist_ok=True)
        lock = _lock(path / ".lock")
    except OSError as error:
        raise OutputError(f"{path}: results cannot be written there: {error.strerror or error}") from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InputError(f"{path}: another process is working in this folder") from None
        except OSError:
            pass  # A file system without locks: two drivers would do some runs twice, no more.
        try:
            mended = claim(path, plan, new_version)
            store = Store(path, plan)
            store.mended = mended
        except OSError as error:
            raise OutputError(f"{path}: results cannot be written there: {error.strerror or error}") from None
        yield store


def _lock(path: Path) -> IO[bytes]:
    """The file that only one process holds; whatever is in it stays, and what is no file is refused."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o666)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise InputError(f"{path}: is not a file")
    return open(handle, "r+b")
