"""Bars of an attribution add up to the whole; points of a sensitivity are where its numbers are."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cadre_sim import figures

SHARES = pd.DataFrame(
    {
        "measure": ["form_consolidation", "meeting_limits", "inaction_accountability", "My own measure"],
        "effect": [0.5, 2.0, -0.25, 0.25],
        "low": [0.4, 1.8, -0.3, np.nan],
        "high": [0.6, 2.2, -0.2, np.nan],
        "alone": [0.9, 1.5, -0.4, np.nan],
    }
)


def test_bars_go_on_where_the_last_one_ended_down_to_the_whole() -> None:
    ax = figures.attribution(SHARES)
    bars = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in ax.patches]
    np.testing.assert_allclose(bars, [(0, 2.0), (2.0, 2.5), (2.5, 2.75), (2.75, 2.5), (0, 2.5)])
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names == ["limits to meetings", "forms merged and shared", "My own measure", "accountability for inaction",
                     "all together"]  # fmt: skip
    said = [text.get_text() for text in ax.texts]
    assert said == ["+2.00", "+0.50", "+0.25", "−0.25", "+2.50"]


def test_a_diamond_is_what_a_measure_does_alone_and_a_bar_its_interval() -> None:
    ax = figures.attribution(SHARES)
    diamonds = [float(line.get_xdata()[0]) for line in ax.lines if line.get_marker() == "D"]
    assert diamonds == pytest.approx([1.5, 2.9, 2.35])
    intervals = [tuple(line.get_xdata()) for line in ax.lines if line.get_marker() == "|"]
    assert np.array(intervals) == pytest.approx(np.array([(1.8, 2.2), (2.4, 2.6), (2.45, 2.55)]))
    assert "95% interval" in ax.get_legend().get_texts()[0].get_text()
    assert "hours per cadre-week" in ax.get_xlabel()


INDICES = pd.DataFrame(
    {
        "parameter": ["a", "b", "c"],
        "index": [0.1, 0.5, 0.2],
        "low": [0.05, 0.4, np.nan],
        "high": [0.15, 0.6, np.nan],
        "total": [0.7, 0.6, 0.2],
        "total_low": [0.6, 0.5, np.nan],
        "total_high": [0.8, 0.7, np.nan],
    }
)


def test_parameters_stand_in_the_order_of_all_that_they_do() -> None:
    ax = figures.sensitivity(INDICES)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["c", "b", "a"]
    points = [float(line.get_xdata()[0]) for line in ax.lines if line.get_marker() == "o"]
    assert points == pytest.approx([0.1, 0.7, 0.5, 0.6, 0.2, 0.2])
    assert "[1]" in ax.get_xlabel()
    assert "95% interval of the estimate" in [t.get_text() for t in ax.get_legend().get_texts()]


def test_without_totals_the_order_is_that_of_the_indices_and_nothing_is_said_of_totals() -> None:
    alone = INDICES.assign(total=np.nan, total_low=np.nan, total_high=np.nan)
    ax = figures.sensitivity(alone, most=2)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["c", "b"]
    assert not any("total" in t.get_text() for t in ax.get_legend().get_texts())
