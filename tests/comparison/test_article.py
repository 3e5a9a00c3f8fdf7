"""An article's figures beside the model's: what is counted, over which dates, and what is said of the two."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from cadre_sim.cli.app import main
from cadre_sim.comparison.article import article_frame, model_figures, verdicts
from cadre_sim.comparison.compare import compare
from cadre_sim.comparison.replicate import RunSet
from cadre_sim.comparison.statistics import interval
from cadre_sim.errors import ScenarioError, UnknownNameError
from cadre_sim.events.log import Event
from cadre_sim.record.counts import COUNTS, check_outputs, count
from cadre_sim.record.dictionary import COLUMNS, MEANS
from cadre_sim.record.result import RunResult
from cadre_sim.scenario.loading import load
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.workday.outputs import OUTPUTS

START, END = date(2024, 12, 2), date(2025, 2, 28)


@pytest.fixture(scope="module")
def result(tiny_runs: RunSet) -> RunResult:
    return tiny_runs.results[0]


def figure(**values: Any) -> dict[str, Any]:
    return {"row": 7, "text": "issues resolved", "figure": 300, "role": "output", "value": "closed_urgent"} | values


def with_article(scenario: Scenario, *figures: dict[str, Any]) -> Scenario:
    return Scenario.model_validate(scenario.to_dict() | {"article": figures})


# ---- counts ----


def test_a_column_is_summed_over_villages_and_communities_between_two_dates(result: RunResult) -> None:
    """Every number of the days is another, so that neither kind, day nor column can be taken for another."""
    days, groups, outputs = result.daily.shape
    daily = np.arange(days * groups * outputs, dtype=float).reshape(days, groups, outputs)
    other = dataclasses.replace(result, daily=daily)
    inside = (result.dates >= np.datetime64("2025-01-06")) & (result.dates <= np.datetime64("2025-01-10"))
    assert inside.sum() == 5
    for name in ("closed_urgent", "received", "overtime", "preparation"):
        expected = daily[inside][:, [0, 1], OUTPUTS.index(name)].sum()
        assert count(other, name, date(2025, 1, 6), date(2025, 1, 10)) == expected
        assert count(other, name, date(2025, 1, 4), date(2025, 1, 12)) == expected, "days without work count nothing"


def test_counties_are_summed(result: RunResult) -> None:
    """Groups are county by kind: of two counties, the first two of three columns each."""
    daily = np.zeros((result.daily.shape[0], 6, len(OUTPUTS)))
    daily[3, :, OUTPUTS.index("closed")] = [1.0, 10.0, 100.0, 1000.0, 10_000.0, 100_000.0]
    assert count(dataclasses.replace(result, daily=daily), "closed", START, END) == 11_011.0


def test_the_whole_run_is_what_the_daily_table_has(result: RunResult) -> None:
    table = result.daily_frame()
    table = table[table["kind"] != "township"]
    for name in ("closed_urgent", "forms", "meetings"):
        assert count(result, name, START, END) == pytest.approx(table[name].sum(), rel=1e-12)
        assert count(result, name, START, END) > 0


def test_events_are_counted_by_kind_on_the_days_in_between(result: RunResult) -> None:
    """Days 0 to 4 are a week; a case that is opened is none that is closed."""
    kinds = ["case closed", "case opened", "case closed", "correction", "case closed", "report"]
    events = tuple(Event(day, kind, "bureaus", 0) for day, kind in enumerate(kinds))
    other = dataclasses.replace(result, events=events)
    assert str(result.dates[4]) == "2024-12-06"
    assert count(other, "watchdog_cases", START, END) == 3.0
    assert count(other, "watchdog_cases", date(2024, 12, 3), date(2024, 12, 5)) == 1.0
    assert count(other, "watchdog_cases", date(2024, 12, 4), date(2024, 12, 6)) == 2.0
    assert count(other, "watchdog_corrections", START, END) == 1.0
    assert count(other, "watchdog_corrections", date(2024, 12, 6), END) == 0.0


def test_people_sent_are_the_most_on_the_rolls_of_all_offices_on_a_day(result: RunResult) -> None:
    """They come one after another; townships get some too."""
    daily = np.zeros_like(result.daily)
    daily[2:5, :, OUTPUTS.index("deployed")] = [[1, 0, 0], [2, 1, 3], [2, 0, 1]]
    other = dataclasses.replace(result, daily=daily)
    assert count(other, "deployed_people", START, END) == 6.0
    assert count(other, "deployed_people", date(2024, 12, 6), END) == 3.0
    assert count(other, "deployed_people", date(2025, 1, 1), END) == 0.0
    assert count(other, "deployed_people", date(2026, 1, 1), date(2026, 2, 1)) == 0.0


def test_columns_that_are_means_cannot_be_counted() -> None:
    assert set(COUNTS) >= {c.name for c in COLUMNS} - set(MEANS)
    assert not set(COUNTS) & set(MEANS)


def test_what_is_not_counted_is_told_with_the_nearest(result: RunResult) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'closed_urgent'"):
        count(result, "closed_urgnt", START, END)


# ---- figures ----


def test_figures_of_the_model_stand_in_the_order_of_the_article(tiny_scenario: Scenario, result: RunResult) -> None:
    """The tiny county has six villages and communities, and a township that is none of them."""
    path = "reforms.inspection_quota.visits_per_month"
    scenario = with_article(
        tiny_scenario,
        figure(value="received", **{"from": START, "to": END}),
        figure(role="input", value="reforms.meeting_limits.adoption"),
        figure(role="input", value=path, per_office=True),
        figure(role="input", value="reforms.certificate_removal.kinds"),
    )
    found = model_figures(scenario, result)
    np.testing.assert_array_equal(found, [count(result, "received", START, END), 0.8, 6.0, np.nan])
    assert model_figures(tiny_scenario, result).shape == (0,)


def test_without_dates_an_output_is_of_the_measured_days(tiny_scenario: Scenario, result: RunResult) -> None:
    found = model_figures(with_article(tiny_scenario, figure(value="received")), result)
    assert found[0] == count(result, "received", date(2025, 1, 1), END)
    assert found[0] < count(result, "received", START, END)


@pytest.mark.parametrize(
    "dates",
    [
        {"from": "2024-12-01", "to": "2025-01-31"},
        {"from": "2025-01-01", "to": "2025-03-01"},
        {"to": "2024-12-20"},
    ],
)
def test_dates_that_the_run_does_not_have_in_full_give_no_number(
    tiny_scenario: Scenario, result: RunResult, dates: dict[str, str]
) -> None:
    """A part of the cases would look like a failure of the model."""
    scenario = with_article(tiny_scenario, figure(**dates))
    assert np.isnan(model_figures(scenario, result)).all()
    (said,) = verdicts(article_frame(scenario, np.full((2, 1), np.nan)))
    assert "cannot be compared" in said


# ---- what is said ----


def verdict(scenario: Scenario, values: Sequence[float], **change: Any) -> str:
    """What is said of figure 300 where replicates give these values."""
    frame = article_frame(with_article(scenario, figure(**change)), np.array(values, dtype=float)[:, None])
    (said,) = verdicts(frame)
    return said


def test_a_table_has_the_mean_its_interval_and_the_ratio(tiny_scenario: Scenario) -> None:
    quota = {"role": "input", "value": "reforms.inspection_quota.visits_per_month", "figure": 4, "row": 1}
    scenario = with_article(tiny_scenario, figure(at_least=True), figure(**quota))
    values = np.array([[400.0, 1.0], [500.0, 1.0], [600.0, 1.0]])
    frame = article_frame(scenario, values)
    names = ["row", "text", "figure", "at_least", "role", "value", "from", "to", "mean", "low", "high", "ratio"]
    assert list(frame.columns) == names
    output, given = frame.to_dict("records")
    expected = interval(values)
    assert (output["mean"], output["low"], output["high"]) == (500.0, expected.low[0], expected.high[0])
    assert output["ratio"] == pytest.approx(500.0 / 300.0)
    assert (output["from"], output["to"], output["at_least"]) == ("2025-01-01", "2025-02-28", True)
    assert (given["mean"], given["ratio"]) == (1.0, 0.25)
    assert pd.isna([given[name] for name in ("low", "high", "from", "to")]).all(), "an input is set, not drawn"


@pytest.mark.parametrize(
    ("values", "change", "said"),
    [
        ([290.0, 300.0, 320.0], {}, "Row 7: the article's figure (300) lies in the model's interval."),
        (
            [599.0, 600.0, 601.0],
            {},
            "Row 7: the article's figure (300) lies below the model's interval: the model gives more by a factor "
            "of 2.00.",
        ),
        (
            [59.0, 60.0, 61.0],
            {"at_least": True},
            "Row 7: the article's figure (over 300) lies above the model's interval: the model gives less by a factor "
            "of 5.00.",
        ),
        ([599.0, 600.0, 601.0], {"at_least": True}, "lies below the model's interval ('over' allows that): the model"),
        ([0.0, 0.0], {}, "is not met: the model gives none."),
        ([150.0], {}, "has no interval to lie in: the model gives 0.50 times as much, in one replicate."),
        ([np.nan, np.nan], {}, "cannot be compared: the run does not have all days from 2025-01-01 to 2025-02-28."),
        ([13000.0, 14000.0], {"figure": 13400}, "(13,400) lies in the model's interval."),
    ],
)
def test_what_is_said_of_an_output(
    tiny_scenario: Scenario, values: list[float], change: dict[str, Any], said: str
) -> None:
    assert said in verdict(tiny_scenario, values, **change)


def test_nothing_is_said_of_inputs(tiny_scenario: Scenario) -> None:
    given = figure(role="input", value="reforms.inspection_quota.visits_per_month")
    assert list(verdicts(article_frame(with_article(tiny_scenario, given), np.ones((2, 1))))) == []


# ---- compare ----


def test_a_comparison_puts_the_reforms_runs_beside_the_article(tiny_scenario: Scenario, tiny_runs: RunSet) -> None:
    """Each scenario by its own article, from the runs of the reform and not of the baseline."""
    scenario = with_article(tiny_scenario, figure(value="meetings"), figure(value="forms"))
    comparison = compare(scenario, tiny_scenario, replicates=3, seed=7, workers=1)
    by_hand = [[count(r, name, date(2025, 1, 1), END) for name in ("meetings", "forms")] for r in tiny_runs.results]
    np.testing.assert_array_equal(comparison.arms[0].figures, by_hand)
    assert comparison.arms[0].article()["mean"].tolist() == np.mean(by_hand, axis=0).tolist()
    assert len(comparison.arms[1].article()) == 0
    assert comparison.article()["scenario"].tolist() == ["A tiny county (1)"] * 2
    first, second = json.loads(json.dumps(comparison.to_dict(), allow_nan=False))["arms"]
    assert [row["value"] for row in first["article"]] == ["meetings", "forms"]
    assert second["article"] == []


def test_an_output_that_no_run_leaves_is_refused_before_anything_is_run(tiny_scenario: Scenario) -> None:
    scenario = with_article(tiny_scenario, figure(), figure(value="closed_urgnt"))
    with pytest.raises(ScenarioError) as caught:
        compare(scenario, replicates=1, workers=1, progress=lambda done, of: pytest.fail("it was run"))
    assert str(caught.value) == (
        "scenario article[1].value: unknown output 'closed_urgnt', did you mean 'closed_urgent'?"
    )


ARTICLE = """\
extends: tiny.yaml
article:
  - {row: 3, text: "kinds [bold] of certificates", figure: 36, role: input, value: reforms.certificate_removal.kinds}
  - row: 7
    text: urgent issues resolved, with a good deal to say about them that goes over several lines
    figure: 1234567
    at_least: true
    role: output
    value: %s
