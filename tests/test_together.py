"""Commands at once, in one folder and with one cache: each ends as if it were alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from conftest import Process
from sweeps import GRID

pytestmark = [pytest.mark.process, pytest.mark.slow]

COMMAND = [sys.executable, "-m", "cadre_sim.cli"]


def together(*commands: str) -> list[tuple[int, str]]:
    """Exit code and stderr of commands that are started at the same time."""
    begun = [
        subprocess.Popen([*COMMAND, *command.split()], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for command in commands
    ]
    said = [process.communicate(timeout=600)[1] for process in begun]
    assert not [text for text in said if "Traceback" in text]
    return [(process.returncode, text) for process, text in zip(begun, said, strict=True)]


def results(folder: str) -> dict[str, bytes]:
    """What lies in a folder of results, but for what says when and how it was made."""
    return {p.name: p.read_bytes() for p in Path(folder).iterdir() if p.name not in ("manifest.json", "report.html")}


def test_the_same_run_twice_at_once_leaves_the_results_of_one(process: Process) -> None:
    assert process("run", "tiny.yaml", "--out", "alone").returncode == 0
    ended = together("run tiny.yaml --out both", "run tiny.yaml --out both", "run tiny.yaml --out other")
    assert [code for code, _ in ended] == [0, 0, 0]
    assert results("both") == results("other") == results("alone")


def test_a_comparison_and_reports_of_its_folder_at_once(process: Process) -> None:
    """A report reads one comparison or says that there is none that is whole."""
    compare = "compare tiny.yaml --replicates 2 --out compared"
    assert process(*compare.split()).returncode == 0
    before = results("compared")
    ended = together(compare, "report compared", "report compared", compare)
    assert all(code == 0 or (code == 2 and text.startswith("error")) for code, text in ended)
    assert results("compared") == before


def test_an_experiment_twice_at_once_and_its_results_meanwhile(tiny: Path) -> None:
    """One of the two waits for the other or is refused; no run is counted twice."""
    Path("grid.yaml").write_text(GRID, encoding="utf-8")
    sweep = "experiment run grid.yaml --out grid --workers 1 --quiet"
    ended = together(sweep, sweep, "results grid", "results grid")
    assert 0 in [code for code, _ in ended[:2]]
    assert all(code in (0, 2) for code, _ in ended)
    done = subprocess.run([*COMMAND, "results", "grid"], capture_output=True, text=True, timeout=600, check=True)
    keys = [line.partition(",")[0] for line in done.stdout.splitlines()[1:]]
    assert len(keys) == len(set(keys)) == 12
