"""Pages on the measures, one each, made from their declarations: ``python -m cadre_sim.report.measures FOLDER``."""

from __future__ import annotations

import csv
import inspect
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple, get_args

from pydantic.fields import FieldInfo

from cadre_sim.reforms.policy import NEUTRAL
from cadre_sim.scenario.listing import Parameter, parameters
from cadre_sim.scenario.measures import Effect, Measure, measures

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
    summary, body = _documented(measure)
    sections = [
        f"# {measure.key}",
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


def write(folder: Path) -> None:
    """Write all pages to a folder, each beside its place first, so that no reader finds half a page."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        beside = folder / f".{name}.tmp"
        beside.write_text(text, encoding="utf-8")
        os.replace(beside, folder / name)


def _index(chosen: Iterable[type[Measure]]) -> str:
    rows = [(f"[{m.key}]({m.key}.md)", "" if m.row is None else str(m.row), _documented(m)[0]) for m in chosen]
    told = (
        "Reforms that a scenario can switch on, shape, schedule and scope. Each page is made from the declaration of "
        "its measure by `make measures`; `cadre-sim list measures` prints the same in short."
    )
    return "\n\n".join(["# Measures", told, _table(("measure", "row of the article", "what it is"), rows)]) + "\n"


def _documented(thing: object) -> tuple[str, str]:
    """First paragraph of a docstring on one line, and the rest."""
    summary, _, body = (inspect.getdoc(thing) or "").replace("``", "`").partition("\n\n")
    return " ".join(summary.split()), "\n\n".join(" ".join(part.split()) for part in body.split("\n\n"))


def _at_defaults(measure: type[Measure]) -> Measure:
    return measure.model_validate({"from": FIRST_DAY})


def _changes(measure: type[Measure]) -> Iterator[str]:
    yield from (part for part in _documented(measure.effects) if part)
    at_defaults = _at_defaults(measure)
    effects = at_defaults.effects()
    if effects:
        yield "At full strength and default parameters:"
        yield _table(("knob of the Policy table", "without the measure", "with it"), map(_turned, effects))
    people = at_defaults.people()
    if people is not None:
        yield f"At full strength and default parameters it sends {people.number:,} people."


def _turned(effect: Effect) -> tuple[str, str, str]:
    neutral = NEUTRAL[effect.knob]
    usual = "no limit" if neutral == float("inf") else _number(neutral)
    return f"`{effect.knob}`", usual, f"{_HOW[effect.how]} {_number(effect.value)}"


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
        yield _table(_PARAMETERS, [_declared(measure, name, numbers) for name in own])
        yield "Every measure also has:"
    yield _table(_PARAMETERS, [_declared(measure, name, numbers) for name in Measure.model_fields])
    yield (
        "Kinds: `D` anchored in published figures, `I` inferred from several, `A` assumed. Sources are rows of "
        "`src/cadre_sim/data/evidence.csv`."
    )


def _declared(measure: type[Measure], name: str, numbers: Mapping[str, Parameter]) -> tuple[str, ...]:
    """A row on a parameter; for one that is no number, its values in place of its unit."""
    field = measure.model_fields[name]
    name = field.alias or name
    number = numbers.get(f"reforms.{measure.key}.{name}")
    if number is None:
        values = ", ".join(f"`{a}`" for a in get_args(field.annotation) if isinstance(a, str))
        return f"`{name}`", _default(field), values, "", "", "", field.description or ""
    plausible = f"{_number(number.low)} to {_number(number.high)}"
    source = ", ".join(f"`{s}`" for s in number.source)
    return f"`{name}`", _default(field), number.unit, plausible, number.kind, source, number.meaning


def _default(field: FieldInfo) -> str:
    default: Any = field.default
    if field.is_required():
        return "must be given"
    if default is None or default == ():
        return ""
    return f"`{default}`" if isinstance(default, str) else _number(default)


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


def _number(value: float) -> str:
    return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m cadre_sim.report.measures FOLDER")
    write(Path(sys.argv[1]))
