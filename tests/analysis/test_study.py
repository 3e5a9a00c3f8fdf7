"""What is analysed where a person does not say it in full, and what is left out."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from cadre_sim.errors import InputError
from studies import NUMBERS, study

GRID = NUMBERS + "design: sobol\npoints: 4\nreplicates: 2\n"
THREE = GRID.replace("  before:", "  other: {settings: {behaviour.pace: at_once}}\n  before:")


def test_the_reform_is_taken_against_what_was_before(tiny: Path) -> None:
    found = study(GRID, lambda v, run: 5.0 if run.arm == "reform" else 2.0)
    response = found.response()
    assert (response.metric, response.arm, response.against) == ("service_hours", "reform", "before")
    assert found.values(response)["value"].tolist() == [3.0] * 8
    assert found.values(found.response(against="none"))["value"].tolist() == [5.0] * 8
    assert found.response("deployed", arm="before").against is None


def test_of_several_reforms_one_must_be_named(tiny: Path) -> None:
    found = study(THREE, lambda v, run: 0.0)
    with pytest.raises(InputError, match=r"several arms \(reform, other\): say which"):
        found.response()
    assert found.response(arm="other").against == "before"


def test_what_is_no_number_or_has_no_partner_is_left_out(tiny: Path) -> None:
    """Days to close where nothing was closed, and a run of the baseline that is not done yet."""
    found = study(GRID, lambda v, run: math.nan if run.replicate else 1.0)
    assert len(found.values(found.response())) == 4
    found = study(GRID, lambda v, run: 1.0, lambda run: run.arm == "reform" or run.replicate == 0)
    assert len(found.values(found.response())) == 4
