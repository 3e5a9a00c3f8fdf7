"""From a place to columns: offices that add up to their counties, areas of neighbours, cadres with traits."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from cadre_sim.errors import InputError
from cadre_sim.scenario.place import County, Place
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.scenario.units_table import COLUMNS, Unit, county_names, read_units
from cadre_sim.streams import Key
from cadre_sim.world.build import build_world
from cadre_sim.world.columns import KINDS, TOWNSHIP, World
from cadre_sim.world.offices import apportion, staff_of, units_of
from worlds import calm, fingerprint, places, prints_of, run

drawn = settings(max_examples=60, deadline=None, derandomize=True)


def built(place: dict[str, Any], key: Key | None = None, **sections: Any) -> World:
    return build_world(Scenario.model_validate({"place": place, **sections}), key or Key(1, 0))


# ---- generated places ----


@drawn
@given(place=places())
def test_a_county_has_the_residents_and_offices_that_it_declares(place: dict[str, Any]) -> None:
    """Residents of its villages and communities sum to the county's, and so do those whom its townships serve."""
    world = built(place)
    offices = world.offices
    declared = {name: county for county in place["counties"] for name in County(**county).names()}
    assert sorted(declared) == sorted(world.counties)
    for name, county in declared.items():
        here = world.in_county(name)
        villages = here & (offices.kind != TOWNSHIP)
        assert villages.sum() == county["offices"]
        assert (offices.kind[here] == KINDS.index("community")).sum() == county["communities"]
        assert (here & (offices.kind == TOWNSHIP)).sum() == county["townships"]
        if county["offices"]:
            assert offices.residents[villages].sum() == county["residents"]
            assert offices.residents[here & (offices.kind == TOWNSHIP)].sum() == county["residents"]


@drawn
@given(place=places())
def test_the_offices_of_an_area_are_neighbours(place: dict[str, Any]) -> None:
    """Area a's offices are exactly the rows ``area_first[a]`` to ``area_last[a]``, at every level."""
    world = built(place)
    offices = world.offices
    total = offices.kind.size
    assert sizes(world, 0).sum() == total
    for area, level in enumerate(world.area_level):
        members = np.flatnonzero((offices.city, offices.county, offices.township)[level] == area)
        assert members.tolist() == list(range(world.area_first[area], world.area_last[area]))
    assert world.area_names[offices.county].tolist() == np.repeat(world.counties, sizes(world, 1)).tolist()


def test_counties_of_a_sort_make_cities() -> None:
    """Five counties of a sort, two to a city: three cities of their own beside the place's, each with departments."""
    alike = {"name": "Plain", "number": 5, "a_city": 2, "residents": 900, "offices": 3, "townships": 1}
    world = built(
        {"name": "Home", "counties": [alike, {"name": "Old", "residents": 900, "offices": 3, "townships": 1}]}
    )
    assert world.cities == 4
    assert world.counties == [f"Plain {k}" for k in range(1, 6)] + ["Old"]
    assert world.area_names[:4].tolist() == ["Plain, city 1", "Plain, city 2", "Plain, city 3", "Home"]
    assert sizes(world, 0).tolist() == [8, 8, 4, 4]


def sizes(world: World, level: int) -> np.ndarray:
    return (world.area_last - world.area_first)[world.area_level == level]


@drawn
@given(place=places(), elasticity=st.floats(0.0, 1.0))
def test_every_office_has_somebody_and_cadres_lie_by_office(place: dict[str, Any], elasticity: float) -> None:
    """Office u's cadres are the rows ``first[u]`` to ``first[u + 1]``, and each of them knows its office."""
    world = built(place, staff={"size_elasticity": elasticity, "cadres_per_office": 2, "cadres_per_township": 5})
    staff = np.diff(world.offices.first)
    assert (staff >= 1).all()
    assert world.cadres.office.tolist() == np.repeat(np.arange(staff.size), staff).tolist()
    assert (world.cadres.rank == (world.offices.kind[world.cadres.office] == TOWNSHIP)).all()


def test_the_mean_staff_of_offices_is_what_the_scenario_says() -> None:
    """However unequal offices are, and however strongly staff follows residents."""
    place = {"counties": [{"name": "A", "residents": 90_000, "offices": 40, "townships": 5}]}
    for elasticity in (0.0, 0.5, 1.0):
        staff = {"size_elasticity": elasticity, "cadres_per_office": 6.3, "cadres_per_township": 41.0}
        world = built(place, staff=staff)
        numbers = np.diff(world.offices.first)
        villages = world.offices.kind != TOWNSHIP
        assert numbers[villages].sum() == 252
        assert numbers[~villages].sum() == 205


