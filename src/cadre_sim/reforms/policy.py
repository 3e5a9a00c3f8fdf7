"""The Policy table: one row an office, one column a knob that reforms may turn."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cadre_sim.levels import LEVELS, Level

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


class Knob(NamedTuple):
    """Declaration of a knob.

    Attributes:
        channel: the channel that it acts on.
        share_at: levels at which it is the share of what departments plan that takes place.
        neutral: its value where no reform is in force.
    """

    channel: str
    share_at: tuple[Level, ...] = ()
    neutral: float = 1.0


KNOBS: dict[str, Knob] = {
    "visit_share_city": Knob("inspections", ("city",)),
    "visit_share_county": Knob("inspections", ("county",)),
    "visit_share_township": Knob("inspections", ("township",)),
    "visit_cap": Knob("inspections", neutral=UNLIMITED),
    "notice_scale": Knob("inspections"),
    "reception_scale": Knob("inspections"),
    "scouting_scale": Knob("inspections"),
    "readiness_scale": Knob("inspections"),
    "joint_share": Knob("inspections", neutral=0.0),
    "joint_topics_scale": Knob("inspections"),
    "evaluation_share_city": Knob("evaluations", ("city",)),
    "evaluation_share_county": Knob("evaluations", ("county",)),
    "comprehensive_share": Knob("evaluations", neutral=0.0),
    "meeting_share": Knob("meetings", LEVELS),
    "meeting_hours_cap": Knob("meetings", neutral=UNLIMITED),
    "meeting_attendees_scale": Knob("meetings"),
    "meeting_travel_scale": Knob("meetings"),
    "form_share": Knob("forms", LEVELS),
    "form_duplicate_share": Knob("duplicates", LEVELS),
    "form_hours_scale": Knob("forms"),
    "task_share": Knob("tasks", LEVELS),
    "screens_scale": Knob("screens"),
    "signs_removed": Knob("signs", neutral=0.0),
    "certificates_removed": Knob("certificates", neutral=0.0),
    "amplification_scale": Knob("amplification"),
    "blame_scale": Knob("cadres"),
    "clearing": Knob("cadres", neutral=0.0),
    "false_accusation_scale": Knob("cadres"),
    "recognition_scale": Knob("cadres"),
    "quit_scale": Knob("cadres"),
    "perfunctory_scale": Knob("cadres"),
    "idle_scale": Knob("cadres"),
    "accountability": Knob("cadres", neutral=0.0),
}
"""The table of knobs: the channel of each, at which levels it cuts what is planned, and its neutral value.

No knob cuts the evaluations of townships.
"""
NEUTRAL: dict[str, float] = {name: knob.neutral for name, knob in KNOBS.items()}
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
