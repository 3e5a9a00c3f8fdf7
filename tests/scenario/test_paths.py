"""One way to write a path: all spellings mean the same place, everywhere, and messages have one of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadre_sim.errors import InputError, ScenarioError
from cadre_sim.scenario.article import number_at
from cadre_sim.scenario.diffing import differences
from cadre_sim.scenario.listing import parameters, parameters_in
from cadre_sim.scenario.loading import load, load_arm
from cadre_sim.scenario.paths import EVERY, parse_path, path_text, places_to_set, split_setting
from cadre_sim.scenario.scenario import Scenario
from sweeps import planned

TWO = """\
extends: tiny.yaml
place:
  counties:
    - {name: Hengnan, residents: 6000, offices: 6}
    - {name: St. Ives, residents: 4000, offices: 4}
departments:
  "bureaus of 2.0": {level: county, forms: {per_month: 2}}
"""
FIRST = (
    "place.counties.0.residents",
    "place.counties[0].residents",
    'place.counties["Hengnan"].residents',
    "place.counties['Hengnan'].residents",
    "place.counties[Hengnan].residents",
    "place.counties.Hengnan.residents",
    'place["counties"][0]["residents"]',
)
SECOND = (
    "place.counties[1].residents",
    'place.counties["St. Ives"].residents',
    "place['counties']['St. Ives'].residents",
    "place.counties[St. Ives].residents",
)


@pytest.fixture
def two(tiny: Path) -> Path:
    Path("two.yaml").write_text(TWO, encoding="utf-8")
    return Path("two.yaml")


KEYS = st.lists(st.text(min_size=1) | st.integers(0, 10**6) | st.just(EVERY), min_size=1, max_size=6).map(tuple)


@given(KEYS)
def test_every_path_is_read_as_it_is_written(keys: tuple[str | int, ...]) -> None:
    """Names with dots, blanks, brackets, quotes, digits only and signs of other scripts."""
    found = parse_path(path_text(keys))
    assert found == keys
    assert [type(key) for key in found] == [type(key) for key in keys]
    assert split_setting(f"{path_text(keys)}=a=b") == (path_text(keys).strip(), "a=b")


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        (("staff", "absence"), "staff.absence"),
        (("place", "counties", 0, "name"), "place.counties[0].name"),
        (("departments", EVERY, "number"), "departments.*.number"),
        (("departments", "*", "number"), 'departments["*"].number'),
        (("rollout", "衡南县"), "rollout.衡南县"),
        (("rollout", "St. Ives"), 'rollout["St. Ives"]'),
        (("rollout", "2024"), 'rollout["2024"]'),
        (("a", 'say "no"'), r'a["say \"no\""]'),
    ],
)
def test_a_path_has_one_spelling_in_messages(keys: tuple[str | int, ...], text: str) -> None:
    assert path_text(keys) == text


@pytest.mark.parametrize("text", ["", ".a", "a.", "a..b", "a[", "a[]", "a]", 'a["b]', "a[0]b", "a.[0]", r'a["\x"]'])
def test_what_is_no_path_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="is no path"):
        parse_path(text)


@pytest.mark.parametrize(("spellings", "place"), [(FIRST, 0), (SECOND, 1)])
def test_all_spellings_set_the_same_value(two: Path, spellings: tuple[str, ...], place: int) -> None:
    found = {load(two, [f"{spelling}=1234"]).digest for spelling in spellings}
    assert len(found) == 1
    scenario = load(two, [f"{spellings[0]}=1234"])
    assert [county.residents for county in scenario.place.counties][place] == 1234
    assert {number_at(scenario, spelling) for spelling in spellings} == {1234.0}


@pytest.mark.parametrize("spelling", [*FIRST, "place.counties.*.residents"])
def test_all_spellings_are_factors(two: Path, spelling: str) -> None:
    """And what is varied is one place, under whichever name the experiment has for it."""
    plan = planned(f"scenario: two.yaml\nfactors:\n  people: {{path: {spelling!r}, values: [500, 600]}}\n")
    found = {tuple(c.residents for c in plan.scenario(r.arm, r.values).place.counties) for r in plan.runs()}
    assert found == ({(500, 500), (600, 600)} if "*" in spelling else {(500, 4000), (600, 4000)})


def test_a_star_sets_every_item_and_every_key(two: Path) -> None:
    scenario = load(two, ["place.counties.*.residents=77", "departments.*.forms.per_month=9"])
    assert [county.residents for county in scenario.place.counties] == [77, 77]
    assert {group.forms.per_month for group in scenario.departments.values() if group.forms} == {9}


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (
            "place.counties.Hengnam.residents",
            "place.counties is a list of 2: no item 'Hengnam', did you mean 'Hengnan'?",
        ),
        ("place.counties[2].residents", "place.counties is a list of 2: no item '2'"),
        ("place.counties[-1].residents", "place.counties is a list of 2: no item '-1'"),
        ("staff[0]", "staff is no list here: it has no item 0"),
        ("title.x", "title is not a mapping: nothing can be set inside it"),
        ("title.*", "title has nothing that `*` could stand for"),
        ("place.counties[0.residents", "'place.counties[0.residents' is no path: it goes wrong at '[0.residents'"),
    ],
)
def test_a_path_that_means_nothing_is_told_with_the_nearest_name(two: Path, path: str, said: str) -> None:
    with pytest.raises(ScenarioError) as error:
        load(two, [f"{path}=1"])
    assert said in str(error.value)
    assert len(error.value.problems) == 1


def test_messages_and_lists_have_the_one_spelling(two: Path) -> None:
    with pytest.raises(ScenarioError, match=r"place\.counties\[1\]\.residents: must be >= 0 \(got -1\)$"):
        load(two, ["place.counties[St. Ives].residents=-1"])
    scenario = load(two)
    assert 'departments["bureaus of 2.0"].forms.per_month' in parameters_in(scenario)
    assert all(path_text(parse_path(p.path)) == p.path for p in parameters())
    other = load(two, ["place.counties['St. Ives'].residents=5", "departments['bureaus of 2.0'].forms.per_month=3"])
    assert differences(scenario, other) == [
        "place.counties[1].residents is 5 instead of 4000.",
        'departments["bureaus of 2.0"].forms.per_month (forms) is 3.0 forms/department/month instead of 2.0 '
        "forms/department/month.",
    ]


def test_a_setting_of_a_reform_stays_out_of_the_baseline_however_it_is_spelt(tiny: Path) -> None:
    Path("before.yaml").write_text("extends: tiny.yaml\nreforms: {inspection_quota: null}\n", encoding="utf-8")
    Path("after.yaml").write_text("extends: tiny.yaml\nbaseline: before.yaml\n", encoding="utf-8")
    arm = load_arm("after.yaml", ["reforms['meeting_limits'].adoption=0.5"])
    assert (arm.reform.reforms["meeting_limits"].adoption, arm.baseline.reforms["meeting_limits"].adoption) == (
        0.5,
        0.8,
    )


@given(st.recursive(st.integers(), lambda inner: st.dictionaries(st.text(min_size=1), inner) | st.lists(inner)))
def test_every_place_that_there_is_can_be_set_by_its_path(data: Any) -> None:
    def places(value: Any, way: tuple[str | int, ...]) -> None:
        inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for key, inner in inside:
            assert places_to_set(data, parse_path(path_text((*way, key)))) == [(*way, key)]
            places(inner, (*way, key))

    places(data, ())


def test_a_default_scenario_has_all_listed_parameters_at_their_paths() -> None:
    for path, placed in parameters_in(Scenario()).items():
        assert placed.value is None or number_at(Scenario(), path) == pytest.approx(placed.value)
