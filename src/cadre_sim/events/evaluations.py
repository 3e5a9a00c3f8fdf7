"""Evaluations: a season of evidence, pressure to comply while it lasts, and one visit at its end."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

import numpy as np
import simpy
from numpy.typing import NDArray

from cadre_sim.events.campaigns import escorts
from cadre_sim.events.plan import PlannedEvaluation

if TYPE_CHECKING:
    from cadre_sim.events.run import EventRun


def evaluation(run: EventRun, planned: PlannedEvaluation) -> Generator[simpy.Event, object, None]:
    """An evaluation: the rules on its first day decide at which offices it takes place."""
    yield run.env.timeout(planned.first)
    offices = _offices_of(run, planned)
    run.inbox.evaluate(planned)
    run.pressure[offices] += planned.plan.weight
    length = planned.last - planned.first
    spread = min(planned.plan.visiting_days, length)
    day = planned.last - spread + np.arange(offices.size) % spread
    run.inbox.host(
        day, offices, escorts(run, run.policy(), planned.plan.escorts, offices), planned.plan.reception_hours
    )
    run.inbox.visit(day, offices, planned.number, planned.level, 0.0)
    run.book(offices, day)
    yield run.env.timeout(length)
    run.pressure[offices] -= planned.plan.weight


def _offices_of(run: EventRun, planned: PlannedEvaluation) -> NDArray[np.int64]:
    policy = run.policy()
    if planned.plan.comprehensive:
        share = policy.comprehensive_share
    else:
        levels = (policy.evaluation_share_city, policy.evaluation_share_county, policy.evaluation_share_township)
        share = levels[planned.level]
    offices = run.offices_under(planned.area)
    chosen: NDArray[np.int64] = offices[planned.keep < share[offices]]
    return chosen
