"""Task admission: fewer delegated tasks, some of which come back as messages."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cadre_sim.activities import SCREENS, TASKS
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.simulation import Simulation
from worlds import calm, lab

LOAD = np.where(np.isin(np.arange(10), (4, 9)), 10.0, 1.0)
DAYS = 248
HOURS_A_YEAR = 12 * 8 * 5.0
"""Of the tasks that a department plans."""
FIRST_REVIEW = np.repeat([1, 2], 5)
"""Day of the month, from 0, on which departments of each office's county find that something is cut."""


def scenario(tasks: float | None = None, rebound: float = 0.0, **more: Any) -> Scenario:
    """A department of each county delegates eight tasks a month of five hours; tasks may need leave."""
    reforms = dict(more.pop("reforms", {}))
    if tasks is not None:
        reforms["task_admission"] = {"from": "2025-01-01", "tasks": tasks}
    group = {"level": "county", "tasks": {"per_month": 8.0, "hours": 5.0}} | more
    oversight = {"rebound": rebound, "rebound_months": 1.0}
    return calm(departments={"bureau": group}, reforms=reforms, oversight=oversight)


def asked(made: Scenario, kind: int) -> np.ndarray:
    """Hours of an activity asked of each office in the year."""
    model = Simulation(made)
    model.run()
    return model.columns.books.asked[:, kind]


def planned(share: float) -> np.ndarray:
    """Tasks of each office whose draw lies below a share."""
    orders = lab(scenario()).events.context.plan.orders
    return np.repeat([((orders.area == area) & (orders.keep < share)).sum() for area in (1, 2)], 5)


@pytest.mark.parametrize("share", [1.0, 0.6, 0.0])
def test_the_tasks_whose_draw_lies_below_the_share_go_out(share: float) -> None:
    np.testing.assert_allclose(asked(scenario(share), TASKS), planned(share) * 5.0 * LOAD)


def test_about_the_declared_share_of_tasks_remains() -> None:
    every, left = planned(1.0)[[0, 5]].sum(), planned(0.6)[[0, 5]].sum()
    assert left / every == pytest.approx(0.6, abs=4 * np.sqrt(0.24 / every))


def test_refused_tasks_come_back_as_messages_where_departments_rebound() -> None:
    """Half of the hours of the 0.4 refused, evenly over the year, from the day on which departments find out."""
    messages = 0.4 * 0.5 * HOURS_A_YEAR / 250.0 * (DAYS - FIRST_REVIEW) * LOAD
    np.testing.assert_allclose(asked(scenario(0.6, rebound=0.5), SCREENS), messages)
    np.testing.assert_allclose(asked(scenario(0.6, rebound=0.5), TASKS), planned(0.6) * 5.0 * LOAD)


def test_without_rebound_or_refusal_there_are_no_messages() -> None:
    for made in (scenario(0.6), scenario(1.0, rebound=0.5), scenario(rebound=0.5)):
        assert not asked(made, SCREENS).any()


def test_tasks_in_place_of_what_others_cut_need_leave_too() -> None:
    """Of 1200 hours of meetings half are cut, a third of that comes back as tasks, of which 0.6 are admitted."""
    meetings = {"per_year": 100.0, "hours": 3.0, "attendees": 4, "online_share": 1.0}
    limits = {"from": "2025-01-01", "meetings": 0.5, "max_hours": 24.0, "attendees": 1.0, "travel": 1.0}
    more = {"reforms": {"meeting_limits": limits}, "meetings": meetings, "rebound": 1.0 / 3.0}
    ad_hoc = 100 * 3 * 4 * 0.5 / 3.0 * LOAD
    np.testing.assert_allclose(asked(scenario(**more), TASKS), planned(1.0) * 5.0 * LOAD + ad_hoc)
    np.testing.assert_allclose(asked(scenario(0.6, **more), TASKS), planned(0.6) * 5.0 * LOAD + 0.6 * ad_hoc)
    np.testing.assert_array_equal(asked(scenario(0.0, **more), TASKS), 0.0)
