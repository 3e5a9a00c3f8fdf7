"""Calibration: a search finds back values that are known, whoever does the work, and says how far to trust it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from cadre_sim.calibration import calibrate as module
from cadre_sim.calibration import search
from cadre_sim.calibration.calibrate import Calibration, LossCheck, calibrate, laid_over
from cadre_sim.calibration.search import read_calibrated
from cadre_sim.calibration.targets import loss, misses, read_targets, simulated
from cadre_sim.cli.app import main
from cadre_sim.comparison.replicate import Job, run
from cadre_sim.errors import InputError, UnknownNameError, UserError
from cadre_sim.record.metrics import metric_catalogue
from cadre_sim.scenario.listing import parameters_in
from cadre_sim.scenario.loading import load
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.terminal.calibration import notes, print_calibration

SCENARIOS = Path(__file__).parents[2] / "scenarios"
FILES = {"calibration.csv", "fit.csv", "losses.csv", "trials.csv", "calibrated.yaml", "manifest.json"}
MIXED = ("demand.hours", "demand.due_days", "departments.city_bureaus.meetings.hours")
"""A number, a whole number, and one of a group of departments."""


def aim_at(scenario: Scenario, seed: int, **half_widths: float) -> pd.DataFrame:
    """Targets that a scenario meets exactly under a seed, with a range of some width around each."""
    means = run(scenario, seed=seed, workers=1).summary().set_index("metric")["mean"]
    rows = [(n, n, means[n], means[n] - half, means[n] + half, "h", "A") for n, half in half_widths.items()]
    return pd.DataFrame(rows, columns=["target", "metrics", "value", "low", "high", "unit", "kind"])


@pytest.fixture(scope="module")
def truth(tiny_scenario: Scenario) -> Scenario:
    """The tiny county, but that a matter takes 5 hours instead of 3.4."""
    return laid_over(tiny_scenario, {"demand.hours": 5.0})


@pytest.fixture(scope="module")
def targets(truth: Scenario) -> pd.DataFrame:
    """What the true county shows to whoever looks at its hours on matters only."""
    return aim_at(truth, 7, ordinary_hours=1.0)


@pytest.fixture(scope="module")
def found(tiny_scenario: Scenario, targets: pd.DataFrame) -> Calibration:
    """A search for the hours of a matter."""
    return calibrate(tiny_scenario, parameters=["demand.hours"], targets=targets, trials=57, seed=7, workers=1)


@pytest.fixture(scope="module")
def mixed(tiny_scenario: Scenario) -> Calibration:
    """A short search over several kinds of parameter, for the targets of the project."""
    return calibrate(tiny_scenario, parameters=MIXED, trials=10, seed=7, workers=1)


# ---- what is found ----


def test_a_value_that_is_known_is_found_back(found: Calibration) -> None:
    """Nothing but the hours on matters of a county of 5-hour matters is shown, and 5 hours are found."""
    assert found.knobs[0].start == 3.4
    assert found.values["demand.hours"] == pytest.approx(5.0, abs=0.1)
    assert found.searched.found < found.searched.start / 100
    assert found.fit()["fitted"][0] == pytest.approx(found.targets["value"][0], abs=0.1)


def test_the_check_is_of_two_runs_under_the_next_seed(
    found: Calibration, tiny_scenario: Scenario, targets: pd.DataFrame
) -> None:
    """They are done here by hand."""
    names = [d.name for d in metric_catalogue()]
    losses = []
    for scenario in (tiny_scenario, found.found):
        means = dict(zip(names, run(scenario, seed=8, workers=1).measures[0], strict=True))
        losses.append(loss(targets, simulated(targets, means)))
    assert found.held_out == LossCheck(8, *losses)


def test_what_is_found_holds_where_seeds_tell_the_same(tiny_scenario: Scenario) -> None:
    """In thirty villages that are alike, the hours of matters are much the same whatever the seed."""
    alike = {"counties": [{"name": "Plain", "residents": 30000, "offices": 30, "townships": 1}], "size_spread": 0.0}
    content = tiny_scenario.to_dict()
    content |= {"reforms": {}, "place": content["place"] | alike}
    plain = laid_over(Scenario.model_validate(content), {"demand.office_spread": 0.0})
    targets = aim_at(laid_over(plain, {"demand.hours": 5.0}), 7, ordinary_hours=1.0)
    found = calibrate(plain, parameters=["demand.hours"], targets=targets, trials=15, seed=7, workers=1)
    assert found.held_out.found < found.held_out.start / 10
    assert "fitted to chance" not in " ".join(notes(found))


def test_the_seed_after_the_last_is_the_first(tiny_scenario: Scenario) -> None:
    last = calibrate(tiny_scenario, parameters=["demand.hours"], trials=2, seed=2**32 - 1, workers=1)
    assert last.held_out.seed == 0


def test_the_start_is_the_first_trial_and_the_best_is_the_one_that_is_found(mixed: Calibration) -> None:
    first, best = mixed.trials.iloc[0], mixed.trials.iloc[mixed.best]
    here = parameters_in(mixed.start)
    assert [first[path] for path in MIXED] == [here[path].value for path in MIXED]
    assert mixed.searched == LossCheck(7, first["loss"], mixed.trials["loss"].min())
    there = parameters_in(mixed.found)
    assert [best[path] for path in MIXED] == [there[path].value for path in MIXED] == list(mixed.values.values())


def test_the_start_is_run_as_it_is(tiny_scenario: Scenario) -> None:
    """What is tried is rounded, but the values of the scenario are not."""
    fine = laid_over(tiny_scenario, {"demand.hours": 3.712345})
    found = calibrate(fine, parameters=["demand.hours"], trials=2, seed=7, workers=1)
    assert found.trials["demand.hours"][0] == 3.712345


def test_the_search_is_told_what_became_of_each_generation(
    tiny_scenario: Scenario, mixed: Calibration, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It learns from the losses that the table of trials has, those of the points that it asked for."""
    told: list[tuple[list[np.ndarray], list[float]]] = []
    tell = search.Search.tell
    monkeypatch.setattr(
        search.Search, "tell", lambda self, *generation: told.append(generation) or tell(self, *generation)
    )
    calibrate(tiny_scenario, parameters=MIXED, trials=10, seed=7, workers=1)
    points, losses = told[0]
    assert len(told) == 1
    assert losses == list(mixed.trials["loss"][1:9])
    for place, knob in enumerate(mixed.knobs):
        assert [knob.at(point[place]) for point in points] == list(mixed.trials[knob.path][1:9])


