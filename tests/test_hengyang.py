"""The real city, whole: what takes longer than the tests before every landing."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

import cadre_sim
from cadre_sim import Simulation
from cadre_sim.calibration.targets import against_targets
from worlds import prints_of

SCENARIOS = Path(__file__).parents[1] / "scenarios"
pytestmark = pytest.mark.slow


def test_two_years_of_hengyang_are_the_same_bytes_on_two_threads_and_when_cut_in_the_middle() -> None:
    """One thread, two threads, and one that is cut a month after the reform and goes on from its snapshot."""
    scenario = cadre_sim.load(SCENARIOS / "hengyang.yaml")
    plain = prints_of(Simulation(scenario, seed=11).run())
    assert prints_of(Simulation(scenario, seed=11, threads=2).run()) == plain
    cut = Simulation(scenario, seed=11)
    cut.run_for(270)
    snapshot = pickle.loads(pickle.dumps(cut.snapshot()))
    assert prints_of(Simulation.resume(scenario, snapshot).run()) == plain


@pytest.mark.parametrize("seed", [2, 20251124])
def test_the_targets_are_met_under_other_seeds(seed: int) -> None:
    """The calibration is not to one seed."""
    runs = cadre_sim.run(cadre_sim.load(SCENARIOS / "hengyang-before.yaml"), replicates=2, seed=seed)
    table = against_targets(runs)
    assert table["in_range"].all(), table.to_string()


def test_the_reform_of_hengyang_frees_hours_and_the_ledger_says_where_they_went() -> None:
    """The arms are identical for the whole of 2024; burden falls; every hour gained or lost is accounted for."""
    comparison = cadre_sim.compare(cadre_sim.load(SCENARIOS / "hengyang.yaml"), replicates=2, seed=3)
    arm = comparison.arms[0]
    effects = arm.frame().set_index("metric")["effect"]
    assert arm.identical_days is not None
    assert arm.identical_days > 240
    assert effects["burden_hours"] < 0.0
    assert effects["visits"] < 0.0
    assert arm.ledger()["hours"].sum() == pytest.approx(effects["service_hours"], abs=1e-9)
