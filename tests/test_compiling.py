"""Compiled code and the same functions as plain Python: whoever looks into a run with a debugger sees the same run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from cadre_sim.model import CadreModel
from cadre_sim.scenario.loading import load

pytestmark = pytest.mark.process


def test_a_run_is_the_same_as_plain_python(tiny: Path, tmp_path: Path) -> None:
    """With NUMBA_DISABLE_JIT=1 nothing is compiled; all numbers are the same but for rounding."""
    code = (
        "import sys, numpy as np; from cadre_sim.model import CadreModel; from cadre_sim.scenario.loading import load; "
        "np.save(sys.argv[2], CadreModel(load(sys.argv[1])).run().daily)"
    )
    out = tmp_path / "plain.npy"
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1"}
    subprocess.run([sys.executable, "-c", code, str(tiny), str(out)], check=True, env=environment, timeout=300)
    np.testing.assert_allclose(np.load(out), CadreModel(load(tiny)).run().daily, rtol=1e-9, atol=1e-9)
