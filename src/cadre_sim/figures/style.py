"""How figures look: one colour for each activity everywhere, one for each arm, and fonts that know Chinese."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache
from importlib.resources import as_file, files
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import matplotlib as mpl
import numpy as np
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.dates import MonthLocator, num2date
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.ticker import FuncFormatter
from scipy.optimize import isotonic_regression

from cadre_sim.language import Language

ACTIVITY_COLOURS = {
    "meetings": "#E05B24",
    "paperwork": "#FBC149",
    "inspection": "#80301B",
    "switching": "#BF6ECC",
    "other": "#B0B0AE",
    "idle": "#94DDFD",
    "service": "#3F7B71",
}
"""Colour of each group of activities, in the order in which stacks show them from below."""
ARM_COLOURS = {"baseline": "#6B6B6B", "reform": "#0B5FA5", "run": "#0B5FA5"}
"""Colours of arms, which no activity has."""
ARM_LINES: dict[str, Any] = {"baseline": (0, (4.5, 1.4)), "reform": "-", "run": "-"}
"""Lines of arms, told apart in grey too."""

INK = "#222222"
FAINT = "#E3E3E3"
ACCENT = "#B8500F"
"""For single marks, such as the effect of a measure alone."""
FONT = "Cadre Sans SC"
_BROUGHT = "DejaVu Sans"

_RC: dict[str, Any] = {
    "axes.axisbelow": True,
    "axes.edgecolor": INK,
    "axes.facecolor": "white",
    "axes.grid": False,
    "axes.labelcolor": INK,
    "axes.labelsize": 10,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 10.5,
    "axes.titlepad": 8,
    "axes.unicode_minus": True,
    "figure.facecolor": "white",
    "font.size": 10,
    "legend.frameon": False,
    "legend.fontsize": 9.5,
    "svg.fonttype": "path",
    "svg.hashsalt": "cadre_sim",
    "text.color": INK,
    "text.parse_math": False,  # a dollar in the name of a place is a dollar
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
}


@contextmanager
def style() -> Iterator[None]:
    """Within it, figures are made and saved in the style of the house."""
    rc: Any = {**_RC, "font.family": _families()}
    with mpl.rc_context(rc):
        yield


class Picture(Figure):
    """A figure that a notebook shows as the value of a cell, also where matplotlib's own mode for notebooks is off."""

    def _repr_png_(self) -> bytes:
        buffer = BytesIO()
        with style():
            self.savefig(buffer, format="png")
        return buffer.getvalue()


def axes_of(ax: Axes | None, size: tuple[float, float]) -> Axes:
    """The axes to draw on: those given, or new ones on a figure of their own (of pyplot nothing is touched)."""
    if ax is not None:
        return ax
    return Picture(figsize=size, layout="constrained").add_subplot()


def grid_of(
    axes: Iterable[Axes] | None, shape: tuple[int, int], size: tuple[float, float], **options: Any
) -> list[Axes]:
    """Axes for small multiples: those given, or new ones.

    Raises:
        ValueError: other than the number that is needed was given.
    """
    if axes is None:
        made = Picture(figsize=size, layout="constrained").subplots(*shape, squeeze=False, **options)
        return list(made.flat)
    found = list(axes)
    if len(found) != shape[0] * shape[1]:
        raise ValueError(f"axes: this figure needs {shape[0] * shape[1]} (got {len(found)})")
    return found


def dress(ax: Axes, *, grid: Literal["x", "y", ""] = "") -> None:
    """Give axes the spines and fonts of the house, also to labels of ticks that are made later.

    Args:
        ax: which.
        grid: "x" or "y" for faint lines across.
    """
    ax.spines[["top", "right"]].set_visible(False)
    ax.tick_params(labelfontfamily=_families())
    if grid:
        ax.grid(axis=grid, color=FAINT, linewidth=0.8)
        ax.set_axisbelow(True)


def show_months(ax: Axes, say: Language, first: date, last: date, most: int = 8) -> None:
    """Label a horizontal axis of dates by months, and by the year where it begins."""
    months = max(1, (last.year - first.year) * 12 + last.month - first.month + 1)
    step = next(s for s in (1, 2, 3, 6, 12, 24, 60, 240) if months / s <= most or s == 240)
    ax.xaxis.set_major_locator(MonthLocator(bymonth=range(1, 13, min(step, 12))))  # type: ignore[no-untyped-call]
    seen: list[int] = []

    def text(value: float, place: int | None) -> str:
        when: datetime = num2date(value)  # type: ignore[no-untyped-call]
        if place == 0:
            seen.clear()
        month = say.date(when.date(), "LLL")
        if when.year in seen:
            return month
        seen.append(when.year)
        return f"{month}\n{when.year}"

    ax.xaxis.set_major_formatter(FuncFormatter(text))


def mark_starts(ax: Axes, say: Language, starts: Iterable[date], *, label: bool = True) -> None:
    """Draw a dashed line where reforms start; the first is named above the axes."""
    for place, start in enumerate(starts):
        ax.axvline(start, color=INK, linewidth=1.1, linestyle=(0, (4, 3)), zorder=5)  # type: ignore[arg-type]
        if place == 0 and label:
            ax.annotate(
                say("reform starts"),
                (start, 1.0),  # type: ignore[arg-type]
                xycoords=("data", "axes fraction"),
                xytext=(0, 3),
                textcoords="offset points",
                ha="center",
                va="bottom",
                fontsize=9,
            )


def spread_out(places: Iterable[float], least: float, low: float, high: float) -> list[float]:
    """Places of labels, in rising order, moved apart as little as is needed for a least distance between two ends."""
    wanted = np.asarray(list(places), dtype=float)
    steps = least * np.arange(wanted.size)
    # Least squares under "each at least so far above the last": isotonic regression of what is left of the steps.
    moved = isotonic_regression(wanted - steps).x
    found = np.clip(moved, low, max(low, high - least * (wanted.size - 1))) + steps
    return [float(v) for v in found]


def svg(figure: Figure) -> bytes:
    """A figure as SVG: text as paths, the same bytes each time."""
    buffer = BytesIO()
    with style():
        figure.savefig(buffer, format="svg", metadata={"Date": None})
    return buffer.getvalue()


@cache
def _families() -> list[str]:
    """DejaVu Sans, which matplotlib brings, then the font of the package for what it has no glyph of.

    Matplotlib reads its list of fonts from a file that anything may have happened to. So these come before all of that
    list, and a list that cannot be searched is made and written anew.
    """
    manager = font_manager.fontManager
    try:
        _put_first(manager)
        manager.findfont(FontProperties(family=_BROUGHT))  # looks at every font of the list
    except Exception:
        vars(manager).update(vars(font_manager.FontManager()))
        kept = Path(mpl.get_cachedir(), f"fontlist-v{font_manager.FontManager.__version__}.json")
        font_manager.json_dump(manager, kept)  # type: ignore[no-untyped-call]
        _put_first(manager)
    return [_BROUGHT, FONT]


def _put_first(manager: font_manager.FontManager) -> None:
    """Put the fonts of figures before all others."""
    others, manager.ttflist = list(manager.ttflist), []
    for shape in ("", "-Bold", "-Oblique", "-BoldOblique"):
        manager.addfont(Path(mpl.get_data_path(), "fonts", "ttf", f"DejaVuSans{shape}.ttf"))
    with as_file(files("cadre_sim.data").joinpath("cadre-sans-sc.otf")) as path:
        manager.addfont(path)
    manager.ttflist += others
