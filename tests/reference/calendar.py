"""The working days of a run."""

from __future__ import annotations

from bisect import bisect_left
from datetime import date, timedelta

import holidays

from cadre_sim.scenario.scenario import Scenario

WEEK = 5.0
"""Working days of a five-day week, for which weekly hours are."""
YEAR = 250.0
"""Working days a year."""
ONE_DAY = timedelta(days=1)


class Calendar:
    """The working days of a run, numbered 0, 1, ... from the first."""

    def __init__(self, scenario: Scenario) -> None:
        self.period = scenario.period
        self.rules = holidays.country_holidays(scenario.calendar.country, subdiv=scenario.calendar.subdivision)
        self.dates = self.working_dates(self.period.start, self.period.end)
        self.days = len(self.dates)

    def working_dates(self, first: date, last: date) -> list[date]:
        """The working days from one date to another, both included."""
        dates = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        return [d for d in dates if self.rules.is_working_day(d)]

    def day_on_or_after(self, day: date) -> int:
        """The number of the first working day on or after a date; ``days`` where the run has none.

        Before the run: less the working days from the date to the last date before the run.
        """
        if day < self.period.start:
            return -len(self.working_dates(day, self.period.start - ONE_DAY))
        return bisect_left(self.dates, day)

    def date(self, day: int) -> date:
        """The date of a working day."""
        return self.dates[day]

    def month(self, day: int) -> int:
        """The month, 1 to 12, of a working day."""
        return self.dates[day].month

    def year(self, day: int) -> int:
        """The year of a working day."""
        return self.dates[day].year
