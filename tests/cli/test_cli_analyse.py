"""The commands that analyse, as a person meets them, on an experiment that was really run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cadre_sim.experiments.planning import load_experiment
from cadre_sim.sweep.driver import sweep
from conftest import TINY, Call

pytestmark = pytest.mark.process

FACTORIAL = """\
scenario: tiny.yaml
design: factorial
factors: {reforms.meeting_limits: , reforms.inspection_quota: }
replicates: 3
"""
MORRIS = """\
arms: {reform: tiny.yaml, before: {scenario: tiny.yaml, without_reforms: true}}
design: morris
points: 2
factors: {oversight.rebound: , reforms.meeting_limits.adoption: , behaviour.minds.motivation: }
"""
SOBOL = """\
arms: {reform: tiny.yaml, before: {scenario: tiny.yaml, without_reforms: true}}
design: sobol
points: 8
factors:
  adoption: {path: reforms.*.adoption}
  pace: {path: behaviour.pace, values: [due_dates, at_once], crossed: true}
replicates: 2
"""


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of all three experiments, each in the folder of its name; the analyses only read them."""
    folder = tmp_path_factory.mktemp("analysed")
    (folder / "tiny.yaml").write_text(TINY, encoding="utf-8")
    for name, text in {"f": FACTORIAL, "m": MORRIS, "s": SOBOL}.items():
        file = folder / f"{name}.yaml"
        file.write_text(text, encoding="utf-8")
        assert sweep(load_experiment(file), folder / name, workers=1).failed == 0
    return folder


def test_measures_add_up_to_the_effect_of_real_runs(done: Path, call: Call) -> None:
    """To 1e-9 in every replicate, as the command prints them."""
    shown = call("analyse", "attribute", str(done / "f"))
    assert shown.code == 0
    assert "Shapley values from all sets of measures, 3 replicates" in shown.out
    assert "the whole reform" in shown.out
    assert max(map(len, shown.out.splitlines())) <= 80
    found = json.loads(call("analyse", "attribute", str(done / "f"), "--metric", "meetings_hours", "--json").out)
    for own, effect in zip(found["shapley"], found["effect"], strict=True):
        assert abs(sum(own) - effect) < 1e-9
        assert effect < 0


def test_every_analysis_answers_in_words_and_in_json(done: Path, call: Call) -> None:
    m, s = str(done / "m"), str(done / "s")
    asked = {
        ("sensitivity", m): "Morris screening, 2 of 2 trajectories",
        ("frontier", s, "--objective", "service_hours:max", "--objective", "visits:min"): "not bettered",
        ("variance", s): "8 points of the parameters, 2 mechanisms, 2 replicates",
        ("discover", s, "--fails", "service_hours < 100"): "It fails at 16 of 16 points",
    }
    for command, words in asked.items():
        shown = call("analyse", *command)
        assert shown.code == 0, shown.err
        assert words in " ".join(shown.out.split())
        assert max(map(len, shown.out.splitlines())) <= 80
        assert json.loads(call("analyse", *command, "--json").out)


def test_a_mistake_ends_with_a_message(done: Path, call: Call) -> None:
    m = str(done / "m")
    wrong = {
        ("attribute", m): "attribution needs a design of factorial or permutations, and this is morris",
        ("sensitivity", "nowhere"): "nowhere: holds no results of an experiment",
        ("sensitivity", m, "--metric", "visit"): "no metric 'visit', did you mean 'visits'?",
        ("sensitivity", m, "--arm", "refrom"): "no arm 'refrom', did you mean 'reform'?",
        ("frontier", m, "--objective", "visits"): "an objective is METRIC:max or METRIC:min",
        ("discover", m, "--fails", "often"): "a condition is METRIC < NUMBER",
    }
    for command, words in wrong.items():
        refused = call("analyse", *command)
        assert refused.code == 2
        assert words in refused.err
        assert "Traceback" not in refused.err
