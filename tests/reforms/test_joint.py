"""Joint inspection: one visit a round with the topics of all departments, for fewer hours than their visits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cadre_sim.activities import PREPARATION, RECEPTION
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.simulation import Simulation
from cadre_sim.streams import Stream, entity_number, uniforms
from cadre_sim.workday.outputs import OUTPUTS
from worlds import calm, day_of, lab, prints_of, run, times

ROUNDS, WINDOW = 4, 62
"""Four rounds of 62 working days are the 248 of the year."""
LOAD = np.where(np.isin(np.arange(10), (4, 9)), 10.0, 1.0)
ECONOMY = 0.7


def scenario(reform: dict[str, float] | None = None, **plan: Any) -> Scenario:
    """In each county two departments, each of which visits every office once a round, on one topic."""
    campaigns = {
        "per_year": times(ROUNDS, calm()), "coverage": 1.0, "notice": 5, "preparation_hours": 10.0, "escorts": 1,
        "reception_hours": 4.0, "scouting": 0.0, "visits_per_day": 50, "tour": 1000,
    }  # fmt: skip
    group = {"level": "county", "campaigns": campaigns | plan}
    reforms = {} if reform is None else {"joint_inspection": {"from": "2025-01-01", "share": 1.0, "topics": 1.0}}
    if reform is not None:
        reforms["joint_inspection"] |= reform
    oversight = {"joint_window": WINDOW, "topic_economy": ECONOMY}
    return calm(departments={"fire": group, "water": group}, reforms=reforms, oversight=oversight)


def by_round(made: Scenario, what: str) -> np.ndarray:
    """Visits or topics of each office in each round, shape (rounds, offices)."""
    here = lab(made)
    days = np.array([getattr(day_of(here.events, n), what) for n in range(here.calendar.days)])
    return days.reshape(ROUNDS, WINDOW, -1).sum(axis=1)


class Year:
    """What a year leaves at each office: visits, topics, and hours asked for."""

    def __init__(self, made: Scenario) -> None:
        model = Simulation(made)
        model.run()
        totals = model.columns.books.office_totals
        self.visits, self.topics = (totals[:, OUTPUTS.index(name)] for name in ("visits", "topics"))
        self.preparation = model.columns.books.asked[:, PREPARATION]
        self.reception = model.columns.books.asked[:, RECEPTION]

    @property
    def hours(self) -> np.ndarray:
        return self.preparation + self.reception


def test_each_office_is_visited_once_a_round_with_the_topics_of_both() -> None:
    """Not on other days than before: the first department on the road makes the visit."""
    assert (by_round(scenario(), "visits") == 2).all()
    assert (by_round(scenario({}), "visits") == 1).all()
    for topics in (1.0, 0.9):
        np.testing.assert_allclose(by_round(scenario({"topics": topics}), "topics"), 2 * topics)
    plain, joint = (
        np.array([day_of(h.events, n).visits for n in range(248)]) for h in map(lab, (scenario(), scenario({})))
    )
    first = [np.flatnonzero(plain[r * WINDOW : (r + 1) * WINDOW, 0])[0] + r * WINDOW for r in range(ROUNDS)]
    assert np.flatnonzero(joint[:, 0]).tolist() == first


def test_hours_grow_less_than_topics() -> None:
    """Two topics take 2**0.7 = 1.62 times the hours of one, so the same topics take 0.81 of the hours."""
    plain, joint = Year(scenario()), Year(scenario({}))
    np.testing.assert_allclose(plain.preparation, 2 * ROUNDS * 10.0 * LOAD)
    np.testing.assert_allclose(plain.reception, 2 * ROUNDS * 4.0 * LOAD)
    np.testing.assert_allclose(joint.preparation, ROUNDS * 10.0 * 2**ECONOMY * LOAD)
    np.testing.assert_allclose(joint.reception, ROUNDS * 4.0 * 2**ECONOMY * LOAD)
    np.testing.assert_array_equal(joint.visits, plain.visits / 2)
    np.testing.assert_array_equal(joint.topics, plain.topics)


def test_where_topics_overlap_hours_fall_by_more_than_topics() -> None:
    plain, joint = Year(scenario()), Year(scenario({"topics": 0.9}))
    np.testing.assert_allclose(joint.topics / plain.topics, 0.9)
    np.testing.assert_allclose(joint.hours / plain.hours, 1.8**ECONOMY / 2)


def test_a_visit_to_an_office_on_one_route_only_stays_as_it_is() -> None:
    """Where every department visits half of the offices, topics of two are merged and overlap, that of one is not."""
    plain = by_round(scenario(coverage=0.5), "visits")
    joint = scenario({"topics": 0.9}, coverage=0.5)
    assert set(np.unique(plain)) == {0, 1, 2}
    np.testing.assert_array_equal(by_round(joint, "visits"), np.minimum(plain, 1))
    np.testing.assert_allclose(by_round(joint, "topics"), np.where(plain == 2, 1.8, plain))


def test_two_topics_are_never_inspected_as_less_than_one() -> None:
    """However much topics overlap, a joint visit has at least those of the department that makes it."""
    np.testing.assert_allclose(by_round(scenario({"topics": 0.1}), "topics"), 1.0)


def test_the_share_says_at_how_many_offices_a_round_is_joint() -> None:
    visits = by_round(scenario({"share": 0.6}), "visits")
    offices = np.arange(10)
    county = offices // 5 + 1
    key = lab(scenario()).events.context.key
    for r in range(ROUNDS):
        rounds = np.array([entity_number(int(area), r) for area in county])
        draws = np.array([uniforms(key, Stream.JOINT, offices[[u]], int(rounds[u]))[0] for u in offices])
        np.testing.assert_array_equal(visits[r], np.where(draws < 0.6, 1, 2))
    assert (visits == 1).mean() == pytest.approx(0.6, abs=4 * np.sqrt(0.24 / visits.size))


def test_with_no_share_nothing_changes() -> None:
    """To the last bit, whatever the topics."""
    assert prints_of(run(scenario({"share": 0.0, "topics": 0.5}))) == prints_of(run(scenario()))
    assert prints_of(run(scenario({"share": 1.0}))) != prints_of(run(scenario()))
