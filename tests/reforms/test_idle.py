"""Reforms that can change nothing are known before anything is run, with the reason; all others are not called idle."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cadre_sim.comparison.compare import compare
from cadre_sim.reforms.idle import IdleReform, idle_reforms
from cadre_sim.scenario.loading import load
from cadre_sim.scenario.measures import measures
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.simulation import Simulation
from cadre_sim.streams import Key
from cadre_sim.world.build import build_world
from cadre_sim.world.calendar import WorkCalendar

SCENARIOS = Path(__file__).parents[2] / "scenarios"
STARTS = {"from": "2025-01-01"}
VILLAGES_ONLY: dict[str, Any] = {"counties": [{"name": "Littleton", "residents": 6000, "offices": 0, "townships": 2}]}


def idle(
    base: Scenario, reforms: dict[str, Any], keys: tuple[Key, ...] = (), **sections: Any
) -> tuple[IdleReform, ...]:
    scenario = Scenario.model_validate({**base.to_dict(), "reforms": reforms, **sections})
    calendar = WorkCalendar(scenario.period, scenario.calendar)
    return idle_reforms(scenario, build_world(scenario, Key(1, 0)), calendar, keys)


def departments(base: Scenario, **without: None) -> dict[str, Any]:
    group = base.to_dict()["departments"]["city_bureaus"]
    return {"departments": {"city_bureaus": {**group, **without}}}


REASONS: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "it ends on 2024-11-30, before the run starts on 2024-12-02": (
        "meeting_limits", {"from": "2024-11-01", "until": "2024-11-30"}, {}),
    "it starts on 2025-03-03, after the run ends on 2025-02-28": ("meeting_limits", {"from": "2025-03-03"}, {}),
    "it starts on 2025-02-03, after the last measured date, 2025-01-31": (
        "meeting_limits", {"from": "2025-02-03"},
        {"period": {"start": "2024-12-02", "end": "2025-02-28", "measure_to": "2025-01-31"}}),
    "no working day lies between its first and its last date at any office": (
        "meeting_limits", {"from": "2025-01-11", "until": "2025-01-12"}, {}),
    "its list of counties is empty": ("meeting_limits", {**STARTS, "where": {"counties": []}}, {}),
    "its list of kinds of office is empty": ("meeting_limits", {**STARTS, "where": {"kinds": []}}, {}),
    "the place has no office that it is for": (
        "meeting_limits", {**STARTS, "where": {"kinds": ["village"]}}, {"place": VILLAGES_ONLY}),
    "its strength is 0": ("meeting_limits", {**STARTS, "strength": 0}, {}),
    "its adoption is 0: no office applies it": ("meeting_limits", {**STARTS, "adoption": 0}, {}),
    "its strength has worn off before the run starts": ("meeting_limits", {"from": "2010-01-01", "erosion": 2}, {}),
    "it acts on requests for certificates, and the scenario has none": (
        "certificate_removal", {**STARTS, "where": {"kinds": ["township"]}}, {}),
    "it acts on signs, and the scenario has none": ("sign_clearance", STARTS, {"oversight": {"signs": 0}}),
    "it acts on departments, and the scenario has none": ("formalism_watchdog", STARTS, {"departments": {}}),
    "it sends nobody: the number of people comes to 0": ("talent_deployment", {**STARTS, "number": 0}, {}),
    "the place has no office that it sends people to": ("talent_deployment", STARTS, {"place": VILLAGES_ONLY}),
    "its numbers leave everything as it is": (
        "meeting_limits", {**STARTS, "meetings": 1, "max_hours": 3, "attendees": 1, "travel": 1}, {}),
}  # fmt: skip


@pytest.mark.parametrize("reason", REASONS)
def test_a_reform_that_can_change_nothing_is_idle_and_says_why(tiny_scenario: Scenario, reason: str) -> None:
    """And the program is right about it: both arms of a comparison are the same in everything that is measured."""
    key, body, sections = REASONS[reason]
    found = idle(tiny_scenario, {key: body}, **sections)
    assert [(each.name, each.why) for each in found] == [(key, reason)]
    scenario = Scenario.model_validate({**tiny_scenario.to_dict(), "reforms": {key: body}, **sections})
    effects = compare(scenario, replicates=1, workers=1).arms[0]
    np.testing.assert_array_equal(effects.reform, effects.baseline)


@pytest.mark.parametrize(
    ("plan", "key", "what"),
    [
        ("meetings", "meeting_limits", "meetings"),
        ("forms", "form_consolidation", "report forms"),
        ("tasks", "task_admission", "delegated tasks"),
        ("campaigns", "inspection_quota", "campaigns"),
        ("campaigns", "joint_inspection", "campaigns"),
    ],
)
def test_a_measure_of_what_nobody_plans_is_idle(tiny_scenario: Scenario, plan: str, key: str, what: str) -> None:
    found = idle(tiny_scenario, {key: STARTS}, **departments(tiny_scenario, **{plan: None}))
    assert [each.why for each in found] == [f"it acts on {what}, and the scenario has none"]


@pytest.mark.parametrize("key", sorted(measures()))
def test_no_measure_of_a_usual_scenario_is_idle(tiny_scenario: Scenario, key: str) -> None:
    """Of the tiny county only the assessment's departments are missing, and its city has evaluations to cut."""
    assert idle(tiny_scenario, {key: STARTS}) == ()


