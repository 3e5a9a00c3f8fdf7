"""Checks of queue theory: with behaviour switched off an office is a queue whose every number is known.

Matters come at the start of a day, as many as a Poisson number; the office works off at most its contracted hours; what
is left waits for tomorrow.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from cadre_sim.selftest.check import Check, at_most, mean_of, ratio_of
from cadre_sim.selftest.queue import CONTRACTED, arriving_hours, nights, pure_queue, villages
from cadre_sim.selftest.theory import lindley, mean_queue
from cadre_sim.simulation import Simulation
from cadre_sim.workday.outputs import OPEN, RECEIVED

A_DAY = 4.0
"""Matters that an office can close a day: each takes a quarter of a cadre's day."""
HOURS = CONTRACTED / A_DAY


def check_lindley() -> Iterator[Check]:
    """The backlog of offices of one and of three cadres, idle to overloaded, against the recursion."""
    gap = 0.0
    for load, cadres, spread in ((0.1, 1, 0.8), (0.95, 3, 0.0), (1.3, 3, 0.8)):
        rate = load * cadres * CONTRACTED / HOURS
        simulation = Simulation(pure_queue(rate, HOURS, spread=spread, cadres=cadres, offices=3))
        expected = lindley(arriving_hours(simulation), cadres * CONTRACTED)
        for day, (office, items) in enumerate(nights(simulation)):
            backlog = np.bincount(office, items["left"], minlength=simulation.world.offices.kind.size)
            gap = float(np.maximum(gap, np.abs(backlog[villages(simulation)] - expected[day]).max()))
    yield at_most("backlog off Lindley's recursion by", gap, 1e-9, "h")


def check_queue() -> Iterator[Check]:
    """The mean queue of a year from an empty start against Spitzer's identity, below and at full load."""
    for load in (0.5, 0.8, 1.0):
        simulation = Simulation(pure_queue(load * A_DAY, HOURS, offices=600), seed=2)
        result = simulation.run()
        open_at_night = result.after.office_totals[villages(simulation), OPEN] / result.dates.size
        expected = mean_queue(load * A_DAY, A_DAY, result.dates.size).mean()
        yield mean_of(f"mean matters open at night, load {load}", open_at_night, float(expected))


def check_wait() -> Iterator[Check]:
    """How long matters wait, against M/D/4: a queue of four a day, seen once a day, when it has settled."""
    rate, settled, last = 0.8 * A_DAY, 60, 200
    simulation = Simulation(pure_queue(rate, HOURS, offices=600), seed=3)
    waited, received = np.zeros((2, simulation.world.offices.kind.size))
    for office, items in nights(simulation):
        counted = (items["born"] >= settled) & (items["born"] < last)
        waited += np.bincount(office[counted], minlength=waited.size)
        if settled < simulation.day <= last:
            received += simulation.columns.day.out[:, RECEIVED]
    expected = float(mean_queue(rate, A_DAY, 1000)[-1]) / rate
    where = villages(simulation)
    yield ratio_of("mean days that a matter waits, load 0.8", waited[where], received[where], expected)