def test_larger_offices_have_more_staff_where_staff_follows_residents() -> None:
    """At elasticity 0 all offices have the same staff, at 1 staff is in proportion to residents."""
    residents = np.array([500, 1000, 1500])
    assert staff_of(residents, 1000.0, 6.0, 0.0).tolist() == [6, 6, 6]
    assert staff_of(residents, 1000.0, 6.0, 1.0).tolist() == [3, 6, 9]


@drawn
@given(weights=st.lists(st.floats(0.001, 1000.0), min_size=1, max_size=30), total=st.integers(0, 10_000))
def test_apportioned_numbers_are_whole_and_sum_to_the_total(weights: list[float], total: int) -> None:
    """Each is its exact share, rounded up or down."""
    found = apportion(np.array(weights), total)
    exact = np.array(weights) / sum(weights) * total
    assert found.sum() == total
    assert (np.abs(found - exact) < 1.0 + 1e-6).all()


def test_the_place_does_not_depend_on_the_seed() -> None:
    """Replicates differ in people and demand, not in villages."""
    place = {"counties": [{"name": "A", "residents": 9000, "offices": 9, "townships": 2}]}
    worlds = [built(place, Key(seed, replicate)) for seed, replicate in ((1, 0), (2, 0), (1, 7))]
    for world in worlds[1:]:
        for column in ("residents", "first", "kind", "county", "township"):
            assert getattr(world.offices, column).tolist() == getattr(worlds[0].offices, column).tolist()
        assert world.office_names.tolist() == worlds[0].office_names.tolist()
        assert (world.offices.matters != worlds[0].offices.matters).any()
        assert (world.traits.motivation != worlds[0].traits.motivation).any()


@drawn
@given(place=places(), seed=st.integers(0, 2**32 - 1))
def test_a_world_is_the_same_whenever_it_is_built(place: dict[str, Any], seed: int) -> None:
    first, second = (built(place, Key(seed, 0)) for _ in range(2))
    for part in ("offices", "cadres"):
        for ours, theirs in zip(getattr(first, part), getattr(second, part), strict=True):
            assert fingerprint(ours) == fingerprint(theirs)


def test_another_county_does_not_change_the_offices_of_the_first() -> None:
    """A county's offices are drawn from numbers of its own, so a city can grow by one."""
    counties = [{"name": n, "residents": 9000, "offices": 9, "townships": 2} for n in ("A", "B")]
    one, two = built({"counties": counties[:1]}), built({"counties": counties})
    here = two.offices.county == 1
    assert two.offices.residents[here].tolist() == one.offices.residents.tolist()
    assert two.offices.residents[~here].tolist() != one.offices.residents.tolist()


# ---- demand and traits ----


def test_demand_follows_residents_and_keeps_its_mean() -> None:
    """222 matters a year for 1000 residents of a village, over 250 working days; offices differ around that."""
    place = {"counties": [{"name": "A", "residents": 2_000_000, "offices": 2000, "townships": 1}]}
    world = built(place, demand={"matters": 222.0, "office_spread": 0.3}, staff={"cadres_per_township": 1})
    villages = world.offices.kind != TOWNSHIP
    tilt = world.offices.matters[villages] / (world.offices.residents[villages] * 222.0 / 1000.0 / 250.0)
    assert tilt.mean() == pytest.approx(1.0, abs=4 * 0.3 / np.sqrt(2000))
    assert np.log(tilt).std() == pytest.approx(0.3, rel=0.1)


def test_demand_without_spread_is_exact_and_a_township_issues_no_certificates() -> None:
    offices = built(
        {"counties": [{"name": "A", "residents": 5000, "offices": 3}]},
        demand={"matters": 250.0, "matters_township": 125.0, "certificates": 500.0, "office_spread": 0.0},
    ).offices
    np.testing.assert_allclose(
        offices.matters, offices.residents / 1000.0 * np.where(offices.kind == TOWNSHIP, 0.5, 1.0)
    )
    np.testing.assert_allclose(offices.certificates, np.where(offices.kind == TOWNSHIP, 0.0, offices.residents / 500.0))


