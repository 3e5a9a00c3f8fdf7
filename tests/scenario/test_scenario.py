"""A scenario is one checked value: laid in layers from files, compared with a baseline, and known by its digest."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pydantic import ValidationError

from cadre_sim.errors import InputError, ScenarioError
from cadre_sim.scenario.diffing import differences
from cadre_sim.scenario.fields import Section
from cadre_sim.scenario.listing import parameters
from cadre_sim.scenario.loading import arm_of, load, load_arm
from cadre_sim.scenario.measures import measures
from cadre_sim.scenario.reading import read
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.scenario.schema import json_schema

SCENARIOS = sorted((Path(__file__).parents[2] / "scenarios").glob("*.yaml"))
Write = Callable[[str, str], Path]


@pytest.fixture
def write(tiny: Path) -> Write:
    """Writes a file beside the tiny county, and gives its name."""

    def write(name: str, text: str) -> Path:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, encoding="utf-8")
        return Path(name)

    return write


def changed(scenario: Scenario, **sections: Any) -> Scenario:
    return Scenario.model_validate(scenario.to_dict() | sections)


def refusals(path: Path, *settings: str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        load_arm(path, settings)
    return str(caught.value).splitlines()


# ---- layers ----


def test_a_scenario_takes_from_the_file_that_it_extends_what_it_does_not_say(write: Write) -> None:
    write("child.yaml", "extends: tiny.yaml\ntitle: A child\nstaff: {absence: 0.1}\n")
    child, parent = load("child.yaml"), load("tiny.yaml")
    assert child.title == "A child"
    assert child.staff.absence == 0.1
    assert child.staff.cadres_per_township == 5
    assert child.reforms == parent.reforms


def test_null_switches_off_a_reform_or_a_group_that_was_inherited(write: Write) -> None:
    write("child.yaml", "extends: tiny.yaml\nreforms: {meeting_limits: null}\ndepartments: {city_bureaus: null}\n")
    child = load("child.yaml")
    assert list(child.reforms) == ["inspection_quota"]
    assert child.departments == {}
    assert list(load("tiny.yaml", ["reforms.inspection_quota=null"]).reforms) == ["meeting_limits"]


def test_a_setting_goes_over_every_file(tiny: Path) -> None:
    scenario = load(tiny, ["staff.absence=0.2", "staff.absence=0.3", "reforms.meeting_limits.adoption=0.5"])
    assert scenario.staff.absence == 0.3
    assert scenario.reforms["meeting_limits"].adoption == 0.5
    assert scenario.reforms["meeting_limits"].from_ == date(2025, 1, 1)


def test_all_problems_of_a_file_come_at_once_each_with_its_line(write: Write) -> None:
    text = "extends: tiny.yaml\nstaff: {absence: 2, skil_spread: 0}\nreforms:\n  meeting_limits: {adoption: -1}\n"
    found = refusals(write("child.yaml", text))
    assert [line.partition(": ")[0] for line in found] == [
        "child.yaml:2:18 staff.absence",
        "child.yaml:2:21 staff.skil_spread",
        "child.yaml:4:30 reforms.meeting_limits.adoption",
    ]


# ---- baselines ----


def test_without_a_baseline_a_scenario_is_compared_with_itself_without_reforms(tiny: Path) -> None:
    reform, baseline = load_arm(tiny)
    assert baseline.reforms == {}
    assert baseline.measure_from == reform.measure_from == date(2025, 1, 1)
    assert baseline.to_dict() == {
        **reform.to_dict(),
        "reforms": {},
        "title": "A tiny county, without its reforms",
        "period": {**reform.to_dict()["period"], "measure_from": "2025-01-01", "measure_to": "2025-02-28"},
    }


def test_a_baseline_is_found_from_the_folder_of_the_file_that_names_it(write: Write) -> None:
    write("deep/child.yaml", "extends: ../tiny.yaml\nbaseline: before.yaml\n")
    write("deep/before.yaml", "extends: ../tiny.yaml\ntitle: Before\nreforms: {inspection_quota: null}\n")
    reform, baseline = load_arm("deep/child.yaml")
    assert baseline.title == "Before"
    assert list(baseline.reforms) == ["meeting_limits"]
    assert baseline.measure_from == reform.measure_from


def test_both_arms_are_measured_from_the_reform_even_where_the_baseline_says_otherwise(write: Write) -> None:
    write("before.yaml", "extends: tiny.yaml\nperiod: {measure_from: 2024-12-20}\nreforms: {meeting_limits: null}\n")
    write("child.yaml", "extends: tiny.yaml\nbaseline: before.yaml\n")
    reform, baseline = load_arm("child.yaml")
    assert baseline.measure_from == reform.measure_from == date(2025, 1, 1)


def test_settings_are_laid_over_the_baseline_too_but_those_of_reforms_are_not(write: Write) -> None:
    """Otherwise the effect of a reform would be mixed with that of the setting, or the reform be on both sides."""
    write("before.yaml", "extends: tiny.yaml\nreforms: {meeting_limits: null, inspection_quota: null}\n")
    write("child.yaml", "extends: tiny.yaml\nbaseline: before.yaml\n")
    settings = ["staff.absence=0.3", "reforms.meeting_limits.adoption=0.5"]
    reform, baseline = load_arm("child.yaml", settings)
    assert (reform.staff.absence, baseline.staff.absence) == (0.3, 0.3)
    assert reform.reforms["meeting_limits"].adoption == 0.5
    assert baseline.reforms == {}


def test_a_baseline_that_is_missing_or_wrong_is_told(write: Write) -> None:
    assert refusals(write("child.yaml", "extends: tiny.yaml\nbaseline: nowhere.yaml\n"))[0].endswith("no such file")
    write("before.yaml", "extends: tiny.yaml\nstaff: {absence: 2}\n")
    write("other.yaml", "extends: tiny.yaml\nbaseline: before.yaml\n")
    assert "before.yaml:2:18 staff.absence" in refusals(Path("other.yaml"))[0]


def test_a_baseline_can_be_given_as_a_value(tiny_scenario: Scenario) -> None:
    other = changed(tiny_scenario, reforms={}, title="Mine")
    assert arm_of(tiny_scenario, other).baseline.title == "Mine"


# ---- digest ----


def test_the_digest_is_of_what_decides_a_result(tiny_scenario: Scenario) -> None:
    """Title, question and the name of the baseline decide none."""
    same = tiny_scenario.model_copy(update={"title": "x", "question": "y", "baseline": "z.yaml"})
    assert same.digest == tiny_scenario.digest
    assert len(tiny_scenario.digest) == 32
    assert int(tiny_scenario.digest, 16) >= 0


@pytest.mark.parametrize(
    "setting",
    [
        "period.end=2025-02-27",
        "staff.absence=0.051",
        "place.counties.0.residents=6001",
        "departments.city_bureaus.number=3",
        "behaviour.overtime_ceiling=0.5",
        "demand.matters=1",
        "calendar.country=DE",
        "reforms.meeting_limits.adoption=0.81",
        "reforms.meeting_limits=null",
    ],
)
def test_whatever_decides_a_result_changes_the_digest(tiny: Path, setting: str) -> None:
    assert load(tiny, [setting]).digest != load(tiny).digest


def test_the_digest_is_the_same_however_the_scenario_is_written(write: Write, tiny_scenario: Scenario) -> None:
    """In one file or in two, keys in any order, a default written out: one scenario, one digest."""
    write("child.yaml", "staff: {absence: 0.05}\nextends: tiny.yaml\n")
    assert load("child.yaml").digest == load("tiny.yaml").digest == tiny_scenario.digest
    again = Scenario.model_validate(json.loads(json.dumps(tiny_scenario.to_dict())))
    assert again == tiny_scenario
    assert again.digest == tiny_scenario.digest


def test_the_digest_is_of_the_units_table_not_of_where_it_lies(write: Write) -> None:
    header = "county,township,name,kind,residents,cadres\n"
    for folder, cadres in (("a", 5), ("b", 5), ("c", 6)):
        write(f"{folder}/units.csv", f"{header}A,T,V1,village,100,{cadres}\n")
        write(f"{folder}/x.yaml", "place: {units: units.csv}\n")
    digests = [load(f"{folder}/x.yaml").digest for folder in "abc"]
    assert digests[0] == digests[1] != digests[2]


def test_a_scenario_cannot_be_changed(tiny_scenario: Scenario) -> None:
    with pytest.raises(ValidationError):
        tiny_scenario.title = "other"  # type: ignore[misc]
    with pytest.raises(ValidationError):
        tiny_scenario.reforms["meeting_limits"].adoption = 0.1  # type: ignore[misc]


# ---- reforms ----

TWO = {
    "certificate_removal": {"from": "2025-01-01", "kinds": 36},
    "bolder": {"measure": "certificate_removal", "from": "2025-02-01", "kinds": 60},
}


def test_two_reforms_that_set_the_same_knob_are_a_conflict_that_names_both(write: Write) -> None:
    text = "extends: tiny.yaml\nreforms:\n  certificate_removal: {from: 2025-01-01}\n"
    text += "  bolder: {measure: certificate_removal, from: 2025-02-01}\n"
    (found,) = refusals(write("child.yaml", text))
    assert found.startswith("child.yaml:4:")
    assert "reforms.bolder: sets certificates_removed" in found
    assert "'certificate_removal' sets it too" in found
    assert "over: [certificate_removal]" in found


@pytest.mark.parametrize(("name", "other"), [("bolder", "certificate_removal"), ("certificate_removal", "bolder")])
def test_a_conflict_is_settled_by_either_of_the_two(tiny_scenario: Scenario, name: str, other: str) -> None:
    settled = TWO | {name: TWO[name] | {"over": [other]}}
    assert changed(tiny_scenario, reforms=settled).reforms[name].over == (other,)


@pytest.mark.parametrize(
    "apart",
    [
        {"certificate_removal": {"until": "2025-01-31"}},
        {"certificate_removal": {"where": {"kinds": ["village"]}}, "bolder": {"where": {"kinds": ["community"]}}},
    ],
)
def test_reforms_that_never_meet_are_no_conflict(tiny_scenario: Scenario, apart: dict[str, Any]) -> None:
    reforms = {name: body | apart.get(name, {}) for name, body in TWO.items()}
    assert len(changed(tiny_scenario, reforms=reforms).reforms) == 2


def test_reforms_that_only_scale_a_knob_are_no_conflict(tiny_scenario: Scenario) -> None:
    twice = {"meeting_limits": {"from": "2025-01-01"}, "more": {"measure": "meeting_limits", "from": "2025-01-01"}}
    assert len(changed(tiny_scenario, reforms=twice).reforms) == 2


@pytest.mark.parametrize(
    ("body", "where", "said"),
    [
        ("{where: {counties: [Littletown]}}", "where.counties[0]", "did you mean 'Littleton'?"),
        ("{where: {counties: [Littleton, Xyz]}}", "where.counties[1]", "counties are: Littleton"),
        ("{rollout: {Littletown: 2025-01-05}}", "rollout.Littletown", "did you mean 'Littleton'?"),
        ("{over: [inspection_quotas]}", "over[0]", "did you mean 'inspection_quota'?"),
        ("{over: [meeting_limits]}", "over[0]", "no other reform is called 'meeting_limits'"),
        ("{until: 2024-12-31}", "until", "must not be before from 2025-01-01 (got 2024-12-31)"),
        ("{measure: meeting_limit}", "measure", "did you mean 'meeting_limits'?"),
        ("{where: {kinds: [city]}}", "where.kinds[0]", "village, community"),
        ("{from: soon}", "from", "must be a date like 2025-01-01"),
    ],
)
def test_a_reform_that_does_not_fit_is_told_with_its_place(write: Write, body: str, where: str, said: str) -> None:
    (found,) = refusals(write("child.yaml", f"extends: tiny.yaml\nreforms:\n  meeting_limits: {body}\n"))
    assert found.startswith("child.yaml:3:")
    assert f" reforms.meeting_limits.{where}: " in found
    assert said in found


def test_a_reform_of_no_known_measure_is_told_with_the_nearest(write: Write) -> None:
    text = "extends: tiny.yaml\nreforms:\n  meeting_limit: {from: 2025-01-01}\n"
    (found,) = refusals(write("child.yaml", text))
    assert "reforms.meeting_limit: unknown measure 'meeting_limit', did you mean 'meeting_limits'?" in found


@pytest.mark.parametrize(
    ("starts", "expected"),
    [
        ([], date(2024, 12, 2)),
        (["2025-01-15", "2025-01-08"], date(2025, 1, 8)),
        (["2024-06-01", "2025-01-08"], date(2025, 1, 8)),
        (["2024-06-01"], date(2024, 12, 2)),
        (["2026-01-01"], date(2024, 12, 2)),
    ],
)
def test_effects_are_measured_from_the_first_reform_within_the_run(
    tiny_scenario: Scenario, starts: list[str], expected: date
) -> None:
    """A reform in force from before the start, or only after the end, has no before and after in the run."""
    reforms = {f"r{k}": {"measure": "meeting_limits", "from": start} for k, start in enumerate(starts)}
    assert changed(tiny_scenario, reforms=reforms).measure_from == expected


# ---- units tables ----


def test_an_unknown_county_is_one_that_the_units_table_does_not_have(write: Write) -> None:
    write("units.csv", "county,township,name,kind,residents,cadres\nAlton,T,V1,village,100,5\n")
    text = "extends: tiny.yaml\nplace: {units: units.csv}\nreforms:\n  meeting_limits: {where: {counties: [%s]}}\n"
    assert load(write("good.yaml", text % "Alton")).reforms
    (found,) = refusals(write("bad.yaml", text % "Littleton"))
    assert "bad.yaml:4:" in found
    assert "unknown county 'Littleton'" in found


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("", "units.csv: units table: has no rows"),
        ("A,T,V,vilage,100,5\n", "units.csv:2 kind: must be one of village, community, township (got 'vilage')"),
        ("A,T,V,village,many,5\n", "units.csv:2 residents: must be a whole number (got 'many')"),
        ("A,T,V,village,-1,5\n", "units.csv:2 residents: must be between 0 and 100,000,000 (got -1)"),
        ("A,T,V,village,nan,5\n", "units.csv:2 residents: must be a whole number (got 'nan')"),
        ("A,T,V,village,100\n", "units.csv:2: has 5 fields where the header has 6: 'A', 'T', 'V', 'village', '100'"),
        ("A,T,V,village,100,5\n,T,V,village,100,5\n", "units.csv:3 county: is empty"),
    ],
)
def test_a_units_table_that_is_wrong_is_told_with_file_line_and_column(write: Write, rows: str, said: str) -> None:
    write("units.csv", f"county,township,name,kind,residents,cadres\n{rows}")
    write("x.yaml", "place: {units: units.csv}\n")
    with pytest.raises(InputError) as caught:
        load("x.yaml")
    assert said in str(caught.value)


# ---- what is declared ----

ALL = parameters()


def test_every_parameter_is_listed_once() -> None:
    paths = [p.path for p in ALL]
    assert len(set(paths)) == len(paths) > 100
    for path in ("staff.absence", "departments.*.campaigns.notice", "behaviour.minds.motivation"):
        assert path in paths
    assert {f"reforms.{key}.adoption" for key in measures()} <= set(paths)


@pytest.mark.parametrize("parameter", ALL, ids=lambda p: p.path)
def test_every_parameter_has_unit_meaning_kind_and_a_range_around_its_default(parameter: Any) -> None:
    assert parameter.unit.strip()
    assert parameter.meaning.strip()
    assert parameter.kind in ("D", "I", "A")
    assert parameter.low < parameter.high
    assert parameter.default is None or parameter.low <= parameter.default <= parameter.high


def test_every_source_is_a_row_of_the_evidence_table() -> None:
    text = files("cadre_sim").joinpath("data/evidence.csv").read_text(encoding="utf-8")
    known = {row["id"] for row in csv.DictReader(text.splitlines())}
    assert {source for p in ALL for source in p.source} <= known


def test_whatever_is_not_a_mere_assumption_names_its_source() -> None:
    assert [p.path for p in ALL if p.kind in ("D", "I") and not p.source] == []


def test_every_default_and_every_end_of_a_range_is_allowed() -> None:
    """A sweep over the plausible range never meets a value that a file may not give."""
    sections = {**{m.__name__: m for m in _sections(Section)}}
    for section in sections.values():
        for name, field in section.model_fields.items():
            extra = field.json_schema_extra
            if not isinstance(extra, dict) or "plausible" not in extra:
                continue
            low, high = extra["plausible"]  # type: ignore[misc]
            bounds = {type(m).__name__: m for m in field.metadata}
            least, most = bounds["Ge"].ge, bounds["Le"].le if "Le" in bounds else float("inf")
            assert least <= low <= high <= most, f"{section.__name__}.{name}"


def _sections(base: type[Section]) -> list[type[Section]]:
    return [
        each
        for child in base.__subclasses__()
        for each in (child, *_sections(child))
        if child.__module__.startswith("cadre_sim.")
    ]


# ---- JSON Schema ----


def plain(value: Any) -> Any:
    """A document as an editor sees it: dates are text."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def complaints(path: Path) -> list[str]:
    """What an editor that checks against the schema says of a file."""
    schema = json.loads(json.dumps(json_schema(), allow_nan=False))
    jsonschema.Draft202012Validator.check_schema(schema)
    return [e.message for e in jsonschema.Draft202012Validator(schema).iter_errors(plain(read(path).data))]


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda p: p.name)
def test_the_schema_accepts_every_scenario_of_the_project(path: Path) -> None:
    assert complaints(path) == []


