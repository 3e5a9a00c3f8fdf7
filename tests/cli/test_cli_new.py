"""``cadre-sim new``, help and completion: what a newcomer meets first."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import typer
from ruamel.yaml import YAML
from typer.testing import CliRunner

from cadre_sim.cli.app import app
from cadre_sim.comparison.compare import compare_arms
from cadre_sim.comparison.replicate import run
from cadre_sim.errors import UserError
from cadre_sim.scenario.listing import parameters
from cadre_sim.scenario.loading import load, load_arm
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.scenario.units_table import read_units_table
from conftest import Call

TEMPLATE = files("cadre_sim.data").joinpath("template.yaml").read_text(encoding="utf-8")
DEFAULTS = ("staff", "demand", "behaviour", "oversight", "integrity")


def test_the_new_file_is_valid_and_compares(call: Call, tiny: Path) -> None:
    """The story of the five minutes: new, then compare, and the reform does what its title says."""
    done = call("new", "mine.yaml")
    assert (done.code, done.err) == (0, "")
    assert "mine.yaml" in done.out
    assert call("validate", "mine.yaml").code == 0
    effects = compare_arms([load_arm(tiny.parent / "mine.yaml")], replicates=2, workers=1).effects().set_index("metric")
    assert effects.loc["meetings_hours", "effect"] < -1
    assert effects.loc["service_hours", "effect"] > 0


def test_editors_find_the_schema_beside_the_new_file(call: Call, tiny: Path) -> None:
    call("new", "mine.yaml")
    first = (tiny.parent / "mine.yaml").read_text(encoding="utf-8").splitlines()[0]
    schema = tiny.parent / first.removeprefix("# yaml-language-server: $schema=")
    content = json.loads(json.dumps(YAML(typ="safe").load(TEMPLATE), default=str))
    jsonschema.validate(content, json.loads(schema.read_text(encoding="utf-8")))
    assert not set(content) & {"extends", "baseline"}


def test_a_file_that_exists_is_kept(call: Call, tiny: Path) -> None:
    before = tiny.read_bytes()
    done = call("new", tiny.name)
    assert done.code == 2
    assert f"{tiny.name}: exists already; nothing was written" in done.err
    assert tiny.read_bytes() == before
    assert [p.name for p in tiny.parent.iterdir()] == [tiny.name]


def test_a_schema_that_exists_is_kept(call: Call, tiny: Path) -> None:
    (tiny.parent / "scenario.schema.json").write_text("{}", encoding="utf-8")
    done = call("new", "mine.yaml")
    assert (done.code, "schema" in done.out) == (0, False)
    assert (tiny.parent / "scenario.schema.json").read_text(encoding="utf-8") == "{}"


@pytest.mark.parametrize("name", ["offices.csv", "offices.xlsx", "offices.CSV"])
def test_a_new_units_table_can_be_run_as_it_is(tiny: Path, name: str) -> None:
    """Both kinds hold the same offices; the CSV opens in Excel as what it is."""
    done = CliRunner().invoke(app, ["new", "--units", name])
    assert done.exit_code == 0
    assert f"place: {{units: {name}}}" in done.output
    Path("mine.yaml").write_text(f"extends: tiny.yaml\nplace: {{units: {name}}}\n", encoding="utf-8")
    assert CliRunner().invoke(app, ["validate", "mine.yaml"]).output == "mine.yaml: ok\n"
    scenario = load("mine.yaml", ["period.end=2025-01-10", "reforms={}"])
    assert run(scenario, replicates=1, workers=1).results[0].offices_frame()["received"].sum() > 0
    table = read_units_table(name)
    assert (len(table.units), table.notices) == (5, ())
    assert [u.residents for u in table.units if u.kind == "township"] == [5000, 2400]
    if name.endswith("csv"):
        assert Path(name).read_bytes().startswith(b"\xef\xbb\xbfcounty,township,name,kind,residents,cadres")


@pytest.mark.parametrize(
    ("name", "said"),
    [("offices.xls", "ends in .csv or .xlsx"), ("there.csv", "exists already"), ("nowhere/a.csv", "cannot be written")],
)
def test_where_no_units_table_can_be_nothing_is_written(tiny: Path, name: str, said: str) -> None:
    Path("there.csv").write_text("mine", encoding="utf-8")
    done = CliRunner().invoke(app, ["new", "--units", name])
    assert isinstance(done.exception, UserError)
    assert said in str(done.exception)
    assert sorted(p.name for p in Path().iterdir()) == ["there.csv", tiny.name]
    assert Path("there.csv").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("name", "said"), [("mine.txt", "ends in .yaml"), ("nowhere/mine.yaml", "cannot be written"), (".yaml", "ends in")]
)
def test_where_no_scenario_can_be_nothing_is_written(call: Call, tiny: Path, name: str, said: str) -> None:
    done = call("new", name)
    assert done.code == 2
    assert said in done.err
    assert [p.name for p in tiny.parent.iterdir()] == [tiny.name]


def test_every_section_of_a_scenario_stands_in_the_new_file() -> None:
    content = YAML(typ="safe").load(TEMPLATE)
    assert set(content) == set(Scenario.model_fields) - {"baseline", "article"}
    assert len(content["reforms"]) == 1


def test_every_number_of_the_new_file_has_its_unit_beside_it(tmp_path: Path) -> None:
    """And where the file is not about a place or its departments, it is the default."""
    path = tmp_path / "mine.yaml"
    path.write_text(TEMPLATE, encoding="utf-8")
    load(path)
    declared = {re.sub(r"\.\*\.", ".GROUP.", p.path): p for p in parameters()}
    checked = 0
    for where, value, unit in numbers(TEMPLATE):
        parameter = declared.get(re.sub(r"^departments\.\w+\.", "departments.GROUP.", where))
        if parameter is not None:
            assert unit == parameter.unit, where
            assert where.split(".")[0] not in DEFAULTS or value == parameter.default, where
            checked += 1
    assert checked > 30


def numbers(text: str) -> Iterator[tuple[str, float, str]]:
    """Path, value and unit of every line that holds one number."""
    path: list[str] = []
    for line in text.splitlines():
        match = re.match(r"^( *)(\w+):(?: ([\d.]+))?(?: # (?:\[([^\]]+)\])?.*)?$", line)
        if match:
            path = [*path[: len(match[1]) // 2], match[2]]
            if match[3]:
                yield ".".join(path), float(match[3]), match[4] or ""


# ---- help ----


def commands() -> Iterator[tuple[str, Any]]:
    """Every command with its name as it is typed."""
    coming = [("", typer.main.get_command(app))]
    while coming:
        name, command = coming.pop()
        inner = getattr(command, "commands", None)
        if inner is None:
            yield name.strip(), command
        else:
            coming += [(f"{name} {key}", each) for key, each in inner.items()]


COMMANDS = dict(commands())


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_every_command_ends_with_an_example_of_it(name: str) -> None:
    done = CliRunner().invoke(app, [*name.split(), "--help"], prog_name="cadre-sim")
    assert done.exit_code == 0
    told = " ".join(done.output.replace("│", " ").split())
    assert f"Example: cadre-sim {name}" in told


def test_the_commands_are_those_that_people_know() -> None:
    assert {"new", "run", "compare", "diff", "validate", "list measures", "experiment run"} <= set(COMMANDS)


# ---- completion ----


def completed(*words: str) -> list[str]:
    """What bash is offered for the last word."""
    env = {
        **os.environ,
        "_CADRE_SIM_COMPLETE": "complete_bash",
        "COMP_WORDS": " ".join(("cadre-sim", *words)),
        "COMP_CWORD": str(len(words)),
    }
    # The name of a program decides the name of the variable that asks it to complete.
    code = "import sys; sys.argv = ['cadre-sim']; from cadre_sim.cli.app import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False, timeout=60
    )
    return done.stdout.split()


@pytest.mark.process
def test_commands_are_completed() -> None:
    assert completed("co") == ["compare"]
    assert set(completed("list", "m")) == {"measures", "metrics"}


@pytest.mark.process
def test_options_are_completed() -> None:
    assert completed("compare", "--rep") == ["--replicates"]


@pytest.mark.process
def test_files_are_left_to_the_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    """No words are offered for a scenario, and the script that is installed lets bash complete files then."""
    assert completed("run", "scen") == []
    monkeypatch.setenv("_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION", "1")
    done = CliRunner().invoke(app, ["--show-completion", "bash"], prog_name="cadre-sim")
    assert "complete -o default" in done.output
