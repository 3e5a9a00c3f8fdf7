"""Extra tours: follow-ups and inspections that complaints call, outside any campaign, until their day."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

import numpy as np

from cadre_sim.arrays import Ints


class DueVisits(NamedTuple):
    """Visits of extra tours that start on one day, ordered by priority, area and office; arrays of shape (visits,)."""

    priority: Ints
    area: Ints
    office: Ints


class ExtraTours:
    """Extra tours that are still to come."""

    def __init__(self) -> None:
        """None so far."""
        self._to_come: defaultdict[int, list[tuple[Ints, Ints, Ints]]] = defaultdict(list)

    def add(self, start: int, priority: int, areas: Ints, offices: Ints) -> None:
        """Offices that teams of some areas will visit on a tour which asks for its team on a day."""
        if offices.size:
            self._to_come[start].append((np.full(offices.size, priority), areas, offices))

    def take(self, day: int) -> DueVisits | None:
        """Visits of the tours that ask on a day, each office once for a priority and area; they are gone from here."""
        if day not in self._to_come:
            return None
        columns = (np.concatenate(column) for column in zip(*self._to_come.pop(day), strict=True))
        return DueVisits(*np.unique(np.column_stack(list(columns)), axis=0).T)
