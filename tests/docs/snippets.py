"""The fenced blocks of a page, and a workshop in which they are run as a reader would.

A page is worked through from top to bottom in one folder, which has copies of scenarios/ and experiments/:

- a block with a title (```` ```yaml title="my-city.yaml" ````) is written to the file of that name; what it is good for
  shows in the blocks that follow, one of which must name it;
- ``sh`` is run by bash, as a whole, with the commands that the project has and no others (`make` looks whether it has
  the target, and what it would do);
- ``python`` is run as at the prompt of Python;
- ``yaml`` is read as an experiment, as a scenario, or as a part of one, laid over Hengyang; a file is checked by the
  command line;
- ``text`` and blocks without a language show output or equations, and may hold no command.

Files that take long are made small on their way into the folder (:data:`SMALLER`), and a few commands have another in
their place (:data:`INSTEAD`); both say so here and nowhere else.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from forking import CLIENT
from ruamel.yaml import YAML

from cadre_sim.experiments.planning import load_experiment
from cadre_sim.scenario.loading import load_arm

PROJECT = Path(__file__).parents[2]
PAGES = (PROJECT / "README.md", *sorted((PROJECT / "docs").rglob("*.md")))

COUNTIES = [
    {"name": name, "residents": 14000, "offices": 6, "communities": 2, "townships": 1}
    for name in ("Hengnan", "Qidong", "Nanyue")
]
SMALLER: dict[str, dict[str, Any]] = {
    # Three small counties and nine months instead of a city and two years.
    "scenarios/hengyang-before.yaml": {
        "period": {"start": "2024-10-01", "end": "2025-06-30"},
        "place": {"counties": COUNTIES},
    },
    "scenarios/hengyang.yaml": {"reforms": {"talent_deployment": {"number": 12}}},
    # Four villages and five months instead of thirty and fifteen.
    "scenarios/one-county-before.yaml": {
        "period": {"start": "2024-11-01", "end": "2025-03-31"},
        "place": {"counties": [{"name": "Nanyue", "residents": 9000, "offices": 4, "townships": 1}]},
        "staff": {"cadres_per_township": 6},
    },
    # One run at each of two points instead of sixteen at each of 75.
    "experiments/rebound.yaml": {
        "arms": {
            "reform": {"settings": {"place.counties": COUNTIES, "period.start": "2024-11-01"}},
            "before": {"settings": {"place.counties": COUNTIES, "period.start": "2024-11-01"}},
        },
        "replicates": 1,
        "factors": {"adoption": {"values": [0.3, 0.9]}, "rebound": {"values": [0.2]}, "notice": {"values": [5]}},
    },
    # Sets of three measures instead of ten; three parameters instead of all; few points.
    "experiments/hengyang-attribution.yaml": {
        "replicates": 2,
        "factors": dict.fromkeys(
            ("assessment", "certificates", "signs", "tasks and forms", "watchdog", "protection", "incentives"), None
        ),
    },
    "experiments/hengyang-sensitivity.yaml": {
        "points": 2,
        "factors": {"oversight.rebound": {}, "behaviour.overtime_ceiling": {}, "behaviour.slack_outreach": {}},
    },
    "experiments/hengyang-variance.yaml": {"points": 4, "replicates": 2},
    "experiments/hengyang-frontier.yaml": {"points": 16, "replicates": 2},
}
"""What is laid over files in the reader's folder, so that a command takes seconds; None takes a key away."""

SLOW = ("docs/analyses.md",)
"""Pages whose commands take a minute even so; `make test-slow` runs them."""

ELSEWHERE = ("docs/adding-a-measure.md",)
"""Pages that a test of their own works through."""

INSTEAD = {
    # What the target does, with fewer replicates: later blocks look at its results.
    "make demo": "make demo && cadre-sim compare scenarios/hengyang.yaml --replicates 2 --out results/hengyang",
    "cadre-sim selftest": "cadre-sim selftest --help",  # half a minute; tests/selftest runs it
    # No cluster is here; tests/experiments/test_dask.py and tests/slurm run these.
    "cadre-sim experiment run experiments/rebound.yaml --cluster experiments/clusters/slurm.yaml": (
        "test -f experiments/clusters/slurm.yaml"
    ),
    "cadre-sim experiment run experiments/rebound.yaml --scheduler tcp://host:8786": "cadre-sim experiment run --help",
    # tests/docs/test_watch.py makes this page and uses it.
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE=False solara run watch.py --production": "test -f watch.py",
    # They serve until somebody ends them; tests/explorer runs them.
    "cadre-sim explore": "cadre-sim explore --help",
    "cadre-sim explore scenarios/hengyang.yaml": "cadre-sim validate scenarios/hengyang.yaml",
}
"""Commands that are not run as they stand, and what is run in their place."""

BASE = "scenarios/hengyang-before.yaml"
"""What a part of a scenario is laid over."""

_FENCE = re.compile(r"^(?P<fence>`{3,})(?P<info>[^\n`]*)\n(?P<text>.*?)^(?P=fence)[ \t]*$", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"^\s*(\$ |\.venv/bin/|cadre-sim |make |pip |python )", re.MULTILINE)
_EXPERIMENT = {"arms", "design", "factors", "scenario"}


