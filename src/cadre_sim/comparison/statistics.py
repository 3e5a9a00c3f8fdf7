"""Means over replicates and how sure they are."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from cadre_sim.arrays import Floats
from cadre_sim.record.bounds import Bounds

CONFIDENCE = 0.95
FEW = 4
"""Replicates below which an interval says little: of two it is 12.7 standard errors to each side, of three 4.3."""
ENOUGH = 8
"""Replicates from which on an interval is hardly wider (2.4 standard errors to each side) than that of any number."""


class Interval(NamedTuple):
    """Mean over replicates and its interval (Student's t), by default of 95%.

    Low and high are not numbers with a single replicate. Where a metric has bounds, its interval ends there.
    """

    mean: Floats
    low: Floats
    high: Floats

    @property
    def half_width(self) -> Floats:
        """Half of the interval's width."""
        return (self.high - self.low) / 2.0


def interval(values: Floats, confidence: float = CONFIDENCE, bounds: Bounds | None = None) -> Interval:
    """Mean and interval of each column of ``values``, shape (replicates, metrics).

    A metric that is not a number in some replicate (nothing was closed, say) is taken over the others.

    Args:
        values: one row a replicate, one column a metric.
        confidence: share of such intervals that hold the true mean.
        bounds: what each metric, or difference, can be at all. An interval that reaches beyond is cut there: the true
            mean never lies beyond, so that what is left holds it as often as the whole.
    """
    known = np.isfinite(values)
    count = known.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(known, values, 0.0).sum(axis=0) / count
        variance = np.where(known, (values - mean) ** 2, 0.0).sum(axis=0) / (count - 1)
        half = standard_errors(np.maximum(count, 2), confidence) * np.sqrt(variance / count)
    half = np.where(count > 1, half, np.nan)
    low, high = mean - half, mean + half
    if bounds is not None:
        # Never short of the mean itself, which rounding may put beside a bound.
        low, high = np.maximum(low, np.minimum(bounds.low, mean)), np.minimum(high, np.maximum(bounds.high, mean))
    return Interval(mean, low, high)


def standard_errors(count: Any, confidence: float = CONFIDENCE) -> Any:
    """How many standard errors an interval of a mean over so many replicates reaches to each side."""
    from scipy.stats import t

    return t.ppf(0.5 + confidence / 2.0, np.asarray(count) - 1)


def is_cut(mean: Any, low: Any, high: Any) -> Any:
    """Whether an interval ends at a bound of its metric: it reaches less far to one side than to the other."""
    with np.errstate(invalid="ignore"):
        return np.abs((high - mean) - (mean - low)) > 1e-6 * (high - low)


def is_constant(values: Floats) -> bool:
    """Whether values do not differ, but perhaps by rounding: nothing can explain what does not vary."""
    return bool(np.ptp(values) <= 1e-12 * np.abs(values).max()) if values.size else True


def replicates_for(values: Floats, half_width: float, most: int = 100_000) -> int | None:
    """Replicates that a 95% interval of a given half-width would take, by the spread that ``values`` show.

    Args:
        values: one number a replicate, shape (replicates,), at least two.
        half_width: the half-width aimed at, in the values' unit.
        most: where more would be needed, the answer is None.
    """
    if values.size < 2 or not np.isfinite(values).all():
        return None
    spread = float(values.std(ddof=1))
    count = 2
    while count <= most:
        if float(standard_errors(count)) * spread / np.sqrt(count) <= half_width:
            return count
        count += max(1, count // 50)
    return None
