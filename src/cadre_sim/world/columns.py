"""The world as columns: one row an office, one row a cadre, and the tree of areas that departments act on."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cadre_sim.arrays import Floats, Ints

KINDS = ("village", "community", "township")
"""Kinds of office; the number of a kind is its place here."""
TOWNSHIP = KINDS.index("township")
RANKS = ("village", "township", "deployed", "specialist")
"""Ranks of cadres; the number of a rank is its place here."""
DEPLOYED, SPECIALIST = RANKS.index("deployed"), RANKS.index("specialist")
NO_DAY = 2**31 - 1
"""Working day that never comes: nobody leaves on it."""


class Offices(NamedTuple):
    """What does not change about offices, arrays of shape (offices,), ordered by county and township.

    ``first`` is the first cadre of each office and has one entry more, so that office u's cadres are the rows
    ``first[u]`` to ``first[u + 1]``. ``load`` multiplies the hours and attendees that a request from above asks for.
    ``matters`` and ``certificates`` are mean arrivals a working day. ``city``, ``county`` and ``township`` are
    numbers of areas.
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

    Somebody is in a place from the working day ``arrives`` to the day before ``leaves``; for local cadres always.
    """

    office: Ints
    rank: Ints
    arrives: Ints
    leaves: Ints


class Traits(NamedTuple):
    """What cadres bring, arrays of shape (cadres,).

    ``motivation`` and ``caution`` are dispositions, 0 to 1; ``skill`` is work done an hour, mean 1.
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

    Areas are numbered: the cities (often one, 0), then the counties, then the townships. Area a's offices are the rows
    ``area_first[a]`` to ``area_last[a]``. ``area_level`` is 0 for a city, 1 for a county, 2 for a township.
    ``certificate_kept`` is the share of requests that remain when 0, 1, 2, ... kinds have left the catalogue.
    ``traits`` are those of the cadres on the first day; ``sent`` are the people whom reforms send.
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
        return [str(n) for n in self.area_names[self.area_level == 1]]

    @property
    def cities(self) -> int:
        """Number of cities, and of the first county among areas."""
        return int(np.count_nonzero(self.area_level == 0))

    def in_county(self, name: str) -> NDArray[np.bool_]:
        """Mask of the offices of a county, shape (offices,)."""
        area = self.cities + self.counties.index(name)
        mask: NDArray[np.bool_] = self.offices.county == area
        return mask
