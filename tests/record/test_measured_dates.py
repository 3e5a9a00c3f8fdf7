"""Which dates are measured: from the first day of a reform to the last day on which one is in force."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from cadre_sim.comparison.compare import compare
from cadre_sim.comparison.replicate import run
from cadre_sim.figures.hours import mean_week
from cadre_sim.figures.source import result_of
from cadre_sim.record.metrics import measure, metric_catalogue
from cadre_sim.record.result import RunResult
from cadre_sim.scenario.loading import arm_of
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.workday.outputs import OUTPUTS

PRESENT = OUTPUTS.index("present")


def changed(scenario: Scenario, **sections: object) -> Scenario:
    return Scenario.model_validate(scenario.to_dict() | sections)


@pytest.fixture
def rolled_back(tiny_scenario: Scenario) -> Scenario:
    """The tiny county, whose reforms end a month before the run."""
    reforms = {
        "meeting_limits": {"from": "2025-01-01", "until": "2025-01-20"},
        "form_consolidation": {"from": "2025-01-08", "until": "2025-01-31"},
    }
    return changed(tiny_scenario, reforms=reforms)


@pytest.mark.parametrize(
    ("reforms", "period", "expected"),
    [
        ({"meeting_limits": {"from": "2025-01-01", "until": "2025-01-31"}}, {}, ("2025-01-01", "2025-01-31")),
        ({"meeting_limits": {"from": "2025-01-01"}}, {}, ("2025-01-01", "2025-02-28")),
        (
            {
                "meeting_limits": {"from": "2025-01-01", "until": "2025-01-31"},
                "form_consolidation": {"from": "2025-02-03"},
            },
            {},
            ("2025-01-01", "2025-02-28"),
        ),
        # One that ends after the run stays as long as the run.
        ({"meeting_limits": {"from": "2025-01-01", "until": "2026-01-31"}}, {}, ("2025-01-01", "2025-02-28")),
        # Those that are never in force in the run say nothing about its end.
        (
            {
                "meeting_limits": {"from": "2025-01-01", "until": "2025-01-31"},
                "form_consolidation": {"from": "2026-02-03"},
            },
            {},
            ("2025-01-01", "2025-01-31"),
        ),
        ({"meeting_limits": {"from": "2024-01-01", "until": "2024-01-31"}}, {}, ("2024-12-02", "2025-02-28")),
        ({}, {}, ("2024-12-02", "2025-02-28")),
        # What a file says goes before all else; who measures from after the end wants what comes after.
        (
            {"meeting_limits": {"from": "2025-01-01", "until": "2025-01-31"}},
            {"measure_to": "2025-02-14"},
            ("2025-01-01", "2025-02-14"),
        ),
        (
            {"meeting_limits": {"from": "2025-01-01", "until": "2025-01-31"}},
            {"measure_from": "2025-02-03"},
            ("2025-02-03", "2025-02-28"),
        ),
        # A reform that starts after the last measured date does not move the first.
        ({"meeting_limits": {"from": "2025-02-03"}}, {"measure_to": "2025-01-31"}, ("2024-12-02", "2025-01-31")),
    ],
)
def test_measured_are_the_dates_on_which_a_reform_is_in_force(
    tiny_scenario: Scenario, reforms: dict[str, object], period: dict[str, str], expected: tuple[str, str]
) -> None:
    scenario = changed(tiny_scenario, reforms=reforms, period=tiny_scenario.to_dict()["period"] | period)
    assert (str(scenario.measure_from), str(scenario.measure_to)) == expected


def test_both_arms_are_measured_on_the_same_dates(tiny_scenario: Scenario, rolled_back: Scenario) -> None:
    for arm in (arm_of(rolled_back), arm_of(rolled_back, tiny_scenario)):
        assert arm.baseline.measure_from == arm.reform.measure_from == date(2025, 1, 1)
        assert arm.baseline.measure_to == arm.reform.measure_to == date(2025, 1, 31)


def sums(result: RunResult, first: str, last: str) -> float:
    days = (result.dates >= np.datetime64(first)) & (result.dates <= np.datetime64(last))
    return float(result.daily[days][:, :, PRESENT].sum())


def test_every_table_of_a_run_is_of_the_measured_dates(rolled_back: Scenario) -> None:
    """Days after the last reform has ended are in the daily table, and in no total of the measured window."""
    runs = run(rolled_back, workers=1)
    result = runs.results[0]
    inside = sums(result, "2025-01-01", "2025-01-31")
    assert sums(result, "2025-02-01", "2025-02-28") > 0
    assert result.after.office_totals[:, PRESENT].sum() == pytest.approx(inside)
    assert result.before is not None
    assert result.before.office_totals[:, PRESENT].sum() == pytest.approx(sums(result, "2024-12-02", "2024-12-31"))
    names = [d.name for d in metric_catalogue()]
    visits = measure(result)[names.index("urgent_resolved")]
    days = (result.dates >= np.datetime64("2025-01-01")) & (result.dates <= np.datetime64("2025-01-31"))
    closed = result.daily[days][:, :, OUTPUTS.index("closed_urgent")].sum(axis=0).reshape(-1, 3)
    assert visits == closed[:, :2].sum()


def test_days_after_the_end_of_a_reform_move_no_effect(rolled_back: Scenario) -> None:
    """A run that goes on for a month after the reform has the effects of one that ends with it."""
    longer = compare(rolled_back, replicates=2, workers=1)
    # The year's plans depend on how much of a year is run: cut the window, and not the run.
    named = rolled_back.period.model_copy(update={"measure_to": date(2025, 1, 31)})
    same = compare(rolled_back.model_copy(update={"period": named}), replicates=2, workers=1)
    whole = rolled_back.period.model_copy(update={"measure_to": date(2025, 2, 28)})
    diluted = compare(rolled_back.model_copy(update={"period": whole}), replicates=2, workers=1)
    effects = [float(c.arms[0].effect_on("meetings_hours").mean()) for c in (longer, same, diluted)]
    assert effects[0] == effects[1]
    assert effects[0] < effects[2] < 0.0
    week = mean_week(result_of(longer), "reform")
    row = longer.arms[0].frame().set_index("metric").loc["meetings_hours", "reform"]
    assert week["meetings"] == pytest.approx(row, rel=1e-3)  # a ratio of sums, and a mean of ratios


def test_a_window_without_a_working_day_has_no_numbers(tiny_scenario: Scenario) -> None:
    reforms = {"meeting_limits": {"from": "2025-01-11", "until": "2025-01-12"}}
    result = run(changed(tiny_scenario, reforms=reforms), workers=1).results[0]
    assert result.after.office_totals.sum() == 0
    names = [d.name for d in metric_catalogue()]
    assert np.isnan(measure(result)[names.index("service_hours")])
