"""What the command line says of work that is long or does not fit: before it is begun, and never in vain."""

from __future__ import annotations

import os
import pty
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cadre_sim.cli import shared
from cadre_sim.reckoning import fitting
from conftest import Call
from waiting import until

COMMAND = [sys.executable, "-m", "cadre_sim.cli"]
EXPERIMENT = """\
scenario: tiny.yaml
design: sobol
points: 100000000
replicates: 1000000
factors: {oversight.rebound: {range: [0, 0.5]}}
"""
LONG: dict[str, tuple[str, ...]] = {
    "run": ("run", "tiny.yaml", "--workers", "1", "-n"),
    "compare": ("compare", "tiny.yaml", "--workers", "1", "-n"),
    "calibrate": ("calibrate", "tiny.yaml", "--workers", "1", "-n"),
}


@pytest.fixture
def roomy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which everything fits."""
    for name in ("free_memory", "free_addresses", "free_disk"):
        monkeypatch.setattr(fitting, name, lambda *_: None)


@pytest.mark.parametrize("arguments", LONG.values(), ids=LONG)
def test_what_takes_over_an_hour_is_refused_where_nobody_can_be_asked(
    call: Call, roomy: None, arguments: tuple[str, ...]
) -> None:
    found = call(*arguments, "1000000000", "--out", "out")
    assert (found.code, found.out) == (2, "")
    assert "of 41 cadres would take about" in found.err
    assert re.search(r"[0-9] (days|years) on 1 worker and", found.err)
    assert "--yes" in found.err
    assert not Path("out").exists()


def test_what_would_not_fit_either_is_told_at_the_same_time(call: Call) -> None:
    """Nobody is sent for a --yes that is of no use."""
    found = call("run", "tiny.yaml", "-n", "1000000000")
    assert found.code == 2
    assert "begins only with --yes" in found.err
    assert "and it would not fit: 1,000,000,000 runs of 41 cadres each" in found.err
    again = call("run", "tiny.yaml", "-n", "1000000000", "--yes")
    assert again.code == 2
    assert "this machine has" in again.err
    assert again.err.count("\n") == 1


def test_yes_begins_what_takes_long(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared, "ASKED", 0.0)
    for arguments in (("run", "tiny.yaml"), ("compare", "tiny.yaml", "-n", "1")):
        assert call(*arguments, "--workers", "1", "-q").code == 2
        assert call(*arguments, "--workers", "1", "-q", "--yes") == (0, "", "")


def test_what_is_long_is_told_in_a_line_unless_it_should_be_quiet(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared, "TOLD", 0.0)
    arguments = ("run", "tiny.yaml", "--workers", "1")
    assert "1 run of 41 cadres would take about 1 s on 1 worker and" in call(*arguments).err
    assert call(*arguments, "--quiet") == (0, "", "")


def test_a_precision_is_reckoned_with_the_most_replicates_that_it_may_take(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared, "ASKED", 0.0)
    found = call("compare", "tiny.yaml", "--precision", "0.1h", "--workers", "1")
    assert found.code == 2
    assert found.err.startswith("cadre-sim: up to 2,000 runs of 41 cadres would take about")


@pytest.mark.process
@pytest.mark.parametrize(("answer", "code"), [("n\n", 1), ("\n", 1), ("y\n", 0), ("", 1)])
def test_on_a_terminal_it_is_asked_for(tiny: Path, answer: str, code: int) -> None:
    """In a real terminal; the end of input (Ctrl-D) is no agreement."""
    script = Path("short.py")
    script.write_text(
        "from cadre_sim.cli import shared\nfrom cadre_sim.cli.app import main\nshared.ASKED = 0.0\n"
        "if __name__ == '__main__':\n    main()\n",
        encoding="utf-8",
    )
    ours, theirs = pty.openpty()
    command = [sys.executable, str(script), "run", "tiny.yaml", "--workers", "1", "-q"]
    said = b""

    def asked() -> bool:
        nonlocal said
        said += os.read(ours, 4096)
        return b"Go on? [y/N]" in said

    with subprocess.Popen(command, stdin=theirs, stdout=subprocess.PIPE, stderr=theirs) as process:
        os.close(theirs)
        until(asked)
        os.write(ours, answer.encode() or b"\x04")
        assert process.communicate(timeout=120)[0] == b""
    os.close(ours)
    assert process.returncode == code
    assert b"1 run of 41 cadres would take about" in said


DESIGNS = {
    "sobol": "points: 100000000\nfactors: {oversight.rebound: {range: [0, 0.5]}}",
    "latin_hypercube": "points: 10000000\nfactors: {oversight.rebound: {range: [0, 0.5]}}",
    "morris": "points: 1000000\nfactors: {oversight.rebound: {range: [0, 0.5]}}",
    "saltelli": "points: 1048576\nfactors: {oversight.rebound: {range: [0, 0.5]}}",
    "permutations": "points: 100000000\nfactors: {reforms.meeting_limits: {}, reforms.inspection_quota: {}}",
    "grid": "factors: {oversight.rebound: {levels: 100000}, oversight.excess: {levels: 100000}}",
}


@pytest.mark.parametrize("design", DESIGNS)
def test_the_plan_of_any_number_of_runs_is_told_at_once(call: Call, design: str) -> None:
    """Runs are counted by formula: nobody waits for a list of them."""
    text = f"scenario: tiny.yaml\nreplicates: 1000000\ndesign: {design}\n{DESIGNS[design]}\n"
    Path("e.yaml").write_text(text, encoding="utf-8")
    start = time.process_time()
    found = call("experiment", "plan", "e.yaml", "--workers", "1")
    assert time.process_time() - start < 8.0
    assert found.code == 0, found.err
    assert re.search(r"runs: [0-9,]{15,}, of which", found.out)
    assert "place: 7 offices, 41 cadres" in found.out
    assert "it does not fit here: " in found.out


def test_a_sweep_that_takes_years_is_refused_and_leaves_no_folder(call: Call) -> None:
    Path("e.yaml").write_text(EXPERIMENT, encoding="utf-8")
    for more in ((), ("--yes",)):
        found = call("experiment", "run", "e.yaml", "--out", "out", *more)
        assert (found.code, found.out) == (2, "")
        assert "100,000,000,000,000 runs of 41 cadres" in found.err
    assert not Path("out").exists()


def test_of_a_sweep_only_what_is_missing_counts(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("e.yaml").write_text("scenario: tiny.yaml\nreplicates: 3\n", encoding="utf-8")
    assert call("experiment", "run", "e.yaml", "--out", "out", "--workers", "1", "-q", "--yes").code == 0
    monkeypatch.setattr(shared, "ASKED", 0.6)  # more than to begin, less than a run
    monkeypatch.setattr("cadre_sim.cli.experiment.TOLD", 0.0)
    monkeypatch.setattr("cadre_sim.reckoning.costs.DAY", 0.1)
    assert call("experiment", "run", "e.yaml", "--out", "out", "--workers", "1", "-q").code == 0
    Path("e.yaml").write_text("scenario: tiny.yaml\nreplicates: 3\nseed: 2\n", encoding="utf-8")
    assert call("experiment", "run", "e.yaml", "--out", "other", "--workers", "1", "-q").code == 2


def test_quiet_hides_no_idle_reform(call: Call) -> None:
    Path("idle.yaml").write_text(
        "extends: tiny.yaml\nreforms: {meeting_limits: {from: 2025-06-01}, inspection_quota: null}\n", encoding="utf-8"
    )
    Path("e.yaml").write_text("arms: {a: {scenario: idle.yaml}}\n", encoding="utf-8")
    said = "the reform 'meeting_limits' can change nothing: it starts on 2025-06-01, after the run ends on 2025-02-28"
    for arguments in (("run", "idle.yaml"), ("compare", "idle.yaml", "-n", "2"), ("experiment", "run", "e.yaml")):
        found = call(*arguments, "--workers", "1", "--quiet")
        assert (found.code, found.out) == (0, "")
        assert said in found.err[:1].lower() + found.err[1:] or said in found.err
    assert said in call("validate", "idle.yaml", "--quiet").out
    assert "Nothing can change" in call("compare", "idle.yaml", "-n", "2", "--workers", "1", "--quiet").err


@pytest.mark.parametrize("form", ["--quiet", "--json"])
def test_a_precision_that_is_not_reached_is_told_in_every_form(
    call: Call, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.setattr("cadre_sim.comparison.compare.MOST_REPLICATES", 3)
    found = call("compare", "tiny.yaml", "-n", "3", "--precision", "0.0001h", "--workers", "1", form)
    assert found.code == 0
    assert "The precision asked for, 0.0001 h, is not reached in 3 replicates, the most." in found.err


def test_a_place_that_is_too_large_to_explore_is_refused(call: Call) -> None:
    found = call("explore", "tiny.yaml", "--no-browser", "--set", "period.start=1995-01-02", "--set",
                 "place.counties[0].offices=60000")  # fmt: skip
    assert found.code == 2
    assert "are too many to explore: one pair of runs takes about" in found.err


def _limited(kib: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(resource.RLIMIT_AS, (kib * 1024, kib * 1024))


@pytest.mark.process
@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "tiny.yaml"),
        ("run", "tiny.yaml", "-n", "4", "--workers", "2", "--out", "out"),
        ("compare", "tiny.yaml", "-n", "2", "--workers", "2"),
        ("experiment", "run", "e.yaml", "--out", "out"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_too_little_address_space_is_told_in_a_sentence(tiny: Path, arguments: tuple[str, ...]) -> None:
    """As under ``ulimit -v 900000``: libraries would fail one by one, workers die, and nobody be told why."""
    Path("e.yaml").write_text("scenario: tiny.yaml\nreplicates: 3\n", encoding="utf-8")
    done = subprocess.run(
        [*COMMAND, *arguments], capture_output=True, text=True, timeout=120, check=False, preexec_fn=_limited(900_000)
    )
    assert done.returncode == 2
    assert "of address space, and is limited to 922 MB (ulimit -v)" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not Path("out").exists()
