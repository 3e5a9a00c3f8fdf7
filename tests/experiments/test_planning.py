"""The file of an experiment: what it means, and what is told to people who mistype."""

from __future__ import annotations

from pathlib import Path

import pytest

from cadre_sim.comparison.replicate import Job, run_job
from cadre_sim.errors import InputError, ScenarioError
from cadre_sim.experiments.planning import load_experiment
from cadre_sim.record.metrics import measure, metric_catalogue
from cadre_sim.scenario.listing import parameters_in
from cadre_sim.scenario.loading import load
from cadre_sim.sweep.plan_file import read_plan, write_plan
from cadre_sim.sweep.runner import Runner
from sweeps import GRID, planned

READY = sorted((Path(__file__).parents[2] / "experiments").glob("*.yaml"))

BAD = {
    "scenario: tiny.yaml\nreplicats: 3": ":2:1 replicats: unknown key 'replicats', did you mean 'replicates'?",
    "scenario: nowhere.yaml": ":1:11 arms.scenario: no such file: nowhere.yaml",
    "scenario: tiny.yaml\narms:\n  a: {settings: {behaviour.overtime_ceilin: 3}}": (
        ":3:45 arms.a.settings[\"behaviour.overtime_ceilin\"]: unknown key 'overtime_ceilin', did you mean"
    ),
    "scenario: tiny.yaml\nfactors: {oversight.reboun: {values: [1]}}": "did you mean 'oversight.rebound'?",
    "scenario: tiny.yaml\nfactors:\n  a: {path: reforms.*.adoption, values: [0.5, 2]}": (
        ":3:47 factors.a.values[1]: reforms.meeting_limits.adoption must be <= 1 (got 2.0)"
    ),
    "scenario: tiny.yaml\nfactors:\n  oversight.rebound: {}": "needs `values`, or `levels` of its range",
    "scenario: tiny.yaml\nfactors: {arm: {values: [1]}}": "is a column of the results",
    "scenario: tiny.yaml\nfactors:\n  oversight.rebound: {range: [0.5, 0.1], levels: 3}": "must have its lower end",
    "scenario: tiny.yaml\ndesign: sobol\nfactors: {oversight.rebound: }": ":2:1 design: sobol needs `points`",
    "scenario: tiny.yaml\ndesign: saltelli\npoints: 3\nfactors: {oversight.rebound: }": ":3:1 points: must be a power",
    "scenario: tiny.yaml\ndesign: factorial\nfactors: {oversight.rebound: }": "must be a reform that is on or off",
    "scenario: tiny.yaml\nmetrics: [service_hour]": ":2:11 metrics[0]: unknown metric 'service_hour', did you mean",
    "scenario: tiny.yaml\nfactors:\n  oversight.rebound: {values: [[1]]}": (
        ':3:32 factors["oversight.rebound"].values[0]: must be a number, text, a date, or true or false'
    ),
    "scenario: tiny.yaml\nfactors:\n  oversight.rebound: {values: [.nan]}": "must be a finite number",
    "scenario: tiny.yaml\nfactors: {Arm: {path: oversight.rebound, values: [1]}}": "is a column of the results",
    "scenario: tiny.yaml\nfactors:\n  x: {path: oversight.rebound, values: [1]}\n"
    "  X: {path: reforms.*.adoption, values: [1]}": (":4:3 factors.X: differs from 'x' only in upper and lower case"),
    "scenario: tiny.yaml\nfactors: {\uff41rm: {path: oversight.rebound, values: [1]}}": "is a column of the results",
    "scenario: tiny.yaml\ndesign: factorial": ":2:1 design: factorial needs `factors`",
    "scenario: tiny.yaml\nfactors: {pace: {path: behaviour.pace, values: [at_once], crossed: true}}": (
        "is of factors with values, in designs that draw"
    ),
    "scenario: tiny.yaml\nfactors: {pace: {path: behaviour.pace, values: [at_once], relative: true}}": (
        "is of numbers, which can be multiplied"
    ),
    "scenario: tiny.yaml\nfactors: {a: {path: [oversight.rebound, oversight.reboun], values: [1]}}": (
        "no arm has anything at 'oversight.reboun', did you mean 'oversight.rebound'?"
    ),
    "arms: {a: }": "is required: `scenario`",
    "scenario: tiny.yaml\nreplicates: 0": ":2:13 replicates: must be >= 1",
}


@pytest.mark.parametrize("text", BAD)
def test_a_mistake_is_told_with_file_and_line(tiny: Path, text: str) -> None:
    with pytest.raises(ScenarioError) as error:
        planned(text)
    assert BAD[text] in str(error.value)
    assert all(line.startswith("experiment.yaml") for line in str(error.value).splitlines())


