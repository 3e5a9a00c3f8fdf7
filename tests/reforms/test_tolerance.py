"""Fault tolerance: what happens to cadres raises their caution by less; what oversight deters stays."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cadre_sim.scenario.scenario import Scenario
from cadre_sim.simulation import Simulation
from cadre_sim.workday.outputs import FOUND, HIDDEN, VIOLATIONS
from worlds import calm

SOURCES: dict[str, dict[str, Any]] = {
    "visits": {"caution_visits": 0.05},
    "evaluations": {"caution_evaluations": 0.3},
    "penalties": {"caution_penalties": 0.02},
    "accusations": {"caution_accused": 0.2},
}
"""What raises caution, each for itself."""
NOTHING = {"caution_visits": 0.0, "caution_evaluations": 0.0, "caution_penalties": 0.0, "caution_accused": 0.0}


def scenario(reform: dict[str, float] | None, **minds: float) -> Scenario:
    """Visits, an evaluation, violations and accusations, in a world where caution is at its target every evening."""
    group = {
        "level": "county",
        "campaigns": {"per_year": 20.0, "coverage": 0.5},
        "evaluations": {"first_month": 2, "last_month": 3, "weight": 0.6},
    }
    usual = {"quits": 0.0, "false_accusations": 3.0, "caution_days": 1.0, "caution": 0.3, "spread": 0.2}
    return calm(
        period={"start": "2025-01-01", "end": "2025-05-31"},
        departments={"bureau": group},
        behaviour={"minds": usual | minds},
        integrity={"violations": 10.0, "detection": 0.3},
        reforms={} if reform is None else {"fault_tolerance": {"from": "2025-01-01"} | reform},
    )


def raised(made: Scenario) -> tuple[np.ndarray, np.ndarray]:
    """By how much the caution of each cadre is above the own disposition each evening, and what is found each day."""
    model = Simulation(made)
    days, found = [], []
    while not model.is_over:
        model.step()
        cadre = model.columns.cadre
        days.append(cadre.caution - cadre.caution_trait)
        found.append(model.columns.day.out[:, [FOUND, HIDDEN, VIOLATIONS]].copy())
    return np.array(days), np.array(found)


@pytest.mark.parametrize("source", SOURCES)
def test_a_part_of_what_each_source_adds_remains(source: str) -> None:
    """Every evening for every cadre, at full strength and at half."""
    minds = NOTHING | SOURCES[source]
    plain, _ = raised(scenario(None, **minds))
    assert plain.max() > 0.02
    assert plain.max() < 0.5
    for reform, left in (({"blame": 0.6}, 0.6), ({"blame": 0.6, "strength": 0.5}, 0.8), ({"blame": 0.0}, 0.0)):
        np.testing.assert_allclose(raised(scenario(reform, **minds))[0], left * plain, atol=1e-12)


def test_caution_goes_to_its_target_in_its_time() -> None:
    """A tenth of the way each day; the day before it, no difference."""
    minds = NOTHING | SOURCES["evaluations"] | {"caution_days": 10.0}
    plain, _ = raised(scenario(None, **minds))
    tolerant, _ = raised(scenario({"blame": 0.5}, **minds))
    np.testing.assert_allclose(tolerant, 0.5 * plain, atol=1e-12)
    first = int(np.flatnonzero(plain[:, 0] > 1e-9)[0])
    np.testing.assert_allclose(tolerant[first], 0.1 * 0.5 * 0.3 * 0.6)


def test_violations_arise_and_are_found_as_before() -> None:
    """To the last bit: tolerance is for honest mistakes."""
    plain, tolerant = (raised(scenario(r, **NOTHING | SOURCES["penalties"]))[1] for r in (None, {"blame": 0.0}))
    assert plain[..., 0].sum() > 20
    np.testing.assert_array_equal(plain, tolerant)
