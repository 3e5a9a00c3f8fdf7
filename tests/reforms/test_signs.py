"""Sign clearance: offices no longer look after the signs that they lose."""

from __future__ import annotations

import numpy as np
import pytest

from cadre_sim.activities import SIGNS
from cadre_sim.simulation import Simulation
from worlds import calm

LOAD = np.where(np.isin(np.arange(10), (4, 9)), 10.0, 1.0)
DAYS = 248


@pytest.mark.parametrize(
    ("removed", "strength", "left"),
    [(0.0, 1.0, 60.0), (54.0, 1.0, 6.0), (54.0, 0.5, 33.0), (60.0, 1.0, 0.0), (100.0, 1.0, 0.0), (100.0, 0.5, 10.0)],
)
def test_an_office_looks_after_the_signs_that_are_left(removed: float, strength: float, left: float) -> None:
    """Of sixty signs, each two hours a year; an office that has fewer than are cleared loses all."""
    reform = {"from": "2025-01-01", "signs": removed, "strength": strength}
    made = calm(oversight={"signs": 60.0, "sign_hours": 2.0}, reforms={"sign_clearance": reform})
    model = Simulation(made)
    model.run()
    np.testing.assert_allclose(model.columns.books.asked[:, SIGNS], left * 2.0 / 250.0 * DAYS * LOAD, atol=1e-12)


def test_signs_are_looked_after_until_the_reform_is_in_force() -> None:
    made = calm(
        oversight={"signs": 60.0, "sign_hours": 2.0}, reforms={"sign_clearance": {"from": "2025-07-01", "signs": 60.0}}
    )
    model = Simulation(made)
    before = model.calendar.day_on_or_after(made.reforms["sign_clearance"].from_)
    model.run_for(before)
    asked = model.columns.books.asked[:, SIGNS].copy()
    np.testing.assert_allclose(asked, 60.0 * 2.0 / 250.0 * before * LOAD)
    model.run()
    np.testing.assert_array_equal(model.columns.books.asked[:, SIGNS], asked)
