"""What the rival scenarios are there to show, each against its own baseline, on the whole city."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from cadre_sim.comparison.arm_run import kept_of
from cadre_sim.comparison.divergence import identical_days
from cadre_sim.comparison.passthrough import planned_cut
from cadre_sim.comparison.replicate import Job, run_job
from cadre_sim.record.metrics import measure, metric_catalogue
from cadre_sim.record.result import RunResult
from cadre_sim.scenario.loading import Arm, load_arm
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.workday.outputs import OUTPUTS
from cadre_sim.world.columns import KINDS

pytestmark = pytest.mark.slow
SCENARIOS = Path(__file__).parent.parent / "scenarios"
NAMES = [d.name for d in metric_catalogue()]


def arm(name: str) -> Arm:
    return load_arm(SCENARIOS / f"{name}.yaml")


RUNS: dict[str, RunResult] = {}
"""Runs by the digest of their scenario: rivals share their baseline."""


def result(scenario: Scenario) -> RunResult:
    if scenario.digest not in RUNS:
        RUNS[scenario.digest] = run_job(Job(scenario, 1, 0, threads=2))
    return RUNS[scenario.digest]


@cache
def value(name: str, which: str, metric: str) -> float:
    """A metric of one arm of a rival."""
    return float(measure(result(getattr(arm(name), which)))[NAMES.index(metric)])


def change(name: str, metric: str) -> float:
    return value(name, "reform", metric) - value(name, "baseline", metric)


def per_office(name: str, which: str, output: str) -> float:
    """An output of villages and communities a day and office, over the measured days."""
    run = result(getattr(arm(name), which))
    days = run.daily[run.measured_day :].reshape(-1, run.daily.shape[1] // len(KINDS), len(KINDS), len(OUTPUTS))
    sums = days[:, :, :2].sum(axis=(0, 1, 2))
    return float(sums[OUTPUTS.index(output)] / sums[OUTPUTS.index("office_days")])


@pytest.mark.parametrize(
    "name", ["hengyang", "inspections-only", "meetings-only", "paper-reform", "no-oversight", "staggered-rollout"]
)
def test_the_arms_are_the_same_until_they_part(name: str) -> None:
    pair = arm(name)
    days = identical_days(pair, *(kept_of(result(s), s) for s in (pair.baseline, pair.reform)))
    assert days is not None
    assert days > 240


def test_the_whole_reform_does_more_than_either_part() -> None:
    whole, inspections, meetings = (
        change(name, "service_hours") for name in ("hengyang", "inspections-only", "meetings-only")
    )
    assert whole > inspections + meetings > max(inspections, meetings) > 0


def test_rebound_and_low_adoption_undo_most_of_a_paper_reform() -> None:
    """As many items are cut on paper as in the reform; fewer than a quarter of their hours go, tasks rise instead."""
    cut = planned_cut(arm("paper-reform").reform)
    whole = arm("hengyang").reform
    kept = {n: r for n, r in whole.reforms.items() if n in arm("paper-reform").reform.reforms}
    assert cut == pytest.approx(planned_cut(whole.model_copy(update={"reforms": kept})))
    assert 0 < -change("paper-reform", "burden_hours") < 0.25 * cut
    assert change("paper-reform", "tasks_hours") > 0.5
    assert change("paper-reform", "service_hours") < 0.2 * change("hengyang", "service_hours")


def test_without_oversight_more_is_hidden_and_fewer_hours_go_to_inspection() -> None:
    before, after = (per_office("no-oversight", arm_, "hidden") for arm_ in ("baseline", "reform"))
    assert after > 1.5 * before
    assert per_office("no-oversight", "reform", "violations") > 1.1 * per_office(
        "no-oversight", "baseline", "violations"
    )
    assert change("no-oversight", "inspection_hours") < -2


def test_inspections_that_come_less_often_have_a_price_in_integrity() -> None:
    for name in ("hengyang", "inspections-only"):
        assert per_office(name, "reform", "hidden") > 1.1 * per_office(name, "baseline", "hidden")


def test_more_staff_shortens_days_but_cuts_no_item() -> None:
    assert change("staff-instead", "total_hours") < -1
    assert abs(change("staff-instead", "visits")) < 1
    assert planned_cut(arm("staff-instead").reform) == 0


def test_counties_of_a_rollout_change_on_their_date_and_not_before() -> None:
    """Service of a county stays within the chance that teams of the city bring, until its date; then it rises."""
    pair = arm("staggered-rollout")
    plain, rolled = result(pair.baseline), result(pair.reform)
    starts = pair.reform.reforms["meeting_limits"].rollout or {}
    service = [OUTPUTS.index(n) for n in ("urgent", "ordinary", "outreach", "training")]
    for number, county in enumerate(plain.world.counties):
        groups = slice(len(KINDS) * number, len(KINDS) * number + 2)
        first = int(np.searchsorted(plain.dates, np.datetime64(starts.get(county, "2025-01-01"), "D")))
        a, b = (r.daily[:, groups][:, :, service].sum(axis=(1, 2)) for r in (plain, rolled))
        before, after = slice(plain.measured_day, first), slice(first + 60, None)
        assert b[after].sum() > 1.05 * a[after].sum(), county
        if first > plain.measured_day:
            assert b[before].sum() == pytest.approx(a[before].sum(), rel=0.01), county


def test_one_village_is_small_enough_to_follow() -> None:
    """Six cadres and their township, every visit, meeting and matter of a quarter of a year."""
    run = result(arm("one-village").reform)
    assert run.world.offices.kind.size == 2
    assert (run.world.cadres.office == 0).sum() == 6
    assert 20 < run.daily[:, 0, OUTPUTS.index("received")].sum() < 400
