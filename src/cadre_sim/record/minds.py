"""How motivation and caution are spread over the cadres of villages and communities, month by month."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cadre_sim.arrays import Ints
from cadre_sim.workday.columns import Columns
from cadre_sim.world.calendar import WorkCalendar

MINDS = ("motivation", "caution")
MIND_BINS = 40
"""Bins of equal width between 0 and 1."""


def last_days(calendar: WorkCalendar) -> Ints:
    """Number of the last working day of each month of a run."""
    return np.flatnonzero(np.diff(calendar.month_number, append=-1))


def spread_of_minds(columns: Columns, chosen: NDArray[np.bool_]) -> Ints:
    """Cadres by mind and bin today: those on the roll in the places chosen.

    Args:
        columns: the state after a day.
        chosen: which places for cadres are counted, shape (cadres,).
    """
    here = chosen & columns.day.rolled
    state = columns.cadre
    bins = [np.minimum((values[here] * MIND_BINS).astype(np.int64), MIND_BINS - 1)
            for values in (state.motivation, state.caution)]  # fmt: skip
    return np.stack([np.bincount(b, minlength=MIND_BINS) for b in bins])
