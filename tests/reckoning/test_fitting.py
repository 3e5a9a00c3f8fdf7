"""Work that does not fit is refused with the numbers, and told what would fit."""

from __future__ import annotations

from pathlib import Path

import pytest

import cadre_sim
from cadre_sim.calibration.calibrate import calibrate
from cadre_sim.errors import TooLargeError, UserError
from cadre_sim.experiments.planning import load_experiment
from cadre_sim.reckoning import fitting
from cadre_sim.reckoning.fitting import unfit
from cadre_sim.reckoning.words import duration, size
from cadre_sim.reckoning.work import Work, of_calibration, of_comparison, of_runs
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.sweep.cluster_file import SlurmJobs
from cadre_sim.sweep.estimate import work_of
from conftest import Call


def with_memory(monkeypatch: pytest.MonkeyPatch, memory: float) -> None:
    monkeypatch.setattr(fitting, "free_memory", lambda: int(memory))


def test_as_many_workers_as_fit_are_named(monkeypatch: pytest.MonkeyPatch, tiny_scenario: Scenario) -> None:
    """None is taken away in silence."""
    work = of_runs(tiny_scenario, 64, 32)
    with_memory(monkeypatch, work.kept + 5.5 * work.worker)
    said = unfit(work)
    assert said is not None
    assert said.startswith("64 runs of 41 cadres each, about ")
    assert said.endswith("free; --workers 5 would fit")
    assert unfit(of_runs(tiny_scenario, 64, 5)) is None


def test_a_single_run_that_does_not_fit_says_how_large_it_is(
    monkeypatch: pytest.MonkeyPatch, tiny_scenario: Scenario
) -> None:
    with_memory(monkeypatch, 21e6)
    said = unfit(of_runs(tiny_scenario, 1, 8))
    assert said is not None
    assert said.startswith("a run of 41 cadres in 7 offices needs about ")
    assert said.endswith("of memory, and this machine has 21 MB free; take a part of the place")


def test_a_disk_that_is_too_small_is_named(
    monkeypatch: pytest.MonkeyPatch, tiny_scenario: Scenario, tmp_path: Path
) -> None:
    monkeypatch.setattr(fitting, "free_disk", lambda folder: 20_000_000)
    monkeypatch.setattr(fitting, "free_memory", lambda: None)
    said = unfit(of_runs(tiny_scenario, 100_000, 2, written=True), tmp_path)
    assert said is not None
    assert said.startswith(f"{tmp_path}: ")
    assert said.endswith("there, and its disk has 20 MB free")
    assert unfit(of_runs(tiny_scenario, 1, 2, written=True), tmp_path) is None


def test_no_limit_refuses_nothing(monkeypatch: pytest.MonkeyPatch, tiny_scenario: Scenario) -> None:
    for name in ("free_memory", "free_addresses"):
        monkeypatch.setattr(fitting, name, lambda: None)
    assert unfit(of_runs(tiny_scenario, 10**9, 4)) is None


def test_python_is_refused_what_cannot_fit_and_not_asked(
    monkeypatch: pytest.MonkeyPatch, tiny_scenario: Scenario, call: Call
) -> None:
    """A long run is just done; nobody may be there who could answer."""
    Path("e.yaml").write_text("scenario: tiny.yaml\n", encoding="utf-8")
    plan = load_experiment("e.yaml")
    with_memory(monkeypatch, 1e6)
    for begin in (
        lambda: cadre_sim.run(tiny_scenario, workers=1),
        lambda: cadre_sim.compare(tiny_scenario, workers=1),
        lambda: calibrate(tiny_scenario, trials=2, workers=1),
        lambda: cadre_sim.run_experiment(plan, "e", workers=1, quiet=True),
    ):
        with pytest.raises(TooLargeError, match=r"of memory.* and this machine has 1\.0 MB free"):
            begin()
    assert issubclass(TooLargeError, UserError)


def test_a_comparison_counts_scenarios_that_are_the_same_once(tiny_scenario: Scenario) -> None:
    baseline = tiny_scenario.without_reforms()
    assert of_comparison([tiny_scenario, baseline, tiny_scenario, baseline], 8, 2).runs == 16


def test_more_workers_take_less_time_and_more_memory(tiny_scenario: Scenario) -> None:
    for work in (
        lambda workers: of_runs(tiny_scenario, 64, workers),
        lambda workers: of_comparison([tiny_scenario], 64, workers),
        lambda workers: of_calibration(tiny_scenario, 60, 8, workers, 8),
    ):
        few, many = work(2), work(8)
        assert few.seconds == many.seconds
        assert few.wall > many.wall
        assert few.memory < many.memory


def test_more_of_anything_takes_more(tiny_scenario: Scenario) -> None:
    def work(**sections: object) -> Work:
        return of_runs(Scenario.model_validate(tiny_scenario.to_dict() | sections), 1, 1)

    place = {"counties": [{"name": "Littleton", "residents": 6_000_000, "offices": 600, "townships": 9}]}
    groups = tiny_scenario.to_dict()["departments"]
    more = [
        work(place=place),
        work(period={"start": "2014-12-02", "end": "2025-02-28"}),
        work(departments={name: body | {"number": 900} for name, body in groups.items()}),
    ]
    usual = work()
    assert all(each.seconds > usual.seconds and each.memory > usual.memory for each in more)
    sent = {"talent_deployment": {"from": "2025-01-01", "number": 500_000}}
    assert work(reforms=sent).memory > usual.memory + 3e8
    assert of_runs(tiny_scenario, 1, 1, record_cadres=True).memory > usual.memory


def test_a_job_of_slurm_that_is_too_small_for_a_run_is_refused(call: Call) -> None:
    Path("e.yaml").write_text("scenario: tiny.yaml\nreplicates: 1000\n", encoding="utf-8")
    plan = load_experiment("e.yaml")
    with pytest.raises(TooLargeError, match=r"a job of Slurm with 8 cores needs about 1\.8 GB .* asks for 1\.0 GB"):
        work_of(plan, 1000, cluster=SlurmJobs(jobs=2, cores=8, memory="1 GB"))
    enough = work_of(plan, 1000, cluster=SlurmJobs(jobs=2, cores=8, memory="4 GB"))
    assert enough.workers == 16
    assert enough.worker == 0.0  # nothing of it lies in the memory of this machine


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.2, "0 s"),
        (42.0, "42 s"),
        (210.0, "3.5 min"),
        (7560.0, "2.1 h"),
        (864_000.0, "10 days"),
        (1e12, "31,688 years"),
    ],
)
def test_times_are_told_as_people_say_them(seconds: float, said: str) -> None:
    assert duration(seconds) == said


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 bytes"), (999, "999 bytes"), (1.23e6, "1.2 MB"), (31e9, "31 GB"), (2e18, "2,000 PB")]
)
def test_sizes_are_told_as_people_say_them(count: float, said: str) -> None:
    assert size(count) == said
