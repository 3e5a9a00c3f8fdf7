"""Comparisons that say little: whatever they lack, terminal, report, page and JSON say so in words and never as nan."""

from __future__ import annotations

import io
import json
import re
import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from rich.console import Console

from cadre_sim.comparison.compare import Comparison, compare
from cadre_sim.comparison.effects import Effects
from cadre_sim.comparison.passthrough import PassThrough
from cadre_sim.explorer import charts, markup
from cadre_sim.explorer.tiles import tiles
from cadre_sim.figures.source import result_of
from cadre_sim.language import language
from cadre_sim.record.metrics import metric_catalogue
from cadre_sim.report.page import report
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.terminal.comparison import print_comparison
from cadre_sim.terminal.notes import on_pass_through

NAMES = [d.name for d in metric_catalogue()]
NO_NUMBER = re.compile(r"(?<![A-Za-z])(nan|NaN|inf|None)(?![a-z])|half of 0\b|[-\N{MINUS SIGN}]0(\.0+)?(?![.\d])")
"""What no reader should meet: no number, half of nothing, and a nothing with a sign."""
ARTICLE = (
    {"row": 1, "text": "closed", "figure": 300, "role": "output", "value": "closed_urgent"},
    {"row": 2, "text": "left", "figure": 3, "role": "output", "value": "quits", "at_least": True},
    {"row": 3, "text": "kinds", "figure": 9, "role": "input", "value": "reforms.inspection_quota.visits_per_month"},
)
PLACES_OF_TOWNSHIPS = {"counties": [{"name": "Littleton", "residents": 6000, "offices": 0, "townships": 2}]}


def shown(comparison: Comparison, precision: float | None = None) -> str:
    """What the terminal shows of a comparison, in one line."""
    file = io.StringIO()
    print_comparison(Console(file=file, width=80), comparison, precision)
    assert max(map(len, file.getvalue().splitlines())) <= 80
    return re.sub(r"\s+", " ", file.getvalue())


def text_of(page: str) -> str:
    """What a person reads of a page, descriptions of figures included, without styles and the figures themselves."""
    page = re.sub(r"<style>.*?</style>|src=\"data:[^\"]*\"", "", page, flags=re.DOTALL)
    alts = " ".join(re.findall(r"alt=\"([^\"]*)\"", page))
    return re.sub(r"<[^>]*>", " ", page) + alts


def of(comparison: Comparison, make: Callable[[Effects], Effects]) -> Comparison:
    """A comparison whose effects are made over."""
    arms = tuple(make(effects) for effects in comparison.arms)
    return Comparison(comparison.seed, len(arms[0].baseline), arms)


def first(effects: Effects, count: int) -> Effects:
    """The first replicates alone."""
    found = {name: getattr(effects, name)[:count] for name in ("baseline", "reform", "before", "figures", "traces")}
    return replace(effects, **found)


def without(effects: Effects, *metrics: str) -> Effects:
    """The same where some metrics are means of nothing."""
    sides = {name: getattr(effects, name).copy() for name in ("baseline", "reform", "before")}
    for values in sides.values():
        values[:, [NAMES.index(metric) for metric in metrics]] = np.nan
    return replace(effects, **sides)


KINDS: dict[str, tuple[Callable[[Effects], Effects], str]] = {
    "no effect": (
        lambda e: replace(e, reform=e.baseline, before=e.baseline),
        "The replicates give the same effect on service hours",
    ),
    "hardly any effect": (lambda e: replace(e, reform=e.baseline * (1 - 1e-7)), "the same effect on service hours"),
    "worse": (lambda e: replace(e, reform=e.baseline, baseline=e.reform), "no burden was freed: it grew by"),
    "one replicate": (lambda e: first(e, 1), "One replicate gives no interval; --replicates 8 does."),
    "two replicates": (lambda e: first(e, 2), "2 replicates say little of chance: their intervals reach 12.7"),
    "nothing closed": (
        lambda e: without(e, "days_to_close", "days_to_close_p90", "on_time_share", "satisfaction_share"),
        "-: undefined, a mean of nothing",
    ),
    "no days before": (lambda e: replace(e, before=np.full_like(e.before, np.nan), identical_days=0), "no working day"),
    "nothing at all": (
        lambda e: replace(e, **{n: np.zeros_like(getattr(e, n)) for n in ("baseline", "reform", "before", "figures")}),
        "is not met: the model gives none",
    ),
}

CHINESE = ("no effect", "two replicates", "nothing at all", "townships alone")


@pytest.fixture(scope="module")
def whole(tiny_scenario: Scenario) -> Comparison:
    """The tiny county with an article of two outputs and an input, three paired replicates."""
    return compare(Scenario.model_validate(tiny_scenario.to_dict() | {"article": ARTICLE}), replicates=3, workers=1)


@pytest.fixture(scope="module")
def townships(tiny_scenario: Scenario) -> Comparison:
    """A place of township governments alone: nobody serves residents in villages."""
    return compare(
        Scenario.model_validate(tiny_scenario.to_dict() | {"place": PLACES_OF_TOWNSHIPS}), replicates=2, workers=1
    )


