"""A plan and its runs: which there are, how each is known, and how one of them goes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from cadre_sim.experiments.designs import POINTED, count, points
from cadre_sim.experiments.experiment import Experiment, Value
from cadre_sim.experiments.factors import Varied, laid
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.version import model_version

RESERVED = ("key", "arm", "replicate", "seed", "version", "status", "error", "seconds", "settings", "value")
"""Columns of the results, and of what analyses make of them, that are neither factors nor metrics."""
Values = tuple[Value | None, ...]


class ArmData(NamedTuple):
    """An arm: its scenario as a file would have it, resolved, and the digest of that scenario."""

    data: dict[str, Any]
    digest: str


class Run(NamedTuple):
    """One run of a sweep.

    Attributes:
        key: its name in the store, 32 digits.
        arm: name of its arm.
        values: a value a factor, None where the arm does not depend on the factor.
        replicate: number of the replicate, from 0.
    """

    key: str
    arm: str
    values: Values
    replicate: int


@dataclass(frozen=True)
class Plan:
    """An experiment, checked and resolved.

    Attributes:
        path: its file.
        experiment: what the file says.
        arms: the arms by name.
        factors: what is varied.
        metrics: what is kept of each run.
    """

    path: Path
    experiment: Experiment
    arms: Mapping[str, ArmData]
    factors: tuple[Varied, ...]
    metrics: tuple[str, ...]

    def total(self) -> int:
        """How many runs it has; the most, where points of a sampled design may fall together by rounding."""
        experiment = self.experiment
        found = 0
        for arm in self.arms:
            chosen = self._chosen(arm)
            found += count(experiment.design, chosen, experiment.points) if chosen else 1
        return found * experiment.replicates

    def distinct(self) -> int:
        """How many runs it has, counted point by point: points that fall together count once."""
        return self.experiment.replicates * sum(len(set(self._points(arm))) for arm in self.arms)

    def scenario(self, arm: str, values: Values) -> Scenario:
        """The scenario of an arm at a point."""
        return Scenario.model_validate(laid(self.arms[arm].data, arm, self.factors, values))

    def runs(self) -> Iterator[Run]:
        """Every run, the arms in turn, made as they are used; two that are the same run come only once."""
        seen: set[bytes] = set()
        turns = zip_longest(*(self._points(arm) for arm in self.arms))
        for arm, values in (place for turn in turns for place in turn if place is not None):
            content = self._content(arm, values)
            digest = _digest(content)
            if digest not in seen:
                seen.add(digest)
                for replicate in range(self.experiment.replicates):
                    yield Run(_digest({**content, "replicate": replicate}).hex(), arm, values, replicate)

    def _content(self, arm: str, values: Values) -> dict[str, Any]:
        """All that decides what a run at a point leaves, beside its replicate."""
        try:
            scenario = self.scenario(arm, values).digest
        except ValidationError:
            # Values that do not go together: the run will say so, and is known by what it was to be.
            scenario = _digest(laid(self.arms[arm].data, arm, self.factors, values)).hex()
        named = {factor.name: value for factor, value in zip(self.factors, values, strict=True) if value is not None}
        seed = self.experiment.seed
        return {"scenario": scenario, "arm": arm, "factors": named, "seed": seed, "version": model_version()}

    def _points(self, arm: str) -> Iterator[tuple[str, Values]]:
        experiment, chosen = self.experiment, self._chosen(arm)
        if not chosen:
            yield arm, (None,) * len(self.factors)
            return
        names = {factor.name for factor in self._own(arm)}
        for point in points(experiment.design, chosen, experiment.points, experiment.seed):
            value = dict(zip((factor.name for factor in chosen), point, strict=True))
            yield arm, tuple(value[f.name] if f.name in names else None for f in self.factors)

    def _chosen(self, arm: str) -> tuple[Varied, ...]:
        """The factors that an arm has points of: of a sampled design all that are drawn, so that arms share points."""
        own = self._own(arm)
        if not own or self.experiment.design not in POINTED:
            return own
        return tuple(factor for factor in self.factors if factor in own or not factor.crossed)

    def _own(self, arm: str) -> tuple[Varied, ...]:
        return tuple(factor for factor in self.factors if factor.targets.get(arm))


def _digest(content: Any) -> bytes:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.blake2b(text.encode(), digest_size=16).digest()
