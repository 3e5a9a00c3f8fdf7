"""Counties side by side: service hours over time in both arms, the largest effect first."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from cadre_sim.comparison.statistics import interval
from cadre_sim.figures.source import Result, Source, days_of, result_of_villages
from cadre_sim.figures.style import ARM_COLOURS, ARM_LINES, dress, grid_of, mark_starts, show_months, style
from cadre_sim.labels.names import ARMS_AS_LINES
from cadre_sim.language import language as speaker
from cadre_sim.units import WEEK

MOST = 12
"""Counties that are shown: of more, those with the largest and the smallest effects."""
_ACROSS = 4


def county_effects(result: Result) -> pd.DataFrame:
    """One row a county, the largest effect first: service hours per cadre-week in both arms, effect and 95% interval.

    Measured are whole weeks from the first Monday of the measured days on, up to the last of them or the run's end;
    where there are none, nothing is known of any county, and they stand in the order of the scenario.
    """
    weeks = result.traces.by_week
    scenario, mondays = result.scenario, days_of(weeks["week"])
    measured = mondays >= np.datetime64(scenario.measure_from, "D")
    if scenario.measure_to < scenario.period.end:
        measured &= mondays + 6 <= np.datetime64(scenario.measure_to, "D")
    if not measured.any():
        return pd.DataFrame(
            {"county": result.counties(), **dict.fromkeys(("baseline", "reform", "effect", "low", "high"), np.nan)}
        )
    sums = weeks[measured].groupby(["county", "arm", "replicate"])[["service", "present"]].sum()
    level = (WEEK * sums["service"] / sums["present"].where(sums["present"] > 0)).unstack("arm")
    difference = (level["reform"] - level["baseline"]).unstack("county")
    found = interval(difference.to_numpy())
    means = level.groupby("county")[["baseline", "reform"]].mean().loc[difference.columns]
    table = means.assign(effect=found.mean, low=found.low, high=found.high).rename_axis("county")
    return table.sort_values("effect", ascending=False).reset_index()


def shown_of(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of :func:`county_effects` that are shown."""
    return table if len(table) <= MOST else pd.concat([table[: MOST // 2], table[-MOST // 2 :]])


def counties(
    source: Source, *, axes: Iterable[Axes] | None = None, language: str = "en", scenario: int = 1
) -> list[Axes]:
    """Service hours per cadre-week by week in both arms, a panel a county, sorted by effect.

    Args:
        source: a result folder or a comparison.
        axes: one for each county shown.
        language: its name, such as "en" or "zh".
        scenario: which scenario of a comparison, from 1.
    """
    result, say = result_of_villages(source, scenario), speaker(language)
    if result.baseline is None:
        raise ValueError("effects by county need a comparison")
    table = county_effects(result)
    shown = shown_of(table)
    across = min(_ACROSS, len(shown))
    down = ceil(len(shown) / across)
    starts, weeks = result.county_starts(), result.traces.by_week
    with style():
        size = (10.4 if across > 1 else 6.4, 1.95 * down + 0.9)
        if axes is None:
            found = grid_of(None, (down, across), size, sharex=True, sharey=True)
        else:
            found = grid_of(axes, (1, len(shown)), size)
        for ax, row in zip(found, shown.itertuples(), strict=False):
            own = weeks[weeks["county"] == row.county]
            for arm in result.arms:
                _line(ax, own[own["arm"] == arm], arm)
            own_start, period = starts[str(row.county)], result.scenario.period
            inside = own_start is not None and period.start < own_start <= period.end
            mark_starts(ax, say, [own_start] if own_start and inside else [], label=False)
            bounds = say.between(row.low, row.high, 1, sign=True)
            effect = say.number(row.effect, 1, sign=True)
            ax.set_title(f"{say(str(row.county))}\n{effect}" + (f"  ({bounds})" if bounds else ""), fontsize=9.5)
            dates = days_of(own["week"])
            show_months(ax, say, dates[0].astype(object), dates[-1].astype(object), most=5)
            dress(ax, grid="y")
        for ax in found[len(shown) :]:
            ax.set_visible(False)
        figure = found[0].figure
        if axes is None and figure is not None:
            figure.supylabel(say("service hours per cadre-week"), fontsize=10)
            if result.replicates > 1:
                told = say("under the name: effect (95% interval of its mean); bands: range of replicates")
                figure.suptitle(told, fontsize=9.5, x=0.01, ha="left")
        _name_lines(found[0], result, say)
    return found


def _line(ax: Axes, own: pd.DataFrame, arm: str) -> None:
    level = WEEK * own["service"] / own["present"].where(own["present"] > 0)
    wide = level.groupby([own["week"], own["replicate"]]).first().unstack("replicate")
    x = days_of(wide.index.to_series())
    if wide.shape[1] > 1:
        ax.fill_between(x, wide.min(axis=1), wide.max(axis=1), color=ARM_COLOURS[arm], alpha=0.22, lw=0)  # type: ignore[arg-type]
    ax.plot(x, wide.mean(axis=1), color=ARM_COLOURS[arm], lw=1.5, ls=ARM_LINES[arm])  # type: ignore[arg-type]


def _name_lines(ax: Axes, result: Result, say: Any) -> None:
    """Name both lines in the first panel, one above and one below."""
    for arm, (y, va) in zip(result.arms, ((0.03, "bottom"), (0.97, "top")), strict=True):
        ax.text(0.02, y, say(ARMS_AS_LINES[arm]), transform=ax.transAxes, va=va, fontsize=9, color=ARM_COLOURS[arm])
