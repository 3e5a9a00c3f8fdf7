"""What runs read is what was in the files when a scenario was loaded, whatever becomes of the files afterwards."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

import cadre_sim
import cadre_sim.rules
from cadre_sim.comparison.compare import compare
from cadre_sim.comparison.replicate import run
from cadre_sim.errors import InputError, ScenarioError
from cadre_sim.inputs import HeldFile, hold
from cadre_sim.rules import RuleSource
from cadre_sim.scenario.loading import load, load_arm
from cadre_sim.world.notices import notices
from conftest import Call
from tabled import TABLE, write_table, write_tabled


@pytest.mark.process
def test_a_comparison_is_of_the_table_that_was_there_when_the_scenario_was_loaded(
    tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The table is written over, and then deleted; in workers as in this process, nothing of it is seen.

    Nor does it matter to workers that somebody has written a rule at the prompt, which they cannot know.
    """
    monkeypatch.setitem(cadre_sim.rules._sources, "at_the_prompt", RuleSource("0" * 16, None))
    write_tabled()
    scenario = load(tiny)
    digest = scenario.digest
    before = compare(scenario, replicates=2, seed=7, workers=1).effects()
    write_table(residents=40_000)
    assert compare(scenario, replicates=2, seed=7, workers=2).effects().equals(before)
    TABLE.unlink()
    assert scenario.digest == digest
    assert not notices(scenario)


def test_a_scenario_that_is_loaded_again_has_the_table_of_now(tiny: Path) -> None:
    """Also where neither the time nor the size of the file has changed."""
    write_tabled(1200)
    before = load(tiny)
    write_table(1300)
    after = load(tiny)
    assert before.digest != after.digest
    write_table(1200)
    assert load(tiny).digest == before.digest


def test_a_scenario_shows_where_its_table_lay(tiny: Path) -> None:
    write_tabled()
    shown = load(tiny).to_dict()["place"]["units"]
    assert shown == str(TABLE.resolve())


def test_a_baseline_is_as_it_was_when_the_scenario_was_loaded(tiny: Path) -> None:
    """It is a file that the comparison reads, and what that extends is another."""
    Path("before.yaml").write_text(
        "extends: tiny.yaml\nreforms: {inspection_quota: null}\nstaff: {absence: 0.2}\n", encoding="utf-8"
    )
    Path("x.yaml").write_text("extends: tiny.yaml\nbaseline: before.yaml\n", encoding="utf-8")
    scenario = load("x.yaml")
    digest = load_arm("x.yaml").baseline.digest
    Path("before.yaml").write_text(
        "extends: tiny.yaml\nreforms: {inspection_quota: null}\nstaff: {absence: 0.1}\n", encoding="utf-8"
    )
    assert compare(scenario, replicates=1, workers=1).arms[0].arm.baseline.digest == digest
    assert load_arm("x.yaml").baseline.digest != digest


def test_a_baseline_that_is_missing_is_told_by_what_needs_it(tiny: Path, call: Call) -> None:
    Path("x.yaml").write_text("extends: tiny.yaml\nbaseline: nowhere.yaml\n", encoding="utf-8")
    assert call("run", "x.yaml", "-q").code == 0
    done = call("compare", "x.yaml", "-q")
    assert done.code == 2
    assert "nowhere.yaml: no such file" in done.err


def test_a_missing_table_is_told_with_the_line_that_names_it_and_all_else_that_is_wrong(tiny: Path) -> None:
    tiny.write_text("place: {units: nowhere.csv}\nstaff: {absense: 1}\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as told:
        load(tiny)
    table, other = str(told.value).splitlines()
    assert table.startswith("tiny.yaml:1:16 place.units: ")
    assert table.endswith("nowhere.csv: units table: no such file")
    assert "absense" in other


def test_content_that_is_not_what_was_read_is_refused_where_it_is_used(tiny: Path) -> None:
    """Of a file that came from elsewhere, by a bug or on purpose with the digest of another."""
    write_tabled()
    good = hold(TABLE, 10_000)
    bad = pickle.loads(pickle.dumps(HeldFile("other.csv", b"county,township\n", good.digest)))
    scenario = cadre_sim.Scenario.model_validate({"place": {"units": bad}})
    with pytest.raises(InputError, match=r"other\.csv: is not what was read when the scenario or the plan was made"):
        run(scenario, workers=1)


def test_a_file_that_travels_is_the_same_and_is_held_once(tiny: Path) -> None:
    write_tabled()
    file = hold(TABLE, 10_000)
    assert pickle.loads(pickle.dumps(file)) is file
    assert hold(TABLE, 10_000) is file
    with pytest.raises(InputError, match="too large"):
        hold(TABLE, 10)
