"""Means, intervals and the number of replicates are what a textbook says."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy import stats

from cadre_sim.comparison.statistics import interval, replicates_for


def column(*values: float) -> np.ndarray:
    return np.array(values)[:, None]


def test_the_interval_is_that_of_a_textbook() -> None:
    """Mean 2, standard deviation 1, three values: 2 +- 4.302653 / sqrt(3), from a printed table of Student's t."""
    found = interval(column(1.0, 2.0, 3.0))
    assert found.mean[0] == 2.0
    assert found.half_width[0] == pytest.approx(4.302653 / math.sqrt(3.0), rel=1e-6)
    assert found.low[0] == pytest.approx(2.0 - 2.484138, abs=1e-5)
    assert found.high[0] == pytest.approx(2.0 + 2.484138, abs=1e-5)


@given(arrays.arrays(float, (5, 3), elements=st.floats(-1e6, 1e6)))
def test_the_interval_is_that_of_scipy(values: np.ndarray) -> None:
    found = interval(values)
    error = stats.sem(values, axis=0)
    scale = 1e-9 * (1.0 + np.abs(values).max())
    np.testing.assert_allclose(found.mean, values.mean(axis=0), atol=scale)
    np.testing.assert_allclose(found.half_width, stats.t.ppf(0.975, 4) * error, rtol=1e-6, atol=scale)


def test_equal_replicates_leave_no_doubt() -> None:
    found = interval(column(4.0, 4.0, 4.0, 4.0))
    assert (found.low[0], found.mean[0], found.high[0]) == (4.0, 4.0, 4.0)


def test_a_single_replicate_has_a_mean_and_no_interval() -> None:
    found = interval(np.array([[3.0, -1.0]]))
    assert found.mean.tolist() == [3.0, -1.0]
    assert np.isnan(found.low).all()
    assert np.isnan(found.high).all()


def test_a_metric_that_is_missing_in_a_replicate_is_taken_over_the_others() -> None:
    """Nothing was closed in the second replicate: its mean days to close say nothing, and spoil nothing."""
    found = interval(np.array([[1.0, 1.0], [np.nan, 2.0], [3.0, 3.0], [np.inf, 4.0]]))
    alone = interval(column(1.0, 3.0))
    assert (found.mean[0], found.low[0], found.high[0]) == (alone.mean[0], alone.low[0], alone.high[0])
    assert found.mean[1] == 2.5


def test_a_metric_that_is_missing_in_all_replicates_is_missing_and_warns_nobody() -> None:
    found = interval(column(np.nan, np.nan))
    assert np.isnan([found.mean[0], found.low[0], found.high[0]]).all()


def test_a_metric_known_in_one_replicate_has_no_interval() -> None:
    found = interval(column(np.nan, 5.0, np.nan))
    assert found.mean[0] == 5.0
    assert np.isnan([found.low[0], found.high[0]]).all()


@pytest.mark.parametrize("half_width", [2.0, 0.5, 0.1])
def test_replicates_for_is_the_number_whose_interval_is_narrow_enough(half_width: float) -> None:
    """As many as are told suffice, and hardly fewer would."""
    values = np.array([1.0, 2.0, 3.0, 4.0, 6.0])
    spread = values.std(ddof=1)

    def width(count: int) -> float:
        return float(stats.t.ppf(0.975, count - 1) * spread / math.sqrt(count))

    found = replicates_for(values, half_width)
    assert found is not None
    assert width(found) <= half_width
    fewer = math.floor(found / 1.03) - 1
    assert fewer < 2 or width(fewer) > half_width


def test_replicates_that_are_all_alike_need_no_more_than_two() -> None:
    assert replicates_for(np.array([1.0, 1.0, 1.0]), 0.01) == 2


def test_replicates_for_says_nothing_where_nothing_can_be_said() -> None:
    """A single value has no spread, a value that is no number none that counts, and some widths are beyond reach."""
    assert replicates_for(np.array([1.0]), 0.1) is None
    assert replicates_for(np.array([1.0, np.nan]), 0.1) is None
    assert replicates_for(np.array([0.0, 1.0]), 1e-9) is None
    assert replicates_for(np.array([0.0, 1.0]), 0.1, most=10) is None


def test_a_surer_interval_is_wider() -> None:
    """Of three replicates 0, 1 and 2: 4.303 standard errors at 95%, 9.925 at 99% (tables of Student's t)."""
    values = np.array([[0.0], [1.0], [2.0]])
    error = 1.0 / np.sqrt(3.0)
    assert interval(values).half_width[0] == pytest.approx(4.303 * error, rel=1e-3)
    assert interval(values, 0.99).half_width[0] == pytest.approx(9.925 * error, rel=1e-3)
