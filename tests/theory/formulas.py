"""What queue theory says, from its textbooks: exact for the queues that offices and inspection teams are."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]


def waiting_at_one_server(load: float) -> float:
    """Mean number waiting in M/D/1 (Pollaczek 1930, Khinchine 1932): load^2 / (2 (1 - load))."""
    return load**2 / (2.0 * (1.0 - load))


def numbers_present(rate: float, servers: int, days: int = 4000, most: int = 400) -> Floats:
    """Distribution of the number in the system of M/D/c after so many service times from empty (Crommelin 1932).

    Whoever is served now is gone one service time later, and nobody else, so the number then is max(0, number - c) and
    a Poisson number of mean ``rate``. Worked out day by day, without any formula; ``most`` is beyond all that happens.
    """
    coming = stats.poisson.pmf(np.arange(most), rate)
    present = coming
    for _ in range(days - 1):
        left = np.concatenate([[present[: servers + 1].sum()], present[servers + 1 :]])
        before, present = present, np.convolve(left, coming)[:most]
        if np.abs(present - before).max() < 1e-15:
            break
    return present


def waiting_among(present: Floats, servers: int) -> Floats:
    """Distribution of the number waiting, from that of the number in the system."""
    return np.concatenate([[present[: servers + 1].sum()], present[servers + 1 :]])


def mean_of(distribution: Floats) -> float:
    return float(distribution @ np.arange(distribution.size))


def erlang_c(servers: int, load: float) -> float:
    """Chance to wait in M/M/c (Erlang 1917), by the recursion of his loss formula; load is that of each server."""
    offered = servers * load
    lost = 1.0
    for n in range(1, servers + 1):
        lost = offered * lost / (n + offered * lost)
    return lost / (1.0 - load * (1.0 - lost))


def mean_wait(servers: int, load: float, length: float) -> float:
    """Mean wait in M/M/c, in the unit of the mean ``length`` of a service."""
    return erlang_c(servers, load) * length / (servers * (1.0 - load))


def mean_wait_by_priority(servers: int, loads: tuple[float, ...], length: float) -> list[float]:
    """Mean wait of each class in M/M/c where lower classes wait and nobody is interrupted (Cobham 1954).

    All have the same mean ``length``; ``loads`` are parts of the load of each server, the first class goes first.
    """
    first = erlang_c(servers, sum(loads)) * length / servers
    edges = np.concatenate([[0.0], np.cumsum(loads)])
    return [first / ((1.0 - above) * (1.0 - own)) for above, own in pairwise(edges)]
