"""Attribution: what each measure of a reform brings, by Shapley values, and how measures act on each other.

The Shapley value of a measure is what it adds to those that are there before it, on average over all orders in which
the measures can be brought in (Shapley 1953, "A value for n-person games"). The values add up to the effect of the
whole reform, replicate by replicate. The interaction of two measures is what both add together beyond what each adds
alone, on average over the sets of the others that come before them in an order in which the two are next to each
other (Grabisch and Roubens 1999). A factorial design has all sets, so that both are exact; a design of permutations
draws orders.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd

from cadre_sim.analysis.study import VALUE, Response, Study
from cadre_sim.arrays import Floats
from cadre_sim.comparison.statistics import CONFIDENCE, interval
from cadre_sim.experiments.designs import ON_OFF, orders, prefixes
from cadre_sim.record.bounds import bounds_of


@dataclass(frozen=True)
class Attribution:
    """What each measure brings.

    Attributes:
        response: what is attributed.
        measures: names of the measures.
        effect: effect of the whole reform in each replicate, shape (replicates,).
        shapley: Shapley values, shape (replicates, measures); each row adds up to its effect.
        orders: orders that were drawn; 0 where all sets were run.
        table: one row a measure: effect, low, high (95%), share of the whole, and what it brings alone and as the last.
        interactions: one row a pair: first, second, effect, low, high.
    """

    response: Response
    measures: tuple[str, ...]
    effect: Floats
    shapley: Floats
    orders: int
    table: pd.DataFrame
    interactions: pd.DataFrame


def attribute(study: Study, metric: str | None = None, arm: str | None = None) -> Attribution:
    """Attribute the effect of a reform to its measures.

    Args:
        study: results of a design that is factorial or of permutations.
        metric: what the effect is on; see :meth:`Study.response`.
        arm: the arm; see there.

    Raises:
        InputError: the design is another, or too few runs are there yet.
    """
    design = study.plan.experiment.design
    if design not in ON_OFF:
        raise study.unfit(f"attribution needs a design of {' or '.join(ON_OFF)}, and this is {design}")
    response = study.response(metric, arm, "none")
    measures = tuple(factor.name for factor in study.factors(response))
    values, replicates = _values(study, response, measures)
    count = len(measures)
    if design == "factorial":
        chosen = None
        steps = _all_steps(count)
        if len(values) < 1 << count or not replicates:
            raise study.missing("attribution needs every set of measures in at least one replicate")
    else:
        drawn = orders(count, study.plan.experiment.seed, study.plan.experiment.points)
        chosen = [order for order in drawn if _is_complete(order, values)]
        steps = _drawn_steps(chosen)
        if not chosen:
            raise study.missing("attribution needs every set of at least one order in the same replicates")
    return _attribution(response, measures, values, replicates, steps, chosen)


class Steps(NamedTuple):
    """What is compared with what, and how much it counts.

    Attributes:
        single: for each measure, (weight, set before it) of each step; weights add up to 1.
        pairs: the same for each pair, by the places of its two measures.
        groups: the same single steps order by order, for how sure a mean over drawn orders is; empty for all sets.
    """

    single: list[list[tuple[float, int]]]
    pairs: dict[tuple[int, int], list[tuple[float, int]]]
    groups: list[list[int]]


def _values(study: Study, response: Response, measures: tuple[str, ...]) -> tuple[dict[int, Floats], int]:
    """The response of each set of measures, by the number whose bits are the measures that are on.

    Taken are the replicates in which every set is there that is there in any; so each set has as many.
    """
    frame = study.values(response)
    if not len(frame):
        return {}, 0
    bits = frame[list(measures)].astype(bool).to_numpy() @ (1 << np.arange(len(measures), dtype=np.int64))
    table = frame.assign(bits=bits).pivot_table(index="bits", columns="replicate", values=VALUE, aggfunc="mean")
    if study.plan.experiment.design == "factorial":
        table = table.loc[:, table.notna().all(axis=0)] if len(table) == 1 << len(measures) else table.iloc[:0]
    else:
        table = table.dropna(axis=0)
    return {int(number): row for number, row in zip(table.index, table.to_numpy(), strict=True)}, table.shape[1]


def _all_steps(count: int) -> Steps:
    """Every set that a measure, or a pair, can come after; those of one size count the same together as of another."""
    single: list[list[tuple[float, int]]] = [[] for _ in range(count)]
    pairs: dict[tuple[int, int], list[tuple[float, int]]] = {pair: [] for pair in combinations(range(count), 2)}
    for before in range(1 << count):
        absent = [k for k in range(count) if not before >> k & 1]
        size = before.bit_count()
        for k in absent:
            single[k].append((1.0 / (count * math.comb(count - 1, size)), before))
        for pair in combinations(absent, 2):
            pairs[pair].append((1.0 / ((count - 1) * math.comb(count - 2, size)), before))
    return Steps(single, pairs, [])


def _drawn_steps(chosen: list[tuple[int, ...]]) -> Steps:
    """The sets that measures and pairs come after in drawn orders."""
    count = len(chosen[0]) if chosen else 0
    single: list[list[tuple[float, int]]] = [[] for _ in range(count)]
    found: dict[tuple[int, int], list[int]] = {pair: [] for pair in combinations(range(count), 2)}
    groups: list[list[int]] = []
    for order in chosen:
        before, group = 0, [0] * count
        for place, k in enumerate(order):
            single[k].append((1.0 / len(chosen), before))
            group[k] = before
            if place + 1 < count:
                found[min(k, order[place + 1]), max(k, order[place + 1])].append(before)
            before |= 1 << k
        groups.append(group)
    pairs = {pair: [(1.0 / len(sets), before) for before in sets] for pair, sets in found.items()}
    return Steps(single, pairs, groups)


def _is_complete(order: tuple[int, ...], values: Mapping[int, Floats]) -> bool:
    """Whether every set of an order is there."""
    sets = (sum(1 << k for k, on in enumerate(prefix) if on) for prefix in prefixes(order))
    return all(number in values for number in sets)


def _attribution(
    response: Response,
    measures: tuple[str, ...],
    values: Mapping[int, Floats],
    replicates: int,
    steps: Steps,
    chosen: list[tuple[int, ...]] | None,
) -> Attribution:
    count, whole = len(measures), (1 << len(measures)) - 1
    effect = values[whole] - values[0]
    # A sum that is 0 but for rounding has no parts.
    scale = float(np.abs([values[whole], values[0]]).max())
    in_all = float(effect.mean()) if abs(effect.mean()) > 1e-12 * scale else math.nan
    bounds = bounds_of([response.metric]).differences
    shapley = np.empty((replicates, count))
    rows = []
    for k, name in enumerate(measures):
        added = [w * (values[before | 1 << k] - values[before]) for w, before in steps.single[k]]
        shapley[:, k] = np.sum(added, axis=0)
        mean, low, high = _sure(shapley[:, k], [values[g[k] | 1 << k] - values[g[k]] for g in steps.groups])
        alone = _mean(values, 1 << k, 0)
        last = _mean(values, whole, whole ^ 1 << k)
        # As of any interval: a measure cannot bring more than the metric can differ by.
        low, high = max(low, float(bounds.low[0])), min(high, float(bounds.high[0]))
        rows.append((name, mean, low, high, mean / in_all, alone, last))
    table = pd.DataFrame(rows, columns=["measure", "effect", "low", "high", "share", "alone", "last"])
    found = []
    for (i, j), sets in steps.pairs.items():
        if sets:
            both = [_both(values, before, i, j) for _, before in sets]
            per_replicate = np.sum([w * b for (w, _), b in zip(sets, both, strict=True)], axis=0)
            found.append((measures[i], measures[j], *_sure(per_replicate, both if chosen is not None else [])))
    interactions = pd.DataFrame(found, columns=["first", "second", "effect", "low", "high"])
    drawn = 0 if chosen is None else len(chosen)
    return Attribution(response, measures, effect, shapley, drawn, table, interactions)


def _both(values: Mapping[int, Floats], before: int, i: int, j: int) -> Floats:
    """What two measures add together beyond what each adds alone, after a set of others."""
    one, other = 1 << i, 1 << j
    return np.asarray(values[before | one | other] - values[before | one] - values[before | other] + values[before])


def _mean(values: Mapping[int, Floats], large: int, small: int) -> float:
    if large not in values or small not in values:
        return math.nan
    return float((values[large] - values[small]).mean())


def _sure(per_replicate: Floats, per_order: list[Floats]) -> tuple[float, float, float]:
    """Mean and 95% interval: over replicates, and over orders where they were drawn.

    The two variances are added: a mean over both is off by as much as its replicates and its orders are.
    """
    mean = float(per_replicate.mean())
    half = float(interval(per_replicate[:, None]).half_width[0])
    if per_order:
        over_orders = float(interval(np.array([b.mean() for b in per_order])[:, None], CONFIDENCE).half_width[0])
        half = math.hypot(half, over_orders)
    return mean, mean - half, mean + half
