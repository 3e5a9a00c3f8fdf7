"""Effects of one scenario against its baseline, paired by replicate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from cadre_sim.activities import GROUPS
from cadre_sim.arrays import Floats
from cadre_sim.comparison.arm_run import ArmRun
from cadre_sim.comparison.article import article_frame
from cadre_sim.comparison.divergence import identical_days
from cadre_sim.comparison.passthrough import PassThrough, pass_through
from cadre_sim.comparison.statistics import interval, replicates_for
from cadre_sim.record.bounds import bounds_of
from cadre_sim.record.metrics import HEADLINE, metric_catalogue
from cadre_sim.record.trace import Trace
from cadre_sim.scenario.loading import Arm


class PairedRun(NamedTuple):
    """One replicate of an arm: the run of its baseline, and that of its scenario under the same random numbers."""

    baseline: ArmRun
    reform: ArmRun


@dataclass(frozen=True)
class Effects:
    """One scenario against its baseline, paired by replicate.

    Attributes:
        arm: the two scenarios.
        baseline: metrics of the baseline over the measured days, shape (replicates, metrics).
        reform: the same of the scenario.
        before: metrics of the scenario over the days before.
        figures: what the scenario has for each figure of its article, shape (replicates, figures).
        identical_days: working days before the reform that were found identical bit for bit; None where the scenarios
            differ in more than reforms.
        traces: what figures need of the baseline and of the scenario, by replicate.
    """

    arm: Arm
    baseline: Floats
    reform: Floats
    before: Floats
    figures: Floats
    identical_days: int | None
    traces: tuple[tuple[Trace, Trace], ...]

    def frame(self) -> pd.DataFrame:
        """One row a metric: baseline, reform, effect, its 95% interval, percent, plain before/after difference."""
        rows = metric_catalogue()
        effect = interval(self.reform - self.baseline, bounds=bounds_of().differences)
        baseline, reform = interval(self.baseline).mean, interval(self.reform).mean
        with np.errstate(invalid="ignore", divide="ignore"):
            percent = np.where(baseline != 0, 100.0 * effect.mean / baseline, np.nan)
        return pd.DataFrame(
            {
                "metric": [d.name for d in rows],
                "unit": [d.unit for d in rows],
                "baseline": baseline,
                "reform": reform,
                "effect": effect.mean,
                "low": effect.low,
                "high": effect.high,
                "percent": percent,
                "before_after": interval(self.reform - self.before).mean,
            }
        )

    def ledger(self) -> pd.DataFrame:
        """Where each service hour gained came from: hours freed by group (mean, h/cadre-week); they sum to the gain.

        A row that is negative took hours instead. ``longer days`` is the change of hours worked.
        """
        effects = self.frame().set_index("metric")["effect"]
        rows = {group: 0.0 - float(effects[f"{group}_hours"]) for group in GROUPS if group != "service"}
        rows["longer days"] = float(effects["total_hours"])
        return pd.DataFrame({"source": list(rows), "hours": list(rows.values())})

    def article(self) -> pd.DataFrame:
        """One row a figure of the scenario's article, beside what the model gives; none where it has no article.

        Outputs have the mean over replicates and its 95% interval; an input is what the scenario sets. ``ratio`` is
        model over article.
        """
        return article_frame(self.arm.reform, self.figures)

    def headline(self) -> Floats:
        """Effect on service hours per cadre-week by replicate, shape (replicates,)."""
        return self.effect_on(HEADLINE)

    def effect_on(self, metric: str) -> Floats:
        """Effect on a metric by replicate, shape (replicates,)."""
        place = [d.name for d in metric_catalogue()].index(metric)
        return self.reform[:, place] - self.baseline[:, place]

    def pass_through(self) -> PassThrough | None:
        """What the items that the reforms cut are worth on paper, and what becomes of it; None where none is cut."""
        return pass_through(self.arm.reform, 0.0 - self.effect_on("burden_hours"), self.headline())

    def replicates_for(self, half_width: float) -> int | None:
        """Replicates that an interval of this half-width of the headline would take; None where beyond reach."""
        return replicates_for(self.headline(), half_width)


def effects_of(arm: Arm, pairs: Sequence[PairedRun]) -> Effects:
    """The effects that paired runs show, once each pair is found to be the same until the reform.

    Raises:
        DivergenceError: two runs of a pair differ before the reform that parts them.
    """
    same = [identical_days(arm, *pair) for pair in pairs]
    return Effects(
        arm,
        np.array([pair.baseline.measured for pair in pairs]),
        np.array([pair.reform.measured for pair in pairs]),
        np.array([pair.reform.before for pair in pairs]),
        np.array([pair.reform.figures for pair in pairs]),
        same[0],
        tuple((pair.baseline.trace, pair.reform.trace) for pair in pairs),
    )
