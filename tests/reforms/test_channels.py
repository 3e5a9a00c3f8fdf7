"""The table of knobs: each channel is cut at each level by one knob of its own, or by none."""

from __future__ import annotations

import numpy as np
import pytest

from cadre_sim.levels import LEVELS
from cadre_sim.reforms.channels import CHANNELS, planned_share
from cadre_sim.reforms.policy import KNOBS, Policy, baseline_policy


def test_every_knob_of_the_policy_is_declared() -> None:
    """In the order of the Policy's columns."""
    assert tuple(KNOBS) == Policy._fields


@pytest.mark.parametrize("name", [name for name, knob in KNOBS.items() if knob.share_at])
def test_a_share_cuts_its_own_channel_at_its_own_levels(name: str) -> None:
    """All that it does not name keeps all that is planned."""
    policy = baseline_policy(2)._replace(**{name: np.array([0.25, 1.0])})
    for channel, of in enumerate(CHANNELS):
        for level, at in enumerate(LEVELS):
            own = of == KNOBS[name].channel and at in KNOBS[name].share_at
            assert planned_share(policy, channel, level).tolist() == [0.25 if own else 1.0, 1.0], (of, at)


def test_only_evaluations_of_townships_cannot_be_cut() -> None:
    policy = Policy(*(np.zeros(1) for _ in Policy._fields))
    kept = {
        (of, at)
        for channel, of in enumerate(CHANNELS)
        for level, at in enumerate(LEVELS)
        if planned_share(policy, channel, level)[0] == 1.0
    }
    assert kept == {("evaluations", "township")}
