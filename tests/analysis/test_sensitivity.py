"""Indices are those of functions whose indices are known."""

from __future__ import annotations

import io
import json
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from cadre_sim.analysis.sensitivity import sensitivity
from cadre_sim.errors import InputError
from cadre_sim.experiments.plan import Run
from cadre_sim.terminal.analysis import plain, print_sensitivity
from studies import NUMBERS, study

MORRIS = NUMBERS + "design: morris\npoints: 16\n"
SALTELLI = NUMBERS + "design: saltelli\npoints: 512\n"


def linear(values: Mapping[str, Any], run: Run) -> float:
    """Of the reform 1 + x + 5 y + 2 z, of what was before x alone: the effect does not depend on x."""
    if run.arm == "before":
        return float(values["x"])
    return float(1 + values["x"] + 5 * values["y"] + 2 * values["z"])


def test_morris_gives_the_slope_over_the_range(tiny: Path) -> None:
    found = sensitivity(study(MORRIS, linear))
    table = found.table.set_index("factor")
    assert str(found.response) == "service_hours, reform minus before [h/cadre-week]"
    assert list(table.index[:2]) == ["y", "z"]
    assert table["mean_absolute"].tolist() == pytest.approx([3.0, 2.0, 0.0], abs=1e-9)
    assert table["spread"].tolist() == pytest.approx([0.0, 0.0, 0.0], abs=1e-9)


def test_without_a_partner_it_is_of_the_arm_itself(tiny: Path) -> None:
    table = sensitivity(study(MORRIS, linear), against="none").table.set_index("factor")
    assert table["mean_absolute"].to_dict() == pytest.approx({"y": 3.0, "z": 2.0, "x": 1.0})
    only = sensitivity(study(MORRIS, linear), arm="before").table
    assert only["factor"].tolist() == ["x", "y"]  # what it cannot depend on is not listed


def test_sobol_gives_the_share_of_the_variance(tiny: Path) -> None:
    """Of 5 y over 0.6 and 2 z over 1: variances go as 9 and 4."""
    found = sensitivity(study(SALTELLI, linear))
    table = found.table.set_index("factor")
    assert found.method == "sobol"
    for index in ("first", "total"):
        assert table[index].to_dict() == pytest.approx({"y": 9 / 13, "z": 4 / 13, "x": 0.0}, abs=0.02)
        assert (table[f"{index}_low"] <= table[index]).all()
    assert table.loc["y", "first_low"] <= 9 / 13 <= table.loc["y", "first_high"]


def test_total_is_more_than_first_where_two_act_together(tiny: Path) -> None:
    table = sensitivity(study(SALTELLI, lambda v, run: (v["x"] - 0.5) * (v["y"] - 0.5)), against="none").table
    both = table.set_index("factor").loc[["x", "y"]]
    assert (both["first"].abs() < 0.1).all()
    assert (both["total"] > 0.9).all()


def test_intervals_hold_the_value_and_are_wide_where_the_effect_varies(tiny: Path) -> None:
    table = sensitivity(study(MORRIS, lambda v, run: v["x"] * v["y"]), against="none").table.set_index("factor")
    assert (table["low"] <= table["mean_absolute"]).all()
    assert (table["mean_absolute"] <= table["high"]).all()
    assert (table["high"] - table["low"] > 0.01).tolist() == [name != "z" for name in table.index]


def test_a_mechanism_is_averaged_over(tiny: Path) -> None:
    """Under one way of pacing x counts 1, under the other 3: on average 2, and the mechanism is no parameter."""
    text = MORRIS.replace(
        "metrics:", "  pace: {path: behaviour.pace, values: [due_dates, at_once], crossed: true}\nmetrics:"
    )
    found = sensitivity(study(text, lambda v, run: v["x"] * (1 if v["pace"] == "at_once" else 3)), against="none")
    assert found.table["factor"].tolist() == ["x", "y", "z"]
    assert found.table["mean_absolute"].tolist() == pytest.approx([2.0, 0.0, 0.0], abs=1e-9)


def test_trajectories_with_a_hole_are_left_out(tiny: Path) -> None:
    """A run that failed, or is not done yet, takes its trajectory with it, and the others give the same slopes."""
    whole = study(MORRIS, linear)
    gone = whole.runs.loc[whole.runs["arm"] == "reform", "key"].iloc[0]
    found = sensitivity(study(MORRIS, linear, lambda run: run.key != gone))
    assert found.used < found.all == 16
    assert found.table["mean_absolute"].tolist() == pytest.approx([3.0, 2.0, 0.0], abs=1e-9)


def test_a_design_that_has_no_indices_is_refused(tiny: Path) -> None:
    with pytest.raises(InputError, match="sensitivity needs a design of morris or saltelli, and this is sobol"):
        sensitivity(study(NUMBERS + "design: sobol\npoints: 8\n", linear))


@pytest.mark.parametrize("text", [MORRIS, SALTELLI.replace("512", "16")])
def test_what_does_not_vary_depends_on_nothing_and_nobody_is_warned(tiny: Path, text: str) -> None:
    """No index of a constant is an estimate: it is said in words, in JSON it is null."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = sensitivity(study(text, lambda v, run: 0.1 + 0.2))
        file = io.StringIO()
        print_sensitivity(Console(file=file, width=80), found)
    assert not found.varies
    assert "depends on none of the 3 parameters" in file.getvalue()
    assert "nan" not in file.getvalue() + json.dumps(plain(found), allow_nan=False)


def test_shares_of_the_variance_are_shares(tiny: Path) -> None:
    """With few base points estimates scatter beyond 0 and 1; what is told does not, and that they are few is told."""
    found = sensitivity(study(SALTELLI.replace("512", "4"), linear), against="none")
    numbers = found.table.drop(columns="factor").to_numpy()
    assert ((numbers >= 0.0) & (numbers <= 1.0)).all()
    file = io.StringIO()
    print_sensitivity(Console(file=file, width=80), found)
    assert "4 base points are few" in file.getvalue()
