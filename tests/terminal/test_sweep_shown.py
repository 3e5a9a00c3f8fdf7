"""How a sweep goes is shown in place in a notebook and on a terminal, and by a line now and then in a log file."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from cadre_sim.terminal import progress
from cadre_sim.terminal.sweep import sweep_shown

pytestmark = pytest.mark.process
EXPERIMENT = "scenario: tiny.yaml\nreplicates: 3\nmetrics: [service_hours]\n"
CELL = """\
import cadre_sim
found = cadre_sim.run_experiment(cadre_sim.load_experiment("three.yaml"), workers=1)
found.new, found.failed, str(found.path)
"""


def test_a_sweep_in_a_notebook_shows_one_line_that_is_written_again(tiny: Path) -> None:
    Path("three.yaml").write_text(EXPERIMENT, encoding="utf-8")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    shown, result = (output for output in notebook.cells[0].outputs if "data" in output)
    assert shown["data"]["text/plain"].startswith("runs: 3 of 3 done, 0 failed")
    assert result["data"]["text/plain"] == "(3, 0, 'results/three')"


def test_a_terminal_shows_one_line_that_is_written_again(tiny: Path) -> None:
    ours, theirs = pty.openpty()
    code = (
        "from cadre_sim.terminal.sweep import sweep_shown\nwith sweep_shown(False) as s: s(1, 0, 3, ''); s(2, 0, 3, '')"
    )
    subprocess.run([sys.executable, "-c", code], stderr=theirs, check=True)
    os.close(theirs)
    said = os.read(ours, 10_000).decode()
    os.close(ours)
    assert "\r\x1b[2Kruns: 1 of 3 done" in said
    assert "\r\x1b[2Kruns: 2 of 3 done" in said
    assert said.count("\n") == 1


def test_a_log_file_has_a_line_now_and_then(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with sweep_shown(False) as show:
        assert show is not None
        show(1, 0, 3, "")
        monkeypatch.setattr(progress, "LINE_EVERY", 0.0)
        show(0, 0, 3, "waiting for workers")
        show(2, 1, 3, "")
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "runs: 0 of 3 done, 0 failed, waiting for workers"
    assert lines[1].startswith("runs: 2 of 3 done, 1 failed, ")
    assert len(lines) == 2


def test_a_quiet_sweep_shows_nothing() -> None:
    with sweep_shown(True) as show:
        assert show is None
