"""A plan and its runs: which there are, how each is known, and how one of them goes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any, NamedTuple

from cadre_sim.experiments.designs import POINTED, SAMPLED, count, points
from cadre_sim.experiments.experiment import Experiment, Value
from cadre_sim.experiments.factors import Varied, laid
from cadre_sim.experiments.held import files_in, rules_in, with_files
from cadre_sim.inputs import HeldFile
from cadre_sim.rules import RuleSource, check_rules
from cadre_sim.scenario.paths import path_text
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
        files: what was read of the files that factors name, by their names there; those of arms stand in their data.
        rules: allocation rules that are not this package's and that its runs use.
        version: of the model that it was made with.
    """

    path: Path
    experiment: Experiment
    arms: Mapping[str, ArmData]
    factors: tuple[Varied, ...]
    metrics: tuple[str, ...]
    files: Mapping[str, HeldFile] = field(default_factory=dict)
    rules: Mapping[str, RuleSource] = field(default_factory=dict)
    version: str = field(default_factory=model_version)

    def inputs(self) -> tuple[HeldFile, ...]:
        """Every file that its runs read, each content once."""
        named = [file for arm in self.arms.values() for file in files_in(arm.data)]
        of_rules = [source.file for source in self.rules.values() if source.file is not None]
        return tuple({file.digest: file for file in (*named, *self.files.values(), *of_rules)}.values())

    def total(self) -> int:
        """How many runs it has; the most, where points of a sampled design may fall together by rounding."""
        experiment = self.experiment
        found = 0
        for arm in self.arms:
            chosen = self._chosen(arm)
            found += count(experiment.design, chosen, experiment.points) if chosen else 1
        return found * experiment.replicates

    def has_only(self, count: int) -> bool:
        """Whether it has no more runs than a number; points that fall together count once.

        Points are made and counted until there are more, so that a small number is answered at once.
        """
        found: set[tuple[str, Values]] = set()
        for point in chain.from_iterable(map(self._points, self.arms)):
            found.add(point)
            if len(found) * self.experiment.replicates > count:
                return False
        return True

    def example(self) -> Run:
        """One of its runs, or where points are drawn one like them, in the middle of all ranges: nothing is drawn."""
        arm = next(iter(self.arms))
        if self.experiment.design not in SAMPLED or not self._own(arm):
            return next(self.runs())
        values = tuple(factor.at(0.5) if factor.targets.get(arm) else None for factor in self.factors)
        return Run(_digest([self._arm_content(arm), values]).hex(), arm, values, 0)

    def scenario(self, arm: str, values: Values) -> Scenario:
        """The scenario of an arm at a point."""
        return Scenario.model_validate(with_files(laid(self.arms[arm].data, arm, self.factors, values), self.files))

    def arm_scenario(self, arm: str) -> Scenario:
        """The scenario of an arm as it stands, before factors are laid.

        Raises:
            InputError: it names an allocation rule that is not loaded.
        """
        check_rules({name: self.rules[name] for name in rules_in(self.arms[arm].data) if name in self.rules})
        return Scenario.model_validate(self.arms[arm].data)

    def runs(self) -> Iterator[Run]:
        """Every run, the arms in turn, made as they are used; two that are the same run come only once."""
        seen: set[bytes] = set()
        turns = zip_longest(*(self._points(arm) for arm in self.arms))
        contents = {arm: _digest(self._arm_content(arm)).hex() for arm in self.arms}
        held = {name: file.digest for name, file in self.files.items()}
        held |= {name: source.digest for name, source in self.rules.items()}
        for arm, values in (place for turn in turns for place in turn if place is not None):
            named = {f.name: value for f, value in zip(self.factors, values, strict=True) if value is not None}
            read = [held[value] for value in values if isinstance(value, str) and value in held]
            digest = _digest([contents[arm], named, read])
            if digest not in seen:
                seen.add(digest)
                for replicate in range(self.experiment.replicates):
                    key = hashlib.blake2b(digest + replicate.to_bytes(4), digest_size=16).hexdigest()
                    yield Run(key, arm, values, replicate)

    def _arm_content(self, arm: str) -> dict[str, Any]:
        """All that decides what a run of an arm leaves, beside the values of its factors and its replicate."""
        places = {
            factor.name: [factor.relative, [path_text(target.keys) for target in factor.targets[arm]]]
            for factor in self._own(arm)
        }
        scenario, seed = self.arms[arm].digest, self.experiment.seed
        return {"scenario": scenario, "arm": arm, "factors": places, "seed": seed, "version": self.version}

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
