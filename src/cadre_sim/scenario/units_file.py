"""The file of a units table: read when a scenario names it, and held from then on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, InstanceOf, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from cadre_sim.errors import InputError, UnreadableError
from cadre_sim.inputs import HeldFile, hold

MOST_BYTES = 200 * 2**20


def hold_units(path: str | Path) -> HeldFile:
    """Read the file of a units table.

    Raises:
        InputError: it is missing, larger than 200 MiB, or cannot be read.
    """
    try:
        return hold(path, MOST_BYTES)
    except UnreadableError as error:
        raise InputError(f"{path}: units table: {error.reason}") from None


def _read(value: object) -> object:
    if not isinstance(value, str):
        return value
    if not value:
        raise PydanticCustomError("units", "must be the name of a file (got '')")
    try:
        return hold_units(value)
    except InputError as error:
        raise PydanticCustomError("units", "{text}", {"text": str(error)}) from None


def _name(value: Any) -> Any:
    return value.name if isinstance(value, HeldFile) else value


UnitsFile = Annotated[
    InstanceOf[HeldFile],
    BeforeValidator(_read),
    PlainSerializer(_name, return_type=str),
    WithJsonSchema({"type": "string"}),
]
"""A file that is named by a path, as YAML has it, and is a :class:`~cadre_sim.inputs.HeldFile` from then on."""
