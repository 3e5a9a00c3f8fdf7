"""Compiled code and the same functions as plain Python: whoever looks into a run with a debugger sees the same run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import cadre_sim
from cadre_sim.compiling import SOURCES
from cadre_sim.scenario.loading import load
from cadre_sim.simulation import Simulation
from sources import Sources

PACKAGE = Path(cadre_sim.__file__).parent

pytestmark = pytest.mark.process


def test_a_run_is_the_same_as_plain_python(tiny: Path, tmp_path: Path) -> None:
    """With NUMBA_DISABLE_JIT=1 nothing is compiled; all numbers are the same but for rounding."""
    code = (
        "import sys, numpy as np; from cadre_sim import Simulation, load; "
        "np.save(sys.argv[2], Simulation(load(sys.argv[1])).run().daily)"
    )
    out = tmp_path / "plain.npy"
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1"}
    subprocess.run([sys.executable, "-c", code, str(tiny), str(out)], check=True, env=environment, timeout=300)
    np.testing.assert_allclose(np.load(out), Simulation(load(tiny)).run().daily, rtol=1e-9, atol=1e-9)


def test_the_cache_knows_all_that_compiled_code_is_made_from() -> None:
    """A source that the digest leaves out can change while its old compiled code is still used, without a word."""
    digested = {str(path.relative_to(PACKAGE)) for pattern in SOURCES for path in PACKAGE.glob(pattern)}
    assert Sources(PACKAGE).compiled() - digested == set()


def test_the_cache_is_not_thrown_away_for_nothing() -> None:
    """What is listed beside the folder of the workday is really compiled, or used by what is."""
    listed = {source for source in SOURCES if "*" not in source}
    assert listed - Sources(PACKAGE).compiled() == set()


def test_a_name_is_followed_to_where_it_is_made(tmp_path: Path) -> None:
    """From a compiled function to a constant, on to the table that the constant is derived from; no further."""
    files = {
        "work.py": "from demo.numbers import LIMIT, UNUSED\nfrom demo.types import Row\n"
        "from demo.compiling import step\n"
        "@step\ndef work(row: Row) -> float:\n    return row.x * LIMIT\n",
        "numbers.py": "from demo.table import TABLE\nfrom demo.other import OTHER\nLIMIT = TABLE[0]\nUNUSED = OTHER\n",
        "table.py": "TABLE = (1.0,)\n",
        "types.py": "class Row:\n    x: float\n",
        "other.py": "OTHER = 1.0\n",
        "compiling.py": "def step(function):\n    return function\n",
    }
    package = tmp_path / "demo"
    package.mkdir()
    for name, text in files.items():
        (package / name).write_text(text, encoding="utf-8")
    assert Sources(package).compiled() == {"work.py", "numbers.py", "table.py", "types.py", "compiling.py"}
