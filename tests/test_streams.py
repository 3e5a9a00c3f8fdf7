"""Random numbers: the generator gives its published vectors, and draws have the distributions that they should."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from cadre_sim.selftest.vectors import ONES, VECTORS
from cadre_sim.streams import (
    Key,
    Stream,
    normal_quantile,
    normals,
    philox,
    poisson,
    poisson_cell,
    to_unit,
    uniform,
    uniforms,
    uniforms4,
)

KEY = Key(20240101, 3)
WORD = st.integers(0, 2**32 - 1)
quick = settings(max_examples=200, deadline=None, derandomize=True)


@pytest.mark.parametrize(("counter", "key", "expected"), VECTORS.values(), ids=VECTORS)
def test_philox_gives_its_published_vectors(counter: tuple[int, ...], key: tuple[int, ...], expected: object) -> None:
    """The known answers of Philox 4x32-10 that Random123 comes with, compiled and as plain Python."""
    assert philox(*counter, *key) == expected
    assert philox.py_func(*counter, *key) == expected


@quick
@given(words=st.tuples(*[WORD] * 6))
def test_philox_is_the_same_compiled_and_plain(words: tuple[int, ...]) -> None:
    compiled, plain = philox(*words), philox.py_func(*words)
    assert compiled == plain
    assert all(0 <= word < 2**32 for word in compiled)


@quick
@given(words=st.tuples(*[WORD] * 6), place=st.integers(0, 5), bit=st.integers(0, 31))
def test_every_bit_of_counter_and_key_matters(words: tuple[int, ...], place: int, bit: int) -> None:
    """Turning one bit of what goes in turns about half of the 128 bits that come out, and never next to none."""
    other = list(words)
    other[place] ^= 1 << bit
    turned = sum((a ^ b).bit_count() for a, b in zip(map(int, philox(*words)), map(int, philox(*other)), strict=True))
    assert 32 <= turned <= 96


def test_a_draw_depends_on_each_of_its_six_names() -> None:
    """Seed, replicate, stream, entity, day and index: another value of any one of them is another draw."""
    names = {"entity": 5, "day": 7, "index": 11, "stream": 3}
    base = uniform(KEY, **names)
    others = [uniform(KEY, **(names | {name: value + 1})) for name, value in names.items()]
    others += [uniform(Key(KEY.seed + 1, KEY.replicate), **names), uniform(Key(KEY.seed, KEY.replicate + 1), **names)]
    assert len({base, *others}) == 7


@quick
@given(key=st.builds(Key, WORD, WORD), stream=st.sampled_from(Stream), entity=WORD, day=WORD, index=WORD)
def test_compiled_plain_and_columns_draw_the_same(key: Key, stream: Stream, entity: int, day: int, index: int) -> None:
    """One draw has one value, whoever asks for it."""
    word = philox.py_func(entity, day, index, int(stream), key.seed, key.replicate)[0]
    expected = to_unit.py_func(word)
    assert uniform(key, int(stream), entity, day, index) == expected
    assert uniforms4(key, int(stream), entity, day, index)[0] == expected
    entities, indices = np.array([entity, 1]), np.array([index, 2])
    assert uniforms(key, stream, entities, day, indices).tolist() == [expected, uniform(key, int(stream), 1, day, 2)]
    assert uniforms(key, stream, entities, day, index).tolist() == [expected, uniform(key, int(stream), 1, day, index)]
    assert normals(key, stream, entities, day, index)[0] == normal_quantile(expected)


def test_uniform_draws_never_reach_0_or_1() -> None:
    """A share of 0 lets nothing through and a share of 1 everything, so the ends themselves must not be drawn."""
    assert 0.0 < to_unit(0) < to_unit(1) < to_unit(ONES - 1) < to_unit(ONES) < 1.0
    assert to_unit(0) == to_unit.py_func(np.uint64(0))
    assert np.isfinite(normal_quantile(to_unit(0)))
    assert normal_quantile(to_unit(0)) == -normal_quantile(to_unit(ONES))


@pytest.mark.parametrize("axis", ["entity", "day", "index"])
def test_uniform_draws_are_uniform(axis: str) -> None:
    """Along entities, days and indices, which the model takes its draws along."""
    draws = along(axis)
    assert stats.kstest(draws, "uniform").pvalue > 0.01
    assert abs(np.corrcoef(draws[:-1], draws[1:])[0, 1]) < 4.0 / np.sqrt(draws.size)


def along(axis: str, size: int = 20_000) -> np.ndarray:
    places = {"entity": 1, "day": 1, "index": 1}
    stream = int(Stream.MATTER)
    return np.array([uniform(KEY, stream, **(places | {axis: i})) for i in range(size)])


def test_the_four_draws_of_a_counter_are_independent() -> None:
    """And each of them is uniform."""
    draws = np.array([uniforms4(KEY, int(Stream.ABSENCE), u, 3, 0) for u in range(20_000)])
    for k in range(4):
        assert stats.kstest(draws[:, k], "uniform").pvalue > 0.01
    off_diagonal = np.corrcoef(draws.T)[np.triu_indices(4, 1)]
    assert np.abs(off_diagonal).max() < 4.0 / np.sqrt(draws.shape[0])


def test_streams_are_independent_of_each_other() -> None:
    """No two streams are correlated, nor two replicates of one stream."""
    entities = np.arange(20_000)
    columns = [uniforms(KEY, stream, entities, 1) for stream in Stream]
    columns += [uniforms(Key(KEY.seed, r), Stream.MATTER, entities, 1) for r in range(4, 8)]
    off_diagonal = np.corrcoef(columns)[np.triu_indices(len(columns), 1)]
    assert np.abs(off_diagonal).max() < 5.0 / np.sqrt(entities.size)


def test_streams_have_numbers_of_their_own() -> None:
    """Two names for one number would be one stream."""
    assert len({int(s) for s in Stream}) == len(Stream.__members__)


# ---- normal ----


def test_normal_quantile_is_that_of_scipy() -> None:
    """Over the whole range that a 32-bit draw can reach, both tails and the seams between the three fits."""
    p = np.concatenate(
        [np.linspace(1e-6, 1 - 1e-6, 20_001), 10.0 ** np.arange(-300, -1.0), 1 - 2.0 ** -np.arange(2, 34.0), seams()]
    )
    ours = np.array([normal_quantile(x) for x in p])
    np.testing.assert_allclose(ours, special.ndtri(p), rtol=2e-13, atol=2e-15)
    plain = np.array([normal_quantile.py_func(x) for x in p[::50]])
    np.testing.assert_allclose(plain, ours[::50], rtol=1e-14, atol=1e-15)


def seams() -> np.ndarray:
    return np.array([0.075, 0.925, np.exp(-25.0)])[:, None].repeat(3, 1).ravel() * np.array([1 - 1e-9, 1, 1 + 1e-9] * 3)


def test_normal_draws_are_normal() -> None:
    draws = normals(KEY, Stream.SKILL, np.arange(20_000), 0)
    assert stats.kstest(draws, "norm").pvalue > 0.01


# ---- poisson ----


@pytest.mark.parametrize("rate", [0.3, 7.0, 30.0, 45.0, 200.0])
def test_poisson_numbers_have_the_poisson_distribution(rate: float) -> None:
    """Chi-square over cells of about equal weight, at a fixed seed; above 30 a number is drawn in parts."""
    size = 20_000
    stream = int(Stream.MATTER_COUNT)
    draws = np.array([poisson(KEY, stream, u, 1, rate) for u in range(size)])
    edges = np.unique(stats.poisson.ppf(np.linspace(0.02, 0.98, 25), rate))
    cells = list(_cells(edges))
    expected = size * np.array([stats.poisson.cdf(b, rate) - stats.poisson.cdf(a, rate) for a, b in cells])
    observed = np.array([((draws > a) & (draws <= b)).sum() for a, b in cells])
    assert observed.sum() == size
    assert stats.chisquare(observed, expected).pvalue > 0.01


def _cells(edges: np.ndarray) -> Iterator[tuple[float, float]]:
    yield from pairwise((-1.0, *edges.tolist(), np.inf))


def test_a_poisson_number_of_rate_0_is_0() -> None:
    """Where nobody asks for anything nothing comes, whatever the draw."""
    assert max(poisson(KEY, int(Stream.MATTER_COUNT), u, 1, 0.0) for u in range(1000)) == 0
    assert poisson_cell(0.0, to_unit(ONES)) == 0


@quick
@given(entity=st.integers(0, 10_000), rates=st.lists(st.floats(0.0, 250.0), min_size=2, max_size=12))
def test_a_poisson_number_never_falls_when_the_rate_rises(entity: int, rates: list[float]) -> None:
    """So a measure that only lowers demand never brings an office a matter that it would not have had."""
    numbers = [poisson(KEY, int(Stream.MATTER_COUNT), entity, 1, rate) for rate in sorted(rates)]
    assert numbers == sorted(numbers)


def test_a_poisson_number_does_not_fall_where_its_parts_begin() -> None:
    """At 30, 60 and 90 a new part begins; a hair below and above it the number is at most one apart."""
    for whole in (30.0, 60.0, 90.0):
        for u in range(300):
            low, at, high = (poisson(KEY, 1, u, 1, whole * f) for f in (1 - 1e-12, 1.0, 1 + 1e-12))
            assert low <= at <= high <= low + 1


@quick
@given(rate=st.floats(0.0, 30.0), u=st.floats(2.0**-33, 1.0 - 2.0**-33))
def test_a_poisson_cell_is_the_quantile(rate: float, u: float) -> None:
    """The smallest n whose distribution function reaches u; compiled and plain agree."""
    n = poisson_cell(rate, u)
    assert n == poisson_cell.py_func(rate, u)
    assert stats.poisson.cdf(n, rate) >= u - 1e-12
    assert n == 0 or stats.poisson.cdf(n - 1, rate) < u + 1e-12
