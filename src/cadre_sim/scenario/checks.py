"""What parts of a scenario must fit: reforms its counties and each other, its dates the known holidays."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from itertools import combinations, islice

from cadre_sim.errors import InputError, nearest
from cadre_sim.scenario.holiday_tables import fault_of, holidays_of
from cadre_sim.scenario.measures import Measure
from cadre_sim.scenario.paths import Keys
from cadre_sim.scenario.period import Calendar, Period
from cadre_sim.scenario.place import Place
from cadre_sim.scenario.units_table import county_names

Reforms = Mapping[str, Measure]
Faults = Iterator[tuple[Keys, str]]
"""Where in the scenario something is wrong, and what."""
_MOST_COMPARED = 5_000
"""Counties that a name that is none of them is compared with: a country has 3,000."""
_MOST_LISTED = 100


def unknown_counties(reforms: Reforms, place: Place) -> Faults:
    """Counties that reforms name and the place does not have."""
    if not reforms:
        return
    known = dict.fromkeys(county_names(place))
    for name, reform in reforms.items():
        named: list[tuple[Keys, str]] = []
        if reform.where and reform.where.counties:
            named += [(("where", "counties", i), c) for i, c in enumerate(reform.where.counties)]
        named += [(("rollout", c), c) for c in reform.rollout or ()]
        for path, county in named:
            if county not in known:
                yield ("reforms", name, *path), f"unknown county {county!r}{_among(county, known)}"


def _among(county: str, known: Collection[str]) -> str:
    """The county that is most like a name, or those that there are; of a country's thousands the first few."""
    few = list(islice(known, _MOST_COMPARED))
    near = nearest(county, few)
    if near is not None:
        return f", did you mean {near!r}?"
    more = len(known) - _MOST_LISTED
    return f"; counties are: {', '.join(few[:_MOST_LISTED])}{f' and {more:,} more' if more > 0 else ''}"


def unknown_overrides(reforms: Reforms) -> Faults:
    """Names under `over` of reforms that are not there, or that override the reform themselves."""
    for name, reform in reforms.items():
        for i, other in enumerate(reform.over):
            if other not in reforms or other == name:
                near = nearest(other, [n for n in reforms if n != name])
                said = f", did you mean {near!r}?" if near else ""
                yield ("reforms", name, "over", i), f"no other reform is called {other!r}{said}"
            elif name in _overridden(other, reforms):
                yield ("reforms", name, "over", i), f"{other!r} overrides {name!r} already"


def conflicts(reforms: Reforms) -> Faults:
    """Reforms that set the same knob of the same offices, where neither overrides the other."""
    for (first, a), (second, b) in combinations(reforms.items(), 2):
        shared = {e.knob for e in a.effects() if e.how == "set"} & {e.knob for e in b.effects() if e.how == "set"}
        settled = first in b.over or second in a.over
        if shared and not settled and _meet(a, b):
            text = (
                f"sets {', '.join(sorted(shared))} for offices and dates for which {first!r} sets it too; "
                f"say which overrides the other with `over: [{first}]`"
            )
            yield ("reforms", second), text


def _overridden(name: str, reforms: Reforms) -> set[str]:
    """Names of the reforms that a reform overrides, directly or through others."""
    found: set[str] = set()
    coming = [name]
    while coming:
        reform = reforms.get(coming.pop())
        new = set(reform.over) - found if reform else set()
        found |= new
        coming += new
    return found


def _meet(a: Measure, b: Measure) -> bool:
    """Whether two reforms may be in force for the same office on the same date."""
    if (a.until and a.until < b.first_date) or (b.until and b.until < a.first_date):
        return False
    for name in ("counties", "kinds"):
        left, right = (getattr(r.where, name, None) if r.where else None for r in (a, b))
        if left is not None and right is not None and not set(left) & set(right):
            return False
    return True


def measured_days(period: Period, calendar: Calendar, first: date, last: date) -> Faults:
    """Dates to measure between, given in the scenario, with no working day from the one to the other."""
    given = [key for key in ("measure_from", "measure_to") if getattr(period, key) is not None]
    if not given:
        return
    try:
        known = holidays_of(calendar, first.year, last.year)
    except InputError:  # told of the calendar
        return
    every = (first + timedelta(days=i) for i in range((last - first).days + 1))
    if not any(known.is_working_day(day) for day in every):
        yield ("period", given[0]), f"no working day lies between {first} and {last}: there is nothing to measure"


def years_without_holidays(period: Period, calendar: Calendar) -> Faults:
    """Years of a period for which no holidays of the country are known."""
    try:
        fault = fault_of(period, calendar)
    except InputError as error:
        key = "country" if calendar.subdivision is None else "subdivision"
        yield ("calendar", key), str(error).removeprefix("calendar: ")
    else:
        if fault:
            yield ("period",), fault
