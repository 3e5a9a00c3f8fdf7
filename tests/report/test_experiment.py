"""The report of an experiment says what its analyses say, in both languages, finished or not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cadre_sim.analysis.attribution import attribute
from cadre_sim.analysis.sensitivity import sensitivity
from cadre_sim.errors import InputError
from cadre_sim.experiments.plan import Run
from cadre_sim.report.experiment import influence_of
from cadre_sim.report.page import report
from studies import MEASURES, NUMBERS, study

SEVERAL = NUMBERS + "design: sobol\npoints: 64\nreplicates: 2\ntitle: A title\nquestion: Is it so?\n"


def effect_of_x(values: object, run: Run) -> float:
    """Of the reform the place of a run's first factor, of what was before nothing."""
    return float(run.values[0] or 0.0) * 4 if run.arm == "reform" else 0.0


def test_it_says_what_each_measure_brings(tiny: Path) -> None:
    found = study(MEASURES + "design: factorial\n", lambda v, run: 3.0 * v["a"] + v["b"] - 2 * v["c"] * v["d"])
    page = report("out")
    assert "Most comes from a: +3.00 of +2.00 in all." in page
    for row in attribute(found).table.itertuples():
        said = f"{row.effect:+.3f}".replace("-", "\N{MINUS SIGN}")
        # In the row of the measure, and in the first column: what it brings alone is another.
        assert re.search(rf"<th[^>]*>{row.measure}</th>\s*<td[^>]*>{re.escape(said)}</td>", page)
    assert "c + d" in page
    assert page.count("<img") == 1
    assert "cadre-sim experiment run experiment.yaml --out out" in page


def test_it_says_what_the_effect_depends_on_and_orders_assumptions_by_it(tiny: Path) -> None:
    found = study(NUMBERS + "design: morris\npoints: 8\n", effect_of_x)
    page = report("out")
    assert "It depends most on x, of 3 parameters." in page
    influence = influence_of(found)
    assert influence is not None
    assert influence["oversight.rebound"] == pytest.approx(sensitivity(found).table["mean_absolute"].iloc[0])
    assert page.index('<th scope="row" class="depth0">oversight.rebound') < page.index("oversight.amplification")


def test_of_points_it_says_which_are_best_what_spreads_and_where_it_fails(tiny: Path) -> None:
    study(SEVERAL, effect_of_x)
    page = report("out")
    for heading in (
        "Reforms that no other betters",
        "Parameters, mechanism or chance",
        "Where the reform brings little",
    ):
        assert heading in page
    assert "<h1>A title</h1>" in page
    assert "Is it so?" in page
    chinese = report("out", language_name="zh")
    for heading in ("未被其他方案全面超越的方案", "参数、机制还是随机性", "改革收效甚微之处"):
        assert heading in chinese


def test_of_an_experiment_that_has_hardly_begun_it_says_what_is_missing(tiny: Path) -> None:
    study(
        MEASURES + "design: factorial\n", lambda v, run: 0.0, lambda run: run.replicate == 0 and run.values[0] is True
    )
    page = report("out")
    assert "What cannot be said" in page
    assert "attribution needs every set of measures" in page


def test_assumptions_are_ordered_by_a_sensitivity_experiment_and_no_other(tiny: Path) -> None:
    """Another experiment, or one over which nothing varies, is refused with what is needed, and not passed over."""
    with pytest.raises(InputError, match="its design is sobol, and the order of assumptions needs one of morris or"):
        influence_of(study(SEVERAL, effect_of_x))
    with pytest.raises(InputError, match="service_hours does not vary over its design"):
        influence_of(study(NUMBERS + "design: morris\npoints: 8\n", lambda v, run: 1.0))
    with pytest.raises(InputError, match="at least two whole trajectories"):
        influence_of(study(NUMBERS + "design: morris\npoints: 8\n", effect_of_x, lambda run: run.replicate == 1))


@pytest.mark.parametrize("design", ["design: morris\npoints: 8\n", "design: saltelli\npoints: 16\n"])
def test_a_report_of_what_does_not_vary_says_so(tiny: Path, design: str) -> None:
    study(NUMBERS + design, lambda v, run: 1.0)
    page = report("out")
    assert "what does not vary depends on none of the 3 parameters" in page
    assert "It depends most on" not in page


def test_a_reform_that_brings_nothing_has_no_half_to_fall_short_of(tiny: Path) -> None:
    study(SEVERAL, lambda v, run: 0.0)
    page = report("out")
    assert "there is no half of it to fall short of" in page
    assert "there is no spread to be made up" in page
    study(MEASURES + "design: factorial\n", lambda v, run: 0.0)
    assert "No measure brings anything." in report("out")
