"""How outcomes are spread over offices and cadres: worst tenths, the Gini of workload, and who is overloaded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cadre_sim.activities import ACTIVITIES, BURDEN_GROUPS, COUNT, GROUPS
from cadre_sim.arrays import Floats, Ints
from cadre_sim.record.result import RunResult
from cadre_sim.units import WEEK
from cadre_sim.workday.outputs import OUTPUTS
from cadre_sim.world.columns import KINDS, RANKS

Mask = NDArray[np.bool_]

OVERLOADED = 48.0
"""Hours a week above which a cadre is overloaded: the limit of the mean week in the European Union's working-time
directive (2003/88/EC, article 6)."""
ENOUGH_DAYS = 20.0
"""Days present from which a cadre's mean week is one to go by: four weeks."""
TENTH = 10
"""One office of so many is among the worst tenth."""
_ROUND = 9
"""Decimals of hours that are told apart: a week of 48 h is no longer for its hours having been summed day by day."""

_OFTEN = f"present for {ENOUGH_DAYS:g} days or more"
_PRESENT = COUNT + 1
_SERVICE = [ACTIVITIES.index(a) for a in GROUPS["service"]]
_BURDEN = [ACTIVITIES.index(a) for group in BURDEN_GROUPS for a in GROUPS[group]]


class StaffHours(NamedTuple):
    """Hours of cadres over a window, arrays of shape (cadres,), with the kind of their office and their rank."""

    kind: Ints
    rank: Ints
    total: Floats
    service: Floats
    burden: Floats
    present: Floats


class Places(NamedTuple):
    """What offices leave of a window, arrays of shape (offices,): hours, days present, matters ended and on time."""

    kind: Ints
    total: Floats
    service: Floats
    present: Floats
    ended: Floats
    on_time: Floats


class Subgroup(NamedTuple):
    """A part of all cadres: those in offices of some kinds, and those of some ranks; an empty one means all."""

    meaning: str
    kinds: tuple[str, ...] = ()
    ranks: tuple[str, ...] = ()

    def among(self, kind: Ints, rank: Ints | None = None) -> Mask:
        """Who of people, or which of offices, belong to it."""
        found = np.ones(kind.size, np.bool_)
        if self.kinds:
            found &= np.array([k in self.kinds for k in KINDS])[kind]
        if self.ranks and rank is not None:
            found &= np.array([r in self.ranks for r in RANKS])[rank]
        return found


class Spread(NamedTuple):
    """A metric of how something is spread, and how it is computed."""

    name: str
    meaning: str
    of: Callable[[StaffHours, Places], float]


VILLAGES = Subgroup("villages and communities", kinds=("village", "community"))
PARTS: dict[str, Subgroup] = {
    "village": Subgroup("cadres of villages", kinds=("village",)),
    "community": Subgroup("cadres of communities", kinds=("community",)),
    "deployed": Subgroup("officials sent from above", ranks=("deployed",)),
    "specialist": Subgroup("technical specialists sent from above", ranks=("specialist",)),
}
"""Kinds of place, then ranks, that are told apart; cadres of a kind are all in its offices, people sent included."""


def spread(result: RunResult, *, before: bool = False) -> list[float]:
    """The metrics of :data:`SPREAD` over the measured days of a run, or over the days before.

    What there is nobody for is not a number.
    """
    window = result.before if before else result.after
    if window is None:
        return [np.nan] * len(SPREAD)
    world, hours, offices = result.world, window.cadre_hours, window.office_totals
    total, service, burden = (hours[:, k].sum(axis=1) for k in (slice(COUNT), _SERVICE, _BURDEN))
    people = StaffHours(world.offices.kind[world.cadres.office], world.cadres.rank, total, service, burden,
                    hours[:, _PRESENT])  # fmt: skip

    def column(*names: str) -> Floats:
        return offices[:, [OUTPUTS.index(name) for name in names]].sum(axis=1)

    places = Places(
        kind=world.offices.kind,
        total=column("contracted", "overtime"),
        service=column(*GROUPS["service"]),
        present=column("present"),
        ended=column("closed", "perfunctory"),
        on_time=column("on_time"),
    )
    return [metric.of(people, places) for metric in SPREAD]


def gini(values: Floats) -> float:
    """Gini coefficient of values that are not negative, each of the same weight: 0 all alike, towards 1 all with one.

    Half the mean absolute difference between two of them, in terms of their mean.
    """
    if values.size == 0:
        return np.nan
    total = float(values.sum())
    if total == 0.0:
        return 0.0
    places = np.arange(1, values.size + 1)
    return float(((2 * places - values.size - 1) * np.sort(values)).sum() / (values.size * total))


