"""The lowest versions that pyproject.toml allows are enough for every command."""

from __future__ import annotations

from pathlib import Path

import pytest
from environments import PROJECT, installed, run, try_every_command


@pytest.mark.slow
def test_every_command_works_with_the_lowest_versions(tmp_path: Path) -> None:
    """Somebody who has old libraries, all of which we declare to be new enough, gets what everybody gets."""
    python = installed(tmp_path, f"{PROJECT}[all]", "--resolution", "lowest-direct")
    versions = run("uv", "pip", "list", "--python", python)
    assert "2.0." in next(line for line in versions.splitlines() if line.startswith("numpy ")), "not the lowest"
    try_every_command(python, tmp_path / "work", "all")
