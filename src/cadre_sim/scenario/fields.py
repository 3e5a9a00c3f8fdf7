"""How a parameter is declared: once, with default, unit, ranges, kind and source.

Every number of a scenario is a field made by :func:`quantity`. The declaration drives the check of a file, the JSON
Schema, ``cadre-sim list parameters`` and, in sensitivity analyses, the range that is swept.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

Kind = Literal["D", "I", "A"]
"""``D`` anchored in published figures, ``I`` inferred by combining several, ``A`` assumption without a source."""


class Section(BaseModel):
    """Base of every part of a scenario: immutable, and closed to keys that it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, populate_by_name=True, strict=False)


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
