"""The corpus: bad inputs by kind of file, each with the commands that read it and what they must say.

A file of ``corpus/`` holds the inputs of one kind, by a name that says what is wrong::

    "a key twice":
      text: |
        title: a
        title: b
      says: "bad.yaml:2:1 title: duplicate key 'title'"

``text`` is the file itself (``encoding`` where it is not UTF-8); ``made`` names a function of :mod:`making` in its
place, for what cannot stand in a text. ``files`` are others beside it. ``commands`` take the place of those of the
kind. ``says`` is one text or several that must all be printed; ``code`` is the exit code where it is not 2.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import making
from ruamel.yaml import YAML

from conftest import TINY
from sweeps import GRID

CORPUS = Path(__file__).parent / "corpus"


class Kind(NamedTuple):
    """A kind of file: what a bad one is called, what commands read it, and what lies beside it."""

    name: str
    commands: tuple[str, ...]
    files: Mapping[str, str]


_BESIDE = {"tiny.yaml": TINY, "grid.yaml": GRID}
KINDS: dict[str, Kind] = {
    "scenario": Kind("bad.yaml", ("validate bad.yaml", "run bad.yaml --out new"), _BESIDE),
    "experiment": Kind("bad.yaml", ("experiment plan bad.yaml", "experiment run bad.yaml --out new"), _BESIDE),
    "cluster": Kind("bad.yaml", ("experiment run grid.yaml --cluster bad.yaml --out new",), _BESIDE),
    "units": Kind(
        "units.csv",
        ("validate place.yaml", "run place.yaml --out new"),
        _BESIDE | {"place.yaml": "place: {units: units.csv}\nperiod: {start: 2025-03-03, end: 2025-03-07}\n"},
    ),
    "rules": Kind(
        "rules.py",
        ("--rules rules.py run tiny.yaml --set behaviour.rule=mine --out new",),
        _BESIDE,
    ),
    "results": Kind("", (), _BESIDE),
    "command": Kind("", (), _BESIDE),
}


class Case(NamedTuple):
    """A bad input: its files, and what each command must say of it."""

    kind: str
    name: str
    files: Mapping[str, bytes]
    made: str | None
    commands: tuple[tuple[str, ...], ...]
    says: tuple[str, ...]
    code: int

    def __str__(self) -> str:
        """Kind and name."""
        return f"{self.kind}: {self.name}"

    def lay_out(self, folder: Path = Path()) -> None:
        """Write the files of the case."""
        for name, content in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        if self.made is not None:
            getattr(making, self.made)(folder)


def cases() -> list[Case]:
    """All cases of the corpus."""
    return [_case(kind, name, said) for kind in KINDS for name, said in _read(CORPUS / f"{kind}.yaml").items()]


def _read(path: Path) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    return found


_LONG = {"NAME": "x" * 5000, "DIGITS": "9" * 5000}
"""What stands in a command for what cannot be written there."""


def _words(command: str) -> tuple[str, ...]:
    found = shlex.split(command)
    for short, long in _LONG.items():
        found = [word.replace(short, long) for word in found]
    return tuple(found)


def _case(kind: str, name: str, said: dict[str, Any]) -> Case:
    unknown = set(said) - {"text", "encoding", "made", "files", "commands", "says", "code"}
    assert not unknown, f"{kind}: {name}: unknown key {unknown}"
    of_kind = KINDS[kind]
    files = {**of_kind.files, **said.get("files", {})}
    if "text" in said:
        files[of_kind.name] = said["text"]
    encoding = said.get("encoding", "utf-8")
    says = said["says"]
    return Case(
        kind,
        name,
        {file: text.encode(encoding if file == of_kind.name else "utf-8") for file, text in files.items()},
        said.get("made"),
        tuple(_words(each) for each in said.get("commands", of_kind.commands)),
        (says,) if isinstance(says, str) else tuple(says),
        said.get("code", 2),
    )
