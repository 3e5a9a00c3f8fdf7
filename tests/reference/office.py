"""An office and the order of its day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa

from cadre_sim.activities import ACTIVITIES
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.streams import Key
from reference.arriving import count_arrivals, receive
from reference.cadre import Cadre
from reference.fates import befall, remember, transgress
from reference.hours import attend, share_and_use_slack, want
from reference.queue import Item
from reference.today import Today
from reference.working import complain, work_off

if TYPE_CHECKING:
    from reference.place import Area


class Office(mesa.Agent):
    """A village committee, a community or a township government, with its cadres and its queue."""

    row: int
    kind: str
    county: str
    areas: tuple[Area, Area, Area]
    residents: float
    local: int
    load: float
    matters: float
    certificates: float

    def __init__(self, model: mesa.Model, scenario: Scenario, key: Key) -> None:
        super().__init__(model)
        self.scenario = scenario
        self.key = key
        self.staff: list[Cadre] = []
        self.queue: list[Item] = []
        self.felt = 0.0
        self.pressure = 0.0
        self.prevention = 0.0
        self.complaints = 0.0
        self.neglected = 0.0
        self.hidden = 0.0
        self.blame = 0.0
        self.knowhow = 0.0

    @property
    def is_township(self) -> bool:
        """Whether it is a township government."""
        return self.kind == "township"

    @property
    def hidden_per_1000(self) -> float:
        """Hidden violations per 1000 residents; 0 without residents."""
        return self.hidden / (self.residents / 1000) if self.residents > 0 else 0.0

    def step(self, today: Today) -> None:
        """One working day, step by step; the outputs are left in ``today.counts``."""
        self.pressure = today.handed.pressure
        for cadre in self.staff:
            cadre.rest()
        self.muster(today)
        count_arrivals(self, today)
        receive(self, today)
        attend(self, today)
        want(self, today)
        for cadre in today.present:
            share_and_use_slack(self, cadre, today)
        work_off(self, today)
        complain(self, today)
        remember(self, today)
        transgress(self, today)
        befall(self, today)
        self.move_minds(today)
        self.tally(today)

    def muster(self, today: Today) -> None:
        """Who is on the roll; novices take the places of those who have quit."""
        for cadre in self.staff:
            if cadre.vacant == today.t > 0:
                cadre.come_as_novice(today.t)
                today.counts["hired"] += 1
        today.roll = [cadre for cadre in self.staff if cadre.is_on_roll(today.t)]
        today.mentors = sum(cadre.is_sent for cadre in today.roll)
        today.specialists = sum(cadre.rank == "specialist" for cadre in today.roll)

    def move_minds(self, today: Today) -> None:
        """The minds of those on the roll move."""
        if today.roll:
            mean_motivation = sum(cadre.motivation for cadre in today.roll) / len(today.roll)
            for cadre in today.roll:
                cadre.move_mind(today, mean_motivation)

    def tally(self, today: Today) -> None:
        """What is counted of the day and at its end."""
        counts, matters = today.counts, [item for item in self.queue if item.is_matter]
        for activity in ACTIVITIES:
            counts[activity] = sum(cadre.hours[activity] for cadre in today.present)
        counts["overtime"] = sum(cadre.overtime for cadre in today.present)
        counts["contracted"] = sum(cadre.contracted for cadre in today.present)
        counts["gold_plating"] = sum(cadre.gold_plating for cadre in today.present)
        counts["present"] = len(today.present)
        counts["cadres"] = len(today.roll)
        counts["deployed"] = today.mentors
        counts["visits"] = today.handed.visits
        counts["topics"] = today.handed.topics
        counts["open"] = len(matters)
        counts["overdue"] = sum(item.is_overdue(today.t) for item in matters)
        counts["hidden"] = self.hidden
        counts["motivation"] = sum(cadre.motivation for cadre in today.roll)
        counts["caution"] = sum(cadre.caution for cadre in today.roll)
        counts["fatigue"] = sum(cadre.fatigue for cadre in today.roll)
        counts["proactive"] = sum(cadre.is_proactive() for cadre in today.roll)
        counts["burnt_out"] = sum(cadre.is_burnt_out() for cadre in today.roll)
        counts["accused"] = sum(cadre.accused for cadre in today.roll)
        counts["office_days"] = 1
