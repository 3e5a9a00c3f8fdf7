"""The commands that analyse, as a person meets them, on an experiment that was really run."""

from __future__ import annotations

import json
from pathlib import Path

from conftest import Process

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


def test_measures_add_up_to_the_effect_of_real_runs(tiny: Path, process: Process) -> None:
    """To 1e-9 in every replicate, as the command prints them."""
    Path("f.yaml").write_text(FACTORIAL, encoding="utf-8")
    assert process("experiment", "run", "f.yaml", "-q").returncode == 0
    shown = process("analyse", "attribute", "results/f")
    assert shown.returncode == 0
    assert "Shapley values from all sets of measures, 3 replicates" in shown.stdout
    assert "the whole reform" in shown.stdout
    assert max(map(len, shown.stdout.splitlines())) <= 80
    found = json.loads(process("analyse", "attribute", "results/f", "--metric", "meetings_hours", "--json").stdout)
    for own, effect in zip(found["shapley"], found["effect"], strict=True):
        assert abs(sum(own) - effect) < 1e-9
        assert effect < 0


def test_every_analysis_answers_in_words_and_in_json(tiny: Path, process: Process) -> None:
    Path("m.yaml").write_text(MORRIS, encoding="utf-8")
    Path("s.yaml").write_text(SOBOL, encoding="utf-8")
    assert process("experiment", "run", "m.yaml", "-q").returncode == 0
    assert process("experiment", "run", "s.yaml", "-q").returncode == 0
    asked = {
        ("sensitivity", "results/m"): "Morris screening, 2 of 2 trajectories",
        ("frontier", "results/s", "--objective", "service_hours:max", "--objective", "visits:min"): "not bettered",
        ("variance", "results/s"): "8 points of the parameters, 2 mechanisms, 2 replicates",
        ("discover", "results/s", "--fails", "service_hours < 100"): "It fails at 16 of 16 points",
    }
    for command, words in asked.items():
        shown = process("analyse", *command)
        assert shown.returncode == 0, shown.stderr
        assert words in " ".join(shown.stdout.split())
        assert max(map(len, shown.stdout.splitlines())) <= 80
        assert json.loads(process("analyse", *command, "--json").stdout)


def test_a_mistake_ends_with_a_message(tiny: Path, process: Process) -> None:
    Path("m.yaml").write_text(MORRIS, encoding="utf-8")
    assert process("experiment", "run", "m.yaml", "-q").returncode == 0
    wrong = {
        ("attribute", "results/m"): "attribution needs a design of factorial or permutations, and this is morris",
        ("sensitivity", "nowhere"): "nowhere: holds no results of an experiment",
        ("sensitivity", "results/m", "--metric", "visit"): "no metric 'visit', did you mean 'visits'?",
        ("sensitivity", "results/m", "--arm", "refrom"): "no arm 'refrom', did you mean 'reform'?",
        ("frontier", "results/m", "--objective", "visits"): "an objective is METRIC:max or METRIC:min",
        ("discover", "results/m", "--fails", "often"): "a condition is METRIC < NUMBER",
    }
    for command, words in wrong.items():
        done = process("analyse", *command)
        assert done.returncode == 2
        assert words in done.stderr
        assert "Traceback" not in done.stderr
