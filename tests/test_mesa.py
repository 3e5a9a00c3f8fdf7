"""The model as a newcomer uses it who knows Mesa and nothing of this package."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mesa
import numpy as np
import pytest

import cadre_sim
from cadre_sim import Cadre, CadreModel, Department, Office, Scenario, Simulation, mesa_model
from cadre_sim.activities import ACTIVITIES, GROUPS
from cadre_sim.errors import ModelError
from cadre_sim.record.metrics import metric_catalogue
from cadre_sim.units import WEEK
from cadre_sim.workday.outputs import OUTPUTS
from worlds import prints_of

CADRES = 41
OFFICES = 7


@pytest.fixture
def model(tiny_scenario: Scenario) -> CadreModel:
    return CadreModel(tiny_scenario, seed=1)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Has an entry for each time that views were made."""
    calls: list[int] = []
    make: Callable[[CadreModel], None] = mesa_model.make_views

    def counted(model: CadreModel) -> None:
        calls.append(model.day)
        make(model)

    monkeypatch.setattr(mesa_model, "make_views", counted)
    return calls


def test_nothing_but_the_view_itself_imports_mesa() -> None:
    """Whoever only runs scenarios does not wait for it."""
    package = Path(cadre_sim.__file__).parent
    found = [
        p
        for p in package.rglob("*.py")
        if re.search(r"^\s*(import|from) (mesa|cadre_sim\.mesa_model)\b", p.read_text(), re.M)
    ]
    assert sorted(p.name for p in found) == ["__init__.py", "mesa_model.py"]


