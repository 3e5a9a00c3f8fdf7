"""Comparing scenarios with their baselines under common random numbers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from cadre_sim.activities import GROUPS
from cadre_sim.arrays import Floats
from cadre_sim.comparison.article import article_frame, model_figures
from cadre_sim.comparison.divergence import check_identical
from cadre_sim.comparison.idle import IdleCheck, check_idle
from cadre_sim.comparison.passthrough import PassThrough, pass_through
from cadre_sim.comparison.pool import cores, run_jobs
from cadre_sim.comparison.replicate import Job, Progress, run_job, warm_up
from cadre_sim.comparison.statistics import interval, replicates_for
from cadre_sim.record.counts import check_outputs
from cadre_sim.record.metrics import HEADLINE, measure, metric_catalogue
from cadre_sim.record.trace import Trace, trace
from cadre_sim.scenario.loading import Arm, arm_of
from cadre_sim.scenario.scenario import Scenario

MOST_REPLICATES = 1000
"""Replicates at which a run for precision gives up."""


class Replicate(NamedTuple):
    """What one replicate of all arms leaves: metrics by arm, figures of its article, days found identical, traces."""

    baseline: Floats
    reform: Floats
    before: Floats
    figures: tuple[Floats, ...]
    identical_days: tuple[int | None, ...]
    traces: tuple[tuple[Trace, Trace], ...]


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
        effect = interval(self.reform - self.baseline)
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
        rows = {group: -float(effects[f"{group}_hours"]) for group in GROUPS if group != "service"}
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
        return pass_through(self.arm.reform, -self.effect_on("burden_hours"), self.headline())

    def replicates_for(self, half_width: float) -> int | None:
        """Replicates that an interval of this half-width of the headline would take; None where beyond reach."""
        return replicates_for(self.headline(), half_width)


@dataclass(frozen=True)
class Comparison:
    """Scenarios against their baselines.

    Attributes:
        seed: root seed.
        replicates: how many of each arm.
        arms: one entry a scenario, in the order in which they were named.
    """

    seed: int
    replicates: int
    arms: tuple[Effects, ...]

    @cached_property
    def idle(self) -> tuple[IdleCheck, ...]:
        """Which reforms can change nothing in these replicates, an entry a scenario."""
        return tuple(check_idle(a.arm, self.seed, self.replicates) for a in self.arms)

    def effects(self) -> pd.DataFrame:
        """The effects of all scenarios one below the other, with the scenario's title in the last column."""
        return pd.concat([a.frame().assign(scenario=a.arm.reform.title) for a in self.arms], ignore_index=True)

    def article(self) -> pd.DataFrame:
        """What the articles of all scenarios say and what the model gives, with the scenario's title last."""
        return pd.concat([a.article().assign(scenario=a.arm.reform.title) for a in self.arms], ignore_index=True)

    def to_dict(self) -> dict[str, Any]:
        """The comparison as plain data: effects, ledger, article, idle reforms and checks of every arm."""
        return {
            "seed": self.seed,
            "replicates": self.replicates,
            "arms": [
                {
                    "scenario": a.arm.reform.title,
                    "baseline": a.arm.baseline.title,
                    "identical_days_before_reform": a.identical_days,
                    "idle": [{"name": each.name, "reason": each.why} for each in found.idle],
                    "nothing_can_change": found.nothing,
                    "effects": json.loads(a.frame().to_json(orient="records")),
                    "ledger": json.loads(a.ledger().to_json(orient="records")),
                    "pass_through": plain(a.pass_through()),
                    "article": json.loads(a.article().to_json(orient="records")),
                }
                for a, found in zip(self.arms, self.idle, strict=True)
            ],
        }


def plain(passed: PassThrough | None) -> dict[str, float | None] | None:
    """As plain data: what is not a number is null, as in JSON."""
    if passed is None:
        return None
    return {name: float(value) if np.isfinite(value) else None for name, value in passed._asdict().items()}


