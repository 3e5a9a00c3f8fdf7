"""The watchdog against formalism: reports, cases worked by a limited staff, corrections, and what they deter."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
import simpy

from cadre_sim.events.context import EventContext
from cadre_sim.reforms.force import ReformInForce
from cadre_sim.reforms.watchdog import FormalismWatchdog
from cadre_sim.streams import Stream, entity_number, uniforms
from cadre_sim.units import A_HUNDRED, WORKING_DAYS_A_YEAR


def start_watchdogs(context: EventContext) -> None:
    """Start a process for each watchdog of the scenario that acts anywhere."""
    for reform in context.reforms.reforms:
        if isinstance(reform.measure, FormalismWatchdog) and reform.first_day() < context.calendar.days:
            context.env.process(_watch(context, reform, reform.measure))
            context.env.process(_correct(context, reform, reform.measure))


def _watch(
    context: EventContext, reform: ReformInForce, measure: FormalismWatchdog
) -> Generator[simpy.Event, object, None]:
    """Every day, offices that are watched may report a department; each report becomes a case, one at a time of each.

    Chance of a report: 1 - exp(-rate x watched offices of its area / 100 x (excess + rebound x diverting)), whether
    or not the department is deterred.
    """
    staff = simpy.Resource(context.env, capacity=measure.staff)
    actors = context.actors
    open_cases: set[int] = set()
    number = entity_number(reform.name)
    yield context.env.timeout(max(0, reform.first_day()))
    # On every day after the departments' reviews, on whichever day it starts.
    yield context.env.timeout(0)
    while context.env.now < min(reform.end, context.calendar.days):
        day = context.today
        watched = context.sum_by_area(reform.strength(day)) / A_HUNDRED
        rate = measure.report_rate / WORKING_DAYS_A_YEAR * watched[actors.area] * actors.asks_above_plan()
        draws = uniforms(context.key, Stream.REPORT, actors.number, day, number)
        for department in np.flatnonzero(draws < 1.0 - np.exp(-rate)):
            context.note("report", actors.names[department], int(actors.area[department]))
            if int(department) not in open_cases:
                open_cases.add(int(department))
                context.env.process(_case(context, measure, staff, int(department), open_cases))
        yield context.env.timeout(1)


def _case(
    context: EventContext, measure: FormalismWatchdog, staff: simpy.Resource, department: int, open_cases: set[int]
) -> Generator[simpy.Event, object, None]:
    """A case waits for an investigator, takes some days, and ends with a correction."""
    name, area = context.actors.names[department], int(context.actors.area[department])
    with staff.request() as request:
        yield request
        context.note("case opened", name, area)
        yield context.env.timeout(measure.case_days)
    context.actors.correct(department, measure.correction, measure.deterrence)
    open_cases.discard(department)
    context.note("case closed", name, area)


def _correct(
    context: EventContext, reform: ReformInForce, measure: FormalismWatchdog
) -> Generator[simpy.Event, object, None]:
    """Oversized meetings and unreasonable tasks that are corrected at once: the largest first, evenly over some days.

    It corrects as far as its mean strength in the area goes. Half an interval before the first and after the last, so
    that all of them lie within ``correction_days``.
    """
    corrected: set[int] = set()
    start = reform.first_day()
    for k in range(measure.corrections):
        due = start + int((k + 0.5) * measure.correction_days / measure.corrections)
        if due >= min(reform.end, context.calendar.days):
            return
        if due < 0:
            continue
        yield context.env.timeout(due - context.env.now)
        strength = context.mean_by_area(reform.strength(due))
        department = context.actors.largest(strength, corrected)
        if department is None:
            continue
        corrected.add(department)
        here = float(strength[context.actors.area[department]])
        context.actors.correct(department, here * measure.correction, here * measure.deterrence)
        context.note("correction", context.actors.names[department], int(context.actors.area[department]))
