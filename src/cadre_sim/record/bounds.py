"""What values a metric can take at all: shares and states 0 to 1, everything else 0 or more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from cadre_sim.arrays import Floats
from cadre_sim.record.metrics import metric_catalogue

_ABOVE_ONE = frozenset({"department_excess"})
"""Without unit, and yet not bounded above: a department may ask for twice its plan and more."""


class Bounds(NamedTuple):
    """Smallest and largest value that each of some metrics can take; infinite where there is no such end."""

    low: Floats
    high: Floats

    @property
    def differences(self) -> Bounds:
        """Smallest and largest difference between two values of each metric."""
        return Bounds(self.low - self.high, self.high - self.low)


def bounds_of(metrics: Sequence[str] | None = None) -> Bounds:
    """The bounds of metrics, by default of all in the order of :func:`~cadre_sim.record.metrics.measure`."""
    units = {d.name: d.unit for d in metric_catalogue()}
    names = list(units) if metrics is None else metrics
    high = [1.0 if units[name] == "1" and name not in _ABOVE_ONE else np.inf for name in names]
    return Bounds(np.zeros(len(names)), np.array(high))
