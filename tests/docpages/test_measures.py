"""The pages on the measures say what the code declares."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from cadre_sim.docpages.measures import article, page, pages
from cadre_sim.scenario.listing import parameters
from cadre_sim.scenario.loading import load
from cadre_sim.scenario.measures import Measure, measures

ROOT = Path(__file__).parents[2]
OWN = {key: m for key, m in measures().items() if m.__module__.startswith("cadre_sim.reforms.")}


def rows_of(text: str) -> dict[str, list[str]]:
    """Rows of all tables of a page by their first cell."""
    cells = [[c.strip() for c in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]
    return {row[0].strip("`"): row[1:] for row in cells}


def test_every_measure_has_a_page_and_stands_in_the_index() -> None:
    made = pages()
    assert set(made) == {"index.md", *(f"{key}.md" for key in OWN)}
    index = rows_of(made["index.md"])
    for key, measure in OWN.items():
        name, chinese, row, line = index[f"[{key}]({key}.md)"]
        assert (name, chinese) == (measure.label, measure.translations["zh"]["label"])
        assert f"**{name}** · **{chinese}**" in made[f"{key}.md"]
        assert row == ("" if measure.row is None else str(measure.row))
        assert line


@pytest.mark.parametrize("key", OWN)
def test_every_parameter_is_on_the_page_with_all_that_is_declared_of_it(key: str) -> None:
    rows = rows_of(page(OWN[key]))
    for name, field in OWN[key].model_fields.items():
        assert (field.alias or name) in rows
    own = [p for p in parameters() if p.path.startswith(f"reforms.{key}.")]
    assert own
    for p in own:
        default, unit, plausible, kind, source, meaning = rows[p.path.rsplit(".", 1)[1]]
        assert (unit, kind, meaning) == (p.unit, p.kind, p.meaning)
        assert source == ", ".join(f"`{s}`" for s in p.source)
        numbers = [float(n.replace(",", "")) for n in (*plausible.split(" to "), *([default] if default else []))]
        assert numbers == [p.low, p.high, *([] if p.default is None else [p.default])]


@pytest.mark.parametrize("key", OWN)
def test_own_parameters_come_first(key: str) -> None:
    names = list(rows_of(page(OWN[key])))
    common = [names.index(field.alias or name) for name, field in Measure.model_fields.items()]
    own = [names.index(name) for name in OWN[key].model_fields if name not in Measure.model_fields]
    assert max(own) < min(common)


@pytest.mark.parametrize("key", OWN)
def test_every_knob_is_on_the_page_or_the_page_says_that_there_is_none(key: str) -> None:
    text = page(OWN[key])
    effects = OWN[key].model_validate({"from": "2025-01-01"}).effects()
    for effect in effects:
        neutral, changed = rows_of(text)[effect.knob]
        assert neutral
        how, value = changed.rsplit(" ", 1)
        assert how == {"scale": "multiplied by", "cap": "at most", "set": "set to"}[effect.how]
        assert float(value) == pytest.approx(effect.value, rel=1e-3)
    assert effects or "no knob" in text


@pytest.mark.parametrize("key", OWN)
def test_the_example_switches_the_measure_on_alone(key: str, tmp_path: Path) -> None:
    example = page(OWN[key]).split("```yaml\n")[1].split("```")[0]
    body = YAML(typ="safe").load(example)
    assert set(body) == {"extends", "title", "reforms"}
    path = tmp_path / "example.yaml"
    path.write_text(example.replace("extends: ", f"extends: {os.path.relpath(ROOT, tmp_path)}/"), encoding="utf-8")
    assert list(load(path).reforms) == [key]
    assert isinstance(load(path).reforms[key], OWN[key])


def test_the_article_has_ten_rows_and_each_page_names_its_own() -> None:
    rows = article()
    assert list(rows) == list(range(1, 11))
    for measure in OWN.values():
        text = page(measure)
        assert measure.row is None or f"Row {measure.row}. {rows[measure.row].what}." in text
        assert (measure.row is None) == ("no row of the article" in text)
