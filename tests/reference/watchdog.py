"""The watchdog: reports become cases, cases correct departments; some are corrected at once (section 4)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import mesa
import simpy

from cadre_sim.reforms.watchdog import FormalismWatchdog
from cadre_sim.streams import Stream, uniform
from reference.departments import YEAR, Department
from reference.inbox import Waits
from reference.place import Area
from reference.policy import Reform

if TYPE_CHECKING:
    from reference.above import FromAbove


class Watchdog(mesa.Agent):
    """A formalism watchdog with investigators of its own."""

    def __init__(self, above: FromAbove, reform: Reform) -> None:
        super().__init__(above.model)
        assert isinstance(reform.measure, FormalismWatchdog)
        self.above = above
        self.reform = reform
        self.measure = reform.measure
        self.staff = simpy.Resource(above.env, self.measure.staff)
        self.under_case: set[Department] = set()
        self.corrected: set[Department] = set()

    def reports(self) -> Waits:
        """The process of reports: a turn a day, after the reviewer's."""
        env = self.above.env
        yield env.timeout(max(0, int(self.reform.first_day())))
        yield env.timeout(0)
        while self.above.today < self.reform.end:
            for department in self.above.departments.all:
                if self.is_reported(department):
                    self.report(department)
            yield env.timeout(1)

    def is_reported(self, department: Department) -> bool:
        """Whether offices report a department today."""
        day, area = self.above.today, department.area
        strength = sum(self.reform.strength(office.row, day) for office in area.offices)
        rate = self.measure.report_rate / YEAR * strength / 100 * department.asks
        draw = uniform(self.above.key, Stream.REPORT, department.number, day, self.reform.number)
        return draw < 1 - math.exp(-rate)

    def report(self, department: Department) -> None:
        """Log a report; a case begins where there is none about the department."""
        self.above.note("report", department.group_name, department.area)
        if department not in self.under_case:
            self.under_case.add(department)
            self.above.env.process(self.case(department))

    def case(self, department: Department) -> Waits:
        """The process of a case: it waits for an investigator, is worked, and corrects the department."""
        with self.staff.request() as investigator:
            yield investigator
            self.above.note("case opened", department.group_name, department.area)
            yield self.above.env.timeout(self.measure.case_days)
        self.above.departments.correct(department, self.measure.correction, self.measure.deterrence)
        self.under_case.remove(department)
        self.above.note("case closed", department.group_name, department.area)

    def corrections(self) -> Waits:
        """The process of corrections at once: it waits for each of them."""
        for day in self.correction_days():
            yield self.above.env.timeout(day - self.above.today)
            self.correct_at_once()

    def correction_days(self) -> list[int]:
        """The days of corrections at once that lie in the run and before the reform's end."""
        first, many, over = int(self.reform.first_day()), self.measure.corrections, self.measure.correction_days
        days = [first + math.floor((m + 0.5) * over / many) for m in range(many)]
        return [day for day in days if 0 <= day < min(self.above.calendar.days, self.reform.end)]

    def correct_at_once(self) -> None:
        """Correct the department that asks for most meetings and tasks above its plan, but none twice in this way."""
        departments = [d for d in self.above.departments.all if d not in self.corrected]
        largest = max(departments, key=self.oversize, default=None)
        if largest is None or self.oversize(largest) <= 0:
            return
        self.corrected.add(largest)
        mean = self.mean_strength(largest.area)
        self.above.departments.correct(largest, self.measure.correction * mean, self.measure.deterrence * mean)
        self.above.note("correction", largest.group_name, largest.area)

    def oversize(self, department: Department) -> float:
        """Hours a year of meetings and tasks that a department asks for above its plan, where the reform is."""
        hours = department.hours["meetings"] + department.hours["tasks"]
        return department.excess * hours * self.mean_strength(department.area)

    def mean_strength(self, area: Area) -> float:
        """The mean strength of the reform over the offices of an area."""
        strengths = [self.reform.strength(office.row, self.above.today) for office in area.offices]
        return sum(strengths) / len(strengths) if strengths else 0.0
