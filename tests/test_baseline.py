"""The real scenario of Hengyang before its reform, against what is known of such places."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import cadre_sim
from cadre_sim import RunSet
from cadre_sim.calibration.targets import against_targets

SCENARIOS = Path(__file__).parents[1] / "scenarios"


@pytest.fixture(scope="module")
def runs() -> RunSet:
    return cadre_sim.run(cadre_sim.load(SCENARIOS / "hengyang-before.yaml"), replicates=1, seed=1)


def test_the_week_of_a_village_cadre_meets_every_target(
    runs: RunSet, record_property: Callable[[str, object], None]
) -> None:
    """Hours by activity, visits, days to close and share on time lie within the ranges of the evidence."""
    table = against_targets(runs)
    record_property("table", table.round(2).to_string(index=False))
    assert table["in_range"].all(), table.loc[~table["in_range"]].to_string()


def test_headline_targets_are_met_closely(runs: RunSet) -> None:
    """What the default values are calibrated to is met within a tenth, far inside its range."""
    table = against_targets(runs).set_index("target")
    for target in ("total", "meetings", "inspections", "service", "visits", "days to close"):
        row = table.loc[target]
        assert row["simulated"] == pytest.approx(row["value"], rel=0.1), target


def test_hengyang_has_its_places_and_people(runs: RunSet) -> None:
    """12 counties, 2,779 villages and communities, 159 township governments, 6.5 million residents."""
    world = runs.results[0].world
    villages = world.offices.kind < 2
    assert len(world.counties) == 12
    assert int(villages.sum()) == 2779
    assert int((~villages).sum()) == 159
    assert int(world.offices.residents[villages].sum()) == pytest.approx(6_497_000, abs=5_000)
    staff = world.offices.first[1:] - world.offices.first[:-1]
    assert staff[villages].mean() == pytest.approx(6.0, abs=0.1)
    assert staff[~villages].mean() == pytest.approx(75.0, abs=1.0)


def test_offices_differ_believably(runs: RunSet) -> None:
    """Service hours differ between offices by their demand and staff, by a factor, not by an order of magnitude."""
    offices = runs.offices()
    offices = offices[offices["kind"] != "township"]
    service = offices[["urgent", "ordinary", "outreach", "training"]].sum(axis=1) * 5 / offices["present"]
    low, middle, high = service.quantile([0.05, 0.5, 0.95])
    assert 0.4 < low / middle < 0.85
    assert 1.2 < high / middle < 2.5
    assert offices["perfunctory"].sum() / offices["closed"].sum() < 0.1
