"""Event study of a staggered rollout: what an observer would find from counties that start at different dates."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import NDArray

from cadre_sim.arrays import Floats
from cadre_sim.comparison.statistics import interval
from cadre_sim.figures.source import Result, Source, days_of, result_of
from cadre_sim.figures.style import ARM_COLOURS, INK, axes_of, dress, style
from cadre_sim.language import language as speaker
from cadre_sim.units import WEEK

BEFORE, AFTER = 12, 24
"""Weeks that are looked at before and after the start."""
_NEVER = np.iinfo(np.int64).max
_MONDAY = np.datetime64("1969-12-29")


def has_comparison(result: Result) -> bool:
    """Whether counties start at different dates, so that those that start later can be compared with."""
    starts = list(result.county_starts().values())
    return result.baseline is not None and len(set(starts)) > 1 and any(s is not None for s in starts)


def event_study_frame(result: Result) -> pd.DataFrame:
    """One row a week since the start: what the comparison of counties finds, its 95% interval, and the true effect.

    For each county and week, the change of service hours per cadre-week since the ``BEFORE`` weeks before its start,
    less the same change in counties where the reform has not started yet; a mean over counties, weighted by cadre-days.
    ``truth`` is, for the same counties and weeks, the difference to the baseline under common random numbers.
    Columns: week, effect, low, high, truth.
    """
    starts = result.county_starts()
    names = list(starts)
    service, weeks = _levels(result, names)
    truth = service["reform"] - service["baseline"]
    first = np.array([_week_of(s) if s is not None else _NEVER for s in starts.values()])
    found: dict[int, tuple[list[Floats], list[Floats], list[float]]] = {}
    for county, start in enumerate(first):
        if start == _NEVER:
            continue
        prior = (weeks >= start - BEFORE) & (weeks < start)
        if prior.sum() < BEFORE:
            continue
        since = service["reform"] - service["reform"][:, :, prior].mean(axis=2, keepdims=True)
        for place in np.flatnonzero((weeks >= start - BEFORE) & (weeks <= start + AFTER)):
            waiting = (first > max(int(weeks[place]), int(start))) & (np.arange(first.size) != county)
            if waiting.any():
                weight = service["weight"][:, waiting, place]
                others = (since[:, waiting, place] * weight).sum(axis=1) / weight.sum(axis=1)
                row = found.setdefault(int(weeks[place] - start), ([], [], []))
                row[0].append(since[:, county, place] - others)
                row[1].append(truth[:, county, place])
                row[2].append(float(service["weight"][:, county, place].mean()))
    rows = []
    for week in sorted(found):
        effects, true, weights = found[week]
        per_replicate = np.average(np.stack(effects), axis=0, weights=weights)
        spread = interval(per_replicate[:, None])
        mean_truth = float(np.average(np.stack(true), axis=0, weights=weights).mean())
        rows.append((week, float(spread.mean[0]), float(spread.low[0]), float(spread.high[0]), mean_truth))
    return pd.DataFrame(rows, columns=["week", "effect", "low", "high", "truth"])


def event_study(source: Source, *, ax: Axes | None = None, language: str = "en", scenario: int = 1) -> Axes:
    """What counties that start later tell of the effect, week by week since the start, beside the true effect.

    Args:
        source: a result folder or a comparison, of a rollout at several dates.
        ax: what to draw on.
        language: its name, such as "en" or "zh".
        scenario: which scenario of a comparison, from 1.
    """
    result, say = result_of(source, scenario), speaker(language)
    if not has_comparison(result):
        raise ValueError("an event study needs a comparison in which counties start at different dates")
    table = event_study_frame(result)
    with style():
        ax = axes_of(ax, (8.2, 4.2))
        ax.axvspan(float(table["week"].min()) - 0.7, -0.5, color="#F3F3F3", zorder=0)
        ax.axhline(0, color=INK, lw=1)
        ax.axvline(-0.5, color=INK, lw=1.1, ls=(0, (4, 3)))
        ax.plot(table["week"], table["truth"], color=ARM_COLOURS["baseline"], lw=2, zorder=2)
        colour = ARM_COLOURS["reform"]
        if table["low"].notna().any():
            ax.vlines(table["week"], table["low"], table["high"], color=colour, alpha=0.5, lw=3, zorder=3)
        ax.plot(table["week"], table["effect"], "o", color=colour, ms=5, zorder=4)
        top = 0.97
        for text, of in (
            (say("points: compared with counties that start later"), colour),
            (say("line: the true effect, against the same run without reform"), ARM_COLOURS["baseline"]),
        ):
            ax.text(0.015, top, text, transform=ax.transAxes, va="top", fontsize=9.5, color=of,
                    bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5, "alpha": 0.85}, zorder=6)  # fmt: skip
            top -= 0.075
        ax.set_xlim(float(table["week"].min()) - 0.7, float(table["week"].max()) + 0.7)
        low, high = ax.get_ylim()
        ax.set_ylim(low, high + 0.22 * (high - low))
        ax.set_xlabel(say("weeks since the reform started in a county"))
        ax.set_ylabel(say("effect on service hours per cadre-week"))
        if result.replicates > 1:
            ax.set_title(
                say("bars: 95% interval of the mean of {count} replicates", count=result.replicates), fontsize=9.5
            )
        dress(ax, grid="y")
    return ax


def _levels(result: Result, names: list[str]) -> tuple[dict[str, Floats], NDArray[np.int64]]:
    """Service hours per cadre-week by (replicate, county, week) in each arm, cadre-days as weights, and the weeks."""
    table = result.traces.by_week
    wide = table.assign(number=_numbers(days_of(table["week"]))).pivot_table(
        index=["arm", "county", "replicate"], columns="number", values=["service", "present"], aggfunc="sum"
    )
    levels: dict[str, Floats] = {}
    for arm in result.arms:
        own = wide.loc[arm]
        shape = (len(names), result.replicates, -1)
        service = own["service"].loc[names].to_numpy().reshape(shape).swapaxes(0, 1)
        present = own["present"].loc[names].to_numpy().reshape(shape).swapaxes(0, 1)
        levels[arm] = WEEK * service / np.where(present > 0, present, np.nan)
        levels["weight"] = present
    return levels, np.asarray(wide["service"].columns, dtype=np.int64)


def _numbers(dates: NDArray[np.datetime64]) -> NDArray[np.int64]:
    return (dates - _MONDAY).astype(np.int64) // 7


def _week_of(when: date) -> int:
    return int(_numbers(np.array([when], dtype="datetime64[D]"))[0])
