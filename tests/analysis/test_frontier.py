"""The frontier has the points that no other betters, and no others."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadre_sim.analysis.frontier import Objective, frontier, not_bettered
from cadre_sim.errors import InputError
from studies import NUMBERS, study

SOBOL = NUMBERS + "design: sobol\npoints: 64\nreplicates: 2\n"
WANTED = [Objective("service_hours", "max"), Objective("deployed", "max")]


@given(st.lists(st.tuples(*[st.integers(0, 4)] * 3), min_size=1, max_size=30))
def test_no_point_of_it_is_bettered_and_every_other_is(points: list[tuple[int, ...]]) -> None:
    costs = np.array(points, float)
    chosen = set(not_bettered(costs).tolist())
    for place, own in enumerate(costs):
        bettered = any((other <= own).all() and (other < own).any() for other in costs)
        assert (place in chosen) == (not bettered)


def test_more_of_one_for_less_of_the_other_stays_and_the_rest_goes(tiny: Path) -> None:
    """Service is x and its price, violations, is 1 + x: all points stay; where only service counts twice, one does."""
    found = frontier(study(SOBOL, lambda v, run: v["x"]), [Objective("service_hours", "max"),
                                                            Objective("hidden_violations", "min")])  # fmt: skip
    assert found.points == len(found.table) == 64
    assert found.table["service_hours"].is_monotonic_decreasing
    assert found.table["held"].eq(1.0).all()
    every = study(SOBOL, lambda v, run: v["x"])
    best = frontier(every, WANTED)
    assert best.table["x"].tolist() == [every.runs["x"].max()]
    assert best.table["deployed"].iloc[0] == pytest.approx(best.table["service_hours"].iloc[0] + 2)


def test_a_point_says_in_how_many_replicates_it_stays(tiny: Path) -> None:
    """In replicate 1 everything is the other way round, a little: the best by the mean is best in one of two."""
    found = frontier(study(SOBOL, lambda v, run: v["x"] * (1.0 if run.replicate == 0 else -0.5)), WANTED)
    assert found.table["held"].tolist() == [0.5]


def test_points_are_compared_in_the_same_replicates(tiny: Path) -> None:
    """In replicate 1, of which most is missing, all is better: that is left out."""
    found = frontier(study(SOBOL, lambda v, run: v["x"] + 9 * run.replicate,
                           lambda run: run.replicate == 0 or float(run.values[0] or 0) < 0.5), WANTED)  # fmt: skip
    assert found.replicates == 1
    assert found.table["x"].iloc[0] > 0.9


@pytest.mark.parametrize("text", ["service_hours", "service_hours:most", ":", "service_hours=max"])
def test_an_objective_says_which_way(text: str) -> None:
    with pytest.raises(InputError, match="METRIC:max or METRIC:min"):
        Objective.of(text)


def test_one_objective_or_an_unknown_one_is_refused(tiny: Path) -> None:
    found = study(SOBOL, lambda v, run: 0.0)
    with pytest.raises(InputError, match="at least two objectives"):
        frontier(found, [Objective("service_hours", "max")])
    with pytest.raises(InputError, match="no metric 'service_hour', did you mean 'service_hours'"):
        frontier(found, [Objective("service_hour", "max"), Objective("deployed", "min")])
