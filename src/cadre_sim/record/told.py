"""Whether what a result tells in JSON, its manifest and what was checked, is of the shape that reports are made of."""

from __future__ import annotations

import string
from datetime import datetime
from typing import Any, NoReturn

from cadre_sim.scenario.scenario import Scenario
from cadre_sim.units import MOST_SEED

MOST_CELLS = 2**27
"""Largest table: a small file of Parquet can be gigabytes once it is read."""
MOST = 1e15
"""Largest number: sums of a table are still numbers."""
MOST_TEXT = 10_000
"""Longest text."""
_PASSED = {"cut", "freed", "low", "high", "share", "to_service"}


def check_manifest(found: dict[str, Any]) -> None:
    """See that a manifest says of what a result is, and how it came about.

    Raises:
        ValueError: it does not; other errors of a mapping that has other entries may come too.
    """
    seed, replicates, scenarios = found["seed"], found["replicates"], found["scenarios"]
    if not (_is_whole(seed) and 0 <= seed <= MOST_SEED and _is_whole(replicates) and 1 <= replicates <= MOST_CELLS):
        raise ValueError("seed or replicates are none")
    texts = [found["cadre_sim"], found["platform"]["system"], *found["command"], *found["versions"].values()]
    if not all(isinstance(text, str) and len(text) <= MOST_TEXT for text in texts):
        raise ValueError("it does not say with what the result was made")
    if not isinstance(found["command"], list) or not isinstance(scenarios, dict):
        raise ValueError("command or scenarios are none")
    datetime.fromisoformat(found["times"]["finished"])


def check_checks(each: Any, number: int, scenario: Scenario, *, is_run: bool) -> None:
    """See that an entry of ``checks.json`` is of a scenario.

    Args:
        each: the entry.
        number: of the scenario, from 1.
        scenario: the scenario.
        is_run: whether it was compared with nothing.

    Raises:
        ValueError: it is not.
    """
    wanted = {"scenario", "idle"}
    if not is_run:
        wanted |= {"identical_days_before_reform", "nothing_can_change", "pass_through"}
    if not isinstance(each, dict) or set(each) != wanted or each["scenario"] != number:
        raise ValueError(f"entry {number} is not that of a scenario")
    if not isinstance(each["idle"], list):
        raise ValueError("idle reforms are no list")
    for idle in each["idle"]:
        _check_idle(idle, scenario)
    if is_run:
        return
    identical, passed = each["identical_days_before_reform"], each["pass_through"]
    if not isinstance(each["nothing_can_change"], bool) or not (
        identical is None or (_is_whole(identical) and 0 <= identical <= 10**6)
    ):
        raise ValueError("what was checked is not told")
    if passed is None:
        return
    fine = isinstance(passed, dict) and set(passed) == _PASSED
    if not fine or not all(value is None or _is_number(value) for value in passed.values()):
        raise ValueError("what the cuts are worth is not told")
    low, high = passed["low"], passed["high"]
    if (low is None) != (high is None) or (passed["share"] is not None and None in (passed["cut"], passed["freed"])):
        raise ValueError("what the cuts are worth is told by half")


def _check_idle(idle: Any, scenario: Scenario) -> None:
    """See that a reason is a sentence: a place in it that names more than a value would do what it says."""
    if not isinstance(idle, dict) or set(idle) != {"name", "text", "values"} or idle["name"] not in scenario.reforms:
        raise ValueError("an idle reform is none of its scenario")
    values = idle["values"]
    if not isinstance(values, dict) or not all(isinstance(v, str | int | float) for v in values.values()):
        raise ValueError("the reason of an idle reform has no values")
    places = [(name, how, kind) for _, name, how, kind in string.Formatter().parse(idle["text"]) if name is not None]
    if any(name not in values or how or kind for name, how, kind in places):
        raise ValueError("the reason of an idle reform is no sentence")


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: Any) -> bool:
    return (_is_whole(value) or isinstance(value, float)) and abs(value) <= MOST


def no_number(text: str) -> NoReturn:
    """Refuse what JSON does not have and Python reads: not a number, and infinite ones."""
    raise ValueError(f"{text} is no number")
