"""Checking the store of a sweep: whether all that is in it is what its plan makes, and some of it by doing it again."""

from __future__ import annotations

import hashlib
import math
import os
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cadre_sim.comparison.pool import cores
from cadre_sim.comparison.replicate import warm_up
from cadre_sim.errors import InputError
from cadre_sim.experiments.plan import Plan, Run
from cadre_sim.rules import check_rules
from cadre_sim.sweep.outcome import Outcome, common_row, failed_schema, runs_schema, telemetry_schema
from cadre_sim.sweep.parquet_parts import FOLDERS, TELEMETRY, is_intact
from cadre_sim.sweep.plan_file import read_plan
from cadre_sim.sweep.plan_keys import written_keys
from cadre_sim.sweep.processes import Engine
from cadre_sim.sweep.runner import Runner
from cadre_sim.sweep.store_identity import MARK, OUTSIDE, check_same, described, refuse_others
from cadre_sim.sweep.worker import Making
from cadre_sim.version import model_version

SHOWN = 3
"""Examples of what is wrong that are kept of each kind."""
_SENTENCES = {
    "plan": "the plan cannot be read, so that nothing else can be checked",
    "identity": "the plan (plan.json) is of another sweep than the one that the folder was made for (sweep.json)",
    "parts": "parts are not what was written",
    "columns": "parts do not have the columns of the plan",
    "outside": "rows are of runs that the plan does not have",
    "content": "rows have another arm, value, replicate, seed or version than the run with their key",
    "twice": "runs have several rows that differ",
    "keys": "the list of the plan's keys is not that of the plan",
    "repeated": "runs that were done again gave other values",
}
"""What is wrong, by kind."""


@dataclass(frozen=True)
class Fault:
    """Something in a store that is not what its plan makes.

    Attributes:
        kind: plan, identity, parts, columns, outside, content, twice, keys or repeated.
        count: how often.
        examples: the first few.
    """

    kind: str
    count: int
    examples: tuple[str, ...]

    def __str__(self) -> str:
        """A sentence."""
        more = ", ..." if self.count > len(self.examples) else ""
        return f"{_SENTENCES[self.kind]}: {self.count:,} ({', '.join(self.examples)}{more})"


@dataclass(frozen=True)
class Verification:
    """What is found when a store is checked.

    Attributes:
        path: its folder.
        runs: runs that the plan has.
        done: runs with a row that is sound.
        failed: runs that failed and have not gone well since.
        repeated: runs that were done again, to compare.
        faults: what is wrong, kind by kind.
    """

    path: Path
    runs: int
    done: int
    failed: int
    repeated: int
    faults: tuple[Fault, ...]

    @property
    def missing(self) -> int:
        """Runs that have no sound row yet."""
        return self.runs - self.done - self.failed


def verify_experiment(
    folder: str | Path,
    *,
    repeat: int = 0,
    seed: int = 1,
    workers: int | None = None,
    making: Making = Runner,
) -> Verification:
    """Check that the results of an experiment are whole and what its plan makes; changes nothing.

    Args:
        folder: of the results, finished or running.
        repeat: runs to do again; all bits of their values are compared.
        seed: which of the runs those are: the same seed chooses the same.
        workers: processes that do them, by default one for each core.
        making: makes what does the runs, in each worker.

    Raises:
        InputError: no results of an experiment are in the folder; or runs are to be repeated that are of another
            version of the model, or whose allocation rules are not loaded.
    """
    path = Path(folder)
    if not os.path.lexists(path / MARK):
        raise InputError(f"{path}: holds no results of an experiment ({MARK}: no such file)")
    faults = _Faults()
    try:
        refuse_others(path)
        plan = read_plan(path)
    except InputError as error:
        faults.add("plan", str(error))
        return Verification(path, 0, 0, 0, 0, faults.all())
    if repeat:
        _see_that_it_can_be_repeated(plan)
    runs = {run.key: run for run in plan.runs()}
    try:
        check_same(path, described(path / MARK) or {}, plan)
    except InputError as error:
        faults.add("identity", str(error).removeprefix(f"{path}: "))
    known = written_keys(path)
    if known is not None and known != runs.keys():
        faults.add("keys", f"{len(known):,} keys for {len(runs):,} runs")
    rows = {name: _Rows(path, plan, runs, name, faults).read() for name in (*FOLDERS, TELEMETRY, OUTSIDE)}
    failed = rows["failed"].keys() - rows["runs"].keys()
    sample = sorted(rows["runs"], key=lambda key: hashlib.blake2b(f"{seed} {key}".encode()).digest())[:repeat]
    _repeat(plan, [runs[key] for key in sample], rows["runs"], workers or cores(), making, faults)
    return Verification(path, len(runs), len(rows["runs"]), len(failed), len(sample), faults.all())


