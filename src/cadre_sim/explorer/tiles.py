"""The numbers at the top of the page: a level without and with the reform, and the effect with its interval."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cadre_sim.figures.source import Result, metric_row
from cadre_sim.labels.metrics import SHARE, metric_label
from cadre_sim.language import DASH, Language

TILES = (
    "service_hours", "burden_hours", "overtime_hours", "days_to_close", "satisfaction_share", "motivation",
    "burnt_out_share", "hidden_violations",
)  # fmt: skip
"""Metrics that are shown, in this order."""


class Tile(NamedTuple):
    """One of the numbers, as it is shown.

    Attributes:
        metric: its name in tables.
        label: what it is.
        unit: its unit.
        before: level without the reform.
        after: level with it.
        effect: the paired difference, with its sign; a dash where nothing can change.
        interval: its 95% interval; empty with a single replicate.
        verdict: "better" or "worse" where the interval leaves no doubt, "unclear" where it does, "idle" where no
            measure can act, "" where neither way is better.
    """

    metric: str
    label: str
    unit: str
    before: str
    after: str
    effect: str
    interval: str
    verdict: str


def tiles(result: Result, say: Language) -> tuple[Tile, ...]:
    """All tiles of a comparison."""
    return tuple(_tile(result, metric, say) for metric in TILES)


def _tile(result: Result, metric: str, say: Language) -> Tile:
    found, label = metric_row(result, metric), metric_label(metric)
    before, after, effect, low, high = (
        label.unit.factor * float(found[name]) for name in ("baseline", "reform", "effect", "low", "high")
    )
    verdict = ""
    if label.better and np.isfinite([low, high]).all():
        verdict = "unclear" if low <= 0.0 <= high else "better" if effect * label.better > 0 else "worse"
    points = label.said_change(say) if label.unit is SHARE else ""
    shown = f"{say.number(effect, label.digits, sign=True)} {points}".strip()
    interval = say.between(low, high, label.digits, sign=True)
    if result.checks.get("nothing_can_change"):
        shown, interval, verdict = DASH, "", "idle"
    return Tile(
        metric,
        label.said(say),
        label.said_unit(say),
        say.number(before, label.digits),
        say.number(after, label.digits),
        shown,
        interval,
        verdict,
    )
