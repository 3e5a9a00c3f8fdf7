"""The order of the rooms in docs/architecture.md: what may use what, and that each says what it is for."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import cadre_sim

SOURCE = Path(cadre_sim.__file__).parent
PAGE = Path(__file__).parents[1] / "docs" / "architecture.md"


def rooms() -> dict[str, int]:
    """The place of each room in the table of the page, from the top."""
    rows = re.findall(r"^\| (`[^|]+) \|", PAGE.read_text(encoding="utf-8"), re.M)
    return {
        name.removesuffix(".py").rstrip("/"): place
        for place, row in enumerate(rows)
        for name in re.findall("`(.+?)`", row)
    }


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Line and room of every import of the package in a file, wherever in it they stand."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "cadre_sim":
            inside = node.module.split(".")[1:2] or [alias.name for alias in node.names]
            yield from ((node.lineno, room) for room in inside)
        elif isinstance(node, ast.Import):
            found = (alias.name.split(".") for alias in node.names)
            yield from ((node.lineno, parts[1]) for parts in found if parts[0] == "cadre_sim" and len(parts) > 1)


def test_every_room_stands_in_the_table_of_the_page() -> None:
    here = {p.stem for p in SOURCE.glob("*.py")} | {p.parent.name for p in SOURCE.glob("*/__init__.py")}
    assert here - {"__init__", "data"} == set(rooms())


def test_nothing_imports_upwards() -> None:
    """A room that is used by one above it could not be read, tested or changed by itself."""
    order = rooms()
    wrong = [
        f"{path.relative_to(SOURCE)}:{line} imports {room}"
        for path in sorted(SOURCE.rglob("*.py"))
        if (own := path.relative_to(SOURCE).parts[0].removesuffix(".py")) != "__init__"
        for line, room in imports(path)
        if order[room] > order[own]
    ]
    assert wrong == []


def test_every_room_says_what_it_is_for() -> None:
    silent = [
        p.parent.name for p in sorted(SOURCE.glob("*/__init__.py")) if not ast.get_docstring(ast.parse(p.read_text()))
    ]
    assert silent == []


def test_no_two_classes_share_a_name() -> None:
    """A name that stands for two things makes a reader look twice, and a search useless."""
    names = [
        node.name
        for path in sorted(SOURCE.rglob("*.py"))
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    ]
    assert sorted({name for name in names if names.count(name) > 1}) == []
