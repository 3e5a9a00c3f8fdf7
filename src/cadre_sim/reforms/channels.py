"""Channels by which departments ask offices for work, and the knobs of the Policy that cut what they plan."""

from __future__ import annotations

import numpy as np

from cadre_sim.levels import LEVELS, Level
from cadre_sim.reforms.policy import KNOBS, Column, Policy

CHANNELS = ("inspections", "meetings", "forms", "duplicates", "evaluations", "tasks")
"""Channels that may be cut; the number of a channel is its place here.

For what is cut of the others departments ask in ad-hoc tasks, for tasks that are cut in messages.
"""
INSPECTIONS, MEETINGS, FORMS, DUPLICATES, EVALUATIONS, TASKS = range(len(CHANNELS))
DIVERTED = CHANNELS[:TASKS]
"""Channels for which departments ask in ad-hoc tasks where they are cut: all but tasks."""
NOT_CUT = -1
"""Stands for a knob where none cuts a channel at a level."""


def _knob_of(channel: str, level: Level) -> int:
    """Place in the Policy of the knob that cuts a channel at a level."""
    cut = [name for name, knob in KNOBS.items() if knob.channel == channel and level in knob.share_at]
    assert len(cut) <= 1, f"{cut} cut {channel} of the same level"
    return Policy._fields.index(cut[0]) if cut else NOT_CUT


KNOB_OF = tuple(tuple(_knob_of(channel, level) for level in LEVELS) for channel in CHANNELS)
"""Place in the Policy of the knob that cuts each channel at each level."""


def planned_share(policy: Policy, channel: int, level: int) -> Column:
    """Share of what departments of a level plan of a channel that takes place, by office."""
    knob = KNOB_OF[channel][level]
    return np.ones(policy.task_share.size) if knob == NOT_CUT else policy[knob]
