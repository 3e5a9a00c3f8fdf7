"""What commands say of tables and calendars that is no mistake: once, on stderr, and the result stands."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import cadre_sim
import cadre_sim.errors
from cadre_sim.cli.app import main
from cadre_sim.scenario.holiday_tables import exchange_years
from cadre_sim.scenario.period import Calendar

TABLE = """\
county,township,name,kind,residents,cadres
A,T,Government,township,,3
A,T,V,village,900,2
A,T,W,village,800,0
"""
Call = Callable[..., tuple[int, str, list[str]]]


@pytest.fixture
def call(tiny: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Call:
    """Runs a command within this process; gives its exit code, its output and the warnings on stderr."""
    Path("units.csv").write_text(TABLE, encoding="utf-8")
    Path("mine.yaml").write_text("extends: tiny.yaml\nplace: {units: units.csv}\n", encoding="utf-8")

    def call_main(*arguments: str) -> tuple[int, str, list[str]]:
        monkeypatch.setattr(sys, "argv", ["cadre-sim", *arguments])
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        found = capfd.readouterr()
        warnings = [line for line in found.err.splitlines() if line.startswith("warning: ")]
        return int(ended.value.code or 0), found.out, warnings

    return call_main


@pytest.mark.parametrize(
    "command",
    [
        ("validate", "mine.yaml"),
        ("validate", "mine.yaml", "--quiet"),
        ("run", "mine.yaml", "--workers", "1", "-n", "2"),
        ("run", "mine.yaml", "--workers", "1", "--json"),
        ("compare", "mine.yaml", "--workers", "1", "-n", "2"),
        ("diff", "mine.yaml", "mine.yaml"),
    ],
)
def test_a_table_with_an_oversight_is_used_and_told_of_once(call: Call, command: tuple[str, ...]) -> None:
    """Both arms read the same table, and a run reads it again; its owner reads the sentence once."""
    code, out, warnings = call(*command)
    assert code == 0
    assert [said.partition("units.csv: ")[2] for said in warnings] == [
        "nobody works in these offices, which leave undone whatever comes to them: W (line 4)"
    ]
    assert "warning" not in out


def test_a_year_that_is_not_announced_is_told_and_run(call: Call) -> None:
    year = exchange_years(Calendar())[-1] + 1
    period = f"period={{start: {year}-01-04, end: {year}-02-20}}"
    code, _, warnings = call("run", "tiny.yaml", "--workers", "1", "--set", period, "--set", "reforms={}")
    assert code == 0
    assert len(warnings) == 1
    assert warnings[0].startswith(f"warning: calendar: {year}: holidays are predicted; which weekends are worked")


def test_a_year_without_known_holidays_is_refused_where_it_stands(
    call: Call, capfd: pytest.CaptureFixture[str]
) -> None:
    Path("old.yaml").write_text("title: Old\nperiod: {start: 1949-05-02, end: 1949-12-31}\n", encoding="utf-8")
    with pytest.raises(cadre_sim.errors.UserError, match=r"old\.yaml:2:9 period: no holiday of CN is known for 1949"):
        cadre_sim.load("old.yaml")
    assert call("validate", "old.yaml")[0] == 2


@pytest.mark.process
def test_the_processes_of_a_sweep_do_not_say_it_again(call: Call) -> None:
    Path("few.yaml").write_text("scenario: mine.yaml\nreplicates: 2\nmetrics: [service_hours]\n", encoding="utf-8")
    code, _, warnings = call("experiment", "run", "few.yaml", "--workers", "1")
    assert (code, len(warnings)) == (0, 1)


def test_python_is_told_the_same_when_it_asks(call: Call) -> None:
    scenario = cadre_sim.load("mine.yaml", ["period.end=2090-01-01"])
    said = cadre_sim.notices(scenario, scenario)
    assert len(said) == 2
    assert "W (line 4)" in said[0]
    assert said[1].startswith("calendar: ")
    assert cadre_sim.notices(cadre_sim.load("tiny.yaml")) == ()
