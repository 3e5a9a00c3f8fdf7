"""A language is a catalogue: what is in it is said in figures and reports, filled with what it is to be filled with."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po

from cadre_sim import figures
from cadre_sim.comparison.compare import Comparison
from cadre_sim.comparison.replicate import RunSet
from cadre_sim.errors import InputError, UnknownNameError
from cadre_sim.language import FOLDER_VARIABLE, Language, added_messages, language, languages
from cadre_sim.report.page import report
from cadre_sim.scenario.measures import Measure, measures

measures()  # they bring translations of their own
TRANSLATED = {
    say.name: {str(m.id): str(m.string) for m in read_po(BytesIO(say.source.read_bytes())) if m.id}
    | dict(added_messages(say.name))
    for say in languages().values()
    if say.source is not None
}
"""What each language but English says, by message."""


def test_a_translation_is_filled_with_what_its_message_is_filled_with() -> None:
    def places(text: str) -> set[str]:
        return set(re.findall(r"{(\w+)}", text))

    for translated in TRANSLATED.values():
        assert len(translated) > 400
        assert [m for m, text in translated.items() if places(m) != places(text)] == []


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
    unknown = {m for m in said - own if m not in TRANSLATED["zh"]}
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
    assert language("zh")("{title}, without its reforms", title="{A}") == "{A}（未实施改革）"


FRENCH = """\
msgid ""
msgstr ""
"Language: fr\\n"
"Content-Type: text/plain; charset=utf-8\\n"

msgid "with reform"
msgstr "avec la réforme"

msgid "The answer in short"
msgstr "En bref"

msgid "service to residents"
msgstr "service aux habitants"
"""


@pytest.fixture
def catalogues(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of further catalogues."""
    folder = tmp_path / "catalogues"
    folder.mkdir()
    monkeypatch.setenv(FOLDER_VARIABLE, str(folder))
    return folder


def test_adding_a_language_is_adding_a_catalogue(catalogues: Path, tiny_comparison: Comparison, tmp_path: Path) -> None:
    """Nothing but the file: figures and reports speak it, dates are those of its locale, the command line knows it."""
    (catalogues / "fr.po").write_text(FRENCH, encoding="utf-8")
    assert {name: each.own_name for name, each in languages().items()} == {
        "en": "English", "zh": "中文", "fr": "français",
    }  # fmt: skip
    without, with_reform = figures.hours(tiny_comparison, language="fr")
    assert (without.get_title("left"), with_reform.get_title("left")) == ("without reform", "avec la réforme")
    months = [label.get_text() for label in figures.minds(tiny_comparison, language="fr")[0].get_yticklabels()]
    assert "févr. 2025" in months
    page = report(tiny_comparison, language_name="fr")
    assert '<html lang="fr">' in page
    assert "<h2>En bref</h2>" in page
    assert "<dt>service aux habitants</dt>" in page
    assert "1 janvier 2025" in page


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (FRENCH.replace("Language: fr", "Langue: fr"), "fr.po: the header of a catalogue must name its locale"),
        (FRENCH.replace("Language: fr", "Language: zz"), "fr.po: unknown locale 'zz'"),
        (FRENCH.replace("Language: fr", "Language: zh"), "fr.po: there is a language 'zh' already"),
    ],
)
def test_a_catalogue_that_is_wrong_is_told(catalogues: Path, text: str, told: str) -> None:
    (catalogues / "fr.po").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=told):
        language("fr")


def test_a_folder_of_catalogues_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, "nowhere")
    with pytest.raises(InputError, match="CADRE_SIM_LANGUAGES: no folder 'nowhere'"):
        language("zh")


def test_a_measure_may_not_translate_what_it_does_not_have(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Measure, "registry", dict(Measure.registry))
    with pytest.raises(InputError, match=r"Odd\.translations\['zh'\]: unknown name 'lable', did you mean 'label'\?"):
        type("Odd", (Measure,), {"key": "odd", "translations": {"zh": {"lable": "怪"}}})
