"""Name clearing: false accusations end sooner, and are fewer; who is cleared is glad of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cadre_sim.scenario.scenario import Scenario
from cadre_sim.simulation import Simulation
from cadre_sim.workday.outputs import ACCUSATIONS, ACCUSED, CADRES, CLEARED, FOUND
from worlds import calm

RATE = 10.0
"""False accusations a cadre and year."""
FROZEN = {
    "motivation_solved": 0.0, "motivation_peers": 0.0, "motivation_burden": 0.0, "motivation_fatigue": 0.0,
    "motivation_trait": 0.0, "motivation_accused": 0.0,
}  # fmt: skip
"""Motivation of cadres whose names are not cleared stays as it is."""
STAFF = np.where(np.isin(np.arange(10), (4, 9)), 10, 4)


def scenario(reform: dict[str, float] | None = None, minds: dict[str, float] | None = None, **more: Any) -> Scenario:
    """Accusations that nobody clears are forgotten after fifty days in the mean."""
    usual = {"quits": 0.0, "false_accusations": RATE, "accusation_days": 50.0}
    reforms = {} if reform is None else {"name_clearing": {"from": "2025-01-01", "false_accusations": 1.0} | reform}
    return calm(behaviour={"minds": usual | (minds or {})}, reforms=reforms, **more)


def outputs(made: Scenario) -> np.ndarray:
    """Outputs by day and office."""
    model = Simulation(made)
    days = []
    for _ in range(model.calendar.days):
        model.step()
        days.append(model.columns.day.out.copy())
    return np.array(days)


def hit(roll: np.ndarray, share: float = 1.0) -> np.ndarray:
    """Chance that somebody at an office is accused on a day; one at most is."""
    return 1.0 - np.exp(-RATE * share / 250.0 * roll)


@pytest.mark.parametrize(("reform", "share"), [(None, 1.0), ({"false_accusations": 0.4}, 0.4)])
def test_the_declared_share_of_accusations_is_made(reform: dict[str, float] | None, share: float) -> None:
    out = outputs(scenario(reform))
    chance = hit(out[..., CADRES], share)
    spread = np.sqrt((chance * (1.0 - chance)).sum())
    assert out[..., ACCUSATIONS].sum() == pytest.approx(chance.sum(), abs=4 * spread)


@pytest.mark.parametrize(("days", "strength"), [(10.0, 1.0), (10.0, 0.5), (40.0, 1.0)])
def test_each_accused_is_cleared_with_the_same_chance_every_day(days: float, strength: float) -> None:
    """One in ``days``; half of that at half strength."""
    out = outputs(scenario({"days": days, "strength": strength}))
    chance = strength / days
    waiting = out[:-1, :, ACCUSED].sum()
    spread = np.sqrt(waiting * chance * (1.0 - chance))
    assert out[1:, :, CLEARED].sum() == pytest.approx(waiting * chance, abs=4 * spread)


def test_nobody_is_cleared_without_the_measure() -> None:
    assert not outputs(scenario())[..., CLEARED].any()


@pytest.mark.parametrize("days", [None, 10.0])
def test_the_share_accused_settles_where_as_many_are_accused_as_end(days: float | None) -> None:
    """Share q / (1 - (1 - q)(1 - e)): q the chance a day to be accused, e that an accusation ends."""
    out = outputs(scenario() if days is None else scenario({"days": days}))
    forgotten, cleared = 1.0 / 50.0, 0.0 if days is None else 1.0 / days
    ends = cleared + (1.0 - cleared) * forgotten
    q = hit(STAFF) / STAFF
    settled = q / (1.0 - (1.0 - q) * (1.0 - ends))
    expected = (settled * STAFF).sum() / STAFF.sum()
    late = out[100:, :, ACCUSED].sum(axis=1) / STAFF.sum()
    # Days are alike over about the time in which an accusation ends or is made anew.
    independent = late.size * STAFF.sum() * (ends + q.mean()) / 2.0
    assert late.mean() == pytest.approx(expected, abs=4 * np.sqrt(expected * (1.0 - expected) / independent))


def test_motivation_rises_once_when_a_name_is_cleared() -> None:
    """By 0.3 m (1 - m), on that day and for nobody else."""
    model = Simulation(scenario({"days": 10.0}, FROZEN | {"motivation_cleared": 0.3}))
    office, cadre = model.columns.cadres.office, model.columns.cadre
    rises = 0
    for _ in range(60):
        accused, m = cadre.accused.copy(), cadre.motivation.copy()
        model.step()
        risen = cadre.motivation != m
        np.testing.assert_allclose(cadre.motivation[risen], (m + 0.3 * m * (1.0 - m))[risen], rtol=1e-12)
        np.testing.assert_array_equal(np.bincount(office[risen], minlength=10), model.columns.day.out[:, CLEARED])
        assert accused[risen].all()
        rises += int(risen.sum())
    assert rises > 20


def test_a_name_that_is_cleared_no_longer_makes_its_cadre_cautious() -> None:
    """Caution that reaches its target within the day: raised by 0.3 for exactly those who are accused."""
    minds = {"caution_days": 1.0, "caution_accused": 0.3, "spread": 0.0, "caution": 0.35}
    model = Simulation(scenario({"days": 10.0}, minds))
    for _ in range(60):
        model.step()
        cadre = model.columns.cadre
        np.testing.assert_allclose(cadre.caution, 0.35 + 0.3 * cadre.accused)
    assert 0 < cadre.accused.sum() < cadre.accused.size


def test_true_accusations_uncover_violations_as_before() -> None:
    integrity = {"violations": 5.0, "uncovering": 5.0}
    plain, reformed = (
        outputs(scenario(r, integrity=integrity)) for r in (None, {"days": 5.0, "false_accusations": 0.5})
    )
    assert plain[..., FOUND].sum() > 20
    assert reformed[..., CLEARED].sum() > 20
    np.testing.assert_array_equal(plain[..., FOUND], reformed[..., FOUND])
