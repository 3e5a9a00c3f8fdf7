"""Metrics: the numbers that summaries and comparisons give of the measured days, ratios of sums and their spread."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cadre_sim.activities import ACTIVITIES, BURDEN_GROUPS, GROUPS
from cadre_sim.arrays import Floats
from cadre_sim.labels.metrics import metric_label
from cadre_sim.record.result import RunResult
from cadre_sim.record.spread import SPREAD, spread
from cadre_sim.units import MONTHS, THOUSAND, WEEK, WORKING_DAYS_A_YEAR
from cadre_sim.workday.outputs import DAY_BINS, OUTPUTS
from cadre_sim.world.columns import KINDS

VILLAGE_KINDS = (KINDS.index("village"), KINDS.index("community"))
TOWNSHIP_KINDS = (KINDS.index("township"),)


class Metric(NamedTuple):
    """A metric: ``factor`` x sum of ``top`` / sum of ``bottom`` over days and offices of some kinds.

    ``bottom`` is empty for a plain sum. Its unit, and which way is better, stand with its name in ``labels``.
    """

    name: str
    meaning: str
    top: tuple[str, ...]
    bottom: str
    factor: float
    kinds: tuple[int, ...]


HEADLINE = "service_hours"


def _hours(name: str, meaning: str, top: tuple[str, ...], kinds: tuple[int, ...]) -> Metric:
    return Metric(name, f"{meaning}, per five days present", top, "present", WEEK, kinds)


def _of_offices(prefix: str, whose: str, kinds: tuple[int, ...]) -> list[Metric]:
    burden = tuple(a for g in BURDEN_GROUPS for a in GROUPS[g])
    year = WORKING_DAYS_A_YEAR
    claimed = ("perfunctory_hours", "gold_plating")
    seen = "matters closed on paper count as worked, and evidence made to look better as service"

    def ratio(name: str, meaning: str, top: str, bottom: str, factor: float = 1.0) -> Metric:
        return Metric(f"{prefix}{name}", f"{meaning}, {whose}", (top,), bottom, factor, kinds)

    found = [
        _hours(f"{prefix}total_hours", f"hours worked by {whose}", ("contracted", "overtime"), kinds),
        _hours(f"{prefix}burden_hours", f"inspections, meetings and paperwork of {whose}", burden, kinds),
    ]
    found += [
        _hours(f"{prefix}{group}_hours", f"{group} of {whose}", activities, kinds)
        for group, activities in GROUPS.items()
    ]
    found += [_hours(f"{prefix}{a}_hours", f"{a} of {whose}", (a,), kinds) for a in ACTIVITIES if a not in GROUPS]
    found += [
        _hours(f"{prefix}overtime_hours", f"overtime of {whose}", ("overtime",), kinds),
        ratio("visits", "visits of inspectors", "visits", "office_days", year),
        ratio("forms", "report forms", "forms", "office_days", year / MONTHS),
        ratio("matters", "matters received", "received", "office_days", WEEK),
        ratio("days_to_close", "mean calendar days to close a matter", "days_to_close", "closed"),
        ratio("open_matters", "matters open", "open", "office_days"),
        ratio("complaints", "complaints", "complaints", "office_days", year),
        ratio("motivation", "mean motivation", "motivation", "cadres"),
        ratio("caution", "mean caution", "caution", "cadres"),
        ratio("fatigue", "mean fatigue", "fatigue", "cadres"),
        ratio("proactive_share", "share of cadres who are proactive", "proactive", "cadres"),
        ratio("burnt_out_share", "share of cadres who are burnt out", "burnt_out", "cadres"),
        ratio("accused_share", "share of cadres under a false accusation", "accused", "cadres"),
        ratio("quits", "cadres who quit", "quits", "cadres", year),
        ratio("deployed", "people sent from above", "deployed", "office_days"),
        ratio("waiting_days", "mean wait for other departments", "waited", "closed"),
        ratio("topics", "topics inspected", "topics", "office_days", year),
        ratio("violations", "violations that arose", "violations", "office_days", year),
        ratio("found_violations", "violations found", "found", "office_days", year),
        ratio("hidden_violations", "violations hidden", "hidden", "office_days"),
        _hours(
            f"{prefix}reported_service_hours", f"service of {whose} as reports show it: {seen}",
            (*GROUPS["service"], *claimed), kinds,
        ),
        _hours(f"{prefix}service_gap", f"reported service of {whose} above real service", claimed, kinds),
    ]  # fmt: skip
    return found


METRICS: tuple[Metric, ...] = (
    *_of_offices("", "cadres of villages and communities", VILLAGE_KINDS),
    *_of_offices("township_", "cadres of township governments", TOWNSHIP_KINDS),
    Metric("urgent_resolved", "urgent matters closed by work at villages and communities", ("closed_urgent",), "", 1.0,
           VILLAGE_KINDS),
)  # fmt: skip
"""All metrics that are ratios of sums, villages and communities first."""
_BY_NAME = {metric.name: metric for metric in METRICS}

SHARES: tuple[tuple[str, str], ...] = (
    ("on_time_share", "share of matters, of those ended, that ended by their date"),
    ("perfunctory_share", "share of matters, of those ended, that were closed on paper only"),
    ("satisfaction_share", "share of matters, of those ended, whose residents are satisfied"),
    ("service_per_1000", "service of villages and communities to 1000 residents"),
    ("days_to_close_p90", "calendar days within which nine of ten matters are closed"),
)
"""Metrics of villages and communities that are no plain ratio of sums: name and meaning."""

ABOVE: tuple[tuple[str, str], ...] = (
    ("department_excess", "share by which departments ask for more than their plan, mean over the levels"),
    ("watchdog_cases", "cases of formalism that were closed"),
    ("watchdog_corrections", "oversized meetings and unreasonable tasks that were corrected at once"),
)
"""Metrics of departments and of the watchdog: name and meaning."""
LOGGED = ("case closed", "correction")
"""Kinds of event that the counts among them are of, in their order."""


class Described(NamedTuple):
    """What is printed of a metric beside its value."""

    name: str
    unit: str
    meaning: str
    better: int


def metric_catalogue() -> tuple[Described, ...]:
    """Every metric with its unit and meaning, in the order of :func:`measure`."""
    every = (*((m.name, m.meaning) for m in METRICS), *SHARES, *((m.name, m.meaning) for m in SPREAD), *ABOVE)
    labels = {name: metric_label(name) for name, _ in every}
    return tuple(Described(name, labels[name].unit.name, meaning, labels[name].better) for name, meaning in every)


def measure(result: RunResult, *, before: bool = False) -> NDArray[np.float64]:
    """The metrics of a run over its measured days (or over the days before), in the order of :func:`metric_catalogue`.

    A ratio whose bottom is zero is not a number.
    """
    days = slice(0, result.measured_day) if before else slice(result.measured_day, result.measured_end)
    groups = result.daily[days].sum(axis=0).reshape(-1, len(KINDS), len(OUTPUTS)).sum(axis=0)
    values = [_ratio(metric, groups) for metric in METRICS]
    villages = groups[list(VILLAGE_KINDS)].sum(axis=0)
    ended = villages[OUTPUTS.index("closed")] + villages[OUTPUTS.index("perfunctory")]
    for name in ("on_time", "perfunctory", "satisfied"):
        values.append(villages[OUTPUTS.index(name)] / ended if ended > 0 else np.nan)
    values.append(_service_per_1000(result, villages))
    values.append(_quantile(result.days_to_close(VILLAGE_KINDS, before=before), 0.9))
    return np.array([*values, *spread(result, before=before), *_above(result, days)])


def metric_of_day(name: str, sums: Floats) -> float:
    """A metric on one day; not a number where its bottom is zero.

    Args:
        name: name of a metric in :data:`METRICS`.
        sums: what the day left, by (county x kind of office, output).
    """
    return _ratio(_BY_NAME[name], sums.reshape(-1, len(KINDS), len(OUTPUTS)).sum(axis=0))


def _service_per_1000(result: RunResult, villages: NDArray[np.float64]) -> float:
    """Hours of service a week to 1000 residents, of the sums over villages and communities."""
    chosen = np.isin(result.world.offices.kind, VILLAGE_KINDS)
    office_days = float(villages[OUTPUTS.index("office_days")])
    residents = float(result.world.offices.residents[chosen].sum())
    if office_days == 0.0 or residents == 0.0:
        return np.nan
    days = office_days / chosen.sum()
    hours = sum(float(villages[OUTPUTS.index(name)]) for name in GROUPS["service"])
    return WEEK * hours / days / (residents / THOUSAND)


def _above(result: RunResult, days: slice) -> list[float]:
    """The metrics of :data:`ABOVE` over some days."""
    excess = result.excess[days]
    numbers = range(result.dates.size)[days]
    counts = [float(sum(e.kind == kind and e.day in numbers for e in result.events)) for kind in LOGGED]
    return [float(excess.mean(axis=1).mean()) if excess.size else np.nan, *counts]


def _ratio(metric: Metric, groups: NDArray[np.float64]) -> float:
    chosen = groups[list(metric.kinds)]
    top = metric.factor * sum(float(chosen[:, OUTPUTS.index(name)].sum()) for name in metric.top)
    if not metric.bottom:
        return top
    bottom = float(chosen[:, OUTPUTS.index(metric.bottom)].sum())
    return top / bottom if bottom > 0 else np.nan


def _quantile(counts: NDArray[np.int64], share: float) -> float:
    """Smallest number of days by which a share of the matters is closed."""
    if counts.sum() == 0:
        return np.nan
    return float(min(np.searchsorted(np.cumsum(counts), share * counts.sum()), DAY_BINS - 1))