def compare(
    *scenarios: Scenario,
    baseline: Scenario | None = None,
    replicates: int = 8,
    precision: float | None = None,
    seed: int = 1,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Compare each scenario with its baseline, replicate by replicate under the same random numbers.

    Args:
        scenarios: what to compare, at least one.
        baseline: what to compare them with; by default what each names, or itself without its reforms.
        replicates: paired replicates.
        precision: go on until the 95% interval of every scenario's effect on service hours has this half-width
            [h/cadre-week]; a place without village cadres has no such effect and gets ``replicates``.
        seed: root seed, 0 to 2^32 - 1.
        workers: cores to use, by default all; results do not depend on it.
        progress: called as replicates are done.

    Raises:
        ValueError: no scenario, or fewer than one replicate.
        ScenarioError: the article of a scenario asks for an output that no run leaves.
        DivergenceError: two arms differ before the reform that parts them.
    """
    return compare_arms(
        [arm_of(s, baseline) for s in scenarios],
        replicates=replicates,
        precision=precision,
        seed=seed,
        workers=workers,
        progress=progress,
    )


def compare_arms(
    arms: Sequence[Arm],
    *,
    replicates: int,
    precision: float | None = None,
    seed: int = 1,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Compare scenarios with the baselines that they are paired with; see :func:`compare`."""
    if not arms or replicates < 1:
        raise ValueError("compare needs at least one scenario and one replicate")
    arms = tuple(arms)
    for arm in arms:
        check_outputs(arm.reform)
    warm_up()
    found = _replicates(arms, seed, range(replicates), workers, progress)
    while precision is not None and len(found) < MOST_REPLICATES:
        effects = _effects(arms, found)
        if not all(np.isfinite(e.headline()).all() for e in effects):
            break
        wanted = max((e.replicates_for(precision) or MOST_REPLICATES) for e in effects) if len(found) > 1 else 4
        if len(found) > 1 and all(interval(e.headline()[:, None]).half_width[0] <= precision for e in effects):
            break
        more = range(len(found), min(MOST_REPLICATES, max(wanted, len(found) + 1)))
        found += _replicates(arms, seed, more, workers, progress)
    return Comparison(seed, len(found), _effects(arms, found))


class _PairedJob(NamedTuple):
    arms: tuple[Arm, ...]
    seed: int
    replicate: int


def _replicates(
    arms: tuple[Arm, ...], seed: int, numbers: range, workers: int | None, progress: Progress | None
) -> list[Replicate]:
    jobs = [_PairedJob(arms, seed, r) for r in numbers]
    found: list[Replicate | None] = [None] * len(jobs)
    for done, (place, replicate) in enumerate(run_jobs(_paired, jobs, workers or cores()), start=1):
        found[place] = replicate
        if progress:
            progress(numbers.start + done, numbers.stop)
    return [f for f in found if f is not None]


def _paired(job: _PairedJob) -> Replicate:
    """One replicate of every arm; arms that share a baseline share its run."""
    results = {s.digest: s for arm in job.arms for s in arm}
    runs = {digest: run_job(Job(s, job.seed, job.replicate)) for digest, s in results.items()}
    pairs = [(runs[arm.baseline.digest], runs[arm.reform.digest]) for arm in job.arms]
    identical = tuple(
        check_identical(arm.baseline, arm.reform, a, b) for arm, (a, b) in zip(job.arms, pairs, strict=True)
    )
    return Replicate(
        np.array([measure(a) for a, _ in pairs]),
        np.array([measure(b) for _, b in pairs]),
        np.array([measure(b, before=True) for _, b in pairs]),
        tuple(model_figures(arm.reform, b) for arm, (_, b) in zip(job.arms, pairs, strict=True)),
        identical,
        tuple((trace(a), trace(b)) for a, b in pairs),
    )


def _effects(arms: Sequence[Arm], found: list[Replicate]) -> tuple[Effects, ...]:
    return tuple(
        Effects(
            arm,
            np.array([r.baseline[k] for r in found]),
            np.array([r.reform[k] for r in found]),
            np.array([r.before[k] for r in found]),
            np.array([r.figures[k] for r in found]),
            found[0].identical_days[k],
            tuple(r.traces[k] for r in found),
        )
        for k, arm in enumerate(arms)
    )
