"""Rows of tables whose parts follow each other."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadre_sim.arrays import Ints


def ranges(first: Ints, count: Ints) -> Ints:
    """The rows ``first[k]`` to ``first[k] + count[k] - 1`` of every k, one part after the other."""
    before = np.cumsum(count) - count
    rows: Ints = np.repeat(first - before, count) + np.arange(int(count.sum()))
    return rows


def starts(*columns: NDArray[Any]) -> Ints:
    """Rows at which a new run of equal entries begins, in any of the columns."""
    size = columns[0].size
    new = np.zeros(size, bool)
    new[:1] = True
    for column in columns:
        new[1:] |= column[1:] != column[:-1]
    return np.flatnonzero(new)


def place_among_equals(values: Ints) -> Ints:
    """Place of each entry among the equal ones that follow each other, from 0."""
    first = starts(values)
    return np.arange(values.size) - np.repeat(first, np.diff(first, append=values.size))
