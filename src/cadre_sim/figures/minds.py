"""How motivation and caution are spread over cadres, and how that moves."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import NDArray

from cadre_sim.figures.source import Result, Source, result_of_villages
from cadre_sim.figures.style import ARM_COLOURS, ARM_LINES, FAINT, INK, dress, grid_of, style
from cadre_sim.labels.names import ARMS_AS_LINES
from cadre_sim.labels.names import MINDS as MIND_LABELS
from cadre_sim.language import language as speaker
from cadre_sim.record.minds import MIND_BINS, MINDS

_ROWS = 6
_OVERLAP = 1.75


def density(result: Result, arm: str, mind: str) -> pd.DataFrame:
    """Density of a mind over cadres, over all replicates: a row a month, a column the middle of a bin."""
    table = result.traces.minds
    own = table[(table["arm"] == arm) & (table["mind"] == mind)]
    counts = own.pivot_table(index="month", columns="from", values="cadres", aggfunc="sum")
    counts.columns = counts.columns + 0.5 / MIND_BINS
    return MIND_BINS * counts.div(counts.sum(axis=1), axis=0)


def minds(source: Source, *, axes: Iterable[Axes] | None = None, language: str = "en", scenario: int = 1) -> list[Axes]:
    """Densities of motivation and of caution over cadres, month under month, in both arms.

    Args:
        source: a result folder, a comparison or runs.
        axes: two to draw on.
        language: its name, such as "en" or "zh".
        scenario: which scenario of a comparison, from 1.
    """
    result, say = result_of_villages(source, scenario), speaker(language)
    months = _months(result)
    with style():
        found = grid_of(axes, (1, len(MINDS)), (10.4, 0.62 * len(months) + 1.8), sharey=axes is None)
        for ax, mind in zip(found, MINDS, strict=True):
            curves = {arm: density(result, arm, mind) for arm in result.arms}
            cadres = _cadres(result)
            peak = max(float(c.loc[months].to_numpy().max()) for c in curves.values())
            for place, month in enumerate(months):
                base = float(len(months) - 1 - place)
                ax.axhline(base, color=FAINT, lw=0.8, zorder=0)
                for arm, curve in curves.items():
                    x, y = _smooth(curve.loc[month], cadres)
                    height = base + _OVERLAP * y / peak
                    if arm == result.last_arm:
                        ax.fill_between(x, base, height, color=ARM_COLOURS[arm], alpha=0.3, lw=0, zorder=place + 1)
                    ax.plot(x, height, color=ARM_COLOURS[arm], lw=1.5, ls=ARM_LINES[arm], zorder=place + 1.5)
            ax.set_yticks(range(len(months)), [say.month(m.date()) for m in reversed(months)])
            ax.set_ylim(-0.1, len(months) - 1 + _OVERLAP + 0.1)
            ax.set_xlim(0, 1)
            ax.set_xlabel(say(MIND_LABELS[mind]))
            dress(ax)
            ax.spines["left"].set_visible(False)
            ax.tick_params(axis="y", length=0)
        first = found[0]
        threshold = result.scenario.behaviour.minds.proactive_from
        first.axvline(threshold, color=INK, lw=0.9, ls=(0, (2, 2)), zorder=30)
        first.annotate(say("proactive from here"), (threshold, 1.0), xycoords=("data", "axes fraction"), xytext=(4, -2),
                       textcoords="offset points", va="top", fontsize=9)  # fmt: skip
        first.set_title(say("density of cadres at the end of each month"), fontsize=9.5)
        for place, arm in enumerate(result.arms):
            found[-1].text(0.98, 0.99 - 0.075 * place, say(ARMS_AS_LINES[arm]), transform=found[-1].transAxes,
                                ha="right", va="top", fontsize=9.5, color=ARM_COLOURS[arm])  # fmt: skip
    return found


def _months(result: Result) -> list[pd.Timestamp]:
    """A few months: the last one before anything is measured, the last measured one, and some between them."""
    known = pd.DatetimeIndex(result.traces.minds["month"].unique()).sort_values()
    begun = [month for month in known if month.date() <= result.scenario.measure_to]
    every = [month for month in begun if _is_measured_at_its_end(month, result)] or begun[-1:]
    before = [m for m in every if m.date() < result.scenario.measure_from.replace(day=1)]
    since = every[max(len(before) - 1, 0) :]
    places = np.unique(np.linspace(0, len(since) - 1, min(_ROWS, len(since))).round().astype(int))
    return [since[k] for k in places]


def _is_measured_at_its_end(month: pd.Timestamp, result: Result) -> bool:
    """Whether the end of a month, of which the state is, does not come after the last measured date."""
    last = min((month + pd.offsets.BMonthEnd(0)).date(), result.scenario.period.end)
    return bool(last <= result.scenario.measure_to)


def _cadres(result: Result) -> float:
    """Cadres that a density is of, over all replicates of an arm."""
    table = result.traces.minds
    return float(table["cadres"].sum()) / (len(MINDS) * len(result.arms) * table["month"].nunique())


def _smooth(row: pd.Series[float], cadres: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """A density on a finer grid, each bin spread by a normal kernel; nothing leaves 0 to 1.

    The kernel is as wide as a bin, and wider where there are so few cadres that each would be seen (Scott's rule).
    """
    x = np.linspace(0.0, 1.0, 201)
    middles = row.index.to_numpy(dtype=float)
    share = row.to_numpy() / MIND_BINS
    mean = float(share @ middles)
    deviation = float(np.sqrt(share @ (middles - mean) ** 2))
    width = max(1.0 / MIND_BINS, deviation * cadres**-0.2) if cadres else 1.0 / MIND_BINS
    kernel = sum(np.exp(-0.5 * ((x[:, None] - image) / width) ** 2) for image in (middles, -middles, 2.0 - middles))
    kernel = kernel / (np.sqrt(2.0 * np.pi) * width)
    return x, kernel @ share
