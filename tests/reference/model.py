"""The reference model: from above, then every office's day, then the inspections that complaints call."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import mesa

from cadre_sim.activities import ACTIVITIES
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.streams import Key
from reference.above import FromAbove
from reference.cadre import Cadre
from reference.calendar import Calendar
from reference.place import Place
from reference.policy import Policies
from reference.sending import staff_offices
from reference.today import Today


class ReferenceModel(mesa.Model):
    """The whole model as docs/model.md has it.

    Attributes:
        counts: outputs by name, of each day and office.
        hours: of each day and cadre, hours by activity in their order, then overtime and contracted hours.
    """

    def __init__(self, scenario: Scenario, seed: int = 1, replicate: int = 0) -> None:
        super().__init__(rng=seed)
        self.described = scenario
        self.key = Key(seed, replicate)
        self.calendar = Calendar(scenario)
        self.place = Place(scenario, self.key, self)
        self.policies = Policies(scenario, self.place, self.calendar, self.key)
        staff_offices(self.place, scenario, self.policies, self.key)
        self.above = FromAbove(self, scenario, self.place, self.calendar, self.policies, self.key)
        self.day = 0
        self.counts: list[list[Counter[str]]] = []
        self.hours: list[list[list[float]]] = []

    def cadres(self) -> Iterator[Cadre]:
        """All cadres in order of rows."""
        for office in self.place.offices:
            yield from office.staff

    def step(self) -> None:
        """One working day."""
        t = self.day
        areas, handed = self.above.day(t)
        self.counts.append([])
        for office in self.place.offices:
            levels = office.areas[:2] if office.is_township else office.areas
            asked = [areas[area.number] for area in levels]
            today = Today(t, self.calendar, self.policies.of(office.row, t), asked, handed[office.row])
            office.step(today)
            self.counts[t].append(today.counts)
        self.hours.append([[*(c.hours[a] for a in ACTIVITIES), c.overtime, c.contracted] for c in self.cadres()])
        self.above.call_inspections(t)
        self.day += 1

    def run(self) -> None:
        """All working days that are left."""
        while self.day < self.calendar.days:
            self.step()
