"""What the terminal shows of few replicates, many factors and long lists, in 80 columns."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from cadre_sim.analysis.frontier import Frontier, Objective
from cadre_sim.cli.app import main
from cadre_sim.terminal.analysis import print_frontier
from cadre_sim.terminal.notes import few_of

Call = Callable[..., str]
NOBODY_COMES = "demand.matters=0"


@pytest.fixture
def call(tiny: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Call:
    """The command line in this process: what it prints, in one line, if it ends well and says nothing else."""

    def run(*arguments: str) -> str:
        monkeypatch.setattr("sys.argv", ["cadre-sim", *arguments])
        try:
            main()
        except SystemExit as end:
            assert not end.code
        printed = capfd.readouterr()
        assert "Warning" not in printed.err
        return re.sub(r"\s+", " ", printed.out)

    return run


def frontier_of(factors: int) -> Frontier:
    """Thirty points of some factors with the long names that paths have."""
    names = [f"reforms.some_measure_{k}.adoption" for k in range(factors)]
    numbers = {name: np.arange(30) / 7.0 for name in names}
    table = pd.DataFrame(numbers | {"service_hours": 17.2, "hidden_violations": 0.0012, "held": 1.0})
    objectives = (Objective("service_hours", "max"), Objective("hidden_violations", "min"))
    return Frontier(objectives, ("h", "violations"), "reform", 64, 2, table)


@pytest.mark.parametrize("factors", [1, 10, 40])
def test_a_frontier_of_many_factors_keeps_names_and_numbers_whole(factors: int) -> None:
    """Every name stands in one piece on one line, and every point has all its numbers."""
    file = io.StringIO()
    print_frontier(Console(file=file, width=80), frontier_of(factors))
    lines = file.getvalue().splitlines()
    assert max(map(len, lines)) <= 80
    for k in range(factors):
        assert any(f"reforms.some_measure_{k}.adoption" in line for line in lines)
    assert not any("\N{HORIZONTAL ELLIPSIS}" in line for line in lines)
    assert sum(line.count("0.143") for line in lines) == factors
    assert any("10 further points are not shown" in line for line in lines)


def test_of_many_names_a_few_are_named() -> None:
    assert few_of([f"p{k}" for k in range(247)]) == "p0, p1, p2, p3, p4, p5 and 241 more (247 in all)"
    assert few_of(["a", "b"]) == "a, b"
    assert few_of([]) == "none"


@pytest.mark.parametrize("command", ["run", "compare"])
def test_too_few_replicates_are_told_with_what_would_do(call: Call, command: str) -> None:
    one, two = (call(command, "tiny.yaml", "-n", str(count), "--workers", "1") for count in (1, 2))
    assert "One replicate gives no interval; --replicates 8 does." in one
    assert not re.search(r"\d\.\d+ to [-+]?\d|\bnan\b", one)
    assert "2 replicates say little of chance: their intervals reach 12.7 standard errors to each side" in two
    assert "95% interval" in two


def test_intervals_of_shares_stay_within_0_and_1(call: Call) -> None:
    """Of two replicates an interval reaches far; it ends where a share does, and that is said."""
    printed = call("run", "tiny.yaml", "-n", "2", "--workers", "1")
    row = re.search(r"proactive cadres % ([\d.]+) ([-\d.]+) to ([-\d.]+)", printed)
    assert row is not None
    assert 0.0 <= float(row[2]) <= float(row[1]) <= float(row[3]) <= 100.0
    assert "Intervals end where a metric does" in printed


def test_a_metric_that_never_varies_or_is_of_nothing_is_no_nan(call: Call) -> None:
    """Where residents bring nothing, nothing is closed: days to close are undefined, complaints are 0 and sure."""
    printed = call("compare", "tiny.yaml", "-n", "2", "--workers", "1", "--set", NOBODY_COMES)
    assert re.search(r"days to close - - - - - -", printed)
    assert "-: undefined, a mean of nothing" in printed
    assert "complaints /office-yr 0.00 0.00 +0.00 +0.00 to +0.00" in printed
    assert "nan" not in printed
