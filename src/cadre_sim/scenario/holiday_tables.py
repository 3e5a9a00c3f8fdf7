"""What the ``holidays`` package knows of a country: its holidays by year, and weekends worked in exchange for them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import holidays

from cadre_sim.errors import InputError
from cadre_sim.scenario.period import Calendar, Period

VERSION: str = holidays.__version__


def holidays_of(calendar: Calendar, first: int, last: int) -> Any:
    """Holidays of the years from ``first`` to ``last``, which also answers whether a date is a working day.

    Raises:
        InputError: the country or its subdivision is not known.
    """
    return _holidays(calendar.country, calendar.subdivision, first, last)


def fault_of(period: Period, calendar: Calendar) -> str | None:
    """Why a period cannot be run under a calendar: years of which no holiday is known. None where all are known.

    Raises:
        InputError: the country or its subdivision is not known.
    """
    first, last = period.start.year, period.end.year
    if not _without_holidays(calendar, first, last):
        return None
    known = {day.year for day in holidays_of(calendar, *_all_years(calendar))}
    years = _named([year for year in range(first, last + 1) if year not in known])
    return (
        f"no holiday of {calendar.country} is known for {years}: "
        f"holidays {VERSION} knows those of {min(known)} to {max(known)}"
    )


def notice_of(period: Period, calendar: Calendar) -> str | None:
    """What is to be said of years for which it is not known which weekends are worked in exchange for holidays.

    In China they are announced each November for the next year. None where all are known, or a country has none.

    Raises:
        InputError: the country or its subdivision is not known.
    """
    years = _without_exchange(calendar, range(period.start.year, period.end.year + 1))
    known = exchange_years(calendar) if years else []
    years = [year for year in years if known and not known[0] <= year <= known[-1]]
    if not years:
        return None
    predicted = "holidays are predicted; " if years[-1] > known[-1] else "holidays are those of the law; "
    return (
        f"calendar: {_named(years)}: {predicted}which weekends are worked in exchange for them in {calendar.country} "
        f"is known for {known[0]} to {known[-1]} only (holidays {VERSION})"
    )


def exchange_years(calendar: Calendar) -> list[int]:
    """Years for which weekends are known to be worked in exchange for holidays, in order."""
    first, last = _all_years(calendar)
    every = range(first, last + 1)
    return sorted(set(every).difference(_without_exchange(calendar, every)))


def _without_exchange(calendar: Calendar, years: range) -> list[int]:
    worked = {day.year for day in holidays_of(calendar, years[0], years[-1]).weekend_workdays}
    return [year for year in years if year not in worked]


def _all_years(calendar: Calendar) -> tuple[int, int]:
    any_year = holidays_of(calendar, 2024, 2024)
    return any_year.start_year, any_year.end_year


@lru_cache(maxsize=64)
def _without_holidays(calendar: Calendar, first: int, last: int) -> frozenset[int]:
    known = {day.year for day in holidays_of(calendar, first, last)}
    return frozenset(range(first, last + 1)) - known


@lru_cache(maxsize=64)
def _holidays(country: str, subdivision: str | None, first: int, last: int) -> Any:
    try:
        return holidays.country_holidays(country, subdiv=subdivision, years=range(first, last + 1), expand=False)
    except NotImplementedError as error:
        raise InputError(f"calendar: {str(error).rstrip('.')} (country {country!r})") from None


def _named(years: list[int]) -> str:
    """Years in few words: "2027", "2027, 2029", "1949 to 1952"."""
    if len(years) > 2 and years[-1] - years[0] == len(years) - 1:
        return f"{years[0]} to {years[-1]}"
    return ", ".join(map(str, years)) if len(years) < 5 else f"{years[0]}, ..., {years[-1]} ({len(years)} years)"
