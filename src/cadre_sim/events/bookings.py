"""Bookings: how many visits each office has in each calendar month, so that a cap can stop more."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cadre_sim.arrays import Bools, Floats, Ints
from cadre_sim.rows import place_among_equals
from cadre_sim.world.calendar import WorkCalendar


class Bookings:
    """Visits booked by office and calendar month of a run."""

    def __init__(self, offices: int, calendar: WorkCalendar) -> None:
        """Nothing is booked yet."""
        self._days = calendar.days
        self._months = calendar.month_number - calendar.month_number[0]
        self._booked = np.zeros((offices, int(self._months[-1]) + 1), np.int32)

    def in_month(self, offices: Ints, day: Ints) -> NDArray[np.int32]:
        """Visits of each office that are booked for the calendar month of each day."""
        return self._booked[offices, self._month(day)]

    def book(self, offices: Ints, day: Ints) -> None:
        """Book visits of offices, each for the calendar month of its day, if that lies in the run."""
        inside = day < self._days
        offices, day = offices[inside], day[inside]
        np.add.at(self._booked, (offices, self._month(day)), 1)

    def book_up_to(self, offices: Ints, day: Ints, cap: Floats) -> Bools:
        """Book visits, first come first, as far as each fits under the cap of its office and month; which ones did."""
        place = offices * self._booked.shape[1] + self._month(day)
        order = np.argsort(place, kind="stable")
        ordered = place[order]
        turn = place_among_equals(ordered)
        fits = np.zeros(offices.size, bool)
        fits[order] = self._booked.ravel()[ordered] + turn + 1 <= cap[order]
        np.add.at(self._booked.reshape(-1), place[fits], 1)
        return fits

    def _month(self, day: Ints) -> Ints:
        return self._months[np.minimum(day, self._months.size - 1)]
