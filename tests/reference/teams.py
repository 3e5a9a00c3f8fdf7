"""Inspection teams: a tour asks its area for one, and once a day teams are dealt out (section 4, Teams)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cadre_sim.levels import LEVELS
from reference.inbox import Visit, Waits
from reference.place import Area

if TYPE_CHECKING:
    from reference.above import FromAbove


class Tour(list[tuple[int, Visit]]):
    """The kept visits of a tour, each with its offset."""


@dataclass
class Asking:
    """A tour that waits for a team; the lowest rank goes first, see :meth:`Teams.deal`."""

    area: Area
    priority: int
    day: int
    tour: Tour


class Teams:
    """The teams of all areas, and the tours that wait for one, in the order in which they asked."""

    def __init__(self, above: FromAbove) -> None:
        self.above = above
        self.free = {area.number: self.number(area) for area in above.place.areas}
        self.waiting: list[Asking] = []

    def number(self, area: Area) -> int:
        """Inspection teams of an area."""
        a_hundred = getattr(self.above.scenario.oversight.teams, LEVELS[area.level])
        return max(1, math.ceil(a_hundred / 100 * len(area.offices)))

    def ask(self, area: Area, priority: int, tour: Tour) -> None:
        """Let a tour ask an area for a team."""
        self.waiting.append(Asking(area, priority, self.above.today, tour))

    def dealer(self) -> Waits:
        """The process that deals out teams in the middle of each day, when all have asked; extra tours ask last."""
        yield self.above.env.timeout(0.5)
        while True:
            self.above.extra.ask()
            self.deal()
            yield self.above.env.timeout(1)

    def deal(self) -> None:
        """Area by area, the most urgent goes first, then who asked first."""
        for asking in sorted(self.waiting, key=lambda a: (a.area.number, a.priority, a.day)):
            if self.free[asking.area.number] > 0:
                self.free[asking.area.number] -= 1
                self.waiting.remove(asking)
                self.above.env.process(self.travel(asking))

    def travel(self, asking: Asking) -> Waits:
        """The process of a tour: it makes its visits, a process each, and comes home in the morning after the last."""
        for offset, visit in asking.tour:
            self.above.env.process(self.above.inbox.visit(visit, self.above.today + offset))
        yield self.above.env.timeout(max(offset for offset, _ in asking.tour) + 0.5)
        self.free[asking.area.number] += 1
