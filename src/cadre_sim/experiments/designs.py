"""Designs: which points of what the factors allow are run. A point has one value a factor.

Grids and Sobol sequences are made as they are used, so that their size is no matter; the other designs are one matrix,
whose size has a limit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import Any, NamedTuple

from cadre_sim.experiments.experiment import Design, Value
from cadre_sim.experiments.factors import Varied

Point = tuple[Value, ...]
MOST_VALUES = 50_000_000
"""Values that the matrix of a design may hold: 400 MB."""
_BLOCK = 1024
_MORRIS_LEVELS = 4


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
    if design not in SAMPLED:
        yield from product(*(factor.levels or () for factor in factors))
        return
    for block in SAMPLED[design].blocks(number or 0, len(factors), seed):
        for row in block.tolist():
            yield tuple(factor.at(share) for factor, share in zip(factors, row, strict=True))


def count(design: Design, factors: Sequence[Varied], number: int | None) -> int:
    """How many points a design has."""
    if design in SAMPLED:
        return SAMPLED[design].rows(number or 0, len(factors))
    return math.prod(len(factor.levels or ()) for factor in factors)


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

    yield morris.sample(_problem(factors), number, num_levels=_MORRIS_LEVELS, seed=seed)


def _saltelli(number: int, factors: int, seed: int) -> Iterator[Any]:
    from SALib.sample import sobol

    yield sobol.sample(_problem(factors), number, calc_second_order=False, seed=seed)


def _problem(factors: int) -> dict[str, Any]:
    return {"num_vars": factors, "names": [f"x{k}" for k in range(factors)], "bounds": [[0.0, 1.0]] * factors}


SAMPLED: dict[str, Sampled] = {
    "latin_hypercube": Sampled(lambda n, k: n, False, _latin_hypercube),
    "sobol": Sampled(lambda n, k: n, True, _sobol),
    "morris": Sampled(lambda n, k: n * (k + 1), False, _morris),
    "saltelli": Sampled(lambda n, k: n * (k + 2), False, _saltelli),
}
"""Designs that draw from ranges."""
