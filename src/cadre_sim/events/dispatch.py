"""Dispatch: planned orders go out on their day, tours leave with their teams, dates of reforms go to the log."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
import simpy

from cadre_sim.events.context import EventContext
from cadre_sim.events.findings import extra_tours
from cadre_sim.reforms.force import ReformInForce

MIDDAY = 0.5
"""Part of a day after which nothing more asks for a team on it."""


def send_out_tours(context: EventContext) -> Generator[simpy.Event, object, None]:
    """When all that asks for a team today has asked, extra tours last, teams are dealt out and tours leave."""
    yield context.env.timeout(MIDDAY)
    for day in range(context.calendar.days):
        extra = extra_tours(context, day)
        if extra is not None:
            context.teams.ask(extra)
        tours = context.teams.deal(day)
        if tours is not None:
            days = day + tours.offset
            context.inbox.host(days, tours.office, tours.escorts, tours.hours)
            context.inbox.visit(
                days, tours.office, tours.number, tours.level, tours.follow_up, tours.topics, tours.announced
            )
        yield context.env.timeout(1)


def issue_orders(context: EventContext) -> Generator[simpy.Event, object, None]:
    """Meetings, forms and tasks go out on their day, all of a day as one slice of the plan."""
    days = context.plan.orders.day
    for day in np.unique(days):
        yield context.env.timeout(int(day) - context.env.now)
        first, last = (int(np.searchsorted(days, day, side=side)) for side in ("left", "right"))
        context.inbox.issue(slice(first, last))


def note_dates(context: EventContext, reform: ReformInForce) -> Generator[simpy.Event, object, None]:
    """A reform's first day and its end go to the log."""
    for day, what in ((reform.first_day(), "reform starts"), (reform.end, "reform ends")):
        if day < context.calendar.days and reform.first_day() < reform.end and reform.end > 0:
            yield context.env.timeout(max(0, day - context.env.now))
            context.note(what, reform.name, 0)
