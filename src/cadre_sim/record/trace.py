"""What figures need of a run, small enough to be kept of every run of a comparison: villages and communities only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cadre_sim.activities import GROUPS
from cadre_sim.arrays import Floats, Ints
from cadre_sim.record.metrics import VILLAGE_KINDS
from cadre_sim.record.minds import MIND_BINS, MINDS
from cadre_sim.record.result import RunResult
from cadre_sim.workday.outputs import OUTPUTS
from cadre_sim.world.columns import KINDS

if TYPE_CHECKING:
    import pandas as pd

COUNTS = ("present", "visits", "office_days")
BY_DAY = (*GROUPS, *COUNTS)
"""Columns of the table by day: hours of each group of activities, then counts."""
BY_WEEK = ("service", "present")
"""Columns of the table by week and county."""


class Trace(NamedTuple):
    """A run at villages and communities.

    Attributes:
        dates: working days, datetime64[D], shape (days,).
        by_day: sums of :data:`BY_DAY`, shape (days, columns).
        weeks: the Monday of each week, datetime64[D], shape (weeks,).
        counties: names of counties, those without villages and communities left out.
        by_week: sums of :data:`BY_WEEK`, shape (weeks, counties, columns).
        days_to_close: matters closed by calendar days that it took, over the measured days.
        months: the first day of each month, datetime64[D], shape (months,).
        minds: cadres by month, mind and bin, on the last working day of each month.
    """

    dates: NDArray[np.datetime64]
    by_day: Floats
    weeks: NDArray[np.datetime64]
    counties: tuple[str, ...]
    by_week: Floats
    days_to_close: Ints
    months: NDArray[np.datetime64]
    minds: Ints


class Traces(NamedTuple):
    """Traces of several runs as tidy tables, each run told apart by the columns that come first."""

    by_day: pd.DataFrame
    by_week: pd.DataFrame
    days_to_close: pd.DataFrame
    minds: pd.DataFrame


def trace(result: RunResult) -> Trace:
    """What figures need of a run."""
    world = result.world
    daily = result.daily.reshape(result.dates.size, -1, len(KINDS), len(OUTPUTS))[:, :, list(VILLAGE_KINDS)].sum(axis=2)
    whole = daily.sum(axis=1)
    columns = [_sum(whole, GROUPS[name]) for name in GROUPS] + [_sum(whole, (name,)) for name in COUNTS]
    kept = daily[:, :, OUTPUTS.index("office_days")].any(axis=0)
    # Days since 1970-01-01, a Thursday: Monday of a week is at 4 modulo 7.
    mondays = result.dates - (result.dates.astype("datetime64[D]").astype(np.int64) - 4) % 7
    weeks, first = np.unique(mondays, return_index=True)
    by_county = np.stack([_sum(daily, GROUPS["service"]), _sum(daily, ("present",))], axis=-1)[:, kept]
    by_week = np.add.reduceat(by_county, first, axis=0) if first.size else by_county
    months, minds = result.minds_by_month
    return Trace(
        result.dates,
        np.stack(columns, axis=-1),
        weeks,
        tuple(str(name) for name in np.asarray(world.counties)[kept]),
        by_week,
        result.days_to_close(VILLAGE_KINDS),
        months,
        minds,
    )


def frames(traces: Iterable[tuple[Mapping[str, object], Trace]]) -> Traces:
    """Traces as tidy tables.

    Args:
        traces: each with what tells its run apart, such as ``{"scenario": 1, "arm": "reform", "replicate": 0}``.
    """
    import pandas as pd

    parts = [(_by_day(t), _by_week(t), _days_to_close(t), _minds(t), named) for named, t in traces]
    tables = []
    for place in range(len(Traces._fields)):
        found = []
        for *own, named in parts:
            frame = own[place]
            for column, (name, value) in enumerate(named.items()):
                frame.insert(column, name, value)
            found.append(frame)
        tables.append(pd.concat(found, ignore_index=True))
    return Traces(*tables)


def _sum(sums: Floats, names: Iterable[str]) -> Floats:
    found: Floats = sums[..., [OUTPUTS.index(name) for name in names]].sum(axis=-1)
    return found


def _by_day(t: Trace) -> pd.DataFrame:
    import pandas as pd

    frame = pd.DataFrame(t.by_day, columns=list(BY_DAY))
    frame.insert(0, "date", t.dates.astype("datetime64[s]"))
    return frame


def _by_week(t: Trace) -> pd.DataFrame:
    import pandas as pd

    frame = pd.DataFrame(t.by_week.reshape(-1, len(BY_WEEK)), columns=list(BY_WEEK))
    frame.insert(0, "week", np.repeat(t.weeks.astype("datetime64[s]"), len(t.counties)))
    frame.insert(1, "county", np.tile(np.array(t.counties, dtype=object), t.weeks.size))
    return frame


def _days_to_close(t: Trace) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({"days": np.arange(t.days_to_close.size), "matters": t.days_to_close})


def _minds(t: Trace) -> pd.DataFrame:
    import pandas as pd

    months, minds = t.months.size, len(MINDS)
    return pd.DataFrame(
        {
            "month": np.repeat(t.months.astype("datetime64[s]"), minds * MIND_BINS),
            "mind": np.tile(np.repeat(np.array(MINDS, dtype=object), MIND_BINS), months),
            "from": np.tile(np.arange(MIND_BINS) / MIND_BINS, months * minds),
            "cadres": t.minds.reshape(-1),
        }
    )
