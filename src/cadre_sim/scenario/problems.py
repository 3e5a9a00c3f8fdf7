"""What pydantic found wrong with a scenario, told to the person who wrote the file.

Each finding gets its line in the file and a sentence. Names that pydantic puts into a location for its own use (tags
of unions, names of validators) are not in the file and are left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from cadre_sim.errors import Problem, hint, nearest
from cadre_sim.scenario.colon import colon_hint
from cadre_sim.scenario.declared import Declared
from cadre_sim.scenario.nodes import Document, Mark, problem_at
from cadre_sim.scenario.paths import Keys

_LONGEST_SHOWN = 60
_LARGEST_PLAIN = 1e15
_KEY = "[key]"
"""What pydantic adds to a location where a key of a mapping is wrong, and not its value."""


def problems_from(error: ValidationError, document: Document, model: type[BaseModel]) -> tuple[Problem, ...]:
    """One problem for each of pydantic's errors, in its order; what is said twice in the same words is kept once.

    Args:
        error: what validation of ``document.data`` raised.
        document: the scenario that was validated.
        model: the model that it was validated against.
    """
    details = [each for each in error.errors(include_url=False) if not _is_echo(each)]
    return tuple(dict.fromkeys(_problem(each, document, model) for each in details))


def _is_echo(error: ErrorDetails) -> bool:
    """Whether a list is called too short only since pydantic leaves out its items that are wrong themselves."""
    if error["type"] != "too_short" or not isinstance(error["input"], list | tuple):
        return False
    return len(error["input"]) >= int(error["ctx"]["min_length"])


def _problem(error: ErrorDetails, document: Document, model: type[BaseModel]) -> Problem:
    place = _place(error, document.data, model)
    about_key = error["type"] == "extra_forbidden" or error["loc"][-1:] == (_KEY,)
    mark = document.key_marks.get(place.keys) if about_key else None
    prefix = "the key " if error["loc"][-1:] == (_KEY,) else ""
    return problem_at(mark or _nearest_mark(document, place.keys), place.keys, prefix + _message(error, place))


def _nearest_mark(document: Document, keys: Keys) -> Mark:
    """Where the value stands, or what it is in; a default has no place in any file."""
    ways = (keys[:length] for length in range(len(keys), -1, -1))
    return next((document.marks[way] for way in ways if way in document.marks), Mark("scenario", 0, 0))


# ---- where ----


class _Place(NamedTuple):
    """Where an error is: the way to it in the file, what is declared around it and at it."""

    keys: Keys
    around: Declared
    declared: Declared


def _place(error: ErrorDetails, data: Any, model: type[BaseModel]) -> _Place:
    """Follow pydantic's location through the data, leaving out what is not in it."""
    keys: list[str | int] = []
    around = declared = Declared.of(model)
    loc = error["loc"]
    for position, part in enumerate(loc):
        there = _is_in(data, part, declared)
        if not there and not (error["type"] == "missing" and position == len(loc) - 1):
            declared = declared.narrowed(part)
            continue
        keys.append(part)
        data = data[part] if there else None
        # A reform says which measure it is by its name, or else under `measure`.
        tag = data.get("measure", part) if isinstance(data, dict) else part
        around, declared = declared, declared.inside(part).narrowed(tag)
    extra = _extra_keys(error)
    for part in extra:
        around, declared = declared, declared.inside(part)
    return _Place((*keys, *extra), around, declared)


def _is_in(data: Any, part: str | int, declared: Declared) -> bool:
    """Whether part of a location is a key of the data, and not what a member of a union is called."""
    if isinstance(data, list):
        return isinstance(part, int) and part < len(data)
    names_a_member = part not in declared.names() and declared.has_tag(part)
    return isinstance(data, dict) and part in data and not names_a_member


def _extra_keys(error: ErrorDetails) -> Keys:
    """The rest of the way, where the error is raised for a whole section and means one value in it."""
    context = error.get("ctx", {})
    if error["type"] == "at":
        return tuple(context["path"])
    if error["type"].startswith("union_tag"):
        return (str(context["discriminator"]).strip("'"),)
    return ()


# ---- what ----


