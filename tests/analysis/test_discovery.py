"""The region that is found is the one in which the reform was made to fail."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from cadre_sim.analysis.discovery import Condition, discover
from cadre_sim.errors import InputError
from cadre_sim.experiments.plan import Run
from studies import NUMBERS, study

SOBOL = NUMBERS + "design: sobol\npoints: 512\n"


def fails_in_a_corner(values: Mapping[str, Any], run: Run) -> float:
    """The effect is below 0 where x is above 0.6 and z below 0.5, and nowhere else; y has nothing to do with it."""
    if run.arm == "before":
        return 0.0
    return -1.0 if values["x"] > 0.6 and values["z"] < 0.5 else 1.0


def test_the_corner_is_found(tiny: Path) -> None:
    found = discover(study(SOBOL, fails_in_a_corner), Condition.of("service_hours < 0"))
    assert found.points == 512
    assert found.failures == pytest.approx(0.2 * 512, abs=3)
    first = found.regions[0]
    assert first.coverage > 0.9
    assert first.density > 0.9
    limits = first.limits.set_index("factor")
    assert set(limits.index) == {"x", "z"}
    assert limits.loc["x", "from"] == pytest.approx(0.6, abs=0.03)
    assert limits.loc["z", "to"] == pytest.approx(0.5, abs=0.03)
    assert limits["p"].max() < 0.01


def test_a_second_corner_is_found_after_the_first(tiny: Path) -> None:
    def formula(v: Mapping[str, Any], run: Run) -> float:
        if run.arm == "before":
            return 0.0
        large, small = v["x"] > 0.6 and v["z"] < 0.5, v["x"] < 0.2 and v["z"] > 0.6
        return -1.0 if large or small else 1.0

    first, second, *_ = discover(study(SOBOL, formula), Condition.of("service_hours < 0"), against="none").regions
    assert first.limits.set_index("factor").loc["x", "from"] == pytest.approx(0.6, abs=0.05)
    assert second.limits.set_index("factor").loc["x", "to"] == pytest.approx(0.2, abs=0.05)
    assert first.coverage + second.coverage > 0.9


def test_a_choice_is_part_of_the_region(tiny: Path) -> None:
    """It fails under one way of pacing only."""
    text = SOBOL.replace("metrics:", "  pace: {path: behaviour.pace, values: [due_dates, at_once]}\nmetrics:")
    found = discover(study(text, lambda v, run: float(v["pace"] == "due_dates")), Condition("service_hours", "<", 0.5),
                     against="none")  # fmt: skip
    assert found.regions[0].limits[["factor", "values"]].to_numpy().tolist() == [["pace", "at_once"]]
    assert found.regions[0].coverage == found.regions[0].density == 1.0


@pytest.mark.parametrize("number", [-10, 10])
def test_where_nothing_or_all_fails_there_is_no_region(tiny: Path, number: int) -> None:
    found = discover(study(SOBOL, fails_in_a_corner), Condition("service_hours", "<", number))
    assert found.regions == ()
    assert found.failures in (0, 512)


@pytest.mark.parametrize("text", ["service_hours", "service_hours = 3", "< 3", "service_hours < many"])
def test_a_condition_is_a_metric_and_a_number(text: str) -> None:
    with pytest.raises(InputError, match="METRIC < NUMBER"):
        Condition.of(text)
    assert str(Condition.of("visits>=2.5")) == "visits >= 2.5"
