"""Chinese says everything that English says: no message lacks a translation, none loses what it is filled with."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from typing import Any

import pytest

from cadre_sim import figures
from cadre_sim.comparison.compare import Comparison
from cadre_sim.comparison.replicate import RunSet
from cadre_sim.errors import UnknownNameError
from cadre_sim.language import Language, _catalogue, language
from cadre_sim.report.page import report

TOOL = runpy.run_path(str(Path(__file__).parents[1] / "tools" / "messages.py"))
CATALOGUE = _catalogue("zh")
assert CATALOGUE is not None


def test_every_message_of_code_parameters_and_scenarios_has_a_translation() -> None:
    """If this fails, run `make messages` and translate what it names."""
    messages = TOOL["messages"]()
    assert len(messages) > 400
    assert [m for m in messages if not (CATALOGUE.get(m) and CATALOGUE.get(m).string)] == []
    assert [str(m.id) for m in CATALOGUE if m.id and m.id not in messages] == [], "the code no longer says this"


def test_a_translation_is_filled_with_what_its_message_is_filled_with() -> None:
    def places(text: Any) -> set[str]:
        return set(re.findall(r"{(\w+)}", str(text)))

    assert [m.id for m in CATALOGUE if places(m.id) != places(m.string)] == []


def test_a_report_in_chinese_says_nothing_that_has_no_translation(
    tiny_comparison: Comparison, tiny_runs: RunSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the search for messages in the code cannot see (a name that is put together, say) is heard here."""
    said: set[str] = set()
    speak = Language.__call__

    def hear(self: Language, message: str, /, **values: Any) -> str:
        said.add(message)
        return speak(self, message, **values)

    monkeypatch.setattr(Language, "__call__", hear)
    for source in (tiny_comparison, tiny_runs):
        report(source, language_name="zh")
    own = {tiny_runs.scenario.title, tiny_runs.scenario.question, *tiny_comparison_counties(tiny_comparison), "", "%"}
    unknown = {m for m in said - own if m not in CATALOGUE}
    assert unknown == set()
    assert len(said) > 100


def tiny_comparison_counties(comparison: Comparison) -> list[str]:
    return [county.name for county in comparison.arms[0].arm.reform.place.counties]


@pytest.mark.parametrize(
    ("value", "digits", "sign", "said"),
    [
        (4.537, 2, True, "+4.54"),
        (-4.537, 2, True, "−4.54"),
        (-0.004, 2, True, "0.00"),
        (1234567.0, 0, False, "1,234,567"),
        (float("nan"), 1, True, "–"),
    ],
)
def test_numbers_are_said_with_their_sign_and_nothing_has_none(
    value: float, digits: int, sign: bool, said: str
) -> None:
    assert language("en").number(value, digits, sign=sign) == said


def test_a_language_that_is_not_there_is_refused(tiny_runs: RunSet) -> None:
    with pytest.raises(UnknownNameError, match="unknown name 'zn'; allowed: en, zh"):
        figures.hours(tiny_runs, language="zn")


def test_a_name_in_braces_is_a_name() -> None:
    assert language("zh")("A {county}") == "A {county}"
    assert language("zh")("{title}, without its reforms", title="{A}") == "{A}（无改革）"
