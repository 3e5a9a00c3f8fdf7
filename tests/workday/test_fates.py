"""Integrity and rare events: violations hide, are found and harm; accusations weigh; novices replace quitters."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from cadre_sim.record.result import RunResult
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.simulation import Simulation
from cadre_sim.workday.outputs import OUTPUTS
from worlds import calm

QUIET = {"quits": 0.0, "false_accusations": 0.0}


def city(offices: int = 400, **sections: Any) -> Scenario:
    """Many villages alike, of four cadres each, in which nothing happens but what a test asks for."""
    county = {"name": "A", "residents": 1000 * offices, "offices": offices, "townships": 1}
    return calm(place={"counties": [county], "size_spread": 0.0}, **sections)


def daily(result: RunResult, name: str) -> np.ndarray:
    """An output of all offices by day."""
    return result.daily[:, :, OUTPUTS.index(name)].sum(axis=1)


def test_violations_arise_at_the_declared_rate_where_nobody_looks() -> None:
    """Ten a cadre and year, four cadres (and a township of ten): counts lie within four standard errors."""
    result = Simulation(city(integrity={"violations": 10.0})).run()
    days = result.dates.size
    expected = 10.0 / 250.0 * days * (400 * 4 + 10)
    assert daily(result, "violations").sum() == pytest.approx(expected, abs=4 * np.sqrt(expected))
    assert daily(result, "found").sum() > 0, "true accusations uncover some"


def test_every_violation_is_hidden_found_or_over() -> None:
    """Hidden tonight = hidden last night + arisen - found - lapsed; nothing lapses where violations last for ever."""
    for uncovering in (0.0, 5.0):
        integrity = {"violations": 10.0, "lapse_days": 100_000, "uncovering": uncovering}
        result = Simulation(city(50, integrity=integrity)).run()
        arisen, found, hidden = (daily(result, n) for n in ("violations", "found", "hidden"))
        change = np.diff(hidden, prepend=0.0)
        lapsed = (arisen - found - change).sum()
        assert 0 <= lapsed <= 0.01 * arisen.sum()
        assert (found.sum() > 0) == (uncovering > 0)


def crackdown(first: int, days: int) -> Simulation:
    """A model of 2,000 villages in which every office is visited on each of some days."""
    model = Simulation(
        city(
            2000,
            integrity={"violations": 20.0, "detection": 0.0, "lapse_days": 1.0},
            oversight={"readiness_hours": 0.0},
        )
    )
    offices = np.arange(model.world.offices.kind.size)
    for day in range(first, first + days):
        model.events.context.inbox.visit(np.full(offices.size, day), offices, 1, 1, 0.0)
    return model


def test_a_month_of_inspection_helps_while_it_lasts_and_fades_within_two_months() -> None:
    """The profile of the evidence: 0.25 to 0.52 better at the end of the month, 0.54 to 0.62 of it gone on average over
    the two months after (here a little less), most of it at their end.
    """
    result = crackdown(40, 21).run()
    arisen = daily(result, "violations")
    usual = arisen[:40].mean()
    during = 1.0 - arisen[58:61].mean() / usual
    after = 1.0 - arisen[61:104].mean() / usual
    at_the_end = 1.0 - arisen[99:104].mean() / usual
    assert 0.30 < during < 0.45
    assert 0.40 < 1.0 - after / during < 0.65
    assert 1.0 - at_the_end / during > 0.7


def test_without_any_inspection_more_is_hidden() -> None:
    """Six visits a month deter and find; without them violations arise more often and stay."""
    plan = {"bureau": {"level": "county", "number": 1, "campaigns": {"per_year": 50, "coverage": 1.0, "tour": 1000}}}
    integrity = {"violations": 0.5}
    inspected = city(100, integrity=integrity, departments=plan, oversight={"teams": {"county": 1000}})
    left_alone = city(100, integrity=integrity)
    seen, unseen = (Simulation(s).run() for s in (inspected, left_alone))
    assert daily(seen, "visits").sum() > 100 * 40
    assert daily(unseen, "hidden")[-60:].mean() > 1.5 * daily(seen, "hidden")[-60:].mean()
    assert daily(unseen, "violations").sum() > 1.05 * daily(seen, "violations").sum()


def test_announced_and_surprise_visits_find_the_same_unless_a_scenario_says_so() -> None:
    """With a surprise gain of 1, a visit without notice finds twice as much on its first day."""

    def found(notice: int, surprise: float) -> float:
        plan = {"bureau": {"level": "county", "campaigns": {"per_year": 20, "coverage": 1.0, "notice": notice}}}
        integrity = {"violations": 5.0, "deterrence": 0.0, "detection": 0.05, "uncovering": 0.0, "surprise": surprise}
        made = city(300, integrity=integrity, departments=plan, oversight={"teams": {"county": 1000}})
        result = Simulation(made).run()
        return float(daily(result, "found").sum() / daily(result, "visits").sum())

    announced, unannounced, surprised = found(5, 0.0), found(0, 0.0), found(0, 1.0)
    assert unannounced == pytest.approx(announced, rel=0.1)
    assert surprised > 1.3 * unannounced


def test_hidden_violations_bring_matters_and_cost_trust() -> None:
    """Ten hidden ones at a thousand residents, harm 0.1: twice the matters; distrust 0.05: half the satisfaction."""
    demand = {"matters": 1000.0, "hours": 0.01, "hours_spread": 0.0, "heavy_share": 0.0}
    base = {"violations": 0.0, "harm": 0.1, "distrust": 0.05, "lapse_days": 100_000, "uncovering": 0.0}
    results = []
    for hidden in (0.0, 10.0):
        model = Simulation(city(50, integrity=base, demand=demand | {"neglect": 0.0, "prevention": 0.0}))
        model.columns.office.hidden[:] = hidden
        results.append(model.run())
    clean, dirty = results
    assert daily(dirty, "received").sum() / daily(clean, "received").sum() == pytest.approx(2.0, rel=0.05)
    shares = [daily(r, "satisfied").sum() / daily(r, "closed").sum() for r in results]
    assert shares[1] / shares[0] == pytest.approx(0.5, rel=0.02)


def test_found_violations_raise_caution_until_they_are_forgotten() -> None:
    """One found at an office of four raises the target of each by a quarter of the weight, then by less."""
    minds = QUIET | {
        "caution_penalties": 1.0,
        "penalty_half_life": 20.0,
        "caution_days": 1.0,
        "caution": 0.2,
        "spread": 0.0,
    }
    model = Simulation(city(1, behaviour={"minds": minds}))
    model.columns.office.blame[0] = 0.25
    model.step()
    assert model.columns.cadre.caution[0] == pytest.approx(0.2 + 0.25 * 0.5 ** (1 / 20))
    model.run_for(20)
    assert model.columns.cadre.caution[0] == pytest.approx(0.2 + 0.125 * 0.5 ** (1 / 20))


def test_false_accusations_come_at_their_rate_and_weigh_until_forgotten() -> None:
    """One a cadre and year, forgotten after 50 days on average: in the long run 1/6 of the cadres are under one."""
    minds = QUIET | {"false_accusations": 1.0, "accusation_days": 50.0}
    result = Simulation(city(behaviour={"minds": minds})).run()
    expected = (400 * 4 + 10) * result.dates.size / 250.0
    assert daily(result, "accusations").sum() == pytest.approx(expected, abs=4 * np.sqrt(expected) + 0.01 * expected)
    share = daily(result, "accused")[-20:].sum() / daily(result, "cadres")[-20:].sum()
    assert share == pytest.approx(1.0 / (1.0 + 250.0 / 50.0), rel=0.15)
    assert daily(result, "cleared").sum() == 0, "without the measure nobody's name is cleared"


def test_cadres_quit_at_their_hazard_and_novices_come_after_the_vacancy() -> None:
    """All tired and without motivation: the hazard is exp(4) times the base rate, 0.01 a year."""
    minds = QUIET | {"quits": 0.01, "vacancy_days": 10, "motivation": 0.0, "fatigue_recovery": 0.0, "fatigue_gain": 0.0}
    made = city(behaviour={"minds": minds}, period={"start": date(2025, 1, 1), "end": date(2025, 6, 30)})
    model = Simulation(made)
    model.columns.cadre.fatigue[:] = 1.0
    model.run_for(20)
    quits = model.result().daily[:20, :, OUTPUTS.index("quits")].sum(axis=1)
    expected = 0.01 * np.exp(4.0) / 250.0 * 20 * 1610
    assert quits.sum() == pytest.approx(expected, abs=4 * np.sqrt(expected) + 0.02 * expected)
    first = int(np.flatnonzero(quits)[0])
    hired = model.result().daily[:, :, OUTPUTS.index("hired")].sum(axis=1)
    assert np.flatnonzero(hired)[0] == first + 11, "the place is empty for ten working days"
    assert hired[first + 11] == quits[first]
    on_roll = model.result().daily[:20, :, OUTPUTS.index("cadres")].sum(axis=1)
    assert on_roll[15] == 1610 - quits[:15].sum() + hired[:16].sum()


def test_a_novice_starts_with_part_of_the_skill_and_learns() -> None:
    """Someone new has other traits, no fatigue and no past; practice closes a tenth of the gap each day."""
    minds = QUIET | {"novice_skill": 0.6, "learning_days": 10.0}
    model = Simulation(city(1, behaviour={"minds": minds}))
    model.run_for(1)
    trait = model.columns.cadre.motivation_trait[0]
    model.columns.cadre.vacant[0] = 3
    model.columns.cadre.fatigue[0] = 0.9
    model.run_for(1)
    assert not model.columns.day.rolled[0]
    assert model.columns.day.hours[0].sum() == 0
    model.run_for(2)
    cadre = model.columns.cadre
    assert (cadre.hires[0], cadre.motivation_trait[0] != trait, cadre.fatigue[0] < 0.5) == (1, True, True)
    assert model.columns.day.productivity[0] == pytest.approx(0.6), "on the first day nothing is learnt yet"
    assert cadre.practice[0] == pytest.approx(0.1)
    model.run_for(1)
    assert cadre.practice[0] == pytest.approx(0.19)


def test_violations_that_nobody_finds_end_by_themselves() -> None:
    """One hidden at each of 401 offices, 50 days on average: after 50 days exp(-1) of them are left."""
    model = Simulation(city(integrity={"lapse_days": 50.0, "uncovering": 0.0}))
    model.columns.office.hidden[:] = 1.0
    model.run_for(50)
    left = 401 * (1.0 - 1.0 / 50.0) ** 50
    assert model.columns.office.hidden.sum() == pytest.approx(left, abs=4 * np.sqrt(left * (1.0 - left / 401)))


def test_who_is_rested_and_motivated_quits_at_the_base_rate() -> None:
    """Half a year at 0.3 a year; those without motivation would quit e times as often."""
    minds = QUIET | {"quits": 0.3, "vacancy_days": 1, "motivation": 1.0, "fatigue_gain": 0.0}
    minds |= {"quits_fatigue": 0.0, "quits_motivation": 1.0}
    result = Simulation(
        city(behaviour={"minds": minds}, period={"start": date(2025, 1, 1), "end": date(2025, 6, 30)})
    ).run()
    expected = 0.3 / 250.0 * daily(result, "cadres").sum()
    assert daily(result, "quits").sum() == pytest.approx(expected, abs=4 * np.sqrt(expected) + 0.01 * expected)


@pytest.mark.parametrize("topics", [1.0, 3.0])
def test_a_visit_finds_what_is_not_kept_out_of_sight(topics: float) -> None:
    """One hidden at each of 2,001 offices, detection 0.5, show 0.4: 0.3 of them are found, and more by three topics."""
    integrity = {"detection": 0.5, "show": 0.4, "lapse_days": 100_000, "uncovering": 0.0}
    model = Simulation(city(2000, integrity=integrity))
    model.columns.office.hidden[:] = 1.0
    offices = np.arange(2001)
    model.events.context.inbox.visit(np.full(2001, 1), offices, 7, 1, 0.0, topics)
    model.run_for(2)
    chance = 1.0 - (1.0 - 0.3) ** topics
    found = model.columns.day.out[:, OUTPUTS.index("found")].sum()
    assert found == pytest.approx(2001 * chance, abs=4 * np.sqrt(2001 * chance * (1 - chance)) + 3)


def test_two_visits_of_a_day_do_not_find_the_same_violation() -> None:
    """Whatever each finds for itself: an office that hides one has it found once, and is rid of it."""
    integrity = {"detection": 1.0, "show": 0.0, "lapse_days": 100_000, "uncovering": 0.0}
    model = Simulation(city(50, integrity=integrity))
    model.columns.office.hidden[:] = 1.0
    for number in (7, 8):
        model.events.context.inbox.visit(np.full(51, 0), np.arange(51), number, 1, 0.0)
    model.step()
    assert model.columns.day.out[:, OUTPUTS.index("found")].tolist() == [1.0] * 51
    assert model.columns.office.hidden.sum() == 0.0
    assert model.columns.office.blame[:50] == pytest.approx(0.25)
