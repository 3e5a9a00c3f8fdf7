"""Effects with their intervals: levels of both arms, and the paired difference."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from cadre_sim.figures.hours import HOURS
from cadre_sim.figures.source import Source, metric_row, result_of_villages
from cadre_sim.figures.style import (
    ACTIVITY_COLOURS,
    ARM_COLOURS,
    INK,
    dress,
    grid_of,
    style,
)
from cadre_sim.labels.names import ACTIVITY_GROUPS, ARMS
from cadre_sim.language import MINUS, Language
from cadre_sim.language import language as speaker


def effects(
    source: Source,
    *,
    groups: Sequence[str] | None = None,
    axes: Iterable[Axes] | None = None,
    language: str = "en",
    scenario: int = 1,
) -> list[Axes]:
    """Hours by activity in both arms, and their paired difference with its 95% interval and the range of replicates.

    Args:
        source: a result folder or a comparison.
        groups: groups of activities, by default all, the largest gain first.
        axes: two to draw on.
        language: its name, such as "en" or "zh".
        scenario: which scenario of a comparison, from 1.
    """
    result, say = result_of_villages(source, scenario), speaker(language)
    if result.baseline is None:
        raise ValueError("effects need a comparison: a run alone has none")
    rows = {group: metric_row(result, f"{group}_hours") for group in groups or ACTIVITY_COLOURS}
    order = sorted(rows, key=lambda group: float(rows[group]["effect"]))
    values = result.values.assign(difference=result.values["reform"] - result.values["baseline"])
    ranges = values.groupby("metric")["difference"].agg(["min", "max"])
    with style():
        found = grid_of(axes, (1, 2), (10.4, 0.42 * len(rows) + 1.7), sharey=axes is None)
        levels, differences = found
        for y, group in enumerate(order):
            row, colour = rows[group], ACTIVITY_COLOURS[group]
            levels.plot([row["baseline"], row["reform"]], [y, y], color="#CFCFCF", lw=3, zorder=1)
            levels.plot(row["baseline"], y, "o", ms=7.5, mfc="white", mec=ARM_COLOURS["baseline"], mew=1.8, zorder=2)
            levels.plot(row["reform"], y, "o", ms=8, mfc=colour, mec=INK, mew=0.8, zorder=3)
            low, high = ranges.loc[f"{group}_hours"]
            differences.barh(y, high - low, 0.34, low, color=colour, alpha=0.42, zorder=1)
            _interval(differences, row, y)
            differences.annotate(say.number(row["effect"], 2, sign=True), (row["effect"], y), xytext=(0, 8),
                                 textcoords="offset points", ha="center", fontsize=9)  # fmt: skip
        for ax in (levels, differences):
            ax.set_yticks(range(len(order)), [say(ACTIVITY_GROUPS[group].name) for group in order])
            ax.set_ylim(-0.6, len(order) - 0.25)
            dress(ax, grid="x")
        differences.axvline(0, color=INK, lw=1, zorder=0)
        differences.tick_params(labelleft=False)
        differences.use_sticky_edges = False  # of one replicate a band has no width, and would hold the axis to it
        differences.margins(x=0.1)
        levels.set_xlim(left=0)
        levels.set_xlabel(say(HOURS))
        differences.set_xlabel(say("change in hours per cadre-week (with reform {minus} without)", minus=MINUS))
        levels.set_title(f"○ {say(ARMS['baseline'])}   ● {say(ARMS['reform'])}", fontsize=9.5)
        differences.set_title(named_intervals(say, result.replicates), fontsize=9.5)
    return found


def named_intervals(say: Language, replicates: int) -> str:
    """What the marks of an effect are: with one replicate there is no interval."""
    if replicates == 1:
        return say("one replicate: no interval")
    return say(
        "bar: 95% interval of the mean of {count} paired replicates\nband: range of these replicates", count=replicates
    )


def _interval(ax: Axes, row: Any, y: float) -> None:
    if np.isfinite(row["low"]):
        half = [[row["effect"] - row["low"]], [row["high"] - row["effect"]]]
        ax.errorbar(row["effect"], y, xerr=half, fmt="none", ecolor=INK, elinewidth=1.4, capsize=4, zorder=3)
    ax.plot(row["effect"], y, "o", ms=4.5, color=INK, zorder=4)
