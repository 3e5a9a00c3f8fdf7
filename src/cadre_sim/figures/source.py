"""What figures and reports are made of: results as tidy tables, from a folder, a comparison or runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from cadre_sim.comparison.compare import Comparison, told
from cadre_sim.comparison.replicate import RunSet
from cadre_sim.comparison.tables import checks, replicates_frame, run_checks, traces
from cadre_sim.errors import InputError
from cadre_sim.record.metrics import metric_catalogue
from cadre_sim.record.reading import ARMS, RUN, read_result
from cadre_sim.record.trace import Traces
from cadre_sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Result:
    """One scenario of a comparison, or a run.

    Attributes:
        scenario: what was run.
        baseline: what it was compared with; None for a run.
        seed: root seed.
        replicates: how many of each arm.
        effects: one row a metric: baseline, reform, effect, low, high, percent, before_after; of a run mean, low, high.
        values: one row a replicate and metric: baseline, reform, before; for a run none.
        traces: tables by day and week, of days to close, and of minds, with an arm in the first column.
        article: figures of the article beside the model's, if any.
        checks: what was checked, which reforms are idle, and what the cuts are worth; for a run idle reforms only.
        manifest: versions, command and times, where it comes from a folder.
    """

    scenario: Scenario
    baseline: Scenario | None
    seed: int
    replicates: int
    effects: pd.DataFrame
    values: pd.DataFrame
    traces: Traces
    article: pd.DataFrame
    checks: dict[str, Any] = field(default_factory=dict)
    manifest: dict[str, Any] = field(default_factory=dict)

    @property
    def arms(self) -> tuple[str, ...]:
        """Its arms, the baseline first."""
        return (RUN,) if self.baseline is None else ARMS

    @property
    def last_arm(self) -> str:
        """The arm of the scenario itself."""
        return self.arms[-1]

    def starts(self) -> tuple[date, ...]:
        """Dates within the run on which counties see the first reform that the baseline does not have, each once."""
        period = self.scenario.period
        found = {when for when in self.county_starts().values() if when is not None}
        return tuple(sorted(when for when in found if period.start < when))

    def county_starts(self) -> dict[str, date | None]:
        """For each county the date on which its first reform starts; None where none does by the end of the run."""
        before = self.baseline.reforms if self.baseline is not None else {}
        own = [m for name, m in self.scenario.reforms.items() if before.get(name) != m]
        found: dict[str, date | None] = {}
        for county in self.counties():
            inside = [m for m in own if m.where is None or m.where.counties is None or county in m.where.counties]
            starts = [(m.rollout or {}).get(county, m.from_) for m in inside]
            found[county] = min((s for s in starts if s <= self.scenario.period.end), default=None)
        return found

    def counties(self) -> tuple[str, ...]:
        """Its counties, in the order of the scenario."""
        return tuple(self.traces.by_week["county"].astype(str).unique())

    @property
    def has_villages(self) -> bool:
        """Whether there is anybody at villages and communities: most figures are of them."""
        return bool(self.traces.by_day["present"].sum() > 0)


def results_of(source: Source) -> tuple[Result, ...]:
    """All results of a source: one a scenario of a comparison, or the one of a run.

    Raises:
        InputError: see :func:`~cadre_sim.record.reading.read_result`.
    """
    if isinstance(source, Result):
        return (source,)
    if isinstance(source, Comparison):
        return tuple(_of_comparison(source))
    if isinstance(source, RunSet):
        return (_of_runs(source),)
    return tuple(_of_folder(Path(source)))


def result_of(source: Source, scenario: int = 1) -> Result:
    """One result of a source; scenarios of a comparison are numbered from 1."""
    found = results_of(source)
    if not 1 <= scenario <= len(found):
        raise InputError(f"scenario: must be 1 to {len(found)} (got {scenario})")
    return found[scenario - 1]


def result_of_villages(source: Source, scenario: int = 1) -> Result:
    """One result of a source, for a figure of villages and communities.

    Raises:
        InputError: there is nobody at villages and communities, so that there is nothing to draw.
    """
    found = result_of(source, scenario)
    if not found.has_villages:
        raise InputError("the figure is of villages and communities, and the place has none with cadres")
    return found


Source = Result | Comparison | RunSet | Path | str
"""What a figure can be made of."""


def _of_comparison(comparison: Comparison) -> Iterator[Result]:
    values, tables, checked = replicates_frame(comparison), traces(comparison), checks(comparison)
    for number, (effects, found) in enumerate(zip(comparison.arms, comparison.idle, strict=True), 1):
        yield Result(
            effects.arm.reform, effects.arm.baseline, comparison.seed, comparison.replicates, told(effects, found),
            _of_scenario(values, number), Traces(*(_of_scenario(t, number) for t in tables)), effects.article(),
            checked[number - 1],
        )  # fmt: skip


def _of_runs(runs: RunSet) -> Result:
    return Result(
        runs.scenario, None, runs.seed, len(runs.results), runs.summary(), pd.DataFrame(), _as_run(runs.traces()),
        pd.DataFrame(), run_checks(runs)[0],
    )  # fmt: skip


def _of_folder(folder: Path) -> Iterator[Result]:
    found = read_result(folder)
    for each in found.scenarios:
        yield Result(
            each.scenario, each.baseline, found.seed, found.replicates, each.table, each.values, each.traces,
            each.article, each.checks, found.manifest,
        )  # fmt: skip


def _of_scenario(frame: pd.DataFrame, number: int) -> pd.DataFrame:
    return frame[frame["scenario"] == number].drop(columns="scenario").reset_index(drop=True)


def _as_run(tables: Traces) -> Traces:
    for table in tables:
        table.insert(0, "arm", RUN)
    return tables


def metric_row(result: Result, metric: str) -> pd.Series[Any]:
    """The row of a metric in the table of effects."""
    place = [d.name for d in metric_catalogue()].index(metric)
    found: pd.Series[Any] = result.effects.iloc[place]
    if found["metric"] != metric:
        found = result.effects.set_index("metric", drop=False).loc[metric]
    return found


def days_of(column: pd.Series[Any]) -> np.ndarray[Any, np.dtype[np.datetime64]]:
    """Dates of a column as days."""
    return np.asarray(column.to_numpy(), dtype="datetime64[D]")