@dataclass
class _Faults:
    counts: dict[str, int] = field(default_factory=dict)
    examples: dict[str, list[str]] = field(default_factory=dict)

    def add(self, kind: str, example: str) -> None:
        self.counts[kind] = self.counts.get(kind, 0) + 1
        shown = self.examples.setdefault(kind, [])
        if len(shown) < SHOWN:
            shown.append(example)

    def all(self) -> tuple[Fault, ...]:
        return tuple(
            Fault(kind, self.counts[kind], tuple(self.examples[kind])) for kind in _SENTENCES if kind in self.counts
        )


class _Rows:
    """The rows in one folder of a store; keeps the values of those that are sound."""

    def __init__(self, path: Path, plan: Plan, runs: Mapping[str, Run], name: str, faults: _Faults) -> None:
        schemas: dict[str, Callable[[], Any]] = {
            "failed": lambda: failed_schema(plan),
            TELEMETRY: telemetry_schema,
        }
        self._schema = schemas.get(name, lambda: runs_schema(plan))()
        self._path, self._plan, self._runs, self._name, self._faults = path, plan, runs, name, faults
        self._of_metrics = () if name in ("failed", TELEMETRY) else plan.metrics

    def read(self) -> dict[str, bytes]:
        """The bits of the values of each sound row, by key."""
        found: dict[str, bytes] = {}
        for where, row in self._all():
            run = self._runs.get(row["key"])
            if run is None and self._name in ("runs", "failed"):
                self._faults.add("outside", f"{row['key']} in {where}")
            if run is None or self._name in (TELEMETRY, OUTSIDE):
                continue
            wanted = common_row(self._plan, run)
            wrong = [column for column, value in wanted.items() if row[column] != value]
            bits = values_bits(row[metric] for metric in self._of_metrics)
            if wrong:
                self._faults.add("content", f"{', '.join(wrong)} of {row['key']} in {where}")
            elif found.setdefault(run.key, bits) != bits:
                self._faults.add("twice", f"{run.key} in {where}")
        return found

    def _all(self) -> Iterator[tuple[str, dict[str, Any]]]:
        import pyarrow as pa
        import pyarrow.parquet as pq

        for part in sorted((self._path / self._name).glob("*.parquet")):
            where = f"{self._name}/{part.name}"
            try:
                if not is_intact(part):
                    self._faults.add("parts", where)
                    continue
                table = pq.read_table(part.absolute(), partitioning=None)
            except (OSError, pa.ArrowException):
                self._faults.add("parts", where)
                continue
            if not table.schema.equals(self._schema):
                self._faults.add("columns", where)
                continue
            for batch in table.to_batches():
                for row in batch.to_pylist():
                    yield where, row


def values_bits(values: Iterable[float | None]) -> bytes:
    """The bits of some numbers; all that are not numbers have the same."""
    numbers = [math.nan if value is None or math.isnan(value) else value for value in values]
    return struct.pack(f"<{len(numbers)}d", *numbers)


def _see_that_it_can_be_repeated(plan: Plan) -> None:
    if plan.version != model_version():
        raise InputError(
            f"the runs are of version {plan.version} of the model, and this is {model_version()}, so that none of them "
            "can be repeated; without --repeat they are checked all the same"
        )
    check_rules(plan.rules)


def _repeat(
    plan: Plan, runs: list[Run], before: Mapping[str, bytes], workers: int, making: Making, faults: _Faults
) -> None:
    """Do some runs again, and compare the bits of their values."""
    if not runs:
        return
    warm_up()
    with Engine(plan, min(workers, len(runs)), making) as engine:
        for outcome in engine.outcomes(iter(runs)):
            if outcome.error is not None or values_bits(outcome.values) != before[outcome.run.key]:
                faults.add("repeated", f"{outcome.run.key}{_how(plan, outcome, before[outcome.run.key])}")


def _how(plan: Plan, outcome: Outcome, before: bytes) -> str:
    if outcome.error is not None:
        return f": {outcome.error.status}: {outcome.error.text.strip().splitlines()[-1]}"
    old = struct.unpack(f"<{len(plan.metrics)}d", before)
    pairs = zip(plan.metrics, old, outcome.values, strict=True)
    name, was, now = next(p for p in pairs if values_bits([p[1]]) != values_bits([p[2]]))
    return f": {name} was {was!r} and is {now!r}"
