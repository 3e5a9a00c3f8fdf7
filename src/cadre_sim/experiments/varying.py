"""What an experiment varies: its factors, found in the arms, with values or a range."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from cadre_sim.errors import InputError, nearest
from cadre_sim.experiments.designs import ON_OFF, SAMPLED
from cadre_sim.experiments.experiment import Experiment, Factor, Scale, Value
from cadre_sim.experiments.factors import FactorPlace, Sort, Target, Varied, matching
from cadre_sim.experiments.plan import RESERVED
from cadre_sim.experiments.problems import ProblemCollector
from cadre_sim.record.metrics import metric_catalogue
from cadre_sim.scenario.alike import folded
from cadre_sim.scenario.paths import EVERY, Keys, parse_path, path_text

_SWITCH = {True: True, False: False, "on": True, "off": False}
_UNCERTAIN = ("I", "A")
"""Kinds of parameters that are varied where an experiment does not say which."""

_HALF = 0.5

Places = Mapping[str, Mapping[str, FactorPlace]]
"""What can be varied: by arm, by path."""


def varied(experiment: Experiment, places: Places, collector: ProblemCollector) -> tuple[Varied, ...]:
    """The factors of an experiment; where it names none and its design draws, every uncertain parameter of its arms."""
    factors = experiment.factors
    if not factors and experiment.design in SAMPLED:
        factors = uncertain(places)
    columns: dict[str, str] = {}
    for name in factors:
        other = columns.setdefault(folded(name), name)
        if other != name:
            collector.wrong(
                ("factors", name),
                f"differs from {other!r} only in upper and lower case or in how its letters are encoded, and SQL takes"
                " both for one column of the results: call it something else, and give its `path`",
            )
    found = (_found(name, factor, experiment, places, collector) for name, factor in factors.items())
    return tuple(factor for factor in found if factor is not None)


def uncertain(places: Places) -> dict[str, Factor]:
    """Every parameter of kind I or A as a factor; one for all groups of departments, which it multiplies.

    The strength of a reform is no such factor: it is there to ask what part of a reform brings, and is plausible as a
    whole.
    """
    found: dict[str, Factor] = {}
    for path, place in ((path, place) for arm in places.values() for path, place in arm.items()):
        placed = place.placed
        if placed is None or placed.value is None or placed.parameter.kind not in _UNCERTAIN:
            continue
        keys = parse_path(path)
        if keys[0] != "departments" and keys[-1] != "strength":
            found[path] = Factor()
        elif keys[0] == "departments" and placed.parameter.unit != "month":
            found[path_text((keys[0], EVERY, *keys[2:]))] = Factor(relative=True)
    return found


def _found(
    name: str, factor: Factor, experiment: Experiment, places: Places, collector: ProblemCollector
) -> Varied | None:
    at: Keys = ("factors", name)
    if folded(name) in {folded(column) for column in (*RESERVED, *(d.name for d in metric_catalogue()))}:
        collector.wrong(at, f"{name!r} is a column of the results: call the factor something else, and give its `path`")
        return None
    patterns = factor.path or (name,)
    for pattern in patterns:
        try:
            parse_path(pattern)
        except InputError as error:
            collector.wrong((*at, "path"), str(error))
            return None
        if not any(matching(pattern, of_arm) for of_arm in places.values()):
            near = nearest(pattern, list(dict.fromkeys(path for of_arm in places.values() for path in of_arm)))
            known = f", did you mean {near!r}?" if near else "; `cadre-sim list parameters` lists parameters"
            collector.wrong((*at, "path"), f"no arm has anything at {pattern!r}{known}")
            return None
    hits = {arm: [p for pattern in patterns for p in matching(pattern, of_arm)] for arm, of_arm in places.items()}
    sorts: set[Sort] = {place.sort for found in hits.values() for place in found}
    if factor.relative and sorts <= {"number", "whole"}:
        sorts = {"number"}
    if len(sorts) > 1:
        collector.wrong((*at, "path"), f"names {' and '.join(sorted(sorts))} at once")
        return None
    targets = {arm: tuple(place.target for place in found) for arm, found in hits.items() if found}
    first = next(place for found in hits.values() for place in found)
    return _Values(name, factor, sorts.pop(), first, collector).resolved(targets, experiment)


class _Values:
    """The values that a factor takes, or the range that they are drawn from."""

    def __init__(self, name: str, factor: Factor, sort: Sort, place: FactorPlace, collector: ProblemCollector) -> None:
        self.name = name
        self.at: Keys = ("factors", name)
        self.factor = factor
        self.sort: Sort = sort
        self.place = place
        self.collector = collector

    def resolved(self, targets: Mapping[str, tuple[Target, ...]], experiment: Experiment) -> Varied:
        """The factor in full; what is wrong with it is told."""
        factor, design = self.factor, experiment.design
        levels = self._levels()
        self._check_keys(levels, design)
        low, high = factor.range or self._plausible()
        whole = self.sort == "whole"
        between: Scale = "log" if factor.relative and low > 0 else "uniform"
        scale: Scale = factor.kind or ("whole" if whole else between)
        if levels is None:
            self._check_range(low, high, scale)
        if scale == "whole" and levels is None and math.isfinite(low + high):
            low, high = math.ceil(low), math.floor(high)
        found = Varied(self.name, self.sort, levels, low, high, scale, targets, factor.crossed, factor.relative)
        if levels is None and design == "grid" and self.sort in ("number", "whole") and not self.collector.problems:
            if factor.levels is None:
                self.collector.wrong(self.at, "needs `values`, or `levels` of its range, in a grid")
            else:
                return found._replace(levels=_spread(found, factor.levels))
        return found

    def _plausible(self) -> tuple[float, float]:
        """The plausible range of the parameter; of a factor that multiplies, in terms of the parameter's default.

        The plausible range of what departments do covers all sorts of departments. No group of them is taken to be off
        by more than a half or twice.
        """
        if self.place.placed is None:
            return math.nan, math.nan
        parameter = self.place.placed.parameter
        if not self.factor.relative:
            return parameter.low, parameter.high
        default = parameter.default or math.nan
        return max(_HALF, parameter.low / default), min(1.0 / _HALF, parameter.high / default)

    def _check_keys(self, levels: tuple[Value, ...] | None, design: str) -> None:
        factor = self.factor
        if factor.values == ():
            self.collector.wrong((*self.at, "values"), "must have at least one value")
        if levels is None and self.sort == "text":
            self.collector.wrong(self.at, "needs `values`: it is no number")
        for key in ("range", "levels", "kind"):
            if getattr(factor, key) is not None and (factor.values is not None or self.sort in ("switch", "text")):
                self.collector.wrong((*self.at, key), "is of numbers without `values`")
        if design in ON_OFF and self.sort != "switch":
            self.collector.wrong(
                self.at, f"must be a reform that is on or off (reforms.<name>) in a design of {design}"
            )
        if factor.crossed and (levels is None or design not in SAMPLED):
            self.collector.wrong((*self.at, "crossed"), f"is of factors with values, in designs that draw ({_LISTED})")
        if factor.relative and self.sort != "number":
            self.collector.wrong((*self.at, "relative"), "is of numbers, which can be multiplied")

    def _check_range(self, low: float, high: float, scale: Scale) -> None:
        if self.sort == "whole" and scale != "whole":
            self.collector.wrong((*self.at, "kind"), "must be whole: the parameter takes whole numbers only")
        if low >= high:
            self.collector.wrong((*self.at, "range"), f"must have its lower end first (got {low:g} and {high:g})")
        elif scale == "log" and low <= 0:
            self.collector.wrong((*self.at, "range"), f"must be above 0 for kind log (got {low:g})")
        elif scale == "whole" and math.isfinite(low + high) and math.ceil(low) > math.floor(high):
            self.collector.wrong((*self.at, "range"), "has no whole number in it")

    def _levels(self) -> tuple[Value, ...] | None:
        if self.factor.values is None:
            return (False, True) if self.sort == "switch" else None
        found: list[Value] = []
        for place, value in enumerate(self.factor.values):
            number = isinstance(value, int | float) and not isinstance(value, bool)
            if self.sort == "switch" and isinstance(value, bool | str) and value in _SWITCH:
                found.append(_SWITCH[value])
            elif self.sort == "number" and isinstance(value, int | float) and number:
                found.append(float(value))
            elif self.sort == "whole" and isinstance(value, int | float) and number and float(value).is_integer():
                found.append(int(value))
            elif self.sort == "text":
                found.append(str(value))
            else:
                words = {"switch": "on or off", "number": "a number", "whole": "a whole number"}[self.sort]
                self.collector.wrong((*self.at, "values", place), f"must be {words} (got {value!r})")
        return tuple(dict.fromkeys(found))


_LISTED = ", ".join(SAMPLED)


def _spread(factor: Varied, number: int) -> tuple[Value, ...]:
    """So many values over the range of a factor, its ends included."""
    shares = [k / (number - 1) for k in range(number)]
    if factor.scale == "whole":
        found: Iterator[Value] = (round(factor.low + share * (factor.high - factor.low)) for share in shares)
    else:
        found = (factor.at(share) for share in shares)
    return tuple(dict.fromkeys(found))