def test_traits_and_skills_lie_around_what_the_scenario_says() -> None:
    """The median of a disposition is the declared one, and the mean of skill is 1."""
    place = {"counties": [{"name": "A", "residents": 100_000, "offices": 1}]}
    minds = {"motivation": 0.7, "caution": 0.2, "spread": 0.5}
    staff = {"cadres_per_township": 2000, "skill_spread": 0.4}
    traits = built(place, staff=staff, behaviour={"minds": minds}).traits
    assert np.median(traits.motivation) == pytest.approx(0.7, abs=0.02)
    assert np.median(traits.caution) == pytest.approx(0.2, abs=0.02)
    assert traits.skill.mean() == pytest.approx(1.0, abs=0.04)
    assert abs(np.corrcoef(traits.motivation, traits.caution)[0, 1]) < 0.1


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_a_disposition_of_0_or_1_is_everybodys(value: float) -> None:
    traits = built({}, behaviour={"minds": {"motivation": value}}).traits
    assert (traits.motivation == value).all()


def test_certificates_kept_fall_from_all_to_none() -> None:
    """With every kind that leaves the catalogue fewer requests remain; the kinds that leave are neither the most nor
    the least frequent ones, so 36 of 109 take away about a third.
    """
    kept = built({}, demand={"certificate_kinds": 109, "certificate_skew": 0.8}).certificate_kept
    assert kept.size == 110
    assert kept[0] == 1.0
    assert kept[109] == 0.0
    assert (np.diff(kept) < 0.15).all()
    assert kept[36] == pytest.approx(1 - 36 / 109, abs=0.15)
    even = built({}, demand={"certificate_kinds": 10, "certificate_skew": 0.0}).certificate_kept
    np.testing.assert_allclose(even, 1.0 - np.arange(11) / 10, atol=1e-12)


def test_a_place_with_more_cadres_than_fit_is_refused() -> None:
    place = {"counties": [{"name": "A", "residents": 1, "offices": 1, "townships": 10_000}]}
    many = [dict(place["counties"][0], name=f"A{i}") for i in range(2)]
    with pytest.raises(ValidationError, match="would have 40,000,012 cadres in 20,002 offices of 2 counties; at most"):
        built({"counties": many}, staff={"cadres_per_township": 2000})


# ---- units tables ----

TABLE = (
    Unit("North", "Old Town", "Mill", "village", 1200, 5),
    Unit("South", "Harbour", "Quay", "community", 3000, 9),
    Unit("North", "Old Town", "Old Town, government", "township", 1200, 30),
    Unit("South", "Harbour", "Harbour, government", "township", 3000, 40),
    Unit("North", "Old Town", "Ford", "village", 0, 0),
)


def write(path: Path, rows: Sequence[Sequence[object]], columns: Sequence[str] = COLUMNS) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([columns, *rows])
    return path


def test_a_units_table_is_read_as_it_was_written(tmp_path: Path) -> None:
    """All six columns, row by row, also with names that are not ASCII and a column that is passed over."""
    rows = (*TABLE, Unit("衡阳县", "西渡镇", "新桥村", "village", 2400, 6))
    path = write(tmp_path / "units.csv", [(*row[:6], "census") for row in rows], (*COLUMNS, "note"))
    assert read_units(path) == rows
    assert county_names(Place(units=str(path))) == ("North", "South", "衡阳县")


def test_a_units_table_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    """As spreadsheets write it."""
    path = write(tmp_path / "units.csv", TABLE)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert read_units(path) == TABLE


def test_a_changed_units_table_is_read_anew(tmp_path: Path) -> None:
    """A long session must not go on with the table of an hour ago."""
    path = write(tmp_path / "units.csv", TABLE)
    assert len(read_units(path)) == 5
    write(path, TABLE[:2])
    assert read_units(path) == TABLE[:2]


def test_offices_of_a_units_table_are_put_next_to_their_neighbours(tmp_path: Path) -> None:
    """Rows may stand in any order: counties and townships come in the order of first mention."""
    world = built({"units": str(write(tmp_path / "units.csv", TABLE))})
    assert world.office_names.tolist() == ["Mill", "Old Town, government", "Ford", "Quay", "Harbour, government"]
    assert world.counties == ["North", "South"]
    assert np.diff(world.offices.first).tolist() == [5, 30, 0, 9, 40]
    assert world.offices.residents.tolist() == [1200, 1200, 0, 3000, 3000]


def test_a_generated_place_written_as_a_table_gives_the_same_run(tmp_path: Path) -> None:
    """Units out, units in: the same world, and so the same bytes."""
    scenario = calm(demand={"matters": 400.0}, period={"start": date(2025, 3, 1), "end": date(2025, 4, 1)})
    made = units_of(scenario)
    columns = (made.county, made.township, made.name, (KINDS[k] for k in made.kind), made.residents, made.cadres)
    path = write(tmp_path / "units.csv", [Unit(*row) for row in zip(*columns, strict=True)])
    table = scenario.model_copy(update={"place": Place(units=str(path))})
    assert prints_of(run(table)) == prints_of(run(scenario))


