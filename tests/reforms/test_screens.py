"""Screen consolidation: the time for apps and chat groups falls with their number, messages do not."""

from __future__ import annotations

import numpy as np
import pytest

from cadre_sim.activities import SCREENS
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.simulation import Simulation
from worlds import calm

STAFF = np.where(np.isin(np.arange(10), (4, 9)), 10, 4)
LOAD = np.where(STAFF == 10, 10.0, 1.0)
FIRST_REVIEW = np.repeat([1, 2], 5)
DAYS = 248


def asked(made: Scenario) -> np.ndarray:
    """Hours of screens asked of each office in the year."""
    model = Simulation(made)
    model.run()
    return model.columns.books.asked[:, SCREENS]


def scenario(screens: float | None, strength: float = 1.0, tasks: bool = False) -> Scenario:
    """Forty screens, each a minute and a half a day; perhaps a department whose tasks all become messages."""
    reforms = {}
    if screens is not None:
        reforms["screen_consolidation"] = {"from": "2025-01-01", "screens": screens, "strength": strength}
    if tasks:
        reforms["task_admission"] = {"from": "2025-01-01", "tasks": 0.0}
    oversight = {"screens": 40.0, "screen_minutes": 1.5, "rebound": 1.0, "rebound_months": 1.0}
    groups = {"bureau": {"level": "county", "tasks": {"per_month": 2.0, "hours": 5.0}}} if tasks else {}
    return calm(oversight=oversight, reforms=reforms, departments=groups)


@pytest.mark.parametrize(
    ("screens", "strength", "left"), [(None, 1.0, 1.0), (0.45, 1.0, 0.45), (0.45, 0.5, 0.725), (0.0, 1.0, 0.0)]
)
def test_the_declared_share_of_an_hour_a_day_remains(screens: float | None, strength: float, left: float) -> None:
    np.testing.assert_allclose(asked(scenario(screens, strength)), left * 1.0 * STAFF * DAYS)


def test_messages_in_place_of_tasks_are_not_fewer() -> None:
    """They come in the groups that remain: 120 hours of tasks a year, all refused and all asked for again."""
    messages = 120.0 / 250.0 * (DAYS - FIRST_REVIEW) * LOAD
    np.testing.assert_allclose(asked(scenario(0.45, tasks=True)), 0.45 * STAFF * DAYS + messages)
    np.testing.assert_allclose(asked(scenario(0.0, tasks=True)), messages)
