"""A scenario file, with all that it extends and all that is set over it, becomes one document.

A scenario is laid in layers, each over the one before: the file that it ``extends`` (which may extend another), the
file itself, then every ``--set PATH=VALUE``. One rule holds for all layers: mappings merge, anything else replaces,
null too. Whatever is wrong, in any layer, is reported at once.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import reduce
from pathlib import Path
from typing import Any

from cadre_sim.errors import SETTING, InputError, Problem, ScenarioError, UnreadableError
from cadre_sim.files import read_text
from cadre_sim.scenario.bundled import hint_of, scenario_path
from cadre_sim.scenario.nodes import MAX_DEPTH, Document, Mark, failure, parse, problem_at
from cadre_sim.scenario.paths import Keys, merged, parse_path, places_to_set, split_setting, with_value

__all__ = ["FILE_KEYS", "MAX_BYTES", "Document", "Mark", "read", "resolve"]

FILE_KEYS: tuple[Keys, ...] = (("place", "units"), ("baseline",))
"""Where a scenario names other files."""

MAX_BYTES = 1 << 20
_LONGEST_SHOWN = 60
_NOTHING = object()


def read(path: str | Path) -> Document:
    """Read one file as it stands, without what it extends.

    Raises:
        ScenarioError: the file is missing, too large, not UTF-8, not YAML, or holds what a scenario may not.
    """
    problems: list[Problem] = []
    document = _read(Path(path), problems)
    _raise_any(problems)
    return document


def resolve(path: str | Path, settings: Sequence[str] = ()) -> Document:
    """Read a file with all that it extends, lay ``settings`` over it, and make the file names in it absolute.

    Args:
        path: the scenario file.
        settings: ``PATH=VALUE``, such as ``reforms.inspection_quota.visits_per_month=2``; the path as in
            :mod:`cadre_sim.scenario.paths`, and VALUE is YAML on one line.

    Raises:
        ScenarioError: a file or a setting is wrong, or files extend one another in a circle.
    """
    problems: list[Problem] = []
    document = reduce(_over, reversed(_chain(Path(path), problems)), Document({}, {}, {}))
    for setting in settings:
        try:
            document = _over(document, _layer(document, setting, problems))
        except ScenarioError as error:
            problems.extend(error.problems)
    _raise_any(problems)
    return document._replace(data=_with_absolute_names(document))


def _raise_any(problems: list[Problem]) -> None:
    if problems:
        raise ScenarioError(tuple(problems))


def _text(path: Path) -> str:
    try:
        text = read_text(path, MAX_BYTES)
    except UnreadableError as error:
        raise failure(str(path), f"{error.reason}{hint_of(path) if error.missing else ''}") from None
    if "\0" in text:
        raise failure(str(path), "holds NUL bytes: not a text file")
    return text


def _read(path: Path, problems: list[Problem]) -> Document:
    """One file; what is wrong inside goes to ``problems``, what leaves nothing to go on with is raised."""
    document = parse(_text(path), str(path), problems)
    if document.data is None:
        raise failure(str(path), "is empty")
    if not isinstance(document.data, dict):
        raise ScenarioError((problem_at(document.marks[()], (), "the top level must be a mapping of keys to values"),))
    return document


def _chain(path: Path, problems: list[Problem]) -> list[Document]:
    """The file, the file that it extends, and so on to the last."""
    documents: list[Document] = []
    paths: dict[str, Path] = {}
    following: Path | None = path
    while following is not None:
        try:
            documents.append(_read(following, problems))
            paths[os.path.realpath(following)] = following
            following = _parent(documents[-1], paths)
        except ScenarioError as error:
            problems.extend(error.problems)
            break
    return documents


def _parent(document: Document, paths: dict[str, Path]) -> Path | None:
    """The file that a document extends; takes ``extends`` out of it.

    Args:
        document: the last of the chain so far.
        paths: the files of the chain so far by their real names, to see a circle.
    """
    name = document.data.pop("extends", None)
    if name is None:
        return None
    mark = document.marks[("extends",)]
    if not isinstance(name, str) or not name or "\0" in name:
        raise _wrong(mark, ("extends",), "must be the name of a file")
    try:
        parent = scenario_path(name, document.folder_of(("extends",)))
    except InputError as error:
        raise _wrong(mark, ("extends",), str(error)) from None
    if os.path.realpath(parent) in paths:
        start = next(iter(paths.values())).parent
        chain = " -> ".join(os.path.relpath(each, start) for each in (*paths.values(), parent))
        raise _wrong(mark, ("extends",), f"goes in a circle: {chain}")
    if not os.path.isfile(parent):
        raise _wrong(mark, ("extends",), f"no such file: {parent}{hint_of(parent)}")
    return parent


def _wrong(mark: Mark, keys: Keys, message: str) -> ScenarioError:
    return ScenarioError((problem_at(mark, keys, message),))


def _over(below: Document, above: Document) -> Document:
    """Lay one document over another; each value keeps the mark of the layer that it comes from."""
    data = merged(below.data, above.data)
    return Document(data, _kept(below.marks | above.marks, data), _kept(below.key_marks | above.key_marks, data))


def _kept(marks: dict[Keys, Mark], data: dict[str, Any]) -> dict[Keys, Mark]:
    """The marks of values that are still there: what a layer replaced may have had more inside."""
    return {keys: mark for keys, mark in marks.items() if _value_at(data, keys) is not _NOTHING}


def _value_at(data: Any, keys: Keys) -> Any:
    """What stands at ``keys``, or ``_NOTHING``."""
    for key in keys:
        in_list = isinstance(data, list) and isinstance(key, int) and key < len(data)
        if not (in_list or (isinstance(data, dict) and key in data)):
            return _NOTHING
        data = data[key]
    return data


def _layer(below: Document, setting: str, problems: list[Problem]) -> Document:
    """The whole document that a setting makes of the one below it, with marks only for what it set."""
    path, text = split_setting(setting)
    if text is None or not path:
        raise failure(SETTING, f"{setting!r} must be written PATH=VALUE, for instance behaviour.overtime_ceiling=2")
    try:
        keys = parse_path(path)
    except InputError as error:
        raise failure(SETTING, f"{error}; a setting is written PATH=VALUE, for instance staff.absence=0.1") from None
    if len(keys) > MAX_DEPTH:
        raise failure(SETTING, f"{path[:MAX_DEPTH]!r}... is nested deeper than {MAX_DEPTH} levels")
    if keys[0] == "extends":
        raise failure(SETTING, "'extends' can only be given in a file")
    shown = text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."
    mark = Mark(f"{SETTING} {path}={shown}", 0, 0)
    if not text.strip():
        raise failure(mark.file, "has no value after '=': write null for none")
    try:
        places = places_to_set(below.data, keys)
    except InputError as error:
        raise failure(mark.file, str(error)) from None
    return reduce(lambda document, place: _set_at(document, place, text, mark, problems), places, below)


def _set_at(below: Document, keys: Keys, text: str, mark: Mark, problems: list[Problem]) -> Document:
    """The document with a value laid at one place."""
    value = parse(text, mark.file, problems, keys)
    ways = [keys[:length] for length in range(1, len(keys) + 1)]
    return Document(
        with_value(below.data, keys, value.data),
        below.marks | {way: mark for way in ways if way not in below.marks} | value.marks,
        below.key_marks | {way: mark for way in ways if way not in below.key_marks} | {keys: mark} | value.key_marks,
    )


def _with_absolute_names(document: Document) -> dict[str, Any]:
    """The data with the files that it names found from the folder of the file that names them."""
    data: dict[str, Any] = document.data
    for keys in FILE_KEYS:
        name = _value_at(data, keys)
        if isinstance(name, str) and name:
            folder = document.folder_of(keys)
            path = scenario_path(name, folder) if keys == ("baseline",) else folder / name
            data = with_value(data, keys, os.path.abspath(path))
    return data
