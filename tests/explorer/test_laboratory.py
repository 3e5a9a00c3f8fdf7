"""Runs for the page: the numbers of ``compare``, each run once, and one day as the agents show it."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
import simpy
from visiting import resident

from cadre_sim import CadreModel, Office
from cadre_sim.activities import ACTIVITIES
from cadre_sim.comparison.compare import Comparison
from cadre_sim.comparison.replicate import Job
from cadre_sim.errors import ModelError
from cadre_sim.explorer.following import FollowJob, follow
from cadre_sim.explorer.laboratory import Laboratory, _Key
from cadre_sim.explorer.markup import status
from cadre_sim.explorer.progress import STILL, Pace, stage_of, wait_for
from cadre_sim.explorer.state import board_of
from cadre_sim.language import ENGLISH
from cadre_sim.scenario.bundled import scenario_file
from cadre_sim.scenario.loading import arm_of, load_arm
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.simulation import Simulation
from process_table import worker_pids
from waiting import until

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def laboratory() -> Iterator[Laboratory]:
    """A laboratory of one process."""
    found = Laboratory(1)
    found.open()
    yield found
    found.close()


def _wait(asked: object, replicates: int) -> None:
    until(lambda: asked.ready >= replicates)  # type: ignore[attr-defined]


def test_the_page_has_the_numbers_of_compare(
    laboratory: Laboratory, tiny_scenario: Scenario, tiny_comparison: Comparison
) -> None:
    """Bit for bit, with the same check that both arms are identical until the reform."""
    asked = laboratory.visitor().ask(arm_of(tiny_scenario), 7, 3)
    _wait(asked, 3)
    found = asked.comparison(3)
    assert found.effects().drop(columns="scenario").equals(tiny_comparison.effects().drop(columns="scenario"))
    assert found.arms[0].identical_days == tiny_comparison.arms[0].identical_days


def test_an_article_of_the_file_is_no_matter_of_the_page(laboratory: Laboratory, tiny_scenario: Scenario) -> None:
    """With every measure off, both arms are the run that a baseline with an article had before."""
    figure = {"row": 1, "text": "closed", "figure": 3, "role": "output", "value": "closed_urgent"}
    with_article = Scenario.model_validate(tiny_scenario.without_reforms().to_dict() | {"article": [figure]})
    board = board_of(arm_of(tiny_scenario, with_article))
    off = replace(board.defaults, values={n: False if v is True else v for n, v in board.defaults.values.items()})
    for settings in (board.defaults, off):
        asked = laboratory.visitor().ask(board.paired(settings), 17, 2)
        _wait(asked, 2)
        found = asked.comparison(2)
        assert len(found.article()) == 0
    assert (found.effects()["effect"].dropna() == 0.0).all()


def test_a_setting_that_moves_nothing_runs_nothing(laboratory: Laboratory, tiny_scenario: Scenario) -> None:
    """A second visitor, and one who comes back to where a slider was, get what is there."""
    board = board_of(arm_of(tiny_scenario))
    arm = board.paired(board.defaults)
    first = laboratory.visitor().ask(arm, 7, 2)
    _wait(first, 2)
    second = laboratory.visitor().ask(arm, 7, 2)
    assert second.ready == 2
    assert second.pairs == first.pairs


def test_a_slider_that_moves_on_gives_up_what_has_not_begun(laboratory: Laboratory, tiny_scenario: Scenario) -> None:
    visitor, board = laboratory.visitor(), board_of(arm_of(tiny_scenario))
    arm = board.paired(board.defaults)
    stale = visitor.ask(arm, 11, 16)
    asked = visitor.ask(arm, 12, 2)
    assert any(future.cancelled() for pair in stale.pairs for future in pair)
    wait_for(asked, 60)
    assert stage_of(asked) == 2


def test_figures_are_drawn_when_replicates_have_doubled(laboratory: Laboratory, tiny_scenario: Scenario) -> None:
    asked = laboratory.visitor().ask(arm_of(tiny_scenario), 13, 8)
    _wait(asked, 8)
    assert [stage_of(asked._replace(pairs=asked.pairs[:n])) for n in range(9)] == [0, 0, 2, 2, 4, 4, 4, 4, 8]


def test_a_day_is_what_the_agents_show(tiny_scenario: Scenario) -> None:
    """Hours of every cadre, and of what is owed the matters that the office itself counts as open and overdue."""
    model = CadreModel(tiny_scenario, seed=7)
    model.run_for(31)
    days = follow(FollowJob(tiny_scenario, 7, 30))
    offices = list(model.agents_by_type[Office])
    assert [d.name for d in days] == [o.name for o in offices]
    for day, office in zip(days, offices, strict=True):
        for shown, cadre in zip(day.cadres, office.cadres, strict=True):
            assert dict(zip(ACTIVITIES, shown.hours, strict=True)) == cadre.hours
        matters = [o for o in day.owed if o.activity in ("urgent", "ordinary")]
        assert sum(o.items for o in matters) == day.today["open"]
        assert sum(o.overdue for o in matters) == day.today["overdue"]
    assert np.isfinite([o.hours for d in days for o in d.owed]).all()


def test_work_of_a_process_that_died_is_done_again(tiny_scenario: Scenario) -> None:
    """Whoever waits has their numbers all the same; closing leaves no process, also none that was stopped."""
    laboratory = Laboratory(2)
    laboratory.open()
    try:
        asked = laboratory.visitor().ask(arm_of(tiny_scenario), 23, 8)
        os.kill(worker_pids()[0], signal.SIGKILL)
        _wait(asked, 8)
        workers = worker_pids()
        laboratory.visitor().ask(arm_of(tiny_scenario), 24, 8)
        os.kill(workers[0], signal.SIGSTOP)
    finally:
        laboratory.close()
    until(lambda: not worker_pids())


def test_work_that_kills_its_process_twice_is_given_up_in_a_sentence(tiny_scenario: Scenario) -> None:
    """And what is asked for next is done."""
    laboratory = Laboratory(1)
    laboratory.open()
    try:
        visitor = laboratory.visitor()
        key = _Key(0.0, "deadly", 1, 1)
        fatal = laboratory.start(visitor, "runs", {key: (os._exit, 9)})[key]
        with pytest.raises(ModelError, match="died twice"):
            fatal.result(60)
        _wait(visitor.ask(arm_of(tiny_scenario), 25, 2), 2)
    finally:
        laboratory.close()


def _long_run(job: Job) -> int:
    """In a worker: a run that lasts so long that Python takes it for something that stays."""
    simulation = Simulation(job.scenario, seed=job.seed)
    simulation.run_for(20)
    gc.collect()
    return len(simulation.run().daily)


def _runs_held(_: None) -> int:
    """In a worker: how many runs it holds."""
    return sum(isinstance(each, simpy.Environment) for each in gc.get_objects())


def test_a_worker_keeps_nothing_of_runs_that_are_over(laboratory: Laboratory, tiny_scenario: Scenario) -> None:
    visitor = laboratory.visitor()
    for order, work in enumerate([(_long_run, Job(tiny_scenario, 31, 0)), (_runs_held, None)]):
        key = _Key(float(order), "held", 31, order)
        found = laboratory.start(visitor, "held", {key: work})[key].result(60)
    assert found == 0


@pytest.mark.slow
def test_a_worker_does_not_grow_over_slider_moves() -> None:
    """Two runs of a county a move: without a collection after each, 25 moves took 1.6 MB, with it nothing."""
    laboratory = Laboratory(1)
    laboratory.open()
    try:
        visitor, held = laboratory.visitor(), []
        arm = load_arm(scenario_file("one-county"), ())
        for move in range(100):
            _wait(visitor.ask(arm, move, 1), 1)
            held.append(max(resident(process) for process in laboratory._processes()._processes))
        assert held[-1] < held[25] + 1.0
    finally:
        laboratory.close()


def test_a_page_that_waits_long_is_told_so() -> None:
    now = [0.0]
    pace = Pace(lambda: now[0])
    assert pace.still(0) == 0
    now[0] = STILL - 1
    assert pace.still(0) == 0
    now[0] = STILL + 1
    assert pace.still(0) == STILL + 1
    assert "No run has ended for 31 seconds" in status((0, 8), 0, 4, ENGLISH, pace.still(0))
    assert pace.still(1) == 0
