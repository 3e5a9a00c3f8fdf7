"""The catalogue of names has everything that is shown, and what it says fits where it is shown."""

from __future__ import annotations

import subprocess
import sys

import pytest
from rich.cells import cell_len

from cadre_sim.activities import ACTIVITIES, GROUPS
from cadre_sim.labels import names
from cadre_sim.labels.metrics import METRICS, PER_WEEK, SHARE, SUBSETS, metric_label
from cadre_sim.language import languages
from cadre_sim.record.metrics import metric_catalogue
from cadre_sim.record.spread import OVERLOADED
from cadre_sim.scenario.fields import unit_of
from cadre_sim.scenario.measures import Measure, measures
from cadre_sim.world.columns import KINDS, RANKS


def test_every_metric_has_a_name_of_its_own_in_every_language() -> None:
    for say in languages().values():
        said = {d.name: metric_label(d.name).said(say) for d in metric_catalogue()}
        twice = [name for name, text in said.items() if list(said.values()).count(text) > 1]
        assert twice == [], say.name


def test_no_name_is_of_a_metric_that_there_is_not() -> None:
    known = {d.name for d in metric_catalogue()}
    assert set(METRICS) <= known
    assert {name.partition("_")[0] for name in known - set(METRICS)} == set(SUBSETS)


def test_everything_with_a_number_has_a_name() -> None:
    assert set(names.ACTIVITIES) == set(ACTIVITIES)
    assert set(names.ACTIVITY_GROUPS) == set(GROUPS)
    assert set(names.OFFICE_KINDS) == set(KINDS)
    assert set(names.RANKS) == set(RANKS)


def test_who_is_overloaded_is_named_by_the_limit_that_is_counted() -> None:
    assert f"{OVERLOADED:g} hours" in METRICS["overloaded_share"].name
    assert f"{OVERLOADED:g} h" in METRICS["overloaded_share"].short


def test_short_names_fit_the_tables_of_a_terminal() -> None:
    """What does not fit is cut off there, its unit first. Titles tell of hours per cadre-week and of townships."""
    short = [
        label.brief(unit=label.unit is not PER_WEEK)
        for label in (metric_label(d.name) for d in metric_catalogue())
        if label.of in (None, *(SUBSETS[whose] for whose in ("village", "community", "deployed", "specialist")))
        and not (label.of and label.unit is SHARE)  # these go by whose they are
    ]
    assert [name for name in short if cell_len(name) > 21] == []


@pytest.mark.parametrize("key", [k for k, m in measures().items() if m.__module__.startswith("cadre_sim.reforms.")])
def test_every_measure_names_itself_and_its_parameters_in_every_language(key: str) -> None:
    measure = measures()[key]
    assert measure.label
    own = {n for n, f in measure.model_fields.items() if n not in Measure.model_fields and unit_of(f) is not None}
    for say in languages().values():
        if say.source is not None:
            assert {"label", *own} <= set(measure.translations[say.name])
            assert say(measure.label) == measure.translations[say.name]["label"]


@pytest.mark.process
def test_names_are_light() -> None:
    """So that help, which shows some of them, answers at once."""
    code = "import sys, cadre_sim.labels.metrics; print(*{'numpy', 'pandas', 'pydantic', 'babel'} & set(sys.modules))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "\n"
