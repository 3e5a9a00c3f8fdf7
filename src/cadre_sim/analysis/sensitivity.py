"""Sensitivity: which parameters a response depends on, and how much.

Morris screening says how much a response changes on average when one parameter moves and the others stay (mu*,
Campolongo et al. 2007) and how much that depends on where the others are (sigma). Sobol indices say which share of
the variance over the ranges of all parameters a parameter explains alone (first order) and together with all others
(total; Saltelli et al. 2010). Both are those of SALib, with its bootstrap intervals.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cadre_sim.analysis.study import Response, Study, by_point
from cadre_sim.arrays import Floats
from cadre_sim.comparison.statistics import CONFIDENCE, is_constant
from cadre_sim.experiments.designs import SAMPLED, unit_problem
from cadre_sim.experiments.factors import Varied
from cadre_sim.extras import require

RESAMPLES = 1000


@dataclass(frozen=True)
class Sensitivity:
    """Which parameters a response depends on.

    Attributes:
        response: what was analysed.
        method: "morris" or "sobol".
        used: trajectories, or base points, that all runs were there of.
        all: those that the design has.
        mean: mean of the response over the design.
        spread: its standard deviation over the design.
        varies: whether it varies at all; where it does not, nothing depends on anything, and shares are not a number.
        table: one row a factor, the most important first. Morris: factor, mean_absolute (mu*), low, high, mean (mu),
            spread (sigma), in the response's unit per full range of the factor. Sobol: factor, first, first_low,
            first_high, total, total_low, total_high, as shares of the variance, 0 to 1: an estimate that chance puts
            beyond is 0 or 1. Intervals are of 95%, by bootstrap.
    """

    response: Response
    method: str
    used: int
    all: int
    mean: float
    spread: float
    varies: bool
    table: pd.DataFrame


def sensitivity(
    study: Study, metric: str | None = None, arm: str | None = None, against: str | None = None
) -> Sensitivity:
    """Sensitivity of a response to the factors of a Morris or Saltelli design.

    Args:
        study: results of such a design; of factors that are crossed, the mean over all values is taken.
        metric: what is analysed; see :meth:`Study.response`.
        arm: the arm; see there.
        against: the arm to subtract; see there.

    Raises:
        InputError: the design is another, or too few runs are there yet.
        MissingExtraError: the library that computes indices is not installed.
    """
    experiment = study.plan.experiment
    methods: dict[str, tuple[str, Callable[..., pd.DataFrame]]] = {
        "morris": ("morris", _morris),
        "saltelli": ("sobol", _sobol),
    }
    if experiment.design not in methods:
        raise study.unfit(f"sensitivity needs a design of {' or '.join(methods)}, and this is {experiment.design}")
    require("'analyse sensitivity'", "SALib")
    method, indices = methods[experiment.design]
    response = study.response(metric, arm, against)
    factors = [factor for factor in study.plan.factors if not factor.crossed]
    number = experiment.points or 0
    shares = np.concatenate(list(SAMPLED[experiment.design].blocks(number, len(factors), experiment.seed)))
    found = _at(study, response, factors, shares)
    blocks = found.reshape(number, -1)
    whole = np.isfinite(blocks).all(axis=1)
    if whole.sum() < 2:
        raise study.missing("sensitivity needs at least two whole trajectories or base points")
    kept = np.repeat(whole, blocks.shape[1])
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        # SALib divides by the spread of a resample, which may have none; what comes of it is not a number.
        warnings.simplefilter("ignore")
        table = indices(shares[kept], found[kept], [factor.name for factor in factors], experiment.seed)
    depends = {factor.name for factor in study.factors(response)}
    table = table[table["factor"].isin(depends)].reset_index(drop=True)
    values = blocks[whole]
    spread = float(values.std(ddof=1))
    varies = not is_constant(values)
    return Sensitivity(response, method, int(whole.sum()), number, float(values.mean()), spread, varies, table)


def _at(study: Study, response: Response, factors: Sequence[Varied], shares: Floats) -> Floats:
    """The response at each row of a design, the mean over replicates; not a number where it is not there."""
    own = {factor.name for factor in study.factors(response)}
    chosen = [(place, factor) for place, factor in enumerate(factors) if factor.name in own]
    if not chosen:
        raise study.unfit("no factor is of the arm that is analysed")
    means = by_point(study.values(response), [factor.name for _, factor in chosen])
    points = (tuple(factor.at(row[place]) for place, factor in chosen) for row in shares.tolist())
    return np.array([means.get(point, np.nan) for point in points])


def _morris(shares: Floats, values: Floats, names: list[str], seed: int) -> pd.DataFrame:
    from SALib.analyze import morris

    from cadre_sim.experiments.designs import MORRIS_LEVELS

    found: Any = morris.analyze(
        unit_problem(len(names)), shares, values, num_resamples=RESAMPLES, conf_level=CONFIDENCE,
        num_levels=MORRIS_LEVELS, seed=seed,
    )  # fmt: skip
    mean, half = np.asarray(found["mu_star"]), np.asarray(found["mu_star_conf"])
    table = {"factor": names, "mean_absolute": mean, "low": np.maximum(mean - half, 0.0), "high": mean + half}
    table |= {"mean": np.asarray(found["mu"]), "spread": np.asarray(found["sigma"])}
    return pd.DataFrame(table).sort_values("mean_absolute", ascending=False, kind="stable")


def _sobol(shares: Floats, values: Floats, names: list[str], seed: int) -> pd.DataFrame:
    from SALib.analyze import sobol

    if is_constant(values):
        columns = ["first", "first_low", "first_high", "total", "total_low", "total_high"]
        return pd.DataFrame({"factor": names} | {name: np.full(len(names), np.nan) for name in columns})
    # Without it, indices of a response far from 0 are less exact.
    centred = (values - values.mean()) / values.std()
    found: Any = sobol.analyze(
        unit_problem(len(names)), centred, calc_second_order=False, num_resamples=RESAMPLES,
        conf_level=CONFIDENCE, seed=seed,
    )  # fmt: skip
    table: dict[str, Any] = {"factor": names}
    for name, index in (("first", "S1"), ("total", "ST")):
        mean, half = np.asarray(found[index]), np.asarray(found[f"{index}_conf"])
        own = {name: mean, f"{name}_low": mean - half, f"{name}_high": mean + half}
        table |= {column: np.clip(values, 0.0, 1.0) for column, values in own.items()}
    return pd.DataFrame(table).sort_values("total", ascending=False, kind="stable")
