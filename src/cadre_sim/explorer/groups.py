"""Measures by what they act on, so that a long list becomes a few short ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cadre_sim.explorer.state import Lever
from cadre_sim.language import Language, mark
from cadre_sim.scenario.measures import measure_name

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (mark("Inspections and assessments"), ("visit_", "notice_", "reception_", "joint_", "evaluation_")),
    (mark("Meetings, forms and tasks"), ("meeting_", "form_", "task_", "screens_", "amplification_")),
    (mark("Certificates and signs"), ("certificates_", "signs_")),
    (mark("Oversight, protection and incentives"), ("",)),
)
"""Names of groups, and how the names of the knobs begin that their measures turn; the last takes what is left."""
PEOPLE = mark("People sent from above")


class Group(NamedTuple):
    """Measures that act on the same thing."""

    title: str
    levers: tuple[Lever, ...]


def grouped(levers: Sequence[Lever]) -> tuple[Group, ...]:
    """Measures in their groups, each group in the order of the board; groups without any are left out."""
    found: dict[str, list[Lever]] = {title: [] for title in (*(t for t, _ in GROUPS), PEOPLE)}
    for lever in levers:
        found[_title(lever)].append(lever)
    return tuple(Group(title, tuple(own)) for title, own in found.items() if own)


def _title(lever: Lever) -> str:
    if lever.measure.people() is not None:
        return PEOPLE
    first = next((effect.knob for effect in lever.measure.effects()), "")
    return next(title for title, starts in GROUPS if first.startswith(starts))


def name_of(lever: Lever, say: Language) -> str:
    """What a measure is called, with the name of the reform where that is another."""
    key = lever.measure.key
    known = measure_name(key, say)
    return known if lever.name == key else f"{known} ({lever.name})"
