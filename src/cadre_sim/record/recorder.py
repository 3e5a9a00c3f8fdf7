"""What a run keeps of its days: sums by day, county and kind of office, and the totals of two windows."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cadre_sim.activities import COUNT
from cadre_sim.arrays import Floats, Ints
from cadre_sim.compiling import compiled
from cadre_sim.events.run import EventRun
from cadre_sim.record.metrics import VILLAGE_KINDS
from cadre_sim.record.minds import MIND_BINS, MINDS, last_days, spread_of_minds
from cadre_sim.record.result import MindsByMonth, RunResult, Window
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.streams import Key
from cadre_sim.workday.columns import Books, Columns
from cadre_sim.workday.outputs import OUTPUTS
from cadre_sim.world.calendar import WorkCalendar
from cadre_sim.world.columns import KINDS, Traits, World


class Recorded(NamedTuple):
    """What has been recorded: sums by (day, group, output), the windows that are over, and days of cadres if asked.

    A group is a county and a kind of office: county number x kinds + kind. ``minds`` counts cadres of villages and
    communities by month, mind and bin.
    """

    daily: Floats
    before: list[Window]
    measured: list[Window]
    cadre_days: list[Floats] | None
    minds: Ints


class Recorder:
    """Keeps up what a run leaves, day by day."""

    def __init__(self, scenario: Scenario, world: World, calendar: WorkCalendar, record_cadres: bool) -> None:
        """Open the books of a run.

        Args:
            scenario: tells on which dates effects are measured.
            world: whose counties the days are summed by.
            calendar: the run's working days.
            record_cadres: keep the hours of every cadre and day.
        """
        self._world, self._calendar = world, calendar
        self.measured_day = calendar.day_on_or_after(scenario.measure_from)
        self.measured_end = max(self.measured_day, calendar.day_on_or_after(scenario.measure_to, after=True))
        self._group = (world.offices.county - world.cities) * len(KINDS) + world.offices.kind
        groups = len(world.counties) * len(KINDS)
        cadre_days: list[Floats] | None = [] if record_cadres else None
        self._last_days = last_days(calendar)
        self._villages = np.isin(world.offices.kind, VILLAGE_KINDS)[world.cadres.office]
        minds = np.zeros((self._last_days.size, len(MINDS), MIND_BINS), np.int64)
        self.recorded = Recorded(np.zeros((calendar.days, groups, len(OUTPUTS))), [], [], cadre_days, minds)

    def take(self, day: int, columns: Columns) -> None:
        """Keep a day that has just passed; close the windows of the days before measuring and of the measured ones."""
        _sum_by_group(columns.day.out, self._group, self.recorded.daily[day])
        if self.recorded.cadre_days is not None:
            day_of = columns.day
            extra = np.stack([day_of.overtime, day_of.contracted, day_of.present.astype(np.float64)], axis=1)
            self.recorded.cadre_days.append(np.concatenate([day_of.hours, extra], axis=1))
        for month in np.flatnonzero(self._last_days == day):
            self.recorded.minds[month] = spread_of_minds(columns, self._villages)
        if day + 1 == self.measured_day:
            self.recorded.before.append(_close(columns.books))
        if self.measured_day < day + 1 == self.measured_end < self._calendar.days:
            self.recorded.measured.append(_close(columns.books))

    def result(self, key: Key, columns: Columns, days: int, events: EventRun) -> RunResult:
        """What the run has left after a number of days."""
        state = columns.cadre
        so_far = _copy(columns.books)
        before = self.recorded.before[0] if self.recorded.before else None
        after = self.recorded.measured[0] if self.recorded.measured else so_far
        if before is None and days < self.measured_day:
            before, after = so_far, _nothing(so_far)
        elif self.measured_day == self.measured_end:
            after = _nothing(so_far)
        cadre_days = self.recorded.cadre_days
        months = self._calendar.dates[self._last_days[self._last_days < days]].astype("datetime64[M]")
        return RunResult(
            key=key,
            world=self._world,
            dates=self._calendar.dates[:days],
            measured_day=self.measured_day,
            measured_end=self.measured_end,
            daily=self.recorded.daily[:days],
            before=before,
            after=after,
            events=tuple(events.log),
            excess=events.excess_by_level(),
            traits=Traits(state.motivation_trait.copy(), state.caution_trait.copy(), state.skill.copy()),
            minds=np.stack([state.motivation, state.caution, state.fatigue], axis=1),
            minds_by_month=MindsByMonth(months.astype("datetime64[D]"), self.recorded.minds[: months.size]),
            cadre_days=None
            if cadre_days is None
            else np.stack(cadre_days)
            if cadre_days
            else np.zeros((0, 0, COUNT + 3)),
        )


def _copy(books: Books) -> Window:
    return Window(books.office_totals.copy(), books.days_to_close.copy(), books.cadre_hours.copy())


def _nothing(like: Window) -> Window:
    return Window(*map(np.zeros_like, like))


def _close(books: Books) -> Window:
    window = _copy(books)
    for total in (books.office_totals, books.days_to_close, books.cadre_hours):
        total[:] = 0
    return window


@compiled
def _sum_by_group(out: Floats, group: Ints, sums: Floats) -> None:
    """Sum offices by group in the order of offices, so that the sums have the same bits on any number of threads."""
    for u in range(out.shape[0]):
        for k in range(out.shape[1]):
            sums[group[u], k] += out[u, k]
