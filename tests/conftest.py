"""Fixtures that tests in every folder share: a tiny county, its file, and ways to call the command line.

It stands here also so that tests can import :mod:`worlds`: pytest puts the folder of a conftest on the path.
"""

from __future__ import annotations

import multiprocessing.process
import platform
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import Phase, settings

from cadre_sim.cli.app import main
from cadre_sim.comparison.compare import Comparison, compare
from cadre_sim.comparison.replicate import RunSet, run
from cadre_sim.scenario.loading import load
from cadre_sim.scenario.scenario import Scenario

TINY = """\
title: A tiny county
question: Does a tiny reform change a tiny county?
period: {start: 2024-12-02, end: 2025-02-28}
place:
  counties:
    - {name: Littleton, residents: 6000, offices: 6, communities: 2, townships: 1}
staff: {cadres_per_township: 5}
departments:
  city_bureaus:
    level: city
    number: 2
    campaigns: {per_year: 10, coverage: 1, notice: 2, preparation_hours: 10}
    meetings: {per_year: 40}
    forms: {per_month: 4}
    tasks: {per_month: 2}
    evaluations: {first_month: 12, last_month: 1}
reforms:
  meeting_limits: {from: 2025-01-01, adoption: 0.8}
  inspection_quota: {from: 2025-01-15, visits_per_month: 1}
"""
"""Six villages and a township of five cadres, sixty working days around the start of a reform; a run takes 50 ms."""

TWO_COUNTIES = """\
extends: tiny.yaml
title: Two counties, one after the other
period: {start: 2024-12-02, end: 2025-07-31}
place:
  counties:
    - {name: Early, residents: 6000, offices: 6, communities: 2, townships: 1}
    - {name: Late, residents: 4000, offices: 4, communities: 1, townships: 1}
reforms:
  inspection_quota: null
  meeting_limits: {from: 2025-03-10, adoption: 1.0, rollout: {Late: 2025-06-02}}
"""
"""Beside a file of the tiny county: two counties, of which one starts twelve weeks after the other."""

# Whether a test fails is all that a mutation check asks: a smaller world in which it does takes minutes to find.
settings.register_profile("mutants", phases=(Phase.explicit, Phase.generate), database=None, derandomize=True)

pytest_plugins = ("costs",)

Process = Callable[..., subprocess.CompletedProcess[str]]


class Outcome(NamedTuple):
    """How a call of the command line ended and what it printed."""

    code: int
    out: str
    err: str


Call = Callable[..., Outcome]


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of the tiny county, in an empty folder that is also the current one."""
    monkeypatch.chdir(tmp_path)
    path = Path("tiny.yaml")
    path.write_text(TINY, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def tiny_scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    """The tiny county as a value; it is immutable, so that all tests share it."""
    path = tmp_path_factory.mktemp("tiny") / "tiny.yaml"
    path.write_text(TINY, encoding="utf-8")
    return load(path)


@pytest.fixture(scope="session")
def tiny_runs(tiny_scenario: Scenario) -> RunSet:
    """Three replicates of the tiny county."""
    return run(tiny_scenario, replicates=3, seed=7, workers=1)


@pytest.fixture(scope="session")
def tiny_comparison(tiny_scenario: Scenario) -> Comparison:
    """The tiny county with and without its reforms, three paired replicates."""
    return compare(tiny_scenario, replicates=3, seed=7, workers=1)


@pytest.fixture(scope="session")
def two_counties(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """Two counties with and without a reform that comes to one after the other, three paired replicates."""
    folder = tmp_path_factory.mktemp("two")
    (folder / "tiny.yaml").write_text(TINY, encoding="utf-8")
    (folder / "two.yaml").write_text(TWO_COUNTIES, encoding="utf-8")
    return compare(load(folder / "two.yaml"), replicates=3, seed=7, workers=1)


@pytest.fixture
def call(tiny: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Call:
    """Runs the command line within this process, in the folder of ``tiny``: what a test of a command begins with."""

    def call_main(*arguments: str) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["cadre-sim", *arguments])
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        code = ended.value.code
        return Outcome(code if isinstance(code, int) else 0, *capfd.readouterr())

    return call_main


@pytest.fixture
def process(tiny: Path) -> Process:
    """Runs the command line as a process of its own in the folder of ``tiny``; takes a second longer than ``call``."""

    def run_process(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "cadre_sim.cli", *arguments]
        return subprocess.run(
            command, capture_output=True, text=True, timeout=300, check=False, cwd=tiny.resolve().parent
        )

    return run_process


PROCESSES = {"process", "written", "small_disk", "site", "server"}
"""Fixtures that start a process."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--no-processes", action="store_true", help="fail a test that starts a process unmarked")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as ``process`` each notebook, and each test with a fixture that starts a process."""
    for item in items:
        if item.path.suffix == ".ipynb" or PROCESSES & set(getattr(item, "fixturenames", ())):
            item.add_marker("process")


@pytest.fixture(autouse=True)
def no_processes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Under ``make test-quick``: a test that is not marked starts no process."""
    if not request.config.getoption("--no-processes"):
        return

    platform.platform()  # asks uname, once; a manifest names the machine

    def refuse(*_: object, **__: object) -> None:
        pytest.fail("starts a process: mark it with @pytest.mark.process, or call the function itself")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    monkeypatch.setattr(multiprocessing.process.BaseProcess, "start", refuse)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the tables that tests have recorded, also those of other processes."""
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for name, value in report.user_properties:
            if name == "table":
                terminalreporter.section(report.nodeid)
                terminalreporter.write_line(str(value))
