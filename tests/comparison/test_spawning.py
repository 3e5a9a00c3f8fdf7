"""Programs that worker processes cannot import: what is said names the guard or the file, and not memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import cadre_sim
from cadre_sim.comparison.pool import run_jobs
from cadre_sim.errors import ScriptError
from sweeps import planned

pytestmark = pytest.mark.process

RUN = """
import cadre_sim
cadre_sim.run(cadre_sim.load("tiny.yaml"), replicates=2, workers={workers})
"""
SWEEP = """
import cadre_sim
cadre_sim.run_experiment(cadre_sim.load_experiment("grid.yaml"), "out", workers=1)
"""
GUARD = 'if __name__ == "__main__":'


def last_words(arguments: list[str], standard_input: str | None = None) -> str:
    """What a Python program that fails says last: its exception, and not the way there."""
    found = subprocess.run(
        [sys.executable, *arguments], input=standard_input, capture_output=True, text=True, check=False, timeout=300
    )
    assert found.returncode == 1
    assert found.stderr.count("Traceback") == 1, "workers say nothing of their own"
    return found.stderr.partition("cadre_sim.errors.")[2]


@pytest.mark.parametrize("program", [RUN.format(workers=2), SWEEP], ids=["run", "sweep"])
def test_a_script_without_a_main_guard_is_told_how_to_write_one(tiny: Path, program: str) -> None:
    Path("grid.yaml").write_text("scenario: tiny.yaml\n", encoding="utf-8")
    Path("study.py").write_text(program, encoding="utf-8")
    words = last_words(["study.py"])
    assert words.startswith("ScriptError: ")
    assert "study.py" in words
    assert f"\n    {GUARD}\n        " in words
    assert "memory" not in words
    assert not list(Path().glob("out/runs/*"))


def test_a_program_on_standard_input_is_told_to_lie_in_a_file(tiny: Path) -> None:
    words = last_words(["-"], RUN.format(workers=2))
    assert words.startswith("ScriptError: ")
    assert "standard input" in words
    assert "put it into a file" in words
    assert GUARD in words
    assert "workers=1" in words


@pytest.fixture
def main(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The main module as at a prompt; it lies nowhere."""
    module = ModuleType("__main__")
    monkeypatch.setitem(sys.modules, "__main__", module)
    return module


def test_a_sweep_from_standard_input_is_refused_before_its_store_is_opened(tiny: Path, main: ModuleType) -> None:
    """One worker is no way out for a sweep, whose runs are always in processes of their own."""
    main.__file__ = "<stdin>"
    plan = planned("scenario: tiny.yaml\n")
    with pytest.raises(ScriptError, match="put it into a file") as caught:
        cadre_sim.run_experiment(plan, "out", workers=1)
    assert "workers=1" not in str(caught.value)
    assert not Path("out").exists()


def test_one_worker_needs_no_file(tiny_scenario: cadre_sim.Scenario, main: ModuleType) -> None:
    main.__file__ = "<stdin>"
    assert len(cadre_sim.run(tiny_scenario, replicates=2, workers=1).results) == 2


def test_at_a_prompt_workers_have_nothing_to_import(main: ModuleType) -> None:
    assert list(run_jobs(abs, [-1, -2], 2)) != []
