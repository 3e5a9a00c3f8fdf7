"""The cycle of a day: the list of its steps, and the compiled function that takes them, say the same."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

from cadre_sim import workday
from cadre_sim.workday import cycle
from cadre_sim.workday.cycle import STEPS


def test_each_place_of_a_step_is_that_of_its_name() -> None:
    """Places are unpacked by hand from the length of the list, so that a step that moves must move in both."""
    for place, step in enumerate(STEPS):
        assert getattr(cycle, step.name.upper()) == place


def test_a_day_takes_the_steps_of_the_list_in_their_order() -> None:
    """Each step is taken under its own place: what is timed under a name is that step."""
    work = ast.parse(inspect.getsource(getattr(cycle.work, "py_func", cycle.work))).body[0]
    taken = [
        (ast.unparse(node.test), ast.unparse(call.func))
        for node in ast.walk(work)
        if isinstance(node, ast.If)
        for call in ast.walk(ast.Module(node.body, []))
        if isinstance(call, ast.Call)
    ]
    assert taken == [(f"first <= {step.name.upper()} < last", step.name) for step in STEPS]


def test_no_page_of_the_code_numbers_the_steps() -> None:
    """Numbers of steps in a docstring go wrong when a step is added."""
    for path in Path(workday.__file__).parent.glob("*.py"):
        assert not re.search(r"\b[Ss]teps? \d", path.read_text(encoding="utf-8")), path.name