def test_ready_scenarios_have_no_idle_reform() -> None:
    for name in ("hengyang", "one-county", "one-village", "staggered-rollout", "paper-reform"):
        scenario = load(SCENARIOS / f"{name}.yaml")
        calendar = WorkCalendar(scenario.period, scenario.calendar)
        assert idle_reforms(scenario, build_world(scenario, Key(1, 0)), calendar, (Key(1, 0),)) == (), name


def test_what_another_reform_turns_can_be_turned_back(tiny_scenario: Scenario) -> None:
    """A quota of nothing new, tasks that come in place of what is cut, a share that is set to what it was."""
    neutral = {**STARTS, "meetings": 1, "max_hours": 3, "attendees": 1, "travel": 1}
    both = {"meeting_limits": neutral, "task_admission": STARTS, "form_consolidation": STARTS}
    assert [each.name for each in idle(tiny_scenario, both, **departments(tiny_scenario, tasks=None))] == [
        "meeting_limits"
    ]


def test_a_reform_that_no_office_draws_is_idle_in_these_runs(tiny_scenario: Scenario) -> None:
    """Of seven offices a share of 3% is adopted by somebody under one seed and by nobody under another."""
    reforms = {"meeting_limits": {**STARTS, "adoption": 0.03}}
    by_replicate = [bool(idle(tiny_scenario, reforms, (Key(1, r),))) for r in range(20)]
    assert set(by_replicate) == {True, False}
    assert idle(tiny_scenario, reforms) == ()
    assert idle(tiny_scenario, reforms, tuple(Key(1, r) for r in range(20))) == ()
    nobody = tuple(Key(1, r) for r in range(20) if by_replicate[r])
    (found,) = idle(tiny_scenario, reforms, nobody)
    assert found.why == "no office applies it: adoption is 0.03, and in none of the runs did one of 7 adopt it"


def test_a_cut_at_townships_alone_is_not_called_idle_where_another_reform_may_feel_it() -> None:
    """Departments of a township whose own government is cut look for other channels, and have found them by July."""
    base = load(SCENARIOS / "one-county-before.yaml").to_dict()
    only_townships = {
        name: {**group, "forms": group["forms"] if group["level"] == "township" else None}
        for name, group in base["departments"].items()
    }
    cut = {"measure": "form_consolidation", "from": "2024-03-01"}
    later = {"villages": {**cut, "from": "2024-07-01", "where": {"kinds": ["village"]}}}
    both = {"townships": {**cut, "where": {"kinds": ["township"]}}, **later}
    period = {"start": "2024-01-01", "end": "2024-10-31"}
    made = [
        Scenario.model_validate({**base, "period": period, "departments": only_townships, "reforms": reforms})
        for reforms in (both, later)
    ]
    with_it, without = (Simulation(scenario).run().daily for scenario in made)
    assert not np.array_equal(with_it, without), "it changes something"
    calendar = WorkCalendar(made[0].period, made[0].calendar)
    assert idle_reforms(made[0], build_world(made[0], Key(1, 0)), calendar) == ()
