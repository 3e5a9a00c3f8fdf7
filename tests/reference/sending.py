"""The staff of offices: local cadres, and people sent from above."""

from __future__ import annotations

import math
from typing import NamedTuple

from cadre_sim.scenario.measures import Measure, People
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.streams import Key, Stream, entity_number, uniform
from reference.cadre import Cadre
from reference.office import Office
from reference.place import Place
from reference.policy import Policies, Reform


class Sent(NamedTuple):
    """A person sent to an office, on the roll on days ``arrives`` <= t < ``leaves``."""

    office: Office
    rank: str
    arrives: float
    leaves: float


def staff_offices(place: Place, scenario: Scenario, policies: Policies, key: Key) -> None:
    """Give every office its staff: local cadres first, then those sent, reform by reform of the scenario."""
    for office in place.offices:
        rank = "township" if office.is_township else "village"
        office.staff = [Cadre(office, p, rank) for p in range(office.local)]
    by_name = {reform.name: reform for reform in policies.reforms}
    for name, measure in scenario.reforms.items():
        people = measure.people()
        if people is not None:
            for sent in send(place, by_name[name], measure, people, key):
                staff = sent.office.staff
                staff.append(Cadre(sent.office, len(staff), sent.rank, sent.arrives, sent.leaves))


def send(place: Place, reform: Reform, measure: Measure, people: People, key: Key) -> list[Sent]:
    """The people whom a reform sends, in the order in which they come."""
    offices = [office for office in place.offices if is_in_scope(office, measure)]
    n = people.number
    if n == 0 or not offices:
        return []
    numbers = PLACEMENT[people.placement](place, offices, n, reform.name, key)
    sent = []
    for k, number in enumerate(numbers):
        office, part = offices[number], (k + 0.5) / n
        specialist = math.floor((k + 1) * people.specialists) > math.floor(k * people.specialists)
        arrives, leaves = days_of(reform, measure, people, office, part)
        sent.append(Sent(office, "specialist" if specialist else "deployed", arrives, leaves))
    return sent


def is_in_scope(office: Office, measure: Measure) -> bool:
    """Whether people may be sent to an office; without a word on kinds, to villages and communities only."""
    counties = measure.where.counties if measure.where else None
    kinds = measure.where.kinds if measure.where else None
    if counties is not None and office.county not in counties:
        return False
    return office.kind in (("village", "community") if kinds is None else kinds)


def days_of(reform: Reform, measure: Measure, people: People, office: Office, part: float) -> tuple[float, float]:
    """First day on the roll, and day after the last; never where the reform never starts."""
    if office.row not in reform.starts:
        return math.inf, math.inf
    start = reform.starts[office.row]
    arrives = start + math.ceil(part * (measure.ramp + 1)) - 1
    leaves = [arrives + people.term, reform.end]
    if measure.erosion is not None:
        leaves.append(start + measure.ramp + math.ceil(measure.erosion * math.log2(1 / part)))
    return arrives, min(leaves)


def to_neediest(place: Place, offices: list[Office], n: int, name: str, key: Key) -> list[int]:
    """One after another to where most is brought to each cadre."""
    needs = [office.matters * place.scenario.demand.hours for office in offices]
    placed = [0] * len(offices)
    numbers = []
    for _ in range(n):
        staff = [float(o.local + p) or 0.5 for o, p in zip(offices, placed, strict=True)]
        number = max(range(len(offices)), key=lambda j: needs[j] / staff[j])
        placed[number] += 1
        numbers.append(number)
    return numbers


def equally(place: Place, offices: list[Office], n: int, name: str, key: Key) -> list[int]:
    """Evenly over the offices."""
    count = len(offices)
    return [k * count // n if n < count else k % count for k in range(n)]


def at_random(place: Place, offices: list[Office], n: int, name: str, key: Key) -> list[int]:
    """By lot."""
    count, lots = len(offices), entity_number(name)
    return [min(count - 1, math.floor(uniform(key, Stream.PLACEMENT, k, 0, lots) * count)) for k in range(n)]


PLACEMENT = {"neediest": to_neediest, "equal": equally, "random": at_random}
