"""The Policy table: what an effect does to a knob, and that every measure turns knobs that there are."""

from __future__ import annotations

from typing import get_args, get_type_hints

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cadre_sim.reforms.policy import NEUTRAL, Policy, baseline_policy, turn
from cadre_sim.scenario.measures import Effect, measures

quick = settings(max_examples=200, deadline=None, derandomize=True)
HOW = get_args(get_type_hints(Effect)["how"])
values = st.floats(0.0, 20.0)
strengths = st.floats(0.001, 1.0)


def turned(knob: float, how: str, value: float, strength: float) -> float:
    return float(turn(np.array([knob]), how, value, np.array([strength]))[0])


@quick
@given(knob=values | st.just(np.inf), how=st.sampled_from(HOW), value=values)
def test_a_knob_that_is_turned_with_no_strength_keeps_its_bits(knob: float, how: str, value: float) -> None:
    assert turn(np.array([knob]), how, value, np.zeros(1)).tobytes() == np.array([knob]).tobytes()


@quick
@given(knob=values, value=values)
def test_at_full_strength_a_knob_is_scaled_capped_or_set(knob: float, value: float) -> None:
    assert turned(knob, "scale", value, 1.0) == pytest.approx(knob * value)
    assert turned(knob, "cap", value, 1.0) == min(knob, value)
    assert turned(knob, "set", value, 1.0) == pytest.approx(value, abs=1e-12)


@quick
@given(value=values, strength=strengths)
def test_half_of_a_measure_goes_half_of_the_way(value: float, strength: float) -> None:
    """A scale of 0.4 at half strength is 0.7; a cap at half strength lets through twice as much."""
    assert turned(1.0, "scale", value, strength) == pytest.approx(1.0 + strength * (value - 1.0))
    assert turned(np.inf, "cap", value, strength) == pytest.approx(value / strength)
    assert turned(3.0, "set", value, strength) == pytest.approx((1 - strength) * 3.0 + strength * value)


@quick
@given(a=values, b=values, s=strengths, t=strengths, knob=values)
def test_scales_multiply_and_the_lowest_cap_holds_in_any_order(
    a: float, b: float, s: float, t: float, knob: float
) -> None:
    """So reforms compose, whichever stands first in a scenario."""
    for how in ("scale", "cap"):
        one = turned(turned(knob, how, a, s), how, b, t)
        other = turned(turned(knob, how, b, t), how, a, s)
        assert one == pytest.approx(other, rel=1e-12)


def test_only_the_offices_in_force_are_turned_and_the_table_given_is_not_changed() -> None:
    """A Policy is a value: turning a knob makes a new column."""
    before = np.array([1.0, 1.0, 0.3])
    after = turn(before, "scale", 0.4, np.array([0.0, 1.0, 0.5]))
    assert before.tolist() == [1.0, 1.0, 0.3]
    np.testing.assert_allclose(after, [1.0, 0.4, 0.3 * 0.7])


def test_without_reforms_every_knob_is_neutral() -> None:
    """Shares and scales are 1, caps let everything through, and what only measures bring in is not there."""
    policy = baseline_policy(3)
    for knob, column in policy._asdict().items():
        assert column.tolist() == [NEUTRAL[knob]] * 3
    assert np.isinf(policy.visit_cap).all()
    assert policy.comprehensive_share.tolist() == [0.0] * 3
    assert policy.visit_share_city.tolist() == [1.0] * 3


@pytest.mark.parametrize("key", sorted(measures()))
def test_every_measure_turns_knobs_that_there_are(key: str) -> None:
    """Each knob once; caps only where there is a cap, and nothing else than a cap there. Two act on other things."""
    effects = measures()[key].model_validate({"from": "2025-01-01"}).effects()
    knobs = [effect.knob for effect in effects]
    assert set(knobs) <= set(Policy._fields)
    assert len(knobs) == len(set(knobs))
    assert (not knobs) == (key in ("formalism_watchdog", "talent_deployment"))
    for effect in effects:
        assert effect.how in HOW
        assert (effect.how == "cap") == effect.knob.endswith("_cap")


@pytest.mark.parametrize("key", sorted(measures()))
def test_every_measure_is_named_after_its_file_and_says_what_it_is(key: str) -> None:
    measure = measures()[key]
    assert measure.key == key
    assert measure.__doc__
    assert measure.__module__.startswith("cadre_sim.reforms.")
