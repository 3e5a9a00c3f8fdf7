"""The search of a calibration: which parameters, and CMA-ES in the unit cube of their plausible ranges."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from math import ceil, floor, isfinite, log10
from typing import NamedTuple

import numpy as np
import pandas as pd

from cadre_sim.arrays import Floats
from cadre_sim.errors import InputError, UnknownNameError
from cadre_sim.scenario.listing import parameters_in
from cadre_sim.scenario.paths import parse_path, path_text
from cadre_sim.scenario.scenario import Scenario

Values = dict[str, float | int]

BATCH = 8
"""Trials of a generation, and between two tells: enough for the cores of a usual machine, few enough to learn often."""
SPREAD = 0.1
"""Standard deviation of the first generation around the start, in terms of each range."""
DIGITS = 4
"""Significant digits of a value that is tried: more would say nothing, and be no easier to read."""


class SearchedParameter(NamedTuple):
    """A parameter that is searched.

    Attributes:
        path: its place in the scenario, such as ``demand.hours``.
        unit: unit of all its values.
        low: lower end of its plausible range.
        high: upper end of its plausible range.
        kind: how well its default is founded (D, I or A).
        whole: whether it takes whole numbers only.
        start: its value in the scenario.
    """

    path: str
    unit: str
    low: float
    high: float
    kind: str
    whole: bool
    start: float | int

    def at(self, part: float) -> float | int:
        """The value at a part of the range, 0 to 1, with few digits."""
        value = self.low + part * (self.high - self.low)
        if self.whole:
            return round(value)
        if value == 0.0:
            return 0.0
        rounded = round(float(value), DIGITS - 1 - floor(log10(abs(value))))
        return min(max(rounded, self.low), self.high)


def read_calibrated() -> tuple[str, ...]:
    """Paths of the parameters in ``data/calibrated.csv``: those that no source fixes and the targets can tell."""
    with files("cadre_sim.data").joinpath("calibrated.csv").open(encoding="utf-8") as file:
        return tuple(pd.read_csv(file)["path"])


def searched_parameters(scenario: Scenario, paths: Sequence[str]) -> tuple[SearchedParameter, ...]:
    """What is searched of a scenario, by path.

    Raises:
        UnknownNameError: the scenario has no such parameter.
        InputError: there is nothing to search in one: no range, no value, or a value outside its range.
    """
    if not paths:
        raise InputError("no parameter to search; cadre-sim list parameters names them all")
    known = parameters_in(scenario)
    paths = [path_text(parse_path(path)) for path in paths]
    unknown = next((path for path in paths if path not in known), None)
    if unknown is not None:
        raise UnknownNameError(unknown, known)
    knobs = []
    for path in dict.fromkeys(paths):
        parameter, value, whole = known[path]
        low, high = parameter.low, parameter.high
        if whole:
            low, high = ceil(low), floor(high)
        if not low < high:
            raise InputError(f"{path}: nothing to search: its plausible range is {low:g} to {high:g}")
        if value is None:
            raise InputError(f"{path}: has no value in this scenario that a search could start from")
        if not low <= value <= high:
            raise InputError(
                f"{path}: the search stays in the plausible range, {low:g} to {high:g} {parameter.unit}, "
                f"and the scenario's value {value:g} lies outside it"
            )
        knobs.append(SearchedParameter(path, parameter.unit, low, high, parameter.kind, whole, value))
    return tuple(knobs)


class Search:
    """CMA-ES around the start, in the unit cube of the parameters' ranges.

    A search around the start: the values of a scenario that somebody has set are far better than any drawn at random.
    """

    def __init__(self, knobs: Sequence[SearchedParameter], seed: int) -> None:
        """Begin at the start of each parameter; the seed decides every point."""
        from cmaes import CMA  # type: ignore[import-untyped]

        self._knobs = knobs
        # The library takes two dimensions or more; where one parameter is searched, the other means nothing.
        size = max(2, len(knobs))
        mean = np.full(size, 0.5)
        mean[: len(knobs)] = [(k.start - k.low) / (k.high - k.low) for k in knobs]
        bounds = np.tile([0.0, 1.0], (size, 1))
        self._cma = CMA(mean=mean, sigma=SPREAD, bounds=bounds, seed=seed, population_size=BATCH)

    def ask(self) -> tuple[Floats, Values]:
        """A point of the next generation, and the values that it stands for."""
        point: Floats = self._cma.ask()
        return point, {k.path: k.at(x) for k, x in zip(self._knobs, point.tolist(), strict=False)}

    def tell(self, points: Sequence[Floats], losses: Sequence[float]) -> None:
        """What became of a whole generation; a trial that gave no number counts as the worst."""
        found = [loss if isfinite(loss) else np.inf for loss in losses]
        self._cma.tell(list(zip(points, found, strict=True)))