def test_a_start_that_nothing_beats_is_kept(tiny_scenario: Scenario) -> None:
    """The targets are what the start gives: no trial can be nearer, and this is said."""
    exact = aim_at(tiny_scenario, 7, service_hours=1.0, total_hours=1.0)
    kept = calibrate(tiny_scenario, parameters=["demand.hours"], targets=exact, trials=4, seed=7, workers=1)
    assert kept.best == 0
    assert kept.found == tiny_scenario
    other = min(kept.trials["loss"][1:])
    assert f"(the best of them: {other:.3f}): the values of the start stand." in " ".join(notes(kept))


def test_values_stay_in_their_range_and_have_few_digits(mixed: Calibration) -> None:
    for knob in mixed.knobs:
        tried = list(mixed.trials[knob.path])
        assert len(set(tried)) > 3, "hardly anything was tried"
        assert all(knob.low <= v <= knob.high for v in tried)
        assert all(float(f"{v:.4g}") == v for v in tried)
    assert all(isinstance(v, int) for v in mixed.trials["demand.due_days"])


def test_replicates_are_averaged_before_they_are_compared(tiny_scenario: Scenario) -> None:
    several = calibrate(tiny_scenario, parameters=["demand.hours"], trials=2, replicates=2, seed=7, workers=1)
    means = run(tiny_scenario, replicates=2, seed=7, workers=1).summary().set_index("metric")["mean"]
    np.testing.assert_array_equal(several.fit()["start"], simulated(read_targets(), means))


# ---- the loss ----


def test_a_miss_of_half_a_range_counts_as_one() -> None:
    """Whatever the unit: 18 hours off in a range of 36 wide, or 0.5 days off in one of 1 day."""
    targets = pd.DataFrame({"value": [45.0, 6.5, 1.0], "low": [27.0, 6.0, 0.0], "high": [63.0, 7.0, 2.0]})
    np.testing.assert_allclose(misses(targets, np.array([63.0, 6.0, 3.0])), [1.0, 1.0, 4.0])
    assert loss(targets, np.array([63.0, 6.0, 3.0])) == pytest.approx(2.0)


