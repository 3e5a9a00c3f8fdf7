"""What holds for every measure: without strength or offices it changes nothing, else the knobs that it declares."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from cadre_sim.record.result import RunResult
from cadre_sim.reforms.policy import NEUTRAL, Policy, turn
from cadre_sim.scenario.measures import measures
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.simulation import Simulation
from cadre_sim.world.columns import DEPLOYED
from worlds import lab, prints_of

MEASURES = {key: m for key, m in measures().items() if m.__module__.startswith("cadre_sim.reforms.")}
PLANS = {
    "campaigns": {"per_year": 12.0, "coverage": 0.8, "notice": 3},
    "meetings": {"per_year": 24.0},
    "forms": {"per_month": 4.0},
    "tasks": {"per_month": 3.0},
}
BODY = {"from": "2025-01-01"}
FEW = {"talent_deployment": {"number": 6}, "formalism_watchdog": {"report_rate": 500.0, "case_days": 3}}
"""What makes a measure fit the size of the busy world."""


def busy(reform: dict[str, Any] | None = None) -> Scenario:
    """Two counties in which all that the model knows happens often: every measure has something to change."""
    county = {"residents": 9000, "offices": 5, "communities": 2, "townships": 1}
    evaluations = {"first_month": 1, "last_month": 3}
    return Scenario.model_validate(
        {
            "period": {"start": "2025-01-01", "end": "2025-04-15"},
            "place": {"counties": [{"name": name, **county} for name in ("North", "South")]},
            "staff": {"cadres_per_township": 12},
            "behaviour": {"minds": {"quits": 2.0, "false_accusations": 3.0}},
            "integrity": {"violations": 3.0, "detection": 0.2},
            "oversight": {"excess": 0.5, "rebound": 0.5, "rebound_months": 1.0},
            "departments": {
                "bureaus": {"level": "city", "number": 2, **PLANS, "evaluations": evaluations},
                "assessors": {"level": "city", "evaluations": evaluations | {"comprehensive": True}},
                "offices": {"level": "county", "number": 2, **PLANS, "evaluations": evaluations},
                "stations": {"level": "township", **PLANS},
            },
            "reforms": reform or {},
        }
    )


def finished(key: str | None, **more: Any) -> RunResult:
    reform = None if key is None else {key: BODY | FEW.get(key, {}) | more}
    return Simulation(busy(reform), record_cadres=True).run()


@cache
def plain() -> RunResult:
    return finished(None)


def local_only(result: RunResult) -> dict[str, str]:
    """Fingerprints of a run, of its local cadres only; nobody else may have done anything."""
    sent = result.world.cadres.rank >= DEPLOYED
    assert result.cadre_days is not None
    assert not result.cadre_days[:, sent].any()
    assert not result.after.cadre_hours[sent].any()
    return prints_of(result)


@pytest.mark.parametrize("key", MEASURES)
def test_without_strength_it_changes_nothing(key: str) -> None:
    """To the last bit; at full strength it does."""
    assert prints_of(finished(key, strength=0.0)) == prints_of(plain())
    assert prints_of(finished(key)) != prints_of(plain())


@pytest.mark.parametrize("key", MEASURES)
def test_where_no_office_adopts_it_it_changes_nothing(key: str) -> None:
    """To the last bit; places of people who never come stay empty."""
    assert local_only(finished(key, adoption=0.0)) == prints_of(plain())


@pytest.mark.parametrize("key", MEASURES)
def test_it_turns_the_knobs_that_it_declares_and_no_other(key: str) -> None:
    """At full strength as declared; in counties that it is not for, none."""
    here = lab(busy({key: BODY | {"where": {"counties": ["North"]}}}))
    policy = here.reforms.policy(0)
    north = here.world.in_county("North")
    effects = here.reforms.reforms[0].measure.effects()
    expected = {knob: np.full(north.size, NEUTRAL[knob]) for knob in Policy._fields}
    for effect in effects:
        expected[effect.knob] = turn(expected[effect.knob], effect.how, effect.value, north.astype(float))
    turned = {knob for knob, column in policy._asdict().items() if (column[north] != NEUTRAL[knob]).any()}
    assert turned == {effect.knob for effect in effects}
    for knob, column in policy._asdict().items():
        np.testing.assert_array_equal(column, expected[knob], err_msg=knob)
        assert (column[~north] == NEUTRAL[knob]).all()
