"""Service incentives: matters solved lift motivation by more, and fewer cadres quit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cadre_sim.scenario.scenario import Scenario
from cadre_sim.simulation import Simulation
from cadre_sim.workday.outputs import CLOSED, QUITS
from worlds import calm

FROZEN = {
    "quits": 0.0, "false_accusations": 0.0, "motivation_peers": 0.0, "motivation_burden": 0.0,
    "motivation_fatigue": 0.0, "motivation_trait": 0.0, "motivation_solved": 0.01,
}  # fmt: skip
"""Nothing but matters solved moves motivation."""


def scenario(reform: dict[str, float] | None, minds: dict[str, float], **more: Any) -> Scenario:
    reforms = {} if reform is None else {"service_incentives": {"from": "2025-01-01"} | reform}
    return calm(behaviour={"minds": minds}, reforms=reforms, **more)


@pytest.mark.parametrize(
    ("reform", "factor"), [(None, 1.0), ({"recognition": 1.5}, 1.5), ({"recognition": 3.0, "strength": 0.25}, 1.5)]
)
def test_a_solved_matter_lifts_motivation_by_its_factor(reform: dict[str, float] | None, factor: float) -> None:
    """By 0.01 x factor x matters closed / cadres present x m (1 - m), of those present and nobody else."""
    demand = {"matters": 500.0, "matters_township": 200.0}
    model = Simulation(scenario(reform, FROZEN, demand=demand, staff={"absence": 0.2}))
    columns = model.columns
    office = columns.cadres.office
    closed = 0.0
    for _ in range(60):
        m = columns.cadre.motivation.copy()
        model.step()
        per_cadre = columns.day.out[:, CLOSED] / np.maximum(1, columns.day.staff)
        drift = 0.01 * factor * per_cadre[office] * columns.day.present
        np.testing.assert_allclose(columns.cadre.motivation, m + m * (1.0 - m) * drift, rtol=1e-12)
        closed += columns.day.out[:, CLOSED].sum()
    assert closed > 500


def test_where_nothing_is_solved_recognition_does_nothing() -> None:
    model = Simulation(scenario({"recognition": 20.0}, FROZEN))
    m = model.columns.cadre.motivation.copy()
    model.run_for(20)
    np.testing.assert_array_equal(model.columns.cadre.motivation, m)


@pytest.mark.parametrize(
    ("reform", "share"),
    [(None, 1.0), ({"quits": 0.5}, 0.5), ({"quits": 0.0, "strength": 0.4}, 0.6), ({"quits": 0.0}, 0.0)],
)
def test_the_declared_share_of_quits_remains(reform: dict[str, float] | None, share: float) -> None:
    """Everybody quits 25 times a year, one at most of an office on a day; places are filled the day after next."""
    rate = 25.0
    minds = {"quits": rate, "quits_fatigue": 0.0, "quits_motivation": 0.0, "vacancy_days": 1, "false_accusations": 0.0}
    model = Simulation(scenario(reform, minds))
    quits, expected, variance = 0.0, 0.0, 0.0
    for _ in range(model.calendar.days):
        model.step()
        chance = 1.0 - np.exp(-share * rate / 250.0 * model.columns.day.roll)
        quits += model.columns.day.out[:, QUITS].sum()
        expected += chance.sum()
        variance += (chance * (1.0 - chance)).sum()
    assert quits == pytest.approx(expected, abs=4 * np.sqrt(variance))


def test_quits_hang_on_motivation_as_before() -> None:
    """Half of exp(2 (1 - m)) of the rate, at a motivation m that does not move."""
    rate, m = 5.0, 0.2
    minds = FROZEN | {"quits": rate, "motivation": m, "spread": 0.0, "quits_fatigue": 0.0, "vacancy_days": 1}
    model = Simulation(scenario({"quits": 0.5}, minds | {"motivation_solved": 0.0}))
    quits, expected = 0.0, 0.0
    for _ in range(model.calendar.days):
        model.step()
        # Candidates at the highest hazard, exp(2), who quit with exp(-2 m).
        candidates = 1.0 - np.exp(-0.5 * rate / 250.0 * np.exp(2.0) * model.columns.day.roll)
        quits += model.columns.day.out[:, QUITS].sum()
        expected += np.exp(-2.0 * m) * candidates.sum()
    assert quits == pytest.approx(expected, abs=4 * np.sqrt(expected))
