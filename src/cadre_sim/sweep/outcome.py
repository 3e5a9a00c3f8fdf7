"""What became of one run, and the row that it is in the store."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

from cadre_sim.experiments.plan import Plan, Run
from cadre_sim.scenario.paths import path_text

Status = Literal["raised", "hung", "crashed"]
"""How a run can fail: by an exception, by its time limit, or with the process that it ran in."""


class Failure(NamedTuple):
    """Why a run left nothing: how it ended, and the traceback or a sentence."""

    status: Status
    text: str


class Outcome(NamedTuple):
    """What became of a run: its metrics, or what went wrong.

    Attributes:
        run: the run.
        values: a number a metric of the plan; empty for a run that failed.
        error: what went wrong; None for a run that went well.
        seconds: wall time that it took.
        host: name of the machine that it ran on; this and what follows is put in by the engine.
        process: number of the process there.
        ended: when it ended [s since 1970].
    """

    run: Run
    values: tuple[float, ...]
    error: Failure | None
    seconds: float
    host: str = ""
    process: int = 0
    ended: float = 0.0


def runs_schema(plan: Plan) -> Any:
    """The columns of runs that went well."""
    import pyarrow as pa

    return pa.schema([*_common(plan), *((name, pa.float64()) for name in plan.metrics)])


def failed_schema(plan: Plan) -> Any:
    """The columns of runs that failed."""
    import pyarrow as pa

    return pa.schema([*_common(plan), ("status", pa.string()), ("error", pa.string()), ("settings", pa.string())])


def telemetry_schema() -> Any:
    """The columns of where and when runs were done; the same for every plan."""
    import pyarrow as pa

    return pa.schema(
        [
            ("key", pa.string()),
            ("host", pa.string()),
            ("process", pa.int64()),
            ("seconds", pa.float64()),
            ("ended", pa.timestamp("ms", tz="UTC")),
        ]
    )


def telemetry_table(outcomes: Sequence[Outcome]) -> Any:
    """Where and when some runs were done, in their order."""
    import pyarrow as pa

    columns = {
        "key": [o.run.key for o in outcomes],
        "host": [o.host for o in outcomes],
        "process": [o.process for o in outcomes],
        "seconds": [o.seconds for o in outcomes],
        "ended": [int(o.ended * 1000) for o in outcomes],
    }
    return pa.table(columns, telemetry_schema())


def _common(plan: Plan) -> list[tuple[str, Any]]:
    import pyarrow as pa

    sorts = {"number": pa.float64(), "whole": pa.int64(), "switch": pa.bool_(), "text": pa.string()}
    factors = [(factor.name, sorts[factor.sort]) for factor in plan.factors]
    last = [("replicate", pa.int32()), ("seed", pa.int64()), ("version", pa.string())]
    return [("key", pa.string()), ("arm", pa.string()), *factors, *last]


def rows_table(plan: Plan, outcomes: Sequence[Outcome], schema: Any) -> Any:
    """The rows of some runs, in their order, as a table of one of the schemas."""
    import pyarrow as pa

    return pa.Table.from_pylist([_row(plan, outcome) for outcome in outcomes], schema=schema)


def _row(plan: Plan, outcome: Outcome) -> dict[str, Any]:
    run = outcome.run
    row = common_row(plan, run)
    if outcome.error is None:
        # What is not a number is null: an average in SQL passes over it.
        numbers = (None if math.isnan(value) else value for value in outcome.values)
        return row | dict(zip(plan.metrics, numbers, strict=True))
    return row | {"status": outcome.error.status, "error": outcome.error.text, "settings": _settings(plan, run)}


def common_row(plan: Plan, run: Run) -> dict[str, Any]:
    """What the row of a run has before it is known what becomes of the run."""
    row: dict[str, Any] = {"key": run.key, "arm": run.arm, "replicate": run.replicate}
    row |= {factor.name: value for factor, value in zip(plan.factors, run.values, strict=True)}
    return row | {"seed": plan.experiment.seed, "version": plan.version}


def _settings(plan: Plan, run: Run) -> str:
    """What was laid over the arm's scenario, by path, as JSON."""
    found = {
        path_text(keys): laid
        for factor, value in zip(plan.factors, run.values, strict=True)
        for keys, laid in factor.laid_at(run.arm, value)
    }
    return json.dumps(found, ensure_ascii=False)
