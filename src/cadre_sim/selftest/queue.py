"""Offices as queues: a scenario with behaviour switched off, what comes to its offices, and what they owe."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadre_sim.activities import ORDINARY, URGENT
from cadre_sim.arrays import Floats, Ints
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.simulation import Simulation
from cadre_sim.streams import Stream, normal_quantile, poisson, uniforms4
from cadre_sim.units import THOUSAND, WORKING_DAYS_A_YEAR
from cadre_sim.workday.queue import ITEM, Queues, items
from cadre_sim.world.columns import TOWNSHIP

CONTRACTED = 8.0
"""Contracted hours of a cadre [h/working day]."""
RESIDENTS = 1000
"""Residents of each office, so that rates per thousand residents are rates of an office."""


def pure_queue(
    rate: float,
    hours: float,
    *,
    spread: float = 0.0,
    cadres: int = 1,
    contracted: float = CONTRACTED,
    offices: int = 1,
    end: date = date(2024, 12, 31),
    **demand: Any,
) -> Scenario:
    """Offices that have nothing to do but residents' matters, with cadres who are all alike and never tire.

    Args:
        rate: matters of each office a working day, the mean of a Poisson number.
        hours: mean hours of a matter.
        spread: standard deviation of the logarithm of those hours.
        cadres: of each office.
        contracted: hours that each of them works a day, at most.
        offices: how many there are, beside a township government that has nothing to do.
        end: last date; the first is 2024-01-01.
        **demand: further values of the scenario's demand.
    """
    never = {"season_swing": 0.0, "monday_factor": 1.0, "prevention": 0.0, "neglect": 0.0, "office_spread": 0.0}
    matters = {
        "matters": rate * WORKING_DAYS_A_YEAR / (RESIDENTS / THOUSAND), "matters_township": 0.0, "certificates": 0.0,
        "hours": hours, "hours_spread": spread, "urgent_share": 0.0, "heavy_share": 0.0, "due_days": 500,
        "due_days_urgent": 500, "categories": {"any": {"waits": 0.0}},
    }  # fmt: skip
    lost = ("switch_minutes", "interruption_minutes", "juggling_minutes", "fatigue_loss", "control_loss")
    harmless = {"perfunctory": 0.0, "overdue_complaint": 0.0, "minds": {"quits": 0.0, "false_accusations": 0.0}}
    return Scenario.model_validate(
        {
            "title": "A queue and nothing else",
            "period": {"start": date(2024, 1, 1), "end": end},
            "place": {
                "counties": [{"name": "Queues", "residents": RESIDENTS * offices, "offices": offices}],
                "size_spread": 0.0,
            },
            "staff": {
                "cadres_per_office": cadres, "cadres_per_township": 1, "size_elasticity": 0.0, "absence": 0.0,
                "skill_spread": 0.0, "contracted_hours": contracted, "other_hours": 0.0, "other_hours_township": 0.0,
                "training_hours": 0.0,
            },
            "demand": never | matters | demand,
            "behaviour": {"pace": "at_once", "overtime_ceiling": 0.0, **dict.fromkeys(lost, 0.0), **harmless},
            "oversight": {"readiness_hours": 0.0, "screens": 0.0, "signs": 0.0, "trace_hours": 0.0},
            "integrity": {"violations": 0.0},
        }
    )  # fmt: skip


def villages(simulation: Simulation) -> Ints:
    """Rows of the offices that residents bring matters to."""
    return np.flatnonzero(simulation.world.offices.kind != TOWNSHIP)


def arriving_hours(simulation: Simulation) -> Floats:
    """Hours of the matters that come each day to each village, shape (days, villages): drawn anew, one by one."""
    demand, key, rates = simulation.scenario.demand, simulation.key, simulation.world.offices.matters
    spread = demand.hours_spread
    hours = np.zeros((simulation.calendar.days, villages(simulation).size))
    for place, u in enumerate(villages(simulation).tolist()):
        for day in range(simulation.calendar.days):
            count = poisson(key, int(Stream.MATTER_COUNT), u, day, rates[u])
            draws = (uniforms4(key, int(Stream.MATTER), u, day, j)[2] for j in range(count))
            z = (normal_quantile(draw) for draw in draws)
            hours[day, place] = sum(demand.hours * math.exp(spread * x - spread**2 / 2.0) for x in z)
    return hours


def owed(queues: Queues) -> tuple[Ints, NDArray[np.void]]:
    """All matters that offices owe: the office of each, and the items themselves."""
    length = queues.length[:, (URGENT, ORDINARY)]
    office = np.repeat(np.arange(length.shape[0]), length.sum(axis=1))
    parts = [items(queues, u, k) for u in range(length.shape[0]) for k in (URGENT, ORDINARY)]
    return office, np.concatenate([np.zeros(0, ITEM), *parts])


def nights(simulation: Simulation) -> Iterator[tuple[Ints, NDArray[np.void]]]:
    """Run a simulation to its end and look at what offices owe at the end of each day."""
    while not simulation.is_over:
        simulation.step()
        yield owed(simulation.columns.queues)
