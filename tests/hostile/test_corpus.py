"""Every bad input of the corpus: one sentence, the exit code that is stated, within bounds, and nothing written."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest
from calling import RAW, called, contents, faults
from cases import KINDS, Case, cases

CASES = cases()
OF_ALL = ("scenario", "experiment", "cluster", "units", "rules", "results")
AS_PROCESSES = {
    "scenario: a billion laughs",
    "scenario: a file that is a fifo",
    "scenario: the place of 10,000 counties",
    "experiment: a terminal escape as an arm",
    "units: a workbook with entities",
    "rules: ends the program",
}
"""Cases of which a process of its own shows more than a call: memory, waiting, the end of the program."""
MOST_MEMORY = 3 << 30
"""Address space of such a process [bytes]; what it imports takes one of them."""


def _check(case: Case, command: tuple[str, ...], code: int, out: str, err: str) -> None:
    shown = f"cadre-sim {' '.join(command)}\n{out}{err}"
    missing = [text for text in case.says if text not in err + out]
    assert not missing, f"{shown}\nis not said: {missing}"
    assert code == case.code, shown


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_bad_input_gets_a_sentence_and_leaves_nothing(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    case.lay_out()
    before = contents()
    for command in case.commands:
        found = called(command)
        wrong = list(faults(found, case.code))
        assert not wrong, f"cadre-sim {' '.join(command)}\n{found.out}{found.err}\n{wrong}"
        _check(case, command, found.code, found.out, found.err)
        assert contents() == before, f"cadre-sim {' '.join(command)} leaves something"


@pytest.mark.process
@pytest.mark.parametrize("case", [each for each in CASES if str(each) in AS_PROCESSES], ids=str)
def test_a_process_of_little_memory_refuses_it_too(case: Case, tmp_path: Path) -> None:
    case.lay_out(tmp_path)
    before = contents(tmp_path)
    command = case.commands[-1]
    found = subprocess.run(
        [sys.executable, "-m", "cadre_sim.cli", *command],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY)),
    )
    assert "Traceback" not in found.stderr
    assert not RAW.search(found.stdout + found.stderr)
    _check(case, command, found.returncode, found.stdout, found.stderr)
    assert contents(tmp_path) == before


def test_the_corpus_knows_every_kind_of_file() -> None:
    """A hundred and twenty of the kinds that there were at first, and ten of each that comes later."""
    number = {kind: sum(case.kind == kind for case in CASES) for kind in KINDS}
    assert sum(number[kind] for kind in OF_ALL) >= 120
    assert min(number.values()) >= 10
    assert {str(case) for case in CASES} >= AS_PROCESSES


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("import os; os._exit(0)", "would"),
        ("while True: pass", "not done"),
        ("print('\\x1b[31m')", "raw"),
        ("x = bytearray(1 << 40)", "MemoryError"),
    ],
)
def test_the_bounds_hold(command: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the corpus would be told of does not go by: an end on the spot, a wait, an escape, a hunger for memory."""
    monkeypatch.chdir(tmp_path)
    Path("rules.py").write_text(command)
    Path("tiny.yaml").write_text("title: x\n")
    found = called(("--rules", "rules.py", "validate", "tiny.yaml"), seconds=0.5)
    wrong = "".join(faults(found, 0)) + found.err
    assert said in wrong or "Left" in wrong