class Block(NamedTuple):
    """A fenced block: where it stands, its language, the file that it is (or nothing), and its text."""

    page: Path
    line: int
    language: str
    title: str
    text: str

    @property
    def where(self) -> str:
        return f"{self.page.relative_to(PROJECT)}:{self.line}"


def blocks(page: Path) -> list[Block]:
    """All fenced blocks of a page, in order."""
    source = page.read_text(encoding="utf-8")
    found = []
    for match in _FENCE.finditer(source):
        language, _, rest = match["info"].strip().partition(" ")
        title = re.search(r'title="([^"]+)"', rest)
        line = source.count("\n", 0, match.start()) + 1
        found.append(Block(page, line, language, title[1] if title else "", match["text"]))
    return found


class Workshop:
    """A reader's folder, and what he or she does there."""

    def __init__(self, folder: Path, server: str) -> None:
        """Lay out a folder.

        Args:
            folder: where; empty.
            server: socket of :mod:`forking`, which runs its commands.
        """
        self.folder = folder
        self.server = server
        self.installed = folder / ".installed"
        self.source = PROJECT / "src"
        for name in ("scenarios", "experiments"):
            shutil.copytree(PROJECT / name, folder / name)
        for name, smaller in SMALLER.items():
            _lay_over(folder / name, smaller)
        self._put_commands(folder / ".venv" / "bin")

    def do(self, block: Block) -> None:
        """Do what a reader would do with a block.

        Raises:
            AssertionError: it does not work, or there is no way to try it.
        """
        if block.title:
            self.write(block.title, block.text)
        if block.language in ("sh", "bash"):
            self._run(["/bin/bash", "-euo", "pipefail", "-c", replaced(block.text)], block)
        elif block.language == "python" and not block.title:
            self._run([str(self.folder / ".venv" / "bin" / "snippet"), block.text], block)
        elif block.language == "yaml":
            self._read(block)
        elif block.language in ("text", ""):
            command = _COMMAND.search(block.text)
            assert not command, f"{block.where}: a command in a block that is not run: {command[0] if command else ''}"
        else:
            assert block.title, f"{block.where}: no way to try a block of {block.language!r} that is no file"

    def python(self, text: str) -> str:
        """What a piece of Python prints in the folder."""
        return self._run([sys.executable, "-c", text], Block(PROJECT / "README.md", 0, "python", "", text))

    def write(self, name: str, text: str) -> Path:
        """A file in the folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def _read(self, block: Block) -> None:
        body = YAML(typ="safe").load(block.text)
        if _EXPERIMENT & set(body):
            load_experiment(self.write(block.title or f"experiments/snippet_{block.line}.yaml", block.text))
            return
        whole = block.text if block.title or "extends" in body else f"extends: {BASE}\n{block.text}"
        file = self.write(block.title or f"snippet_{block.line}.yaml", whole)
        if block.title:  # in a process of its own, which knows the measures that the page has installed
            self._run([str(self.folder / ".venv" / "bin" / "cadre-sim"), "validate", str(file)], block)
        else:
            load_arm(file)

    def _run(self, command: list[str], block: Block) -> str:
        env = {**os.environ, "PATH": str(self.folder / ".venv" / "bin"), "COLUMNS": "80"}
        env["PYTHONPATH"] = os.pathsep.join([str(self.installed), str(self.source)])
        done = subprocess.run(
            command, cwd=self.folder, env=env, capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == 0, f"{block.where}: {block.text}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
        return done.stdout

    def _put_commands(self, folder: Path) -> None:
        python = sys.executable
        local = (
            f"--target {self.installed} --quiet --disable-pip-version-check --no-index --no-deps --no-build-isolation"
        )
        commands = {
            "activate": "",  # the folder is on the path already
            "cadre-sim": f'exec {python} -S -E {self.folder}/.client.py {self.server} cadre-sim "$@"',
            "snippet": f'exec {python} -S -E {self.folder}/.client.py {self.server} python "$@"',
            "python": f'exec {python} "$@"',
            "make": f'exec /usr/bin/make --dry-run --directory {PROJECT} "$@" > /dev/null',
            "pip": f'test "$1" = install && shift && exec {python} -m pip install {local} "$@"',
        }
        self.write(".client.py", CLIENT)
        folder.mkdir(parents=True)
        for name, line in commands.items():
            (folder / name).write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
            (folder / name).chmod(0o755)


def replaced(text: str) -> str:
    """Lines of a shell with what is to be run instead of some."""
    return "".join(INSTEAD.get(plain(line), line) + "\n" for line in text.splitlines())


def plain(line: str) -> str:
    """A line of a shell without its comment, and without the folder that its command lies in."""
    return re.sub(r"\s+#.*", "", line).strip().removeprefix(".venv/bin/")


def lines(language: str) -> Iterator[str]:
    """All plain lines of all blocks of a language."""
    for page in PAGES:
        for block in blocks(page):
            if block.language == language:
                yield from map(plain, block.text.splitlines())


def _lay_over(path: Path, smaller: dict[str, Any]) -> None:
    yaml = YAML(typ="safe")
    content = yaml.load(path.read_text(encoding="utf-8"))
    _merge(content, smaller)
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(content, file)


def _merge(content: dict[str, Any], over: dict[str, Any]) -> None:
    for key, value in over.items():
        if value is None:
            del content[key]
        elif isinstance(value, dict):
            _merge(content.setdefault(key, {}), value)
        else:
            content[key] = value
