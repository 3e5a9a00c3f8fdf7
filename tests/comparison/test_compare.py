"""Comparisons: effects are means of paired differences, and the arms are one and the same until the reform."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from cadre_sim import simulation as simulation_module
from cadre_sim.activities import GROUPS
from cadre_sim.comparison import compare as compare_module
from cadre_sim.comparison.compare import Comparison, compare, compare_arms
from cadre_sim.comparison.divergence import parting_date
from cadre_sim.comparison.replicate import run
from cadre_sim.comparison.statistics import interval
from cadre_sim.errors import DivergenceError
from cadre_sim.record.metrics import METRICS, measure, metric_catalogue
from cadre_sim.scenario.loading import arm_of
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.simulation import Simulation
from cadre_sim.streams import Key
from cadre_sim.workday.outputs import OUTPUTS
from cadre_sim.world.columns import World

NAMES = [d.name for d in metric_catalogue()]


def changed(scenario: Scenario, **sections: Any) -> Scenario:
    """A scenario with some of its sections laid over."""
    content = scenario.to_dict()
    for name, values in sections.items():
        content[name] = content[name] | values if isinstance(content[name], dict) else values
    return Scenario.model_validate(content)


def with_reforms(scenario: Scenario, **reforms: Any) -> Scenario:
    return Scenario.model_validate(scenario.to_dict() | {"reforms": reforms})


# ---- effects ----


def test_an_effect_is_the_mean_of_the_paired_differences(tiny_scenario: Scenario, tiny_comparison: Comparison) -> None:
    """The two arms are run here by hand, one after the other, and give the same effects to the last bit."""
    reform = run(tiny_scenario, replicates=3, seed=7, workers=1).measures
    baseline = run(tiny_scenario.without_reforms(), replicates=3, seed=7, workers=1).measures
    effects = tiny_comparison.effects()
    paired = interval(reform - baseline)
    np.testing.assert_array_equal(effects["effect"], paired.mean)
    np.testing.assert_array_equal(effects["low"], paired.low)
    np.testing.assert_array_equal(effects["high"], paired.high)
    np.testing.assert_array_equal(effects["baseline"], baseline.mean(axis=0))
    np.testing.assert_array_equal(effects["reform"], reform.mean(axis=0))
    assert (effects["effect"].abs() > 0).any(), "the reforms of this test do nothing"


def test_pairing_narrows_the_interval(tiny_scenario: Scenario) -> None:
    """Under common random numbers much of the chance falls out; three replicates would not show it."""
    arm = compare(tiny_scenario, replicates=20, seed=7, workers=1).arms[0]
    column = NAMES.index("meetings_hours")
    paired_meetings = (arm.reform - arm.baseline)[:, column].std()
    assert paired_meetings < np.hypot(arm.reform[:, column].std(), arm.baseline[:, column].std())
    hours = [k for k, metric in enumerate(METRICS) if metric.name.endswith("_hours")]
    paired = (arm.reform - arm.baseline)[:, hours].var(axis=0).sum()
    apart = arm.reform[:, hours].var(axis=0).sum() + arm.baseline[:, hours].var(axis=0).sum()
    assert paired < 0.7 * apart
    shifted = (arm.reform - np.roll(arm.baseline, 1, axis=0))[:, hours].var(axis=0).sum()
    assert paired < shifted


def test_percent_is_of_the_baseline_and_missing_where_that_is_nothing(tiny_comparison: Comparison) -> None:
    effects = tiny_comparison.effects().set_index("metric")
    row = effects.loc["meetings_hours"]
    assert row["percent"] == pytest.approx(100.0 * row["effect"] / row["baseline"])
    assert effects.loc[effects["baseline"] == 0.0, "percent"].isna().all()


def test_before_and_after_is_the_reforms_own_run(tiny_scenario: Scenario, tiny_comparison: Comparison) -> None:
    results = run(tiny_scenario, replicates=3, seed=7, workers=1).results
    plain = np.array([measure(r) - measure(r, before=True) for r in results])
    np.testing.assert_array_equal(tiny_comparison.effects()["before_after"], interval(plain).mean)


def test_effects_name_metric_unit_and_numbers_in_the_order_that_is_promised(tiny_comparison: Comparison) -> None:
    columns = list(tiny_comparison.effects().columns)
    assert columns[:8] == ["metric", "unit", "baseline", "reform", "effect", "low", "high", "percent"]
    assert columns[8:] == ["before_after", "scenario"]


def test_several_scenarios_stand_one_below_the_other(tiny_scenario: Scenario, tiny_comparison: Comparison) -> None:
    """Beside another, a scenario has the effects that it has alone."""
    quota = tiny_scenario.reforms["inspection_quota"]
    other = with_reforms(tiny_scenario, inspection_quota=quota).model_copy(update={"title": "Only a quota"})
    both = compare(tiny_scenario, other, replicates=3, seed=7, workers=1)
    effects = both.effects()
    assert effects["scenario"].unique().tolist() == ["A tiny county", "Only a quota"]
    alone = tiny_comparison.effects()
    pd.testing.assert_frame_equal(effects[effects["scenario"] == "A tiny county"], alone)


def test_scenarios_of_one_title_are_told_apart(tiny_scenario: Scenario) -> None:
    """Two files of one title, or two that differ in capitals alone: a table by title would mix their effects."""
    titles = ("Same", "Other", "SAME")
    found = compare(*(tiny_scenario.model_copy(update={"title": t}) for t in titles), replicates=1, workers=1)
    assert list(dict.fromkeys(found.effects()["scenario"])) == ["Same (1)", "Other", "SAME (3)"]
    assert [arm["scenario"] for arm in found.to_dict()["arms"]] == ["Same (1)", "Other", "SAME (3)"]


def test_a_scenario_compared_with_itself_has_no_effect(tiny_scenario: Scenario) -> None:
    comparison = compare(tiny_scenario, baseline=tiny_scenario, replicates=2, workers=1)
    assert (comparison.effects()["effect"].dropna() == 0.0).all()
    assert comparison.arms[0].identical_days == run(tiny_scenario, workers=1).results[0].dates.size


@pytest.mark.process
def test_the_number_of_workers_changes_no_effect(tiny_scenario: Scenario, tiny_comparison: Comparison) -> None:
    spread = compare(tiny_scenario, replicates=3, seed=7, workers=2)
    pd.testing.assert_frame_equal(spread.effects(), tiny_comparison.effects(), check_exact=True)


def test_nothing_to_compare_is_refused(tiny_scenario: Scenario) -> None:
    with pytest.raises(ValueError, match="at least one scenario"):
        compare(replicates=2)
    with pytest.raises(ValueError, match="one replicate"):
        compare(tiny_scenario, replicates=0)


def test_a_comparison_as_plain_data_is_json_without_nan(tiny_comparison: Comparison) -> None:
    text = json.dumps(tiny_comparison.to_dict(), allow_nan=False)
    arm = json.loads(text)["arms"][0]
    assert arm["scenario"] == "A tiny county"
    assert [row["metric"] for row in arm["effects"]] == NAMES
    assert arm["identical_days_before_reform"] == tiny_comparison.arms[0].identical_days


# ---- the ledger of hours ----


def test_the_ledger_sums_to_the_service_hours_gained(tiny_comparison: Comparison) -> None:
    """No hour comes from nowhere: what was freed elsewhere, and longer days, make up the gain to 1e-9 h."""
    arm = tiny_comparison.arms[0]
    ledger = arm.ledger()
    assert ledger["source"].tolist() == [g for g in GROUPS if g != "service"] + ["longer days"]
    assert ledger["hours"].sum() == pytest.approx(arm.headline().mean(), abs=1e-9)
    assert abs(arm.headline().mean()) > 1e-3


# ---- identical until the reform ----


def test_the_days_before_the_reform_are_counted_as_identical(
    tiny_scenario: Scenario, tiny_comparison: Comparison
) -> None:
    dates = run(tiny_scenario, workers=1).results[0].dates
    assert tiny_comparison.arms[0].identical_days == (dates < np.datetime64("2025-01-01")).sum() > 0


def test_arms_part_at_the_first_reform_that_is_not_in_both(tiny_scenario: Scenario) -> None:
    early, late = tiny_scenario.reforms["meeting_limits"], tiny_scenario.reforms["inspection_quota"]
    both = tiny_scenario
    only_early = with_reforms(both, meeting_limits=early)
    period = {"period": both.period.model_copy(update={"measure_from": both.measure_from})}
    both, only_early = both.model_copy(update=period), only_early.model_copy(update=period)
    assert parting_date(only_early, both) == late.first_date == date(2025, 1, 15)
    assert parting_date(both, only_early) == date(2025, 1, 15)
    assert parting_date(both.without_reforms(), both) == date(2025, 1, 1)
    stronger = both.reforms | {"meeting_limits": early.model_copy(update={"adoption": 0.9})}
    assert parting_date(both, both.model_copy(update={"reforms": stronger})) == date(2025, 1, 1)


def test_a_baseline_that_differs_in_more_than_reforms_is_not_checked(tiny_scenario: Scenario) -> None:
    """Another share of absence parts the arms from the first day, and rightly so."""
    other = changed(tiny_scenario.without_reforms(), staff={"absence": 0.2})
    comparison = compare(tiny_scenario, baseline=other, replicates=1, workers=1)
    assert comparison.arms[0].identical_days is None
    assert comparison.to_dict()["arms"][0]["identical_days_before_reform"] is None


def test_a_draw_that_differs_in_one_arm_is_found_with_day_and_office(
    tiny_scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model in which a reform leaks: a cadre of its arm is drawn with another skill, long before the reform."""
    build = simulation_module.build_world

    def leaking(scenario: Scenario, key: Key) -> World:
        world = build(scenario, key)
        if scenario.reforms:
            world.traits.skill[world.offices.first[2]] *= 1.5
        return world

    monkeypatch.setattr(simulation_module, "build_world", leaking)
    with pytest.raises(DivergenceError) as caught:
        compare(tiny_scenario, replicates=1, seed=7, workers=1)
    message = str(caught.value)
    world = build(tiny_scenario, Key(7, 0))
    assert str(world.office_names[2]) in message
    assert "2024-12-0" in message
    assert "seed 7, replicate 0" in message
    assert " in the baseline and " in message


