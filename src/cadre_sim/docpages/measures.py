"""Pages on the measures, one each, made from their declarations."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from typing import Any, NamedTuple, get_args

from pydantic.fields import FieldInfo

from cadre_sim.docpages.markdown import KINDS, documented, number, table
from cadre_sim.language import languages
from cadre_sim.reforms.policy import NEUTRAL
from cadre_sim.scenario.listing import Parameter, parameters
from cadre_sim.scenario.measures import Effect, Measure, measure_name, measures

FIRST_DAY = "2025-01-01"
_HOW = {"scale": "multiplied by", "cap": "at most", "set": "set to"}
_PARAMETERS = ("parameter", "default", "unit", "plausible", "kind", "source", "meaning")


class ArticleRow(NamedTuple):
    """A row of the article: what was done, and the figure that it gives, if any."""

    what: str
    figure: str


def article() -> dict[int, ArticleRow]:
    """The ten rows of the article by number, as ``data/article.csv`` has them."""
    with files("cadre_sim.data").joinpath("article.csv").open(encoding="utf-8") as file:
        return {int(row["row"]): ArticleRow(row["what"], row["figure"]) for row in csv.DictReader(file)}


def pages() -> dict[str, str]:
    """All pages by file name: one for each measure of the package, and ``index.md``."""
    own = {key: m for key, m in measures().items() if m.__module__.startswith("cadre_sim.reforms.")}
    found = {f"{key}.md": page(measure) for key, measure in own.items()}
    found["index.md"] = _index(own.values())
    return found


def page(measure: type[Measure]) -> str:
    """The page of a measure, as Markdown."""
    summary, body = documented(measure)
    sections = [
        f"# {measure.key}",
        " · ".join(f"**{name}**" for name in _names(measure)),
        summary,
        *(["## How it acts", body] if body else []),
        "## What it changes",
        *_changes(measure),
        "## Its place in the article",
        _place(measure),
        "## Parameters",
        *_parameters(measure),
        "## To switch it on alone",
        _example(measure),
        "[All measures](index.md)",
    ]
    return "\n\n".join(sections) + "\n"


def _index(chosen: Iterable[type[Measure]]) -> str:
    rows = [
        (f"[{m.key}]({m.key}.md)", *_names(m), "" if m.row is None else str(m.row), documented(m)[0]) for m in chosen
    ]
    told = (
        "Reforms that a scenario can switch on, shape, schedule and scope. Each page is made from the declaration of "
        "its measure by `make generated`; `cadre-sim list measures` prints the same in short."
    )
    head = ("measure", *(language.own_name for language in languages().values()), "row of the article", "what it is")
    return "\n\n".join(["# Measures", told, table(head, rows)]) + "\n"


def _names(measure: type[Measure]) -> list[str]:
    """What it is called in reports, figures and the explorer, in every language."""
    return [measure_name(measure.key, language) for language in languages().values()]


def _at_defaults(measure: type[Measure]) -> Measure:
    return measure.model_validate({"from": FIRST_DAY})


def _changes(measure: type[Measure]) -> Iterator[str]:
    yield from (part for part in documented(measure.effects) if part)
    at_defaults = _at_defaults(measure)
    effects = at_defaults.effects()
    if effects:
        yield "At full strength and default parameters:"
        yield table(("knob of the Policy table", "without the measure", "with it"), map(_turned, effects))
    people = at_defaults.people()
    if people is not None:
        yield f"At full strength and default parameters it sends {people.number:,} people."


def _turned(effect: Effect) -> tuple[str, str, str]:
    neutral = NEUTRAL[effect.knob]
    usual = "no limit" if neutral == float("inf") else number(neutral)
    return f"`{effect.knob}`", usual, f"{_HOW[effect.how]} {number(effect.value)}"


def _place(measure: type[Measure]) -> str:
    if measure.row is None:
        return "It stands in no row of the article."
    row = article()[measure.row]
    figure = f" Figure: {row.figure}." if row.figure else " The article gives no figure."
    return f"Row {measure.row}. {row.what}.{figure}"


def _parameters(measure: type[Measure]) -> Iterator[str]:
    numbers = {p.path: p for p in parameters()}
    own = [name for name in measure.model_fields if name not in Measure.model_fields]
    if own:
        yield table(_PARAMETERS, [_declared(measure, name, numbers) for name in own])
        yield "Every measure also has:"
    yield table(_PARAMETERS, [_declared(measure, name, numbers) for name in Measure.model_fields])
    yield KINDS


def _declared(measure: type[Measure], name: str, numbers: Mapping[str, Parameter]) -> tuple[str, ...]:
    """A row on a parameter; for one that is no number, its values in place of its unit."""
    field = measure.model_fields[name]
    name = field.alias or name
    declared = numbers.get(f"reforms.{measure.key}.{name}")
    if declared is None:
        values = ", ".join(f"`{a}`" for a in get_args(field.annotation) if isinstance(a, str))
        return f"`{name}`", _default(field), values, "", "", "", field.description or ""
    plausible = f"{number(declared.low)} to {number(declared.high)}"
    source = ", ".join(f"`{s}`" for s in declared.source)
    return f"`{name}`", _default(field), declared.unit, plausible, declared.kind, source, declared.meaning


def _default(field: FieldInfo) -> str:
    default: Any = field.default
    if field.is_required():
        return "must be given"
    if default is None or default == ():
        return ""
    return f"`{default}`" if isinstance(default, str) else number(default)


def _example(measure: type[Measure]) -> str:
    lines = (
        "```yaml",
        "extends: scenarios/hengyang-before.yaml",
        f"title: Hengyang with {measure.key} alone",
        "reforms:",
        f"  {measure.key}:",
        f"    from: {FIRST_DAY}",
        "```",
    )
    return "\n".join(lines)
