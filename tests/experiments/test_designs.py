"""A design's points are all there, within what the factors allow, and the same each time."""

from __future__ import annotations

from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cadre_sim.experiments.designs import SAMPLED, count, orders, points, prefixes, too_large
from cadre_sim.experiments.experiment import Design
from cadre_sim.experiments.factors import Varied

SHARE = Varied("share", "number", None, 0.2, 0.8, "uniform", {})
RATE = Varied("rate", "number", None, 0.01, 100.0, "log", {})
WHOLE = Varied("whole", "whole", None, 1, 4, "whole", {})
ON = Varied("on", "switch", (False, True), 0.0, 0.0, "uniform", {})
FACTORS = (SHARE, RATE, WHOLE, ON)
DESIGNS: tuple[Design, ...] = ("latin_hypercube", "sobol", "morris", "saltelli")


@pytest.mark.parametrize("design", DESIGNS)
@settings(deadline=None)  # the first draw imports what it is made with
@given(power=st.integers(1, 7), seed=st.integers(0, 2**32 - 1))
def test_a_sampled_design_has_its_points_within_range(design: Design, power: int, seed: int) -> None:
    found = list(points(design, FACTORS, 2**power, seed))
    assert len(found) == count(design, FACTORS, 2**power)
    for share, rate, whole, on in found:
        assert 0.2 <= share <= 0.8
        assert 0.01 <= rate <= 100.0
        assert whole in (1, 2, 3, 4)
        assert on in (False, True)
    assert found == list(points(design, FACTORS, 2**power, seed))


@settings(deadline=None)
@given(st.integers(1, 3000), st.integers(1, 3000))
def test_a_longer_sobol_sequence_begins_with_the_shorter(few: int, more: int) -> None:
    """Adding points to an experiment keeps those that are done."""
    few, more = sorted((few, more))
    assert list(points("sobol", (SHARE, ON), few, 3)) == list(islice(points("sobol", (SHARE, ON), more, 3), few))


def test_a_latin_hypercube_has_one_point_in_each_slice() -> None:
    found = [share for (share,) in points("latin_hypercube", (SHARE,), 50, 1)]
    assert sorted(int((share - 0.2) / 0.6 * 50) for share in found) == list(range(50))


def test_whole_numbers_of_a_range_come_equally_often() -> None:
    found = [whole for (whole,) in points("sobol", (WHOLE,), 1024, 1)]
    assert [found.count(n) for n in (1, 2, 3, 4)] == [256] * 4


def test_a_million_points_are_made_as_they_are_used() -> None:
    """The first points of a grid beyond any memory, and of a long Sobol sequence, come at once."""
    huge = Varied("x", "number", tuple(map(float, range(1000))), 0.0, 1.0, "uniform", {})
    assert count("grid", (huge,) * 6, None) == 10**18
    assert next(points("grid", (huge,) * 6, None, 1)) == (0.0,) * 6
    assert len(list(islice(points("sobol", FACTORS, 10**8, 1), 10))) == 10


def test_a_design_that_must_be_made_as_a_whole_says_its_limit() -> None:
    assert "must be at most" in (too_large("latin_hypercube", 10, 10**7) or "")
    assert "power of two" in (too_large("saltelli", 3, 100) or "")
    assert too_large("sobol", 10, 10**8) is None
    assert all(too_large(design, 4, 64) is None for design in DESIGNS)
    assert set(DESIGNS) == set(SAMPLED)


def test_orders_bring_every_measure_in_once_and_early_as_often_as_late() -> None:
    found = list(orders(5, 1, 640))
    assert found[:100] == list(orders(5, 1, 100))
    assert all(sorted(order) == list(range(5)) for order in found)
    for place in range(5):
        assert [sum(order[place] == k for order in found) for k in range(5)] == pytest.approx([128] * 5, abs=40)


def test_an_order_goes_from_none_to_all_with_each_next_two_the_other_way_round() -> None:
    found = [tuple(k for k, on in enumerate(switches) if on) for switches in prefixes((2, 0, 1))]
    assert found == [(), (0,), (2,), (1, 2), (0, 2), (0, 1, 2)]
    assert count("permutations", (ON, ON, ON), 7) == 7 * len(found)
