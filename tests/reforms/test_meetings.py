"""Meeting limits: fewer meetings, capped in length, with fewer attendees and less travel."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cadre_sim.activities import MEETINGS
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.simulation import Simulation
from cadre_sim.workday.outputs import OUTPUTS
from worlds import calm, lab

ALL = {"meetings": 1.0, "max_hours": 24.0, "attendees": 1.0, "travel": 1.0}
"""The measure with every limit taken off."""
OFFICES = np.arange(10)
LOAD = np.where(np.isin(OFFICES, (4, 9)), 10.0, 1.0)


def scenario(reform: dict[str, float] | None = None, **plan: Any) -> Scenario:
    """A meeting of each county every week: five cadres of a village, fifty of a township; three hours and a ride."""
    meetings = {"per_year": 50.0, "hours": 3.0, "attendees": 5, "online_share": 0.0, "travel_hours": 1.0} | plan
    reforms = {} if reform is None else {"meeting_limits": {"from": "2025-01-01"} | ALL | reform}
    return calm(departments={"bureau": {"level": "county", "meetings": meetings}}, reforms=reforms)


def asked(made: Scenario) -> tuple[np.ndarray, np.ndarray]:
    """Seats in meetings, and hours asked for them, of each office in the year."""
    model = Simulation(made)
    model.run()
    return model.columns.books.office_totals[:, OUTPUTS.index("meeting_seats")], model.columns.books.asked[:, MEETINGS]


def planned(made: Scenario, share: float = 1.0) -> np.ndarray:
    """Meetings of each office whose draw lies below a share."""
    orders = lab(made).events.context.plan.orders
    return np.repeat([((orders.area == area) & (orders.keep < share)).sum() for area in (1, 2)], 5)


def test_without_limits_every_meeting_takes_its_time() -> None:
    """Three hours and an hour of travel for each seat."""
    for made in (scenario(), scenario(ALL)):
        seats, hours = asked(made)
        assert seats.tolist() == (planned(made) * 5 * LOAD).tolist()
        np.testing.assert_allclose(hours, 4.0 * seats)


def test_the_declared_share_of_meetings_remains() -> None:
    made = scenario({"meetings": 0.66})
    seats, _ = asked(made)
    assert seats.tolist() == (planned(made, 0.66) * 5 * LOAD).tolist()
    every, left = planned(made)[[0, 5]].sum(), planned(made, 0.66)[[0, 5]].sum()
    assert left / every == pytest.approx(0.66, abs=4 * np.sqrt(0.66 * 0.34 / every))


def test_no_meeting_is_longer_than_allowed() -> None:
    """Travel is not counted: two hours of meeting and one of travel are left of three and one."""
    seats, hours = asked(scenario({"max_hours": 2.0}))
    np.testing.assert_allclose(hours, 3.0 * seats)


def test_a_shorter_meeting_is_not_made_longer() -> None:
    seats, hours = asked(scenario({"max_hours": 2.0}, hours=1.5, travel_hours=0.0))
    np.testing.assert_allclose(hours, 1.5 * seats)


def test_a_half_applied_limit_lets_through_twice_as_long_a_meeting() -> None:
    """Two hours at half strength are four: meetings of five hours lose one."""
    seats, hours = asked(scenario({"max_hours": 2.0, "strength": 0.5}, hours=5.0, travel_hours=0.0))
    np.testing.assert_allclose(hours, 4.0 * seats)


def test_fewer_are_summoned_but_somebody_always_is() -> None:
    """Four of five, forty of fifty. Of one attendee half an attendee remains: a seat, for half of the hours."""
    made = scenario({"attendees": 0.8})
    assert asked(made)[0].tolist() == (planned(made) * 4 * LOAD).tolist()
    alone = scenario({"attendees": 0.5, "max_hours": 2.0}, attendees=1, travel_hours=0.0)
    seats, hours = asked(alone)
    assert seats[[0, 5]].tolist() == planned(alone)[[0, 5]].tolist()
    np.testing.assert_allclose(hours, 0.5 * 2.0 * LOAD * planned(alone))
    assert not asked(scenario({"attendees": 0.0}))[0].any()


def test_travel_is_cut_to_its_share() -> None:
    seats, hours = asked(scenario({"travel": 0.8}))
    np.testing.assert_allclose(hours, 3.8 * seats)


def test_a_meeting_online_has_no_travel() -> None:
    """Where all are online the limit of travel has nothing to cut."""
    seats, hours = asked(scenario({"travel": 0.5}, online_share=1.0))
    np.testing.assert_allclose(hours, 3.0 * seats)
