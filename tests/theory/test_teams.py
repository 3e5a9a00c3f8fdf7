"""Inspection teams of an area as a resource that tours wait for, against the formulas of Erlang, Crommelin and Cobham.

Tours are sent on their way as campaigns send them, at times and for lengths of our own; what a run notes of each is the
day on which it asked for a team and the day on which it had one.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import NamedTuple

import formulas
import numpy as np
import pytest
import simpy

from cadre_sim.events.campaigns import FOLLOW_UP, TRIGGERED, USUAL, Tour, travel
from cadre_sim.selftest.check import half_width
from cadre_sim.selftest.theory import mean_queue
from cadre_sim.streams import Key, Stream, poisson, uniforms
from worlds import Lab, calm, lab

RUNS = 24
"""Runs whose means do not depend on each other; their spread is what an interval is made of."""
NOBODY = np.zeros(0, np.int64)


class Request(NamedTuple):
    """A tour that asks for a team: when [working days], for how long, and with what priority."""

    time: float
    length: float
    priority: int = USUAL


def waits(teams: int, requests: Iterator[Request]) -> np.ndarray:
    """Priority, day of asking and whole days waited of each tour, in the order in which they had a team."""
    here = lab(calm(oversight={"teams": {"city": 10 * teams, "county": 1, "township": 1}}))
    assert here.events.teams[0].capacity == teams
    here.events.env.process(sending(here, requests))
    here.events.env.run()
    noted = np.array(here.events.waits)
    return np.stack([noted[:, 0], noted[:, 1], noted[:, 2] - noted[:, 1]])


def sending(here: Lab, requests: Iterator[Request]) -> Generator[simpy.Event, object, None]:
    env = here.events.env
    for request in requests:
        yield env.timeout(request.time - env.now)
        env.process(travel(here.events, tour(request)))


def tour(request: Request) -> Tour:
    """A tour that visits nobody; as its level it carries its priority, which a run notes no otherwise.

    Its length need not be whole days here, though those of campaigns are.
    """
    none = np.zeros(0)
    return Tour(
        offices=NOBODY, offset=NOBODY, length=request.length, escorts=none, hours=none, level=request.priority, area=0,
        number=0, priority=request.priority, follow_up=0.0, topics=none, announced=np.zeros(0, bool),
    )  # type: ignore[arg-type]  # fmt: skip


def at_random(run: int, rate: float, length: float, number: int, first: float = 0.0) -> Iterator[Request]:
    """Requests at any time of a day, exponentially apart, for exponential lengths; a share ``first`` goes first."""
    draws = [uniforms(Key(run, 0), Stream.JOINT, np.arange(number), day) for day in range(3)]
    times = np.cumsum(-np.log(draws[0])) / rate
    lengths = -np.log(draws[1]) * length
    for time, long, draw in zip(times, lengths, draws[2], strict=True):
        yield Request(float(time), float(long), TRIGGERED if draw < first else FOLLOW_UP)


def by_days(run: int, rate: float, length: int, days: int) -> Iterator[Request]:
    """Requests at the starts of days, a Poisson number each, for a fixed number of days: as campaigns are."""
    for day in range(days):
        for _ in range(poisson(Key(run, 0), int(Stream.CAMPAIGN_DATES), 0, day, rate)):
            yield Request(day, length)


def agree(sums: list[float], counts: list[int], expected: float, sure: float) -> None:
    """A mean over all tours, where runs have each a sum and a count, is as expected, and known to a share ``sure``."""
    total, number = np.array(sums), np.array(counts, float)
    half = half_width(total - expected * number) / number.mean()
    assert half < sure * expected
    assert abs(total.sum() / number.sum() - expected) <= half


@pytest.mark.parametrize(("teams", "load"), [(1, 0.6), (3, 0.8), (8, 0.8)])
def test_teams_are_waited_for_as_erlang_says(teams: int, load: float) -> None:
    """M/M/c: the mean wait, and the chance to wait at all; tours take 40 days in the mean.

    Days are cut to whole ones at both ends. As requests come at any time of a day, that leaves the mean wait exactly as
    it was; of those who wait, some begin and end within a day, and how many is known exactly too.
    """
    length, settled = 40.0, 1000.0
    rate = teams * load / length
    waited, late, number = [], [], []
    for run in range(RUNS):
        _, asked, wait = waits(teams, at_random(run, rate, length, 2500))
        counted = wait[asked > settled]
        waited.append(float(counted.sum()))
        late.append(float((counted > 0).sum()))
        number.append(counted.size)
    agree(waited, number, formulas.mean_wait(teams, load, length), 0.25)
    of_those = length / (teams * (1.0 - load))
    agree(late, number, formulas.erlang_c(teams, load) * formulas.share_within_a_day(of_those), 0.1)


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
    teams, length, settled, loads = 3, 40.0, 1000.0, (0.3, 0.5)
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
        agree(waited, number, mean, 0.25)


def test_the_formulas_agree_where_they_meet() -> None:
    """Erlang's C of one server is its load, of two at half load a third; one class of Cobham's is M/M/c."""
    assert formulas.erlang_c(1, 0.7) == pytest.approx(0.7)
    assert formulas.erlang_c(2, 0.5) == pytest.approx(1 / 3)
    assert formulas.mean_wait_by_priority(3, (0.8,), 2.0) == pytest.approx([formulas.mean_wait(3, 0.8, 2.0)])
    both = formulas.mean_wait_by_priority(3, (0.3, 0.5), 2.0)
    assert (0.3 * both[0] + 0.5 * both[1]) / 0.8 == pytest.approx(formulas.mean_wait(3, 0.8, 2.0))
