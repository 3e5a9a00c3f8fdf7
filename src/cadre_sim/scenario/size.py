"""How large a place is, counted from what its scenario says: nothing of the place is made for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from cadre_sim.errors import InputError
from cadre_sim.inputs import HeldFile
from cadre_sim.scenario.place import County, Place
from cadre_sim.scenario.staff import Staff
from cadre_sim.scenario.units_table import read_units

if TYPE_CHECKING:
    from cadre_sim.scenario.scenario import Scenario

MOST_CADRES = 20_000_000
"""Cadres that a place may have [cadres]: four times those of the largest country."""


class Size(NamedTuple):
    """What a place has.

    Attributes:
        cities: cities [cities].
        counties: counties, districts and county-level cities [counties].
        townships: townships that offices lie in [townships].
        offices: villages, communities and township governments [offices].
        cadres: local staff [cadres]. Where offices are generated, the least that there are: each office has one cadre
            at least, which where staff is short adds some, never more than one an office.
        sent: people whom reforms send, if they find an office [persons].
        residents: residents of villages and communities [persons].
        longest_name: characters of the longest name of an office [1].
    """

    cities: int
    counties: int
    townships: int
    offices: int
    cadres: int
    sent: int
    residents: int
    longest_name: int


def size_of(scenario: Scenario) -> Size:
    """The size of a scenario's place.

    Raises:
        InputError: the units table is missing or wrong, or has no cadre or more than a place may have.
    """
    people = (measure.people() for measure in scenario.reforms.values())
    sent = sum(found.number for found in people if found is not None)
    if scenario.place.units is not None:
        return _of_table(scenario.place.units, sent)
    return _of_counties(scenario.place, scenario.staff, sent)


def too_large(place: Place, staff: Staff) -> str | None:
    """Why a place that is generated has more than a run can have, as words behind its name; None where it has not."""
    if place.units is not None:
        return None
    size = _of_counties(place, staff, 0)
    if size.cadres <= MOST_CADRES:
        return None
    return (
        f"would have {size.cadres:,} cadres in {size.offices:,} offices of {size.counties:,} counties; "
        f"at most {MOST_CADRES:,} cadres can be simulated"
    )


def check_cadres(cadres: int) -> None:
    """See that a place has somebody, and not more than can be simulated.

    Raises:
        InputError: it has not.
    """
    if not 0 < cadres <= MOST_CADRES:
        raise InputError(f"place: has {cadres:,} cadres; must be between 1 and {MOST_CADRES:,}")


def _of_counties(place: Place, staff: Staff, sent: int) -> Size:
    counties = place.counties
    return Size(
        cities=sum(-(-c.number // c.a_city) for c in counties if c.a_city) + any(not c.a_city for c in counties),
        counties=sum(c.number for c in counties),
        townships=sum(c.number * c.townships for c in counties),
        offices=sum(c.number * (c.offices + c.townships) for c in counties),
        cadres=sum(c.number * sum(_staff(c, staff)) for c in counties),
        sent=sent,
        residents=sum(c.number * c.residents for c in counties if c.offices),
        longest_name=max(
            len(c.name) + len(f" {c.number} township {c.townships}, community {c.offices}") for c in counties
        ),
    )


def _staff(county: County, staff: Staff) -> Iterator[int]:
    """Cadres of the villages and communities of one county, and of its township governments."""
    yield max(county.offices, round(staff.cadres_per_office * county.offices))
    yield max(county.townships, round(staff.cadres_per_township * county.townships))


def _of_table(table: HeldFile, sent: int) -> Size:
    units = read_units(table)
    cadres = sum(unit.cadres for unit in units)
    check_cadres(cadres)
    return Size(
        cities=len({unit.city for unit in units}),
        counties=len({(unit.city, unit.county) for unit in units}),
        townships=len({(unit.city, unit.county, unit.township) for unit in units}),
        offices=len(units),
        cadres=cadres,
        sent=sent,
        residents=sum(unit.residents for unit in units if unit.kind != "township"),
        longest_name=max(max(map(len, (unit.name, unit.township, unit.county, unit.city))) for unit in units),
    )
