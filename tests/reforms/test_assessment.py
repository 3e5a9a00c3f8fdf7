"""Assessment streamlining: no evaluation by the city, fewer by counties, and one comprehensive assessment instead."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cadre_sim.activities import EVIDENCE
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.simulation import Simulation
from cadre_sim.workday.outputs import OUTPUTS
from worlds import calm, day_of, lab, run

HOURS = {"city": 60.0, "whole": 50.0, "county": 40.0, "township": 30.0}


def scenario(numbers: dict[str, int], **reform: Any) -> Scenario:
    """Evaluators by name, with a comprehensive assessment by the city among them if ``whole`` is named."""
    departments = {
        name: {
            "level": "city" if name == "whole" else name,
            "number": number,
            "evaluations": {"evidence_hours": HOURS[name], "weight": 0.1, "comprehensive": name == "whole"},
        }
        for name, number in numbers.items()
    }
    reforms = {"assessment_streamlining": {"from": "2025-01-01"} | reform} if reform else {}
    return calm(departments=departments, reforms=reforms, behaviour={"slack_evidence": 0.0})


def seen(made: Scenario) -> tuple[np.ndarray, np.ndarray]:
    """Visits of, and evidence asked of, each office in the year."""
    model = Simulation(made)
    totals = model.run()
    before = 0.0 if totals.before is None else totals.before.office_totals
    return (before + totals.after.office_totals)[:, OUTPUTS.index("visits")], model.columns.books.asked[:, EVIDENCE]


LOAD = np.array([1.0] * 4 + [10.0] + [1.0] * 4 + [10.0])


def test_without_the_reform_all_evaluations_but_the_comprehensive_one_take_place() -> None:
    visits, evidence = seen(scenario({"city": 2, "whole": 1, "county": 1}))
    assert visits.tolist() == [3.0] * 10
    np.testing.assert_allclose(evidence, LOAD * (2 * 60.0 + 40.0))


def test_the_comprehensive_assessment_takes_the_place_of_the_citys_evaluations() -> None:
    """One visit and one pile of evidence instead of four; counties untouched, if all of theirs remain."""
    visits, evidence = seen(scenario({"city": 4, "whole": 1, "county": 1}, county_evaluations=1.0))
    assert visits.tolist() == [2.0] * 10
    np.testing.assert_allclose(evidence, LOAD * (50.0 + 40.0))


def test_without_city_evaluations_there_is_no_evidence_and_no_pressure() -> None:
    """Not on any day of the year."""
    visits, evidence = seen(scenario({"city": 4}, city_evaluations=0.0))
    assert not visits.any()
    assert not evidence.any()
    here = lab(scenario({"city": 4}, city_evaluations=0.0))
    for n in range(here.calendar.days):
        day_of(here.events, n)
        assert not here.events.pressure.any()


def test_the_declared_share_of_county_evaluations_remains() -> None:
    """An evaluation takes place or not for all offices of its county: those whose draw lies below the share."""
    made = scenario({"county": 30}, county_evaluations=0.7)
    plan = lab(made).events.context.plan.evaluations
    expected = [sum(e.keep < 0.7 for e in plan if e.area == area) for area in (1, 2)]
    visits, evidence = seen(made)
    assert visits.tolist() == np.repeat(expected, 5).tolist()
    np.testing.assert_allclose(evidence, LOAD * 40.0 * np.repeat(expected, 5))
    assert sum(expected) / 60 == pytest.approx(0.7, abs=4 * np.sqrt(0.21 / 60))


def test_townships_evaluate_their_villages_as_before() -> None:
    visits, evidence = seen(scenario({"township": 1}, city_evaluations=0.0))
    villages = LOAD == 1.0
    assert visits.tolist() == villages.astype(float).tolist()
    np.testing.assert_allclose(evidence, np.where(villages, 30.0, 0.0))


def test_a_reform_in_mid_season_leaves_the_season_that_has_begun() -> None:
    """The rules of its first day hold: evaluations began in September, a reform in October comes too late for them."""
    late = scenario({"city": 2, "whole": 1}, **{"from": "2025-10-09"})
    assert seen(late)[0].tolist() == seen(scenario({"city": 2, "whole": 1}))[0].tolist() == [2.0] * 10


def test_less_pressure_leaves_cadres_less_cautious() -> None:
    """What the reform is for: without eight evaluations in season, caution ends the year lower for everybody."""
    minds = [run(s).minds[:, 1] for s in (scenario({"city": 8}), scenario({"city": 8}, city_evaluations=0.0))]
    assert (minds[1] < minds[0]).all()
