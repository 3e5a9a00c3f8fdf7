"""The page on every key of a scenario file: what it means, its default, unit, plausible range and source."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from cadre_sim.docpages.markdown import KINDS, documented, number, table
from cadre_sim.scenario.listing import parameters
from cadre_sim.scenario.measures import Measure
from cadre_sim.scenario.scenario import Scenario

_HEAD = ("key", "default", "unit", "meaning", "plausible", "kind", "source")
_UNIT = re.compile(r"(.*) \[([^\]]+)\]")


class Part(NamedTuple):
    """A section of a scenario: its path (``*`` for any name, ``[]`` for an item of a list) and what declares it."""

    path: str
    model: type[BaseModel]


def anchor(path: str) -> str:
    """The name of a section within the page, as MkDocs makes it of its heading."""
    return re.sub(r"[^\w-]", "", path.lower())


def keys_page() -> str:
    """The page, as Markdown."""
    kinds = Counter(p.kind for p in parameters())
    counted = ", ".join(f"{kinds[kind]} of kind `{kind}`" for kind in ("D", "I", "A"))
    texts = [
        "# Keys of a scenario",
        "Every key that a scenario file may have. What it does not say has the default. The page is made from the "
        "declarations by `make generated`; `cadre-sim list parameters` prints the numbers among them.",
        f"{KINDS} Of {kinds.total()} numbers, measures included, {counted}.",
        "`*` stands for a name of your choice, `[]` for each item of a list. A file may also say `extends`: the "
        "scenario file that it is laid over, or the bare name of one that comes with the package. Reforms have "
        "[pages of their own](../measures/index.md).",
    ]
    for part in parts():
        texts += _section(part)
    return "\n\n".join(texts) + "\n"


def parts() -> Iterator[Part]:
    """All sections of a scenario, each before those inside it."""
    yield from _parts(Part("", Scenario))


def _parts(part: Part) -> Iterator[Part]:
    yield part
    for name, field in part.model.model_fields.items():
        for suffix, inner in inner_models(field.annotation):
            if not issubclass(inner, Measure):
                yield from _parts(Part(_below(part.path, field.alias or name) + suffix, inner))


def inner_models(annotation: Any) -> Iterator[tuple[str, type[BaseModel]]]:
    """The sections that a field holds, with what stands behind its name in a path."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield "", annotation
        return
    origin = get_origin(annotation)
    mark = ".*" if origin is dict else "[]" if origin is tuple else ""
    for inner in get_args(annotation):
        for suffix, model in inner_models(inner):
            yield mark + suffix, model


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _section(part: Part) -> Iterator[str]:
    depth = "##" + "#" * part.path.removesuffix(".*").replace(".*.", ".").count(".")
    yield f"{depth} `{part.path}`" if part.path else "## At the top"
    summary, body = documented(part.model)
    if part.path:
        yield " ".join(filter(None, (summary, body)))
    yield _filled([_HEAD, *(_row(part, name, field) for name, field in part.model.model_fields.items())])


def _filled(rows: list[tuple[str, ...]]) -> str:
    """A table without the columns in which nothing stands."""
    head, *rest = zip(*(column for column in zip(*rows, strict=True) if any(column[1:])), strict=True)
    return table(head, rest)


def _row(part: Part, name: str, field: FieldInfo) -> tuple[str, ...]:
    key = field.alias or name
    extra = field.json_schema_extra
    if isinstance(extra, dict) and "unit" in extra:
        return _number_row(key, field, extra)
    inner = list(inner_models(field.annotation))
    if inner:
        suffix, model = inner[0]
        path = _below(part.path, key) + suffix
        link = "../measures/index.md" if issubclass(model, Measure) else f"#{anchor(path)}"
        meaning = field.description or documented(model)[0]
        return f"[`{key}`]({link})", "", "", meaning, "", "", ""
    described = _UNIT.fullmatch(field.description or "")
    meaning, unit = described.groups() if described else (field.description or "", "")
    return f"`{key}`", _default(field), unit, meaning + _values(field.annotation), "", "", ""


def _number_row(key: str, field: FieldInfo, extra: Mapping[str, Any]) -> tuple[str, ...]:
    low, high = extra["plausible"]
    sources = ", ".join(f"[`{s}`](evidence.md#{anchor(s)})" for s in extra["source"])
    plausible = f"{number(low)} to {number(high)}"
    meaning = (field.description or "").rsplit(" [", 1)[0]
    return f"`{key}`", _default(field), extra["unit"], meaning, plausible, extra["evidence_kind"], sources


def _values(annotation: Any) -> str:
    """What a key takes that takes a few words only."""
    if get_origin(annotation) is not Literal or any(isinstance(a, bool) for a in get_args(annotation)):
        return ""
    return f" ({', '.join(f'`{a}`' for a in get_args(annotation))})"


def _default(field: FieldInfo) -> str:
    default = field.default
    if field.is_required():
        return "must be given"
    if default is None or default is PydanticUndefined or default == () or default == "":
        return ""
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    return number(default) if isinstance(default, int | float) else f"`{default}`"