def test_a_run_is_what_the_same_settings_give_by_hand(tiny: Path) -> None:
    """The value of a factor reaches every reform, and all metrics are the model's own."""
    plan = planned(GRID)
    run = next(r for r in plan.runs() if r.values == (0.6, 0.8) and r.replicate == 1)
    by_hand = load(tiny, ["reforms.meeting_limits.adoption=0.6", "reforms.inspection_quota.adoption=0.6",
                          "oversight.rebound=0.8"])  # fmt: skip
    metrics = dict(zip((d.name for d in metric_catalogue()), measure(run_job(Job(by_hand, 1, 1))), strict=True))
    outcome = Runner(plan)(run)
    assert outcome.values == (metrics["service_hours"], metrics["burden_hours"])


def test_an_arm_is_run_once_for_factors_that_it_does_not_depend_on(tiny: Path) -> None:
    """Without reforms there is nothing to adopt: two points and not four."""
    plan = planned(GRID)
    runs = list(plan.runs())
    assert len(runs) == len({run.key for run in runs}) == plan.total() == 12
    assert {run.values for run in runs if run.arm == "before"} == {(None, 0.0), (None, 0.8)}


def test_points_that_fall_together_are_run_once(tiny: Path) -> None:
    """Sixteen points of a Sobol sequence over three whole numbers of days are three runs."""
    plan = planned("scenario: tiny.yaml\ndesign: sobol\npoints: 16\n"
                   "factors: {departments.city_bureaus.campaigns.notice: {range: [2, 4]}}")  # fmt: skip
    assert sorted(run.values for run in plan.runs()) == [(2,), (3,), (4,)]


def test_all_arms_are_measured_from_the_same_date(tiny: Path) -> None:
    """Else a reform that is switched off would move the days that are compared."""
    plan = planned("scenario: tiny.yaml\narms: {a: , b: {without_reforms: true}}\ndesign: factorial\n"
                   "factors: {reforms.meeting_limits: , reforms.inspection_quota: }")  # fmt: skip
    starts = {plan.scenario(run.arm, run.values).measure_from for run in plan.runs()}
    assert starts == {load(tiny).measure_from}
    reforms = {tuple(plan.scenario(run.arm, run.values).reforms) for run in plan.runs() if run.arm == "a"}
    assert reforms == {(), ("meeting_limits",), ("inspection_quota",), ("meeting_limits", "inspection_quota")}


def test_all_arms_are_measured_to_the_same_date(tiny: Path) -> None:
    """Arms whose reforms end on different dates, or that have none, are averaged over the same days."""
    plan = planned(
        "scenario: tiny.yaml\narms:\n  a: {settings: {reforms.inspection_quota: null, "
        "reforms.meeting_limits.until: 2025-01-10}}\n  b: {settings: {reforms.inspection_quota: null, "
        "reforms.meeting_limits.until: 2025-01-31}}\n  c: {without_reforms: true, settings: "
        "{reforms.inspection_quota: null, reforms.meeting_limits.until: 2025-01-31}}\n  d: {settings: "
        "{period.measure_to: 2025-02-10}}\n"
    )
    found = {run.arm: plan.scenario(run.arm, run.values).measure_to.isoformat() for run in plan.runs()}
    assert found == {"a": "2025-01-31", "b": "2025-01-31", "c": "2025-01-31", "d": "2025-02-10"}


def test_a_reform_that_is_switched_off_does_not_move_the_last_date(tiny: Path) -> None:
    """With the one that stays off, the other's end would be the last date that is measured."""
    plan = planned(
        "scenario: tiny.yaml\ndesign: factorial\narms: {a: {settings: {reforms.inspection_quota.until: 2025-01-31}}}\n"
        "factors: {reforms.meeting_limits: , reforms.inspection_quota: }"
    )
    assert {str(plan.scenario(run.arm, run.values).measure_to) for run in plan.runs()} == {"2025-02-28"}


def test_a_reform_that_is_off_stays_off_whatever_is_laid_inside_it(tiny: Path) -> None:
    plan = planned("scenario: tiny.yaml\nfactors:\n  reforms.meeting_limits:\n"
                   "  reforms.meeting_limits.adoption: {values: [0.5]}")  # fmt: skip
    assert [sorted(plan.scenario(r.arm, r.values).reforms) for r in plan.runs()] == [
        ["inspection_quota"],
        ["inspection_quota", "meeting_limits"],
    ]


