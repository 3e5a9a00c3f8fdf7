"""Where the hours go: by week over time, and the week of a cadre before, without and with the reform."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from cadre_sim.figures.source import Result, Source, days_of, result_of_villages
from cadre_sim.figures.style import (
    ACTIVITY_COLOURS,
    INK,
    axes_of,
    dress,
    grid_of,
    mark_starts,
    show_months,
    spread_out,
    style,
)
from cadre_sim.labels.names import ACTIVITY_GROUPS, ARMS
from cadre_sim.language import language as speaker
from cadre_sim.language import mark
from cadre_sim.units import WEEK

HOURS = mark("hours per cadre-week")
_GROUPS = list(ACTIVITY_COLOURS)
_BEFORE = mark("before")


def weekly_hours(result: Result, arm: str) -> pd.DataFrame:
    """Hours per cadre-week by group of activities, one row a calendar week, over all replicates of an arm.

    Weeks are named by the date of their Monday.
    """
    days = result.traces.by_day
    days = days[days["arm"] == arm]
    dates = days_of(days["date"])
    mondays = dates - (dates.astype(np.int64) - 4) % 7
    sums = days[[*_GROUPS, "present"]].groupby(pd.Index(mondays.astype("datetime64[s]"), name="week")).sum()
    return WEEK * sums[_GROUPS].div(sums["present"].where(sums["present"] > 0), axis=0).dropna()


def mean_week(result: Result, arm: str, *, before: bool = False) -> pd.Series[float]:
    """Hours per cadre-week by group of activities over the measured days of an arm, or over the days before."""
    days = result.traces.by_day
    dates, window = days_of(days["date"]), (result.scenario.measure_from, result.scenario.measure_to)
    first, last = (np.datetime64(when, "D") for when in window)
    chosen = dates < first if before else (first <= dates) & (dates <= last)
    sums = days[(days["arm"] == arm) & chosen][[*_GROUPS, "present"]].sum()
    return WEEK * sums[_GROUPS] / sums["present"]


def hours(source: Source, *, axes: Iterable[Axes] | None = None, language: str = "en", scenario: int = 1) -> list[Axes]:
    """Hours per cadre-week by activity over time, stacked, an arm beside the other, with the date of the reform.

    Args:
        source: a result folder, a comparison or runs.
        axes: one for each arm to draw on.
        language: its name, such as "en" or "zh".
        scenario: which scenario of a comparison, from 1.
    """
    result, say = result_of_villages(source, scenario), speaker(language)
    with style():
        found = grid_of(axes, (1, len(result.arms)), (10.4, 3.9), sharey=True)
        weeks = {arm: weekly_hours(result, arm) for arm in result.arms}
        top = max(float(table.sum(axis=1).max()) for table in weeks.values())
        for ax, (arm, table) in zip(found, weeks.items(), strict=True):
            x = days_of(table.index.to_series())
            ax.stackplot(x, table.to_numpy().T, colors=list(ACTIVITY_COLOURS.values()), edgecolor="white", lw=0.6)
            ax.set_xlim(x[0], x[-1] if x.size > 1 else x[0] + np.timedelta64(7, "D"))
            ax.set_ylim(0, top)
            ax.set_title(say(ARMS[arm]), pad=20 if arm == result.last_arm else 8)
            show_months(ax, say, x[0].astype(object), x[-1].astype(object))
            if arm == result.last_arm:
                mark_starts(ax, say, _first_few(result.starts()))
                _name_bands(ax, table, top, say)
            dress(ax)
        found[0].set_title(say(ARMS[result.arms[0]]), pad=20)
        found[0].set_ylabel(say(HOURS))
    return found


def week(source: Source, *, ax: Axes | None = None, language: str = "en", scenario: int = 1) -> Axes:
    """A cadre's week before the reform, and over the measured days without and with it: stacked shares side by side.

    Args:
        source: a result folder, a comparison or runs.
        ax: what to draw on.
        language: its name, such as "en" or "zh".
        scenario: which scenario of a comparison, from 1.
    """
    result, say = result_of_villages(source, scenario), speaker(language)
    bars = [(say(ARMS[arm]), mean_week(result, arm)) for arm in result.arms]
    before = mean_week(result, result.last_arm, before=True)
    if before.notna().all():
        bars.insert(0, (say(_BEFORE), before))
    with style():
        ax = axes_of(ax, (6.0, 4.2))
        for place, (_, hours_of) in enumerate(bars):
            shares, bottom = 100.0 * hours_of / hours_of.sum(), 0.0
            for group in _GROUPS:
                share = float(shares[group])
                ax.bar(place, share, 0.66, bottom, color=ACTIVITY_COLOURS[group], edgecolor="white", linewidth=0.8)
                if share >= 4.0:
                    text = f"{hours_of[group]:.1f}"
                    ax.text(place, bottom + share / 2, text, ha="center", va="center", fontsize=9, color=_on(group))
                bottom += share
        last = 100.0 * bars[-1][1] / bars[-1][1].sum()
        tops = last.cumsum()
        middles = spread_out((tops - last / 2).tolist(), 5.0, 0.0, 100.0)
        for group, middle in zip(_GROUPS, middles, strict=True):
            ax.text(len(bars) - 0.62, middle, say(ACTIVITY_GROUPS[group].name), va="center", fontsize=9.5)
        totals = [say("{hours} h a week", hours=say.number(float(h.sum()), 1)) for _, h in bars]
        names = [f"{name}\n{total}" for (name, _), total in zip(bars, totals, strict=True)]
        ax.set_xticks(range(len(bars)), names)
        ax.set_xlim(-0.5, len(bars) - 0.6 + 0.95)
        ax.set_ylim(0, 100)
        ax.set_ylabel(say("share of hours worked [%]"))
        ax.set_title(say("in the bars: hours per cadre-week"), fontsize=9.5)
        dress(ax)
        ax.spines["bottom"].set_visible(False)
        ax.tick_params(axis="x", length=0, labelsize=9.5)
    return ax


def _name_bands(ax: Axes, table: pd.DataFrame, top: float, say: Any) -> None:
    """Name the bands of a stack at their right end."""
    end = table.iloc[-4:].mean()
    middles = spread_out((end.cumsum() - end / 2).tolist(), top * 0.062, 0.0, top)
    for group, middle in zip(_GROUPS, middles, strict=True):
        ax.annotate(
            say(ACTIVITY_GROUPS[group].name),
            (1.0, middle),
            xycoords=("axes fraction", "data"),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            fontsize=9.5,
            annotation_clip=False,
        )


def _on(group: str) -> str:
    """Colour of a text on a colour of an activity."""
    return "white" if group in ("inspection", "service") else INK


def _first_few(starts: tuple[date, ...], most: int = 6) -> tuple[date, ...]:
    return starts[:most]
