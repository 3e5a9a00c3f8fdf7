"""Tally: the day's numbers of an office, and the totals of its cadres."""

from __future__ import annotations

from cadre_sim.activities import COUNT
from cadre_sim.compiling import step
from cadre_sim.events.orders import Orders
from cadre_sim.workday.columns import Books, CadreState, Day
from cadre_sim.workday.outputs import (
    BURNT_OUT,
    CADRES,
    CAUTION,
    CONTRACTED,
    DEPLOYED,
    FATIGUE,
    MOTIVATION,
    OFFICE_DAYS,
    OVERTIME,
    PRESENT,
    PROACTIVE,
    TOPICS,
    TOTAL_OVERTIME,
    TOTAL_PRESENT,
    VISITS,
)
from cadre_sim.workday.parameters import Parameters
from cadre_sim.world.columns import Offices

BURNOUT_WEIGHT = 0.5
"""Weight of fatigue in burnout, and of lack of motivation."""


@step
def tally(u: int, offices: Offices, cadre: CadreState, day: Day, books: Books, p: Parameters, orders: Orders) -> None:
    """Sum the office's cadres into its outputs, and add the day to the totals of the window.

    The hours by activity are summed already, see :func:`cadre_sim.workday.serve.use_slack`.
    """
    out, totals = day.out[u], books.cadre_hours
    out[VISITS] = orders.visits[u]
    out[OFFICE_DAYS] = 1.0
    out[TOPICS] = orders.topics[u]
    out[CADRES] = day.roll[u]
    out[DEPLOYED] = day.mentors[u]
    for i in range(offices.first[u], offices.first[u + 1]):
        if not day.rolled[i]:
            continue
        out[MOTIVATION] += cadre.motivation[i]
        out[CAUTION] += cadre.caution[i]
        out[FATIGUE] += cadre.fatigue[i]
        if cadre.motivation[i] >= p.proactive_from:
            out[PROACTIVE] += 1.0
        if BURNOUT_WEIGHT * (cadre.fatigue[i] + 1.0 - cadre.motivation[i]) >= p.burnout_from:
            out[BURNT_OUT] += 1.0
        if not day.present[i]:
            continue
        for k in range(COUNT):
            totals[i, k] += day.hours[i, k]
        totals[i, TOTAL_OVERTIME] += day.overtime[i]
        totals[i, TOTAL_PRESENT] += 1.0
        out[OVERTIME] += day.overtime[i]
        out[CONTRACTED] += day.contracted[i]
        out[PRESENT] += 1.0
    for k in range(out.size):
        books.office_totals[u, k] += out[k]