def test_the_schema_accepts_what_switches_off_and_what_has_a_name_of_its_own(write: Write) -> None:
    text = "extends: tiny.yaml\nreforms:\n  meeting_limits: null\n"
    text += "  mine: {measure: form_consolidation, from: 2025-01-01}\n"
    assert complaints(write("child.yaml", f"{text}departments: {{city_bureaus: null}}\n")) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("staff: {absense: 0.1}", "'absense' was unexpected"),
        ("stuff: {}", "'stuff' was unexpected"),
        ("staff: {absence: often}", "'often' is not of type 'number'"),
        ("staff: {absence: -1}", "-1 is less than the minimum of 0"),
        ("reforms: {meeting_limit: {from: 2025-01-01}}", "'measure' is a required property"),
        ("reforms: {x: {measure: meeting_limit, from: 2025-01-01}}", "'meeting_limit' is not one of"),
        ("reforms: {meeting_limits: {from: 2025-01-01, adoptoin: 1}}", "is not valid under any of the given schemas"),
    ],
)
def test_the_schema_rejects_what_is_misspelt(write: Write, text: str, said: str) -> None:
    found = complaints(write("x.yaml", f"{text}\n"))
    assert any(said in message for message in found), found


@pytest.mark.parametrize(
    "text", ["reforms: {meeting_limits: {adoption: 0.5}}", "departments: {city_bureaus: {number: 3}}"]
)
def test_the_schema_accepts_a_change_to_part_of_what_is_inherited(write: Write, text: str) -> None:
    path = write("child.yaml", f"extends: tiny.yaml\n{text}\n")
    assert load(path)
    assert complaints(path) == []


