"""When inspectors come: a calendar of visits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import Normalize

from cadre_sim.figures.source import Result, Source, days_of, result_of_villages
from cadre_sim.figures.style import dress, grid_of, style
from cadre_sim.labels.names import ARMS
from cadre_sim.language import language as speaker

_HUNDRED = 100.0


def daily_visits(result: Result, arm: str) -> pd.Series[float]:
    """Visits per 100 offices on each working day, over all replicates of an arm."""
    days = result.traces.by_day
    sums = days[days["arm"] == arm].groupby("date")[["visits", "office_days"]].sum()
    return _HUNDRED * sums["visits"] / sums["office_days"]


def visits(
    source: Source, *, axes: Iterable[Axes] | None = None, language: str = "en", scenario: int = 1
) -> list[Axes]:
    """A calendar a year and arm, a column a week and a row a weekday: visits of inspectors per 100 offices.

    Years that are over before anything is measured are the same in both arms, and are shown once; years that begin
    after the last measured date are left out.

    Args:
        source: a result folder, a comparison or runs.
        axes: one for each calendar.
        language: its name, such as "en" or "zh".
        scenario: which scenario of a comparison, from 1.
    """
    result, say = result_of_villages(source, scenario), speaker(language)
    strips: list[tuple[int, str, pd.Series[float]]] = []
    for arm in result.arms:
        for year, own in daily_visits(result, arm).groupby(lambda when: when.year):
            if year > result.scenario.measure_to.year:
                continue
            if arm == result.last_arm or year >= result.scenario.measure_from.year:
                strips.append((int(str(year)), arm, own))
    strips.sort(key=lambda strip: (strip[0], result.arms.index(strip[1])))
    top = max(float(own.max()) for *_, own in strips)
    with style():
        first, last = _weeks_shown(strips)
        size = (10.4 if last - first > 26 else 2.0 + 0.17 * (last - first), 1.62 * len(strips) + 0.5)
        found = grid_of(axes, (len(strips), 1), size)
        for ax, (year, arm, own) in zip(found, strips, strict=True):
            image = _calendar(ax, year, own, Normalize(0.0, top or 1.0))
            before = year < result.scenario.measure_from.year and len(result.arms) > 1
            named = say("before the reform") if before else say(ARMS[arm])
            ax.set_title(f"{year}  {named}")
            ax.set_xlim(first, last)
            months = [m for m in (date(year, k, 1) for k in range(1, 13)) if first <= _column(m) < last]
            ax.set_xticks([_column(m) + 0.5 for m in months], [say.date(m, "LLL") for m in months])
            names = [say.locale.days["stand-alone"]["abbreviated"][d] for d in range(7)]
            ax.set_yticks([0.5, 2.5, 4.5], [names[0], names[2], names[4]])
            dress(ax)
            ax.spines[:].set_visible(False)
            ax.tick_params(length=0)
        figure = found[0].figure
        assert figure is not None
        bar = figure.colorbar(image, ax=found, shrink=0.9 if len(strips) > 1 else 1.0, aspect=30, pad=0.015)
        bar.set_label(say("visits per 100 offices a day"))
        bar.outline.set_visible(False)  # type: ignore[operator]
        dress(bar.ax)
    return found


def _calendar(ax: Axes, year: int, own: pd.Series[float], norm: Normalize) -> Any:
    cells = np.full((7, 54), np.nan)
    for when, value in zip(days_of(own.index.to_series()).astype(object), own, strict=True):
        cells[when.weekday(), _column(when)] = value
    colours = colormaps["viridis"].with_extremes(bad="#F4F4F4")
    image = ax.pcolormesh(np.ma.masked_invalid(cells), cmap=colours, norm=norm, edgecolor="white", lw=1.2)
    ax.set_aspect("equal")
    ax.invert_yaxis()
    return image


def _weeks_shown(strips: list[tuple[int, str, pd.Series[float]]]) -> tuple[int, int]:
    """First week shown and the one after the last: whole years where there are several, else what the run has."""
    if len({year for year, *_ in strips}) > 1:
        return 0, 53
    dates = days_of(strips[0][2].index.to_series()).astype(object)
    return _column(dates[0]), _column(dates[-1]) + 1


def _column(when: date) -> int:
    """Week of the year that a date is in, from 0; weeks begin on Monday."""
    return (when.timetuple().tm_yday - 1 + date(when.year, 1, 1).weekday()) // 7
