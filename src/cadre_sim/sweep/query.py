"""Reading the store of a sweep, in place: as a table, or by SQL."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from cadre_sim.errors import InputError
from cadre_sim.sweep.parquet_parts import FOLDERS, TELEMETRY, is_intact


def results(path: str | Path, sql: str | None = None) -> pd.DataFrame:
    """What a sweep has left so far.

    Args:
        path: folder of the sweep.
        sql: a query on the tables ``runs`` (one row a run that went well: key, arm, a column a factor, replicate, seed,
            version, a column a metric), ``failed`` (the same of those that did not, with status, error and settings)
            and ``telemetry`` (of both: key, host, process, seconds, ended); by default all of ``runs``, sorted by key.

    Raises:
        InputError: no sweep is in the folder, or the query is wrong.
    """
    import duckdb

    folder = Path(path)
    if not (folder / "sweep.json").is_file():
        raise InputError(f"{folder}: holds no results of an experiment")
    with duckdb.connect(":memory:") as connection:
        try:
            # Several threads would add numbers up in another order each time.
            connection.execute("set threads = 1")
            for name in (*FOLDERS, TELEMETRY):
                connection.execute(_view(folder, name))
            found: pd.DataFrame = connection.execute(sql or "select * from runs order by key").df()
        except duckdb.Error as error:
            raise InputError(f"the query cannot be answered: {error}") from None
    return found


def _view(folder: Path, name: str) -> str:
    """A table over the parts in a folder; a row that stands twice, since a merge of parts was cut off, comes once."""
    parts = sorted((folder / name).glob("*.parquet"))
    for part in parts:
        if not is_intact(part):
            raise InputError(f"{part}: is damaged; `cadre-sim experiment run` puts it aside and does its runs again")
    if not parts:
        return f"create view {name} as select null::varchar as key, null::varchar as version where false"
    listed = ", ".join("'" + str(part).replace("'", "''") + "'" for part in parts)
    rows = f"select * from read_parquet([{listed}])"
    if not _sorted_once(parts):
        rows = f"select distinct on (key) * from ({rows})"
    if name == "failed":
        rows = f"select * from ({rows}) where key not in (select key from runs)"
    return f"create view {name} as {rows}"


def _sorted_once(parts: list[Path]) -> bool:
    """Whether the parts are one set of sorted ones, in which no row stands twice."""
    names = [part.stem.split("-") for part in parts]
    places = {name[1] for name in names if name[0] == "sorted"}
    return len(places) == len(names) and len({name[3] for name in names}) == 1
