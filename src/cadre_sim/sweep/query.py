"""Reading the store of a sweep, in place: its runs as a table, or anything in it by SQL.

All runs are read by PyArrow, which the store is written with. A query is answered by DuckDB, which an extra brings; it
reads no more of the parts than the query needs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from cadre_sim.errors import InputError
from cadre_sim.experiments.plan import Plan
from cadre_sim.sweep.outcome import failed_schema, runs_schema, telemetry_schema
from cadre_sim.sweep.parquet_parts import FOLDERS, TELEMETRY, is_intact, once
from cadre_sim.sweep.plan_keys import stored_keys
from cadre_sim.sweep.sandbox import answer
from cadre_sim.sweep.store_identity import stored_plan

_FEW_OF = 10_000
"""A store with fewer rows than one in so many runs of its plan is not compared with the plan."""


def results(path: str | Path, sql: str | None = None, *, unrestricted: bool = False) -> pd.DataFrame:
    """What a sweep has left so far.

    Args:
        path: folder of the sweep.
        sql: a query on the tables ``runs`` (one row a run that went well: key, arm, a column a factor, replicate, seed,
            version, a column a metric), ``failed`` (the same of those that did not, with status, error and settings)
            and ``telemetry`` (of both: key, host, process, seconds, ended); by default all of ``runs``, sorted by key.
        unrestricted: let the query do all that DuckDB can: read and write files, attach databases, install extensions,
            change settings. Without it, a query sees those tables and nothing else, and its memory is bounded.

    Raises:
        InputError: no sweep is in the folder, or the query is wrong, leaves those tables or takes too much memory.
        MissingExtraError: the library that answers queries is not installed.
    """
    folder = Path(path)
    plan = stored_plan(folder)
    return _runs(folder, plan) if sql is None else _answer(folder, plan, sql, unrestricted)


def done(path: Path, plan: Plan) -> int:
    """How many runs of a plan went well already; none where there is no sweep yet."""
    parts = _parts(path, "runs", plan)
    rows = set(_rows(parts, ["key"])["key"].to_pylist()) if parts else set()
    if len(rows) * _FEW_OF < plan.total():  # of a plan that is far larger nobody waits for a list of all runs
        return len(rows)
    return sum(run.key in rows for run in plan.runs()) if rows else 0


def failures(path: Path, plan: Plan) -> int:
    """How many rows of a plan's store are of runs that failed; some may have gone well since."""
    import pyarrow.parquet as pq

    return sum(pq.read_metadata(part.absolute()).num_rows for part in _parts(path, "failed", plan))


def outside(path: str | Path) -> int:
    """How many rows of a sweep's results are of runs that its experiment does not have; no result counts them.

    Raises:
        InputError: no sweep is in the folder, or it cannot be read.
    """
    folder = Path(path)
    parts = _parts(folder, "runs", stored_plan(folder))
    if not parts:
        return 0
    keys = stored_keys(folder)
    return len({key for key in _rows(parts, ["key"])["key"].to_pylist() if key not in keys})


def outside_note(folder: Path, rows: int) -> str:
    """That a folder has rows which count nowhere."""
    are = "row is of a run" if rows == 1 else "rows are of runs"
    return f"{folder}: {rows:,} {are} that the experiment does not have (any more), and counted nowhere"


def _runs(folder: Path, plan: Plan) -> pd.DataFrame:
    """All runs of the plan that went well, sorted by key."""
    parts = _parts(folder, "runs", plan)
    if not parts:
        return _frame(runs_schema(plan).empty_table())
    return _frame(once(_rows(parts).sort_by("key"), stored_keys(folder)))


def _rows(parts: list[Path], columns: list[str] | None = None) -> Any:
    """All rows of runs that went well, whatever they are of."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    # A name such as `a=b` in the path of the folder is no column.
    return pa.concat_tables(pq.read_table(p.absolute(), columns=columns, partitioning=None) for p in parts)


def _frame(table: Any) -> pd.DataFrame:
    """A table of PyArrow as DuckDB makes a frame of it: switches and whole numbers stay such where some are missing."""
    import pyarrow as pa

    nullable = {pa.bool_(): pd.BooleanDtype(), pa.int64(): pd.Int64Dtype()}
    frame: pd.DataFrame = table.to_pandas()
    for name in table.column_names:
        column = table[name]
        if column.null_count and column.type in nullable:
            frame[name] = column.to_pandas(types_mapper=nullable.get)
    return frame


def _answer(folder: Path, plan: Plan, sql: str, unrestricted: bool) -> pd.DataFrame:
    import pyarrow as pa
    import pyarrow.dataset as datasets

    tables: dict[str, Any] = {"planned": pa.table({"key": pa.array(sorted(stored_keys(folder)), pa.string())})}
    views: dict[str, str] = {}
    for name in (*FOLDERS, TELEMETRY):
        parts = _parts(folder, name, plan)
        if parts:
            # A name such as `a=b` in the path of the folder is no column.
            tables[f"{name}_parts"] = datasets.dataset(
                [str(p.absolute()) for p in parts], format="parquet", partitioning=None
            )
        views[name] = _view(name, parts)
    return answer(tables, views, sql, unrestricted)


def _parts(folder: Path, name: str, plan: Plan) -> list[Path]:
    """The parts of a table, all of them as they were written, and with the columns that a plan gives them."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    parts = sorted((folder / name).glob("*.parquet"))
    if not parts:
        return parts
    schema = {"runs": runs_schema, "failed": failed_schema}[name](plan) if name in FOLDERS else telemetry_schema()
    for part in parts:
        try:
            sound = is_intact(part) and pq.read_schema(part.absolute()).equals(schema)
        except PermissionError as error:
            raise InputError(f"{part}: cannot be read: {error.strerror or error}") from None
        except (pa.ArrowException, OSError):
            sound = False
        if not sound:
            raise InputError(f"{part}: is damaged; `cadre-sim experiment run` puts it aside and does its runs again")
    return parts


def _view(name: str, parts: list[Path]) -> str:
    """A table over parts; a row that stands twice, since a merge of parts was cut off, comes once."""
    if not parts:
        return "select null::varchar as key, null::varchar as version where false"
    rows = f"select * from {name}_parts where key in (select key from planned)"
    if not _sorted_once(parts):
        rows = f"select distinct on (key) * from ({rows})"
    if name == "failed":
        rows = f"select * from ({rows}) where key not in (select key from runs)"
    return rows


def _sorted_once(parts: list[Path]) -> bool:
    """Whether the parts are one set of sorted ones, in which no row stands twice."""
    names = [part.stem.split("-") for part in parts]
    places = {name[1] for name in names if name[0] == "sorted"}
    return len(places) == len(names) and len({name[3] for name in names}) == 1