def test_the_schema_tells_unit_and_meaning_of_every_parameter() -> None:
    text = json.dumps(json_schema())
    for parameter in ALL:
        assert json.dumps(f"{parameter.meaning} [{parameter.unit}]")[1:-1] in text, parameter.path


# ---- differences ----


def test_scenarios_that_give_the_same_results_do_not_differ(tiny_scenario: Scenario) -> None:
    assert differences(tiny_scenario, tiny_scenario.model_copy(update={"title": "x", "question": "y"})) == []


def test_a_difference_in_a_number_is_told_with_its_meaning_and_unit(tiny: Path) -> None:
    (found,) = differences(load(tiny), load(tiny, ["departments.city_bureaus.campaigns.notice=4"]))
    assert found == (
        "departments.city_bureaus.campaigns.notice (days from the announcement to the visit; 0 is unannounced) "
        "is 4 working days instead of 2 working days."
    )


def test_reforms_that_come_and_go_are_told(tiny: Path) -> None:
    reform, baseline = load_arm(tiny)
    added, gone = differences(baseline, reform), differences(reform, baseline)
    assert (
        "The reform 'meeting_limits' is added: from 2025-01-01, 80% adopt it, meetings 0.66, max_hours 2.0, "
        "attendees 0.8, travel 0.8." in added
    )
    assert "The reform 'inspection_quota' is gone (from 2025-01-15, visits_per_month 1.0)." in gone


def test_groups_of_departments_that_come_and_go_are_told(tiny: Path) -> None:
    whole, without = load(tiny), load(tiny, ["departments.city_bureaus=null"])
    assert differences(without, whole) == ["The departments 'city_bureaus' are added: 2 for each city."]
    assert differences(whole, without) == ["The departments 'city_bureaus' are gone (2 for each city)."]


def test_a_plan_that_is_not_set_is_said_to_be_so(tiny: Path) -> None:
    (found,) = differences(load(tiny), load(tiny, ["departments.city_bureaus.forms=null"]))
    assert found.startswith("departments.city_bureaus.forms is not set instead of ")
