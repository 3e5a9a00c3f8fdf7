"""From the file of an experiment to a plan: every arm read, every factor found in the arms, every mistake told."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from cadre_sim.errors import SETTING, InputError, Problem, ScenarioError, hint, nearest
from cadre_sim.experiments.designs import ON_OFF, POINTED, SAMPLED, require_library, too_large
from cadre_sim.experiments.experiment import ArmSpec, Experiment
from cadre_sim.experiments.factors import FactorPlace, Varied, laid, places_in
from cadre_sim.experiments.held import files_in, files_of, rules_of, see_that_files_stayed, with_files
from cadre_sim.experiments.plan import ArmData, Plan
from cadre_sim.experiments.problems import ProblemCollector
from cadre_sim.experiments.varying import varied
from cadre_sim.inputs import HeldFile
from cadre_sim.record.metrics import metric_catalogue
from cadre_sim.scenario.bundled import scenario_path
from cadre_sim.scenario.loading import scenario_of, unmeasured
from cadre_sim.scenario.nodes import Document, problem_at
from cadre_sim.scenario.paths import Keys, merged, parse_path, split_setting, with_value
from cadre_sim.scenario.problems import problems_from
from cadre_sim.scenario.reading import read, resolve
from cadre_sim.scenario.scenario import Scenario

_MOST_CHECKED = 1000
"""Levels of a factor that are all checked beforehand; of more, only the first and the last."""


def load_experiment(path: str | Path) -> Plan:
    """Read and check the file of an experiment, and the scenarios of its arms.

    Raises:
        ScenarioError: with every problem that was found, each with file, line and path.
        InputError: the units table that a scenario names is missing or wrong.
        MissingExtraError: the library that draws its design is not installed.
    """
    document = read(path)
    try:
        experiment = Experiment.model_validate(document.data)
    except ValidationError as error:
        raise ScenarioError(problems_from(error, document, Experiment)) from None
    plan = _Planner(Path(path), document, experiment).plan()
    require_library(experiment.design)
    return plan


class _Planner:
    """Gathers what is wrong with an experiment while it is resolved, so that all of it is told at once."""

    def __init__(self, path: Path, document: Document, experiment: Experiment) -> None:
        self.path = path
        self.document = document
        self.experiment = experiment
        self.collector = ProblemCollector(document)
        self.arms: dict[str, ArmData] = {}
        self.places: dict[str, dict[str, FactorPlace]] = {}
        self.starts: list[date] = []
        self.ends: list[date] = []

    def plan(self) -> Plan:
        specs = self.experiment.arms or {"scenario": ArmSpec(scenario=self.experiment.scenario)}
        for name, spec in specs.items():
            self._arm(name, spec)
        self.collector.raise_any()
        self._measure_alike()
        self.collector.raise_any()
        factors = varied(self.experiment, self.places, self.collector)
        self._design(factors)
        metrics = self._metrics()
        self.collector.raise_any()
        files = files_of(factors)
        for factor in factors:
            self._check_values(factor, files)
        self.collector.raise_any()
        rules = rules_of([arm.data for arm in self.arms.values()], factors)
        see_that_files_stayed([*(file for arm in self.arms.values() for file in files_in(arm.data)), *files.values()])
        return Plan(self.path, self.experiment, self.arms, factors, metrics, files, rules)

    # ---- arms ----

    def _arm(self, name: str, spec: ArmSpec) -> None:
        file = spec.scenario or self.experiment.scenario
        if file is None:
            self.collector.wrong(("arms", name), "is required: `scenario`, here or for all arms")
            return
        path = Path(os.path.relpath(scenario_path(file, self.path.parent)))
        settings = [f"{at}={_yaml(value)}" for at, value in spec.settings.items()]
        for at, setting in zip(spec.settings, settings, strict=True):
            if split_setting(setting)[0] != at.strip():
                self.collector.wrong(("arms", name, "settings", at), f"{at!r} is no path: it goes wrong at '='")
                return
        try:
            document = resolve(path, settings)
            scenario = scenario_of(document, settings)
            data = document.data
            if scenario.place.units is not None:
                data = with_value(data, ("place", "units"), scenario.place.units)
        except ScenarioError as error:
            self.collector.problems += [self._here(problem, name, file) for problem in error.problems]
            return
        if scenario.period.measure_from is None and scenario.measure_from > scenario.period.start:
            self.starts.append(scenario.measure_from)
        if scenario.reforms and scenario.period.measure_to is None:
            self.ends.append(scenario.measure_to)
        if spec.without_reforms:
            data = {**data, "reforms": {}, "article": []}
        self.arms[name] = ArmData(data, "")

    def _measure_alike(self) -> None:
        """Measure all arms on the same dates, with any reform on or off, but for those that say on which.

        Otherwise a scenario is measured while its own reforms are in force: what two arms differ in, or a reform that
        is switched off, would move the days that are compared. Where the end of the run is itself varied, it is the
        last date for arms whose reforms stay.
        """
        for name, arm in self.arms.items():
            scenario = Scenario.model_validate(arm.data)
            own, fixed = scenario.period, {}
            starts = [day for day in self.starts if own.start < day <= (own.measure_to or own.end)]
            if own.measure_from is None and starts:
                fixed["measure_from"] = min(starts)
            first = fixed.get("measure_from", scenario.measure_from)
            last = max(self.ends, default=date.max)
            stays = last == own.end and self._varies("period", "end")
            if own.measure_to is None and first <= last <= own.end and not stays:
                fixed["measure_to"] = last
            data = merged(arm.data, {"period": fixed}) if fixed else arm.data
            scenario = Scenario.model_validate(data)
            for said in unmeasured(scenario):
                self.collector.wrong(("arms", name), f"{said} in arm {name!r}")
            self.arms[name] = ArmData(data, scenario.digest)
            self.places[name] = places_in(scenario, data)

    def _varies(self, *keys: str) -> bool:
        """Whether a factor of the experiment has a place as one of its own."""
        patterns = (pattern for name, factor in self.experiment.factors.items() for pattern in factor.path or (name,))
        return any(parse_path(pattern) == keys for pattern in patterns if _is_path(pattern))

    def _here(self, problem: Problem, arm: str, file: str) -> Problem:
        """A problem of an arm's setting is shown in this file; that of its scenario stays in the scenario's."""
        keys: Keys = ("arms", arm, "scenario") if ("arms", arm, "scenario") in self.document.marks else ("arms", arm)
        if problem.file.startswith(SETTING):
            at = problem.file.removeprefix(SETTING).strip().partition("=")[0]
            keys = ("arms", arm, "settings", at)
        elif problem.line is not None or problem.message != "no such file":
            return problem
        mark = self.document.marks.get(keys) or self.document.marks.get(("scenario",)) or self.document.marks[()]
        message = problem.message if problem.file.startswith(SETTING) else f"no such file: {problem.file}"
        return problem_at(mark, keys, message)

    def _check_values(self, factor: Varied, files: Mapping[str, HeldFile]) -> None:
        """Lay the values over every arm, so that what a scenario refuses is told before anything is run."""
        at: Keys = ("factors", factor.name)
        if factor.levels is None:
            tried = [((*at, "range"), factor.at(share)) for share in (0.0, 1.0)]
        else:
            several = len(factor.levels) <= _MOST_CHECKED
            chosen = factor.levels if several else (factor.levels[0], factor.levels[-1])
            spec = self.experiment.factors.get(factor.name)
            given = spec is not None and spec.values is not None
            tried = [((*at, "values", p) if given else (*at, "range"), value) for p, value in enumerate(chosen)]
        for (keys, value), (name, arm) in ((t, a) for t in tried for a in self.arms.items()):
            data = with_files(laid(arm.data, name, (factor,), (value,)), files)
            try:
                said = unmeasured(Scenario.model_validate(data))
            except ValidationError as error:
                problem = problems_from(error, Document(dict(data), {}, {}), Scenario)[0]
                said = [f"{problem.path} {problem.message}"]
            if said:
                self.collector.wrong(keys, f"{said[0]} in arm {name!r}")
                return

    # ---- design ----

    def _design(self, factors: tuple[Varied, ...]) -> None:
        design, number = self.experiment.design, self.experiment.points
        if design == "arms" and factors:
            self.collector.wrong(("factors",), "are of no use to the design `arms`, which runs the arms as they are")
        if design in ON_OFF and not self.experiment.factors:
            self.collector.wrong(("design",), f"{design} needs `factors`")
        elif design in POINTED and number is None:
            self.collector.wrong(("design",), f"{design} needs `points`")
        elif design in SAMPLED and number is not None:
            wrong = too_large(design, sum(not factor.crossed for factor in factors), number)
            if wrong:
                self.collector.wrong(("points",), wrong)
        elif design not in POINTED and number is not None:
            self.collector.wrong(("points",), f"is of designs that draw ({', '.join(POINTED)}), not of {design}")

    def _metrics(self) -> tuple[str, ...]:
        known = [d.name for d in metric_catalogue()]
        if self.experiment.metrics == ("all",):
            return tuple(known)
        for place, name in enumerate(self.experiment.metrics):
            if name not in known:
                near = hint(name, known) if nearest(name, known) else "; `cadre-sim list metrics` lists them"
                self.collector.wrong(("metrics", place), f"unknown metric {name!r}{near}")
        return tuple(dict.fromkeys(self.experiment.metrics))


def _is_path(text: str) -> bool:
    try:
        parse_path(text)
    except InputError:
        return False
    return True


def _yaml(value: Any) -> str:
    """A value on one line, as a setting has it."""
    import json

    return value.isoformat() if isinstance(value, date) else json.dumps(value, default=str, ensure_ascii=False)
