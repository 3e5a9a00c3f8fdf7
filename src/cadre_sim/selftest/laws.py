"""What must add up: the hours of cadres, the work of offices, the matters of residents."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from cadre_sim.activities import COUNT, ORDINARY, URGENT
from cadre_sim.selftest.check import Check, at_most, equal
from cadre_sim.selftest.world import SEED, small_world
from cadre_sim.simulation import Simulation
from cadre_sim.workday.outputs import OUTPUTS
from cadre_sim.workday.queue import outstanding


def check_sums() -> Iterator[Check]:
    """Hours, work and matters of the small world with its reforms."""
    simulation = Simulation(small_world(), seed=SEED, record_cadres=True)
    result = simulation.run()
    assert result.cadre_days is not None
    hours, overtime, contracted = np.split(result.cadre_days[..., : COUNT + 2], (COUNT, COUNT + 1), axis=2)
    gap = np.abs(hours.sum(axis=2) - (contracted + overtime)[..., 0]).max()
    yield at_most("hours of cadres' days are off by", float(gap), 1e-9, "h")
    books, queues = simulation.columns.books, simulation.columns.queues
    gap = np.abs(books.asked - books.worked - books.withdrawn - outstanding(queues)).max()
    yield at_most("work of offices is off by", float(gap), 1e-6, "h")
    received, closed, on_paper = (
        int(result.daily[:, :, OUTPUTS.index(name)].sum()) for name in ("received", "closed", "perfunctory")
    )
    still_open = int(queues.length[:, (URGENT, ORDINARY)].sum())
    yield equal("matters received are closed or open", received, closed + on_paper + still_open)