def _message(error: ErrorDetails, place: _Place) -> str:
    write = _MESSAGES.get(error["type"], _other)
    return write(error, place)


def _unknown_key(error: ErrorDetails, place: _Place) -> str:
    name = str(place.keys[-1])
    return f"unknown key {name!r}{colon_hint(name) or hint(name, place.around.names())}"


def _validators_text(error: ErrorDetails, place: _Place) -> str:
    return str(error["ctx"]["error"])


def _bound(sign: str, key: str) -> Callable[[ErrorDetails, _Place], str]:
    def write(error: ErrorDetails, place: _Place) -> str:
        return f"must be {sign} {_number(error['ctx'][key])}{place.declared.unit()} {_got(error['input'])}"

    return write


def _must_be(what: str) -> Callable[[ErrorDetails, _Place], str]:
    def write(error: ErrorDetails, place: _Place) -> str:
        return f"must be {what} {_got(error['input'])}"

    return write


def _length(words: str, key: str) -> Callable[[ErrorDetails, _Place], str]:
    def write(error: ErrorDetails, place: _Place) -> str:
        return f"must have {words} {error['ctx'][key]} items (got {error['ctx']['actual_length']})"

    return write


def _choice(error: ErrorDetails, place: _Place) -> str:
    context = error["ctx"]
    listed = str(context.get("expected", context.get("expected_tags")))
    names = re.findall(r"'([^']*)'", listed) or re.split(", | or ", listed)
    given = context.get("tag", error["input"])
    near = nearest(given, names) if isinstance(given, str) else None
    return f"must be one of {', '.join(names)} {_got(given)}" + (f", did you mean {near!r}?" if near else "")


def _other(error: ErrorDetails, place: _Place) -> str:
    """Pydantic's own words, "Input should be ...", put in our way of saying it."""
    text, changed = re.subn(r"^\w+ should ", "must ", error["msg"])
    return f"{text} {_got(error['input'])}" if changed else text


def _got(value: Any) -> str:
    return f"(got {_shown(value)})"


def _shown(value: Any) -> str:
    """A value as the file would write it, cut where it is long."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    text = value.isoformat() if isinstance(value, date) else repr(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."


def _number(value: Any) -> str:
    whole = isinstance(value, float) and value.is_integer() and abs(value) < _LARGEST_PLAIN
    return str(int(value)) if whole else str(value)


_NUMBER = _must_be("a number")
_WHOLE_NUMBER = _must_be("a whole number")
_DATE = _must_be("a date like 2025-01-01")
_TRUTH = _must_be("true or false")


def _mapping(error: ErrorDetails, place: _Place) -> str:
    given = error["input"]
    return f"must be a mapping of keys to values {_got(given)}{colon_hint(given) if isinstance(given, str) else ''}"


_LIST = _must_be("a list")

_MESSAGES: dict[str, Callable[[ErrorDetails, _Place], str]] = {
    "missing": lambda error, place: "is required",
    "union_tag_not_found": lambda error, place: "is required",
    "extra_forbidden": _unknown_key,
    "value_error": _validators_text,
    "assertion_error": _validators_text,
    "greater_than": _bound(">", "gt"),
    "greater_than_equal": _bound(">=", "ge"),
    "less_than": _bound("<", "lt"),
    "less_than_equal": _bound("<=", "le"),
    "too_short": _length("at least", "min_length"),
    "too_long": _length("at most", "max_length"),
    "literal_error": _choice,
    "enum": _choice,
    "union_tag_invalid": _choice,
    "finite_number": _must_be("a finite number"),
    "string_type": _must_be("text"),
    **dict.fromkeys(("float_type", "float_parsing"), _NUMBER),
    **dict.fromkeys(("int_type", "int_parsing", "int_parsing_size", "int_from_float"), _WHOLE_NUMBER),
    **dict.fromkeys(("bool_type", "bool_parsing"), _TRUTH),
    **dict.fromkeys(("date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact"), _DATE),
    **dict.fromkeys(("model_type", "model_attributes_type", "dict_type", "mapping_type"), _mapping),
    **dict.fromkeys(("list_type", "tuple_type", "set_type", "frozen_set_type"), _LIST),
}
