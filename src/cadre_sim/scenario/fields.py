"""How a parameter is declared: once, with default, unit, ranges, kind and source.

Every number of a scenario is a field made by :func:`quantity`. The declaration drives the check of a file, the JSON
Schema, ``cadre-sim list parameters`` and, in sensitivity analyses, the range that is swept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.fields import FieldInfo

Kind = Literal["D", "I", "A"]
"""``D`` anchored in published figures, ``I`` inferred by combining several, ``A`` assumption without a source."""


class Section(BaseModel):
    """Base of every part of a scenario: immutable, and closed to keys that it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, populate_by_name=True, strict=False)

    @model_validator(mode="before")
    @classmethod
    def _of_their_own_sort(cls, data: Any) -> Any:
        """Refuse what would be taken for something else without a word: true for 1, 86400 for 2 January 1970."""
        if not isinstance(data, dict):
            return data
        wrong = {
            name: _marked(data[name], sort)
            for name, sort in _sorts_of(cls)
            if name in data and _is_mistaken(data[name], sort)
        }
        return {**data, **wrong} if wrong else data


class _Mistaken:
    """Stands for a value of another sort: nothing that pydantic could turn into what is asked for."""

    def __init__(self, value: object) -> None:
        self._value = value

    def __repr__(self) -> str:
        return str(self._value).lower() if isinstance(self._value, bool) else repr(self._value)


_DATE = re.compile(r"\d{4}-\d\d-\d\d([T ].*)?")


def _is_mistaken(value: Any, sort: str) -> bool:
    if isinstance(value, bool):
        return True
    if isinstance(value, float | int):
        return sort == "date"
    if isinstance(value, str):
        return sort == "date" and not _DATE.fullmatch(value)
    if isinstance(value, list | tuple):
        return any(_is_mistaken(each, sort) for each in value)
    return isinstance(value, dict) and any(_is_mistaken(each, sort) for each in value.values())


def _marked(value: Any, sort: str) -> Any:
    if isinstance(value, list | tuple):
        return [_marked(each, sort) for each in value]
    if isinstance(value, dict):
        return {key: _marked(each, sort) for key, each in value.items()}
    return _Mistaken(value) if _is_mistaken(value, sort) else value


@cache
def _sorts_of(section: type[Section]) -> tuple[tuple[str, str], ...]:
    """Fields of numbers and of dates, in lists too, by each name that a file may have for them, with the sort."""
    found: list[tuple[str, str]] = []
    for name, field in section.model_fields.items():
        kinds = set(_kinds(field.annotation)) - {type(None), str}
        sort = "date" if kinds == {date} else "number" if kinds and kinds <= {int, float} else None
        if sort is not None:
            found += [(each, sort) for each in dict.fromkeys((name, field.alias or name))]
    return tuple(found)


def _kinds(annotation: Any) -> Iterator[Any]:
    if get_origin(annotation) in (None, Literal):
        yield annotation
    elif get_origin(annotation) is Annotated:
        yield from _kinds(get_args(annotation)[0])
    else:
        yield from (kind for inner in get_args(annotation) if inner is not Ellipsis for kind in _kinds(inner))


def quantity(
    default: Any,
    unit: str,
    *,
    low: float,
    high: float,
    kind: Kind,
    meaning: str,
    source: tuple[str, ...] = (),
    least: float = 0.0,
    most: float | None = None,
) -> Any:
    """Declare a numeric parameter.

    Args:
        default: value where a scenario says nothing, in ``unit``.
        unit: unit of the value, as printed ("h", "working days", "1" for a pure number).
        low: lower end of the plausible range; sweeps draw from ``low`` to ``high``.
        high: upper end of the plausible range.
        kind: how well the default is founded, see :data:`Kind`.
        meaning: one sentence for the reader of a scenario file.
        source: ids of rows in the evidence table (``data/evidence.csv``) that the default rests on.
        least: smallest value that a file may give.
        most: largest value that a file may give; None where there is no natural limit.
    """
    return Field(
        default,
        description=f"{meaning} [{unit}]",
        json_schema_extra={
            "unit": unit,
            "plausible": [low, high],
            "evidence_kind": kind,
            "source": list(source),
        },
        ge=least,
        le=most,
    )


def unit_of(field: FieldInfo) -> str | None:
    """The unit of a parameter; None for a field that :func:`quantity` did not make."""
    extra = field.json_schema_extra
    return str(extra["unit"]) if isinstance(extra, dict) and "unit" in extra else None


def meaning_of(field: FieldInfo) -> str:
    """What a field means, without the unit that :func:`quantity` adds."""
    text = field.description or ""
    return text if unit_of(field) is None else text.rsplit(" [", 1)[0]