def test_the_package_offers_what_the_guide_names() -> None:
    assert set(dir(cadre_sim)) >= {"load", "run", "compare", "CadreModel", "Cadre", "Office", "Department", "Scenario"}
    for name in dir(cadre_sim):
        assert getattr(cadre_sim, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'simulate'"):
        cadre_sim.simulate  # noqa: B018


def test_the_model_runs_for_twenty_days_like_any_mesa_model(model: CadreModel) -> None:
    assert isinstance(model, mesa.Model)
    assert model.date is None
    assert model.running
    model.run_for(20)
    assert model.day == model.steps == 20
    assert str(model.date) == str(model.calendar.dates[19])
    model.step()
    assert model.day == model.steps == 21


def test_the_view_leaves_what_the_simulation_leaves(tiny_scenario: Scenario, model: CadreModel) -> None:
    """In one go, or cut and gone on with as a model."""
    expected = prints_of(Simulation(tiny_scenario, seed=1).run())
    model.run_for(13)
    resumed = CadreModel.resume(tiny_scenario, model.snapshot())
    assert (resumed.day, resumed.date) == (13, model.date)
    assert prints_of(model.run()) == expected
    assert prints_of(resumed.run()) == expected
    assert not resumed.running
    assert not CadreModel.resume(tiny_scenario, model.snapshot()).running


def test_agents_come_by_type(model: CadreModel) -> None:
    model.run_for(20)
    assert len(model.agents_by_type[Cadre]) == CADRES
    assert len(model.agents_by_type[Office]) == OFFICES
    assert len(model.agents_by_type[Department]) == 2
    assert set(model.agent_types) == {Cadre, Office, Department}
    assert len(model.agents) == CADRES + OFFICES + 2


def test_agents_can_be_selected_and_aggregated(model: CadreModel) -> None:
    """Who in the township is above the township's mean? Two selections and a mean, as Mesa's tutorial has them."""
    model.run_for(5)
    town = model.agents_by_type[Cadre].select(lambda c: c.office.kind == "township")
    assert len(town) == 5
    mean = town.agg("motivation", np.mean)
    keen = town.select(lambda c: c.motivation > mean)
    assert 0 < len(keen) < 5
    assert keen.agg("motivation", min) > mean
    assert sum(model.agents_by_type[Office].get("residents")) == 6000 + 6000  # the villages', and the township's


def test_agents_can_be_grouped(model: CadreModel) -> None:
    sizes = model.agents_by_type[Office].groupby("kind").count()
    assert sizes == {"village": 4, "community": 2, "township": 1}
    by_office = model.agents_by_type[Cadre].groupby(lambda c: c.office.name).count()
    assert sum(by_office.values()) == CADRES


def test_a_data_collector_collects_from_model_and_agents(model: CadreModel) -> None:
    def burden(m: CadreModel) -> float:
        return float(m.agents_by_type[Cadre].agg("overtime", sum))

    collector = mesa.DataCollector(
        model_reporters={"day": "day", "overtime": burden},
        agenttype_reporters={
            Cadre: {"motivation": "motivation", "service": lambda c: c.hours_of("service")},
            Office: {"open": "open_items"},
        },
    )
    days = 4
    for _ in range(days):
        model.step()
        collector.collect(model)
    of_model = collector.get_model_vars_dataframe()
    assert of_model["day"].tolist() == [1, 2, 3, 4]
    of_cadres = collector.get_agenttype_vars_dataframe(Cadre)
    assert len(of_cadres) == days * CADRES
    last = of_cadres.xs(days, level="Step")
    np.testing.assert_array_equal(last["motivation"], model.columns.cadre.motivation)
    assert len(collector.get_agenttype_vars_dataframe(Office)) == days * OFFICES
    assert of_model["overtime"].iloc[-1] == pytest.approx(model.columns.day.overtime.sum())


def test_collecting_changes_nothing(tiny_scenario: Scenario, model: CadreModel) -> None:
    """A run that is looked at every day is the run that nobody looks at."""
    collector = mesa.DataCollector(agent_reporters={"kind": lambda a: type(a).__name__})
    for _ in range(20):
        model.step()
        collector.collect(model)
    alone = CadreModel(tiny_scenario, seed=1)
    alone.run_for(20)
    np.testing.assert_array_equal(model.result().daily, alone.result().daily)


def test_a_model_collects_headline_metrics_of_each_day(model: CadreModel) -> None:
    """By their names in the catalogue, of villages and communities, as sums of the day's columns have them."""
    expected = []
    villages = model.world.offices.kind < 2
    for _ in range(3):
        model.step()
        sums = dict(zip(OUTPUTS, model.columns.day.out[villages].sum(axis=0), strict=True))
        service = sum(sums[name] for name in GROUPS["service"])
        expected.append(
            (model.date, WEEK * service / sums["present"], sums["open"] / 6, sums["motivation"] / sums["cadres"])
        )
    found = model.datacollector.get_model_vars_dataframe()
    assert set(found) - {"date"} <= {metric.name for metric in metric_catalogue()}
    rows = found[["date", "service_hours", "open_matters", "motivation"]].itertuples(index=False, name=None)
    for row, (when, *values) in zip(rows, expected, strict=True):
        assert row[0] == when
        assert row[1:] == pytest.approx(values)


def test_collecting_makes_no_views(model: CadreModel, made: list[int]) -> None:
    model.run()
    assert len(model.datacollector.get_model_vars_dataframe()) == model.calendar.days
    assert made == []


# ---- batch_run ----

batch_run = getattr(mesa, "batch_run", None)
needs_batch_run = pytest.mark.skipif(batch_run is None, reason="this Mesa has no batch_run any more")


def batch(scenario: Any, seeds: list[int] | None, **options: Any) -> list[dict[str, Any]]:
    """Rows of Mesa's batch_run: seeds are among the parameters in Mesa 3.3, and an argument from 3.5 on."""
    assert batch_run is not None
    if "rng" in inspect.signature(batch_run).parameters:
        return batch_run(CadreModel, {"scenario": scenario}, rng=seeds, display_progress=False, **options)
    return batch_run(CadreModel, {"scenario": scenario, "seed": seeds}, display_progress=False, **options)


@needs_batch_run
def test_a_batch_runs_a_scenario_to_its_end_under_each_seed(tiny_scenario: Scenario) -> None:
    """One scenario need not stand in a list."""
    rows = batch(tiny_scenario, [1, 2])
    assert [row["seed"] for row in rows] == [1, 2]
    for row in rows:
        assert row["scenario"] is tiny_scenario
        alone = CadreModel(tiny_scenario, seed=row["seed"])
        alone.run()
        last = alone.datacollector.get_model_vars_dataframe().iloc[-1]
        assert str(row["date"]) == "2025-02-28"
        assert {name: row[name] for name in last.index} == last.to_dict()


@needs_batch_run
def test_a_batch_runs_several_scenarios_day_by_day(tiny_scenario: Scenario) -> None:
    both = [tiny_scenario, tiny_scenario.without_reforms()]
    rows = batch(both, [1], data_collection_period=1)
    for place, scenario in enumerate(both):
        days = rows[place * 60 : (place + 1) * 60]
        assert all(row["scenario"] is scenario for row in days)
        assert [row["date"] for row in days] == sorted({row["date"] for row in days})
    assert len(rows) == 120


@needs_batch_run
def test_a_batch_without_a_seed_is_refused(tiny_scenario: Scenario) -> None:
    """Mesa would draw one, and nobody could repeat the run."""
    with pytest.raises(ValueError, match=r"seed must be a whole number.*rng=\[1, 2\]"):
        batch(tiny_scenario, None)


# ---- views and columns ----


def test_views_show_the_numbers_of_the_columns(model: CadreModel) -> None:
    model.run_for(10)
    columns, world = model.columns, model.world
    for row, cadre in enumerate(model.agents_by_type[Cadre]):
        assert cadre.row == row
        assert cadre.office.row == world.cadres.office[row]
        assert cadre.motivation == columns.cadre.motivation[row]
        assert cadre.caution == columns.cadre.caution[row]
        assert cadre.fatigue == columns.cadre.fatigue[row]
        assert cadre.skill == columns.cadre.skill[row]
        assert cadre.present == columns.day.present[row]
        assert cadre.overtime == columns.day.overtime[row]
        assert list(cadre.hours) == list(ACTIVITIES)
        assert list(cadre.hours.values()) == columns.day.hours[row].tolist()
        assert sum(cadre.hours_of(group) for group in GROUPS) == pytest.approx(sum(cadre.hours.values()))
        assert cadre.rank == ("township" if cadre.office.kind == "township" else "village")
    for row, office in enumerate(model.agents_by_type[Office]):
        assert office.name == world.office_names[row]
        assert office.county == "Littleton"
        assert office.open_items == columns.queues.length[row].sum()
        assert office.felt_visits == columns.office.felt[row]
        assert list(office.today.values()) == columns.day.out[row].tolist()
        assert [c.row for c in office.cadres] == list(range(world.offices.first[row], world.offices.first[row + 1]))


def test_views_follow_the_run(model: CadreModel) -> None:
    """A view is a window, not a copy: the same agent shows the next day's numbers."""
    model.step()
    cadres = list(model.agents_by_type[Cadre])
    first = [c.motivation for c in cadres]
    model.run_for(10)
    assert [c.motivation for c in cadres] == model.columns.cadre.motivation.tolist() != first
    assert list(model.agents_by_type[Cadre]) == cadres


def test_views_are_made_once_and_only_when_they_are_asked_for(model: CadreModel, made: list[int]) -> None:
    model.run_for(20)
    assert made == []
    assert len(model.agents_by_type[Cadre]) == CADRES
    model.step()
    assert len(model.agents) == CADRES + OFFICES + 2
    assert made == [20]


def test_a_whole_run_makes_no_views(tiny_scenario: Scenario, made: list[int]) -> None:
    CadreModel(tiny_scenario).run()
    assert made == []


def test_departments_tell_what_they_are(model: CadreModel) -> None:
    for place, department in enumerate(model.agents_by_type[Department]):
        assert (department.group, department.level, department.area_name) == ("city_bureaus", "city", "city")
        assert department.plan.campaigns is not None
        assert department.number != 0
        assert place < 2


# ---- reaching in ----


def test_setting_a_cadres_mind_changes_the_run(tiny_scenario: Scenario, model: CadreModel) -> None:
    """All of a village are made keen on one day; from then on its days are others, and not before."""
    alone = CadreModel(tiny_scenario, seed=1)
    for each in (model, alone):
        each.run_for(10)
    for cadre in model.agents_by_type[Office][0].cadres:
        cadre.motivation = 1.0
        assert cadre.motivation == 1.0
    for each in (model, alone):
        each.run_for(10)
    touched, untouched = model.result().daily, alone.result().daily
    np.testing.assert_array_equal(touched[:10], untouched[:10])
    assert (touched[10:] != untouched[10:]).any()


@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan"), float("inf")])
@pytest.mark.parametrize("name", ["motivation", "caution", "fatigue"])
def test_a_mind_beyond_its_bounds_is_refused(model: CadreModel, name: str, value: float) -> None:
    cadre = model.agents_by_type[Cadre][0]
    before = getattr(cadre, name)
    with pytest.raises(ValueError, match=f"{name} must be between 0 and 1"):
        setattr(cadre, name, value)
    assert getattr(cadre, name) == before


@pytest.mark.parametrize("name", ["skill", "rank", "present", "overtime", "hours"])
def test_what_the_model_decides_cannot_be_set(model: CadreModel, name: str) -> None:
    with pytest.raises(AttributeError):
        setattr(model.agents_by_type[Cadre][0], name, 1)


def test_the_agents_of_a_model_cannot_be_replaced(model: CadreModel) -> None:
    with pytest.raises(AttributeError, match="cannot be set"):
        model.agents = []


# ---- the end ----


def test_a_step_past_the_end_is_refused(model: CadreModel) -> None:
    model.run_for(10_000)
    assert model.day == model.calendar.days
    assert not model.running
    day = model.day
    with pytest.raises(ModelError, match="the period ended on 2025-02-28"):
        model.step()
    assert model.day == day


def test_what_is_left_of_a_run_can_be_run_in_one_go(tiny_scenario: Scenario, model: CadreModel) -> None:
    model.run_for(7)
    np.testing.assert_array_equal(model.run().daily, CadreModel(tiny_scenario, seed=1).run().daily)


@pytest.mark.parametrize("options", [{"seed": -1}, {"seed": 2**32}, {"replicate": -1}, {"replicate": 2**32}])
def test_a_seed_that_does_not_fit_is_refused(tiny_scenario: Scenario, options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="must be between 0 and 4294967295"):
        CadreModel(tiny_scenario, **options)


def test_hours_of_today_are_by_activity(model: CadreModel) -> None:
    model.step()
    hours = model.hours_today()
    assert list(hours) == list(ACTIVITIES)
    assert all(values.shape == (CADRES,) for values in hours.values())
    worked = model.columns.day.overtime + model.columns.day.contracted
    np.testing.assert_allclose(sum(hours.values()), worked, atol=1e-9)
