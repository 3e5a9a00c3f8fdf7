"""With behaviour switched off, the backlog of an office is Lindley's recursion to the last bit but rounding."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cadre_sim.activities import IDLE, ORDINARY, OUTREACH, URGENT
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.selftest.queue import arriving_hours, nights, pure_queue, villages
from cadre_sim.selftest.theory import lindley
from cadre_sim.simulation import Simulation
from cadre_sim.workday.outputs import GOLD_PLATING

MOST_RATE = 60.0
"""Matters a day: more of them only take time."""


@st.composite
def queues(draw: st.DrawFn) -> tuple[Scenario, float]:
    """A few offices, from nearly idle to hopelessly overloaded, and the hours that each has a day."""
    cadres, contracted = draw(st.integers(1, 5)), draw(st.floats(0.5, 12.0))
    hours, load = draw(st.floats(0.05, 30.0)), draw(st.floats(0.01, 1.8) | st.sampled_from((0.01, 1.0, 4.0)))
    scenario = pure_queue(
        min(MOST_RATE, load * cadres * contracted / hours),
        hours,
        spread=draw(st.sampled_from((0.0, 0.8)) | st.floats(0.0, 2.0)),
        cadres=cadres,
        contracted=contracted,
        offices=draw(st.integers(1, 4)),
        end=date(2024, 4, 30),
        urgent_share=draw(st.sampled_from((0.0, 1.0)) | st.floats(0.0, 1.0)),
    )
    return scenario, cadres * contracted


def check(scenario: Scenario, capacity: float, **key: int) -> np.ndarray:
    """The backlog of every office and day is that of the recursion; the recursion's, for a look at it."""
    model = Simulation(scenario, **key)
    expected = lindley(arriving_hours(model), capacity)
    for day, (office, items) in enumerate(nights(model)):
        backlog = np.bincount(office, items["left"], minlength=model.world.offices.kind.size)
        np.testing.assert_allclose(backlog[villages(model)], expected[day], rtol=1e-12, atol=1e-9, err_msg=f"day {day}")
    return expected


@settings(max_examples=60, deadline=None, derandomize=True)
@given(queue=queues(), seed=st.integers(0, 2**32 - 1), replicate=st.integers(0, 3))
def test_the_backlog_is_lindleys_recursion(queue: tuple[Scenario, float], seed: int, replicate: int) -> None:
    """Backlog = max(0, backlog + arriving - capacity), whatever share of matters is urgent: no hour is lost or won."""
    check(*queue, seed=seed, replicate=replicate)


@pytest.mark.parametrize(("load", "least", "most"), [(0.02, 0.0, 1.0), (0.9, 1.0, 200.0), (1.5, 900.0, 1200.0)])
def test_a_year_of_an_office_that_is_idle_busy_or_overloaded(load: float, least: float, most: float) -> None:
    """Where more comes than can be done, the backlog of a year is a third of all that came."""
    expected = check(pure_queue(load * 4.0, 2.0, spread=0.8, offices=5), 8.0)
    assert least <= expected[-1].mean() <= most


def test_an_office_works_whenever_it_has_work_and_never_longer_than_its_day() -> None:
    """What is done in a day is all there is or the whole day, and the rest of the day is slack."""
    scenario = pure_queue(7.0, 2.0, spread=0.8, cadres=2, offices=3, urgent_share=0.3)
    model = Simulation(scenario)
    arriving, owed = arriving_hours(model), np.zeros(3)
    for hours in arriving:
        model.step()
        out = model.columns.day.out[villages(model)]
        done = np.minimum(owed + hours, 16.0)
        np.testing.assert_allclose(out[:, URGENT] + out[:, ORDINARY], done, atol=1e-9)
        np.testing.assert_allclose(out[:, OUTREACH] + out[:, IDLE], 16.0 - done - gilded(model), atol=1e-9)
        owed = owed + hours - done


def gilded(model: Simulation) -> np.ndarray:
    """Slack that went to evidence which nobody asked for."""
    return model.columns.day.out[villages(model), GOLD_PLATING]
