"""Seasons of evaluations, and the pressure to comply that they put on offices."""

from __future__ import annotations

import numpy as np

from cadre_sim.arrays import Ints


class Seasons:
    """The seasons in which offices are evaluated.

    Attributes:
        pressure: weight of the evaluations in season, as of the last :meth:`weigh`, shape (offices,).
    """

    def __init__(self, offices: int) -> None:
        """No season has begun."""
        self.pressure = np.zeros(offices)
        self._open: dict[int, tuple[Ints, float]] = {}
        self._begun = 0
        self._changed = False

    def begin(self, offices: Ints, weight: float) -> int:
        """Begin a season at some offices; the number that is returned ends it."""
        self._begun += 1
        self._open[self._begun] = (offices, weight)
        self._changed = True
        return self._begun

    def end(self, season: int) -> None:
        """End a season."""
        del self._open[season]
        self._changed = True

    def weigh(self) -> None:
        """Sum the weights of the seasons that are open."""
        if not self._changed:
            return
        # Summed anew, in a fixed order, so that no rounding error is left of a season that is over.
        self.pressure[:] = 0.0
        for offices, weight in self._open.values():
            self.pressure[offices] += weight
        self._changed = False