"""


@pytest.fixture
def article(tiny: Path) -> Path:
    path = Path("article.yaml")
    path.write_text(ARTICLE % "closed_urgent", encoding="utf-8")
    return path


def call(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr("sys.argv", ["cadre-sim", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


@pytest.mark.parametrize("command", ["validate", "compare"])
def test_the_command_line_tells_file_line_and_path_of_an_unknown_output(
    article: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], command: str
) -> None:
    article.write_text(ARTICLE % "closed_urgnt", encoding="utf-8")
    out = () if command == "validate" else ("--out", "out")
    assert call(monkeypatch, command, "article.yaml", *out) == 2
    said = "article.yaml:9:12 article[1].value: unknown output 'closed_urgnt', did you mean 'closed_urgent'?"
    assert capfd.readouterr().err.strip().removeprefix("cadre-sim: ") == said
    assert not Path("out").exists()


def test_a_setting_that_names_an_unknown_output_is_told_as_such(article: Path) -> None:
    scenario = load(article, ["article.1.value=closed_urgnt"])
    with pytest.raises(ScenarioError, match=r"^--set article\.1\.value=closed_urgnt"):
        check_outputs(scenario)


def test_the_table_is_printed_and_written_where_there_is_an_article(
    article: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert call(monkeypatch, "compare", "article.yaml", "-n", "2", "--workers", "1", "--out", "out") == 0
    out = capfd.readouterr().out
    assert "Article / model" in out
    assert "kinds [bold] of" in out
    assert "over 1,234,567" in " ".join(out.split())
    assert "Row 7: the article's figure (over 1,234,567) lies above" in out
    assert max(map(len, out.splitlines())) <= 80
    assert "…" not in out
    lines = Path("out/article.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "row,text,figure,at_least,role,value,from,to,mean,low,high,ratio,scenario"
    assert len(lines) == 3
    assert "article.csv" in json.loads(Path("out/manifest.json").read_text(encoding="utf-8"))["files"]


def test_without_an_article_nothing_is_said_of_one(
    tiny: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert call(monkeypatch, "compare", "tiny.yaml", "-n", "1", "--workers", "1", "--out", "out") == 0
    assert "Article" not in capfd.readouterr().out
    assert not Path("out/article.csv").exists()
