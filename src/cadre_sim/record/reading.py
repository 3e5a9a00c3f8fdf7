"""Reading the folder of a run or a comparison, which may be damaged or come from anybody.

All that is given on has been seen to be what the writer writes: every file by its digest, every table by its columns
and their kinds, its rows by the scenarios, replicates and days that there are. What is not ends in one sentence that
names the file.
"""

from __future__ import annotations

import io
import json
import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from pydantic import ValidationError

from cadre_sim.controls import CONTROL, NO_TEXT
from cadre_sim.errors import InputError, UnreadableError, UserError
from cadre_sim.files import read_bytes
from cadre_sim.record.claim import MANIFEST, PENDING, digest_of, marked
from cadre_sim.record.metrics import metric_catalogue
from cadre_sim.record.minds import MIND_BINS, MINDS
from cadre_sim.record.spreadsheets import read_csv
from cadre_sim.record.told import MOST, MOST_CELLS, MOST_TEXT, check_checks, check_manifest, no_number
from cadre_sim.record.trace import BY_DAY, BY_WEEK, Traces
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.workday.outputs import DAY_BINS

if TYPE_CHECKING:
    import pandas as pd

RUN, ARMS = "run", ("baseline", "reform")
"""Arm of a run that is compared with nothing; arms of a comparison."""
_MOST_BYTES = 2**30
"""Largest file of a result that is read."""
_EFFECTS = ("baseline", "reform", "effect", "low", "high", "percent", "before_after")
_ARTICLE = ("figure", "mean", "low", "high", "ratio")


class StoredScenario(NamedTuple):
    """One scenario of a result, or the run.

    Attributes:
        scenario: what was run.
        baseline: what it was compared with; None for a run.
        table: one row a metric: its effects, or the summary of a run.
        values: one row a replicate and metric; empty for a run.
        traces: what figures need, with the arm in the first column.
        article: figures of the article beside the model's, if any.
        checks: what was checked.
    """

    scenario: Scenario
    baseline: Scenario | None
    table: pd.DataFrame
    values: pd.DataFrame
    traces: Traces
    article: pd.DataFrame
    checks: dict[str, Any]


class StoredResult(NamedTuple):
    """What the folder of a run or a comparison holds."""

    manifest: dict[str, Any]
    seed: int
    replicates: int
    scenarios: tuple[StoredScenario, ...]


def read_result(folder: Path) -> StoredResult:
    """The result in the folder of a run or a comparison.

    Raises:
        InputError: there is none, it was cut off while it was written, or a file of it is not what was written.
    """
    found = _manifest(folder)
    for name, digest in found.files.items():
        _see_that_it_is_whole(folder / name, digest)
    return _Folder(folder, found.content, set(found.files)).read()


def _manifest(folder: Path) -> Any:
    pending = marked(folder, PENDING)
    if pending is not None:
        raise InputError(f"{folder}: its result was being written when that was cut off; give the same command again")
    found = marked(folder, MANIFEST)
    if found is None:
        raise InputError(f"{folder}: no result there: {MANIFEST}: no such file")
    if not {f"{name}.parquet" for name in Traces._fields} <= set(found.files):
        raise InputError(f"{folder}: holds no result of run or compare")
    return found


def _see_that_it_is_whole(path: Path, digest: str) -> None:
    if not path.is_file():
        read_bytes(path, 0)  # says what is there instead
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise InputError(f"{path}: is too large: at most {_MOST_BYTES:,} bytes are read")
        found = digest_of(path)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from None
    if found != digest:
        raise InputError(f"{path}: is damaged, or was changed since it was written")