def worst_tenth(top: Floats, bottom: Floats) -> Ints:
    """Rows with the lowest ratio of top to bottom: a tenth of those with a bottom, rounded down, at least one."""
    known = np.flatnonzero(bottom > 0)
    if known.size == 0:
        return known
    order = np.argsort(top[known] / bottom[known], kind="stable")
    return known[order[: max(1, known.size // TENTH)]]


def _worst_service(people: StaffHours, places: Places) -> float:
    chosen = VILLAGES.among(places.kind)
    service, present = places.service[chosen], places.present[chosen]
    worst = worst_tenth(service, present)
    return float(WEEK * (service[worst] / present[worst]).mean()) if worst.size else np.nan


def _worst_on_time(people: StaffHours, places: Places) -> float:
    chosen = VILLAGES.among(places.kind)
    on_time, ended = places.on_time[chosen], places.ended[chosen]
    worst = worst_tenth(on_time, ended)
    return float(on_time[worst].sum() / ended[worst].sum()) if worst.size else np.nan


def _weeks(people: StaffHours, whose: Subgroup) -> Floats:
    """Mean week of each cadre who was there often enough."""
    chosen = whose.among(people.kind, people.rank) & (people.present >= ENOUGH_DAYS)
    return WEEK * people.total[chosen] / people.present[chosen]


def _share_above(weeks: Floats) -> float:
    return float((np.round(weeks, _ROUND) > OVERLOADED).mean()) if weeks.size else np.nan


def _workload_gini(whose: Subgroup, people: StaffHours, places: Places) -> float:
    return gini(_weeks(people, whose))


def _overloaded(whose: Subgroup, people: StaffHours, places: Places) -> float:
    return _share_above(_weeks(people, whose))


def _overloaded_offices(people: StaffHours, places: Places) -> float:
    chosen = VILLAGES.among(places.kind) & (places.present > 0)
    return _share_above(WEEK * places.total[chosen] / places.present[chosen])


def _hours(whose: Subgroup, which: str, people: StaffHours, places: Places) -> float:
    chosen = whose.among(people.kind, people.rank)
    present = float(people.present[chosen].sum())
    return WEEK * float(getattr(people, which)[chosen].sum()) / present if present > 0 else np.nan


def _of_part(name: str, whose: Subgroup) -> Iterator[Spread]:
    said = {"total": "hours worked by", "service": "service of", "burden": "inspections, meetings and paperwork of"}
    for which, what in said.items():
        meaning = f"{what} {whose.meaning}, per five days present"
        yield Spread(f"{name}_{which}_hours", meaning, partial(_hours, whose, which))
    yield _overloaded_share(f"{name}_overloaded_share", whose)


def _overloaded_share(name: str, whose: Subgroup) -> Spread:
    meaning = f"share of {whose.meaning} {_OFTEN} whose mean week is above {OVERLOADED:g} hours"
    return Spread(name, meaning, partial(_overloaded, whose))


def _gini(name: str, whose: Subgroup) -> Spread:
    meaning = f"Gini coefficient of mean weekly hours between {whose.meaning} {_OFTEN}"
    return Spread(name, meaning, partial(_workload_gini, whose))


_CADRES = VILLAGES._replace(meaning=f"cadres of {VILLAGES.meaning}")
_TOWNSHIPS = Subgroup("cadres of township governments", kinds=("township",))

SPREAD: tuple[Spread, ...] = (
    Spread("worst_tenth_service_hours",
           "mean service hours, per five days present, of the tenth of villages and communities with the fewest",
           _worst_service),
    Spread("worst_tenth_on_time_share",
           "share of matters, of those ended, that ended by their date, at the tenth of villages and communities where "
           "it is lowest", _worst_on_time),
    _gini("workload_gini", _CADRES),
    _overloaded_share("overloaded_share", _CADRES),
    Spread("overloaded_offices",
           f"share of villages and communities whose cadres' mean week is above {OVERLOADED:g} hours",
           _overloaded_offices),
    *(metric for name, whose in PARTS.items() for metric in _of_part(name, whose)),
    _gini("township_workload_gini", _TOWNSHIPS),
    _overloaded_share("township_overloaded_share", _TOWNSHIPS),
)  # fmt: skip
"""All metrics of spread, in the order of :func:`spread`."""
