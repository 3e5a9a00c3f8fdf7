"""Evaluations: a season of evidence, pressure to comply while it lasts, and one visit at its end."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
import simpy

from cadre_sim.arrays import Ints
from cadre_sim.events.context import EventContext
from cadre_sim.events.plan import PlannedEvaluation
from cadre_sim.reforms.channels import EVALUATIONS, planned_share


def evaluation(context: EventContext, planned: PlannedEvaluation) -> Generator[simpy.Event, object, None]:
    """An evaluation: the rules on its first day decide at which offices it takes place."""
    yield context.env.timeout(planned.first)
    offices, place = _offices_of(context, planned)
    context.inbox.evaluate(planned)
    season = context.seasons.begin(offices, planned.plan.weight)
    length = planned.last - planned.first
    if planned.ends:
        spread = min(planned.plan.visiting_days, length)
        day = planned.last - spread + place % spread
        asked = context.escorts(context.policy(), planned.plan.escorts, offices)
        context.inbox.host(day, offices, asked, planned.plan.reception_hours)
        context.inbox.visit(day, offices, planned.number, planned.level, 0.0)
        context.bookings.book(offices, day)
    yield context.env.timeout(length)
    context.seasons.end(season)


def _offices_of(context: EventContext, planned: PlannedEvaluation) -> tuple[Ints, Ints]:
    """Offices where it takes place, and the place of each among all of its area, which decides its visiting day."""
    policy = context.policy()
    if planned.plan.comprehensive:
        share = policy.comprehensive_share
    else:
        share = planned_share(policy, EVALUATIONS, planned.level)
    offices = context.offices_under(planned.area)
    place = np.flatnonzero(planned.keep < share[offices])
    return offices[place], place
