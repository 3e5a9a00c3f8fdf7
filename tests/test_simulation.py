"""One run as a value of Python: stepped, cut, resumed and ended, without Mesa."""

from __future__ import annotations

import pickle
from datetime import date
from typing import Any

import numpy as np
import pytest

import cadre_sim
from cadre_sim import Scenario, Simulation
from cadre_sim.activities import ACTIVITIES
from cadre_sim.errors import InputError, ModelError
from worlds import prints_of


@pytest.fixture
def simulation(tiny_scenario: Scenario) -> Simulation:
    return Simulation(tiny_scenario, seed=3)


def test_a_run_goes_from_the_first_working_day_to_the_last(tiny_scenario: Scenario, simulation: Simulation) -> None:
    assert simulation.scenario is tiny_scenario
    assert (simulation.day, simulation.date, simulation.is_over) == (0, None, False)
    simulation.step()
    assert (simulation.day, simulation.date) == (1, date(2024, 12, 2))
    simulation.run_for(10_000)
    assert (simulation.date, simulation.is_over) == (date(2025, 2, 28), True)
    with pytest.raises(ModelError, match="the period ended on 2025-02-28"):
        simulation.step()
    assert simulation.day == simulation.calendar.days


def test_it_is_a_replicate_of_run(tiny_scenario: Scenario) -> None:
    """What ``cadre_sim.run`` gives of the second replicate is what that replicate gives by itself."""
    second = cadre_sim.run(tiny_scenario, replicates=2, seed=3, workers=1).results[1]
    assert prints_of(Simulation(tiny_scenario, seed=3, replicate=1).run()) == prints_of(second)


def test_what_was_cut_goes_on_as_if_it_had_not_been(tiny_scenario: Scenario) -> None:
    """Also with the hours of every cadre, which the snapshot says were recorded."""
    cut = Simulation(tiny_scenario, seed=3, replicate=2, record_cadres=True)
    cut.run_for(25)
    resumed = Simulation.resume(tiny_scenario, pickle.loads(pickle.dumps(cut.snapshot())), threads=2)
    assert (resumed.day, resumed.date, resumed.key) == (25, cut.date, cut.key)
    whole = Simulation(tiny_scenario, seed=3, replicate=2, record_cadres=True).run()
    found = resumed.run()
    assert prints_of(found) == prints_of(whole)
    assert found.cadre_days is not None
    assert whole.cadre_days is not None
    np.testing.assert_array_equal(found.cadre_days, whole.cadre_days)


def test_hours_of_today_add_up_to_the_hours_worked(simulation: Simulation) -> None:
    simulation.step()
    hours = simulation.hours_today()
    assert list(hours) == list(ACTIVITIES)
    day = simulation.columns.day
    np.testing.assert_allclose(sum(hours.values()), day.overtime + day.contracted, atol=1e-9)


@pytest.mark.parametrize("options", [{"seed": -1}, {"seed": 2**32}, {"replicate": -1}, {"replicate": 2**32}])
def test_a_seed_that_does_not_fit_is_refused(tiny_scenario: Scenario, options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="must be between 0 and 4294967295"):
        Simulation(tiny_scenario, **options)


def test_a_scenario_is_one_value(tiny_scenario: Scenario) -> None:
    """What runs over everything that can be iterated over (Mesa, a loop by mistake) takes it whole."""
    with pytest.raises(TypeError, match="not iterable"):
        iter(tiny_scenario)


def test_a_file_name_in_place_of_a_scenario_is_refused_in_a_sentence() -> None:
    for call in (
        lambda: cadre_sim.compare("tiny.yaml", replicates=1),  # type: ignore[arg-type]
        lambda: cadre_sim.run("tiny.yaml"),  # type: ignore[arg-type]
    ):
        with pytest.raises(InputError, match="is no Scenario"):
            call()
