"""The reference pages say what the code declares."""

from __future__ import annotations

import csv
import re
import sys
from importlib.resources import files
from pathlib import Path

import pytest

import cadre_sim
from cadre_sim.cli.app import main
from cadre_sim.docpages.evidence import parameter_link
from cadre_sim.docpages.keys import anchor, parts
from cadre_sim.docpages.outputs import COMPARE_FILES, RUN_FILES
from cadre_sim.docpages.reference import pages
from cadre_sim.record.dictionary import COLUMNS, KEPT
from cadre_sim.record.metrics import metric_catalogue
from cadre_sim.scenario.listing import parameters

ROOT = Path(__file__).parents[2]
PAGES = pages()


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]


def tables(text: str) -> dict[str, dict[str, dict[str, str]]]:
    """Cells of all tables by the heading above, the first cell of the row and the head of the column."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    heading, head = "", [""]
    for line in text.splitlines():
        if line.startswith("#"):
            heading, head = line.lstrip("#").strip(" `"), []
        elif line.startswith("|") and not head:
            head = cells(line)
        elif line.startswith("|") and not line.startswith("| ---"):
            row = cells(line)
            key = re.sub(r"<[^>]*>|\[|\]\(.*\)|`", "", row[0])
            found.setdefault(heading, {})[key] = dict(zip(head, row, strict=True))
        elif not line.startswith("|"):
            head = []
    return found


def test_every_number_of_a_scenario_stands_in_its_section_with_all_that_is_declared() -> None:
    found = tables(PAGES["scenario.md"])
    own = [p for p in parameters() if not p.path.startswith("reforms.")]
    assert len(own) > 150
    for p in own:
        section, _, key = p.path.rpartition(".")
        row = found[section][key]
        assert (row["unit"], row["kind"], row["meaning"]) == (p.unit, p.kind, p.meaning), p.path
        said = [*row["plausible"].split(" to "), *([row["default"]] if p.default is not None else [])]
        assert [float(n.replace(",", "")) for n in said] == pytest.approx(
            [p.low, p.high, *([] if p.default is None else [p.default])], rel=1e-3
        ), p.path
        assert re.findall(r"\[`(\w+)`\]", row.get("source", "")) == list(p.source), p.path


def test_every_other_key_stands_there_too() -> None:
    found = tables(PAGES["scenario.md"])
    for part in parts():
        named = {field.alias or name for name, field in part.model.model_fields.items()}
        assert set(found[part.path or "At the top"]) == named, part.path


def test_every_metric_and_column_is_listed_with_its_unit() -> None:
    found = tables(PAGES["outputs.md"])
    metrics = found["Metrics"] | found["Township governments"]
    assert {name: row["unit"] for name, row in metrics.items()} == {d.name: d.unit for d in metric_catalogue()}
    columns = found["Columns of the daily and office tables"]
    assert {name: (row["unit"], row["meaning"]) for name, row in columns.items()} == {
        c.name: (c.unit, c.meaning) for c in COLUMNS
    }


def test_the_files_listed_are_those_that_commands_write(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for arguments, listed in (
        (["run", str(tiny), "--record", "cadres"], RUN_FILES),
        (["compare", str(tiny), "--replicates", "2", "--workers", "1"], COMPARE_FILES),
    ):
        monkeypatch.setattr(sys, "argv", ["cadre-sim", *arguments, "--quiet", "--out", arguments[0]])
        with pytest.raises(SystemExit):
            main()
        written = {p.name for p in Path(arguments[0]).iterdir()}
        assert written | {"article.csv"} == {
            *listed,
            *(f"{name}.parquet" for name in KEPT),
            "manifest.json",
            "article.csv",
        }


def test_every_figure_of_the_evidence_is_listed_with_what_rests_on_it() -> None:
    with files("cadre_sim.data").joinpath("evidence.csv").open(encoding="utf-8") as file:
        figures = {row["id"]: row for row in csv.DictReader(file)}
    found = tables(PAGES["evidence.md"])["Figures"]
    assert set(found) == set(figures)
    for name, row in found.items():
        figure = figures[name]
        assert row["source (year; trust)"].startswith(figure["source"])
        assert row["source (year; trust)"].endswith(f"{figure['confidence']})")
        assert row["value"].startswith(f"{figure['value']} {figure['unit']}".strip())
    for p in parameters():
        if not p.path.startswith("reforms."):
            for source in p.source:
                assert parameter_link(p.path) in found[source]["rests on it"]
        elif p.path.rsplit(".", 1)[1] not in ("adoption", "erosion"):
            measure, key = p.path.split(".")[1:]
            for source in p.source:
                assert f"[`{measure}.{key}`](../measures/{measure}.md)" in found[source]["rests on it"]


def test_the_api_page_has_every_public_name() -> None:
    assert re.findall(r"^::: cadre_sim\.(\w+)$", PAGES["api.md"], re.MULTILINE) == cadre_sim.__all__


def test_an_anchor_is_what_the_site_makes_of_a_heading() -> None:
    assert anchor("departments.*.campaigns") == "departmentscampaigns"
    assert anchor("oversight.extra_visits") == "oversightextra_visits"


def test_the_odd_page_leads_to_every_section_of_the_equations() -> None:
    """So that the description in ODD+D has every equation."""
    model = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    odd = (ROOT / "docs" / "odd.md").read_text(encoding="utf-8")
    headings = re.findall(r"^##+ (.+)$", model, re.MULTILINE)
    slugs = {re.sub(r"\s+", "-", re.sub(r"[^\w\s-]", "", heading).strip().lower()) for heading in headings}
    assert len(slugs) > 30
    assert slugs == set(re.findall(r"\(model\.md#([\w-]+)\)", odd))