class _Folder:
    """A folder whose files are as they were written, by their digests."""

    def __init__(self, path: Path, manifest: dict[str, Any], names: set[str]) -> None:
        self.path, self.manifest, self.names = path, manifest, names
        self.is_run = "summary.csv" in names

    def read(self) -> StoredResult:
        with self._told(MANIFEST):
            check_manifest(self.manifest)
            self.replicates = int(self.manifest["replicates"])
            pairs = self._pairs()
        with self._told("checks.json"):
            checks = self._checks([scenario for scenario, _ in pairs])
        tables = zip(*(self._trace(name, pairs) for name in Traces._fields), strict=True)
        traces = [Traces(*own) for own in tables]
        metrics = [each.name for each in metric_catalogue()]
        size = len(metrics)
        if self.is_run:
            told = self._csv("summary.csv", ("mean", "low", "high"), metrics)
            return self._result([StoredScenario(*pairs[0], told, _empty(), traces[0], _empty(), checks[0])])
        told = self._csv("effects.csv", _EFFECTS, metrics * len(pairs))
        values, article = self._values(metrics, len(pairs)), self._article([scenario for scenario, _ in pairs])
        found, first = [], 0
        for place, pair in enumerate(pairs):
            last = first + len(pair[0].article)
            table = told.iloc[place * size : (place + 1) * size].reset_index(drop=True)
            own = article.iloc[first:last].reset_index(drop=True)
            found.append(StoredScenario(*pair, table, _part(values, place), traces[place], own, checks[place]))
            first = last
        return self._result(found)

    def _result(self, found: list[StoredScenario]) -> StoredResult:
        return StoredResult(self.manifest, self.manifest["seed"], self.replicates, tuple(found))

    def _pairs(self) -> list[tuple[Scenario, Scenario | None]]:
        """Each scenario with its baseline, in their order."""
        found = {part: _scenario(body) for part, body in self.manifest["scenarios"].items()}
        if self.is_run:
            return [(found["scenario"], None)]
        number = len(found) // 2
        if not number:
            raise ValueError("names no scenario")
        return [(found[f"reform {place}"], found[f"baseline {place}"]) for place in range(1, number + 1)]

    def _trace(self, name: str, pairs: list[tuple[Scenario, Scenario | None]]) -> list[pd.DataFrame]:
        """A table that figures are made of, scenario by scenario."""
        with self._told(f"{name}.parquet") as path:
            keys, values = _KEYS[name], _NUMBERS[name]
            told = {} if self.is_run else {"scenario": "int", "arm": "text"}
            table = _parquet(path, {**told, "replicate": "int", **keys, **dict.fromkeys(values, _KIND[name])})
            _see_numbers(table, values)
            if self.is_run:
                table.insert(0, "scenario", 1)
                table.insert(1, "arm", RUN)
            arms = [RUN] if self.is_run else list(ARMS)
            if sorted(table["scenario"].unique()) not in ([], list(range(1, len(pairs) + 1))):
                raise ValueError("has other scenarios than the manifest")
            parts = [_part(table, place) for place in range(len(pairs))]
            for part, (scenario, _) in zip(parts, pairs, strict=True):
                wanted: dict[str, list[Any]] = {"replicate": list(range(self.replicates)), "arm": arms}
                _see_grid(part, wanted | _wanted(name, part, scenario))
            return parts

    def _csv(self, name: str, numbers: tuple[str, ...], metrics: list[str]) -> pd.DataFrame:
        with self._told(name) as path:
            table = read_csv(path)
            _see_columns(table, ("metric", "unit", *numbers, *(() if self.is_run else ("scenario",))))
            if list(table["metric"]) != metrics:
                raise ValueError("does not have every metric once a scenario, in their order")
            for column in numbers:
                table[column] = table[column].astype("float64")
            _see_numbers(table, numbers, undefined=True)
            return table

    def _values(self, metrics: list[str], scenarios: int) -> pd.DataFrame:
        with self._told("replicates.parquet") as path:
            sides = ("baseline", "reform", "before")
            kinds = {"scenario": "int", "replicate": "int", "metric": "text", **dict.fromkeys(sides, "float")}
            table = _parquet(path, kinds)
            _see_numbers(table, sides, undefined=True)
            _see_grid(table, {"scenario": list(range(1, scenarios + 1)), "replicate": list(range(self.replicates)),
                              "metric": metrics})  # fmt: skip
            return table

    def _article(self, scenarios: list[Scenario]) -> pd.DataFrame:
        figures = [figure for scenario in scenarios for figure in scenario.article]
        if "article.csv" not in self.names:
            if figures:
                raise InputError(f"{self.path / MANIFEST}: names no article.csv, which its scenarios have")
            return _empty()
        with self._told("article.csv") as path:
            table = read_csv(path)
            texts = ("row", "text", "at_least", "role", "value", "from", "to", "scenario")
            _see_columns(table, (*texts, *_ARTICLE), ordered=False)
            if list(table["row"]) != [f.row for f in figures] or list(table["role"]) != [f.role for f in figures]:
                raise ValueError("does not have every figure of the articles, in their order")
            for column in _ARTICLE:
                table[column] = table[column].astype("float64")
            _see_numbers(table, _ARTICLE, undefined=True)
            if list(table["at_least"]) != [f.at_least for f in figures]:
                raise ValueError("does not have what the articles say")
            return table

    def _checks(self, scenarios: list[Scenario]) -> list[dict[str, Any]]:
        found = json.loads(read_bytes(self.path / "checks.json", _MOST_BYTES).decode(), parse_constant=no_number)
        if not isinstance(found, list) or len(found) != len(scenarios):
            raise ValueError("does not have an entry for each scenario")
        for number, (each, scenario) in enumerate(zip(found, scenarios, strict=True), 1):
            check_checks(each, number, scenario, is_run=self.is_run)
        return found

    @contextmanager
    def _told(self, name: str) -> Iterator[Path]:
        """Tell what is wrong with a file in a sentence that names it; it is right by its digest, so it was made so."""
        path = self.path / name
        if name != MANIFEST and name not in self.names:
            raise InputError(f"{self.path / MANIFEST}: names no {name}, which a result has")
        try:
            yield path
        except UnreadableError as error:
            raise InputError(f"{path}: {error.reason}") from None
        except UserError as error:
            said = " ".join(str(error).splitlines())
            raise InputError(said if said.startswith(str(path)) else f"{path}: {said}") from None
        except _WRONG as error:
            said = " ".join(str(error).split()) or type(error).__name__
            raise InputError(f"{path}: is not what a result of this version has: {said[:300]}") from None


