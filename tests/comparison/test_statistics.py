"""Means, intervals and the number of replicates are what a textbook says."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy import stats

from cadre_sim.comparison.statistics import interval, is_constant, is_cut, replicates_for
from cadre_sim.record.bounds import Bounds, bounds_of
from cadre_sim.record.metrics import metric_catalogue


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


# ---- bounds ----

SHARE = Bounds(np.array([0.0]), np.array([1.0]))


@given(arrays.arrays(float, st.tuples(st.integers(1, 6), st.just(1)), elements=st.floats(0.0, 1.0)))
def test_an_interval_of_a_share_holds_its_mean_and_stays_a_share(values: np.ndarray) -> None:
    """And is that without bounds wherever that is one of shares: no end is moved that need not be."""
    found, free = interval(values, bounds=SHARE), interval(values)
    assert found.mean[0] == free.mean[0]
    if len(values) == 1:
        assert np.isnan([found.low[0], found.high[0]]).all()
        return
    assert -1e-15 <= found.low[0] <= found.mean[0] <= found.high[0] <= 1.0 + 1e-15
    if free.low[0] >= 0.0 and free.high[0] <= 1.0:
        assert (found.low[0], found.high[0]) == (free.low[0], free.high[0])


def test_an_interval_that_is_cut_can_be_told() -> None:
    values = np.array([[0.0, 0.4], [0.1, 0.5], [0.5, 0.6]])
    bounds = Bounds(np.zeros(2), np.ones(2))
    assert is_cut(*interval(values, bounds=bounds)).tolist() == [True, False]


def test_metrics_have_the_bounds_that_their_units_say() -> None:
    """Shares and states 0 to 1, all else 0 or more; a difference of two shares is -1 to 1, of two hours anything."""
    found, names = bounds_of(), [d.name for d in metric_catalogue()]
    assert (found.low == 0.0).all()
    high = dict(zip(names, found.high, strict=True))
    assert (high["on_time_share"], high["motivation"], high["workload_gini"]) == (1.0, 1.0, 1.0)
    assert (high["service_hours"], high["quits"], high["department_excess"]) == (math.inf, math.inf, math.inf)
    apart = bounds_of(["on_time_share", "service_hours"]).differences
    assert apart.low.tolist() == [-1.0, -math.inf]
    assert apart.high.tolist() == [1.0, math.inf]


def test_what_differs_by_rounding_alone_is_constant() -> None:
    assert is_constant(np.array([0.1 + 0.2, 0.3, 0.3]))
    assert is_constant(np.zeros(4))
    assert not is_constant(np.array([0.3, 0.3, 0.3001]))
