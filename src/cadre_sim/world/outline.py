"""A place in outline: an office of each kind in each county that matters to the reforms of a scenario.

Whether a reform can change anything depends on which counties and kinds of office there are, not on how many of each.
So it is looked for here, where it takes no longer for a country than for a village.
"""

from __future__ import annotations

from collections.abc import Iterator

from cadre_sim.scenario.place import County
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.scenario.size import size_of
from cadre_sim.scenario.units_table import Unit, read_units
from cadre_sim.streams import Key
from cadre_sim.world.build import build_world, world_of
from cadre_sim.world.columns import World
from cadre_sim.world.offices import units_of_table

_KEY = Key(0, 0)


def outline_of(scenario: Scenario) -> World:
    """The world of a scenario with as few offices as show what there is.

    Raises:
        InputError: the units table is missing or wrong, or the place has no cadre or too many.
    """
    size_of(scenario)
    place = scenario.place
    if place.units is not None:
        first: dict[tuple[str, str], Unit] = {}
        for unit in read_units(place.units):
            first.setdefault((unit.county, unit.kind), unit)
        chosen = [unit._replace(cadres=max(1, unit.cadres)) for unit in first.values()]
        return world_of(scenario, units_of_table(chosen), _KEY)
    named = frozenset(_named(scenario))
    counties = tuple(county for alike in place.counties for county in _in_outline(alike, named))
    fewer = scenario.model_copy(update={"place": place.model_copy(update={"counties": counties})})
    return build_world(fewer, _KEY)


def _named(scenario: Scenario) -> Iterator[str]:
    """Counties that the reforms name."""
    for reform in scenario.reforms.values():
        yield from (reform.where and reform.where.counties) or ()
        yield from reform.rollout or ()


def _in_outline(alike: County, named: frozenset[str]) -> Iterator[County]:
    """Of counties that are alike those that are named, and one of the others; of its offices one of each kind."""
    names = alike.names()
    other = next((name for name in names if name not in named), None)
    villages = min(1, alike.offices - alike.communities)
    communities = min(1, alike.communities)
    for name in names:
        if name in named or name == other:
            yield alike.model_copy(
                update={
                    "name": name,
                    "number": 1,
                    "a_city": 0,
                    "offices": villages + communities,
                    "communities": communities,
                    "townships": 1,
                }
            )
