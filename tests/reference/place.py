"""Where a run takes place: areas, and the fixed values of the offices in them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import NamedTuple

import mesa

from cadre_sim.scenario.place import County
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.scenario.units_table import read_units
from cadre_sim.streams import Key, Stream, normal_quantile, uniform
from reference.calendar import YEAR
from reference.office import Office

WORLD_KEY = Key(0, 0)
"""The key of sizes of offices: the place does not depend on the seed."""


@dataclass(eq=False)
class Area:
    """A city (level 0), a county (1) or a township (2), with its offices in order of rows."""

    number: int
    level: int
    name: str
    offices: list[Office] = field(default_factory=list)


class Unit(NamedTuple):
    """An office as a table has it: where it is, its kind, its residents and its local cadres."""

    city: str
    county: str
    township: str
    kind: str
    residents: int
    cadres: int


class Place:
    """The areas of a run, by number, and its offices, by row."""

    def __init__(self, scenario: Scenario, key: Key, model: mesa.Model | None = None) -> None:
        self.scenario = scenario
        self.key = key
        units = units_of(scenario)
        cities = list(dict.fromkeys(u.city for u in units))
        counties = [n for c in cities for n in dict.fromkeys(u.county for u in units if u.city == c)]
        townships = [p for c in counties for p in dict.fromkeys((u.county, u.township) for u in units if u.county == c)]
        of_city = {name: Area(k, 0, name) for k, name in enumerate(cities)}
        of_county = {name: Area(len(cities) + k, 1, name) for k, name in enumerate(counties)}
        first = len(cities) + len(counties)
        of_township = {names: Area(first + k, 2, names[1]) for k, names in enumerate(townships)}
        self.areas = [*of_city.values(), *of_county.values(), *of_township.values()]
        self.offices: list[Office] = []
        for names in townships:
            for unit in units:
                if (unit.county, unit.township) == names:
                    areas = (of_city[unit.city], of_county[unit.county], of_township[names])
                    self.add(unit, areas, model or mesa.Model(rng=0))

    def add(self, unit: Unit, areas: tuple[Area, Area, Area], model: mesa.Model) -> None:
        """Add an office in the next row, with its fixed values."""
        office = Office(model, self.scenario, self.key)
        office.row = len(self.offices)
        office.kind = unit.kind
        office.county = unit.county
        office.areas = areas
        office.residents = float(unit.residents)
        office.local = unit.cadres
        demand, is_township = self.scenario.demand, unit.kind == "township"
        spread = demand.office_spread
        z = normal_quantile(uniform(self.key, Stream.OFFICE_DEMAND, office.row, 0, 0))
        tilt = math.exp(spread * z - spread**2 / 2)
        per_day = office.residents / 1000 / YEAR * tilt
        office.load = self.scenario.staff.township_factor if is_township else 1.0
        office.matters = per_day * (demand.matters_township if is_township else demand.matters)
        office.certificates = 0.0 if is_township else per_day * demand.certificates
        self.offices.append(office)
        for area in areas:
            area.offices.append(office)


def units_of(scenario: Scenario) -> list[Unit]:
    """The offices of a place: the rows of its table, or those that its counties are given."""
    if scenario.place.units is not None:
        return [
            Unit(u.city, u.county, u.township, u.kind, u.residents, u.cadres) for u in read_units(scenario.place.units)
        ]
    units: list[Unit] = []
    k = 0
    for county in scenario.place.counties:
        for place in range(county.number):
            name = county.name if county.number == 1 else f"{county.name} {place + 1}"
            city = f"{county.name} {place // county.a_city}" if county.a_city else ""
            units += units_of_county(scenario, k, county, name, city)
            k += 1
    return units


def units_of_county(scenario: Scenario, k: int, county: County, name: str, city: str) -> list[Unit]:
    """The offices that county k is given: those of each township, then its government."""
    staff = scenario.staff
    n, townships = county.offices, county.townships
    sizes = [math.exp(scenario.place.size_spread * size_draw(k, j)) for j in range(n)]
    residents = apportion(sizes, county.residents) if n else []
    cadres = staff_of(residents, county.residents, staff.cadres_per_office, staff.size_elasticity)
    townships_of = [j * townships // n for j in range(n)]
    served = [sum(residents[j] for j in range(n) if townships_of[j] == i) for i in range(townships)]
    officials = staff_of(served, county.residents, staff.cadres_per_township, staff.size_elasticity)
    units = []
    for i in range(townships):
        for j in range(n):
            if townships_of[j] == i:
                is_community = (j + 1) * county.communities // n > j * county.communities // n
                kind = "community" if is_community else "village"
                units.append(Unit(city, name, str(i), kind, residents[j], cadres[j]))
        units.append(Unit(city, name, str(i), "township", served[i], officials[i]))
    return units


def size_draw(county: int, office: int) -> float:
    """The normal draw for the size of an office of a county."""
    return normal_quantile(uniform(WORLD_KEY, Stream.OFFICE_SIZE, 100003 * county + office, 0, 0))


def staff_of(residents: list[int], total: int, mean_staff: float, elasticity: float) -> list[int]:
    """The cadres of offices: more where there are more residents, by a power of them, and at least one."""
    n = len(residents)
    if n == 0:
        return []
    mean = max(total / n, 1)
    shares = apportion([(max(r, 1) / mean) ** elasticity for r in residents], round(mean_staff * n))
    return [max(1, cadres) for cadres in shares]


def apportion(weights: list[float], total: int) -> list[int]:
    """Whole numbers in proportion to weights, what is left going to the largest remainders, the first on ties."""
    whole = sum(weights)
    exact = [w / whole * total for w in weights]
    parts = [math.floor(x) for x in exact]
    by_remainder = sorted(range(len(weights)), key=lambda j: parts[j] - exact[j])
    for j in by_remainder[: total - sum(parts)]:
        parts[j] += 1
    return parts
