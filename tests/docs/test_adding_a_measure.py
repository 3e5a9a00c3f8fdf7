"""docs/adding-a-measure.md, worked through in a copy of the project: nothing is done but what the page says.

Compiled code is not used: for a village it takes longer to compile in a new place than to run.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
from pathlib import Path

import pytest
from snippets import PROJECT, Workshop, blocks

from cadre_sim.docpages.generated import SCHEMA

PAGE = PROJECT / "docs" / "adding-a-measure.md"
KEY = "meeting_free_days"
FILE = "src/cadre_sim/reforms/meeting_free.py"
SEEN = """
from cadre_sim import figures
from cadre_sim.explorer.groups import grouped, name_of
from cadre_sim.explorer.state import board_of
from cadre_sim.language import languages
from cadre_sim.scenario.loading import load_arm
import pandas as pd

groups = grouped(board_of(load_arm("friday.yaml")).levers)
((group, lever),) = [(g, l) for g in groups for l in g.levers if l.name == "meeting_free_days"]
print(group.title)
frame = pd.DataFrame({"measure": [lever.name], "effect": 1.0, "low": 0.5, "high": 1.5, "alone": 1.0})
for say in languages().values():
    print(name_of(lever, say))
    print(figures.attribution(frame, language=say.name).get_yticklabels()[0].get_text())
    print(*(say(k.parameter.meaning) + say(k.parameter.unit) for k in lever.knobs[:2]))
"""


class ProjectCopy(Workshop):
    """A copy of the project, in which `make` does what the Makefile says."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, server="")
        for name in ("scenarios", "experiments"):
            shutil.rmtree(folder / name)
        for name in ("src", "docs", "tools", "scenarios", "experiments"):
            shutil.copytree(PROJECT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("Makefile", "pyproject.toml", "requirements.lock", "requirements-core.lock"):
            shutil.copy(PROJECT / name, folder)
        self.source = folder / "src"
        # The server of other pages has imported the project itself; here every command is a process of the copy.
        commands = {
            "make": 'exec /usr/bin/make --silent "$@"',
            "mv": 'exec /bin/mv "$@"',
            "cadre-sim": f'exec {sys.executable} -m cadre_sim.cli "$@"',
            "snippet": f'exec {sys.executable} -c "$@"',
        }
        for name, line in commands.items():
            self.write(f".venv/bin/{name}", f"#!/bin/sh\n{line}\n").chmod(0o755)
        for name in (".venv/made", ".venv/core", ".venv/ready"):  # what is installed is what runs this test
            self.write(name, "")

    def files(self) -> dict[str, str]:
        """A digest of every file of the copy, by its path."""
        return {
            path.relative_to(self.folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for folder in ("src", "docs", "tools", "scenarios", "experiments")
            for path in sorted((self.folder / folder).rglob("*"))
            if path.is_file() and "__pycache__" not in path.parts
        }


@pytest.mark.slow
def test_the_page_does_what_it_says_and_nothing_else_is_edited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p no:cacheprovider -p no:nbmake -p no:xdist -o addopts= -o filterwarnings=")
    copy = ProjectCopy(tmp_path)
    before = copy.files()
    for block in blocks(PAGE):
        if block.title.endswith("pyproject.toml"):  # from here on the measure moves out of the project
            changed = {path for path, digest in copy.files().items() if before.get(path) != digest}
            seen = copy.python(SEEN).splitlines()
        copy.do(block)

    pages = {f"docs/measures/{KEY}.md", "docs/measures/index.md", "docs/reference/scenario.md"}
    assert changed == {FILE, SCHEMA, *pages}
    assert "**meeting-free days** · **无会日**" in (tmp_path / "docs" / "measures" / f"{KEY}.md").read_text("utf-8")
    assert seen == [
        "Meetings, forms and tasks",
        "meeting-free days",
        "meeting-free days",
        "days without meetingsdays/week share of their meetings held on other days1",
        "无会日",
        "无会日",
        "每周不开会的天数天/周 改到其他日子召开的会议比例1",
    ]
    assert '<th scope="row" class="depth0">meeting-free days</th>' in result(tmp_path, "report.html")
    assert '<th scope="row" class="depth0">无会日</th>' in result(tmp_path, "report.zh.html")
    assert set(result(tmp_path, "report.zh.html")) >= set("改到其他日子召开的会议比例")


def result(folder: Path, name: str) -> str:
    return (folder / "results" / "friday" / name).read_text(encoding="utf-8")
