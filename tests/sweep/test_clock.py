"""A clock that jumps while a sweep is at work."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cadre_sim.sweep.driver import sweep
from conftest import TINY
from sweeps import GRID, part_bytes, planned

YEAR = 365 * 86_400.0


def test_a_clock_that_jumps_changes_no_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Forward and back by a year at each look at it: what is known of times is wrong, and nothing else."""
    (tmp_path / "tiny.yaml").write_text(TINY, encoding="utf-8")
    plan = planned(GRID, tmp_path)
    sweep(plan, tmp_path / "steady", workers=1)
    jumps = itertools.cycle((YEAR, -YEAR, 0.0))
    steady: Callable[[], float] = time.time
    monkeypatch.setattr(time, "time", lambda: steady() + next(jumps))
    found = sweep(plan, tmp_path / "jumping", workers=1)
    assert not found.failed
    assert part_bytes(tmp_path / "jumping") == part_bytes(tmp_path / "steady")
