"""Talent deployment: who is sent where and for how long, and what that changes for those who are there."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cadre_sim.record.result import RunResult
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.simulation import Simulation
from cadre_sim.streams import Key
from cadre_sim.workday.outputs import CONTRACTED, OUTPUTS
from cadre_sim.world.columns import DEPLOYED, SPECIALIST
from cadre_sim.world.sending import Placement, place_people
from worlds import TOWNSHIPS, VILLAGES, calm, lab, run

quick = settings(max_examples=100, deadline=None, derandomize=True)
CALENDAR = lab(calm()).calendar
STAFF = np.where(np.isin(np.arange(10), TOWNSHIPS), 10, 4)


def scenario(*, sections: dict[str, Any] | None = None, **reform: Any) -> Scenario:
    """People sent to the eight villages of the calm city, evenly unless said otherwise, on the first day."""
    body = {"from": "2025-01-01", "number": 8, "placement": "equal", "term": 100_000} | reform
    return calm(reforms={"talent_deployment": body}, **(sections or {}))


def sent_to(made: Scenario, need: list[float], staff: list[int]) -> Placement:
    """Where people go among villages of one county with some need and staff."""
    kind, county = np.zeros(len(need), np.int64), np.full(len(need), "North")
    (placed,) = place_people(made, kind, county, np.array(need), np.array(staff), Key(1, 0))
    return placed


def mentors(made: Scenario) -> np.ndarray:
    """People sent who are there, by day and office."""
    model = Simulation(made)
    days = []
    for _ in range(model.calendar.days):
        model.step()
        days.append(model.columns.day.mentors.copy())
    return np.array(days)


# ---- where ----


@pytest.mark.parametrize("rule", ["neediest", "equal", "random"])
@pytest.mark.parametrize("strength", [1.0, 0.5, 0.0])
def test_as_many_as_the_strength_says_go_to_villages(rule: str, strength: float) -> None:
    """Of 21, at half strength 10: a half is rounded to the even number. None to a township government."""
    world = lab(scenario(number=21, placement=rule, strength=strength)).world
    places = np.concatenate([np.zeros(0, np.int64), *(sent.places for sent in world.sent)])
    assert places.size == {1.0: 21, 0.5: 10, 0.0: 0}[strength]
    np.testing.assert_array_equal(np.sort(places), np.flatnonzero(world.cadres.rank >= DEPLOYED))
    assert set(world.cadres.office[places]) <= set(VILLAGES)
    local = np.bincount(world.cadres.office[world.cadres.rank < DEPLOYED], minlength=10)
    np.testing.assert_array_equal(local, STAFF)


def test_people_go_where_the_reform_is_for() -> None:
    for where, expected in (
        ({"counties": ["South"]}, {5, 6, 7, 8}),
        ({"kinds": ["township"]}, set(TOWNSHIPS)),
        ({"counties": ["North"], "kinds": ["township", "village"]}, {0, 1, 2, 3, 4}),
    ):
        world = lab(scenario(number=10, where=where)).world
        assert set(world.cadres.office[world.sent[0].places]) == expected


def test_the_neediest_office_is_served_first_until_another_is_needier() -> None:
    """Hours for each cadre 100, 30 and 60 (two cadres each): 200 / 3 and 200 / 4 come before and after 120 / 2."""
    placed = sent_to(scenario(number=5, placement="neediest"), [200.0, 60.0, 120.0], [2, 2, 2])
    assert placed.office.tolist() == [0, 0, 2, 0, 0]


@quick
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 9)), min_size=1, max_size=8), st.integers(1, 40))
def test_every_person_goes_where_each_cadre_has_most_to_do(offices: list[tuple[int, int]], number: int) -> None:
    need, staff = (np.array(column, float) for column in zip(*offices, strict=True))
    placed = sent_to(scenario(number=number, placement="neediest"), list(need), [int(s) for s in staff])
    assert placed.office.size == number
    for office in placed.office:
        load = need / staff
        assert load[office] == load.max()
        staff[office] += 1


@quick
@given(st.integers(1, 12), st.integers(1, 40))
def test_equal_placement_differs_by_one_at_most(offices: int, number: int) -> None:
    placed = sent_to(scenario(number=number), [float(n) for n in range(offices)], [4] * offices)
    count = np.bincount(placed.office, minlength=offices)
    assert count.sum() == number
    assert count.max() - count.min() <= 1
    if number < offices:  # not all at one end of the city
        gaps = np.diff(placed.office)
        assert gaps.size == 0 or gaps.max() - gaps.min() <= 1


def test_random_placement_is_by_lot() -> None:
    """A thousand over ten offices: each has a hundred, give or take four standard errors; need does not count."""
    placed = sent_to(scenario(number=1000, placement="random"), [1000.0] + [1.0] * 9, [4] * 10)
    count = np.bincount(placed.office, minlength=10)
    assert count.sum() == 1000
    np.testing.assert_allclose(count, 100, atol=4 * np.sqrt(1000 * 0.1 * 0.9))
    assert count.max() - count.min() > 1


@quick
@given(st.integers(1, 60), st.floats(0.0, 1.0))
def test_specialists_are_spread_among_those_who_come(number: int, share: float) -> None:
    """Among the first k who come there are as many as the share says, less than one missing."""
    rank = sent_to(scenario(number=number, specialists=share), [1.0], [4]).rank
    assert set(rank) <= {DEPLOYED, SPECIALIST}
    so_far = np.cumsum(rank == SPECIALIST)
    wanted = share * np.arange(1, number + 1)
    assert (so_far <= wanted + 1e-9).all()
    assert (so_far > wanted - 1 - 1e-9).all()


# ---- when ----


def test_nobody_is_there_before_the_first_day_or_after_the_term() -> None:
    """Sixteen people, two a village, from the third of March for twenty working days."""
    start = CALENDAR.day_on_or_after(np.datetime64("2025-03-03").item())
    there = mentors(scenario(number=16, term=20, **{"from": "2025-03-03"}))
    expected = np.zeros_like(there)
    expected[start : start + 20, list(VILLAGES)] = 2
    np.testing.assert_array_equal(there, expected)


def test_nobody_stays_after_the_reform_has_ended() -> None:
    end = CALENDAR.day_on_or_after(np.datetime64("2025-06-30").item(), after=True)
    there = mentors(scenario(until="2025-06-30"))
    assert (there[:end, list(VILLAGES)] == 1).all()
    assert not there[end:].any()


def test_they_come_one_after_another_during_the_ramp_and_each_stays_its_term() -> None:
    """Eight within a ramp of 39 days: one every five days, from the middle of the first five on."""
    there = mentors(scenario(ramp=39, term=50)).sum(axis=1)
    came = np.array([int(np.ceil((k + 0.5) * 5.0)) - 1 for k in range(8)])
    days = np.arange(CALENDAR.days)[:, None]
    np.testing.assert_array_equal(there, ((days >= came) & (days < came + 50)).sum(axis=1))


def test_erosion_lets_half_of_them_go_in_its_half_life() -> None:
    there = mentors(scenario(number=80, erosion=60)).sum(axis=1)
    assert there[0] == 80
    assert there[60] == 40
    assert there[120] == 20


def test_they_come_to_each_county_on_its_own_date() -> None:
    there = mentors(scenario(rollout={"South": "2025-07-01"}))
    late = CALENDAR.day_on_or_after(np.datetime64("2025-07-01").item())
    assert (there[:, :4] == 1).all()
    assert not there[:late, 5:].any()
    assert (there[late:, 5:9] == 1).all()


# ---- what it changes ----


def local(result: RunResult) -> np.ndarray:
    mask: np.ndarray = result.world.cadres.rank < DEPLOYED
    return mask


def test_they_add_their_contracted_hours() -> None:
    made = scenario(number=12, term=100, ramp=20)
    plain, reformed = (run(s).daily[..., OUTPUTS.index("contracted")].sum(axis=1) for s in (calm(), made))
    np.testing.assert_allclose(reformed - plain, 8.0 * mentors(made).sum(axis=1))
    assert OUTPUTS[CONTRACTED] == "contracted"


def test_local_cadres_are_who_they_were_and_absent_when_they_were() -> None:
    """Traits and absences are the same bits, whoever is sent to them or to others."""
    sections = {
        "staff": {"absence": 0.2, "skill_spread": 0.2},
        "period": {"start": "2025-01-01", "end": "2025-03-31"},
    }
    plain = run(calm(**sections), record_cadres=True)
    sent = run(scenario(sections=sections, number=13, placement="random", ramp=10), record_cadres=True)
    assert local(sent).sum() == local(plain).size == local(sent).size - 13
    for before, after in zip(plain.world.traits, sent.world.traits, strict=True):
        assert before.tobytes() == after[local(sent)].tobytes()
        assert np.unique(after).size == after.size
    assert plain.cadre_days is not None
    assert sent.cadre_days is not None
    present = [r.cadre_days[..., -1][:, local(r)] for r in (plain, sent)]  # type: ignore[index]
    assert 0.7 < present[0].mean() < 0.9
    np.testing.assert_array_equal(*present)


@pytest.mark.parametrize("nothing", [{"strength": 0.0}, {"adoption": 0.0}, {"number": 0}])
def test_local_cadres_work_as_before_where_nobody_comes(nothing: dict[str, float]) -> None:
    sections = {"demand": {"matters": 300.0}, "period": {"start": "2025-01-01", "end": "2025-03-31"}}
    plain, empty = run(calm(**sections)), run(scenario(sections=sections, **nothing))
    np.testing.assert_array_equal(plain.daily, empty.daily)
    np.testing.assert_array_equal(plain.after.cadre_hours, empty.after.cadre_hours[local(empty)])
    assert not empty.after.cadre_hours[~local(empty)].any()


def test_know_how_rises_with_specialists_and_fades_when_they_have_left() -> None:
    """One specialist among five: k' = keep k + (1 - k) / 5 / days; afterwards the half-life alone."""
    demand = {"knowhow_days": 50.0, "knowhow_half_life": 100.0}
    model = Simulation(scenario(sections={"demand": demand}, specialists=1.0, term=60))
    keep, rate = 0.5 ** (1 / 100.0), 1 / 50.0
    slower = keep - rate / 5.0
    model.run_for(60)
    learnt = rate / 5.0 * (1.0 - slower**60) / (1.0 - slower)
    np.testing.assert_allclose(model.columns.office.knowhow[list(VILLAGES)], learnt)
    assert not model.columns.office.knowhow[list(TOWNSHIPS)].any()
    model.run_for(100)
    np.testing.assert_allclose(model.columns.office.knowhow[list(VILLAGES)], learnt / 2.0)


