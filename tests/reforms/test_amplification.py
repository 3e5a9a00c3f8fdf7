"""Amplification ban: what is asked for grows less with each level that it passes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cadre_sim.activities import EVIDENCE, MEETINGS, REPORTS, TASKS
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.simulation import Simulation
from worlds import TOWNSHIPS, VILLAGES, calm

FACTOR = 1.2

LEVELS = {"city": (2, 1), "county": (1, 0), "township": (0, None)}
"""Levels that a request passes on its way to a village, and to a township government."""
KINDS: dict[str, tuple[int, dict[str, Any]]] = {
    "forms": (REPORTS, {"per_month": 4.0, "hours": 2.0}),
    "tasks": (TASKS, {"per_month": 4.0, "hours": 2.0}),
    "evaluations": (EVIDENCE, {"evidence_hours": 50.0, "first_month": 3, "last_month": 4}),
}


def asked(level: str, kind: str, amplification: float, scale: float | None, strength: float = 1.0) -> np.ndarray:
    """Hours asked of each office in the year, for one of a village's; of townships in terms of their load."""
    activity, plan = KINDS.get(kind, (MEETINGS, {"per_year": 50.0}))
    reform = {"from": "2025-01-01", "amplification": scale, "strength": strength}
    made: Scenario = calm(
        departments={"bureau": {"level": level, kind: plan}},
        oversight={"amplification": amplification},
        reforms={} if scale is None else {"amplification_ban": reform},
    )
    model = Simulation(made)
    model.run()
    return model.columns.books.asked[:, activity]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(("scale", "strength", "left"), [(None, 1.0, 1.0), (0.3, 1.0, 0.3), (0.3, 0.5, 0.65)])
def test_each_level_passed_adds_its_part(
    level: str, kind: str, scale: float | None, strength: float, left: float
) -> None:
    """A city's form passes two levels to a village and one to a township government."""
    village, township = LEVELS[level]
    ratio = 1.0 + (FACTOR - 1.0) * left
    plain, grown = asked(level, kind, 1.0, None), asked(level, kind, FACTOR, scale, strength)
    assert plain[list(VILLAGES)].all()
    np.testing.assert_allclose(grown[list(VILLAGES)], plain[list(VILLAGES)] * ratio**village)
    if township is None:
        assert not grown[list(TOWNSHIPS)].any()
    else:
        assert plain[list(TOWNSHIPS)].all()
        np.testing.assert_allclose(grown[list(TOWNSHIPS)], plain[list(TOWNSHIPS)] * ratio**township)


def test_the_hours_of_a_meeting_are_those_of_whoever_calls_it() -> None:
    np.testing.assert_array_equal(asked("city", "meetings", FACTOR, None), asked("city", "meetings", FACTOR, 0.0))
