"""Sentences that are derived from numbers: each says only what its numbers bear."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pandas as pd

from cadre_sim.comparison.compare import MOST_REPLICATES
from cadre_sim.comparison.effects import Effects
from cadre_sim.comparison.passthrough import PassThrough
from cadre_sim.comparison.statistics import ENOUGH, FEW, interval, is_cut, standard_errors
from cadre_sim.terminal.tables import number

SMALLEST = 0.0005
"""Half-width, and hours, below which a number of three decimals is 0."""


def on_replicates(count: int, *, of_an_experiment: bool = False) -> Iterator[str]:
    """What too few replicates leave unsaid; nothing where there are enough.

    Args:
        count: replicates.
        of_an_experiment: whether their number stands in a file of an experiment, and not on the command line.
    """
    more = f"replicates: {ENOUGH} in the experiment" if of_an_experiment else f"--replicates {ENOUGH}"
    if count == 1:
        yield f"One replicate gives no interval; {more} does."
    elif count < FEW:
        yield (
            f"{count} replicates say little of chance: their intervals reach {standard_errors(count):.1f} standard "
            f"errors to each side, those of {ENOUGH} replicates {standard_errors(ENOUGH):.1f} ({more})."
        )


def on_bounds(frame: pd.DataFrame, mean: str) -> Iterator[str]:
    """That some intervals of a table end at a bound of their metric; nothing where none does."""
    if is_cut(frame[mean], frame["low"], frame["high"]).any():
        yield "Intervals end where a metric does: a share lies between 0 and 1, a count is never negative."


def on_precision(effects: Effects, replicates: int, precision: float | None) -> Iterator[str]:
    """How sure the effect on service hours is, and what it would take to be twice as sure, where that can be done."""
    if replicates == 1 or not np.isfinite(effects.headline()).all():
        return
    half = _half_width(effects)
    yield from unreached(effects, replicates, precision)
    if half < SMALLEST:
        yield "The replicates give the same effect on service hours, to a thousandth of an hour."
        return
    needed = effects.replicates_for(half / 2)
    said = f"The interval of service hours is +-{half:.3f} h"
    if needed is None or needed > MOST_REPLICATES:
        yield f"{said}; half of that would take more than {MOST_REPLICATES:,} replicates, the most that are run."
    elif half / 2 < SMALLEST:
        yield f"{said}; half of that would take about {needed} replicates."
    else:
        yield (
            f"{said}; half of that would take about {needed} replicates (--precision {half / 2:.3f}h runs until it is "
            "reached)."
        )


def unreached(effects: Effects, replicates: int, precision: float | None) -> Iterator[str]:
    """That a precision which was asked for is not reached; nothing where it is, or where none was asked for."""
    if precision is None or replicates == 1 or not np.isfinite(effects.headline()).all():
        return
    if _half_width(effects) > precision:
        yield f"The precision asked for, {precision:g} h, is not reached in {replicates:,} replicates, the most."


def _half_width(effects: Effects) -> float:
    """Half-width of the interval of the effect on service hours [h/cadre-week]."""
    return float(interval(effects.headline()[:, None]).half_width[0])


def on_pass_through(passed: PassThrough) -> str:
    """What the cut is worth on paper, what of it was freed, and what of that went to service."""
    cut, freed, share = (number(value, 2) for value in (passed.cut, passed.freed, passed.share))
    paper = f"The items cut on paper take {cut} h/cadre-week in the plans;"
    if float(freed) == 0.0:
        return f"{paper} no burden was freed (pass-through {share})."
    if passed.freed < 0.0:
        return f"{paper} no burden was freed: it grew by {number(-passed.freed, 2)} h."
    freed = f"{paper} {freed} h of burden were freed (pass-through {share})"
    if passed.low <= 0.0 <= passed.high:
        return f"{freed}, with an interval that holds 0: what of it went to service cannot be said."
    if not np.isfinite(passed.to_service):
        return f"{freed}."
    if passed.to_service < 0.0:
        return f"{freed}, and service fell by {number(-passed.to_service * passed.freed, 2)} h."
    if passed.to_service > 1.0:
        return f"{freed}, and service gained more than that: {number(passed.to_service * passed.freed, 2)} h."
    return f"{freed}, and of these {passed.to_service:.0%} went to service."


def few_of(names: Sequence[str], most: int = 6) -> str:
    """Names in a row; of many, how many there are and the first few."""
    if len(names) <= most:
        return ", ".join(names) or "none"
    return f"{', '.join(names[:most])} and {len(names) - most} more ({len(names)} in all)"


def undefined(frame: pd.DataFrame, columns: Iterable[str]) -> Iterator[str]:
    """What a dash in a table means; nothing where all its metrics have values."""
    if frame[list(columns)].isna().any(axis=None):
        yield "-: undefined, a mean of nothing (nobody was sent, no matter was closed)."
