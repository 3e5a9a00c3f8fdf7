"""The lowest versions that pyproject.toml allows are enough for every command."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from environments import PROJECT, UV, installed, run, try_every_command


@pytest.mark.slow
def test_every_command_works_with_the_lowest_versions(tmp_path: Path) -> None:
    """Somebody who has old libraries, all of which we declare to be new enough, gets what everybody gets."""
    python = installed(tmp_path, f"{PROJECT}[all]", "--resolution", "lowest-direct")
    lowest = re.search(r'"numpy>=(.*)"', (PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    assert lowest
    assert f"numpy=={lowest[1]}" in run(*UV, "pip", "freeze", "--python", python)
    try_every_command(python, tmp_path / "work", "all")
