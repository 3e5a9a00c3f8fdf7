"""The Policy table: one row an office, one column a knob that reforms may turn."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.float64]
UNLIMITED = np.inf


class Policy(NamedTuple):
    """Knobs by office, float64 arrays of shape (offices,). Events and the workday read them, only reforms write them.

    "share" knobs are shares of what is planned that really takes place, "scale" knobs multiply, "cap" knobs limit.
    """

    visit_share_city: Column
    visit_share_county: Column
    visit_share_township: Column
    visit_cap: Column
    notice_scale: Column
    reception_scale: Column
    scouting_scale: Column
    readiness_scale: Column
    joint_share: Column
    joint_topics_scale: Column
    evaluation_share_city: Column
    evaluation_share_county: Column
    comprehensive_share: Column
    meeting_share: Column
    meeting_hours_cap: Column
    meeting_attendees_scale: Column
    meeting_travel_scale: Column
    form_share: Column
    form_duplicate_share: Column
    form_hours_scale: Column
    task_share: Column
    screens_scale: Column
    signs_removed: Column
    certificates_removed: Column
    amplification_scale: Column
    blame_scale: Column
    clearing: Column
    false_accusation_scale: Column
    recognition_scale: Column
    quit_scale: Column
    perfunctory_scale: Column
    idle_scale: Column
    accountability: Column


_OFF = (
    "joint_share", "comprehensive_share", "signs_removed", "certificates_removed", "clearing",
    "accountability",
)  # fmt: skip
"""Knobs that are 0 where no reform is in force."""
NEUTRAL: dict[str, float] = {
    knob: 0.0 if knob in _OFF else UNLIMITED if knob.endswith("_cap") else 1.0 for knob in Policy._fields
}
"""Value of each knob where no reform is in force."""


def baseline_policy(offices: int) -> Policy:
    """The Policy without any reform, for a number of offices."""
    return Policy(*(np.full(offices, NEUTRAL[knob]) for knob in Policy._fields))


def turn(column: Column, how: str, value: float, strength: Column) -> Column:
    """A knob after one effect of a measure; where ``strength`` is 0 the knob keeps its bits.

    At strength s: ``scale`` multiplies by 1 + s (value - 1); ``cap`` lets through value / s, so that a cap that is half
    applied lets through twice as much; ``set`` moves the share s of the way to the value.
    """
    applied = strength > 0
    s = strength[applied]
    changed = column.copy()
    if how == "scale":
        changed[applied] *= 1.0 + s * (value - 1.0)
    elif how == "cap":
        changed[applied] = np.minimum(changed[applied], value / s)
    else:
        changed[applied] += s * (value - changed[applied])
    return changed
