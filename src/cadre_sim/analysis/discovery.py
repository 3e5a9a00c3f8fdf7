"""Discovery: in which region of the uncertain parameters a reform fails (scenario discovery by PRIM).

The patient rule induction method (Friedman and Fisher 1999; for scenarios Bryant and Lempert 2010) peels thin slices
off a box, one after another, so that what remains holds as many failures as possible. It is that of the EMA
workbench.
"""

from __future__ import annotations

import operator
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from cadre_sim.analysis.study import VALUE, Response, Study
from cadre_sim.errors import InputError
from cadre_sim.experiments.factors import Varied
from cadre_sim.extras import require

_CONDITION = re.compile(r"\s*([\w]+)\s*(<=|>=|<|>)\s*([-+]?[\d.]+(?:[eE][-+]?\d+)?)\s*")
_COMPARE: dict[str, Callable[[Any, float], Any]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_PEEL = 0.05
_LEAST_DENSITY = 0.5
_SIGNIFICANT = 0.05
_LITTLE = 0.1
"""Share of what a box is good for that may be lost for a limit less."""


class Condition(NamedTuple):
    """When a reform fails: its response is beyond a number."""

    metric: str
    relation: str
    number: float

    @classmethod
    def of(cls, text: str) -> Condition:
        """Read `metric < number`.

        Raises:
            InputError: it is something else.
        """
        found = _CONDITION.fullmatch(text)
        if not found:
            raise InputError(f"a condition is METRIC < NUMBER, or with <=, > or >= (got {text!r})")
        return cls(found[1], found[2], float(found[3]))

    def __str__(self) -> str:
        """As it is written."""
        return f"{self.metric} {self.relation} {self.number:g}"


@dataclass(frozen=True)
class Region:
    """A box of parameters in which a reform often fails.

    Attributes:
        coverage: share of all failures that lie in it.
        density: share of its points that are failures.
        mass: share of all points that lie in it.
        limits: one row a parameter that limits it: factor, from, to (None where it is not limited on that side), values
            (of a factor that is no number), and p, how easily chance would give as good a limit (quasi-p-value).
    """

    coverage: float
    density: float
    mass: float
    limits: pd.DataFrame


@dataclass(frozen=True)
class Discovery:
    """Where a reform fails.

    Attributes:
        response: what was analysed.
        condition: what counts as failure.
        points: points of the design that are there.
        failures: points at which the reform fails, by its mean over replicates.
        regions: boxes, the first of the whole, each further one of what those before leave; empty where nothing or all
            fails.
    """

    response: Response
    condition: Condition
    points: int
    failures: int
    regions: tuple[Region, ...]


def discover(
    study: Study, condition: Condition, arm: str | None = None, against: str | None = None, most: int = 3
) -> Discovery:
    """Find the regions in which a reform fails.

    Args:
        study: results of an experiment whose points are spread over its factors (sobol, latin_hypercube, grid).
        condition: what counts as failure.
        arm: the arm; see :meth:`Study.response`.
        against: the arm to subtract; see there.
        most: regions that are looked for.

    Raises:
        InputError: no factor, or too few runs are there yet.
        MissingExtraError: the library that searches is not installed.
    """
    require("'analyse discover'", "ema_workbench")
    response = study.response(condition.metric, arm, against)
    factors = study.factors(response)
    if not factors:
        raise study.unfit("discovery needs factors")
    names = [factor.name for factor in factors]
    frame = study.values(response)
    if not len(frame):
        raise study.missing("discovery needs runs")
    means = frame.groupby(names, sort=True, dropna=False)[VALUE].mean().reset_index()
    fails = np.asarray(_COMPARE[condition.relation](means[VALUE].to_numpy(np.float64), condition.number))
    regions = tuple(_regions(means[names], fails, factors, most)) if 0 < fails.sum() < len(fails) else ()
    return Discovery(response, condition, len(means), int(fails.sum()), regions)


def _regions(points: pd.DataFrame, fails: Any, factors: tuple[Varied, ...], most: int) -> list[Region]:
    with warnings.catch_warnings():
        # The workbench looks for programs that run models in parallel, and says so of each that is not there.
        warnings.simplefilter("ignore")
        from ema_workbench.analysis import prim

        frame = points.copy()
        for factor in factors:
            if factor.sort in ("switch", "text"):
                frame[factor.name] = frame[factor.name].astype(str).astype("category")
        search = prim.Prim(frame, fails.copy(), threshold=_LEAST_DENSITY, peel_alpha=_PEEL)
        found = []
        for _ in range(most):
            box = search.find_box()
            if box is None or box.res_dim == 0:
                break
            found.append(_region(box))
    return found


def _region(box: Any) -> Region:
    """The box on the way of peeling that has most of both: of the failures, and of failures among its points."""
    chosen = _without_weak(box, int(np.argmax([_both(box, k) for k in range(len(box.box_lims))])))
    box.select(chosen)
    limits, whole, p_values = box.box_lims[chosen], box.box_lims[0], box.qp[chosen]
    rows = []
    for name, p in p_values.items():
        first, last = limits[name].tolist()
        if isinstance(first, set):
            ends: tuple[float | None, float | None, str | None] = None, None, ", ".join(sorted(map(str, first)))
        else:
            ends = _end(first, whole[name][0]), _end(last, whole[name][1]), None
        rows.append((name, *ends, _chance(p)))
    table = pd.DataFrame(rows, columns=["factor", "from", "to", "values", "p"]).sort_values("p", kind="stable")
    at = box.peeling_trajectory.loc[chosen]
    return Region(float(at["coverage"]), float(at["density"]), float(at["mass"]), table.reset_index(drop=True))


def _both(box: Any, number: int) -> float:
    """Harmonic mean of the coverage and the density of a box."""
    at = box.peeling_trajectory.loc[number]
    return float(2.0 * at["coverage"] * at["density"] / (at["coverage"] + at["density"]))


def _without_weak(box: Any, chosen: int) -> int:
    """The number of the box without limits that chance gives as easily, the weakest first, while little is lost."""
    best = _both(box, chosen)
    while True:
        p_values = box.qp[chosen]
        weakest = max(p_values, key=lambda name: _chance(p_values[name]))
        if len(p_values) == 1 or _chance(p_values[weakest]) < _SIGNIFICANT:
            return chosen
        box.drop_restriction(weakest, chosen)
        if _both(box, len(box.box_lims) - 1) < (1.0 - _LITTLE) * best:
            return chosen
        chosen = len(box.box_lims) - 1


def _chance(p_values: list[float]) -> float:
    """How easily chance gives as good a limit: of its two ends the one that says less; an end without limit has -1."""
    return max(p_values)


def _end(limit: float, whole: float) -> float | None:
    return None if limit == whole else float(limit)
