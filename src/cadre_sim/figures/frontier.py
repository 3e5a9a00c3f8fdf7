"""The frontier of a design: reforms that no other betters, among all that were tried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes

from cadre_sim.figures.style import ARM_COLOURS, INK, axes_of, dress, style
from cadre_sim.language import language as speaker


def frontier(
    points: pd.DataFrame,
    best: pd.DataFrame,
    metrics: Sequence[str],
    labels: Mapping[str, str],
    *,
    ax: Axes | None = None,
    language: str = "en",
) -> Axes:
    """All points by two metrics, and by a third as their colour; those that no other betters are filled.

    Args:
        points: one row a point, with a column for each metric.
        best: the rows of those that no other betters, with the same columns.
        metrics: what stands upright, what lies across, and what the colour shows.
        labels: what each metric is called, with its unit.
        ax: what to draw on.
        language: its name, such as "en" or "zh".
    """
    say = speaker(language)
    up, across, shade = metrics
    with style():
        ax = axes_of(ax, (8.2, 4.8))
        ax.scatter(points[across], points[up], s=16, facecolors="none", edgecolors=ARM_COLOURS["baseline"], lw=0.6,
                   alpha=0.6, zorder=2)  # fmt: skip
        drawn = ax.scatter(
            best[across], best[up], c=best[shade], s=42, cmap="viridis", edgecolors=INK, lw=0.6, zorder=3
        )
        figure = ax.get_figure(root=True)
        assert figure is not None
        bar = figure.colorbar(drawn, ax=ax, pad=0.02)
        bar.set_label(labels[shade])
        bar.outline.set_visible(False)  # type: ignore[operator]
        ax.set_xlabel(labels[across])
        ax.set_ylabel(labels[up])
        ax.set_title(say("filled: no other is better in all three"), loc="left", fontsize=10)
        dress(ax, grid="y")
    return ax
