"""The calendar of a run: which dates are working days, and the number of each."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from cadre_sim.errors import InputError
from cadre_sim.scenario.holiday_tables import fault_of, holidays_of
from cadre_sim.scenario.period import Calendar, Period
from cadre_sim.units import MONTHS

MONTHS_OF_A_YEAR = int(MONTHS)
"""Months of a calendar year, as a whole number."""


class WorkCalendar:
    """Working days of a period, numbered from 0; weekends that are worked in exchange for holidays are among them.

    Attributes:
        period: first and last date of the run.
        dates: date of each working day, datetime64[D], shape (days,).
        ordinal: the same as days since 1970-01-01, int64.
        month: month of each working day, 1 to 12.
        month_number: calendar months since year 0, so that months of different years differ.
        weekday: 0 for Monday to 6 for Sunday.
    """

    def __init__(self, period: Period, calendar: Calendar) -> None:
        """Number the working days of a period.

        Raises:
            InputError: the country or its subdivision is not known, no holiday of a year is known, or the period has no
                working day.
        """
        fault = fault_of(period, calendar)
        if fault:
            raise InputError(f"period: {fault}")
        self.period, self._calendar = period, calendar
        days = _working_days(period.start, period.end, calendar)
        if not days:
            raise InputError(f"period: no working day between {period.start} and {period.end}")
        self.dates = np.array(days, "datetime64[D]")
        self.ordinal: NDArray[np.int64] = self.dates.astype(np.int64)
        self.month: NDArray[np.int64] = np.array([d.month for d in days])
        self.month_number: NDArray[np.int64] = np.array([d.year * MONTHS_OF_A_YEAR + d.month - 1 for d in days])
        self.weekday: NDArray[np.int64] = np.array([d.weekday() for d in days])

    @property
    def days(self) -> int:
        """Number of working days."""
        return int(self.dates.size)

    @property
    def years(self) -> tuple[tuple[int, int, int], ...]:
        """Each calendar year of the run as (year, first working day, working day after its last)."""
        year = self.month_number // MONTHS_OF_A_YEAR
        values, firsts = np.unique(year, return_index=True)
        lasts = [*firsts[1:], self.days]
        return tuple((int(y), int(a), int(b)) for y, a, b in zip(values, firsts, lasts, strict=True))

    def day_on_or_after(self, when: date, *, after: bool = False) -> int:
        """Number of the first working day on or after a date (strictly after it with ``after``).

        At most the number of days; a date before the run has a negative number, its working days before day 0.
        """
        if when < self.period.start:
            first, last = when + timedelta(days=int(after)), self.period.start - timedelta(days=1)
            if first > last:
                return 0
            return -len(_working_days(first, last, self._calendar))
        return int(np.searchsorted(self.dates, np.datetime64(when, "D"), side="right" if after else "left"))

    def months(self, first: int, last: int) -> tuple[tuple[int, int], ...]:
        """Seasons from month ``first`` to month ``last`` (over the turn of the year where first > last).

        Each as (first working day, working day after its last), cut to the run.
        """
        inside = (
            (self.month >= first) & (self.month <= last)
            if first <= last
            else ((self.month >= first) | (self.month <= last))
        )
        # Days of one season share a number, so that a season of twelve months ends where the next begins.
        season = np.where(inside, (self.month_number - (first - 1)) // MONTHS_OF_A_YEAR, -1)
        edges = np.flatnonzero(np.diff(season, prepend=-2, append=-2))
        return tuple((int(a), int(b)) for a, b in pairwise(edges) if season[a] >= 0)


def _working_days(first: date, last: date, calendar: Calendar) -> list[date]:
    """Working days from one date to another; in years of which no holiday is known, all but weekends."""
    known = holidays_of(calendar, first.year, last.year)
    every = (first + timedelta(days=i) for i in range((last - first).days + 1))
    return [d for d in every if known.is_working_day(d)]
