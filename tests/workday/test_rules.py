"""Allocation rules: the model's own, those that come with it, and a user's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import cadre_sim.rules
from cadre_sim.comparison.replicate import run
from cadre_sim.errors import InputError, ScenarioError
from cadre_sim.rules import Seen, load_rules, rules
from cadre_sim.scenario.loading import load
from cadre_sim.simulation import Simulation
from conftest import Call, Process

SAME_AS_THE_MODEL = """\
import numpy as np
from cadre_sim.rules import Seen, Weights, allocation_rule

@allocation_rule
def by_hand(seen: Seen) -> Weights:
    service = np.exp(1.0 * seen.motivation)
    return Weights(np.exp(1.5 * seen.caution + seen.pressure), 3.0 * service, service)
"""
BUSY = ["demand.matters=600", "departments.city_bureaus.forms.per_month=100", "behaviour.overtime_ceiling=0.5"]


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file with the model's own rule, written as a user would."""
    monkeypatch.setattr(cadre_sim.rules, "_registry", dict(cadre_sim.rules._registry))
    monkeypatch.setattr(cadre_sim.rules, "_sources", {})
    path = tmp_path / "own.py"
    path.write_text(SAME_AS_THE_MODEL, encoding="utf-8")
    return path


def test_the_models_rule_written_by_a_user_gives_the_same_hours(tiny: Path, own: Path) -> None:
    load_rules(own)
    models = [Simulation(load(tiny, [*BUSY, f"behaviour.rule={name}"])) for name in ("weighted", "by_hand")]
    for _ in range(40):
        for model in models:
            model.step()
        first, second = (model.columns.day.hours for model in models)
        np.testing.assert_allclose(first, second, atol=1e-9)


def test_rules_draw_hours_where_they_say(tiny: Path) -> None:
    """In a county with too much of both: burden first has most burden, service first most service."""
    found = {}
    for name in ("burden_first", "proportional", "service_first"):
        summary = run(load(tiny, [*BUSY, f"behaviour.rule={name}"]), workers=1).summary().set_index("metric")["mean"]
        found[name] = summary["service_hours"]
    assert found["burden_first"] < found["proportional"] < found["service_first"]


def test_a_rule_in_a_file_reaches_worker_processes(tiny: Path, own: Path, process: Process) -> None:
    """The same numbers with two workers and with one, and the digest knows the file."""
    command = ("run", "tiny.yaml", "-n", "2", "--json", "--set", "behaviour.rule=by_hand", "--workers")
    one, two = (process("--rules", str(own), *command, workers) for workers in ("1", "2"))
    assert one.returncode == 0, one.stderr
    assert one.stdout == two.stdout
    load_rules(own)
    before = load(tiny, ["behaviour.rule=by_hand"]).digest
    own.write_text(SAME_AS_THE_MODEL.replace("3.0", "4.0"), encoding="utf-8")
    assert load(tiny, ["behaviour.rule=by_hand"]).digest == before
    load_rules(own)
    assert load(tiny, ["behaviour.rule=by_hand"]).digest != before


def test_a_file_that_was_changed_is_read_again(tiny: Path, own: Path) -> None:
    """As in a notebook, whose cell with the rule is run again."""
    load_rules(own)
    before = run(load(tiny, [*BUSY, "behaviour.rule=by_hand"]), workers=1).summary()
    own.write_text(SAME_AS_THE_MODEL.replace("1.5 *", "0.0 *"), encoding="utf-8")
    load_rules(own)
    after = run(load(tiny, [*BUSY, "behaviour.rule=by_hand"]), workers=1).summary()
    assert not before.equals(after)


def test_a_rule_that_nobody_brought_is_told_with_the_nearest_name(tiny: Path) -> None:
    with pytest.raises(ScenarioError, match="unknown allocation rule 'burden_frist', did you mean 'burden_first'"):
        load(tiny, ["behaviour.rule=burden_frist"])


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("return Weights(-1, 1, 1)", "negative or no number"),
        ("return Weights(1, float('nan'), 1)", "negative or no number"),
        ("return Weights([1, 2], 1, 1)", "ValueError"),
        ("return 3", "TypeError"),
        ("return Weights(1 / 0, 1, 1)", "ZeroDivisionError"),
    ],
)
def test_a_rule_that_goes_wrong_is_told_as_a_users_mistake(
    tiny: Path, own: Path, call: Call, body: str, message: str
) -> None:
    own.write_text(f"from cadre_sim.rules import *\n@allocation_rule\ndef mine(seen):\n    {body}\n", encoding="utf-8")
    done = call("--rules", str(own), "run", "tiny.yaml", "--set", "behaviour.rule=mine")
    assert done.code == 2
    assert "allocation rule 'mine'" in done.err
    assert message in done.err
    assert "Traceback" not in done.err


def test_a_rule_that_goes_wrong_is_told_when_a_scenario_names_it(tiny: Path, own: Path) -> None:
    body = "return Weights([1, 2], 1, 1)"
    own.write_text(f"from cadre_sim.rules import *\n@allocation_rule\ndef mine(seen):\n    {body}\n", encoding="utf-8")
    load_rules(own)
    with pytest.raises(ScenarioError, match=r"behaviour\.rule=mine: allocation rule 'mine': ValueError"):
        load(tiny, ["behaviour.rule=mine"])


def test_a_file_that_is_missing_or_wrong_is_told(tmp_path: Path, own: Path) -> None:
    with pytest.raises(InputError, match="rules cannot be read: no such file"):
        load_rules(tmp_path / "nowhere.py")
    bad = tmp_path / "bad.py"
    bad.write_text("import nothing_of_the_kind", encoding="utf-8")
    with pytest.raises(InputError, match=r"bad\.py: rules cannot be read: ModuleNotFoundError"):
        load_rules(bad)
    bad.write_text(SAME_AS_THE_MODEL.replace("by_hand", "proportional"), encoding="utf-8")
    with pytest.raises(InputError, match="there is an allocation rule 'proportional' already"):
        load_rules(bad)


def test_the_rules_that_come_with_it_see_arrays_of_one_length(tiny: Path) -> None:
    ones = np.ones(5)
    for rule in rules().values():
        if rule is not None:
            assert all(np.asarray(weight).shape in ((), (5,)) for weight in rule(Seen(*[ones] * 9)))
