"""Where the people whom reforms send from above are placed: one more place on the staff of an office each."""

from __future__ import annotations

import heapq
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cadre_sim.arrays import Floats, Ints
from cadre_sim.scenario.measures import Measure, People
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.streams import Key, Stream, entity_number, uniforms
from cadre_sim.world.columns import DEPLOYED, KINDS, SPECIALIST, TOWNSHIP

_NOBODY = 0.5
"""Staff for which an office without any counts where the neediest office is sought."""


class Placement(NamedTuple):
    """People of one reform: the office and the rank of each, in the order in which they come."""

    reform: str
    office: Ints
    rank: Ints


def place_people(
    scenario: Scenario, kind: Ints, county: NDArray[np.str_], need: Floats, staff: Ints, key: Key
) -> list[Placement]:
    """Place the people of all reforms that send some.

    Args:
        scenario: whose reforms.
        kind: kind of each office, shape (offices,).
        county: name of the county of each office, shape (offices,).
        need: hours of matters that residents bring to each office, shape (offices,).
        staff: local cadres of each office, shape (offices,).
        key: for the rule "random".
    """
    placed = []
    for name, measure in scenario.reforms.items():
        people = measure.people()
        offices = _in_scope(measure, kind, county)
        if people is None or people.number == 0 or offices.size == 0:
            continue
        chosen = offices[_by_rule(people, need[offices], staff[offices], entity_number(name), key)]
        order = np.arange(people.number)
        special = np.floor((order + 1) * people.specialists) > np.floor(order * people.specialists)
        placed.append(Placement(name, chosen, np.where(special, SPECIALIST, DEPLOYED)))
    return placed


def _by_rule(people: People, need: Floats, staff: Ints, number: int, key: Key) -> Ints:
    """Place among the offices in scope of each person, by the reform's rule."""
    count = need.size
    if people.placement == "equal":
        return (
            np.arange(people.number) * count // people.number
            if people.number < count
            else (np.arange(people.number) % count)
        )
    if people.placement == "random":
        draws = uniforms(key, Stream.PLACEMENT, np.arange(people.number), 0, number)
        return np.minimum((draws * count).astype(np.int64), count - 1)
    # Neediest first: the next person goes where there is most to do for each cadre, those already sent included.
    heap = [(-float(n) / (s or _NOBODY), u) for u, (n, s) in enumerate(zip(need, staff, strict=True))]
    heapq.heapify(heap)
    added = np.zeros(count, np.int64)
    chosen = np.zeros(people.number, np.int64)
    for k in range(people.number):
        _, u = heap[0]
        chosen[k] = u
        added[u] += 1
        heapq.heapreplace(heap, (-float(need[u]) / (staff[u] + added[u]), u))
    return chosen


def _in_scope(measure: Measure, kind: Ints, county: NDArray[np.str_]) -> Ints:
    """Offices that people may be sent to: by default villages and communities, not township governments."""
    kinds = measure.where.kinds if measure.where and measure.where.kinds is not None else KINDS[:TOWNSHIP]
    scope = np.isin(kind, [KINDS.index(k) for k in kinds])
    if measure.where and measure.where.counties is not None:
        scope &= np.isin(county, measure.where.counties)
    return np.flatnonzero(scope)
