"""Bring the catalogues of languages up to what the code says: a part of ``make generated``.

New messages are added without a translation, those that are gone are dropped; what is translated stays, and so does the
header. What a measure translates itself needs no place in a catalogue. It ends with an error where a translation is
missing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment
from jinja2.ext import extract_from_ast

from cadre_sim.experiments.planning import load_experiment
from cadre_sim.labels.names import bare_title
from cadre_sim.language import Language, added_messages, languages
from cadre_sim.scenario.listing import parameters
from cadre_sim.scenario.loading import load_arm
from cadre_sim.scenario.measures import measures

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "cadre_sim"
KEYWORDS = {"say": None, "mark": None}


def messages() -> dict[str, str]:
    """Every message, with where it comes from: code, template, parameters, scenarios and experiments."""
    found: dict[str, str] = {}
    for place, message in (*_of_code(), *_of_measures(), *_of_parameters(), *_of_scenarios(), *_of_experiments()):
        if message:
            found.setdefault(message, place)
    return found


def _of_code() -> Iterator[tuple[str, str]]:
    for path in sorted(SOURCE.rglob("*.py")):
        for _, message, *_ in extract_from_file("python", path, keywords=KEYWORDS):
            yield path.relative_to(SOURCE).as_posix(), message
    for path in sorted((SOURCE / "report").glob("*.jinja")):
        tree = Environment().parse(path.read_text(encoding="utf-8"))
        for _, _, message in extract_from_ast(tree, ["say"]):
            yield path.relative_to(SOURCE).as_posix(), message if isinstance(message, str) else message[0]


def _of_measures() -> Iterator[tuple[str, str]]:
    for key, measure in measures().items():
        yield f"label of the measure {key}", measure.label


def _of_parameters() -> Iterator[tuple[str, str]]:
    for parameter in parameters():
        # The report tells what was assumed; the explorer shows every number of every measure.
        if parameter.kind == "A" or parameter.path.startswith("reforms."):
            yield "meaning of a parameter", parameter.meaning
            yield "unit of a parameter", parameter.unit


def _of_scenarios() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "scenarios").glob("*.yaml")):
        for part in load_arm(path):
            yield path.name, bare_title(part.title)[0]
            yield path.name, part.question or ""
            for figure in part.article:
                yield path.name, figure.text
            for county in part.place.counties:
                if county.number == 1:
                    yield path.name, county.name


def _of_experiments() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "experiments").glob("*.yaml")):
        plan = load_experiment(path)
        yield path.name, plan.experiment.title
        yield path.name, plan.experiment.question
        yield from ((path.name, factor.name) for factor in plan.factors if factor.sort == "switch")


def needed(language: Language) -> dict[str, str]:
    """Every message that the catalogue of a language must have."""
    return {m: place for m, place in messages().items() if m not in added_messages(language.name)}


def catalogue(language: Language) -> tuple[str, list[str]]:
    """The catalogue of a language as it should be, and the messages that it does not translate."""
    path = language.source
    assert path is not None
    header = path.read_text(encoding="utf-8").split("\n\n", 1)[0]
    with path.open("rb") as file:
        before = read_po(file, locale=language.locale_name)
    found = Catalog(locale=language.locale_name, charset="utf-8", fuzzy=False)
    missing = []
    for message, place in needed(language).items():
        known = before.get(message)
        text = str(known.string) if known is not None and known.string else ""
        found.add(message, text, auto_comments=[place], flags=["python-brace-format"] if "{" in message else [])
        if not text:
            missing.append(message)
    body = BytesIO()
    write_po(body, found, width=120, omit_header=True)
    return f"{header}\n\n{body.getvalue().decode()}", missing


def main() -> None:
    """Write all catalogues anew."""
    told = []
    for language in languages().values():
        if language.source is not None:
            text, missing = catalogue(language)
            language.source.write_text(text, encoding="utf-8")
            told += [f"{language.source}: {len(missing)} messages have no translation:", *missing] if missing else []
    if told:
        sys.exit("\n".join(told))


if __name__ == "__main__":
    main()
