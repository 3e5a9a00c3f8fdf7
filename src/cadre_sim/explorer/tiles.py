"""The numbers at the top of the page: a level without and with the reform, and the effect with its interval."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cadre_sim.figures.source import Result, metric_row
from cadre_sim.labels import H, Row
from cadre_sim.language import DASH, Language, mark
from cadre_sim.record.metrics import metric_catalogue

TILES: tuple[Row, ...] = (
    Row("service_hours", mark("service to residents"), H),
    Row("burden_hours", mark("burden: inspections, meetings, paperwork"), H),
    Row("overtime_hours", mark("overtime"), H),
    Row("days_to_close", mark("mean days to close a matter"), mark("days"), 2),
    Row("satisfaction_share", mark("matters with satisfied residents"), "%", 1),
    Row("motivation", mark("motivation, 0 to 1"), "", 3),
    Row("burnt_out_share", mark("burnt-out cadres"), "%", 1),
    Row("hidden_violations", mark("violations that stay hidden"), mark("per office"), 3),
)


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
    better = {d.name: d.better for d in metric_catalogue()}
    return tuple(_tile(result, row, better[row.metric], say) for row in TILES)


def _tile(result: Result, row: Row, better: int, say: Language) -> Tile:
    found = metric_row(result, row.metric)
    before, after, effect, low, high = (
        row.factor * float(found[name]) for name in ("baseline", "reform", "effect", "low", "high")
    )
    verdict = ""
    if better and np.isfinite([low, high]).all():
        verdict = "unclear" if low <= 0.0 <= high else "better" if effect * better > 0 else "worse"
    points = say("points") if row.unit == "%" else ""
    shown = f"{say.number(effect, row.digits, sign=True)} {points}".strip()
    interval = say.between(low, high, row.digits, sign=True)
    if result.checks.get("nothing_can_change"):
        shown, interval, verdict = DASH, "", "idle"
    return Tile(
        row.metric,
        say(row.label),
        say(row.unit) if row.unit else "",
        say.number(before, row.digits),
        say.number(after, row.digits),
        shown,
        interval,
        verdict,
    )
