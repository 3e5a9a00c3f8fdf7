"""The frontier: points of a design that no other point betters in every objective at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cadre_sim.analysis.study import VALUE, Study
from cadre_sim.errors import InputError
from cadre_sim.extras import require

Direction = Literal["max", "min"]


class Objective(NamedTuple):
    """What a reform should have much or little of."""

    metric: str
    direction: Direction

    @classmethod
    def of(cls, text: str) -> Objective:
        """Read `metric:max` or `metric:min`.

        Raises:
            InputError: it is neither.
        """
        metric, _, direction = text.partition(":")
        if direction == "max":
            return cls(metric, "max")
        if direction == "min":
            return cls(metric, "min")
        raise InputError(f"an objective is METRIC:max or METRIC:min (got {text!r})")


DEFAULT_OBJECTIVES = (
    Objective("service_hours", "max"),
    Objective("hidden_violations", "min"),
    Objective("deployed", "min"),
)
"""Service, integrity and cost: hours of service, violations that stay hidden, and people sent from above."""


@dataclass(frozen=True)
class Frontier:
    """The points that are not bettered.

    Attributes:
        objectives: what points are compared by.
        units: unit of each objective.
        arm: the arm that the points are of.
        points: how many points were compared.
        replicates: replicates in which all of them are there.
        table: one row a point of the frontier: a column a factor, the mean of each objective over replicates, and
            `held`, the share of replicates in which the point is on the frontier by itself. Ordered by the first
            objective, the best first.
    """

    objectives: tuple[Objective, ...]
    units: tuple[str, ...]
    arm: str
    points: int
    replicates: int
    table: pd.DataFrame


def frontier(study: Study, objectives: Sequence[Objective] = DEFAULT_OBJECTIVES, arm: str | None = None) -> Frontier:
    """The points of a design that no other betters, by their means over replicates.

    Args:
        study: results of an experiment with factors.
        objectives: two or more that its metrics have.
        arm: the arm; see :meth:`Study.response`.

    Raises:
        InputError: fewer than two objectives, a metric that is not kept, or too few runs yet.
        MissingExtraError: the library that compares the points is not installed.
    """
    require("'analyse frontier'", "moocore")
    if len(objectives) < 2:
        raise InputError("a frontier is of at least two objectives")
    responses = [study.response(objective.metric, arm, "none") for objective in objectives]
    names = [factor.name for factor in study.factors(responses[0])]
    if not names:
        raise study.unfit("a frontier needs factors, of which the arm depends on some")
    keys = [*names, "replicate"]
    frame = pd.DataFrame(columns=keys)
    for place, response in enumerate(responses):
        column = study.values(response).rename(columns={VALUE: response.metric})
        frame = column if place == 0 else frame.merge(column, on=keys)
    metrics = [response.metric for response in responses]
    frame = _everywhere(frame, names)
    means = frame.groupby(names, sort=True, dropna=False)[metrics].mean()
    if len(means) < 2:
        raise study.missing("a frontier needs at least two points in the same replicates")
    costs = np.array([-1.0 if objective.direction == "max" else 1.0 for objective in objectives])
    best = not_bettered(means.to_numpy(np.float64) * costs)
    held = np.zeros(len(means))
    replicates = frame.groupby("replicate", sort=True)
    for _, rows in replicates:
        alone = rows.groupby(names, sort=True, dropna=False)[metrics].mean().to_numpy(np.float64)
        held[not_bettered(alone * costs)] += 1.0
    table = means.assign(held=held / len(replicates)).iloc[best].reset_index()
    table = table.sort_values(metrics, ascending=[o.direction == "min" for o in objectives], kind="stable")
    units = tuple(response.unit for response in responses)
    return Frontier(
        tuple(objectives), units, responses[0].arm, len(means), len(replicates), table.reset_index(drop=True)
    )


def not_bettered(costs: NDArray[np.float64]) -> NDArray[np.int64]:
    """The rows that no other row is at most as large as in every column and smaller in one, in their order."""
    import moocore

    # Weakly: of rows that are the same, none betters the others, so that all of them stay.
    return np.flatnonzero(moocore.is_nondominated(costs, keep_weakly=True))


def _everywhere(frame: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """The rows of replicates that have all points, so that points are compared under the same random numbers."""
    points = frame.groupby(names, dropna=False).ngroups if len(frame) else 0
    counts = frame.groupby("replicate").size()
    return frame[frame["replicate"].isin(counts.index[counts == points])]
