"""The numbers at the top of the page."""

from __future__ import annotations

from cadre_sim.comparison.compare import Comparison, compare
from cadre_sim.explorer.markup import tiles as shown
from cadre_sim.explorer.tiles import tiles
from cadre_sim.figures.source import result_of
from cadre_sim.language import DASH, language
from cadre_sim.scenario.scenario import Scenario


def test_tiles_say_that_no_measure_can_act_instead_of_an_effect_of_zero(tiny_scenario: Scenario) -> None:
    scenario = Scenario.model_validate(
        {**tiny_scenario.to_dict(), "reforms": {"meeting_limits": {"from": "2026-01-01"}}}
    )
    found = tiles(result_of(compare(scenario, replicates=2, workers=1)), language("en"))
    assert {(tile.effect, tile.interval, tile.verdict) for tile in found} == {(DASH, "", "idle")}
    assert "no measure that is on can act" in shown(found, 2, False, language("en"))


def test_tiles_of_reforms_that_act_have_effects(tiny_comparison: Comparison) -> None:
    found = tiles(result_of(tiny_comparison), language("en"))
    assert all(tile.verdict != "idle" and tile.interval for tile in found)
