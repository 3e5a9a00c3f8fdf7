"""What items cut are worth on paper, and what becomes of their hours."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cadre_sim.comparison.compare import compare
from cadre_sim.comparison.passthrough import pass_through, planned_cut
from cadre_sim.scenario.scenario import Scenario
from worlds import calm

PLANS: dict[str, Any] = {
    "bureau": {
        "level": "county", "number": 2,
        "campaigns": {"per_year": 2, "coverage": 0.5, "preparation_hours": 12, "escorts": 2, "reception_hours": 4},
        "meetings": {"per_year": 10, "attendees": 2, "hours": 2, "online_share": 1.0},
        "forms": {"per_month": 1, "hours": 2, "duplicate_share": 0.5},
        "tasks": {"per_month": 1, "hours": 5},
    }
}  # fmt: skip
"""For each of two departments: 20 h of inspections a year, 40 of meetings, 24 of forms and 60 of tasks; 4 cadres."""


def city(**reforms: Any) -> Scenario:
    return calm(departments=PLANS, reforms={k: {"from": "2025-03-03", **body} for k, body in reforms.items()})


def a_week(hours_a_year: float) -> float:
    """Hours a year of an office of four cadres as hours of a cadre in each of 50 weeks."""
    return hours_a_year / 4 / 50


@pytest.mark.parametrize(
    ("reform", "hours"),
    [
        ({"no_disturbance_inspection": {"visits": 0.25, "township_visits": 1.0}}, 2 * 20 * 0.75),
        ({"meeting_limits": {"meetings": 0.5}}, 2 * 40 * 0.5),
        ({"form_consolidation": {"duplicates": 0.0, "forms": 0.5}}, 2 * (12 + 6)),
        ({"task_admission": {"tasks": 0.0}}, 2 * 60),
        ({"fault_tolerance": {}}, 0.0),
    ],
)
def test_items_are_worth_their_hours_in_the_plans(reform: dict[str, Any], hours: float) -> None:
    """By hand from the plans, whatever the length, the notice and the size of what is left."""
    assert planned_cut(city(**reform)) == pytest.approx(a_week(hours))


def test_paper_knows_no_adoption_no_ramp_and_no_erosion() -> None:
    """Nor an end: what is cut on paper is cut for all who are in scope, and for nobody else."""
    full = planned_cut(city(task_admission={"tasks": 0.0}))
    half_hearted = {"adoption": 0.1, "strength": 0.2, "ramp": 100, "erosion": 10, "until": "2025-06-30"}
    assert planned_cut(city(task_admission={"tasks": 0.0, **half_hearted})) == full
    north = {"tasks": 0.0, "where": {"counties": ["North"]}}
    assert planned_cut(city(task_admission=north)) == pytest.approx(full / 2)


def test_chat_groups_signs_and_certificates_count_at_the_hours_that_they_take() -> None:
    made = calm(
        oversight={"screens": 60.0, "screen_minutes": 1.0, "signs": 100.0, "sign_hours": 0.5},
        reforms={
            "screen_consolidation": {"from": "2025-01-01", "screens": 0.4},
            "sign_clearance": {"from": "2025-01-01", "signs": 30.0},
        },
    )
    assert planned_cut(made) == pytest.approx(5 * 1.0 * 0.6 + a_week(30 * 0.5))


def test_pass_through_is_hours_freed_per_hour_of_items_cut() -> None:
    made = city(task_admission={"tasks": 0.0})
    found = pass_through(made, np.array([0.3, 0.5]), np.array([0.1, 0.2]))
    assert found is not None
    assert found.cut == pytest.approx(0.6)
    assert (found.freed, found.share, found.to_service) == pytest.approx((0.4, 0.4 / 0.6, 0.15 / 0.4))
    assert pass_through(city(fault_tolerance={}), np.array([0.3]), np.array([0.1])) is None


def test_what_is_cut_on_paper_is_freed_where_it_is_applied_and_not_where_it_is_not() -> None:
    """Tasks of 120 hours a year go altogether, but for those asked for before; with nobody applying it, none go."""
    freed = []
    for adoption in (1.0, 0.0):
        comparison = compare(city(task_admission={"tasks": 0.0, "adoption": adoption}), replicates=1, workers=1)
        passed = comparison.arms[0].pass_through()
        assert passed is not None
        freed.append(passed.share)
    assert freed[0] == pytest.approx(1.0, abs=0.25)
    assert freed[1] == 0.0
