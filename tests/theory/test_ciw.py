"""Offices against Ciw, a queueing simulator that others have written (Palmer, Knight, Harper and Hawa 2019)."""

from __future__ import annotations

from collections.abc import Iterator

import ciw
import numpy as np
import pytest

from cadre_sim.selftest.check import half_width
from cadre_sim.selftest.queue import CONTRACTED, nights, pure_queue
from cadre_sim.simulation import Simulation
from cadre_sim.streams import Stream, normal_quantile, poisson, uniforms4

NEVER = 1e9


def closing_days(model: Simulation) -> dict[tuple[int, int], int]:
    """Day on which each matter of the first office was closed, by the day on which it came and its number in that day.

    A matter that stands in no night's queue was closed on its own day; here only those that lay over are named.
    """
    closed: dict[tuple[int, int], int] = {}
    before: set[tuple[int, int]] = set()
    for day, (office, items) in enumerate(nights(model)):
        tonight = {(int(i["born"]), int(i["number"])) for i in items[office == 0]}
        closed |= dict.fromkeys(before - tonight, day)
        before = tonight
    return closed


def matters(model: Simulation, day: int) -> Iterator[float]:
    """Hours of the matters that come to the first office on a day."""
    demand, rate = model.scenario.demand, model.world.offices.matters[0]
    for j in range(poisson(model.key, int(Stream.MATTER_COUNT), 0, day, rate)):
        z = normal_quantile(uniforms4(model.key, int(Stream.MATTER), 0, day, j)[2])
        yield demand.hours * float(np.exp(demand.hours_spread * z - demand.hours_spread**2 / 2.0))


@pytest.mark.parametrize(("load", "cadres", "spread"), [(0.5, 1, 0.8), (0.95, 1, 0.5), (0.9, 3, 1.2), (1.1, 2, 0.8)])
def test_every_matter_is_closed_on_the_day_on_which_ciw_closes_it(load: float, cadres: int, spread: float) -> None:
    """The same matters, brought to Ciw as batches at the starts of days, with the hours that they take.

    Cadres who are alike and split all work evenly are one server with the hours of all of them. Ciw's time is in days.
    """
    capacity = cadres * CONTRACTED
    model = Simulation(pure_queue(load * capacity / 2.0, 2.0, spread=spread, cadres=cadres), seed=21)
    days = model.calendar.days
    brought = [list(matters(model, day)) for day in range(days)]
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Sequential([0.0, *[1.0] * (days - 1), NEVER])],
        batching_distributions=[ciw.dists.Sequential([*map(len, brought), 0])],
        service_distributions=[ciw.dists.Sequential([h / capacity for day in brought for h in day])],
        number_of_servers=[1],
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(days)
    names = [(day, number) for day, hours in enumerate(brought) for number in range(len(hours))]
    records = {names[r.id_number - 1]: r for r in simulation.get_all_records()}
    ours = closing_days(model)
    assert len(records) > 0.9 * min(1.0, 1.0 / load) * len(names)
    assert len(ours) > 0.1 * len(records), "the story needs matters that lie over night"
    for name, record in records.items():
        assert record.arrival_date == name[0]
        assert ours.get(name, name[0]) == int(np.ceil(record.exit_date)) - 1, name


def test_the_mean_wait_is_that_of_ciws_m_d_c() -> None:
    """Ciw's own random numbers and continuous time: five servers, one day each, 0.85 of their time.

    An office that closes five matters a day is that queue seen once a day, so matters wait as long in both in the mean:
    each mean over independent offices or trials, the difference within its interval.
    """
    load, servers, trials, days, settled = 0.85, 5, 20, 500, 60
    theirs = np.array([wait_in_ciw(load * servers, servers, days, settled, seed) for seed in range(trials)])
    model = Simulation(pure_queue(load * servers, CONTRACTED / servers, offices=400), seed=22)
    waited, open_days = np.zeros(401), 0
    for office, _ in nights(model):
        if model.day > settled:
            waited += np.bincount(office, minlength=401)
            open_days += 1
    # Mean wait by Little's law, at a rate that is known.
    ours = waited[:400] / (open_days * load * servers)
    half = float(np.hypot(half_width(ours), half_width(theirs)))
    assert half < 0.15 * theirs.mean()
    assert abs(ours.mean() - theirs.mean()) <= half


def wait_in_ciw(rate: float, servers: int, days: int, settled: int, seed: int) -> float:
    """Mean wait [days] of those who come to M/D/c in Ciw after it has settled."""
    ciw.seed(seed)
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(rate=rate)],
        service_distributions=[ciw.dists.Deterministic(value=1.0)],
        number_of_servers=[servers],
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(settled + days)
    return float(np.mean([r.waiting_time for r in simulation.get_all_records() if r.arrival_date > settled]))
