"""Designs: which points of what the factors allow are run. A point has one value a factor.

Grids, orders of measures and Sobol sequences are made as they are used, so that their size is no matter; the others
are one matrix each, whose size has a limit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import Any, NamedTuple

from cadre_sim.experiments.experiment import Design, Value
from cadre_sim.experiments.factors import Varied
from cadre_sim.extras import require

Point = tuple[Value, ...]
MOST_VALUES = 50_000_000
"""Values that the matrix of a design may hold: 400 MB."""
_BLOCK = 1024
MORRIS_LEVELS = 4
_ORDERS = 64
ON_OFF = ("factorial", "permutations")
"""Designs of measures on and off."""
OF_SALIB = ("morris", "saltelli")
"""Designs that SALib draws, for the indices that it computes of them."""


class Sampled(NamedTuple):
    """A design that draws shares of each factor's range.

    Attributes:
        rows: rows for a number of points and of factors.
        lazy: whether rows are made as they are used.
        blocks: matrices of shares, one after another, for (points, factors, seed).
    """

    rows: Callable[[int, int], int]
    lazy: bool
    blocks: Callable[[int, int, int], Iterator[Any]]


def points(design: Design, factors: Sequence[Varied], number: int | None, seed: int) -> Iterator[Point]:
    """The points of a design, one by one, always in the same order.

    Args:
        design: how they are chosen.
        factors: what is varied.
        number: points of a sampled design; see :class:`Experiment`.
        seed: seed of a sampled design.
    """
    if design == "permutations":
        yield from (point for order in orders(len(factors), seed, number) for point in prefixes(order))
        return
    if design not in SAMPLED:
        yield from product(*(factor.levels or () for factor in factors))
        return
    drawn = [factor for factor in factors if not factor.crossed]
    crossed = [factor.levels or () for factor in factors if factor.crossed]
    for block in SAMPLED[design].blocks(number or 0, len(drawn), seed):
        for row in block.tolist():
            values = [factor.at(share) for factor, share in zip(drawn, row, strict=True)]
            for combination in product(*crossed):
                own, others = iter(values), iter(combination)
                yield tuple(next(others) if factor.crossed else next(own) for factor in factors)


def count(design: Design, factors: Sequence[Varied], number: int | None) -> int:
    """How many points a design has."""
    if design == "permutations":
        return (number or 0) * 2 * len(factors)
    if design in SAMPLED:
        crossed = math.prod(len(factor.levels or ()) for factor in factors if factor.crossed)
        return SAMPLED[design].rows(number or 0, sum(not factor.crossed for factor in factors)) * crossed
    return math.prod(len(factor.levels or ()) for factor in factors)


def require_library(design: Design) -> None:
    """Make sure that the library is there that draws a design.

    Raises:
        MissingExtraError: it is not installed.
    """
    if design in OF_SALIB:
        require(f"the design '{design}'", "SALib")


def orders(measures: int, seed: int, number: int | None = None) -> Iterator[tuple[int, ...]]:
    """Orders in which measures are brought in, drawn; among 64 each measure comes early and late about as often.

    Args:
        measures: how many there are.
        seed: seed of the draw; a longer sequence begins with the shorter.
        number: how many orders; by default without end.
    """
    from scipy.stats import qmc

    engine = qmc.LatinHypercube(measures, rng=seed)
    left = math.inf if number is None else number
    while left > 0:
        for row in engine.random(_ORDERS).argsort(axis=1).tolist()[: int(min(left, _ORDERS))]:
            yield tuple(row)
        left -= _ORDERS


def prefixes(order: Sequence[int]) -> Iterator[tuple[bool, ...]]:
    """The sets of measures that an order goes through, from none to all, as on and off; and by each step of it, the set
    in which the next two come the other way round, which tells how the two act on each other.
    """  # noqa: D205 (one sentence)
    count = len(order)
    for length in range(count + 1):
        yield _switches(order[:length], count)
        if length + 1 < count:
            yield _switches((*order[:length], order[length + 1]), count)


def _switches(on: Sequence[int], count: int) -> tuple[bool, ...]:
    return tuple(measure in on for measure in range(count))


def too_large(design: Design, factors: int, number: int) -> str | None:
    """What is wrong with the size of a sampled design, in words that continue "points ..."; None where nothing is."""
    sampled = SAMPLED[design]
    if design == "saltelli" and number & (number - 1):
        return f"must be a power of two for saltelli (got {number})"
    if not sampled.lazy and sampled.rows(number, factors) * factors > MOST_VALUES:
        most = next(n for n in (1 << k for k in range(30, -1, -1)) if sampled.rows(n, factors) * factors <= MOST_VALUES)
        return f"must be at most {most} for {design} of {factors} factors, which is made as a whole (got {number})"
    return None


def _sobol(number: int, factors: int, seed: int) -> Iterator[Any]:
    from scipy.stats import qmc

    engine = qmc.Sobol(factors, scramble=True, rng=seed)
    for start in range(0, number, _BLOCK):
        yield engine.random(_BLOCK)[: number - start]


def _latin_hypercube(number: int, factors: int, seed: int) -> Iterator[Any]:
    from scipy.stats import qmc

    yield qmc.LatinHypercube(factors, rng=seed).random(number)


def _morris(number: int, factors: int, seed: int) -> Iterator[Any]:
    from SALib.sample import morris

    yield morris.sample(unit_problem(factors), number, num_levels=MORRIS_LEVELS, seed=seed)


def _saltelli(number: int, factors: int, seed: int) -> Iterator[Any]:
    from SALib.sample import sobol

    yield sobol.sample(unit_problem(factors), number, calc_second_order=False, seed=seed)


def unit_problem(factors: int) -> dict[str, Any]:
    """Factors of shares of a range, as SALib has them."""
    return {"num_vars": factors, "names": [f"x{k}" for k in range(factors)], "bounds": [[0.0, 1.0]] * factors}


SAMPLED: dict[str, Sampled] = {
    "latin_hypercube": Sampled(lambda n, k: n, False, _latin_hypercube),
    "sobol": Sampled(lambda n, k: n, True, _sobol),
    "morris": Sampled(lambda n, k: n * (k + 1), False, _morris),
    "saltelli": Sampled(lambda n, k: n * (k + 2), False, _saltelli),
}
"""Designs that draw from ranges."""
POINTED = (*SAMPLED, "permutations")
"""Designs that have as many points as an experiment says."""
