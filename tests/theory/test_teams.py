"""Inspection teams of an area as a resource that tours wait for, against the formulas of Erlang, Crommelin and Cobham.

Tours ask on days and for lengths of our own. Teams are dealt out once a day, so theory in continuous time holds up to a
day, and theory in whole days exactly.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import formulas
import numpy as np
import pytest

from cadre_sim.events.teams import FOLLOW_UP, TRIGGERED, USUAL, TeamPool, Tours
from cadre_sim.selftest.check import half_width
from cadre_sim.selftest.theory import mean_queue
from cadre_sim.streams import Key, Stream, poisson, uniforms

pytestmark = pytest.mark.long

RUNS = 24
"""Runs whose means do not depend on each other; their spread is what an interval is made of."""


class Request(NamedTuple):
    """A tour that asks for a team: on which day, for how many days, and with what priority."""

    day: int
    length: int
    priority: int = USUAL


def waits(number: int, requests: Iterator[Request]) -> np.ndarray:
    """Priority, day of asking and days waited of each tour, in the order in which they had a team."""
    asked, length, priority = np.array(list(requests)).T
    nobody, none = np.zeros(asked.size, np.int64), np.zeros(0)
    nowhere = none.astype(np.int64)
    teams = TeamPool(np.array([number]))
    teams.ask(
        Tours(
            nobody, priority, asked, length, nobody, nowhere, nowhere, none, none, nowhere, nowhere, none, none,
            none.astype(bool),
        )
    )  # fmt: skip
    found: list[np.ndarray] = []
    day = left = 0
    while left < asked.size:
        tours = teams.deal(day)
        if tours is not None:
            found.append(np.stack([tours.priority, tours.asked, day - tours.asked]))
            left += tours.asked.size
        day += 1
    return np.concatenate(found, axis=1)


def at_random(run: int, rate: float, length: float, number: int, first: float = 0.0) -> Iterator[Request]:
    """Requests exponentially apart, for geometric lengths of that mean; a share ``first`` goes first."""
    draws = [uniforms(Key(run, 0), Stream.JOINT, np.arange(number), day) for day in range(3)]
    days = np.floor(np.cumsum(-np.log(draws[0])) / rate).astype(int)
    lengths = np.ceil(np.log(draws[1]) / np.log1p(-1.0 / length)).astype(int)
    for day, long, draw in zip(days.tolist(), lengths.tolist(), draws[2], strict=True):
        yield Request(day, long, TRIGGERED if draw < first else FOLLOW_UP)


def by_days(run: int, rate: float, length: int, days: int) -> Iterator[Request]:
    """Requests at the starts of days, a Poisson number each, for a fixed number of days: as campaigns are."""
    for day in range(days):
        for _ in range(poisson(Key(run, 0), int(Stream.CAMPAIGN_DATES), 0, day, rate)):
            yield Request(day, length)


def agree(sums: list[float], counts: list[int], expected: float, sure: float, within: float = 0.0) -> None:
    """A mean over all tours, where runs have each a sum and a count, is as expected, and known to a share ``sure``.

    ``within`` is how far the theory itself may be off.
    """
    total, number = np.array(sums), np.array(counts, float)
    half = half_width(total - expected * number) / number.mean()
    assert half < sure * expected
    assert abs(total.sum() / number.sum() - expected) <= half + within


DAY = 1.0
"""What dealing once a day may add to a wait in continuous time, or take from it."""


@pytest.mark.parametrize(("teams", "load"), [(1, 0.6), (3, 0.8), (8, 0.8)])
def test_teams_are_waited_for_as_erlang_says(teams: int, load: float) -> None:
    """M/M/c: the mean wait, up to a day, and the chance to wait at all; tours take 40 days in the mean.

    Of those who wait, exponentially, some wait for less than a day: they may have a team on the day of asking.
    """
    length, settled = 40.0, 1000
    rate = teams * load / length
    waited, late, number = [], [], []
    for run in range(RUNS):
        _, asked, wait = waits(teams, at_random(run, rate, length, 2500))
        counted = wait[asked > settled]
        waited.append(float(counted.sum()))
        late.append(float((counted > 0).sum()))
        number.append(counted.size)
    agree(waited, number, formulas.mean_wait(teams, load, length), 0.25, DAY)
    chance, of_those = formulas.erlang_c(teams, load), length / (teams * (1.0 - load))
    agree(late, number, chance, 0.1, chance * (1.0 - np.exp(-DAY / of_those)))


@pytest.mark.parametrize(("teams", "load", "length"), [(1, 0.6, 3), (2, 0.7, 5), (4, 0.8, 1)])
def test_tours_of_whole_days_wait_as_crommelin_says(teams: int, load: float, length: int) -> None:
    """M/D/c, exact in whole days: seen once a length of a tour, the queue of an area is that of an office."""
    rate, settled, days = teams * load / length, 200, 3000
    waited, number = [], []
    for run in range(RUNS):
        _, asked, wait = waits(teams, by_days(run, rate, length, days))
        waited.append(float(wait[asked > settled].sum()))
        number.append(int((asked > settled).sum()))
    agree(waited, number, mean_queue(rate * length, teams, 5000)[-1] / rate, 0.12)


def test_a_team_that_comes_home_leaves_again_on_that_day() -> None:
    """Three tours of five days and one team: they leave on days 0, 5 and 10."""
    assert waits(1, iter([Request(0, 5)] * 3))[2].tolist() == [0, 5, 10]


def test_those_who_go_first_wait_as_cobham_says() -> None:
    """Nobody is interrupted, but whoever is urgent has the next team: the mean wait of both classes."""
    teams, length, settled, loads = 3, 40.0, 1000, (0.3, 0.5)
    rate = teams * sum(loads) / length
    found: dict[int, tuple[list[float], list[int]]] = {TRIGGERED: ([], []), FOLLOW_UP: ([], [])}
    for run in range(RUNS):
        priority, asked, wait = waits(teams, at_random(run, rate, length, 2500, first=loads[0] / sum(loads)))
        for which, (waited, number) in found.items():
            counted = wait[(priority == which) & (asked > settled)]
            waited.append(float(counted.sum()))
            number.append(counted.size)
    expected = formulas.mean_wait_by_priority(teams, loads, length)
    for (waited, number), mean in zip(found.values(), expected, strict=True):
        agree(waited, number, mean, 0.25, DAY)


def test_the_formulas_agree_where_they_meet() -> None:
    """Erlang's C of one server is its load, of two at half load a third; one class of Cobham's is M/M/c."""
    assert formulas.erlang_c(1, 0.7) == pytest.approx(0.7)
    assert formulas.erlang_c(2, 0.5) == pytest.approx(1 / 3)
    assert formulas.mean_wait_by_priority(3, (0.8,), 2.0) == pytest.approx([formulas.mean_wait(3, 0.8, 2.0)])
    both = formulas.mean_wait_by_priority(3, (0.3, 0.5), 2.0)
    assert (0.3 * both[0] + 0.5 * both[1]) / 0.8 == pytest.approx(formulas.mean_wait(3, 0.8, 2.0))
