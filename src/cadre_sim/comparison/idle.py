"""What a comparison cannot find: which of its reforms can change nothing, and whether anything can change at all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cadre_sim.comparison.divergence import parting_reforms
from cadre_sim.reforms.idle import IdleReform, idle_reforms
from cadre_sim.scenario.loading import Arm
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.streams import Key
from cadre_sim.world.build import build_world
from cadre_sim.world.calendar import WorkCalendar


class IdleCheck(NamedTuple):
    """What was found of a scenario and its baseline before they are run.

    Attributes:
        idle: reforms of the scenario that can change nothing.
        nothing: whether nothing can change: the two differ in idle reforms only, or in none.
    """

    idle: tuple[IdleReform, ...]
    nothing: bool


def check_idle(arm: Arm, seed: int, replicates: int) -> IdleCheck:
    """Look for reforms that can change nothing in a number of replicates."""
    keys = [Key(seed, replicate) for replicate in range(replicates)]
    own = idle_of(arm.reform, keys)
    apart = parting_reforms(arm.baseline, arm.reform)
    if apart is None:
        return IdleCheck(own, False)
    names = {each.name for each in own}
    others = {each.name for each in idle_of(arm.baseline, keys)}
    idle = all(
        (name not in arm.reform.reforms or name in names) and (name not in arm.baseline.reforms or name in others)
        for name in apart
    )
    return IdleCheck(own, idle)


def idle_of(scenario: Scenario, keys: Sequence[Key]) -> tuple[IdleReform, ...]:
    """The reforms of a scenario that can change nothing in runs under some keys."""
    if not scenario.reforms:
        return ()
    world = build_world(scenario, keys[0] if keys else Key(1, 0))
    return idle_reforms(scenario, world, WorkCalendar(scenario.period, scenario.calendar), keys)
