"""Comparing scenarios with their baselines under common random numbers."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from cadre_sim.comparison.arm_run import run_arm
from cadre_sim.comparison.divergence import identical_days
from cadre_sim.comparison.effects import Effects, PairedRun, effects_of
from cadre_sim.comparison.idle import IdleCheck, check_idle
from cadre_sim.comparison.passthrough import plain
from cadre_sim.comparison.pool import cores, run_jobs
from cadre_sim.comparison.replicate import Job, Progress, warm_up
from cadre_sim.comparison.statistics import interval
from cadre_sim.reckoning.fitting import refuse_unfit
from cadre_sim.reckoning.work import of_comparison
from cadre_sim.record.counts import check_outputs
from cadre_sim.scenario.alike import folded
from cadre_sim.scenario.loading import Arm, arm_of
from cadre_sim.scenario.scenario import Scenario, see_that_it_is_a_scenario

MOST_REPLICATES = 1000
"""Replicates at which a run for precision gives up."""

Replicate = tuple[PairedRun, ...]
"""One replicate of all arms, in their order."""


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

    @property
    def names(self) -> tuple[str, ...]:
        """What each scenario is called: by its title, with its place behind it where several have that title."""
        titles = [a.arm.reform.title for a in self.arms]
        alike = Counter(map(folded, titles))
        return tuple(t if alike[folded(t)] == 1 else f"{t} ({place})" for place, t in enumerate(titles, 1))

    def effects(self) -> pd.DataFrame:
        """The effects of all scenarios one below the other, with the scenario's name in the last column.

        Where nothing can change there is no effect: it is not a number, and not a finding of zero.
        """
        each = zip(self.arms, self.idle, self.names, strict=True)
        frames = (told(a, found).assign(scenario=name) for a, found, name in each)
        return pd.concat(frames, ignore_index=True)

    def article(self) -> pd.DataFrame:
        """What the articles of all scenarios say and what the model gives, with the scenario's name last."""
        frames = (a.article().assign(scenario=name) for a, name in zip(self.arms, self.names, strict=True))
        return pd.concat(frames, ignore_index=True)

    def to_dict(self) -> dict[str, Any]:
        """The comparison as plain data: effects, ledger, article, idle reforms and checks of every arm."""
        return {
            "seed": self.seed,
            "replicates": self.replicates,
            "arms": [
                {
                    "scenario": name,
                    "baseline": a.arm.baseline.title,
                    "identical_days_before_reform": a.identical_days,
                    "idle": [{"name": each.name, "reason": each.why} for each in found.idle],
                    "nothing_can_change": found.nothing,
                    "effects": _rows(told(a, found)),
                    "ledger": [] if found.nothing else _rows(a.ledger()),
                    "pass_through": plain(a.pass_through()),
                    "article": _rows(a.article()),
                }
                for a, found, name in zip(self.arms, self.idle, self.names, strict=True)
            ],
        }


def told(effects: Effects, found: IdleCheck) -> pd.DataFrame:
    """The effects of a scenario, undefined where nothing can change."""
    frame = effects.frame()
    return frame.assign(**dict.fromkeys(("effect", "low", "high", "percent"), np.nan)) if found.nothing else frame


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """A table as plain data, one mapping a row: null for what is not a number, and no zero with a sign."""
    rows: list[dict[str, Any]] = json.loads(frame.to_json(orient="records"))
    return [
        {name: 0.0 if value == 0.0 and isinstance(value, float) else value for name, value in row.items()}
        for row in rows
    ]


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
        InputError: something else than scenarios was given, such as the name of a file.
        ScenarioError: the article of a scenario asks for an output that no run leaves.
        DivergenceError: two arms differ before the reform that parts them.
    """
    for given in (*scenarios, *(() if baseline is None else (baseline,))):
        see_that_it_is_a_scenario(given)
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
    refuse_unfit(of_comparison([part for arm in arms for part in arm], replicates, workers or cores()))
    for arm in arms:
        for scenario in arm:
            check_outputs(scenario)
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
    # A digest says nothing of the article, which decides what is kept of a run and not how it goes.
    own = {(s.digest, s.article): s for arm in job.arms for s in arm}
    runs = {key: run_arm(Job(s, job.seed, job.replicate)) for key, s in own.items()}
    pairs = tuple(
        PairedRun(runs[a.baseline.digest, a.baseline.article], runs[a.reform.digest, a.reform.article])
        for a in job.arms
    )
    for arm, pair in zip(job.arms, pairs, strict=True):
        # Checked here as well, so that a fault is told after one replicate and not after the last.
        identical_days(arm, *pair)
    return pairs


def _effects(arms: Sequence[Arm], found: Sequence[Replicate]) -> tuple[Effects, ...]:
    return tuple(effects_of(arm, [replicate[k] for replicate in found]) for k, arm in enumerate(arms))
