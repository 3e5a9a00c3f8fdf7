"""Scenarios that come with the package: found by name from any folder, and never in place of a user's file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import cadre_sim
from cadre_sim.errors import UserError
from cadre_sim.scenario import bundled
from cadre_sim.scenario.loading import load_arm
from cadre_sim.scenario.scenario import Scenario

FOLDER = Path(__file__).parents[2] / "scenarios"


def test_every_scenario_of_the_project_is_found_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert {name: file.name for name, file in bundled.bundled_scenarios().items()} == {
        file.stem: file.name for file in FOLDER.glob("*.yaml")
    }
    for file in FOLDER.glob("*.yaml"):
        assert cadre_sim.load(file.stem).digest == cadre_sim.load(file).digest
        assert cadre_sim.scenario_file(file.stem).samefile(file)


def test_they_are_found_in_a_wheel_that_brings_them_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no folder of the project beside an installed package."""
    shutil.copytree(FOLDER, tmp_path / "data" / "scenarios")
    monkeypatch.setattr(bundled, "_FOLDERS", (tmp_path / "data" / "scenarios", tmp_path / "nowhere"))
    assert cadre_sim.scenario_file("hengyang") == tmp_path / "data" / "scenarios" / "hengyang.yaml"
    assert cadre_sim.load("hengyang").digest == cadre_sim.load(FOLDER / "hengyang.yaml").digest


def test_a_scenario_may_extend_one_that_comes_with_the_package_and_be_compared_with_it(tiny: Path) -> None:
    Path("mine.yaml").write_text(
        "extends: one-village\nbaseline: one-village\nstaff: {absence: 0.2}\n", encoding="utf-8"
    )
    arm = load_arm("mine.yaml")
    assert arm.reform.place == cadre_sim.load("one-village").place
    assert arm.baseline.staff.absence == cadre_sim.load("one-village").staff.absence != arm.reform.staff.absence


def test_an_experiment_may_name_one_too(tiny: Path) -> None:
    Path("try.yaml").write_text("scenario: one-village\nreplicates: 2\n", encoding="utf-8")
    (arm,) = cadre_sim.load_experiment("try.yaml").arms.values()
    assert Scenario.model_validate(arm.data).place == cadre_sim.load("one-village").place


def test_a_file_of_the_user_comes_before_one_of_that_name(tiny: Path) -> None:
    tiny.rename("hengyang")
    assert cadre_sim.load("hengyang").title == "A tiny county"
    Path("mine.yaml").write_text("extends: hengyang\n", encoding="utf-8")
    assert cadre_sim.load("mine.yaml").title == "A tiny county"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("hengyan", "hengyan: no such file, did you mean 'hengyang', which comes with the package?"),
        ("scenarios/hengyang.yaml", "scenarios/hengyang.yaml: no such file; 'hengyang' comes with the package"),
        ("somewhere/mine.yaml", "somewhere/mine.yaml: no such file"),
        ("a\0b", "a\0b: cannot be read: embedded null byte"),
    ],
)
def test_a_missing_scenario_is_told_with_the_nearest_that_comes_with_the_package(
    tiny: Path, name: str, said: str
) -> None:
    with pytest.raises(UserError) as caught:
        cadre_sim.load(name)
    assert str(caught.value) == said


def test_an_unknown_name_is_told_with_the_nearest() -> None:
    with pytest.raises(UserError, match="unknown name 'hengyan', did you mean 'hengyang'"):
        cadre_sim.scenario_file("hengyan")


@pytest.mark.parametrize(
    "ask",
    [
        cadre_sim.load,
        cadre_sim.load_experiment,
        cadre_sim.load_rules,
        cadre_sim.results,
        cadre_sim.scenario_file,
    ],
)
@pytest.mark.parametrize("name", ["nowhere", "nowhere/x.yaml", ""])
def test_whatever_reads_a_file_says_that_it_is_missing_in_one_sentence(tiny: Path, ask: object, name: str) -> None:
    with pytest.raises(UserError) as caught:
        ask(name)  # type: ignore[operator]
    assert "\n" not in str(caught.value)