def test_the_parts_of_the_loss_sum_to_it(mixed: Calibration) -> None:
    fit = mixed.fit()
    assert fit["contribution"].sum() == pytest.approx(mixed.searched.found, rel=1e-12)
    scale = (fit["high"] - fit["low"]) / 2
    expected = ((fit["fitted"] - fit["value"]) / scale) ** 2 / len(fit)
    np.testing.assert_allclose(fit["contribution"], expected, rtol=1e-12)
    assert list(fit["in_range"]) == [low <= v <= high for v, low, high in fit[["fitted", "low", "high"]].to_numpy()]
    assert set(fit["in_range"]) == {True, False}, "this test needs targets that are met and such that are not"


def test_a_trial_that_gives_no_number_is_never_what_is_found(
    tiny_scenario: Scenario, targets: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Above 4.5 hours a matter nothing can be measured any more: the search goes on below."""
    measured = module._measured

    def fails_above(job: Job) -> Any:
        return measured(job) * (np.nan if job.scenario.demand.hours > 4.5 else 1.0)

    monkeypatch.setattr(module, "_measured", fails_above)
    below = calibrate(tiny_scenario, parameters=["demand.hours"], targets=targets, trials=20, seed=7, workers=1)
    lost = below.trials["loss"].isna()
    assert list(lost) == list(below.trials["demand.hours"] > 4.5)
    assert lost.any()
    assert 4.0 < below.values["demand.hours"] <= 4.5


# ---- the same whoever does the work ----


@pytest.mark.process
def test_the_number_of_workers_changes_nothing(tiny_scenario: Scenario, mixed: Calibration) -> None:
    spread = calibrate(tiny_scenario, parameters=MIXED, trials=10, seed=7, workers=2)
    assert spread.trials.to_csv() == mixed.trials.to_csv()
    assert spread.fit().to_csv() == mixed.fit().to_csv()
    assert spread.held_out == mixed.held_out
    assert spread.found == mixed.found


def test_trials_stand_in_their_order_whichever_is_done_first(
    tiny_scenario: Scenario, mixed: Calibration, monkeypatch: pytest.MonkeyPatch
) -> None:
    def last_first(work: Callable[[Job], Any], jobs: Sequence[Job], _: int) -> Iterator[tuple[int, Any]]:
        return reversed([(place, work(job)) for place, job in enumerate(jobs)])

    monkeypatch.setattr(module, "run_jobs", last_first)
    again = calibrate(tiny_scenario, parameters=MIXED, trials=10, seed=7, workers=1)
    assert again.trials.to_csv() == mixed.trials.to_csv()


def test_another_seed_is_another_search(tiny_scenario: Scenario, mixed: Calibration) -> None:
    other = calibrate(tiny_scenario, parameters=MIXED, trials=3, seed=8, workers=1)
    assert other.trials["demand.hours"][1] != mixed.trials["demand.hours"][1]


def test_every_run_is_counted(tiny_scenario: Scenario) -> None:
    steps: list[tuple[int, int]] = []
    calibrate(
        tiny_scenario,
        parameters=["demand.hours"],
        trials=3,
        replicates=2,
        workers=1,
        progress=lambda done, total: steps.append((done, total)),
    )
    assert steps == [(k, 10) for k in range(1, 11)]


# ---- what is refused ----


def test_an_unknown_path_is_refused_with_the_nearest(tiny_scenario: Scenario) -> None:
    with pytest.raises(UnknownNameError, match=r"'demand\.hour', did you mean 'demand\.hours'\?"):
        calibrate(tiny_scenario, parameters=["demand.due_days", "demand.hour"], trials=2)


def with_targets(**columns: object) -> pd.DataFrame:
    row = {"target": "a", "metrics": "visits", "value": 1.0, "low": 0.0, "high": 2.0, "unit": "1", "kind": "A"}
    return pd.DataFrame([row | columns])


NO_RESIDENTS = {"counties": [{"name": "Empty", "residents": 0, "offices": 0, "townships": 1}]}
REFUSED: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "nothing to search": ({}, {"parameters": []}, "no parameter to search"),
    "no value": (
        {"reforms": {"meeting_limits": {"from": "2025-01-01"}}},
        {"parameters": ["reforms.meeting_limits.erosion"]},
        r"reforms\.meeting_limits\.erosion: has no value in this scenario",
    ),
    "outside the range": (
        {"demand": {"hours": 9.0}},
        {"parameters": ["demand.hours"]},
        r"demand\.hours: .* 0\.5 to 6 h/matter, and the scenario's value 9 lies outside",
    ),
    "unknown metric": ({}, {"targets": with_targets(metrics="visit")}, "'visit', did you mean 'visits'"),
    "target without a range": ({}, {"targets": with_targets(low=2.0)}, r"target 'a': its range is empty \(2 to 2\)"),
    "target without a number": ({"place": NO_RESIDENTS}, {}, "no number for the target.* 'days to close'"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_searched_is_refused(tiny_scenario: Scenario, name: str) -> None:
    """Before the first batch: at most one run is done."""
    sections, options, said = REFUSED[name]
    scenario = Scenario.model_validate(tiny_scenario.to_dict() | {"reforms": {}} | sections)
    steps: list[int] = []
    arguments = {"parameters": ["demand.due_days"], "trials": 20, "workers": 1} | options
    with pytest.raises(UserError, match=said):
        calibrate(scenario, progress=lambda done, _: steps.append(done), **arguments)
    assert len(steps) <= 1


def test_a_range_without_a_width_is_refused(tiny_scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    placed = parameters_in(tiny_scenario)["demand.hours"]
    fixed = placed._replace(parameter=placed.parameter._replace(low=3.4, high=3.4))
    monkeypatch.setattr(search, "parameters_in", lambda _: {"demand.hours": fixed})
    with pytest.raises(InputError, match=r"demand\.hours: nothing to search: its plausible range is 3\.4 to 3\.4"):
        calibrate(tiny_scenario, parameters=["demand.hours"], trials=2)


def test_a_value_that_the_scenario_does_not_take_is_told_with_its_path(tiny_scenario: Scenario) -> None:
    with pytest.raises(InputError, match=r"demand\.hours: .*greater than or equal to 0"):
        laid_over(tiny_scenario, {"demand.hours": -1.0})


@pytest.mark.parametrize("options", [{"trials": 1}, {"replicates": 0}])
def test_too_few_trials_or_replicates_are_refused(tiny_scenario: Scenario, options: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="needs 2 trials and 1 replicate"):
        calibrate(tiny_scenario, **options)


def test_what_is_searched_by_default_has_a_range_and_no_figure_that_fixes_it() -> None:
    """The real scenario has every parameter in the list, inside its range, and none is anchored (D)."""
    known = parameters_in(load(SCENARIOS / "hengyang-before.yaml"))
    paths = read_calibrated()
    assert len(set(paths)) == len(paths) >= 9
    for path in paths:
        parameter, value, _ = known[path]
        assert value is not None
        assert parameter.low <= value <= parameter.high, path
        assert parameter.kind != "D", path


# ---- what is said ----


def printed(calibration: Calibration) -> str:
    console = Console(width=80)
    with console.capture() as capture:
        print_calibration(console, calibration)
    return capture.get()


def test_tables_fit_80_columns_and_name_every_parameter_and_target(mixed: Calibration) -> None:
    text = printed(mixed)
    assert max(map(len, text.splitlines())) <= 80
    joined = "".join(text.split())
    assert all(name.replace(" ", "") in joined for name in (*MIXED[:2], *mixed.targets["target"]))
    assert "…" not in text


def test_the_gain_is_told_for_both_seeds(mixed: Calibration) -> None:
    told = replace(mixed, held_out=LossCheck(8, 2.0, 1.0))
    text = " ".join(notes(told))
    assert f"{told.searched.start:.3f} at the start, {told.searched.found:.3f} as found" in text
    assert "Under seed 8, which the search has not seen: 2.000 and 1.000 (50% lower)." in text
    assert "fitted to chance" not in text
    assert "* Outside its range." in text


def test_a_gain_that_does_not_hold_is_said_to_be_chance(mixed: Calibration) -> None:
    text = " ".join(notes(replace(mixed, held_out=LossCheck(8, 1.0, 1.25))))
    assert "1.000 and 1.250 (25% higher)." in text
    assert "fitted to chance. Do not use them." in text


def test_a_value_at_the_end_of_its_range_is_pointed_at(found: Calibration) -> None:
    near = replace(found, knobs=(found.knobs[0]._replace(high=found.values["demand.hours"]),))
    assert any("At an end of the plausible range" in line and "demand.hours" in line for line in notes(near))
    assert not any("At an end" in line for line in notes(found))


# ---- the command ----

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(tiny: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Call:
    """Runs ``cadre-sim calibrate`` on the tiny county within this process: exit code, stdout and stderr."""

    def call_main(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["cadre-sim", "calibrate", str(tiny), "--workers", "1", *arguments])
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        code = ended.value.code
        return (code if isinstance(code, int) else 0, *capfd.readouterr())

    return call_main


def test_the_command_writes_all_files_and_again_the_same(call: Call, tiny_scenario: Scenario) -> None:
    """Its scenario file loads, lays nothing but the values found over the first, and gives what the fit says.

    One result is written through a link, from where the way back to the scenario is another.
    """
    Path("deep/er").mkdir(parents=True)
    Path("b").symlink_to("deep/er")
    options = ("--parameters", ",".join(MIXED), "--trials", "10", "--seed", "7")
    assert call(*options, "--out", "results/a", "--quiet") == (0, "", "")
    code, out, _ = call(*options, "--out", "b")
    assert code == 0
    assert "service" in out
    a, b = Path("results/a"), Path("b")
    assert {p.name for p in a.iterdir()} == FILES
    assert all((a / n).read_bytes() == (b / n).read_bytes() for n in FILES - {"manifest.json", "calibrated.yaml"})

    found = pd.read_csv(a / "calibration.csv").set_index("path")
    assert list(found.columns) == ["unit", "low", "high", "kind", "start", "found"]
    assert tuple(found.index) == MIXED
    fit = pd.read_csv(a / "fit.csv")
    wanted = ["target", "unit", "value", "low", "high", "start", "fitted", "in_range", "contribution"]
    assert list(fit.columns) == wanted
    assert list(pd.read_csv(a / "trials.csv").columns) == ["trial", *MIXED, "loss"]

    overlay = load(a / "calibrated.yaml")
    assert overlay == laid_over(tiny_scenario, found["found"].to_dict()).model_copy(update={"title": overlay.title})
    assert overlay.digest == load(b / "calibrated.yaml").digest != tiny_scenario.digest
    assert f"\ndemand:\n  hours: {overlay.demand.hours}\n" in (a / "calibrated.yaml").read_text()
    manifest = json.loads((a / "manifest.json").read_text())
    assert set(manifest["files"]) == FILES - {"manifest.json"}
    assert manifest["scenarios"]["found"]["digest"] == overlay.digest
    assert manifest["scenarios"]["start"]["digest"] == tiny_scenario.digest
    means = run(overlay, seed=7, workers=1).summary().set_index("metric")["mean"]
    np.testing.assert_array_equal(fit["fitted"], simulated(read_targets(), means))


def test_json_holds_what_the_tables_do(call: Call) -> None:
    code, out, _ = call("--parameters", "demand.hours", "--trials", "2", "--json")
    assert code == 0
    content = json.loads(out)
    assert [p["path"] for p in content["parameters"]] == ["demand.hours"]
    assert [(row["seed"], row["held_out"]) for row in content["losses"]] == [(1, False), (2, True)]
    assert [row["target"] for row in content["fit"]] == list(read_targets()["target"])
    assert sum(row["contribution"] for row in content["fit"]) == pytest.approx(content["losses"][0]["found"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--parameters", "demand.hour"), "unknown name 'demand.hour', did you mean 'demand.hours'?"),
        (("--parameters", " , "), "no parameter to search"),
        (("--trials", "1"), "--trials"),
    ],
)
def test_a_mistake_is_told_and_nothing_is_written(call: Call, arguments: tuple[str, ...], said: str) -> None:
    code, out, err = call(*arguments, "--out", "new")
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err
    assert not Path("new").exists()
