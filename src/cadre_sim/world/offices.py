"""Offices of a place as columns: from its units table, or generated with realistic differences in size."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cadre_sim.arrays import Floats, Ints
from cadre_sim.scenario.place import County, Place
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.scenario.staff import Staff
from cadre_sim.scenario.units_table import Unit, read_units
from cadre_sim.streams import Key, Stream, normals
from cadre_sim.world.columns import KINDS, TOWNSHIP

_PLACE = Key(0, 0)
"""Places do not depend on the seed of a run: a scenario has the same offices in every replicate."""
_APART = 100_003
"""Numbers for the draws of a county's offices that lie between its first and that of the next county."""


class Units(NamedTuple):
    """Offices, arrays of shape (offices,): the names of their city, county and township, and their own.

    ``kind`` is a number of ``KINDS``; ``residents`` [persons]; ``cadres``: local staff.
    """

    city: NDArray[np.str_]
    county: NDArray[np.str_]
    township: NDArray[np.str_]
    name: NDArray[np.str_]
    kind: Ints
    residents: Ints
    cadres: Ints


def units_of(scenario: Scenario) -> Units:
    """The offices of a scenario, those of a city, a county and a township together, each in order of first mention."""
    if scenario.place.units is not None:
        return _in_order(units_of_table(read_units(scenario.place.units)))
    found: list[Units] = []
    for alike in scenario.place.counties:
        for place, name in enumerate(alike.names()):
            city = alike.city_of(place, scenario.place.name)
            found.append(_of_county(len(found), name, city, alike, scenario.place, scenario.staff))
    return _in_order(Units(*(np.concatenate(columns) for columns in zip(*found, strict=True))))


def units_of_table(rows: Sequence[Unit]) -> Units:
    """The rows of a units table as columns, in its order."""
    return Units(
        city=np.array([row.city for row in rows]),
        county=np.array([row.county for row in rows]),
        township=np.array([row.township for row in rows]),
        name=np.array([row.name for row in rows]),
        kind=np.array([KINDS.index(row.kind) for row in rows], np.int64),
        residents=np.array([row.residents for row in rows], np.int64),
        cadres=np.array([row.cadres for row in rows], np.int64),
    )


def _in_order(units: Units) -> Units:
    keys = [_by_first_mention(column) for column in (units.township, units.county, units.city)]
    order = np.lexsort(keys)
    columns: list[Any] = [column[order] for column in units]
    return Units(*columns)


def _by_first_mention(names: NDArray[np.str_]) -> Ints:
    """Number of each name in the order in which they first come."""
    _, first, which = np.unique(names, return_index=True, return_inverse=True)
    rank = np.empty(first.size, np.int64)
    rank[np.argsort(first)] = np.arange(first.size)
    return rank[which]


def _of_county(number: int, name: str, city: str, county: County, place: Place, staff: Staff) -> Units:
    """A county's offices: residents log-normal between them and summing to the county's, townships in equal parts.

    Township by township its villages and communities, then its government, which serves all of their residents.
    """
    entity = np.arange(county.offices) + number * _APART
    sizes = np.exp(place.size_spread * normals(_PLACE, Stream.OFFICE_SIZE, entity, 0))
    residents = apportion(sizes, county.residents)
    mean = county.residents / max(county.offices, 1)
    cadres = staff_of(residents, mean, staff.cadres_per_office, staff.size_elasticity)
    township_of = np.arange(county.offices) * county.townships // max(county.offices, 1)
    served = np.bincount(township_of, weights=residents, minlength=county.townships).astype(np.int64)
    officials = staff_of(served, county.residents / county.townships, staff.cadres_per_township, staff.size_elasticity)
    governments = np.arange(county.townships)
    order = np.argsort(np.concatenate([township_of, governments]), kind="stable")
    kind = np.concatenate([_kinds(county), np.full(county.townships, TOWNSHIP)])[order]
    township = np.array([f"{name} township {t + 1}" for t in governments])[
        np.concatenate([township_of, governments])[order]
    ]
    names = _names(township, kind, order)
    size = order.size
    return Units(
        np.full(size, city),
        np.full(size, name),
        township,
        np.array(names),
        kind,
        np.concatenate([residents, served])[order],
        np.concatenate([cadres, officials])[order],
    )


def _names(townships: Iterable[str], kinds: Ints, place: Ints) -> list[str]:
    return [
        f"{township}, government" if kind == TOWNSHIP else f"{township}, {KINDS[kind]} {i + 1}"
        for township, kind, i in zip(townships, kinds.tolist(), place.tolist(), strict=True)
    ]


def _kinds(county: County) -> Ints:
    """Communities spread evenly among a county's offices."""
    marks = np.arange(county.offices + 1) * county.communities // max(county.offices, 1)
    return np.where(np.diff(marks) > 0, KINDS.index("community"), KINDS.index("village"))


def apportion(weights: Floats, total: int) -> Ints:
    """Whole numbers in proportion to ``weights`` that sum to ``total`` (largest remainders, first come on ties)."""
    if weights.size == 0:
        return np.zeros(0, np.int64)
    exact = weights / weights.sum() * total
    whole = np.floor(exact).astype(np.int64)
    rest = int(total - whole.sum())
    whole[np.argsort(-(exact - whole), kind="stable")[:rest]] += 1
    return whole


def staff_of(residents: Ints, mean_residents: float, mean_staff: float, elasticity: float) -> Ints:
    """Staff that grows with residents to the power ``elasticity``; the mean is kept and nobody works alone unmeant."""
    if residents.size == 0:
        return np.zeros(0, np.int64)
    weights = np.power(np.maximum(residents, 1) / max(mean_residents, 1.0), elasticity)
    return np.maximum(1, apportion(weights, round(mean_staff * residents.size)))
