"""The parts of the spread are those that it was made of."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console
from scipy.stats import norm

from cadre_sim.analysis.variance import components, variance
from cadre_sim.errors import InputError
from cadre_sim.terminal.analysis import plain, print_variance
from studies import NUMBERS, study

CROSSED = (
    NUMBERS.replace("metrics:", "  pace: {path: behaviour.pace, values: [due_dates, at_once], crossed: true}\nmetrics:")
    + "design: sobol\npoints: 64\nreplicates: 4\n"
)


def draws(seed: int, *shape: int) -> Any:
    return norm.rvs(size=shape, random_state=seed)


def test_on_average_each_part_is_what_was_put_in() -> None:
    """Points 1, mechanisms 1, both together 2, chance of every kind 7: over many tables of eight points."""
    found = []
    for k in range(0, 4000, 10):
        both = 2 * draws(k, 8, 2, 1)
        both -= both.mean(axis=1, keepdims=True)
        chance = 2 * draws(k + 1, 1, 1, 4) + draws(k + 2, 8, 1, 4) + draws(k + 3, 1, 2, 4) + draws(k + 4, 8, 2, 4)
        values = 5 + draws(k + 5, 8, 1, 1) + np.array([[-1.0], [1.0]]) + both + chance
        found.append(components(values))
    assert np.mean(found, axis=0) == pytest.approx([1.0, 1.0, 2.0, 7.0], rel=0.08)


def test_what_has_no_part_has_none(tiny: Path) -> None:
    """Only parameters, only mechanism, only chance: all of the spread is in its part."""
    formulas: dict[str, Any] = {
        "parameters": lambda v, run: v["x"],
        "mechanism": lambda v, run: float(v["pace"] == "at_once"),
        "both together": lambda v, run: (v["x"] - 0.5) * (1.0 if v["pace"] == "at_once" else -1.0),
        "chance": lambda v, run: float(run.replicate),
    }
    for name, formula in formulas.items():
        found = variance(study(CROSSED, formula), against="none")
        assert (found.points, found.mechanisms, found.replicates) == (64, 2, 4)
        share = found.table.set_index("part")["share"]
        assert share[name] > 0.99
        assert share.sum() == pytest.approx(1.0)
    assert found.spread == pytest.approx(np.std([0, 1, 2, 3], ddof=1))


def test_chance_that_both_arms_share_is_not_in_the_effect(tiny: Path) -> None:
    """That is what common random numbers are for."""
    found = variance(study(CROSSED, lambda v, run: 10.0 * run.replicate + (v["x"] if run.arm == "reform" else 0.0)))
    assert found.table.set_index("part")["share"]["parameters"] > 0.99


def test_points_with_a_hole_are_left_out_and_one_replicate_is_too_few(tiny: Path) -> None:
    whole = study(CROSSED, lambda v, run: v["x"])
    gone = whole.runs.loc[whole.runs["arm"] == "reform", "key"].iloc[0]
    assert variance(study(CROSSED, lambda v, run: v["x"], lambda run: run.key != gone), against="none").points == 63
    with pytest.raises(InputError, match="at least two points and two replicates"):
        variance(study(CROSSED, lambda v, run: v["x"], lambda run: run.replicate == 0))


def test_a_finished_experiment_is_not_told_that_runs_are_missing(tiny: Path) -> None:
    """One replicate is what its file asks for: more runs would not help, and nobody is sent to do them."""
    with pytest.raises(InputError, match="this experiment has one of each") as caught:
        variance(study(CROSSED.replace("replicates: 4", "replicates: 1"), lambda v, run: v["x"]))
    assert "experiment run" not in str(caught.value)
    with pytest.raises(InputError, match="the experiment is finished, and its 16 runs") as caught:
        variance(study(CROSSED.replace("points: 64", "points: 1"), lambda v, run: v["x"]), arm="before")
    assert "experiment run" not in str(caught.value)
    with pytest.raises(InputError, match="`cadre-sim experiment run` does the others"):
        variance(study(CROSSED, lambda v, run: v["x"], lambda run: run.replicate == 0))


def test_of_what_does_not_vary_there_are_no_parts(tiny: Path) -> None:
    found = variance(study(CROSSED, lambda v, run: 0.1 + 0.2), against="none")
    file = io.StringIO()
    print_variance(Console(file=file, width=80), found)
    assert "It is +0.3 in all runs: there is no spread" in file.getvalue()
    assert "nan" not in file.getvalue() + json.dumps(plain(found), allow_nan=False)


def test_a_metric_that_is_undefined_everywhere_is_told(tiny: Path) -> None:
    with pytest.raises(InputError, match="service_hours is undefined in every run"):
        variance(study(CROSSED, lambda v, run: float("nan")))