def test_an_office_without_cadres_does_nothing_and_keeps_its_matters(tmp_path: Path) -> None:
    """Nobody works at the Ford, yet its residents come."""
    rows = [TABLE[0], Unit("North", "Old Town", "Ford", "village", 5000, 0)]
    place = {"units": str(write(tmp_path / "units.csv", rows))}
    result = run(Scenario.model_validate({"place": place, "period": {"start": "2025-03-01", "end": "2025-04-01"}}))
    ford = dict(zip(result.offices_frame().columns, result.offices_frame().iloc[1], strict=True))
    assert ford["name"] == "Ford"
    assert ford["received"] > 0
    assert ford["closed"] == ford["perfunctory"] == ford["contracted"] == 0


GOOD = ("A", "T", "V", "village", "10", "2")


@pytest.mark.parametrize(
    ("column", "text", "message"),
    [
        ("kind", "vilage", r"must be one of village, community, township \(got 'vilage'\), did you mean 'village'\?"),
        ("kind", "", r"must be one of .* \(got ''\)"),
        ("residents", "-5", r"must be between 0 and 100,000,000 \(got -5\)"),
        ("residents", "many", r"must be a whole number \(got 'many'\)"),
        ("residents", "12.5", r"must be a whole number \(got '12.5'\)"),
        ("residents", "100000001", r"must be between 0 and 100,000,000"),
        ("cadres", "", r"must be a whole number \(got ''\)"),
        ("cadres", "nan", r"must be a whole number \(got 'nan'\)"),
        ("cadres", "-1", r"must be between 0 and 10,000 \(got -1\)"),
        ("cadres", "10001", r"must be between 0 and 10,000"),
        ("county", " ", "is empty"),
        ("township", "", "is empty"),
        ("name", "", "is empty"),
    ],
)
def test_a_wrong_value_is_refused_with_file_line_and_column(
    tmp_path: Path, column: str, text: str, message: str
) -> None:
    """The fault stands in the third line of the file."""
    wrong = [text if c == column else v for c, v in zip(COLUMNS, GOOD, strict=True)]
    path = write(tmp_path / "units.csv", [GOOD, wrong])
    with pytest.raises(InputError, match=rf"units\.csv:3 {column}: {message}"):
        read_units(path)


def test_a_table_may_say_which_city_a_county_lies_in(tmp_path: Path) -> None:
    """Rows of a city stand together, whatever their order in the file."""
    rows = [("A", "T", "V", "village", 10, 2), ("B", "T", "V", "village", 10, 2), ("C", "T", "V", "village", 10, 2)]
    path = tmp_path / "units.csv"
    write(path, [(*row, city) for row, city in zip(rows, ("East", "West", "East"), strict=True)], (*COLUMNS, "city"))
    world = build_world(Scenario.model_validate({"place": {"units": str(path)}}), Key(1, 0))
    assert world.area_names[world.area_level == 0].tolist() == ["East", "West"]
    assert world.counties == ["A", "C", "B"]
    assert world.offices.city.tolist() == [0, 0, 1]


def test_a_county_in_two_cities_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "units.csv", [(*GOOD, "East"), (*GOOD, "West")], (*COLUMNS, "city"))
    with pytest.raises(InputError, match=r"units\.csv:3 city: A lies in 'East' in an earlier row \(got 'West'\)"):
        read_units(path)


def test_a_table_without_a_column_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "units.csv", [GOOD[:4]], COLUMNS[:4])
    with pytest.raises(InputError, match=r"units\.csv:1 .*lacks the column\(s\) residents, cadres"):
        read_units(path)


def test_a_row_that_is_too_short_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "units.csv", [GOOD, GOOD[:4]])
    with pytest.raises(InputError, match=r"units\.csv:3: has 4 fields where the header has 6: 'A', 'T', 'V', 'vill"):
        read_units(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "lacks the column"),
        (b"county,township,name,kind,residents,cadres\n", "has no rows"),
        (b"county,township,name,kind,residents,cadres\n\xff\xfe,b,c,village,1,1\n", "is not UTF-8 text"),
        (b'county,township,name,kind,residents,cadres\n"a"b,b,c,village,1,1\n', "is not CSV"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "units.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=rf"units\.csv.*{message}"):
        read_units(path)


def test_a_missing_table_or_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.csv: units table: no such file"):
        read_units(tmp_path / "none.csv")
    with pytest.raises(InputError, match="is a folder, not a file"):
        read_units(tmp_path)


def test_a_table_without_any_cadre_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "units.csv", [(*GOOD[:5], "0")])
    with pytest.raises(InputError, match="has 0 cadres"):
        built({"units": str(path)})
