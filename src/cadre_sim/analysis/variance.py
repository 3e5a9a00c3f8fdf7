"""Variance: how much of the spread of a response is parameters, how much the choice of mechanism, how much chance.

A response is a table of three ways: points of the parameters, mechanisms (the factors that are crossed with all
points), and replicates, which have the same random numbers at every point. Its sums of squares part the spread
(analysis of variance of a crossed layout with one value a cell). Chance is what is left when parameters and mechanism
are told. Means over replicates still hold some chance, and means over points some of what both do together: that is
taken out by the expected mean squares. A part that this leaves below 0 is 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cadre_sim.analysis.study import VALUE, Response, Study
from cadre_sim.arrays import Floats
from cadre_sim.comparison.statistics import CONFIDENCE, is_constant

PARTS = ("parameters", "mechanism", "both together", "chance")
OF_MECHANISMS = PARTS[1:3]
"""Parts of which nothing can be said where there is one mechanism only."""
_RESAMPLES = 1000


@dataclass(frozen=True)
class Variance:
    """How the spread of a response is made up.

    Attributes:
        response: what was analysed.
        points: points of the parameters.
        mechanisms: combinations of the crossed factors.
        replicates: replicates.
        mean: mean of the response.
        spread: its standard deviation: the root of all parts together.
        varies: whether there is any spread; of none there are no parts, and all shares are not a number.
        table: one row a part: part, variance, share, low, high (95% of the share, by bootstrap over points and over
            replicates).
    """

    response: Response
    points: int
    mechanisms: int
    replicates: int
    mean: float
    spread: float
    varies: bool
    table: pd.DataFrame


def variance(study: Study, metric: str | None = None, arm: str | None = None, against: str | None = None) -> Variance:
    """Part the spread of a response over an experiment.

    Args:
        study: results of an experiment with factors; points of which some mechanism or replicate is missing are left
            out.
        metric: what is analysed; see :meth:`Study.response`.
        arm: the arm; see there.
        against: the arm to subtract; see there.

    Raises:
        InputError: the experiment has one point or one replicate only, or too few runs are there yet.
    """
    response = study.response(metric, arm, against)
    factors = study.factors(response)
    crossed = [factor.name for factor in factors if factor.crossed or factor.sort == "text"]
    drawn = [factor.name for factor in factors if factor.name not in crossed]
    if not drawn:
        raise study.unfit("variance needs factors that are parameters")
    if study.plan.experiment.replicates < 2:
        raise study.unfit("variance needs at least two replicates of each point, and this experiment has one of each")
    values = _cube(study.values(response), drawn, crossed)
    points, mechanisms, replicates = values.shape
    if points < 2 or replicates < 2:
        raise study.missing(
            "variance needs at least two points and two replicates of each "
            f"(there are {points} points with all mechanisms, of {replicates} replicates)"
        )
    varies = not is_constant(values)
    found = components(values) if varies else np.zeros(len(PARTS))
    shares = low = high = np.full(len(PARTS), np.nan)
    if varies and found.sum():
        shares = found / found.sum()
        low, high = _intervals(values, study.plan.experiment.seed)
    table = pd.DataFrame({"part": PARTS, "variance": found, "share": shares, "low": low, "high": high})
    if mechanisms == 1:  # of one mechanism nothing can be said of the choice
        table.loc[table["part"].isin(OF_MECHANISMS), ["variance", "share", "low", "high"]] = np.nan
    spread = float(np.sqrt(found.sum()))
    return Variance(response, points, mechanisms, replicates, float(values.mean()), spread, varies, table)


def components(values: Floats) -> Floats:
    """The variance of each of the parts, of values of shape (points, mechanisms, replicates).

    Points and replicates stand for more of their kind; mechanisms are all that there are.
    """
    points, mechanisms, replicates = values.shape
    of_points, of_mechanisms = _centred(values.mean(axis=(1, 2))), _centred(values.mean(axis=(0, 2)))
    together = _centred(_centred(values.mean(axis=2), 0), 1)
    # The chance in these means: how much the differences between points, or mechanisms, vary between replicates.
    noise_points = (_centred(_centred(values.mean(axis=1), 0), 1) ** 2).sum() / _free(points, replicates)
    noise_mechanisms = (_centred(_centred(values.mean(axis=0), 0), 1) ** 2).sum() / _free(mechanisms, replicates)
    rest = _centred(_centred(_centred(values, 0), 1), 2)
    noise_both = (rest**2).sum() / _free(points, mechanisms, replicates)
    both = (together**2).sum() / (mechanisms * (points - 1)) - noise_both * (1.0 - 1.0 / mechanisms) / replicates
    parameters = (of_points**2).sum() / (points - 1) - noise_points / replicates
    mechanism = (of_mechanisms**2).mean() - noise_mechanisms * (1.0 - 1.0 / mechanisms) / replicates - both / points
    chance = values.var(axis=2, ddof=1).mean()
    return np.maximum([parameters, mechanism, both, chance], 0.0)


def _centred(values: Floats, axis: int = 0) -> Floats:
    return np.asarray(values - values.mean(axis=axis, keepdims=True))


def _free(*sizes: int) -> int:
    """Degrees of freedom of an interaction; 1 where there is nothing to differ, so that nothing is divided by 0."""
    return max(math.prod(size - 1 for size in sizes), 1)


def _cube(frame: pd.DataFrame, drawn: list[str], crossed: list[str]) -> Floats:
    """Values by point, mechanism and replicate; points of which one is missing are left out."""
    if not len(frame):
        return np.empty((0, 1, 0))
    frame = frame.assign(point=frame.groupby(drawn, sort=False, dropna=False).ngroup())
    frame["mechanism"] = frame.groupby(crossed, sort=True).ngroup() if crossed else 0
    table = frame.pivot_table(index="point", columns=["mechanism", "replicate"], values=VALUE, aggfunc="mean")
    whole = table.dropna(axis=0)
    mechanisms = table.columns.get_level_values(0).nunique()
    replicates = table.columns.get_level_values(1).nunique()
    if table.shape[1] != mechanisms * replicates:
        return np.empty((0, mechanisms, replicates))
    return whole.to_numpy(np.float64).reshape(len(whole), mechanisms, replicates)


def _intervals(values: Floats, seed: int) -> tuple[Floats, Floats]:
    """Intervals of the shares, by drawing points and replicates again."""
    from scipy.stats import randint

    points, _, replicates = values.shape
    rows = randint.rvs(0, points, size=(_RESAMPLES, points), random_state=seed)
    columns = randint.rvs(0, replicates, size=(_RESAMPLES, replicates), random_state=seed + 1)
    shares = []
    for row, column in zip(rows, columns, strict=True):
        if len(set(column.tolist())) > 1 and len(set(row.tolist())) > 1:
            found = components(values[row][:, :, column])
            if found.sum():
                shares.append(found / found.sum())
    if not shares:
        return np.full(len(PARTS), np.nan), np.full(len(PARTS), np.nan)
    ends = np.quantile(np.array(shares), [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2], axis=0)
    return ends[0], ends[1]
