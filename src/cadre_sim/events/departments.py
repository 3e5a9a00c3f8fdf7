"""Departments: each group of a scenario becomes departments of the areas of its level."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cadre_sim.arrays import Ints
from cadre_sim.levels import LEVELS
from cadre_sim.scenario.departments import DepartmentGroup
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.streams import entity_numbers
from cadre_sim.world.columns import World


class Departments(NamedTuple):
    """The departments of one group, arrays of shape (departments,).

    ``first`` is the place of the first of them among all departments. ``number`` is a department's number for its
    draws: it depends on the name of its group, on its area and on its place in the group, so that another group, or
    another department in the group, changes no draw of this one.
    """

    group: str
    plan: DepartmentGroup
    level: int
    first: int
    area: Ints
    number: Ints


def departments_of(scenario: Scenario, world: World) -> list[Departments]:
    """All departments of a scenario, a table for each group."""
    found: list[Departments] = []
    first = 0
    for name, group in scenario.departments.items():
        found.append(_of_group(name, group, first, world))
        first += found[-1].number.size
    return found


def _of_group(name: str, group: DepartmentGroup, first: int, world: World) -> Departments:
    level = LEVELS.index(group.level)
    areas = np.flatnonzero(world.area_level == level)
    area = np.repeat(areas, group.number)
    place = np.tile(np.arange(group.number), areas.size)
    return Departments(name, group, level, first, area, entity_numbers(name, area, place))
