"""The world as columns: one row an office, one row a cadre, and the tree of areas that departments act on."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cadre_sim.arrays import Bools, Floats, Ints
from cadre_sim.levels import CITY_LEVEL, COUNTY_LEVEL

KINDS = ("village", "community", "township")
"""Kinds of office; the number of a kind is its place here."""
TOWNSHIP = KINDS.index("township")
RANKS = ("village", "township", "deployed", "specialist")
"""Ranks of cadres; the number of a rank is its place here."""
DEPLOYED, SPECIALIST = RANKS.index("deployed"), RANKS.index("specialist")
NO_DAY = 2**31 - 1
"""Working day that never comes; with a minus, one long before every run."""


class Offices(NamedTuple):
    """Fixed values of offices, arrays of shape (offices,), ordered by county and township.

    Attributes:
        kind: number of its kind in ``KINDS``.
        city: number of the area of its city.
        county: number of the area of its county.
        township: number of the area of its township.
        residents: residents whom it serves [persons].
        first: first row of its cadres; one entry more than offices, so that those of office u are the rows ``first[u]``
            to ``first[u + 1]``.
        load: factor of the hours and attendees that a request from above asks for [1].
        matters: mean matters that residents bring [matters/working day].
        certificates: mean certificates that they ask for [certificates/working day].
    """

    kind: Ints
    city: Ints
    county: Ints
    township: Ints
    residents: Floats
    first: Ints
    load: Floats
    matters: Floats
    certificates: Floats


class Cadres(NamedTuple):
    """Places on the staff of offices, arrays of shape (cadres,), ordered by office: local cadres, then people sent.

    Attributes:
        office: row of its office.
        rank: number of its rank in ``RANKS``.
        arrives: first working day on which somebody is in it; ``-NO_DAY`` for local cadres.
        leaves: working day after the last one; ``NO_DAY`` for local cadres.
    """

    office: Ints
    rank: Ints
    arrives: Ints
    leaves: Ints


class Traits(NamedTuple):
    """Traits of cadres, arrays of shape (cadres,).

    Attributes:
        motivation: disposition that motivation tends to, 0 to 1 [1].
        caution: disposition that caution tends to, 0 to 1 [1].
        skill: work done an hour with full practice, mean 1 [1].
    """

    motivation: Floats
    caution: Floats
    skill: Floats


class Sent(NamedTuple):
    """People whom a reform sends: its name, their places among the cadres, and the order in which they come."""

    reform: str
    places: Ints
    order: Ints


class World(NamedTuple):
    """A place with its offices, cadres and areas.

    Areas are numbered: the cities (often one, 0), then the counties, then the townships.

    Attributes:
        name: name of the place.
        office_names: names of the offices, shape (offices,).
        area_names: names of the areas, shape (areas,).
        area_level: number of the level of each area in ``LEVELS``, shape (areas,).
        area_first: first office of each area, shape (areas,).
        area_last: office after its last, shape (areas,).
        offices: fixed values of offices.
        cadres: places on their staff.
        traits: traits of the cadres on the first day.
        sent: people whom reforms send.
        certificate_kept: share of requests that remain when r kinds have left the catalogue [1], shape (kinds + 1,).
    """

    name: str
    office_names: NDArray[np.str_]
    area_names: NDArray[np.str_]
    area_level: Ints
    area_first: Ints
    area_last: Ints
    offices: Offices
    cadres: Cadres
    traits: Traits
    sent: tuple[Sent, ...]
    certificate_kept: Floats

    @property
    def counties(self) -> list[str]:
        """Names of the counties in order."""
        return [str(n) for n in self.area_names[self.area_level == COUNTY_LEVEL]]

    @property
    def cities(self) -> int:
        """Number of cities, and of the first county among areas."""
        return int(np.count_nonzero(self.area_level == CITY_LEVEL))

    def in_county(self, name: str) -> Bools:
        """Mask of the offices of a county, shape (offices,)."""
        area = self.cities + self.counties.index(name)
        mask: Bools = self.offices.county == area
        return mask