def test_nobody_learns_from_people_who_are_no_specialists() -> None:
    model = Simulation(scenario(specialists=0.0))
    model.run_for(60)
    assert not model.columns.office.knowhow.any()


def test_specialists_take_less_effort_where_they_are_better() -> None:
    """One of five does a fifth of the work: 0.8 + (1.3 - 0.8) / 5 of an hour's worth in an hour."""
    category = {"field": {"waits": 0.0, "local": 0.8, "specialist": 1.3}, "office": {"waits": 0.0}}
    for share, skill in ((1.0, 0.9), (0.0, 0.8)):
        made = scenario(sections={"demand": {"categories": category}}, specialists=share)
        model = Simulation(made)
        model.run_for(1)
        np.testing.assert_allclose(model.columns.day.effort[list(VILLAGES)], [[1.0 / skill, 1.0]] * 8)
        np.testing.assert_allclose(model.columns.day.effort[list(TOWNSHIPS)], [[1.0 / 0.8, 1.0]] * 2)


def test_those_who_are_sent_lift_motivation() -> None:
    """By 0.05 m (1 - m) a day where a fifth of an office was sent, at 0.25 a day for all; township governments not."""
    still = {
        "quits": 0.0, "false_accusations": 0.0, "motivation_solved": 0.0, "motivation_peers": 0.0, "spread": 0.0,
        "motivation_burden": 0.0, "motivation_fatigue": 0.0, "motivation": 0.6, "motivation_mentors": 0.25,
    }  # fmt: skip
    model = Simulation(scenario(sections={"behaviour": {"minds": still}}))
    model.run_for(1)
    village = np.isin(model.columns.cadres.office, VILLAGES)
    np.testing.assert_allclose(model.columns.cadre.motivation, np.where(village, 0.6 + 0.24 * 0.05, 0.6))
