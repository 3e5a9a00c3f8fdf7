"""The event study finds an effect that was planted, and nothing where there is none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cadre_sim import figures
from cadre_sim.comparison.compare import Comparison
from cadre_sim.figures.event_study import event_study_frame, has_comparison
from cadre_sim.figures.source import Result, days_of, result_of

EFFECT = 3.0


@pytest.fixture
def planted(two_counties: Comparison) -> Result:
    """Two counties with hours that are known: they go up and down together, and each gains three at its start."""
    result = result_of(two_counties)
    table = result.traces.by_week.copy()
    weeks = days_of(table["week"]).astype(np.int64)
    late = (table["county"] == "Late").to_numpy()
    start = np.where(late, np.datetime64("2025-06-02").astype(int), np.datetime64("2025-03-10").astype(int))
    common = 10.0 + 2.0 * np.sin(weeks / 30.0) + 1.5 * late
    gain = EFFECT * ((weeks >= start) & (table["arm"] == "reform").to_numpy())
    table["service"] = (common + gain) * table["present"] / 5.0
    return replace(result, traces=result.traces._replace(by_week=table))


def test_a_planted_effect_is_found_and_none_before_it(planted: Result) -> None:
    found = event_study_frame(planted).set_index("week")
    before, after = found[found.index < 0], found[found.index >= 0]
    assert list(before.index) == list(range(-12, 0))
    np.testing.assert_allclose(before[["effect", "truth"]], 0.0, atol=1e-9)
    np.testing.assert_allclose(after[["effect", "truth"]], EFFECT, atol=1e-9)
    assert after.index.max() == 11, "from the twelfth week on, there is no county left that has not started"


def test_points_and_line_are_those_of_the_table(two_counties: Comparison) -> None:
    found = event_study_frame(result_of(two_counties))
    ax = figures.event_study(two_counties)
    truth, points = ax.lines[2], ax.lines[3]
    np.testing.assert_array_equal(truth.get_ydata(), found["truth"])
    np.testing.assert_array_equal(points.get_ydata(), found["effect"])
    bars = ax.collections[0].get_segments()
    np.testing.assert_allclose([bar[:, 1] for bar in bars], found[["low", "high"]])
    assert "95% interval" in ax.get_title(loc="left")
    assert (found["truth"][found["week"] < 0] == 0.0).all()


def test_one_date_for_all_gives_nothing_to_compare_with(two_counties: Comparison, tiny_comparison: Comparison) -> None:
    assert has_comparison(result_of(two_counties))
    assert not has_comparison(result_of(tiny_comparison))
