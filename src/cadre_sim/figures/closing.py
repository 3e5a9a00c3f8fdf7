"""How long residents wait: days from a matter's receipt to its closing."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from cadre_sim.figures.source import Source, result_of_villages
from cadre_sim.figures.style import ARM_COLOURS, ARM_LINES, axes_of, dress, style
from cadre_sim.labels.names import ARMS_AS_LINES
from cadre_sim.language import language as speaker
from cadre_sim.workday.outputs import DAY_BINS

NINE_TENTHS = 0.9
LAST_DAY = DAY_BINS - 1
"""So many days or more: what takes longer is not told apart."""
_SHOWN = 0.985
"""Share of matters up to which the axis goes, in the slower arm."""


def shares_closed(table: pd.DataFrame) -> pd.DataFrame:
    """Share of closed matters that were closed within so many days: a row a day, a column a replicate, then ``all``."""
    counts = table.pivot_table(index="days", columns="replicate", values="matters", aggfunc="sum")
    counts = counts.assign(all=counts.sum(axis=1))
    return counts.cumsum() / counts.sum().where(counts.sum() > 0)


def days_to_close(source: Source, *, ax: Axes | None = None, language: str = "en", scenario: int = 1) -> Axes:
    """Share of matters closed within so many days, with the days within which nine of ten are closed.

    Args:
        source: a result folder, a comparison or runs.
        ax: what to draw on.
        language: its name, such as "en" or "zh".
        scenario: which scenario of a comparison, from 1.
    """
    result, say = result_of_villages(source, scenario), speaker(language)
    table = result.traces.days_to_close
    shares = {arm: shares_closed(table[table["arm"] == arm]) for arm in result.arms}
    with style():
        ax = axes_of(ax, (6.0, 3.8))
        last = max(3, *(_within(found["all"], _SHOWN) for found in shares.values()))
        ninths = {arm: _within(found["all"], NINE_TENTHS) for arm, found in shares.items()}
        ax.axhline(NINE_TENTHS, color="#BBBBBB", lw=0.9)
        for arm, found in shares.items():
            colour, own = ARM_COLOURS[arm], found.drop(columns="all")
            if own.shape[1] > 1:
                ax.fill_between(
                    found.index, own.min(axis=1), own.max(axis=1), step="post", color=colour, alpha=0.2, lw=0
                )
            ax.step(found.index, found["all"], where="post", color=colour, lw=2, ls=ARM_LINES[arm])
            ax.plot([ninths[arm]] * 2, [0, NINE_TENTHS], color=colour, lw=1, ls=(0, (3, 2)))
        order = sorted(shares, key=lambda arm: ninths[arm])
        for place, arm in enumerate(order):
            within = f"{LAST_DAY}+" if ninths[arm] == LAST_DAY else ninths[arm]
            text = say("{arm}: nine of ten within {days} days", arm=say(ARMS_AS_LINES[arm]), days=within)
            ax.text(0.985 * last, 0.12 + 0.09 * (len(order) - 1 - place), text, color=ARM_COLOURS[arm], ha="right",
                    fontsize=10, bbox={"facecolor": "white", "edgecolor": "none", "pad": 2})  # fmt: skip
        ax.set_xlim(0, last)
        ax.set_ylim(0, 1)
        ax.yaxis.set_major_formatter(PercentFormatter(1.0))
        ax.set_xlabel(say("calendar days from receipt to closing"))
        ax.set_ylabel(say("share of closed matters"))
        if result.replicates > 1:
            ax.set_title(say("line: all {count} replicates; band: their range", count=result.replicates), fontsize=9.5)
        dress(ax)
    return ax


def _within(shares: pd.Series[float], share: float) -> int:
    """Smallest number of days by which a share of the matters is closed."""
    reached = np.flatnonzero(shares.to_numpy() >= share)
    return int(shares.index[reached[0]]) if reached.size else int(shares.index[-1])
