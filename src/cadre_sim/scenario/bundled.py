"""The scenarios that come with the package, by name: they are found wherever it is installed.

Where a scenario is named, a bare name such as ``hengyang`` means the one that comes with the package, unless there is a
file of that name.
"""

from __future__ import annotations

import filecmp
import os
from collections.abc import Mapping
from pathlib import Path

from cadre_sim.errors import InputError, UnknownNameError, nearest

_PACKAGE = Path(__file__).parents[1]
_FOLDERS = (_PACKAGE / "data" / "scenarios", _PACKAGE.parents[1] / "scenarios")
"""Where a wheel has them, and where a clone has them."""


def bundled_scenarios() -> Mapping[str, Path]:
    """Files of the scenarios that come with the package, by name."""
    folder = next((each for each in _FOLDERS if each.is_dir()), None)
    return {file.stem: file for file in sorted(folder.glob("*.yaml"))} if folder else {}


def scenario_file(name: str) -> Path:
    """The file of a scenario that comes with the package.

    >>> cadre_sim.scenario_file("hengyang").read_text(encoding="utf-8")

    Args:
        name: name of the scenario, such as "hengyang"; with or without ".yaml".

    Raises:
        UnknownNameError: no such scenario comes with the package.
    """
    known = bundled_scenarios()
    stem = name.removesuffix(".yaml")
    if stem not in known:
        raise UnknownNameError(name, known)
    return known[stem]


def scenario_path(name: str | Path, folder: str | Path = "") -> Path:
    """The file that is meant where a scenario is named: one in the user's folders, or one that comes with the package.

    Args:
        name: path of a file, or a bare name. A file of that name comes before what comes with the package.
        folder: where a path that is not absolute starts.

    Raises:
        InputError: the name is that of a scenario of the package, and a file of that name with .yaml is another.
    """
    path = Path(folder, name)
    if os.path.lexists(path) or not _is_bare(name):
        return path
    found = bundled_scenarios().get(str(name))
    if found is None:
        return path
    beside = path.with_name(f"{path.name}.yaml")
    if beside.is_file() and not filecmp.cmp(beside, found, shallow=False):
        raise InputError(
            f"{str(name)!r} may mean {beside} or the scenario of that name that comes with the package; they differ: "
            f"write {path.name}.yaml for the file, or give the file another name"
        )
    return found


def hint_of(path: str | Path) -> str:
    """What to add to "no such file": the scenario of nearly that name that comes with the package."""
    stem = Path(path).stem
    near = nearest(stem, bundled_scenarios())
    if near is None:
        return ""
    return (
        f"; {near!r} comes with the package"
        if near == stem
        else f", did you mean {near!r}, which comes with the package?"
    )


def _is_bare(name: str | Path) -> bool:
    path = Path(name)
    return path.name == str(name) and not path.suffix
