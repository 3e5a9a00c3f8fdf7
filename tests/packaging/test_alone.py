"""Two calls of make at once install one after the other."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

TOOL = Path(__file__).parents[2] / "tools" / "alone.py"
WORK = "import sys; file = open('log', 'a'); print('begin', file=file, flush=True); print('end', file=file, flush=True)"


@pytest.mark.process
def test_commands_under_one_lock_run_one_after_the_other(tmp_path: Path) -> None:
    command = [sys.executable, str(TOOL), "lock", sys.executable, "-c", WORK]
    running = [subprocess.Popen(command, cwd=tmp_path) for _ in range(4)]
    assert [process.wait(timeout=120) for process in running] == [0] * 4
    assert (tmp_path / "log").read_text().split() == ["begin", "end"] * 4


@pytest.mark.process
def test_the_exit_code_is_that_of_the_command(tmp_path: Path) -> None:
    command = [sys.executable, str(TOOL), str(tmp_path / "lock"), sys.executable, "-c", "raise SystemExit(7)"]
    assert subprocess.run(command, check=False).returncode == 7
