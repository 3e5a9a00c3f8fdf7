"""What a comparison leaves in its folder beside its effects: replicates, what was checked, and what figures need."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from cadre_sim.comparison.compare import Comparison
from cadre_sim.comparison.passthrough import plain
from cadre_sim.comparison.replicate import RunSet
from cadre_sim.record.metrics import metric_catalogue
from cadre_sim.record.trace import Traces, frames


def replicates_frame(comparison: Comparison) -> pd.DataFrame:
    """One row a scenario, replicate and metric: in the baseline, in the scenario, and in the days before."""
    names = [d.name for d in metric_catalogue()]
    found = []
    for number, effects in enumerate(comparison.arms, 1):
        sides = {"baseline": effects.baseline, "reform": effects.reform, "before": effects.before}
        frame = pd.DataFrame({side: values.ravel() for side, values in sides.items()})
        frame.insert(0, "scenario", number)
        frame.insert(1, "replicate", np.repeat(np.arange(comparison.replicates), len(names)))
        frame.insert(2, "metric", np.tile(names, comparison.replicates))
        found.append(frame)
    return pd.concat(found, ignore_index=True)


def traces(comparison: Comparison) -> Traces:
    """What figures need of every run, as tidy tables; scenarios are numbered from 1."""
    return frames(
        ({"scenario": number, "arm": arm, "replicate": replicate}, run)
        for number, effects in enumerate(comparison.arms, 1)
        for replicate, pair in enumerate(effects.traces)
        for arm, run in zip(("baseline", "reform"), pair, strict=True)
    )


def run_checks(runs: RunSet) -> list[dict[str, Any]]:
    """Which reforms can change nothing, and why, as plain data, in one entry."""
    return [{"scenario": 1, "idle": [each._asdict() for each in runs.idle]}]


def checks(comparison: Comparison) -> list[dict[str, Any]]:
    """What was checked, which reforms are idle, and what the cuts are worth, as plain data, one entry a scenario."""
    return [
        {
            "scenario": number,
            "identical_days_before_reform": effects.identical_days,
            "idle": [each._asdict() for each in found.idle],
            "nothing_can_change": found.nothing,
            "pass_through": plain(effects.pass_through()),
        }
        for number, (effects, found) in enumerate(zip(comparison.arms, comparison.idle, strict=True), 1)
    ]
