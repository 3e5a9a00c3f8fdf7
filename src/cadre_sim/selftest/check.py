"""What a check of the selftest is, and how sure a mean is."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cadre_sim.arrays import Floats
from cadre_sim.comparison.statistics import interval

CONFIDENCE = 0.99
"""Of the intervals in which a mean must lie. Seeds are fixed, so a check of chance holds always or never."""


class Check(NamedTuple):
    """One line of the selftest: what was looked at, what it should be, what it was, and whether that will do."""

    name: str
    expected: str
    found: str
    ok: bool


def at_most(name: str, found: float, most: float, unit: str = "") -> Check:
    """A check of a gap that should be no more than rounding."""
    tail = f" {unit}" if unit else ""
    return Check(name, f"<= {most:.0e}{tail}", f"{found:.1e}{tail}", bool(found <= most))


def equal(name: str, expected: object, found: object) -> Check:
    """A check of something that should be exactly so."""
    return Check(name, str(expected), str(found), expected == found)


def mean_of(name: str, values: Floats, expected: float) -> Check:
    """A check that independent ``values`` have an expected mean: it must lie in the interval around theirs."""
    return ratio_of(name, values, np.ones_like(values), expected)


def ratio_of(name: str, sums: Floats, counts: Floats, expected: float) -> Check:
    """A check of a mean over all, where independent places have each a sum and a count."""
    mean = float(sums.sum() / counts.sum())
    half = half_width(sums - mean * counts) / float(counts.mean())
    return Check(name, f"{expected:.4f}", f"{mean:.4f} +- {half:.4f}", abs(mean - expected) <= half)


def half_width(values: Floats, confidence: float = CONFIDENCE) -> float:
    """Half the width of the interval (Student's t) around the mean of independent values, in their unit."""
    return float(interval(values[:, None], confidence).half_width[0])
