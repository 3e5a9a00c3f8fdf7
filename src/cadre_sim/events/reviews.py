"""Reviews: once a month departments look at what they ask for, and at what of it is cut."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
import simpy

from cadre_sim.arrays import Bools, Floats, Ints
from cadre_sim.events.context import EventContext
from cadre_sim.levels import LEVELS
from cadre_sim.reforms.channels import CHANNELS, planned_share
from cadre_sim.units import WORKING_DAYS_A_YEAR


def hold_reviews(context: EventContext) -> Generator[simpy.Event, object, None]:
    """Departments review what they ask for, once a month on a working day of their area."""
    actors, month = context.actors, context.calendar.month_number
    first = 0
    for day in range(context.calendar.days):
        if day and month[day] != month[day - 1]:
            first = day
        which = actors.reviewing(day - first)
        if which.size:
            review(context, which)
            context.inbox.divert(actors.asked_instead(which), actors.messages(WORKING_DAYS_A_YEAR))
        context.excess_by_day.append(actors.mean_excess(context.world.area_level))
        yield context.env.timeout(1)


def review(context: EventContext, which: Ints) -> None:
    """Let some departments review what they ask for, under the Policy of today."""
    context.actors.review(which, _cut_channels(context))


def _cut_channels(context: EventContext) -> Bools:
    """Whether the Policy of today cuts a channel at any office of an area, for its departments.

    Shape (areas, channels).
    """
    policy, level = context.policy(), context.world.area_level
    areas = np.arange(level.size)
    cut = np.empty((level.size, len(CHANNELS)), bool)
    for channel in range(len(CHANNELS)):
        shares = [planned_share(policy, channel, number) for number in range(len(LEVELS))]
        cut[:, channel] = np.stack([_any_cut(context, share) for share in shares])[level, areas]
    return cut


def _any_cut(context: EventContext, share: Floats) -> Bools:
    """Areas with an office at which a share is below 1."""
    return context.sum_by_area((share < 1.0).astype(np.float64)) > 0.0
