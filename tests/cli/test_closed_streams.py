"""Where the output cannot go: a sentence or silence, and results all the same."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.process, pytest.mark.skipif(sys.platform == "win32", reason="shells of POSIX")]
COMMAND = f"{sys.executable} -m cadre_sim.cli"


def shell(command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=300, check=False)


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&- >&- 2>&-", "2>/dev/full", "<&- >/dev/null 2>/dev/full"])
def test_a_result_is_written_though_nothing_can_be_told(tiny: Path, closed: str) -> None:
    if "full" in closed and not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    found = shell(f"{COMMAND} run tiny.yaml --replicates 2 --workers 2 --out out {closed}")
    assert found.returncode == 0, found.stderr
    assert "Traceback" not in found.stderr
    for path in Path("out").glob("*.json"):
        json.loads(path.read_text())  # nothing that was printed stands in a file


def test_a_mistake_has_its_code_though_it_cannot_be_told(tiny: Path) -> None:
    for closed in ("2>&-", "2>/dev/full" if Path("/dev/full").exists() else "2>/dev/null"):
        found = shell(f"{COMMAND} run nothing.yaml {closed}")
        assert (found.returncode, found.stdout, found.stderr) == (2, "", "")


def test_a_reader_that_has_had_enough_is_no_fault(tiny: Path) -> None:
    found = shell(f"{COMMAND} schema | head -1")
    assert found.stdout.count("\n") == 1
    assert found.stderr == ""
