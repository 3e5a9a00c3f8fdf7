"""The selftest: it holds as it is, and whatever breaks shows in the row that looks at it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from cadre_sim import simulation
from cadre_sim.cli.app import main
from cadre_sim.errors import InputError
from cadre_sim.reforms.force import Reforms
from cadre_sim.selftest import laws, queueing, repeatable, run, table, vectors
from cadre_sim.simulation import Simulation
from cadre_sim.streams import philox
from cadre_sim.workday.cycle import STEPS, work
from cadre_sim.workday.outputs import RECEIVED

Patch = pytest.MonkeyPatch


def after_each_day(patch: Patch, spoil: Callable[[Any], object]) -> None:
    """Let something happen to the columns at the end of every day of every model."""

    def spoiled(first: int, last: int, a: int, b: int, columns: Any, *today: Any) -> None:
        work(first, last, a, b, columns, *today)
        if last == len(STEPS):
            spoil(columns)

    patch.setattr(simulation, "work", spoiled)


def a_wrong_generator(patch: Patch) -> None:
    patch.setattr(vectors, "philox", lambda *words: tuple(int(w) ^ (words[0] & 1) for w in philox(*words)))


def work_that_does_itself(patch: Patch) -> None:
    after_each_day(patch, lambda c: np.multiply(c.queues.item["left"], 1 - 1e-6, out=c.queues.item["left"]))


def cadres_who_are_slower_than_they_say(patch: Patch) -> None:
    slower = queueing.pure_queue
    patch.setattr(queueing, "pure_queue", lambda *a, **k: slower(*a, **k, contracted=7.8))


def time_that_nobody_was_paid_for(patch: Patch) -> None:
    after_each_day(patch, lambda c: np.add(c.day.overtime, 1e-6, out=c.day.overtime))


def a_matter_that_is_counted_twice(patch: Patch) -> None:
    after_each_day(patch, lambda c: np.add(c.day.out[:, RECEIVED], 1.0, out=c.day.out[:, RECEIVED]))


def a_reform_that_acts_by_being_there(patch: Patch) -> None:
    policy_of = Reforms.policy

    def policy(self: Reforms, day: int) -> Any:
        policy = policy_of(self, day)
        return policy._replace(screens_scale=policy.screens_scale * 1.01) if self.reforms else policy

    patch.setattr(Reforms, "policy", policy)


def reforms_that_never_act(patch: Patch) -> None:
    scenario = repeatable.small_world()
    idle = {name: reform.model_copy(update={"strength": 0.0}) for name, reform in scenario.reforms.items()}
    patch.setattr(repeatable, "small_world", lambda: scenario.model_copy(update={"reforms": idle}))


def a_thread_that_leaves_an_office_out(patch: Patch) -> None:
    on_threads = Simulation._on_threads

    def careless(self: Simulation, first: int, last: int, *today: Any) -> None:
        if self.threads == 1:
            on_threads(self, first, last, *today)
        else:
            work(first, last, 0, self.world.offices.kind.size - 1, self.columns, *today)

    patch.setattr(Simulation, "_on_threads", careless)


def a_snapshot_that_forgets(patch: Patch) -> None:
    restore = simulation.restore

    def forgetful(*arguments: Any) -> Any:
        columns = restore(*arguments)
        columns.cadre.fatigue[:] = 0.0
        return columns

    patch.setattr(simulation, "restore", forgetful)


def a_table_with_another(column: str, change: float) -> Callable[[Patch], None]:
    def spoil(patch: Patch) -> None:
        content = table.read_table().astype({column: float})
        content.loc["2025-02-17", column] += change
        patch.setattr(table, "read_table", lambda: content)

    return spoil


def another_calendar(patch: Patch) -> None:
    content = table.read_table().drop("2024-12-25")
    patch.setattr(table, "read_table", lambda: content)


def a_number_that_is_none(patch: Patch) -> None:
    after_each_day(patch, lambda c: np.multiply(c.day.out, np.nan, out=c.day.out))


BROKEN: dict[str, tuple[Callable[[Patch], None], str, set[str]]] = {
    "generator": (a_wrong_generator, "random numbers", {"known answers of Philox 4x32-10"}),
    "work": (work_that_does_itself, "the backlog", {"backlog off Lindley's recursion by"}),
    "work in the books": (work_that_does_itself, "sums", {"work of offices is off by"}),
    "queue": (
        cadres_who_are_slower_than_they_say,
        "the mean queue",
        {f"mean matters open at night, load {load}" for load in (0.5, 0.8, 1.0)},
    ),
    "wait": (cadres_who_are_slower_than_they_say, "the mean wait", {"mean days that a matter waits, load 0.8"}),
    "hours": (time_that_nobody_was_paid_for, "sums", {"hours of cadres' days are off by"}),
    "matters": (a_matter_that_is_counted_twice, "sums", {"matters received are closed or open"}),
    "idle reform": (
        a_reform_that_acts_by_being_there,
        "reforms",
        {"office-days changed by strength 0", "office-days changed before any reform"},
    ),
    "no reform": (reforms_that_never_act, "reforms", {"office-days changed from then on"}),
    "threads": (a_thread_that_leaves_an_office_out, "bytes", {"bytes of a run, and on 2 threads"}),
    "snapshot": (a_snapshot_that_forgets, "bytes", {"bytes of a run, and cut and resumed"}),
    "hours of the table": (
        a_table_with_another("reports", 1e-5), "the reference model", {"hours by activity, off the reference by"},
    ),
    "counts of the table": (
        a_table_with_another("visits", 1.0), "the reference model", {"all other outputs, off the reference by"},
    ),
    "calendar": (another_calendar, "the reference model", {"working days of the reference"}),
    "not a number": (
        a_number_that_is_none,
        "the reference model",
        {"hours by activity, off the reference by", "all other outputs, off the reference by"},
    ),
}  # fmt: skip
"""What breaks, the subject that must notice, and its rows that must fail, all others holding."""


@pytest.mark.parametrize(("spoil", "subject", "rows"), BROKEN.values(), ids=BROKEN)
def test_what_breaks_shows_in_its_row(
    spoil: Callable[[Patch], None], subject: str, rows: set[str], monkeypatch: Patch
) -> None:
    spoil(monkeypatch)
    monkeypatch.setattr(run, "SUBJECTS", {subject: run.SUBJECTS[subject]})
    assert {check.name for check in run.selftest() if not check.ok} == rows


@pytest.fixture
def call(monkeypatch: Patch, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Runs the command line within this process: exit code and what it prints."""

    def call_main(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["cadre-sim", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        return int(ended.value.code or 0), capsys.readouterr().out

    return call_main


def test_it_holds_as_it_is(call: Callable[..., tuple[int, str]]) -> None:
    """Every check holds, and there is none that nothing above has broken."""
    code, out = call("selftest", "--json")
    answer = json.loads(out)
    assert [check["name"] for check in answer["checks"] if not check["ok"]] == []
    assert (code, answer["ok"]) == (0, True)
    assert {check["name"] for check in answer["checks"]} == set().union(*(rows for _, _, rows in BROKEN.values()))
    assert answer["versions"]["numpy"] == np.__version__


def test_a_check_that_fails_ends_with_1_and_a_row_that_says_so(
    call: Callable[..., tuple[int, str]], monkeypatch: Patch
) -> None:
    """The row has what was expected, what was found, and NO; the others say yes; the last line counts."""
    a_wrong_generator(monkeypatch)
    monkeypatch.setattr(run, "SUBJECTS", {name: run.SUBJECTS[name] for name in ("random numbers", "sums")})
    code, out = call("selftest")
    row = next(line for line in out.splitlines() if line.startswith("known answers"))
    assert code == 1
    assert "3 of 3" in row
    assert "2 of 3" in row
    assert row.rstrip().endswith("NO")
    assert "1 of 4 checks FAIL" in " ".join(out.split())
    code, out = call("selftest", "--json")
    assert (code, json.loads(out)["ok"]) == (1, False)
    assert call("selftest", "--quiet") == (1, "")


def test_a_check_that_breaks_is_a_row_and_the_others_go_on(
    call: Callable[..., tuple[int, str]], monkeypatch: Patch
) -> None:
    """No traceback, whatever is wrong with the machine."""

    def no_holidays() -> Any:
        raise InputError("calendar: no holidays here")

    monkeypatch.setattr(laws, "small_world", no_holidays)
    monkeypatch.setattr(run, "SUBJECTS", {name: run.SUBJECTS[name] for name in ("sums", "random numbers")})
    code, out = call("selftest", "--json")
    broken, held = json.loads(out)["checks"]
    assert code == 1
    assert broken == {
        "name": "sums: the check broke",
        "expected": "an answer",
        "found": "InputError: calendar: no holidays here",
        "ok": False,
    }
    assert held["ok"]


def test_the_table_is_what_the_reference_model_gives() -> None:
    """``make reference-table`` has been run since either of them changed."""
    pytest.importorskip("reference.model", reason="the reference model is not here")
    from reference_table import reference_table

    given = reference_table()
    kept = table.read_table()
    assert list(kept.index) == list(given.index)
    np.testing.assert_allclose(kept[given.columns], given, rtol=1e-11, atol=1e-11)
