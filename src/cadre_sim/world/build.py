"""From a scenario to a world of columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cadre_sim.arrays import Floats, Ints
from cadre_sim.rows import starts
from cadre_sim.scenario.demand import Demand
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.scenario.size import check_cadres
from cadre_sim.streams import Key, Stream, normals
from cadre_sim.units import THOUSAND, WORKING_DAYS_A_YEAR
from cadre_sim.world.columns import NO_DAY, RANKS, TOWNSHIP, Cadres, Offices, Sent, Traits, World
from cadre_sim.world.offices import Units, units_of
from cadre_sim.world.sending import Placement, place_people


def build_world(scenario: Scenario, key: Key) -> World:
    """Build the offices, cadres and areas of a scenario.

    Raises:
        InputError: the place has no cadre, or more than fit.
    """
    return world_of(scenario, units_of(scenario), key)


def world_of(scenario: Scenario, units: Units, key: Key) -> World:
    """Build the cadres and areas of a scenario for offices that are there.

    Raises:
        InputError: these have no cadre, or more than fit.
    """
    staff = units.cadres
    check_cadres(int(staff.sum()))
    areas = _areas(units)
    offices = _offices(scenario, units, staff, areas, key)
    need = offices.matters * scenario.demand.hours
    people = _staff_of(staff, offices.kind, place_people(scenario, offices.kind, units.county, need, staff, key))
    return World(
        name=scenario.place.name,
        office_names=units.name,
        area_names=areas.names,
        area_level=areas.level,
        area_first=areas.first,
        area_last=areas.last,
        offices=offices._replace(first=people.first),
        cadres=people.cadres,
        traits=_traits(scenario, people, key),
        sent=people.sent,
        certificate_kept=_certificate_kept(scenario.demand),
    )


class _Areas(NamedTuple):
    """Areas, arrays of shape (areas,), and the areas of each level that offices lie in, arrays of shape (offices,)."""

    names: NDArray[np.str_]
    level: Ints
    first: Ints
    last: Ints
    of: tuple[Ints, Ints, Ints]


def _areas(units: Units) -> _Areas:
    """Cities, then counties, then townships, each in the order of their offices."""
    size = units.kind.size
    columns = (units.city, units.county, units.township)
    first = [starts(*columns[: level + 1]) for level in range(len(columns))]
    numbers = np.cumsum([0, *(rows.size for rows in first)])
    of = [
        n + np.repeat(np.arange(rows.size), np.diff(rows, append=size)) for n, rows in zip(numbers, first, strict=False)
    ]
    names = [column[rows] for column, rows in zip(columns, first, strict=True)]
    if first[0].size == 1:
        names[0] = np.array(["city"])
    return _Areas(
        names=np.concatenate(names),
        level=np.repeat(np.arange(len(columns)), [rows.size for rows in first]),
        first=np.concatenate(first),
        last=np.concatenate([np.append(rows[1:], size) for rows in first]),
        of=(of[0], of[1], of[2]),
    )


def _offices(scenario: Scenario, units: Units, staff: Ints, areas: _Areas, key: Key) -> Offices:
    demand = scenario.demand
    residents = units.residents.astype(np.float64)
    township = units.kind == TOWNSHIP
    rate = np.where(township, demand.matters_township, demand.matters) / THOUSAND / WORKING_DAYS_A_YEAR
    tilt = _log_normal(normals(key, Stream.OFFICE_DEMAND, np.arange(units.kind.size), 0), demand.office_spread)
    certificates = np.where(township, 0.0, demand.certificates) / THOUSAND / WORKING_DAYS_A_YEAR
    city, county, area = areas.of
    return Offices(
        kind=units.kind,
        city=city,
        county=county,
        township=area,
        residents=residents,
        first=np.concatenate([[0], np.cumsum(staff)]).astype(np.int64),
        load=np.where(township, scenario.staff.township_factor, 1.0),
        matters=rate * residents * tilt,
        certificates=certificates * residents * tilt,
    )


class _Staff(NamedTuple):
    cadres: Cadres
    first: Ints
    sent: tuple[Sent, ...]


def _staff_of(local: Ints, kind: Ints, placed: Sequence[Placement]) -> _Staff:
    """Places of cadres by office: local cadres first, then those sent, reform by reform in the order of coming."""
    offices = local.size
    office = [np.repeat(np.arange(offices), local)]
    rank = [np.where(kind[office[0]] == TOWNSHIP, RANKS.index("township"), RANKS.index("village"))]
    for people in placed:
        office.append(people.office)
        rank.append(people.rank)
    joined, ranks = np.concatenate(office), np.concatenate(rank)
    order = np.argsort(joined, kind="stable")
    place = np.empty(order.size, np.int64)
    place[order] = np.arange(order.size)
    sent = []
    start = office[0].size
    for people in placed:
        rows = place[start : start + people.office.size]
        sent.append(Sent(people.reform, rows, np.arange(rows.size)))
        start += rows.size
    first = np.concatenate([[0], np.cumsum(np.bincount(joined, minlength=offices))]).astype(np.int64)
    always = np.full(order.size, NO_DAY, np.int64)
    return _Staff(Cadres(joined[order], ranks[order].astype(np.int64), -always, always), first, tuple(sent))


def _traits(scenario: Scenario, staff: _Staff, key: Key) -> Traits:
    """Traits depend on the office and the place in it, so that people sent to one office change nobody's elsewhere."""
    minds = scenario.behaviour.minds
    office = staff.cadres.office
    place = np.arange(office.size) - staff.first[office]
    return Traits(
        motivation=_logistic(minds.motivation, minds.spread, normals(key, Stream.CADRE_TRAITS, office, place, 0)),
        caution=_logistic(minds.caution, minds.spread, normals(key, Stream.CADRE_TRAITS, office, place, 1)),
        skill=_log_normal(normals(key, Stream.SKILL, office, place), scenario.staff.skill_spread),
    )


def _log_normal(z: Floats, spread: float) -> Floats:
    """Log-normal numbers of mean 1 from standard normal ones."""
    return np.exp(spread * z - 0.5 * spread**2)


def _logistic(centre: float, spread: float, z: Floats) -> Floats:
    """Numbers between 0 and 1 around ``centre`` with ``spread`` on the logit scale."""
    if not 0.0 < centre < 1.0:
        return np.full(z.shape, centre)
    logit = np.log(centre / (1.0 - centre))
    return 1.0 / (1.0 + np.exp(-(logit + spread * z)))


def _certificate_kept(demand: Demand) -> Floats:
    """Share of requests that remain when r kinds leave, r = 0 .. all.

    Kinds are asked for by Zipf's law; those that leave stand evenly spread among the frequent and the rare, since
    nothing is known of how often the 36 kinds of the article were asked for.
    """
    kinds = demand.certificate_kinds
    shares = (1.0 + np.arange(kinds)) ** -demand.certificate_skew
    shares /= shares.sum()
    steps = np.arange(1, kinds + 1)
    kept = [1.0]
    for removed in range(1, kinds + 1):
        gone = (steps * removed) // kinds > ((steps - 1) * removed) // kinds
        kept.append(float(shares[~gone].sum()))
    return np.array(kept)
