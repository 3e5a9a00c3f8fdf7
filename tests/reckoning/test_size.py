"""What is counted from a scenario is what is built of it."""

from __future__ import annotations

import time
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cadre_sim.errors import InputError, ScenarioError
from cadre_sim.events.departments import departments_of
from cadre_sim.levels import LEVELS
from cadre_sim.reckoning.run_cost import cost_of
from cadre_sim.reforms.idle import idle_reforms
from cadre_sim.scenario.loading import load
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.scenario.size import size_of
from cadre_sim.streams import Key
from cadre_sim.world.build import build_world
from cadre_sim.world.calendar import WorkCalendar
from cadre_sim.world.columns import DEPLOYED
from cadre_sim.world.outline import outline_of
from conftest import Call
from worlds import reforms, scenarios, with_reforms

HUGE = "place: {counties: [{name: c, residents: 100000000, offices: 100000, townships: 10000, number: 10000}]}\n"


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_counted_places_are_the_places_that_are_built(data: st.DataObject) -> None:
    """Offices, areas, departments and days to the last one; cadres but for offices that would have none."""
    scenario = data.draw(scenarios())
    scenario = with_reforms(scenario, data.draw(reforms(scenario)))
    world = build_world(scenario, Key(1, 0))
    size = size_of(scenario)
    areas = [int(np.count_nonzero(world.area_level == level)) for level in range(len(LEVELS))]
    assert [size.cities, size.counties, size.townships] == areas
    assert size.offices == world.offices.kind.size
    local = int(np.count_nonzero(world.cadres.rank < DEPLOYED))
    assert size.cadres <= local <= size.cadres + size.offices
    assert world.cadres.office.size - local <= size.sent
    assert size.longest_name >= max(map(len, world.office_names.tolist()))
    cost = cost_of(scenario)
    assert cost.departments == sum(group.number.size for group in departments_of(scenario, world))
    assert cost.days == WorkCalendar(scenario.period, scenario.calendar).days


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_a_place_in_outline_has_the_same_idle_reforms(data: st.DataObject) -> None:
    scenario = data.draw(scenarios())
    scenario = with_reforms(scenario, data.draw(reforms(scenario, least=1)))
    calendar = WorkCalendar(scenario.period, scenario.calendar)
    whole = idle_reforms(scenario, build_world(scenario, Key(1, 0)), calendar)
    assert idle_reforms(scenario, outline_of(scenario), calendar) == whole


def test_a_table_of_offices_is_counted_row_by_row(tmp_path: Path) -> None:
    rows = ["A,T,V1,village,900,5", "A,T,C1,community,800,7", "A,T,T,township,,20", "B,T,V1,village,700,4"]
    table = tmp_path / "units.csv"
    table.write_text("\n".join(["county,township,name,kind,residents,cadres", *rows]), encoding="utf-8")
    size = size_of(Scenario.model_validate({"place": {"units": str(table)}}))
    assert (size.cities, size.counties, size.townships, size.offices, size.cadres) == (1, 2, 2, 4, 36)
    assert size.residents == 2400


def test_a_table_without_any_cadre_is_refused_before_it_is_built(tmp_path: Path, call: Call) -> None:
    Path("u.csv").write_text("county,township,name,kind,residents,cadres\nA,T,V,village,9,0\n", encoding="utf-8")
    Path("u.yaml").write_text("place: {units: u.csv}\n", encoding="utf-8")
    found = call("validate", "u.yaml")
    assert found.code == 2
    assert "place: has 0 cadres" in found.err
    with pytest.raises(InputError, match="has 0 cadres"):
        outline_of(Scenario.model_validate({"place": {"units": "u.csv"}}))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HUGE, "huge.yaml:1:19 place.counties: would have 13,500,000,000 cadres in 1,100,000,000 offices of 10,000"),
        (
            "place:\n  counties:\n"
            + "".join(f"    - {{name: c{k}, residents: 1, offices: 1, number: 10000}}\n" for k in range(11)),
            "huge.yaml:3:52 place.counties[0].number: makes 110,000 counties of the place",
        ),
        (
            "place: {counties: [{name: c, residents: 1, offices: 9, townships: 9}]}\n"
            "reforms: {meeting_limits: {from: 2024-02-01, where: {counties: [d]}}}\n",
            "reforms.meeting_limits.where.counties[0]: unknown county 'd'; counties are: c",
        ),
    ],
)
def test_a_place_that_nobody_can_simulate_is_refused_with_its_line_at_once(call: Call, text: str, said: str) -> None:
    """Neither names nor offices are made to find out."""
    Path("huge.yaml").write_text(text, encoding="utf-8")
    tracemalloc.start()
    start = time.process_time()
    found = call("validate", "huge.yaml")
    spent, most = time.process_time() - start, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (found.code, found.out) == (2, "")
    assert said in found.err
    assert spent < 5.0
    assert most < 200e6


LARGEST: dict[str, Any] = {
    "many counties": {
        "counties": [{"name": f"c{k}", "residents": 9, "offices": 1, "number": 10_000} for k in range(10)]
    },
    "many offices": {
        "counties": [{"name": "c", "residents": 10**8, "offices": 100_000, "townships": 10, "number": 30}]
    },
}


@pytest.mark.parametrize("place", LARGEST.values(), ids=LARGEST)
def test_the_largest_places_are_checked_in_seconds_and_told(call: Call, place: dict[str, Any]) -> None:
    """Also with reforms, whose counties and kinds of office are looked for in outline."""
    lines = "".join(f"    - {county}\n" for county in place["counties"]).replace("'", "")
    named = "c0 9000" if len(place["counties"]) > 1 else "c 7"
    Path("large.yaml").write_text(
        f"place:\n  counties:\n{lines}departments: {{}}\nreforms:\n  inspection_quota: {{from: 2024-03-01}}\n"
        f"  meeting_limits: {{from: 2024-03-01, where: {{counties: [{named}]}}}}\n",
        encoding="utf-8",
    )
    start = time.process_time()
    found = call("validate", "large.yaml", "--size")
    assert time.process_time() - start < 6.0
    assert found.code == 0
    assert "large.yaml: ok" in found.out
    assert "'inspection_quota' can change nothing" in found.out
    counties = f"{sum(c.get('number', 1) for c in place['counties']):,} counties"
    assert counties in found.out
    assert "large.yaml: " in found.err  # that it is large, or that it does not fit


def test_many_counties_are_not_all_listed_where_one_is_unknown(call: Call) -> None:
    Path("many.yaml").write_text(
        "place: {counties: [{name: North, residents: 9, offices: 1, number: 10000}]}\n"
        "reforms: {meeting_limits: {from: 2024-02-01, where: {counties: [zzz]}}}\n",
        encoding="utf-8",
    )
    with pytest.raises(ScenarioError, match=r"North 100 and 9,900 more$"):
        load("many.yaml")
