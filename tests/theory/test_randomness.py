"""Random numbers as the model uses them: neighbours in every name of a draw, and what offices really receive.

How single draws are distributed, and the published vectors, are in ``test_streams.py``.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from scipy import stats

from cadre_sim.activities import ORDINARY, URGENT
from cadre_sim.selftest.queue import nights, owed, pure_queue, villages
from cadre_sim.simulation import Simulation
from cadre_sim.streams import Key, Stream, uniforms
from cadre_sim.workday.outputs import RECEIVED

SIZE = 100_000
SURE = 0.001
"""Below this a test of chance would say no; seeds are fixed."""
NAMES = ("entity", "day", "index", "stream", "seed", "replicate")


def draws(shifted: str, by: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Draws of many entities and days, and those that differ from them in one name by a step."""
    entity, day = np.arange(SIZE) % 3000, 7 * (np.arange(SIZE) // 3000)
    pair = []
    for step in (0, by):
        at = dict.fromkeys(NAMES, 0) | {shifted: step}
        key = Key(5 + at["seed"], 2 + at["replicate"])
        stream = Stream(Stream.MATTER + at["stream"])
        # Entities are three apart, days seven: a neighbour is a draw of its own, not the next one's.
        pair.append(uniforms(key, stream, 3 * entity + at["entity"], day + at["day"], at["index"] + 0 * entity))
    return pair[0], pair[1]


@pytest.mark.parametrize("name", NAMES)
def test_neighbours_fill_the_square_evenly(name: str) -> None:
    """Serial test: a draw and its neighbour in one of the six names, in 32 x 32 cells."""
    a, b = draws(name)
    cells = np.histogram2d(a, b, bins=32, range=((0, 1), (0, 1)))[0].ravel()
    assert stats.chisquare(cells).pvalue > SURE


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("by", [1, 2])
def test_neighbours_are_not_correlated(name: str, by: int) -> None:
    """By rank and by value, and neither are their distances from the middle."""
    a, b = draws(name, by)
    assert stats.spearmanr(a, b).pvalue > SURE
    assert stats.pearsonr(np.abs(a - 0.5), np.abs(b - 0.5)).pvalue > SURE


@pytest.mark.parametrize("axis", ["entity", "day", "index"])
def test_no_lag_of_a_sequence_is_correlated(axis: str) -> None:
    """Along entities, days and indices, at 1 to 100 steps together (Box and Pierce): chi-square."""
    steps, still = np.arange(SIZE), np.zeros(SIZE, np.int64)
    places = {name: steps if name == axis else still for name in ("entity", "day", "index")}
    x = uniforms(Key(9, 0), Stream.ABSENCE, places["entity"], places["day"], places["index"]) - 0.5
    correlations = np.array([x[:-lag] @ x[lag:] for lag in range(1, 101)]) / (x @ x)
    assert stats.chi2.sf(SIZE * (correlations**2).sum(), 100) > SURE


def test_every_bit_is_as_often_on_as_off() -> None:
    """All 32 bits of a word, the lowest as well as the highest."""
    words = (uniforms(Key(3, 1), Stream.FATE, np.arange(SIZE), 4) * 2.0**32).astype(np.uint64)
    on = ((words[:, None] >> np.arange(32, dtype=np.uint64)) & np.uint64(1)).sum(axis=0)
    assert stats.chi2.sf((4.0 * (on - SIZE / 2.0) ** 2 / SIZE).sum(), 32) > SURE


def test_all_orders_of_five_draws_come_as_often() -> None:
    """Permutation test: none of the 120 orders in a row of five is more likely than another."""
    fives = uniforms(Key(4, 0), Stream.MATTER, np.arange(SIZE), 1).reshape(-1, 5)
    orders = np.argsort(fives, axis=1) @ 5 ** np.arange(5)
    assert stats.chisquare(np.unique(orders, return_counts=True)[1]).pvalue > SURE
    assert np.unique(orders).size == 120


# ---- what offices receive ----


@pytest.fixture(scope="module")
def received() -> np.ndarray:
    """Matters that 150 offices receive on each day of a year, shape (days, offices), 3.5 a day in the mean."""
    model = Simulation(pure_queue(3.5, 1.0, offices=150), seed=31)
    return np.array([model.columns.day.out[villages(model), RECEIVED].copy() for _ in nights(model)])


def test_matters_of_a_day_are_a_poisson_number(received: np.ndarray) -> None:
    law = np.append(stats.poisson.pmf(np.arange(12), 3.5), stats.poisson.sf(11, 3.5))
    observed = np.bincount(np.minimum(received.astype(int).ravel(), 12), minlength=13)
    assert stats.chisquare(observed, law * received.size).pvalue > SURE
    assert received.mean() == pytest.approx(3.5, abs=4.0 * np.sqrt(3.5 / received.size))


@pytest.mark.parametrize(("axis", "steps"), [(0, 1), (0, 5), (1, 1), (1, 2)], ids=str)
def test_days_and_offices_do_not_depend_on_each_other(received: np.ndarray, axis: int, steps: int) -> None:
    """A day and the next, a day and the same weekday; an office and its neighbours."""
    assert stats.pearsonr(received.ravel(), np.roll(received, steps, axis).ravel()).pvalue > SURE


def test_the_sum_of_offices_has_the_variance_of_a_poisson_number(received: np.ndarray) -> None:
    """Days of the city, and years of offices: index of dispersion, both ways, so that nothing hides in a sum."""
    for axis in (0, 1):
        sums = received.sum(axis=axis)
        dispersion = ((sums - sums.mean()) ** 2).sum() / sums.mean()
        assert SURE < stats.chi2.cdf(dispersion, sums.size - 1) < 1.0 - SURE


def test_hours_of_matters_are_log_normal_and_hang_on_nothing_else() -> None:
    """What offices without any contracted hours have in their queues: usual matters, and heavy ones among them.

    Urgent matters take as long as others, neither depends on a matter's number, and no matter on the one before it.
    """
    spread, usual, heavy, share = 0.8, 3.4, 20.0, 0.05
    scenario = pure_queue(
        4.0, usual, spread=spread, contracted=0.0, offices=40, end=date(2024, 8, 31), heavy_hours=heavy,
        heavy_share=share, urgent_share=0.3,
    )  # fmt: skip
    model = Simulation(scenario, seed=32)
    model.run()
    office, items = owed(model.columns.queues)
    assert items.size > 20_000

    def law(hours: np.ndarray) -> np.ndarray:
        def part(mean: float) -> np.ndarray:
            return stats.lognorm.cdf(hours, spread, scale=mean * np.exp(-(spread**2) / 2.0))

        return (1.0 - share) * part(usual) + share * part(heavy)

    assert stats.kstest(items["left"], law).pvalue > SURE
    urgent = items["due"] < 0
    queues = model.columns.queues
    urgent = np.concatenate(
        [
            np.full(n, k == URGENT)
            for row in queues.length
            for k, n in ((URGENT, row[URGENT]), (ORDINARY, row[ORDINARY]))
        ]
    )
    assert stats.binomtest(int(urgent.sum()), urgent.size, 0.3).pvalue > SURE
    assert stats.ks_2samp(items["left"][urgent], items["left"][~urgent]).pvalue > SURE
    assert stats.spearmanr(items["left"], items["number"]).pvalue > SURE
    assert stats.spearmanr(urgent, items["number"]).pvalue > SURE
    one_after_another = items["left"][np.lexsort((items["number"], items["born"], office))]
    assert stats.spearmanr(one_after_another[:-1], one_after_another[1:]).pvalue > SURE
