"""The report says what the result says, is one file that asks for nothing, and can be read without seeing it."""

from __future__ import annotations

import re
from base64 import b64decode
from html.parser import HTMLParser
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cadre_sim.cli.app import app
from cadre_sim.comparison.compare import Comparison, compare
from cadre_sim.comparison.replicate import RunSet, run
from cadre_sim.errors import InputError, OutputError
from cadre_sim.report.page import report, write
from cadre_sim.report.pieces import ReportSection, Text
from cadre_sim.scenario.listing import parameters_in
from cadre_sim.scenario.scenario import Scenario
from conftest import Call


class Page(HTMLParser):
    """Elements of a page with their attributes, and the texts in them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self._open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in ("meta", "img"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag, "elements are closed in their order"

    def handle_data(self, data: str) -> None:
        if data.strip() and self._open:
            self.texts.append((self._open[-1], " ".join(data.split())))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]

    def said(self, tag: str) -> list[str]:
        return [text for name, text in self.texts if name == tag]


@pytest.fixture(scope="module")
def text(tiny_comparison: Comparison) -> str:
    return report(tiny_comparison)


def test_a_report_is_one_file_without_script_or_request(text: str) -> None:
    page = Page(text)
    assert page.all("script") == page.all("link") == page.all("iframe") == []
    addresses = [attributes.get(name) for _, attributes in page.found for name in ("src", "href", "srcset")]
    assert all(a.startswith("data:image/svg+xml;base64,") for a in addresses if a)
    policy = next(m["content"] for m in page.all("meta") if m.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    assert policy.startswith("default-src 'none'; img-src data:; style-src 'unsafe-inline'")
    assert not [a for _, attributes in page.found for a in attributes if a.startswith("on") or a == "style"]
    assert "url(" not in text
    for image in page.all("img"):
        svg = b64decode(str(image["src"]).split(",")[1])
        assert svg.startswith(b"<?xml")
        assert b"http" not in re.sub(
            rb'xmlns(:\w+)?="[^"]+"|<!DOCTYPE[^>]+>|<metadata>.*?</metadata>', b"", svg, flags=re.S
        )


def test_the_answer_stands_at_the_top_with_its_interval_and_what_it_is_of(
    text: str, tiny_comparison: Comparison
) -> None:
    row = tiny_comparison.arms[0].frame().set_index("metric").loc["service_hours"]
    page = Page(text)
    answer = page.said("p")[2]
    assert page.said("p")[1] == "Does a tiny reform change a tiny county?"
    assert f"{abs(row['effect']):.2f} hours per cadre-week, from {row['baseline']:.2f} to {row['reform']:.2f}" in answer
    assert ("rises" if row["effect"] > 0 else "falls") in answer
    assert f"95% interval of the effect: {row['low']:+.2f} to {row['high']:+.2f}".replace("-", "−") in answer
    assert "They are of chance alone" in text


def test_numbers_of_the_table_are_those_of_the_comparison(text: str, tiny_comparison: Comparison) -> None:
    effects = tiny_comparison.arms[0].frame().set_index("metric")
    cells = [t for name, t in Page(text).texts if name in ("th", "td")]
    for label, metric, factor, digits in (
        ("meetings", "meetings_hours", 1.0, 2),
        ("matters ended by their date", "on_time_share", 100.0, 1),
        ("visits of inspectors", "visits", 1.0, 1),
    ):
        row = factor * effects.loc[metric, ["baseline", "reform", "effect"]]
        place = cells.index(label)
        found = cells[place : place + 8]
        for value, sign in ((row["baseline"], ""), (row["reform"], ""), (row["effect"], "+")):
            said = f"{value:{sign}.{digits}f}".replace("-", "−")
            assert said in found or said[1:] in found, (label, said, found)


def test_who_does_not_see_figures_is_told_their_numbers(text: str, tiny_comparison: Comparison) -> None:
    images = Page(text).all("img")
    assert len(images) == 6, "one county is no row of counties, and one date no rollout"
    assert all(len(str(image["alt"])) > 60 for image in images)
    service = tiny_comparison.arms[0].frame().set_index("metric").loc["service_hours"]
    assert f"service to residents from {service['baseline']:.1f} to {service['reform']:.1f}" in str(images[0]["alt"])


def test_everything_that_was_assumed_is_listed(text: str, tiny_comparison: Comparison) -> None:
    every = parameters_in(tiny_comparison.arms[0].arm.reform)
    assumed = [path for path, p in every.items() if p.parameter.kind == "A" and p.value is not None]
    rows = [t for t in Page(text).said("th") if t in every]
    assert rows == assumed
    assert f"Of {len(every)} numbers in the scenario" in text


def test_assumptions_stand_in_the_order_of_what_hangs_on_them(tiny_comparison: Comparison) -> None:
    influence = {"demand.hours": 0.2, "behaviour.minds.caution": 0.5}
    page = Page(report(tiny_comparison, influence=influence))
    names = [t for t in page.said("th") if "." in t and " " not in t]
    assert names[:2] == ["behaviour.minds.caution", "demand.hours"]
    assert "0.500" in page.said("td")
    assert "All assumptions, the largest influence first" in page.said("summary")


def test_a_section_of_an_analysis_stands_before_what_was_assumed(tiny_comparison: Comparison) -> None:
    heads = Page(report(tiny_comparison, more=[ReportSection("Attribution", [Text("Half each.")])])).said("h2")
    assert heads.index("Attribution") == heads.index("What was assumed") - 1


def test_a_title_is_text_and_not_markup(tiny_scenario: Scenario) -> None:
    named = tiny_scenario.model_copy(update={"title": "<script>alert(1)</script> {x} $y$", "question": "A & <b>B</b>?"})
    text = report(run(named, replicates=1, workers=1))
    page = Page(text)
    assert page.all("script") == page.all("b") == []
    assert page.said("h1") == ["<script>alert(1)</script> {x} $y$"]


def test_a_run_alone_is_reported_without_effects(tiny_runs: RunSet) -> None:
    page = Page(report(tiny_runs))
    assert len(page.all("img")) == 5
    assert "In numbers" in page.said("h2")
    assert not {"effect", "before/after"} & set(page.said("th"))
    mean = tiny_runs.summary().set_index("metric").loc["service_hours", "mean"]
    assert page.said("p")[2] == f"A cadre spends {mean:.2f} hours a week on service to residents."


def test_several_scenarios_have_a_chapter_each_and_a_table_of_all(tiny_scenario: Scenario) -> None:
    other = tiny_scenario.model_copy(update={"title": "Other", "reforms": {}})
    page = Page(report(compare(tiny_scenario, other, replicates=2, workers=1)))
    assert page.said("h1") == ["2 scenarios compared"]
    assert page.said("h2") == ["A tiny county", "Other"]
    assert page.said("caption")[0] == "Effect on service hours per cadre-week"
    assert len(page.all("article")) == 2


def test_a_place_without_villages_is_reported_without_what_is_of_villages(
    tiny_scenario: Scenario, tmp_path: Path
) -> None:
    units = "county,township,name,kind,residents,cadres\nA,T,T,township,6000,12\n"
    (tmp_path / "units.csv").write_text(units, encoding="utf-8")
    place = tiny_scenario.place.model_copy(update={"units": str(tmp_path / "units.csv"), "counties": ()})
    lonely = tiny_scenario.model_copy(update={"place": place})
    page = Page(report(compare(lonely, replicates=2, workers=1)))
    assert page.all("img") == []
    assert "service to residents, township governments" in page.said("th")


def test_the_rollout_of_two_counties_is_told(two_counties: Comparison) -> None:
    page = Page(report(two_counties))
    assert {"County by county", "What a comparison of counties would find"} <= set(page.said("h2"))
    assert "Mar 10, 2025 to Jun 2, 2025, county by county" in page.said("td")


def test_chinese_is_said_to_be_chinese(tiny_comparison: Comparison) -> None:
    page = Page(report(tiny_comparison, language_name="zh"))
    assert page.all("html") == [{"lang": "zh-Hans"}]
    assert {"结论概要", "有哪些假设", "如何重现"} <= set(page.said("h2"))
    assert "2025年1月1日至2025年2月28日" in page.said("p")[0]


def test_a_folder_gives_the_report_of_its_comparison_and_how_to_make_it_again(
    call: Call, tiny_comparison: Comparison, text: str
) -> None:
    call("compare", "tiny.yaml", "-n", "3", "--seed", "7", "--workers", "1", "-q", "--out", "out")
    done = call("report", "out")
    assert (done.code, done.out.strip()) == (0, str(Path("out") / "report.html"))
    folder = Path("out", "report.html").read_text(encoding="utf-8")
    assert report(Path("out")) == folder, "the same bytes each time"
    reform, baseline = tiny_comparison.arms[0].arm
    for said in ("cadre-sim compare tiny.yaml -n 3", reform.digest, baseline.digest, "numpy"):
        assert said in folder, said
    assert [i["src"] for i in Page(folder).all("img")] == [i["src"] for i in Page(text).all("img")]
    found = CliRunner().invoke(app, ["report", "out", "--language", "zh"])
    assert found.output.strip() == str(Path("out") / "report.zh.html")
    assert Path("out", "report.html").read_text(encoding="utf-8") == folder, "one language does not overwrite another"


def test_what_is_no_result_is_refused_and_nothing_is_written(call: Call) -> None:
    done = call("report", ".")
    assert done.code == 2
    assert done.err == "cadre-sim: .: no result there: manifest.json: no such file\n"
    assert list(Path().glob("**/*.html")) == []
    error = CliRunner().invoke(app, ["report", ".", "--language", "zn"]).exception
    assert str(error) == "--language: unknown name 'zn'; allowed: en, zh"


def test_a_damaged_result_is_told_in_a_line(call: Call) -> None:
    call("run", "tiny.yaml", "-q", "--out", "out")
    Path("out/by_day.parquet").write_bytes(b"no parquet")
    with pytest.raises(InputError, match=r"by_day\.parquet: is damaged"):
        report(Path("out"))
    Path("out/by_day.parquet").unlink()
    with pytest.raises(InputError, match=r"by_day\.parquet: no such file"):
        report(Path("out"))


def test_a_page_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        write("page", tmp_path / "nowhere" / "report.html")


def test_help_of_report_has_an_example() -> None:
    found = CliRunner().invoke(app, ["report", "--help"])
    assert "cadre-sim report results/hengyang --language zh" in " ".join(found.output.split())


def test_text_of_a_result_is_text_on_the_page(call: Call) -> None:
    """Also in figures, which are SVG within the page: no name ends a tag, begins one, or is a template."""
    Path("evil.yaml").write_text(
        "extends: tiny.yaml\ntitle: </script><script>alert(1)</script>\nplace:\n  counties:\n"
        "    - {name: '</script><script>alert(1)</script>', residents: 600, offices: 6, communities: 2, townships: 1}\n"
        "    - {name: '{x:>999999} {{ 7 * 7 }} $\\frac{', residents: 6000, offices: 6, communities: 2, townships: 1}\n",
        encoding="utf-8",
    )
    assert call("compare", "evil.yaml", "-n", "2", "-q", "--out", "out").code == 0
    text = report(Path("out"))
    drawn = [b64decode(found).decode() for found in re.findall("data:image/svg[^,]*,([A-Za-z0-9+/=]+)", text)]
    assert drawn
    for each in (text, *drawn):
        assert "<script" not in each
        assert "alert(1)</script>" not in each
    assert "&lt;/script&gt;&lt;script&gt;alert(1)" in text
    assert "{{ 7 * 7 }}" in text
