"""The sources that compiled code is made from, found by reading them: which names its functions use, and from where."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import NamedTuple

DECORATORS = {"compiled", "step"}


class Module(NamedTuple):
    """What a module defines and imports at its top: nodes by name, and (module, name) by name."""

    defined: dict[str, ast.stmt]
    imported: dict[str, tuple[str, str]]


class Sources:
    """The modules of a package, read when they are asked for."""

    def __init__(self, package: Path) -> None:
        """Look for sources in the folder of a package."""
        self.package = package
        self.module = cache(self._module)

    def compiled(self) -> set[str]:
        """Files that compiled functions stand in, or take a name from, at any distance; paths within the package.

        Compiled code keeps the value of each name as it was when it was compiled, and finds a column of a table by its
        place, so names in annotations count.
        """
        found: set[tuple[str, str]] = set()
        for path in sorted(self.package.rglob("*.py")):
            name = ".".join((self.package.name, *path.relative_to(self.package).with_suffix("").parts))
            for function, node in self.module(name).defined.items():
                if isinstance(node, ast.FunctionDef) and any(
                    isinstance(d, ast.Name) and d.id in DECORATORS for d in node.decorator_list
                ):
                    self._follow(name, function, found)
        return {str(self._path(module).relative_to(self.package)) for module, _ in found}

    def _follow(self, module: str, name: str, found: set[tuple[str, str]]) -> None:
        defined, imported = self.module(module)
        if name in imported:
            self._follow(*imported[name], found)
        elif name in defined and (module, name) not in found:
            found.add((module, name))
            for node in ast.walk(defined[name]):
                if isinstance(node, ast.Name):
                    self._follow(module, node.id, found)

    def _path(self, module: str) -> Path:
        path = self.package.joinpath(*module.split(".")[1:])
        return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")

    def _module(self, module: str) -> Module:
        defined: dict[str, ast.stmt] = {}
        imported: dict[str, tuple[str, str]] = {}
        for node in ast.parse(self._path(module).read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ImportFrom):
                if (node.module or "").split(".")[0] == self.package.name:
                    imported |= {a.asname or a.name: (node.module or "", a.name) for a in node.names}
            elif isinstance(node, ast.FunctionDef | ast.ClassDef):
                defined[node.name] = node
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                for target in (t for top in targets for t in ast.walk(top)):
                    if isinstance(target, ast.Name):
                        defined[target.id] = node
        return Module(defined, imported)
