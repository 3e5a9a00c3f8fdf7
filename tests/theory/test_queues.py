"""The queue of an office in the mean, in its distribution and in how long matters wait, against exact formulas.

An office that can close c matters of one size a day, seen at the end of each day, is the queue M/D/c seen once a
service time (Crommelin 1932), so what is known of that queue is known of the office.
"""

from __future__ import annotations

from datetime import date

import formulas
import numpy as np
import pytest
from scipy import stats

from cadre_sim.selftest.check import half_width
from cadre_sim.selftest.queue import CONTRACTED, nights, pure_queue, villages
from cadre_sim.selftest.theory import mean_queue
from cadre_sim.simulation import Simulation
from cadre_sim.workday.outputs import OPEN, RECEIVED

SURE = 0.001
"""Below this a test of chance would say no; seeds are fixed."""

# ---- the formulas among each other ----


@pytest.mark.parametrize("load", [0.05, 0.3, 0.5, 0.8, 0.9])
def test_spitzers_identity_ends_at_pollaczek_and_khinchine(load: float) -> None:
    assert mean_queue(load, 1.0, 20_000)[-1] == pytest.approx(formulas.waiting_at_one_server(load), rel=1e-9)


@pytest.mark.parametrize(("servers", "load"), [(1, 0.7), (2, 0.5), (4, 0.8), (8, 0.9)])
def test_spitzers_identity_is_crommelins_queue_on_every_day(servers: int, load: float) -> None:
    """From the first day on, not only when the queue has settled, and where it never settles."""
    spitzer = mean_queue(load * servers, servers, 3000)
    for day in (1, 2, 10, 3000):
        present = formulas.numbers_present(load * servers, servers, day)
        assert spitzer[day - 1] == pytest.approx(formulas.mean_of(formulas.waiting_among(present, servers)), rel=1e-9)
    overloaded = formulas.numbers_present(1.2 * servers, servers, 20)
    waiting = formulas.mean_of(formulas.waiting_among(overloaded, servers))
    assert mean_queue(1.2 * servers, servers, 20)[-1] == pytest.approx(waiting, rel=1e-9)


def test_spitzers_identity_holds_for_a_capacity_that_is_no_whole_number() -> None:
    """Two and a half matters a day: counted in halves by the recursion itself."""
    halves = np.zeros(400)
    halves[0:400:2] = stats.poisson.pmf(np.arange(200), 2.0)
    left = np.array([1.0])
    for day in range(60):
        present = np.convolve(left, halves)[:400]
        left = np.concatenate([[present[:6].sum()], present[6:]])
        assert mean_queue(2.0, 2.5, 60)[day] == pytest.approx(formulas.mean_of(left) / 2.0, rel=1e-9)


# ---- offices ----


@pytest.mark.parametrize(
    ("load", "cadres", "a_day"),
    [(0.3, 1, 1.0), (0.8, 1, 1.0), (0.7, 2, 5.0), (0.95, 3, 12.0), (1.0, 1, 4.0), (1.2, 2, 4.0)],
)
def test_the_mean_queue_is_spitzers(load: float, cadres: int, a_day: float) -> None:
    """Matters open at night over a year from an empty start; the mean over 800 offices is sure to a few percent."""
    model = Simulation(pure_queue(load * a_day, cadres * CONTRACTED / a_day, cadres=cadres, offices=800), seed=11)
    result = model.run()
    queue = result.after.office_totals[villages(model), OPEN] / result.dates.size
    expected = mean_queue(load * a_day, a_day, result.dates.size).mean()
    assert half_width(queue) < 0.1 * expected
    assert abs(queue.mean() - expected) <= half_width(queue)


def test_the_mean_backlog_is_spitzers_where_a_day_ends_within_a_matter() -> None:
    """Hours of 3.2 and a day of 8: matters are left half done, and the backlog in hours is still exact."""
    model = Simulation(pure_queue(2.2, 3.2, offices=500), seed=12)
    backlog = np.zeros((model.calendar.days, 500))
    for day, (office, items) in enumerate(nights(model)):
        backlog[day] = np.bincount(office, items["left"], minlength=501)[villages(model)]
    by_office = backlog.mean(axis=0)
    expected = 3.2 * mean_queue(2.2, 2.5, model.calendar.days).mean()
    assert half_width(by_office) < 0.1 * expected
    assert abs(by_office.mean() - expected) <= half_width(by_office)


@pytest.mark.parametrize(("load", "a_day"), [(0.8, 1), (0.9, 4)])
def test_the_queue_of_a_night_has_crommelins_distribution(load: float, a_day: int) -> None:
    """Open matters of 3000 offices at the end of one night, which do not depend on each other: chi-square."""
    scenario = pure_queue(load * a_day, CONTRACTED / a_day, offices=3000, end=date(2024, 4, 30))
    model = Simulation(scenario, seed=13)
    model.run()
    queue = model.columns.day.out[villages(model), OPEN].astype(int)
    law = formulas.waiting_among(formulas.numbers_present(load * a_day, a_day, model.calendar.days), a_day)
    last = int(np.flatnonzero(law * queue.size >= 10.0)[-1])
    expected = queue.size * np.append(law[:last], law[last:].sum())
    observed = np.bincount(np.minimum(queue, last), minlength=last + 1)
    assert stats.chisquare(observed, expected * observed.sum() / expected.sum()).pvalue > SURE


@pytest.mark.parametrize(("load", "a_day"), [(0.6, 1), (0.8, 4)])
def test_the_mean_wait_is_that_of_m_d_c(load: float, a_day: int) -> None:
    """Working days from the day on which a matter comes to that on which it is closed, when the queue has settled.

    Also the share that is closed on the day on which it comes: matter j of a day is, if fewer than c - j were open.
    """
    rate, settled, last = load * a_day, 60, 200
    model = Simulation(pure_queue(rate, CONTRACTED / a_day, offices=600), seed=14)
    received, waited, late = np.zeros((3, model.world.offices.kind.size))
    for office, items in nights(model):
        counted = (items["born"] >= settled) & (items["born"] < last)
        waited += np.bincount(office[counted], minlength=waited.size)
        today = counted & (items["born"] == model.day - 1)
        late += np.bincount(office[today], minlength=waited.size)
        if settled < model.day <= last:
            received += model.columns.day.out[:, RECEIVED]
    law = formulas.waiting_among(formulas.numbers_present(rate, a_day), a_day)
    agree(waited, received, formulas.mean_of(law) / rate, villages(model))
    agree(late, received, left_of_a_day(law, rate, a_day) / rate, villages(model))


def left_of_a_day(law: np.ndarray, rate: float, a_day: int) -> float:
    """Mean of the matters of a day that are not closed on it: all but what is left to the day by those before them."""
    coming = np.arange(60)
    chance = stats.poisson.pmf(coming, rate)
    free = np.maximum(0, a_day - np.arange(law.size))
    return float(law @ (np.maximum(0, coming[None, :] - free[:, None]) @ chance))


def agree(sums: np.ndarray, counts: np.ndarray, expected: float, where: np.ndarray) -> None:
    """A mean over all matters, where offices have each a sum and a count, is as expected."""
    sums, counts = sums[where], counts[where]
    half = half_width(sums - expected * counts) / counts.mean()
    assert half < 0.1 * expected
    assert abs(sums.sum() / counts.sum() - expected) <= half