_WRONG = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError, NotImplementedError,
          OSError, MemoryError)  # fmt: skip
"""What readers of JSON, CSV and Parquet raise of a content that is none: PyArrow's errors are among these."""

_KEYS: dict[str, dict[str, str]] = {
    "by_day": {"date": "time"},
    "by_week": {"week": "time", "county": "text"},
    "days_to_close": {"days": "int"},
    "minds": {"month": "time", "mind": "text", "from": "float"},
}
_NUMBERS: dict[str, tuple[str, ...]] = {
    "by_day": BY_DAY,
    "by_week": BY_WEEK,
    "days_to_close": ("matters",),
    "minds": ("cadres",),
}
_KIND = {"by_day": "float", "by_week": "float", "days_to_close": "int", "minds": "int"}


def _wanted(name: str, part: pd.DataFrame, scenario: Scenario) -> dict[str, list[Any]]:
    """What the key columns of a table hold, one in the other."""
    if name == "days_to_close":
        # A run whose days are all outside of what is measured has the same bins.
        return {"days": list(range(DAY_BINS))}
    column = next(iter(_KEYS[name]))
    times = np.unique(part[column].to_numpy())
    if np.isnat(times).any():
        raise ValueError(f"{column} has rows without a date")
    days = times.astype("datetime64[D]")
    period = scenario.period
    early = np.datetime64(period.start, "D") - (0 if name == "by_day" else 31)
    if len(days) and not (early <= days[0] and days[-1] <= np.datetime64(period.end, "D")):
        raise ValueError(f"{column} has dates outside of the period of its scenario")
    if name == "by_day":
        return {"date": list(times)}
    if name == "minds":
        return {"month": list(times), "mind": list(MINDS), "from": [place / MIND_BINS for place in range(MIND_BINS)]}
    counties = list(dict.fromkeys(part["county"]))
    if any(not isinstance(county, str) or len(county) > MOST_TEXT for county in counties):
        raise ValueError("county has rows without a name")
    if any(CONTROL.search(county) for county in counties):
        raise ValueError(f"county: {NO_TEXT}")
    return {"week": list(times), "county": counties}


