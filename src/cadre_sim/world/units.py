"""Offices of a place where no units table is named: generated with realistic differences in size."""

from __future__ import annotations

import numpy as np

from cadre_sim.scenario.place import County, Place
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.scenario.staff import Staff
from cadre_sim.scenario.units import Unit, read_units
from cadre_sim.streams import Key, Stream, normals
from cadre_sim.world.columns import Floats, Ints

_PLACE = Key(0, 0)
"""Places do not depend on the seed of a run: a scenario has the same offices in every replicate."""


def units_of(scenario: Scenario) -> tuple[Unit, ...]:
    """The offices of a scenario: from its units table, or generated from its place."""
    if scenario.place.units is not None:
        return read_units(scenario.place.units)
    found: list[Unit] = []
    for number, county in enumerate(scenario.place.counties):
        found += _of_county(number, county, scenario.place, scenario.staff)
    return tuple(found)


def _of_county(number: int, county: County, place: Place, staff: Staff) -> list[Unit]:
    """A county's offices: residents log-normal between them and summing to the county's, townships in equal parts."""
    entity = np.arange(county.offices) + number * 100_003
    sizes = np.exp(place.size_spread * normals(_PLACE, Stream.OFFICE_SIZE, entity, 0))
    residents = apportion(sizes, county.residents)
    mean = county.residents / max(county.offices, 1)
    cadres = staff_of(residents, mean, staff.cadres_per_office, staff.size_elasticity)
    township_of = np.arange(county.offices) * county.townships // max(county.offices, 1)
    kinds = _kinds(county)
    served = np.bincount(township_of, weights=residents, minlength=county.townships).astype(np.int64)
    mean_served = county.residents / county.townships
    officials = staff_of(served, mean_served, staff.cadres_per_township, staff.size_elasticity)
    units: list[Unit] = []
    for t in range(county.townships):
        township = f"{county.name} township {t + 1}"
        for i in np.flatnonzero(township_of == t):
            units.append(
                Unit(
                    county.name,
                    township,
                    f"{township}, {kinds[i]} {i + 1}",
                    kinds[i],
                    int(residents[i]),
                    int(cadres[i]),
                )
            )
        units.append(
            Unit(county.name, township, f"{township}, government", "township", int(served[t]), int(officials[t]))
        )
    return units


def _kinds(county: County) -> list[str]:
    """Communities spread evenly among a county's offices."""
    marks = np.arange(county.offices + 1) * county.communities // max(county.offices, 1)
    return ["community" if step else "village" for step in np.diff(marks)]


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