def test_the_day_that_is_told_is_the_first_that_differs(
    tiny_scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cadre's mind is touched in one arm before the eighth day; the days before it are alike."""
    step = Simulation.step

    def touched(model: Simulation) -> None:
        if model.scenario.reforms and model.day == 7:
            model.columns.cadre.motivation[0] = 0.999
        step(model)

    monkeypatch.setattr(Simulation, "step", touched)
    with pytest.raises(DivergenceError) as caught:
        compare(tiny_scenario, replicates=1, seed=7, workers=1)
    message = str(caught.value)
    baseline = Simulation(tiny_scenario.without_reforms(), seed=7)
    baseline.run_for(8)
    assert f"on {baseline.date}, at {baseline.world.office_names[0]}, " in message
    told = message.split(", ")[-2].split()[0]
    value = baseline.columns.day.out[0, OUTPUTS.index(told)]
    assert f"{told} is {value!r} in the baseline" in message


def test_what_differs_only_after_the_reform_is_no_divergence(
    tiny_scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = Simulation.step
    parting = Simulation(tiny_scenario).calendar.day_on_or_after(date(2025, 1, 1))

    def touched(model: Simulation) -> None:
        if model.scenario.reforms and model.day == parting:
            model.columns.cadre.motivation[0] = 0.999
        step(model)

    monkeypatch.setattr(Simulation, "step", touched)
    assert compare(tiny_scenario, replicates=1, seed=7, workers=1).arms[0].identical_days == parting


def test_a_difference_that_does_not_come_again_is_told_too(
    tiny_scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that depends on what ran before it parts the arms once; running both again shows nothing."""
    step = Simulation.step
    touches = [7]

    def touched(model: Simulation) -> None:
        if model.scenario.reforms and model.day in touches:
            touches.clear()
            model.columns.cadre.motivation[0] = 0.999
        step(model)

    monkeypatch.setattr(Simulation, "step", touched)
    with pytest.raises(DivergenceError):
        compare(tiny_scenario, replicates=1, seed=7, workers=1)


# ---- runs for precision ----


def half_width(comparison: Comparison) -> float:
    return float(interval(comparison.arms[0].headline()[:, None]).half_width[0])


def test_a_run_for_precision_stops_when_it_is_reached(tiny_scenario: Scenario) -> None:
    """Replicates are added until the interval is narrow enough, and those that there were stay as they were."""
    few = compare(tiny_scenario, replicates=2, seed=7, workers=1)
    wanted = 0.1
    assert half_width(few) > wanted, "this test needs a start that is not sure enough"
    more = compare(tiny_scenario, replicates=2, precision=wanted, seed=7, workers=1)
    assert half_width(more) <= wanted
    assert 2 < more.replicates < 400
    np.testing.assert_array_equal(more.arms[0].reform[:2], few.arms[0].reform)


def test_a_precision_that_is_there_already_costs_nothing(tiny_scenario: Scenario, tiny_comparison: Comparison) -> None:
    enough = compare(tiny_scenario, replicates=3, precision=50.0, seed=7, workers=1)
    assert enough.replicates == 3


def test_a_single_replicate_is_never_sure_enough(tiny_scenario: Scenario) -> None:
    assert compare(tiny_scenario, replicates=1, precision=50.0, seed=7, workers=1).replicates > 1


def test_a_precision_beyond_reach_gives_up(tiny_scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compare_module, "MOST_REPLICATES", 6)
    assert compare(tiny_scenario, replicates=2, precision=1e-9, seed=7, workers=1).replicates == 6


def test_progress_of_a_run_for_precision_never_goes_back(tiny_scenario: Scenario) -> None:
    seen: list[tuple[int, int]] = []
    arms = [arm_of(tiny_scenario)]
    compare_arms(arms, replicates=2, precision=0.1, seed=7, workers=1, progress=lambda n, of: seen.append((n, of)))
    done = [n for n, _ in seen]
    assert done == list(range(1, len(done) + 1))
    assert all(n <= of for n, of in seen)
