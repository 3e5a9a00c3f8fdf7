"""What each test costs in processor time: ``pytest --costs FILE`` (see tests/README.md).

Wall-clock time of a test depends on what else the machine does; the processor time of a test and of the processes
that it starts hardly does. What is made once for several tests (a session's fixture, an import) counts at the first
of them.
"""

from __future__ import annotations

import csv
import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--costs", metavar="FILE", type=Path, help="write the processor time of each test, as CSV")


def pytest_configure(config: pytest.Config) -> None:
    path: Path | None = config.getoption("--costs")
    if path is None:
        return
    path = path.absolute()
    if not hasattr(config, "workerinput"):
        path.write_text("test,seconds\n", encoding="utf-8")
    config.pluginmanager.register(Costs(path), "costs of tests")


def used() -> float:
    """Processor time [s] of this process and of the children that have ended."""
    return sum(os.times()[:4])


class Costs:
    """Appends a line for each test; workers of xdist append to the same file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection(self) -> Iterator[None]:
        before = used()
        result = yield
        self._append("(imports and collection)", used() - before)
        return result

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        before = used()
        result = yield
        self._append(item.nodeid, used() - before)
        return result

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        files: dict[str, float] = defaultdict(float)
        with self.path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                files[row["test"].partition("::")[0]] += float(row["seconds"])
        terminalreporter.section("processor time [s] by file")
        for name, seconds in sorted(files.items(), key=lambda pair: -pair[1])[:20]:
            terminalreporter.write_line(f"{seconds:8.1f}  {name}")
        terminalreporter.write_line(f"{sum(files.values()):8.1f}  in all")

    def _append(self, name: str, seconds: float) -> None:
        with self.path.open("a", encoding="utf-8", newline="") as file:
            csv.writer(file).writerow((name, f"{seconds:.3f}"))
