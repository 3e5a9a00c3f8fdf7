"""Means over replicates and how sure they are."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cadre_sim.arrays import Floats

CONFIDENCE = 0.95


class Interval(NamedTuple):
    """Mean over replicates and its interval (Student's t), by default of 95%.

    Low and high are not numbers with a single replicate.
    """

    mean: Floats
    low: Floats
    high: Floats

    @property
    def half_width(self) -> Floats:
        """Half of the interval's width."""
        return (self.high - self.low) / 2.0


def interval(values: Floats, confidence: float = CONFIDENCE) -> Interval:
    """Mean and interval of each column of ``values``, shape (replicates, metrics).

    A metric that is not a number in some replicate (nothing was closed, say) is taken over the others.
    """
    from scipy.stats import t

    known = np.isfinite(values)
    count = known.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(known, values, 0.0).sum(axis=0) / count
        variance = np.where(known, (values - mean) ** 2, 0.0).sum(axis=0) / (count - 1)
        half = t.ppf(0.5 + confidence / 2.0, np.maximum(count - 1, 1)) * np.sqrt(variance / count)
    half = np.where(count > 1, half, np.nan)
    return Interval(mean, mean - half, mean + half)


def replicates_for(values: Floats, half_width: float, most: int = 100_000) -> int | None:
    """Replicates that a 95% interval of a given half-width would take, by the spread that ``values`` show.

    Args:
        values: one number a replicate, shape (replicates,), at least two.
        half_width: the half-width aimed at, in the values' unit.
        most: where more would be needed, the answer is None.
    """
    from scipy.stats import t

    if values.size < 2 or not np.isfinite(values).all():
        return None
    spread = float(values.std(ddof=1))
    count = 2
    while count <= most:
        if float(t.ppf(0.5 + CONFIDENCE / 2.0, count - 1)) * spread / np.sqrt(count) <= half_width:
            return count
        count += max(1, count // 50)
    return None
