"""From the file of an experiment to a plan: every arm read, every factor found in the arms, every mistake told."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from cadre_sim.errors import SETTING, Problem, ScenarioError, hint, nearest
from cadre_sim.experiments.designs import SAMPLED, too_large
from cadre_sim.experiments.experiment import ArmSpec, Experiment, Factor, Scale, Value
from cadre_sim.experiments.factors import Place, Sort, Varied, laid, matching, places_in
from cadre_sim.experiments.sweep import RESERVED, ArmData, Plan
from cadre_sim.record.metrics import described
from cadre_sim.scenario.loading import load
from cadre_sim.scenario.nodes import Document, Keys, problem_at
from cadre_sim.scenario.problems import problems_from
from cadre_sim.scenario.reading import merged, read, resolve
from cadre_sim.scenario.scenario import Scenario

_MOST_CHECKED = 1000
"""Levels of a factor that are all checked beforehand; of more, only the first and the last."""
_SWITCH = {True: True, False: False, "on": True, "off": False}


def load_experiment(path: str | Path) -> Plan:
    """Read and check the file of an experiment, and the scenarios of its arms.

    Raises:
        ScenarioError: with every problem that was found, each with file, line and path.
        InputError: the units table that a scenario names is missing or wrong.
    """
    document = read(path)
    try:
        experiment = Experiment.model_validate(document.data)
    except ValidationError as error:
        raise ScenarioError(problems_from(error, document, Experiment)) from None
    return _Planner(Path(path), document, experiment).plan()


class _Planner:
    """Gathers what is wrong with an experiment while it is resolved, so that all of it is told at once."""

    def __init__(self, path: Path, document: Document, experiment: Experiment) -> None:
        self.path = path
        self.document = document
        self.experiment = experiment
        self.problems: list[Problem] = []
        self.arms: dict[str, ArmData] = {}
        self.places: dict[str, dict[str, Place]] = {}
        self.starts: list[date] = []

    def plan(self) -> Plan:
        specs = self.experiment.arms or {"scenario": ArmSpec(scenario=self.experiment.scenario)}
        for name, spec in specs.items():
            self._arm(name, spec)
        self._raise_any()
        self._measure_alike()
        found = [self._factor(name, factor) for name, factor in self.experiment.factors.items()]
        self._design()
        metrics = self._metrics()
        self._raise_any()
        factors = tuple(f for f in found if f is not None)
        for factor in factors:
            self._check_values(factor)
        self._raise_any()
        return Plan(self.path, self.experiment, self.arms, factors, metrics)

    def _raise_any(self) -> None:
        if self.problems:
            raise ScenarioError(tuple(self.problems))

    def _wrong(self, keys: Keys, message: str) -> None:
        ways = (keys[:length] for length in range(len(keys), -1, -1))
        mark = next(self.document.marks[way] for way in ways if way in self.document.marks)
        self.problems.append(problem_at(self.document.key_marks.get(keys, mark), keys, message))

    # ---- arms ----

    def _arm(self, name: str, spec: ArmSpec) -> None:
        file = spec.scenario or self.experiment.scenario
        if file is None:
            self._wrong(("arms", name), "is required: `scenario`, here or for all arms")
            return
        path = Path(os.path.relpath(self.path.parent / file))
        settings = [f"{at}={_yaml(value)}" for at, value in spec.settings.items()]
        try:
            scenario = load(path, settings)
            data = resolve(path, settings).data
        except ScenarioError as error:
            self.problems += [self._here(problem, name, file) for problem in error.problems]
            return
        if scenario.period.measure_from is None and scenario.measure_from > scenario.period.start:
            self.starts.append(scenario.measure_from)
        if spec.without_reforms:
            data = {**data, "reforms": {}, "article": []}
        self.arms[name] = ArmData(data, "")

    def _measure_alike(self) -> None:
        """Measure all arms from the same date, with any reform on or off, but for those that say from which.

        Otherwise a scenario is measured from the first day of its own reforms: what two arms differ in, or a reform
        that is switched off, would move the days that are compared.
        """
        for name, arm in self.arms.items():
            scenario = Scenario.model_validate(arm.data)
            inside = [day for day in self.starts if scenario.period.start < day <= scenario.period.end]
            data = arm.data
            if scenario.period.measure_from is None and inside:
                data = merged(data, {"period": {"measure_from": min(inside)}})
                scenario = Scenario.model_validate(data)
            self.arms[name] = ArmData(data, scenario.digest)
            self.places[name] = places_in(scenario)

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

    # ---- factors ----

    def _factor(self, name: str, factor: Factor) -> Varied | None:
        at: Keys = ("factors", name)
        metrics = [d.name for d in described()]
        if name.casefold() in (*RESERVED, *metrics):  # SQL knows no upper and lower case
            self._wrong(at, f"{name!r} is a column of the results: call the factor something else, and give its `path`")
            return None
        pattern = factor.path or name
        hits = {arm: matching(pattern, places) for arm, places in self.places.items()}
        sorts: set[Sort] = {place.sort for places in hits.values() for place in places}
        if len(sorts) != 1:
            paths = list(dict.fromkeys(path for places in self.places.values() for path in places))
            near = nearest(pattern, paths)
            known = f", did you mean {near!r}?" if near else "; `cadre-sim list parameters` lists parameters"
            none = f"no arm has anything at {pattern!r}{known}"
            self._wrong((*at, "path"), f"names {' and '.join(sorted(sorts))} at once" if sorts else none)
            return None
        sort = sorts.pop()
        targets = {arm: tuple(place.keys for place in places) for arm, places in hits.items() if places}
        first = next(place for places in hits.values() for place in places)
        return self._varied(name, factor, sort, first, targets)

    def _varied(
        self, name: str, factor: Factor, sort: Sort, place: Place, targets: Mapping[str, tuple[Keys, ...]]
    ) -> Varied | None:
        at: Keys = ("factors", name)
        levels = self._levels(at, factor.values, sort)
        if factor.values == ():
            self._wrong((*at, "values"), "must have at least one value")
        if sort == "switch" and levels is None:
            levels = (False, True)
        if levels is None and sort == "text":
            self._wrong(at, "needs `values`: it is no number")
        for key in ("range", "levels", "kind"):
            if getattr(factor, key) is not None and (factor.values is not None or sort in ("switch", "text")):
                self._wrong((*at, key), "is of numbers without `values`")
        low, high = factor.range or (place.low, place.high)
        scale: Scale = factor.kind or ("whole" if sort == "whole" else "uniform")
        if sort == "whole" and scale != "whole":
            self._wrong((*at, "kind"), "must be whole: the parameter takes whole numbers only")
        if levels is None and low >= high:
            self._wrong((*at, "range"), f"must have its lower end first (got {low:g} and {high:g})")
        elif levels is None and scale == "log" and low <= 0:
            self._wrong((*at, "range"), f"must be above 0 for kind log (got {low:g})")
        elif levels is None and scale == "whole" and math.ceil(low) > math.floor(high):
            self._wrong((*at, "range"), "has no whole number in it")
        elif scale == "whole" and levels is None:
            low, high = math.ceil(low), math.floor(high)
        varied = Varied(name, sort, levels, low, high, scale, targets)
        design = self.experiment.design
        if levels is None and design == "grid" and sort in ("number", "whole") and not self.problems:
            if factor.levels is None:
                self._wrong(at, "needs `values`, or `levels` of its range, in a grid")
            else:
                return varied._replace(levels=_spread(varied, factor.levels))
        if design == "factorial" and sort != "switch":
            self._wrong(at, "must be a reform that is on or off (reforms.<name>) in a factorial design")
        return varied

    def _levels(self, at: Keys, values: tuple[Value, ...] | None, sort: Sort) -> tuple[Value, ...] | None:
        if values is None:
            return None
        found: list[Value] = []
        for place, value in enumerate(values):
            number = isinstance(value, int | float) and not isinstance(value, bool)
            if sort == "switch" and isinstance(value, bool | str) and value in _SWITCH:
                found.append(_SWITCH[value])
            elif sort == "number" and isinstance(value, int | float) and number:
                found.append(float(value))
            elif sort == "whole" and isinstance(value, int | float) and number and float(value).is_integer():
                found.append(int(value))
            elif sort == "text":
                found.append(str(value))
            else:
                words = {"switch": "on or off", "number": "a number", "whole": "a whole number"}[sort]
                self._wrong((*at, "values", place), f"must be {words} (got {value!r})")
        return tuple(dict.fromkeys(found))

    def _check_values(self, factor: Varied) -> None:
        """Lay the values over every arm, so that what a scenario refuses is told before anything is run."""
        at: Keys = ("factors", factor.name)
        if factor.levels is None:
            tried = [((*at, "range"), factor.at(share)) for share in (0.0, 1.0)]
        else:
            several = len(factor.levels) <= _MOST_CHECKED
            chosen = factor.levels if several else (factor.levels[0], factor.levels[-1])
            given = self.experiment.factors[factor.name].values is not None
            tried = [((*at, "values", p) if given else (*at, "range"), value) for p, value in enumerate(chosen)]
        for (keys, value), (name, arm) in ((t, a) for t in tried for a in self.arms.items()):
            data = laid(arm.data, name, (factor,), (value,))
            try:
                Scenario.model_validate(data)
            except ValidationError as error:
                problem = problems_from(error, Document(data, {}, {}), Scenario)[0]
                self._wrong(keys, f"{problem.path} {problem.message} in arm {name!r}")
                return

    # ---- design ----

    def _design(self) -> None:
        experiment = self.experiment
        design, factors, number = experiment.design, len(experiment.factors), experiment.points
        if design == "arms" and factors:
            self._wrong(("factors",), "are of no use to the design `arms`, which runs the arms as they are")
        if design in ("factorial", *SAMPLED) and not factors:
            self._wrong(("design",), f"{design} needs `factors`")
        elif design in SAMPLED and number is None:
            self._wrong(("design",), f"{design} needs `points`")
        elif design in SAMPLED and number is not None:
            wrong = too_large(design, factors, number)
            if wrong:
                self._wrong(("points",), wrong)
        elif number is not None:
            self._wrong(("points",), f"is of sampled designs ({', '.join(SAMPLED)}), not of {design}")

    def _metrics(self) -> tuple[str, ...]:
        known = [d.name for d in described()]
        if self.experiment.metrics == ("all",):
            return tuple(known)
        for place, name in enumerate(self.experiment.metrics):
            if name not in known:
                near = hint(name, known) if nearest(name, known) else "; `cadre-sim list metrics` lists them"
                self._wrong(("metrics", place), f"unknown metric {name!r}{near}")
        return tuple(dict.fromkeys(self.experiment.metrics))


def _spread(factor: Varied, number: int) -> tuple[Value, ...]:
    """So many values over the range of a factor, its ends included."""
    shares = [k / (number - 1) for k in range(number)]
    if factor.scale == "whole":
        found: Iterator[Value] = (round(factor.low + share * (factor.high - factor.low)) for share in shares)
    else:
        found = (factor.at(share) for share in shares)
    return tuple(dict.fromkeys(chain(found)))


def _yaml(value: Any) -> str:
    """A value on one line, as a setting has it."""
    import json

    return value.isoformat() if isinstance(value, date) else json.dumps(value, default=str, ensure_ascii=False)
