"""Exceptions are told to people, cross process pools and are rebuilt by SimPy."""

from __future__ import annotations

import pickle

import pytest

from cadre_sim import errors
from cadre_sim.errors import Problem, ScenarioError, UnknownNameError, hint, nearest

PROBLEM = Problem("scenarios/x.yaml", 14, 19, "departments.city.meetings.per_year", "must be >= 0 (got -2)")
EXAMPLES = [
    errors.CadreSimError("a"),
    errors.UserError("a"),
    ScenarioError((PROBLEM,)),
    UnknownNameError("vilage", ["village", "township"]),
    errors.OutputError("disk full"),
    errors.InputError("no such table"),
    errors.UnreadableError("pipe", "is a pipe, not a file", False),
    errors.TableError((PROBLEM,) * 25),
    errors.TooLargeError("a"),
    errors.WorkerError("a"),
    errors.ScriptError("a"),
    errors.ClusterError("a"),
    errors.MissingExtraError("'explore'", "marimo", "explore"),
    errors.RequestError("a"),
    errors.ModelError("a"),
    errors.LawError("a", 3),
    errors.DivergenceError("a"),
]


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_an_error_survives_a_process_pool_and_simpy(error: Exception) -> None:
    for copy in (pickle.loads(pickle.dumps(error)), type(error)(*error.args)):
        assert type(copy) is type(error)
        assert str(copy) == str(error)
        assert vars(copy) == vars(error)


def test_every_exception_has_an_example_and_stands_in_the_tree() -> None:
    classes = {each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, Exception)}
    assert classes == {type(error) for error in EXAMPLES}
    assert errors.__doc__ is not None
    assert all(each.__name__ in errors.__doc__ for each in classes)


def test_a_mistake_of_the_user_and_a_bug_are_different_branches() -> None:
    assert errors.UserError.exit_code == 2
    for user, bug in [(ScenarioError, errors.LawError), (errors.InputError, errors.DivergenceError)]:
        assert issubclass(user, errors.UserError)
        assert not issubclass(user, errors.ModelError)
        assert issubclass(bug, errors.ModelError)
        assert not issubclass(bug, errors.UserError)


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (PROBLEM, "scenarios/x.yaml:14:19 departments.city.meetings.per_year: must be >= 0 (got -2)"),
        (Problem("x.yaml", None, None, "", "no such file"), "x.yaml: no such file"),
        (Problem("x.yaml", 3, None, "", "not valid YAML"), "x.yaml:3: not valid YAML"),
        (Problem("--set a.b=-2", None, None, "a.b", "must be >= 0"), "--set a.b=-2: must be >= 0"),
        (Problem("--set a={b: 1}", None, None, "a.b", "is wrong"), "--set a={b: 1} a.b: is wrong"),
        (Problem("x\n.yaml", 1, 2, "a\nb", "two\nlines\u2028more"), "x .yaml:1:2 a b: two lines more"),
        (Problem("\udcff.yaml", None, None, "", "no such file"), "\\udcff.yaml: no such file"),
    ],
)
def test_a_problem_is_one_line_that_can_be_printed(problem: Problem, text: str) -> None:
    assert str(problem) == text


def test_a_scenario_error_is_one_line_a_problem() -> None:
    assert str(ScenarioError((PROBLEM, PROBLEM))) == f"{PROBLEM}\n{PROBLEM}"


def test_an_unknown_name_comes_with_the_nearest_or_all_known_ones() -> None:
    assert nearest("vilage", ["township", "village"]) == "village"
    assert nearest("q", ["township", "village"]) is None
    assert str(UnknownNameError("vilage", ["village"])) == "unknown name 'vilage', did you mean 'village'?"
    assert str(UnknownNameError("q", iter(["a", "b"]))) == "unknown name 'q'; allowed: a, b"
    assert hint("q", []) == ""
