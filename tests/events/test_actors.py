"""Departments as actors: excess creeps up, what is cut comes back through other channels, corrections deter."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cadre_sim import CadreModel, Department
from cadre_sim.activities import REPORTS, SCREENS, TASKS
from cadre_sim.events.actors import Actors
from cadre_sim.reforms.channels import DIVERTED
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.simulation import Simulation
from worlds import VILLAGES, calm, lab, prints_of, run

FORMS = {"bureau": {"level": "county", "forms": {"per_month": 20, "hours": 1.0, "lead": 1, "duplicate_share": 0.0}}}
NO_FORMS = {"form_consolidation": {"from": "2025-01-01", "duplicates": 0.0, "forms": 0.0, "hours": 1.0}}


def city(oversight: dict[str, Any], **sections: Any) -> Scenario:
    return calm(departments=sections.pop("departments", FORMS), oversight=oversight, **sections)


def asked(made: Scenario, kind: int) -> np.ndarray:
    """Hours of an activity asked of each office in the year."""
    model = Simulation(made)
    model.run()
    return model.columns.books.asked[:, kind]


def actors(**oversight: Any) -> Actors:
    """The actors of three departments a county."""
    groups = {"bureau": {"level": "county", "number": 3, "tasks": {"per_month": 5.0, "hours": 4.0}}}
    return lab(city(oversight, departments=groups)).events.actors


def test_departments_start_with_an_excess_of_their_own() -> None:
    """Exponential around the mean: 600 have it within four standard errors, nobody asks for less than the plan."""
    groups = {"bureau": {"level": "county", "number": 300}}
    here = lab(city({"excess": 0.2, "excess_most": 10.0}, departments=groups)).events.actors
    assert here.excess.mean() == pytest.approx(0.2, abs=4 * 0.2 / np.sqrt(600))
    assert here.excess.min() >= 0.0
    assert len(set(here.excess.tolist())) == 600


def test_what_departments_ask_for_grows_with_their_excess() -> None:
    """Twice the plan, twice the hours of forms; and the department that a user reaches for asks for it at once."""
    plain = asked(city({}), REPORTS)
    model = CadreModel(city({}))
    for department in model.agents_by_type[Department]:
        department.excess = 1.0
    model.run()
    assert model.columns.books.asked[:, REPORTS] == pytest.approx(2.0 * plain)


def test_excess_creeps_up_by_its_yearly_rate_and_ends_at_the_most() -> None:
    """Twelve reviews a year at 0.12 a year from nothing: 0.12 less what the nearness of the end takes."""
    model = Simulation(city({"excess_creep": 0.12, "excess_most": 10.0}))
    result = model.run()
    expected = 0.0
    for _ in range(12):
        expected += 0.01 * (1.0 - expected / 10.0)
    assert model.events.actors.excess == pytest.approx(expected)
    assert (np.diff(result.excess[:, 1]) >= 0.0).all()
    steep = Simulation(city({"excess_creep": 10.0, "excess_most": 0.5}))
    steep.run()
    assert steep.events.actors.excess.max() <= 0.9, "a step of a month may pass the end once, not leave it behind"


def test_rebound_brings_back_as_tasks_what_is_cut_as_forms() -> None:
    """All forms are cut, departments find the other channel in a month and ask for all of it: the hours are back."""
    before = asked(city({}), REPORTS)[list(VILLAGES)].sum()
    reform = city({"rebound": 1.0, "rebound_months": 1.0}, reforms=NO_FORMS)
    assert asked(reform, REPORTS).sum() == 0.0
    back = asked(reform, TASKS)[list(VILLAGES)].sum()
    assert back == pytest.approx(before, rel=0.1)
    half = asked(city({"rebound": 0.5, "rebound_months": 1.0}, reforms=NO_FORMS), TASKS)[list(VILLAGES)].sum()
    assert half == pytest.approx(0.5 * back)
    assert asked(city({"rebound": 0.0}, reforms=NO_FORMS), TASKS).sum() == 0.0


def test_tasks_that_are_refused_come_back_as_messages() -> None:
    """Tasks of 240 hours a year are refused altogether: with a rebound of 1 they become hours at screens."""
    tasks = {"bureau": {"level": "county", "tasks": {"per_month": 20, "hours": 1.0}}}
    none = {"task_admission": {"from": "2025-01-01", "tasks": 0.0}}
    oversight = {"rebound": 1.0, "rebound_months": 1.0}
    before = asked(city({}, departments=tasks), TASKS)[list(VILLAGES)].sum()
    made = city(oversight, departments=tasks, reforms=none)
    assert asked(made, TASKS).sum() == 0.0
    assert asked(made, SCREENS)[list(VILLAGES)].sum() == pytest.approx(before, rel=0.1)


def test_rebound_comes_where_something_was_cut_and_nowhere_else() -> None:
    """A department of the city asks North for tasks in place of its forms; South has its forms and nothing more."""
    forms = {"bureau": {"level": "city", "forms": {"per_month": 20, "hours": 1.0, "duplicate_share": 0.0}}}
    reform = {"form_consolidation": NO_FORMS["form_consolidation"] | {"where": {"counties": ["North"]}}}
    oversight = {"rebound": 1.0, "rebound_months": 1.0}
    hours = asked(city(oversight, departments=forms, reforms=reform), TASKS)
    assert (hours[:5] > 0.0).all()
    assert (hours[5:] == 0.0).all()


def test_a_quiet_reform_of_one_county_leaves_the_others_as_they_were() -> None:
    """Bit for bit, in a city whose departments of all levels rebound; teams are the only thing that counties share."""
    level = {"campaigns": {"per_year": 6}, "meetings": {}, "forms": {}, "tasks": {}, "evaluations": {}}
    groups = {name: {"level": name, **level} for name in ("county", "township")}
    groups["city"] = {"level": "city", "meetings": {}, "forms": {}, "tasks": {}, "evaluations": {}}
    body = {"from": "2025-03-01", "where": {"counties": ["North"]}}
    keys = ("no_disturbance_inspection", "meeting_limits", "form_consolidation", "task_admission", "fault_tolerance")
    usual = {"excess": 0.2, "rebound": 0.8, "rebound_months": 1.0, "finding_share": 0.3}
    demand, integrity = {"matters": 300.0}, {"violations": 2.0}
    plain, changed = (
        run(city(usual, departments=groups, demand=demand, integrity=integrity, reforms=reforms))
        for reforms in ({}, dict.fromkeys(keys, body))
    )
    north, south = plain.daily[:, :3], plain.daily[:, 3:]
    assert south.tobytes() == changed.daily[:, 3:].tobytes()
    assert north.tobytes() != changed.daily[:, :3].tobytes()


def test_a_correction_takes_its_share_and_deters_the_others_of_the_area() -> None:
    """Three departments a county, all at twice their plan: one is corrected by 0.8, its colleagues deterred by 0.5."""
    here = actors()
    here.excess[:] = 1.0
    here.correct(0, correction=0.8, deterrence=0.5)
    assert here.excess == pytest.approx([0.2, 1, 1, 1, 1, 1])
    assert here.deterred == pytest.approx([0.8, 0.5, 0.5, 0, 0, 0])


def test_who_is_deterred_does_not_creep_up_and_forgets_with_the_half_life() -> None:
    here = actors(excess_creep=0.12, excess_most=10.0, deterrence_half_life=2.0)
    here.deterred[:3] = 1.0
    everyone, nothing = np.arange(6), np.zeros((5, 6), bool)
    here.review(everyone, nothing)
    assert here.excess == pytest.approx([0, 0, 0, 0.01, 0.01, 0.01])
    here.review(everyone, nothing)
    assert here.deterred == pytest.approx([0.5, 0.5, 0.5, 0, 0, 0])
    assert here.excess[0] == pytest.approx(0.01 * (1.0 - 0.5**0.5))


def test_the_largest_is_who_asks_for_most_above_its_plan() -> None:
    here = actors()
    here.excess[:] = [0.1, 0.4, 0.2, 0.9, 0.0, 0.0]
    areas = np.array([0.0, 1.0, 0.0, 0.0, 0.0])
    assert here.largest(areas, set()) == 1
    assert here.largest(areas, {1}) == 2
    assert here.largest(np.ones(5), set()) == 3
    assert here.largest(areas, {0, 1, 2}) is None


def test_a_department_acts_when_a_user_steps_it() -> None:
    model = CadreModel(city({"excess_creep": 0.12, "excess_most": 10.0}))
    one, other = model.agents_by_type[Department]
    one.step()
    assert one.excess == pytest.approx(0.01)
    assert other.excess == 0.0
    with pytest.raises(ValueError, match="excess must not be negative"):
        one.excess = -0.1


def test_planned_hours_are_those_of_the_plan() -> None:
    plans = {
        "campaigns": {"per_year": 2, "coverage": 0.5, "preparation_hours": 10, "escorts": 2, "reception_hours": 4},
        "meetings": {"per_year": 3, "attendees": 2, "hours": 2, "online_share": 0.5, "travel_hours": 1},
        "forms": {"per_month": 1, "hours": 2, "duplicate_share": 0.25},
        "evaluations": {"evidence_hours": 30, "escorts": 3, "reception_hours": 4},
    }
    here = lab(city({}, departments={"bureau": {"level": "city", **plans}})).events.actors
    assert dict(zip(DIVERTED, here.hours[0].tolist(), strict=True)) == {
        "inspections": 18.0, "meetings": 15.0, "forms": 18.0, "duplicates": 6.0, "evaluations": 42.0,
    }  # fmt: skip


def test_without_a_cut_nothing_is_asked_for_instead() -> None:
    """Rebound is no channel of its own: where no reform cuts anything, a run does not know of it."""
    plain, rebounding = (run(city({"rebound": value, "excess": 0.2})) for value in (0.0, 1.0))
    assert prints_of(plain) == prints_of(rebounding)