def test_the_range_of_a_factor_is_the_plausible_range_of_its_parameter(tiny: Path) -> None:
    plan = planned("scenario: tiny.yaml\ndesign: sobol\npoints: 8\nfactors: {reforms.meeting_limits.adoption: }")
    (factor,) = plan.factors
    assert (factor.low, factor.high, factor.scale) == (0.3, 1.0, "uniform")


def test_a_factor_can_multiply_what_each_place_has(tiny: Path) -> None:
    """Departments keep what sets them apart; whole numbers stay whole, and none leaves its plausible range."""
    plan = planned("scenario: tiny.yaml\nfactors:\n"
                   "  calls: {path: departments.*.meetings.per_year, relative: true, values: [0.5, 1]}\n"
                   "  notice: {path: departments.*.campaigns.notice, relative: true, values: [1.3, 99]}\n")  # fmt: skip
    base = load(tiny).departments["city_bureaus"]
    assert base.meetings is not None
    for run in plan.runs():
        group = plan.scenario(run.arm, run.values).departments["city_bureaus"]
        assert group.meetings is not None
        assert group.campaigns is not None
        calls, notice = run.values
        assert isinstance(calls, float)
        assert group.meetings.per_year == base.meetings.per_year * calls
        assert group.campaigns.notice == (3 if notice == 1.3 else 10)


def test_a_factor_can_have_several_paths(tiny: Path) -> None:
    plan = planned("scenario: tiny.yaml\ndesign: factorial\n"
                   "factors: {all: {path: [reforms.meeting_limits, reforms.inspection_quota]}}")  # fmt: skip
    assert [sorted(plan.scenario(r.arm, r.values).reforms) for r in plan.runs()] == [
        [], ["inspection_quota", "meeting_limits"],
    ]  # fmt: skip


def test_a_crossed_factor_has_all_its_values_at_every_point(tiny: Path) -> None:
    plan = planned("scenario: tiny.yaml\ndesign: sobol\npoints: 8\nfactors:\n"
                   "  pace: {path: behaviour.pace, values: [due_dates, at_once], crossed: true}\n"
                   "  oversight.rebound:\n")  # fmt: skip
    found = [run.values for run in plan.runs()]
    assert plan.total() == len(found) == 16
    assert {(pace, x) for pace in ("due_dates", "at_once") for _, x in found} == set(found)


def test_without_factors_every_uncertain_parameter_is_varied(tiny: Path) -> None:
    """Those of kind I and A, of all groups of departments at once, and none that is published or no number."""
    plan = planned("scenario: tiny.yaml\ndesign: morris\npoints: 2")
    factors = {factor.name: factor for factor in plan.factors}
    placed = parameters_in(load(tiny))
    uncertain = {path for path, found in placed.items() if found.parameter.kind in "IA"}
    assert "oversight.rebound" in factors
    assert "reforms.meeting_limits.adoption" in factors
    assert "oversight.screens" not in factors  # published
    assert "reforms.meeting_limits.strength" not in factors
    assert all(name in uncertain or "*" in name for name in factors)
    calls = factors["departments.*.meetings.per_year"]
    assert (calls.relative, calls.low, calls.high, calls.scale) == (True, 0.5, 2.0, "log")
    assert plan.total() == 2 * (len(factors) + 1)


def test_orders_of_measures_are_run_with_their_swaps(tiny: Path) -> None:
    """Of two measures: none, each, both."""
    plan = planned("scenario: tiny.yaml\ndesign: permutations\npoints: 3\n"
                   "factors: {reforms.meeting_limits: , reforms.inspection_quota: }")  # fmt: skip
    assert sorted(run.values for run in plan.runs()) == [(a, b) for a in (False, True) for b in (False, True)]


def test_a_plan_is_read_back_from_its_results(tiny: Path) -> None:
    """The same runs with the same keys, from the folder alone."""
    plan = planned(GRID.replace("path: reforms.*.adoption", "path: reforms.*.adoption, relative: true"))
    write_plan(Path(), plan)
    again = read_plan(".")
    assert list(again.runs()) == list(plan.runs())
    assert again.metrics == plan.metrics
    assert again.factors == plan.factors
    Path("plan.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match=r"plan\.json: cannot be read"):
        read_plan(".")


@pytest.mark.parametrize("path", READY, ids=lambda path: path.stem)
def test_a_ready_experiment_asks_a_question_and_can_be_run(path: Path) -> None:
    """Each is whole, says what it answers, and its first and last points are scenarios."""
    plan = load_experiment(path)
    assert plan.experiment.question.endswith("?")
    runs = list(plan.runs())
    assert 1000 <= len(runs) <= plan.total() <= 5000
    for run in (runs[0], runs[-1]):
        assert plan.scenario(run.arm, run.values).place.counties
