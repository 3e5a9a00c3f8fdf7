"""Runs for the page: the numbers of ``compare``, each run once, and one day as the agents show it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from cadre_sim import CadreModel, Office
from cadre_sim.activities import ACTIVITIES
from cadre_sim.comparison.compare import Comparison
from cadre_sim.explorer.following import FollowJob, follow
from cadre_sim.explorer.laboratory import Laboratory
from cadre_sim.explorer.progress import stage_of, wait_for
from cadre_sim.explorer.state import board_of
from cadre_sim.scenario.loading import arm_of
from cadre_sim.scenario.scenario import Scenario
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
