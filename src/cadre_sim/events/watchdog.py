"""The watchdog against formalism: reports, cases worked by a limited staff, corrections, and what they deter."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

import numpy as np
import simpy

from cadre_sim.reforms.force import ReformInForce
from cadre_sim.reforms.watchdog import FormalismWatchdog
from cadre_sim.streams import Stream, entity_number, uniforms
from cadre_sim.units import WORKING_DAYS_A_YEAR

if TYPE_CHECKING:
    from cadre_sim.events.run import EventRun

PER_100_OFFICES = 100.0


def start_watchdogs(run: EventRun) -> None:
    """Start a process for each watchdog of the scenario that acts anywhere."""
    for reform in run.reforms.reforms:
        if isinstance(reform.measure, FormalismWatchdog) and reform.first_day() < run.calendar.days:
            run.env.process(_watch(run, reform, reform.measure))
            run.env.process(_correct(run, reform, reform.measure))


def _watch(run: EventRun, reform: ReformInForce, measure: FormalismWatchdog) -> Generator[simpy.Event, object, None]:
    """Every day, offices that are watched may report a department; each report becomes a case, one at a time of each.

    Chance of a report: 1 - exp(-rate x watched offices of its area / 100 x (excess + rebound x diverting)), whether
    or not the department is deterred.
    """
    staff = simpy.Resource(run.env, capacity=measure.staff)
    actors = run.actors
    open_cases: set[int] = set()
    number = entity_number(reform.name)
    yield run.env.timeout(max(0, reform.first_day()))
    # On every day after the departments' reviews, on whichever day it starts.
    yield run.env.timeout(0)
    while run.env.now < min(reform.end, run.calendar.days):
        day = int(run.env.now)
        watched = run.sum_by_area(reform.strength(day)) / PER_100_OFFICES
        rate = measure.report_rate / WORKING_DAYS_A_YEAR * watched[actors.area] * actors.asks_above_plan()
        draws = uniforms(run.key, Stream.REPORT, actors.number, day, number)
        for department in np.flatnonzero(draws < 1.0 - np.exp(-rate)):
            run.note("report", actors.names[department], int(actors.area[department]))
            if int(department) not in open_cases:
                open_cases.add(int(department))
                run.env.process(_case(run, measure, staff, int(department), open_cases))
        yield run.env.timeout(1)


def _case(
    run: EventRun, measure: FormalismWatchdog, staff: simpy.Resource, department: int, open_cases: set[int]
) -> Generator[simpy.Event, object, None]:
    """A case waits for an investigator, takes some days, and ends with a correction."""
    name, area = run.actors.names[department], int(run.actors.area[department])
    with staff.request() as request:
        yield request
        run.note("case opened", name, area)
        yield run.env.timeout(measure.case_days)
    run.actors.correct(department, measure.correction, measure.deterrence)
    open_cases.discard(department)
    run.note("case closed", name, area)


def _correct(run: EventRun, reform: ReformInForce, measure: FormalismWatchdog) -> Generator[simpy.Event, object, None]:
    """Oversized meetings and unreasonable tasks that are corrected at once: the largest first, evenly over some days.

    It corrects as far as its mean strength in the area goes. Half an interval before the first and after the last, so
    that all of them lie within ``correction_days``.
    """
    corrected: set[int] = set()
    start = reform.first_day()
    for k in range(measure.corrections):
        due = start + int((k + 0.5) * measure.correction_days / measure.corrections)
        if due >= min(reform.end, run.calendar.days):
            return
        if due < 0:
            continue
        yield run.env.timeout(due - run.env.now)
        strength = run.mean_by_area(reform.strength(due))
        department = run.actors.largest(strength, corrected)
        if department is None:
            continue
        corrected.add(department)
        here = float(strength[run.actors.area[department]])
        run.actors.correct(department, here * measure.correction, here * measure.deterrence)
        run.note("correction", run.actors.names[department], int(run.actors.area[department]))
