"""The article that a scenario is taken from, figure by figure beside what the model gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from cadre_sim.arrays import Floats
from cadre_sim.comparison.statistics import interval
from cadre_sim.record.bounds import Bounds
from cadre_sim.record.counts import count
from cadre_sim.record.metrics import VILLAGE_KINDS
from cadre_sim.record.result import RunResult
from cadre_sim.scenario.article import Figure, number_at
from cadre_sim.scenario.scenario import Scenario


def model_figures(scenario: Scenario, result: RunResult) -> Floats:
    """What the model has for each figure of a scenario's article, in their order.

    Not a number where it has nothing to say: an input that is switched off, or an output of dates that the run does not
    have in full.
    """
    return np.array([_model_figure(figure, scenario, result) for figure in scenario.article], dtype=np.float64)


def window_of(figure: Figure, scenario: Scenario) -> tuple[date, date]:
    """First and last date that an output is counted over."""
    return figure.from_ or scenario.measure_from, figure.to or scenario.measure_to


def article_frame(scenario: Scenario, values: Floats) -> pd.DataFrame:
    """One row a figure: what the article says, and what the model gives.

    Args:
        scenario: whose article.
        values: what :func:`model_figures` gave, shape (replicates, figures).
    """
    figures = scenario.article
    at_least_none = Bounds(np.zeros(len(figures)), np.full(len(figures), np.inf))
    found = interval(values, bounds=at_least_none)
    output = np.array([f.role == "output" for f in figures], dtype=np.bool_)
    figure = np.array([f.figure for f in figures], dtype=np.float64)
    windows = [window_of(f, scenario) if f.role == "output" else (None, None) for f in figures]
    return pd.DataFrame(
        {
            "row": np.array([f.row for f in figures], dtype=np.int64),
            "text": [f.text for f in figures],
            "figure": figure,
            "at_least": np.array([f.at_least for f in figures], dtype=np.bool_),
            "role": [f.role for f in figures],
            "value": [f.value for f in figures],
            "from": [str(first) if first else None for first, _ in windows],
            "to": [str(last) if last else None for _, last in windows],
            "mean": found.mean,
            "low": np.where(output, found.low, np.nan),
            "high": np.where(output, found.high, np.nan),
            "ratio": found.mean / figure,
        }
    )


def verdicts(frame: pd.DataFrame) -> Iterator[str]:
    """A sentence for each output: whether the article's figure lies in the model's interval, or how far from it."""
    for row in frame[frame["role"] == "output"].to_dict("records"):
        yield f"Row {row['row']}: the article's figure ({said(row)}) {_verdict(row)}."


def said(row: Mapping[Any, Any]) -> str:
    """The figure of a row of :func:`article_frame` as the article gives it: "over 13,400"."""
    return f"{'over ' if row['at_least'] else ''}{row['figure']:,.10g}"


def _verdict(row: Mapping[Any, Any]) -> str:
    figure, mean, low, high = (float(row[name]) for name in ("figure", "mean", "low", "high"))
    if np.isnan(mean):
        return f"cannot be compared: the run does not have all days from {row['from']} to {row['to']}"
    if mean == 0.0:
        return "is not met: the model gives none"
    if np.isnan(low):
        return f"has no interval to lie in: the model gives {mean / figure:.2f} times as much, in one replicate"
    if low <= figure <= high:
        return "lies in the model's interval"
    if figure < low:
        allowed = " ('over' allows that)" if row["at_least"] else ""
        return f"lies below the model's interval{allowed}: the model gives more{_by(mean / figure)}"
    return f"lies above the model's interval: the model gives less{_by(figure / mean)}"


def _by(factor: float) -> str:
    """How far the larger of two figures is from the smaller."""
    return f" by a factor of {factor:.2f}" if factor >= 1.005 else ", by less than 1%"


def _model_figure(figure: Figure, scenario: Scenario, result: RunResult) -> float:
    if figure.role == "output":
        first, last = window_of(figure, scenario)
        inside = scenario.period.start <= first <= last <= scenario.period.end
        return count(result, figure.value, first, last) if inside else np.nan
    number = number_at(scenario, figure.value)
    if number is None:
        return np.nan
    return number * np.isin(result.world.offices.kind, VILLAGE_KINDS).sum() if figure.per_office else number
