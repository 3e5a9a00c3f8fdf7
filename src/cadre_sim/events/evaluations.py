"""Evaluations: a season of evidence, pressure to comply while it lasts, and one visit at its end."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

import numpy as np
import simpy

from cadre_sim.arrays import Ints
from cadre_sim.events.plan import PlannedEvaluation

if TYPE_CHECKING:
    from cadre_sim.events.run import EventRun


def evaluation(run: EventRun, planned: PlannedEvaluation) -> Generator[simpy.Event, object, None]:
    """An evaluation: the rules on its first day decide at which offices it takes place."""
    yield run.env.timeout(planned.first)
    offices, place = _offices_of(run, planned)
    run.inbox.evaluate(planned)
    season = run.press(offices, planned.plan.weight)
    length = planned.last - planned.first
    if planned.ends:
        spread = min(planned.plan.visiting_days, length)
        day = planned.last - spread + place % spread
        asked = run.escorts(run.policy(), planned.plan.escorts, offices)
        run.inbox.host(day, offices, asked, planned.plan.reception_hours)
        run.inbox.visit(day, offices, planned.number, planned.level, 0.0)
        run.book(offices, day)
    yield run.env.timeout(length)
    run.relieve(season)


def _offices_of(run: EventRun, planned: PlannedEvaluation) -> tuple[Ints, Ints]:
    """Offices where it takes place, and the place of each among all of its area, which decides its visiting day."""
    policy = run.policy()
    if planned.plan.comprehensive:
        share = policy.comprehensive_share
    else:
        everywhere = np.ones(run.world.offices.kind.size)
        share = (policy.evaluation_share_city, policy.evaluation_share_county, everywhere)[planned.level]
    offices = run.offices_under(planned.area)
    place = np.flatnonzero(planned.keep < share[offices])
    return offices[place], place
