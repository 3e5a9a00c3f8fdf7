"""What the models declare at a place of a scenario: which keys are allowed there and in which unit its value is."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Collection, Iterator, Mapping
from typing import Annotated, Any, NamedTuple, Self, get_args, get_origin

from pydantic import BaseModel, SerializeAsAny
from pydantic.fields import FieldInfo

_OPEN: Any = SerializeAsAny  # to type checkers it is no class


class Declared(NamedTuple):
    """All that may stand at one place.

    Attributes:
        kinds: the types of a value there; several where the declaration is a union.
        fields: the fields that declare it; none for an item of a list or a mapping.
    """

    kinds: tuple[Any, ...]
    fields: tuple[FieldInfo, ...] = ()

    @classmethod
    def of(cls, annotation: Any, *fields: FieldInfo) -> Self:
        """What a type annotation declares."""
        kinds, inner = _unwrapped(annotation)
        return cls(tuple(kinds), (*fields, *inner))

    def names(self) -> tuple[str, ...]:
        """The keys that a mapping there may have, as files spell them."""
        return tuple(dict.fromkeys(field.alias or name for name, field in self._all_fields()))

    def unit(self) -> str:
        """The unit as it is added to a number, `` [h]``; empty where there is none or the number is pure."""
        extras = (field.json_schema_extra for field in self.fields)
        units = [extra["unit"] for extra in extras if isinstance(extra, dict) and "unit" in extra]
        return f" [{units[0]}]" if units and units[0] != "1" else ""

    def inside(self, key: str | int) -> Declared:
        """What is declared for the value under ``key``."""
        parts = [part for kind in self.kinds for part in _parts(kind, key)]
        return Declared(
            tuple(kind for part in parts for kind in part.kinds),
            tuple(field for part in parts for field in part.fields),
        )

    def has_tag(self, name: str | int) -> bool:
        """Whether ``name`` tells members of a union there apart."""
        return len(self.kinds) > 1 and any(_answers_to(kind, name) for kind in self.kinds)

    def narrowed(self, name: str | int) -> Declared:
        """Only the members of the union that ``name`` tells; all of them where it tells none."""
        kinds = tuple(kind for kind in self.kinds if _answers_to(kind, name))
        return self._replace(kinds=kinds) if kinds else self

    def _all_fields(self) -> Iterator[tuple[str, FieldInfo]]:
        for kind in self.kinds:
            if _is_model(kind):
                yield from kind.model_fields.items()


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _unwrapped(annotation: Any) -> tuple[list[Any], list[FieldInfo]]:
    """The members of a union, without ``Annotated`` around them, and the fields that ``Annotated`` held."""
    if get_origin(annotation) is Annotated:
        inner, *notes = get_args(annotation)
        kinds, fields = _unwrapped(inner)
        if any(isinstance(note, _OPEN) for note in notes):  # how a model says that a subclass may stand here
            kinds = [each for kind in kinds for each in _family(kind)]
        return kinds, [*(note for note in notes if isinstance(note, FieldInfo)), *fields]
    if get_origin(annotation) in (typing.Union, types.UnionType):
        members = [_unwrapped(member) for member in get_args(annotation)]
        return [kind for kinds, _ in members for kind in kinds], [field for _, fields in members for field in fields]
    return [annotation], []


def _family(kind: Any) -> list[Any]:
    return [kind, *(each for child in kind.__subclasses__() for each in _family(child))] if _is_model(kind) else [kind]


def _parts(kind: Any, key: str | int) -> Iterator[Declared]:
    """What one type declares for the value under ``key``."""
    if _is_model(kind):
        for name, field in kind.model_fields.items():
            if key in (name, field.alias):
                yield Declared.of(field.annotation, field)
        return
    origin, arguments = get_origin(kind), get_args(kind)
    if not isinstance(origin, type) or not arguments:
        return
    if issubclass(origin, Mapping):
        yield Declared.of(arguments[-1])
    elif issubclass(origin, Collection):
        several = isinstance(key, int) and key < len(arguments) and arguments[-1] is not Ellipsis
        yield Declared.of(arguments[int(key)] if several else arguments[0])


def _answers_to(kind: Any, name: str | int) -> bool:
    """Whether a member of a union is called ``name``: by its class, its ``key`` or a value of a literal field.

    Pydantic may put the class among other words, as in ``function-after[check(), Period]``.
    """
    if not _is_model(kind) or not isinstance(name, str | int):
        return False
    literals = (each.annotation for each in kind.model_fields.values() if get_origin(each.annotation) is typing.Literal)
    tags = {getattr(kind, "key", None), *(tag for literal in literals for tag in get_args(literal))}
    return name in tags or kind.__name__ in re.split(r"\W+", str(name))
