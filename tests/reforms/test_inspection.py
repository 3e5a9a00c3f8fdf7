"""No-disturbance inspection: fewer visits, without notice, scouts or large escorts, and more standing readiness."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cadre_sim.activities import PREPARATION, READINESS
from cadre_sim.scenario.departments import CampaignPlan
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.simulation import Simulation
from worlds import Lab, asked_on, calm, day_of, lab, open_campaign

CAMPAIGNS = {
    "per_year": 100.0, "coverage": 1.0, "notice": 6, "preparation_hours": 16.0, "scouting": 1.0, "escorts": 5,
    "reception_hours": 4.0, "unannounced_preparation": 0.125,
}  # fmt: skip


def scenario(level: str = "county", **reform: Any) -> Scenario:
    """Departments of one level with a campaign to all their offices every other day, and the reform if there is one."""
    reforms = {"no_disturbance_inspection": {"from": "2025-01-01"} | reform} if reform else {}
    return calm(departments={"bureau": {"level": level, "campaigns": CAMPAIGNS}}, reforms=reforms)


def visits(here: Lab) -> np.ndarray:
    return np.array([day_of(here.events, n).visits for n in range(here.calendar.days)])


@pytest.mark.parametrize(("level", "share"), [("city", 0.4), ("county", 0.4), ("township", 0.8)])
def test_the_declared_share_of_visits_remains(level: str, share: float) -> None:
    """A visit is left out or takes place on the day on which it would have: no other visit moves."""
    plain, reformed = (visits(lab(s)) for s in (scenario(level), scenario(level, visits=0.4, township_visits=0.8)))
    assert (reformed <= plain).all()
    spread = np.sqrt(share * (1 - share) / plain.sum())
    assert reformed.sum() / plain.sum() == pytest.approx(share, abs=4 * spread)


def test_nothing_is_prepared_before_the_day_of_the_visit() -> None:
    """An eighth of the preparation is left, and it falls on the day itself."""
    here = lab(scenario(visits=1.0))
    for n in range(here.calendar.days):
        orders = day_of(here.events, n)
        work = [a for a in asked_on(n, orders) if a.kind == PREPARATION]
        assert len(work) == orders.visits.sum()
        for asked in work:
            assert orders.visits[asked.office] > 0
            assert (asked.day, asked.due) == (n, n)
            assert asked.hours == 16.0 * 0.125 * here.world.offices.load[asked.office]


def test_nobody_comes_scouting_and_fewer_escort() -> None:
    """Three escorts of five at each visit, and no reception on any day without one."""
    here = lab(scenario(visits=1.0, reception=0.6))
    for n in range(here.calendar.days):
        orders = day_of(here.events, n)
        np.testing.assert_array_equal(orders.reception_seats, 3.0 * here.world.offices.load * orders.visits)
        np.testing.assert_array_equal(orders.reception_hours, 4.0 * orders.reception_seats)


def test_notice_is_shortened_to_the_share_that_remains() -> None:
    """A third of six days is two; and while there is notice, scouts would come, but for the reform."""
    here = lab(scenario(visits=1.0, notice=1 / 3))
    days = [day_of(here.events, n) for n in range(here.calendar.days)]
    assert {a.due - a.day for n, orders in enumerate(days) for a in asked_on(n, orders) if a.due >= 2} == {2}
    for orders in days:
        assert ((orders.reception_hours > 0) == (orders.visits > 0)).all()


def test_offices_stay_readier() -> None:
    """Visits may come any day: standing readiness rises by the factor."""
    plain, reformed = (Simulation(s) for s in (scenario(), scenario(readiness=1.3)))
    for model in (plain, reformed):
        model.run()
    asked = [m.columns.books.asked[:, READINESS] for m in (plain, reformed)]
    np.testing.assert_allclose(asked[1], 1.3 * asked[0])


BUREAU = {"bureau": {"level": "county"}}
"""A department of each county, with nothing planned."""


def test_a_campaign_that_was_announced_before_the_reform_goes_on_as_announced() -> None:
    """The rules of the day on which it opens hold: notice on day 20, reform on day 25, visits on day 30."""
    first = str(lab(calm()).calendar.dates[25])
    for start, prepared in ((30, {20}), (36, {36})):
        here = lab(calm(departments=BUREAU, reforms={"no_disturbance_inspection": {"from": first, "visits": 1.0}}))
        plan = CampaignPlan(coverage=1.0, notice=10, visits_per_day=50)
        open_campaign(here, start, 1, 7, plan)
        asked = [a for n in range(40) for a in asked_on(n, day_of(here.events, n))]
        assert {a.day for a in asked} == prepared