@pytest.fixture(params=[*KINDS, "townships alone"])
def degenerate(request: pytest.FixtureRequest, whole: Comparison, townships: Comparison) -> tuple[Comparison, str]:
    """A comparison that lacks something, and what the terminal says of it."""
    if request.param == "townships alone":
        return townships, "Township governments, hours per cadre-week"
    make, said = KINDS[request.param]
    return of(whole, make), said


def test_it_is_said_in_words_and_never_as_no_number(degenerate: tuple[Comparison, str]) -> None:
    comparison, said = degenerate
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        text = shown(comparison, precision=0.0001)
    assert said in text
    assert not NO_NUMBER.search(text), NO_NUMBER.search(text)
    plain = json.dumps(comparison.to_dict(), allow_nan=False)
    assert "-0.0," not in plain
    assert "-0.0}" not in plain


def test_a_report_and_the_page_say_it_too(degenerate: tuple[Comparison, str], request: pytest.FixtureRequest) -> None:
    """In one language or the other, in turn: a page takes a second."""
    comparison, _ = degenerate
    name = "zh" if request.node.callspec.params["degenerate"] in CHINESE else "en"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        page = text_of(report(comparison, language_name=name))
        result, say = result_of(comparison), language(name)
        page += text_of(markup.tiles(tiles(result, say), result.replicates, False, say))
        if result.has_villages:
            drawn = charts.effects(result, say).to_dict()
            page += json.dumps(list(drawn["datasets"].values()), allow_nan=False)
    found = NO_NUMBER.search(page)
    assert not found, page[max(found.start() - 80, 0) : found.end() + 40]


NUMBERS = st.sampled_from([0.0, 1e-12, 0.3, 1.0, 40.0, np.nan])
TABLES = st.integers(1, 4).flatmap(
    lambda count: st.tuples(*[arrays.arrays(float, (count, 11), elements=NUMBERS) for _ in range(3)])
)
"""Of both arms and of the days before, some numbers in each replicate: as many as differ are enough."""


def test_whatever_replicates_give_the_terminal_has_words_for_it(whole: Comparison) -> None:
    """A metric is one of few numbers, or none, in each replicate and arm."""

    @settings(max_examples=40, deadline=None)
    @given(tables=TABLES)
    def check(tables: tuple[Any, ...]) -> None:
        sides = {
            name: np.tile(table, (1, len(NAMES) // table.shape[1] + 1))[:, : len(NAMES)]
            for name, table in zip(("baseline", "reform", "before"), tables, strict=True)
        }
        comparison = of(whole, lambda e: replace(e, **sides, figures=tables[0][:, : len(ARTICLE)]))
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            text = shown(comparison)
        assert not NO_NUMBER.search(text), text
        json.dumps(comparison.to_dict(), allow_nan=False)

    check()


SAID = {
    PassThrough(1.0, 0.0, 0.0, 0.0, 0.0, np.nan): "no burden was freed (pass-through 0.00).",
    PassThrough(1.0, -0.5, -0.6, -0.4, -0.5, np.nan): "no burden was freed: it grew by 0.50 h.",
    PassThrough(1.0, 0.5, -0.1, 1.1, 0.5, 8.0): "with an interval that holds 0: what of it went to service cannot",
    PassThrough(1.0, 0.5, 0.4, 0.6, 0.5, -0.2): "and service fell by 0.10 h.",
    PassThrough(1.0, 0.5, 0.4, 0.6, 0.5, 1.5): "and service gained more than that: 0.75 h.",
    PassThrough(1.0, 0.5, np.nan, np.nan, 0.5, 0.4): "and of these 40% went to service.",
}


@pytest.mark.parametrize("passed", SAID, ids=str)
def test_hours_that_were_not_freed_go_nowhere(passed: PassThrough) -> None:
    assert SAID[passed] in on_pass_through(passed)


def test_a_precision_that_is_refused_is_not_advised(whole: Comparison) -> None:
    """What --precision does not take, or gives up before it reaches, nobody is told to ask for."""
    wide = of(whole, lambda e: replace(e, reform=e.baseline + np.array([[-900.0], [0.0], [900.0]])))
    assert "more than 1,000 replicates" not in shown(whole)
    assert "--precision" in shown(whole)
    narrow = of(whole, lambda e: replace(e, reform=e.baseline + np.array([[0.0], [1e-4], [2e-4]])))
    assert "--precision" not in shown(narrow)
    hardly = of(whole, lambda e: replace(e, reform=e.baseline + np.array([[0.0], [3e-4], [6e-4]])))
    assert re.search(r"\+-0\.001 h; half of that would take about \d+ replicates\.", shown(hardly))
    assert "--precision" in shown(wide)
    asked = shown(wide, precision=0.5)
    assert "The precision asked for, 0.5 h, is not reached in 3 replicates" in asked
