"""Measures by what they act on, so that a long list becomes a few short ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cadre_sim.explorer.state import Lever
from cadre_sim.language import Language, mark
from cadre_sim.reforms.policy import KNOBS
from cadre_sim.scenario.measures import measure_name

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (mark("Inspections and assessments"), ("inspections", "evaluations")),
    (mark("Meetings, forms and tasks"), ("meetings", "forms", "duplicates", "tasks", "screens", "amplification")),
    (mark("Certificates and signs"), ("certificates", "signs")),
)
"""Names of groups, and the channels that the first knob of their measures acts on."""
OTHERS = mark("Oversight, protection and incentives")
PEOPLE = mark("People sent from above")


class Group(NamedTuple):
    """Measures that act on the same thing."""

    title: str
    levers: tuple[Lever, ...]


def grouped(levers: Sequence[Lever]) -> tuple[Group, ...]:
    """Measures in their groups, each group in the order of the board; groups without any are left out."""
    found: dict[str, list[Lever]] = {title: [] for title in (*(t for t, _ in GROUPS), OTHERS, PEOPLE)}
    for lever in levers:
        found[_title(lever)].append(lever)
    return tuple(Group(title, tuple(own)) for title, own in found.items() if own)


def _title(lever: Lever) -> str:
    if lever.measure.people() is not None:
        return PEOPLE
    channel = next((KNOBS[effect.knob].channel for effect in lever.measure.effects()), None)
    return next((title for title, channels in GROUPS if channel in channels), OTHERS)


def name_of(lever: Lever, say: Language) -> str:
    """What a measure is called, with the name of the reform where that is another."""
    key = lever.measure.key
    known = measure_name(key, say)
    return known if lever.name == key else f"{known} ({lever.name})"
