"""Where a file or a folder should be and something else is: one sentence, at once."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest

from conftest import Call

LONGEST = 10
"""Seconds after which a command is taken to wait for ever."""
PATHS = ("pipe", "/dev/zero", "/dev/stdin", "socket", "folder", "missing", "x" * 5000, "a\0b", "", "link", "\udcff")
COMMANDS: dict[str, tuple[str, ...]] = {
    "run": ("run", "{}"),
    "compare": ("compare", "{}"),
    "compare with another": ("compare", "tiny.yaml", "{}"),
    "validate": ("validate", "{}"),
    "diff": ("diff", "tiny.yaml", "{}"),
    "calibrate": ("calibrate", "{}"),
    "explore": ("explore", "{}", "--no-browser"),
    "experiment run": ("experiment", "run", "{}"),
    "experiment rerun": ("experiment", "rerun", "{}", "--failed"),
    "experiment plan": ("experiment", "plan", "{}"),
    "cluster": ("experiment", "run", "e.yaml", "--cluster", "{}"),
    "rules": ("--rules", "{}", "run", "tiny.yaml"),
    "results": ("results", "{}"),
    "report": ("report", "{}"),
    "analyse": ("analyse", "sensitivity", "{}"),
    "units": ("run", "tiny.yaml", "--set", "place={{name: x, units: '{}'}}"),
    "extends": ("run", "{}/over.yaml"),
}


@pytest.fixture
def no_files(tiny: Path) -> Iterator[None]:
    """What is no file, in the folder of the tiny county."""
    os.mkfifo("pipe")
    Path("folder").mkdir()
    Path("link").symlink_to("pipe")
    Path("e.yaml").write_text("scenario: tiny.yaml\n", encoding="utf-8")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket")
        yield


@pytest.fixture
def in_time() -> Iterator[None]:
    """A command that waits is ended, and the test with it."""

    def late(_: int, __: FrameType | None) -> None:
        pytest.fail(f"waited for {LONGEST} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(LONGEST)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: ascii(path)[:20])
@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_what_is_no_file_is_refused_in_a_sentence(
    call: Call, no_files: None, in_time: None, command: tuple[str, ...], path: str
) -> None:
    before = set(os.listdir())
    found = call(*(part.format(path) if part != "{}" else path for part in command))
    assert found.code == 2, found.err
    assert "Traceback" not in found.err
    assert found.out == ""
    assert found.err.strip()
    assert set(os.listdir()) == before
