"""Analyses of many runs: what each measure contributes, and which parameters an effect depends on."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from cadre_sim.figures.style import ACCENT, ARM_COLOURS, FAINT, INK, axes_of, dress, style
from cadre_sim.language import language as speaker
from cadre_sim.language import mark
from cadre_sim.scenario.measures import measure_name

EFFECT = mark("effect on service hours per cadre-week")
_UP, _WHOLE = ARM_COLOURS["reform"], INK
_DOWN = "#7FA8CF"


def attribution(
    frame: pd.DataFrame, *, ax: Axes | None = None, language: str = "en", label: str = EFFECT, digits: int = 2
) -> Axes:
    """What each measure contributes: bars that go on where the last one ended, down to the effect of all together.

    A diamond tells what the measure does alone, from the start of its bar; its distance from the end of the bar is
    what the measures do to each other.

    Args:
        frame: one row a measure: ``measure`` (its key, or any name), ``effect`` (its Shapley value), ``low`` and
            ``high`` (its 95% interval), and ``alone``, its effect when nothing else is in force. Low, high and
            alone may be not a number.
        ax: what to draw on.
        language: its name, such as "en" or "zh".
        label: what the effects are on, with unit; a message of the catalogue, or any text.
        digits: decimals of the effects.
    """
    say = speaker(language)
    rows = frame.sort_values("effect", ascending=False, kind="stable").reset_index(drop=True)
    whole = float(rows["effect"].sum())
    with style():
        ax = axes_of(ax, (8.2, 0.44 * (len(rows) + 1) + 1.5))
        start = 0.0
        for place, row in rows.iterrows():
            y, end = float(len(rows) - int(str(place))), start + float(row["effect"])
            ax.barh(y, row["effect"], 0.6, start, color=_UP if row["effect"] >= 0 else _DOWN, zorder=2)
            ax.plot([end, end], [y - 1.3, y + 0.3], color="#9A9A9A", lw=0.8, zorder=1)
            edge = max(start, end)
            if np.isfinite(row["low"]) and np.isfinite(row["high"]):
                ax.plot(
                    [start + row["low"], start + row["high"]], [y, y], "|-", color=INK, ms=7, mew=1.3, lw=1.3, zorder=3
                )
                edge = max(edge, start + row["high"])
            if np.isfinite(row["alone"]):
                ax.plot(start + row["alone"], y, "D", ms=6.5, mfc="white", mec=ACCENT, mew=1.6, zorder=4)
                edge = max(edge, start + row["alone"])
            ax.annotate(say.number(row["effect"], digits, sign=True), (edge, y), xytext=(8, 0),
                        textcoords="offset points", va="center", fontsize=9)  # fmt: skip
            start = end
        ax.barh(0, whole, 0.6, color=_WHOLE, zorder=2)
        ax.annotate(say.number(whole, digits, sign=True), (max(whole, 0.0), 0), xytext=(8, 0),
                    textcoords="offset points", va="center", fontsize=9)  # fmt: skip
        names = [measure_name(name, say) for name in rows["measure"].astype(str)]
        ax.set_yticks([*range(len(rows), 0, -1), 0], [*names, say("all together")])
        ax.axvline(0, color=INK, lw=1)
        ax.margins(x=0.12)
        ax.set_xlabel(say(label))
        handles = [
            Patch(color=_UP, label=say("share of the effect (Shapley value), with the 95% interval of its mean")),
            Line2D([], [], marker="D", ls="", mfc="white", mec=ACCENT, mew=1.6, label=say("the measure alone")),
        ]
        ax.legend(handles=handles, loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=1, borderpad=0, handlelength=1.2)
        dress(ax, grid="x")
    return ax


def sensitivity(
    frame: pd.DataFrame,
    *,
    ax: Axes | None = None,
    language: str = "en",
    of: str = EFFECT,
    most: int = 15,
    shares: bool = True,
) -> Axes:
    """Which parameters the effect depends on: the share of its variance that each explains, the largest first.

    Args:
        frame: one row a parameter: ``parameter``, ``index`` with ``low`` and ``high``, and where known ``total`` with
            ``total_low`` and ``total_high``: with all that the parameter does together with others.
        ax: what to draw on.
        language: its name, such as "en" or "zh".
        of: whose variance it is; a message of the catalogue, or any text.
        most: parameters that are shown.
        shares: whether indices are shares of the variance (Sobol); else mean changes, in the unit of the effect, when
            the parameter moves through its range (Morris).
    """
    say = speaker(language)
    known = frame["total"].notna().any()
    rows = frame.sort_values("total" if known else "index", ascending=False, kind="stable")[:most].reset_index(
        drop=True
    )
    with style():
        ax = axes_of(ax, (8.2, 0.36 * len(rows) + 1.6))
        for place, row in rows.iterrows():
            y = float(len(rows) - 1 - int(str(place)))
            ax.axhline(y, color=FAINT, lw=0.8, zorder=0)
            for column, low, high, offset, face in (
                ("index", "low", "high", 0.12 if known else 0.0, _UP),
                ("total", "total_low", "total_high", -0.12, "white"),
            ):
                if pd.isna(row[column]):
                    continue
                if pd.notna(row[low]) and pd.notna(row[high]):
                    ax.plot([row[low], row[high]], [y + offset] * 2, color=_UP, alpha=0.55, lw=2.2, zorder=2)
                ax.plot(row[column], y + offset, "o", ms=6.5, mfc=face, mec=_UP, mew=1.6, zorder=3)
        ax.set_yticks(range(len(rows)), [say(str(name)) for name in rows["parameter"][::-1]])
        ax.set_ylim(-0.7, len(rows) - 0.3)
        ax.axvline(0, color=INK, lw=1)
        if shares:
            ax.set_xlabel(say("share of the variance of: {what} [1]", what=say(of)))
            index = say("alone (first order)")
        else:
            ax.set_xlabel(say(of))
            index = say("mean change through the parameter's range (mu*)")
        handles = [Line2D([], [], marker="o", ls="", mfc=_UP, mec=_UP, label=index)]
        if known:
            total = say("with all interactions (total)")
            handles.append(Line2D([], [], marker="o", ls="", mfc="white", mec=_UP, mew=1.6, label=total))
        handles.append(Line2D([], [], color=_UP, alpha=0.55, lw=2.2, label=say("95% interval of the estimate")))
        ax.legend(
            handles=handles,
            loc="lower left",
            bbox_to_anchor=(0.0, 1.0),
            ncols=3 if known else 1,
            borderpad=0,
            handlelength=1.2,
        )
        dress(ax)
    return ax
