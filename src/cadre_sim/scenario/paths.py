"""Paths: how people write where a value stands in a scenario, one way for settings, factors, articles and messages.

A path is names with dots between them. An item of a list is meant by its number from 0 or by its name, ``*`` stands for
every item or key, and what has a dot, a blank or the like in its name stands in brackets and quotes::

    staff.absence
    place.counties[0].residents        place.counties.0.residents
    place.counties["Hengnan"].residents        place.counties.Hengnan.residents
    departments.*.meetings.per_year        departments["bureaus of 2.0"].number

:func:`parse_path` takes all of these, :func:`path_text` writes each in one way. Inside the program a path is a tuple of
keys, see :data:`Keys`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cadre_sim.errors import InputError, hint

Keys = tuple[str | int, ...]
"""The way to a value from the top: keys of mappings and, from 0, places in lists."""


class _Every(str):
    """A step that stands for every item or key; a mapping may have a key that is spelt the same."""


EVERY = _Every("*")
"""The step of a path that stands for every item or key."""

_QUOTED = r'\["(?:[^"\\]|\\.)*"\]' + r"|\['[^']*'\]"
_STEP = re.compile(rf"(?P<quoted>{_QUOTED})|\[(?P<bare>[^\[\]\"']+)\]|(?P<dot>\.?)(?P<name>[^.\[\]=]+)")
_NUMBER = re.compile("0|[1-9][0-9]{0,8}")
"""The place of an item, in its one spelling."""
_PLAIN = re.compile(r"(?!\d+\Z)[\w-]+")


def parse_path(text: str) -> Keys:
    """The keys of a path, however it is spelt.

    A number between dots stays text: whether it is the place of an item or a key shows where the path is followed.

    Raises:
        InputError: it is no path; says why.
    """
    keys: list[str | int] = []
    position = 0
    while position < len(text):
        step = _STEP.match(text, position)
        dotted = step is not None and step["dot"] == "."
        if step is None or (step["name"] is not None and dotted != bool(keys)):
            raise InputError(f"{text!r} is no path: it goes wrong at {text[position:]!r}")
        keys.append(_key(step))
        position = step.end()
    if not keys:
        raise InputError(f"{text!r} is no path: it is empty")
    return tuple(keys)


def _key(step: re.Match[str]) -> str | int:
    if step["quoted"] is not None:
        inside = step["quoted"][1:-1]
        try:
            return str(json.loads(inside, strict=False)) if inside[0] == '"' else inside[1:-1]
        except ValueError:
            raise InputError(f"{step.string!r} is no path: {inside} is no text in quotes") from None
    if step["bare"] is not None:
        bare = step["bare"].strip()
        return int(bare) if _NUMBER.fullmatch(bare) else EVERY if bare == EVERY else bare
    return EVERY if step["name"] == EVERY else step["name"]


def path_text(keys: Keys) -> str:
    """A path in its one spelling: items by number, what is no plain name in brackets and quotes."""
    return "".join(map(_step_text, keys)).removeprefix(".")


def _step_text(key: str | int) -> str:
    if isinstance(key, int):
        return f"[{key}]"
    if isinstance(key, _Every) or _PLAIN.fullmatch(key):
        return f".{key}"
    return f"[{json.dumps(key, ensure_ascii=False)}]"


def split_setting(setting: str) -> tuple[str, str | None]:
    """The path and the value of ``PATH=VALUE``; None where there is no ``=`` outside quotes."""
    position = 0
    while position < len(setting) and setting[position] != "=":
        quoted = re.compile(_QUOTED).match(setting, position)
        position = quoted.end() if quoted else position + 1
    path, value = setting[:position].strip(), setting[position + 1 :]
    return path, value if position < len(setting) else None


def place_of(step: str | int, items: Sequence[Any]) -> int | None:
    """The place of the item of a list that a step means, by name or by number; None where there is none."""
    names = [name_of(item) for item in items]
    if isinstance(step, str) and step in names:
        return names.index(step)
    number = str(step)
    return int(number) if _NUMBER.fullmatch(number) and int(number) < len(items) else None


def name_of(item: Any) -> str | None:
    """The name of an item of a list, of plain data or of a model; None where it has none."""
    name = item.get("name") if isinstance(item, Mapping) else getattr(item, "name", None)
    return name if isinstance(name, str) else None


def means(pattern: Keys, keys: Keys, names: Keys) -> bool:
    """Whether a path means a place.

    Args:
        pattern: the path.
        keys: the place.
        names: the same place, with items of lists by their names where they have one.
    """
    if len(pattern) != len(keys):
        return False
    triples = zip(pattern, keys, names, strict=True)
    return all(isinstance(p, _Every) or p in (k, n) or str(p) == str(k) for p, k, n in triples)


def places_to_set(data: Any, path: Keys) -> list[Keys]:
    """The places in plain data that a path means; the last keys of mappings may be new.

    Raises:
        InputError: the path enters something that has no such item, or nothing inside; says where and why.
    """
    return list(_followed(data, path, ()))


def _followed(data: Any, path: Keys, way: Keys) -> Iterator[Keys]:
    if not path:
        yield way
        return
    step, rest = path[0], path[1:]
    if isinstance(step, _Every):
        inside = range(len(data)) if isinstance(data, list) else list(data) if isinstance(data, dict) else []
        if not inside:
            raise InputError(f"{path_text(way) or 'the scenario'} has nothing that `*` could stand for")
        for key in inside:
            yield from _followed(data[key], rest, (*way, key))
    elif isinstance(data, list):
        place = place_of(step, data)
        if place is None:
            names = [name for name in map(name_of, data) if name is not None]
            near = hint(str(step), names) if isinstance(step, str) and not step.isdigit() else ""
            raise InputError(f"{path_text(way)} is a list of {len(data)}: no item {str(step)!r}{near}")
        yield from _followed(data[place], rest, (*way, place))
    elif isinstance(data, dict) or data is None:
        known = data or {}
        key = str(step)
        if isinstance(step, int) and key not in known:
            raise InputError(f"{path_text(way) or 'the scenario'} is no list here: it has no item {step}")
        yield from _followed(known.get(key), rest, (*way, key))
    else:
        raise InputError(f"{path_text(way)} is not a mapping: nothing can be set inside it")


def with_value(data: Any, keys: Keys, value: Any) -> Any:
    """A copy of plain data with a value laid over what is at a place: mappings merge, anything else replaces."""
    if not keys:
        return merged(data, value)
    key, *rest = keys
    if isinstance(data, list):
        return [with_value(item, tuple(rest), value) if place == key else item for place, item in enumerate(data)]
    inside = data or {}
    return {**inside, key: with_value(inside.get(key), tuple(rest), value)}


def merged(below: Any, above: Any) -> Any:
    """Lay plain data over plain data: mappings merge, anything else replaces, null too."""
    if not (isinstance(below, dict) and isinstance(above, dict)):
        return above
    return below | {key: merged(below.get(key), value) for key, value in above.items()}
