"""A factor that is varied: what it may be, and where in the scenario of each arm it is laid."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import reduce
from typing import Any, Literal, NamedTuple

from cadre_sim.experiments.experiment import Scale, Value
from cadre_sim.scenario.listing import ParameterValue, parameters_in
from cadre_sim.scenario.paths import Keys, means, name_of, parse_path, path_text, with_value
from cadre_sim.scenario.scenario import Scenario

Sort = Literal["number", "whole", "switch", "text"]
"""What the values of a factor are: numbers, whole numbers, a reform on or off, or anything else as text."""


class Target(NamedTuple):
    """A place in the scenario of an arm that takes the value of a factor.

    Attributes:
        keys: where it is.
        value: what the scenario has there, for a factor that multiplies it.
        low: what a product is at least: the plausible range, or the scenario's own value where that is beyond it.
        high: what a product is at most.
        whole: whether it takes whole numbers only.
    """

    keys: Keys
    value: float = math.nan
    low: float = math.nan
    high: float = math.nan
    whole: bool = False

    def times(self, factor: float) -> float | int:
        """The scenario's value, multiplied."""
        product = min(max(self.value * factor, self.low), self.high)
        return round(product) if self.whole else product


class Varied(NamedTuple):
    """A factor, resolved against the arms.

    Attributes:
        name: what it is called in the experiment and in the results.
        sort: what its values are.
        levels: the values it takes; None where it is drawn from a range.
        low: lower end of the range.
        high: upper end of the range.
        scale: how values lie in the range.
        targets: by arm, the places in its scenario that take the value; an arm without any does not depend on it.
        crossed: whether a sampled design has each of its points with every value.
        relative: whether a value multiplies what the scenario has at each place, rather than replaces it.
    """

    name: str
    sort: Sort
    levels: tuple[Value, ...] | None
    low: float
    high: float
    scale: Scale
    targets: Mapping[str, tuple[Target, ...]]
    crossed: bool = False
    relative: bool = False

    def at(self, share: float) -> Value:
        """The value at a share of its range, 0 to 1; with levels or whole numbers each has the same part of it."""
        if self.levels is not None:
            return self.levels[min(int(share * len(self.levels)), len(self.levels) - 1)]
        if self.scale == "whole":
            return int(min(self.low + math.floor(share * (self.high - self.low + 1.0)), self.high))
        if self.scale == "log":
            return float(self.low * (self.high / self.low) ** share)
        return float(self.low + share * (self.high - self.low))

    def laid_at(self, arm: str, value: Value | None) -> list[tuple[Keys, Value | None]]:
        """What each place in the scenario of an arm takes for a value of the factor."""
        if self.relative and isinstance(value, int | float):
            return [(target.keys, target.times(value)) for target in self.targets.get(arm, ())]
        return [(target.keys, value) for target in self.targets.get(arm, ())]


class FactorPlace(NamedTuple):
    """Somewhere in a scenario that a factor can be laid: what stands there, and the plausible range of a number.

    Attributes:
        keys: where it is.
        names: the same place, with items of lists by their names where they have one.
        sort: what stands there.
        placed: the parameter, where it is one.
    """

    keys: Keys
    names: Keys
    sort: Sort
    placed: ParameterValue | None = None

    @property
    def target(self) -> Target:
        """This place as what takes the value of a factor."""
        if self.placed is None or self.placed.value is None:
            return Target(self.keys)
        value, parameter = self.placed.value, self.placed.parameter
        return Target(self.keys, value, min(parameter.low, value), max(parameter.high, value), self.placed.whole)


def places_in(scenario: Scenario, data: Mapping[str, Any]) -> dict[str, FactorPlace]:
    """Everything in a scenario that can be varied, by path: parameters, reforms, and what else is a single value.

    Args:
        scenario: the scenario.
        data: what its file says, resolved; an item of a list can be varied where the file has the list.
    """
    found = {path_text(place.keys): place for place in _single_values(scenario.to_dict(), data, (), ())}
    for path, placed in parameters_in(scenario).items():
        keys = parse_path(path)
        found[path] = FactorPlace(keys, keys, "whole" if placed.whole else "number", placed)
    for name in scenario.reforms:
        keys = ("reforms", name)
        found[path_text(keys)] = FactorPlace(keys, keys, "switch")
    return found


def matching(pattern: str, places: Mapping[str, FactorPlace]) -> list[FactorPlace]:
    """The places that a path means, however it is spelt; ``*`` in it stands for any one name or item.

    Raises:
        InputError: it is no path.
    """
    wanted = parse_path(pattern)
    return [place for place in places.values() if means(wanted, place.keys, place.names)]


def _single_values(value: Any, data: Any, keys: Keys, names: Keys) -> Iterable[FactorPlace]:
    if isinstance(value, Mapping):
        given = data if isinstance(data, Mapping) else {}
        for name, inner in value.items():
            yield from _single_values(inner, given.get(name), (*keys, name), (*names, name))
    elif isinstance(value, list):
        if isinstance(data, list) and keys != ("article",):
            for place, (inner, given) in enumerate(zip(value, data, strict=True)):
                yield from _single_values(inner, given, (*keys, place), (*names, name_of(inner) or place))
    else:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        sort: Sort = "text" if not number else "whole" if isinstance(value, int) else "number"
        yield FactorPlace(keys, names, sort)


def laid(data: Mapping[str, Any], arm: str, factors: Iterable[Varied], values: Iterable[Value | None]) -> Any:
    """The data of an arm's scenario with the values of all factors laid over it.

    Args:
        data: the arm's scenario as a file would have it.
        arm: name of the arm.
        factors: what is varied.
        values: a value a factor; None where the arm does not depend on it.
    """
    pairs = list(zip(factors, values, strict=True))
    layers = [layer for f, v in pairs if f.sort != "switch" for layer in f.laid_at(arm, v)]
    # A reform goes last: what is off must not be made again by a value laid inside it.
    layers += [(keys, None) for f, v in pairs if f.sort == "switch" and not v for keys, _ in f.laid_at(arm, v)]
    return reduce(lambda found, layer: with_value(found, *layer), layers, data)
