"""Accountability for inaction: less closing on paper, less idleness, more caution."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cadre_sim.activities import IDLE, OUTREACH
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.simulation import Simulation
from cadre_sim.workday.outputs import OPEN, PERFUNCTORY
from worlds import calm

NOTHING = {"perfunctory": 1.0, "idle": 1.0, "caution": 0.0}
"""The measure with every part of it taken off."""
STILL = {
    "quits": 0.0, "false_accusations": 0.0, "motivation": 0.6, "spread": 0.0, "motivation_solved": 0.0,
    "motivation_burden": 0.0, "motivation_fatigue": 0.0, "caution_days": 1.0,
}  # fmt: skip
"""Motivation stays at 0.6; caution is at its target every evening."""


def scenario(reform: dict[str, float] | None, **sections: Any) -> Scenario:
    reforms = {} if reform is None else {"inaction_accountability": {"from": "2025-01-01"} | NOTHING | reform}
    return calm(reforms=reforms | sections.pop("reforms", {}), **sections)


@pytest.mark.parametrize(
    ("reform", "chance"), [(None, 0.5), ({"perfunctory": 0.6}, 0.3), ({"perfunctory": 0.0, "strength": 0.5}, 0.25)]
)
def test_the_declared_share_of_closing_on_paper_remains(reform: dict[str, float] | None, chance: float) -> None:
    """Where nobody works at all and caution is full, each matter is closed on paper with chance 0.5 a day."""
    made = scenario(
        reform,
        demand={"matters": 300.0, "matters_township": 300.0, "due_days": 1, "due_days_urgent": 1},
        staff={"contracted_hours": 0.0},
        behaviour={"perfunctory": 0.5, "overtime_ceiling": 0.0, "minds": STILL | {"caution": 1.0}},
    )
    model = Simulation(made)
    model.run()
    totals = model.columns.books.office_totals.sum(axis=0)
    at_date = totals[PERFUNCTORY] + totals[OPEN]
    assert totals[PERFUNCTORY] == pytest.approx(at_date * chance, abs=4 * np.sqrt(at_date * chance * (1.0 - chance)))


@pytest.mark.parametrize(
    ("reform", "weight"),
    [(None, 0.3), ({"idle": 0.5}, 0.15), ({"idle": 0.5, "strength": 0.5}, 0.225), ({"idle": 0.0}, 0.0)],
)
def test_less_slack_is_idle(reform: dict[str, float] | None, weight: float) -> None:
    """Slack is split by weights, here outreach 1 x motivation against the weight of idleness."""
    behaviour = {"slack_outreach": 1.0, "slack_evidence": 0.0, "slack_idle": 0.3, "minds": STILL}
    model = Simulation(scenario(reform, behaviour=behaviour))
    model.run_for(20)
    idle, outreach = (model.columns.books.office_totals[:, k] for k in (IDLE, OUTREACH))
    assert outreach.all()
    np.testing.assert_allclose(idle, outreach * weight / 0.6)


def test_it_adds_caution_that_fault_tolerance_does_not_take_away() -> None:
    tolerance = {"fault_tolerance": {"from": "2025-01-01", "blame": 0.0}}
    behaviour = {"minds": STILL | {"caution": 0.35}}
    for strength, others, added in ((1.0, {}, 0.03), (0.5, {}, 0.015), (1.0, tolerance, 0.03)):
        made = scenario({"caution": 0.03, "strength": strength}, behaviour=behaviour, reforms=others)
        model = Simulation(made)
        model.run_for(10)
        np.testing.assert_allclose(model.columns.cadre.caution, 0.35 + added)