def _see_grid(table: pd.DataFrame, wanted: Mapping[str, list[Any]]) -> None:
    """See that a table has a row for every combination of keys, in their order, and no other."""
    size = math.prod(len(values) for values in wanted.values())
    if len(table) != size:
        raise ValueError(f"has {len(table):,} rows for a scenario, not {size:,}")
    inner = size
    for name, values in wanted.items():
        if not size:
            return
        inner //= len(values)
        expected = np.tile(np.repeat(np.array(values, dtype=table[name].to_numpy().dtype), inner),
                           size // (inner * len(values)))  # fmt: skip
        if not np.array_equal(table[name].to_numpy(), expected):
            raise ValueError(f"{name} has other values than a result has, or in another order")


def _parquet(path: Path, kinds: Mapping[str, str]) -> pd.DataFrame:
    """A table of Parquet that has these columns and no others, each of its kind; nothing is read of another."""
    import pyarrow.parquet as pq
    import pyarrow.types as types

    tests: dict[str, Callable[[Any], bool]] = {
        "int": types.is_signed_integer,
        "float": types.is_float64,
        "time": types.is_timestamp,
        "text": lambda kind: bool(types.is_large_string(kind) or types.is_string(kind)),
    }
    with pq.ParquetFile(io.BytesIO(read_bytes(path, _MOST_BYTES))) as file:
        schema, rows = file.schema_arrow, file.metadata.num_rows
        if list(schema.names) != list(kinds):
            raise ValueError("has other columns: " + ", ".join(schema.names)[:200])
        wrong = [name for name, kind in kinds.items() if not tests[kind](schema.field(name).type)]
        if wrong:
            raise ValueError(f"{', '.join(wrong)}: of another kind")
        if rows * len(kinds) > MOST_CELLS:
            raise ValueError(f"has {rows:,} rows, more than are read")
        table = file.read()
        if any(table[name].null_count for name, kind in kinds.items() if kind != "float"):
            raise ValueError("has rows without a value")
        found: pd.DataFrame = table.to_pandas()
    return found


def _see_columns(table: pd.DataFrame, wanted: tuple[str, ...], *, ordered: bool = True) -> None:
    columns = [str(name) for name in table.columns]
    if (columns != list(wanted)) if ordered else (sorted(columns) != sorted(wanted)):
        raise ValueError("has other columns: " + ", ".join(columns)[:200])


def _see_numbers(table: pd.DataFrame, names: tuple[str, ...], *, undefined: bool = False) -> None:
    """See that numbers are such that can be added up; those of effects may be undefined."""
    for name in names:
        values = table[name].to_numpy(dtype=np.float64)
        fine = np.abs(values) <= MOST
        if not (fine | np.isnan(values) if undefined else fine).all():
            raise ValueError(f"{name} has what is no number of a result")


def _scenario(body: Any) -> Scenario:
    if not isinstance(body, dict) or not isinstance(body.get("digest"), str):
        raise ValueError("a scenario of it is none")
    try:
        return Scenario.model_validate({key: value for key, value in body.items() if key != "digest"})
    except ValidationError as error:
        raise ValueError(f"scenario {str(body.get('title'))!r:.100}: {error.errors()[0]['msg']}") from None


def _part(table: pd.DataFrame, place: int) -> pd.DataFrame:
    return table[table["scenario"] == place + 1].drop(columns="scenario").reset_index(drop=True)


def _empty() -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame()
