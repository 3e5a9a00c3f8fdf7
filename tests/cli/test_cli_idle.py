"""What the command line says of reforms that can change nothing: never a finding of zero."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

import cadre_sim
from cadre_sim.figures.source import results_of
from conftest import Call, Outcome

IDLE = """\
extends: tiny.yaml
reforms:
  meeting_limits: {from: 2025-06-01}
  inspection_quota: null
"""
WHY = "it starts on 2025-06-01, after the run ends on 2025-02-28"


@pytest.fixture
def call(call: Call) -> Call:
    """Calls the command line beside two files of idle reforms; blanks and breaks of lines are made one blank."""

    def call_folded(*arguments: str) -> Outcome:
        code, out, err = call(*arguments)
        return Outcome(code, " ".join(out.split()), " ".join(err.split()))

    Path("idle.yaml").write_text(IDLE, encoding="utf-8")
    Path("half.yaml").write_text(IDLE.replace("  inspection_quota: null\n", ""), encoding="utf-8")
    return call_folded


def test_validate_names_an_idle_reform_and_is_content(call: Call) -> None:
    done = call("validate", "idle.yaml", "tiny.yaml")
    assert done.code == 0
    assert f"idle.yaml: ok idle.yaml: the reform 'meeting_limits' can change nothing: {WHY} tiny.yaml: ok" == done.out


def test_a_comparison_in_which_nothing_can_change_has_no_effect_to_tell(call: Call) -> None:
    done = call("compare", "idle.yaml", "-n", "2", "--workers", "1", "--out", "found")
    assert done.code == 0
    assert f"The reform 'meeting_limits' can change nothing: {WHY}. Nothing can change: no reform" in done.out
    assert "+0.00" not in done.out
    assert "interval of service hours" not in done.out
    assert call("report", "found").code == 0
    page = Path("found/report.html").read_text(encoding="utf-8")
    assert "limits to meetings: it starts on June 1, 2025, after the run ends on February 28, 2025." in page
    assert "Nothing can change" in page
    assert "rises by 0.00" not in page


def test_where_some_reforms_act_the_idle_ones_are_named_and_effects_are_told(call: Call) -> None:
    done = call("compare", "half.yaml", "-n", "2", "--workers", "1", "--json")
    (arm,) = json.loads(done.out)["arms"]
    assert arm["idle"] == [{"name": "meeting_limits", "reason": WHY}]
    assert arm["nothing_can_change"] is False
    assert any(row["effect"] for row in arm["effects"])


def test_a_run_names_its_idle_reforms_in_every_form(call: Call) -> None:
    done = call("run", "idle.yaml", "--workers", "1", "--out", "left")
    assert f"The reform 'meeting_limits' can change nothing: {WHY}." in done.out
    found = json.loads(call("run", "idle.yaml", "--workers", "1", "--json").out)
    assert found["idle"] == [{"name": "meeting_limits", "reason": WHY}]
    assert call("report", "left", "--language", "zh", "--out", "left.html").code == 0
    page = Path("left.html").read_text(encoding="utf-8")
    assert "它从 2025年6月1日 开始，晚于模拟结束日 2025年2月28日" in page


def test_a_reform_of_the_first_day_has_no_days_on_which_arms_are_the_same(call: Call) -> None:
    done = call("compare", "tiny.yaml", "-n", "1", "--workers", "1", "--set", "reforms.meeting_limits.from=2024-12-02")
    assert "Not checked for identity before the reform: there is no working day before it." in done.out
    assert "all 0 working days" not in done.out


@pytest.mark.process
def test_an_experiment_names_idle_arms_before_its_runs(call: Call) -> None:
    Path("arms.yaml").write_text("arms: {a: {scenario: idle.yaml}, b: {scenario: tiny.yaml}}\n", encoding="utf-8")
    said = f"Arm 'a': the reform 'meeting_limits' can change nothing: {WHY}."
    assert said in call("experiment", "plan", "arms.yaml").out
    assert said in call("experiment", "run", "arms.yaml", "--workers", "1").err


def test_where_nothing_can_change_no_table_has_an_effect(call: Call) -> None:
    """What a program reads must not be a finding of zero either; nor must a comparison of a scenario with itself."""
    for file in ("idle.yaml", "none.yaml"):
        Path("none.yaml").write_text("extends: tiny.yaml\nreforms: {meeting_limits: null, inspection_quota: null}\n")
        done = call("compare", file, "-n", "2", "--workers", "1", "--json", "--out", "found")
        (arm,) = json.loads(done.out)["arms"]
        assert arm["nothing_can_change"]
        assert arm["ledger"] == []
        assert {row[name] for row in arm["effects"] for name in ("effect", "low", "high", "percent")} == {None}
        assert all(row["baseline"] is not None for row in arm["effects"] if row["metric"] == "service_hours")
        header, first, *_ = Path("found/effects.csv").read_text(encoding="utf-8").splitlines()
        assert dict(zip(header.split(","), first.split(","), strict=True))["effect"] == ""


def test_a_live_comparison_and_its_folder_give_figures_the_same_effects(call: Call) -> None:
    """A figure drawn in a notebook must not show a finding of zero that the report does not have."""
    assert call("compare", "idle.yaml", "-n", "2", "--workers", "1", "--out", "found").code == 0
    idle = cadre_sim.load("idle.yaml")
    (live,), (kept,) = (results_of(each) for each in (cadre_sim.compare(idle, replicates=2, workers=1), "found"))
    pd.testing.assert_frame_equal(live.effects, kept.effects[live.effects.columns])
    assert live.effects["effect"].isna().all()


def test_dates_to_measure_between_hold_a_working_day(call: Call) -> None:
    weekend = ("--set", "period.measure_from=2025-01-11", "--set", "period.measure_to=2025-01-12")
    done = call("run", "tiny.yaml", *weekend)
    assert done.code == 2
    assert "no working day lies between 2025-01-11 and 2025-01-12: there is nothing to measure" in done.err


def test_a_reform_of_a_weekend_is_idle_in_all_that_reads_it_again(call: Call) -> None:
    """Its dates hold no working day, and are measured between: that is told, and no reason to refuse a result.

    A sweep of it would leave rows without a number that count as done: its plan is refused.
    """
    weekend = "reforms: {inspection_quota: null, meeting_limits: {from: 2025-01-11, until: 2025-01-12}}"
    Path("weekend.yaml").write_text(f"extends: tiny.yaml\n{weekend}\n", encoding="utf-8")
    Path("grid.yaml").write_text(
        "scenario: weekend.yaml\nfactors: {oversight.rebound: {values: [0]}}\n", encoding="utf-8"
    )
    assert call("compare", "weekend.yaml", "-n", "2", "--workers", "1", "--out", "found").code == 0
    assert call("report", "found").code == 0
    done = call("experiment", "plan", "grid.yaml")
    assert done.code == 2
    assert "no working day lies between 2025-01-11 and 2025-01-12: there is nothing to measure in arm" in done.err


def test_scenarios_of_one_title_have_headings_of_their_own(call: Call) -> None:
    """Two files of one title: who reads two tables must see which is which."""
    Path("again.yaml").write_text("extends: tiny.yaml\n", encoding="utf-8")
    done = call("compare", "tiny.yaml", "again.yaml", "-n", "2", "--workers", "1")
    assert done.code == 0
    assert "A tiny county (1) Does" in done.out
    assert "A tiny county (2) Does" in done.out
