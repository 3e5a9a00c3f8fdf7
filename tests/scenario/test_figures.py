"""What an article says in figures is data of a scenario: checked as everything else, and without weight in a result."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from cadre_sim.errors import ScenarioError
from cadre_sim.scenario.article import number_at
from cadre_sim.scenario.diffing import differences
from cadre_sim.scenario.loading import load, load_arm
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.scenario.schema import json_schema

SCENARIOS = Path(__file__).parents[2] / "scenarios"
INPUT = {"row": 1, "text": "visits cut", "figure": 1, "role": "input", "value": "reforms.inspection_quota.from"}
Refused = Callable[..., str]


def with_article(scenario: Scenario, *figures: dict[str, Any]) -> Scenario:
    return Scenario.model_validate(scenario.to_dict() | {"article": figures})


def figure(**values: Any) -> dict[str, Any]:
    return {"row": 7, "text": "issues resolved", "figure": 300, "role": "output", "value": "closed_urgent"} | values


@pytest.fixture
def refused(tiny: Path) -> Refused:
    """What is said of a file with one figure, of which only this is given."""

    def refused(**values: str) -> str:
        given = {"row": "1", "text": "visits", "figure": "2", "role": "input", "value": "staff.absence"} | values
        lines = [f"    {key}: {value}\n" for key, value in given.items() if value]
        Path("bad.yaml").write_text("extends: tiny.yaml\narticle:\n  -\n" + "".join(lines), encoding="utf-8")
        with pytest.raises(ScenarioError) as caught:
            load("bad.yaml")
        (problem,) = caught.value.problems
        assert problem.file == "bad.yaml"
        # A key that is missing is told at the figure that lacks it.
        field = problem.path.removeprefix("article[0].")
        assert problem.line == (4 + list(given).index(field) if given.get(field) else 4)
        return f"{problem.path}: {problem.message}"

    return refused


# ---- numbers of a scenario ----


@pytest.mark.parametrize(
    ("path", "number"),
    [
        ("reforms.inspection_quota.visits_per_month", 1.0),
        ("reforms.meeting_limits.adoption", 0.8),
        ("departments.city_bureaus.campaigns.notice", 2.0),
        ("place.counties.0.residents", 6000.0),
        ("staff.cadres_per_township", 5.0),
        ("behaviour.minds.motivation", Scenario().behaviour.minds.motivation),
    ],
)
def test_an_input_is_a_number_at_its_path(tiny_scenario: Scenario, path: str, number: float) -> None:
    assert number_at(tiny_scenario, path) == number
    assert with_article(tiny_scenario, {**INPUT, "value": path}).article[0].value == path


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (
            "reforms.inspection_quotas.visits_per_month",
            "nothing in reforms is called 'inspection_quotas', did you mean",
        ),
        ("reforms.inspection_quota.visits_a_month", "did you mean 'visits_per_month'?"),
        ("reforms.certificate_removal.kind", "called 'kind', did you mean 'kinds'?"),
        ("stuff.absence", "nothing in the scenario is called 'stuff', did you mean 'staff'?"),
        ("staff.absense", "nothing in staff is called 'absense', did you mean 'absence'?"),
        ("staff.absence.much", "nothing in staff.absence is called 'much'"),
        ("place.counties.1.residents", "nothing in place.counties is called '1'; allowed: 0"),
        ("staff", "must be the path of a number (got 'staff')"),
        ("reforms.inspection_quota.from", "must be the path of a number"),
        ("title", "must be the path of a number"),
    ],
)
def test_an_input_that_is_no_number_of_the_scenario_is_told_with_the_nearest(
    refused: Refused, path: str, said: str
) -> None:
    found = refused(value=path)
    assert found.startswith("article[0].value: ")
    assert said in found


@pytest.mark.parametrize(
    "path",
    ["reforms.certificate_removal.kinds", "reforms.meeting_limits.erosion", "departments.city_bureaus.campaigns.x"],
)
def test_what_is_switched_off_has_no_number_and_is_no_mistake(tiny_scenario: Scenario, path: str) -> None:
    """A reform that a scenario of its own leaves out is still one that the article speaks of."""
    content = tiny_scenario.to_dict()
    content["departments"]["city_bureaus"]["campaigns"] = None
    assert number_at(Scenario.model_validate(content), path) is None


def test_a_reform_can_be_switched_off_under_an_article(tiny: Path) -> None:
    text = "extends: tiny.yaml\narticle:\n  - {row: 1, text: x, figure: 3, role: input, value: %s}\n"
    Path("child.yaml").write_text(text % "reforms.inspection_quota.visits_per_month", encoding="utf-8")
    assert len(load("child.yaml", ["reforms.inspection_quota=null"]).article) == 1
    reform, baseline = load_arm("child.yaml")
    assert (len(reform.article), len(baseline.article)) == (1, 0)


# ---- what may be said ----


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"figure": "0"}, "article[0].figure: must be > 0 (got 0)"),
        ({"figure": "many"}, "article[0].figure: must be a number (got 'many')"),
        ({"row": "first"}, "article[0].row: must be a whole number (got 'first')"),
        ({"role": "inputs"}, "article[0].role: must be one of input, output (got 'inputs'), did you mean 'input'?"),
        ({"text": ""}, "article[0].text: is required"),
        ({"at_leest": "true"}, "article[0].at_leest: unknown key 'at_leest', did you mean 'at_least'?"),
        ({"from": "2025-01-01"}, "article[0].from: is for outputs only: an input has no dates"),
        ({"to": "2025-01-01"}, "article[0].to: is for outputs only: an input has no dates"),
        ({"role": "output", "per_office": "true"}, "article[0].per_office: is for inputs only"),
        (
            {"role": "output", "value": "closed", "from": "2025-02-01", "to": "2025-01-31"},
            "article[0].to: must not be before from 2025-02-01 (got 2025-01-31)",
        ),
    ],
)
def test_a_figure_that_is_wrong_is_told_with_its_place(refused: Refused, values: dict[str, str], said: str) -> None:
    assert refused(**values) == said


def test_figures_are_replaced_as_a_whole_and_survive_being_written(tiny: Path) -> None:
    entry = "{row: 7, text: x, figure: 3, at_least: true, role: output, value: closed, from: 2025-01-01}"
    Path("a.yaml").write_text(f"extends: tiny.yaml\narticle: [{entry}, {entry}]\n", encoding="utf-8")
    Path("b.yaml").write_text("extends: a.yaml\narticle: []\n", encoding="utf-8")
    whole = load("a.yaml")
    assert len(whole.article) == 2
    assert load("b.yaml").article == ()
    again = Scenario.model_validate(json.loads(json.dumps(whole.to_dict())))
    assert again.article == whole.article
    assert again.to_dict()["article"][0]["from"] == "2025-01-01"


# ---- no weight ----


def test_an_article_decides_no_result_and_is_no_difference(tiny_scenario: Scenario) -> None:
    other = with_article(tiny_scenario, figure())
    assert other.article
    assert other.digest == tiny_scenario.digest
    assert differences(tiny_scenario, other) == []


# ---- the schema ----


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, None),
        ({"from": "2025-01-01", "to": "2025-07-31", "at_least": True}, None),
        ({"role": "outputs"}, "'outputs' is not one of ['input', 'output']"),
        ({"figure": "many"}, "'many' is not of type 'number'"),
        ({"wheight": 1}, "'wheight' was unexpected"),
        ({"row": None}, "None is not of type 'integer'"),
    ],
)
def test_an_editor_knows_what_a_figure_may_be(change: dict[str, Any], said: str | None) -> None:
    validator = jsonschema.Draft202012Validator(json_schema())
    found = [e.message for e in validator.iter_errors({"article": [figure(**change)]})]
    assert (not found) if said is None else any(said in message for message in found), found


def test_an_editor_says_what_a_figure_lacks() -> None:
    """Unlike sections, items of a list are not laid over others: what is missing is missing."""
    entry = figure()
    del entry["value"]
    found = [e.message for e in jsonschema.Draft202012Validator(json_schema()).iter_errors({"article": [entry]})]
    assert found == ["'value' is a required property"]


def test_hengyang_has_the_figures_of_its_article() -> None:
    article = {f.value: f for f in load(SCENARIOS / "hengyang.yaml").article}
    assert article["reforms.certificate_removal.kinds"].figure == 36
    urgent = article["closed_urgent"]
    assert (urgent.figure, urgent.at_least, str(urgent.from_), str(urgent.to)) == (
        13400, True, "2025-01-01", "2025-07-31",
    )  # fmt: skip
