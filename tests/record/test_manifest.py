"""The manifest says all that is needed to run a result again."""

from __future__ import annotations

import json
from datetime import datetime
from importlib.metadata import version

import pytest

from cadre_sim.record.manifest import LIBRARIES, manifest
from cadre_sim.scenario.scenario import Scenario


def made(scenario: Scenario) -> dict[str, object]:
    command = ["cadre-sim", "run", "tiny.yaml"]
    whole = manifest(command, {"scenario": scenario}, 5, 3, 1.23456)
    back: dict[str, object] = json.loads(json.dumps(whole, allow_nan=False))
    return back


def test_a_manifest_names_command_seed_replicates_and_versions(tiny_scenario: Scenario) -> None:
    found = made(tiny_scenario)
    assert found["command"] == ["cadre-sim", "run", "tiny.yaml"]
    assert (found["seed"], found["replicates"]) == (5, 3)
    assert found["cadre_sim"] == version("cadre_sim")
    versions = found["versions"]
    assert isinstance(versions, dict)
    assert set(versions) == {"python", *LIBRARIES}
    assert versions["numpy"] == version("numpy")
    platform = found["platform"]
    assert isinstance(platform, dict)
    assert set(platform) == {"system", "machine", "byteorder"}


def test_times_are_told_with_their_zone(tiny_scenario: Scenario) -> None:
    times = made(tiny_scenario)["times"]
    assert isinstance(times, dict)
    assert times["seconds"] == 1.235
    assert datetime.fromisoformat(times["finished"]).utcoffset() is not None


def test_the_scenario_of_a_manifest_runs_again(tiny_scenario: Scenario) -> None:
    """What is written is the resolved scenario: read back, it is the same to the last digit of its digest."""
    scenarios = made(tiny_scenario)["scenarios"]
    assert isinstance(scenarios, dict)
    body = scenarios["scenario"]
    digest = body.pop("digest")
    again = Scenario.model_validate(body)
    assert again == tiny_scenario
    assert again.digest == digest


def test_a_library_that_is_not_installed_is_said_to_be_so(
    tiny_scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cadre_sim.record.manifest.LIBRARIES", ("no-such-library",))
    versions = made(tiny_scenario)["versions"]
    assert isinstance(versions, dict)
    assert versions["no-such-library"] == "not installed"
