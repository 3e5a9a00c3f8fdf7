"""Inspection teams, a limited resource of each area: tours ask for one, are dealt one, and bring it home."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cadre_sim.arrays import Floats, Ints
from cadre_sim.rows import place_among_equals, ranges

TRIGGERED, URGENT, FOLLOW_UP, USUAL = range(4)
"""Who goes first when teams are short; the lowest number does."""


class Tours(NamedTuple):
    """Tours, each of one team, and the visits that they make: those of all tours follow each other in their order.

    Attributes:
        area: area whose team makes the tour, shape (tours,).
        priority: who goes first when teams are short, shape (tours,).
        asked: day on which it asks for a team [working day], shape (tours,).
        length: time for which the team is away [working days], shape (tours,).
        visits: number of its visits, shape (tours,).
        office: office that is visited, shape (visits,).
        offset: days from the tour's start to the visit [working days], shape (visits,).
        escorts: escorts that the visit asks for, not rounded [cadres], shape (visits,).
        hours: time that each of them takes [h], shape (visits,).
        number: number that the visit's draws depend on, shape (visits,).
        level: number of its inspectors' level in ``LEVELS``, shape (visits,).
        follow_up: share of its findings that are looked at again [1], shape (visits,).
        topics: topics inspected, shape (visits,).
        announced: whether it was announced, shape (visits,).
    """

    area: Ints
    priority: Ints
    asked: Ints
    length: Ints
    visits: Ints
    office: Ints
    offset: Ints
    escorts: Floats
    hours: Floats
    number: Ints
    level: Ints
    follow_up: Floats
    topics: Floats
    announced: NDArray[np.bool_]

    def only(self, chosen: Ints) -> Tours:
        """Some of the tours, in the order in which they are named."""
        edges = np.cumsum(self.visits) - self.visits
        sizes = self.visits[chosen]
        rows = ranges(edges[chosen], sizes)
        columns: list[Any] = [column[chosen] for column in self[:_OF_TOURS]]
        columns += [column[rows] for column in self[_OF_TOURS:]]
        return Tours(*columns)


_OF_TOURS = 5
"""Columns that are of tours; the others are of visits."""


def joined(tables: list[Tours]) -> Tours:
    """Tours of some tables, one after the other."""
    return tables[0] if len(tables) == 1 else Tours(*(np.concatenate(c) for c in zip(*tables, strict=True)))


class TeamPool:
    """The teams of all areas. Once a day those that come home are dealt out to whoever waits.

    Attributes:
        number: teams of each area, shape (areas,).
        free: those at home.
        waits: area, day on which it asked and day on which it left of each tour so far, tables of shape (tours, 3).
    """

    def __init__(self, number: Ints) -> None:
        """All teams are at home."""
        self.number = number
        self.free = number.copy()
        self.waits: list[Ints] = []
        self._asks: defaultdict[int, list[Tours]] = defaultdict(list)
        self._waiting: Tours | None = None
        self._returns: defaultdict[int, list[tuple[Ints, Ints]]] = defaultdict(list)

    def ask(self, tours: Tours) -> None:
        """Have tours ask for a team, each on the day on which it asks."""
        days = np.unique(tours.asked)
        for day in days:
            rows = np.flatnonzero(tours.asked == day)
            self._asks[int(day)].append(tours if days.size == 1 else tours.only(rows))

    def deal(self, today: int) -> Tours | None:
        """Deal out the teams of a day, those that come home today too; returns the tours that leave.

        In each area the lowest priority goes first, then who asked first, then as they asked.
        """
        for area, count in self._returns.pop(today, ()):
            self.free[area] += count
        tables = self._asks.pop(today, [])
        if self._waiting is not None:
            tables = [self._waiting, *tables]
        if not tables:
            return None
        pool = joined(tables)
        if not self.free[pool.area].any():
            self._waiting = pool
            return None
        order = np.lexsort((pool.asked, pool.priority, pool.area))
        areas = pool.area[order]
        leaves = order[place_among_equals(areas) < self.free[areas]]
        self._waiting = None
        if leaves.size < order.size:
            stays = np.ones(order.size, bool)
            stays[leaves] = False
            self._waiting = pool.only(np.flatnonzero(stays))
        leaving = pool.only(leaves)
        np.subtract.at(self.free, leaving.area, 1)
        home = today + leaving.length
        for day in np.unique(home):
            area, count = np.unique(leaving.area[home == day], return_counts=True)
            self._returns[int(day)].append((area, count))
        self.waits.append(np.column_stack([leaving.area, leaving.asked, np.full(leaves.size, today)]))
        return leaving
