"""Allotment: how each cadre splits the day between what is wanted."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cadre_sim.activities import (
    CERTIFICATES,
    EVIDENCE,
    MEETINGS,
    ORDINARY,
    OTHER,
    PREPARATION,
    READINESS,
    RECEPTION,
    RECTIFICATION,
    REPORTS,
    SCREENS,
    SIGNS,
    SWITCHING,
    TASKS,
    TRAINING,
    URGENT,
)
from cadre_sim.arrays import Floats
from cadre_sim.compiling import step
from cadre_sim.workday.columns import CadreState, Day, OfficeState
from cadre_sim.workday.parameters import Parameters
from cadre_sim.workday.queue import Queues
from cadre_sim.world.columns import Offices

BURDEN_WANTS = (PREPARATION, RECTIFICATION, READINESS, REPORTS, EVIDENCE, CERTIFICATES, SIGNS, TASKS, SCREENS)
SERVICE_WANTS = (ORDINARY, TRAINING)
STRONGEST = 300.0
"""Largest exponent of a weight: it puts what it weighs before all else, and its exponential is still a number."""


class ByWork(NamedTuple):
    """A number for each kind of work that a day is split between: hours wanted, weights or shares done."""

    burden: float
    urgent: float
    service: float
    other: float


@step
def share(u: int, offices: Offices, q: Queues, office: OfficeState, cadre: CadreState, day: Day, p: Parameters) -> None:
    """Each cadre splits the contracted day between what is wanted, in proportion to want x weight and never above want.

    Then overtime, by willingness, up to a ceiling that fatigue lowers.
    """
    wanted = day.want[u]
    want = _wanted_by_work(wanted)
    all_wanted = want.burden + want.service + want.urgent + want.other
    lost = _switching(u, q, day, p)
    for i in range(offices.first[u], offices.first[u + 1]):
        if not day.present[i]:
            continue
        hours = day.hours[i]
        fixed = hours[MEETINGS] + hours[RECEPTION]
        free = max(0.0, p.contracted - fixed)
        hours[SWITCHING] = min(lost, free)
        free -= hours[SWITCHING]
        beyond = max(0.0, fixed - p.contracted)
        if all_wanted <= free:
            day.overtime[i] = beyond
            day.slack[i] = free - all_wanted
            _hand_out(hours, wanted, ByWork(1.0, 1.0, 1.0, 1.0))
            continue
        weight = _weights(u, i, office, cadre, day, p)
        level = water_level(free, want, weight)
        given = ByWork(
            min(1.0, level * weight.burden),
            min(1.0, level * weight.urgent),
            min(1.0, level * weight.service),
            min(1.0, level),
        )
        extra = _willing(i, given, cadre, p)
        would = _hours(extra, want)
        most = min(p.overtime_ceiling * (1.0 - cadre.fatigue[i]), p.longest_day - p.contracted)
        part = min(1.0, max(0.0, most - beyond) / would) if would > 0.0 else 0.0
        day.overtime[i] = beyond + part * would
        # Nothing but rounding, unless something wanted has no weight.
        day.slack[i] = max(0.0, free - _hours(given, want))
        done = ByWork(
            given.burden + part * extra.burden,
            given.urgent + part * extra.urgent,
            given.service + part * extra.service,
            given.other,
        )
        _hand_out(hours, wanted, done)


@step
def _wanted_by_work(wanted: Floats) -> ByWork:
    burden = service = 0.0
    for k in BURDEN_WANTS:
        burden += wanted[k]
    for k in SERVICE_WANTS:
        service += wanted[k]
    return ByWork(burden, wanted[URGENT], service, wanted[OTHER])


@step
def _weights(u: int, i: int, office: OfficeState, cadre: CadreState, day: Day, p: Parameters) -> ByWork:
    """Weights of a cadre: burden exp(b_c caution + weight of evaluations in season), service exp(b_m motivation).

    Urgent matters weigh a factor more than service, other work 1; or as a rule beside the model's own says.
    """
    if p.own_rule:
        return ByWork(day.weight_burden[i], day.weight_urgent[i], day.weight_service[i], 1.0)
    burden = np.exp(min(STRONGEST, p.pressure_caution * cadre.caution[i] + office.pressure[u]))
    service = np.exp(min(STRONGEST, p.pressure_motivation * cadre.motivation[i]))
    return ByWork(burden, service * p.urgent_factor, service, 1.0)


@step
def _willing(i: int, given: ByWork, cadre: CadreState, p: Parameters) -> ByWork:
    """Share of each kind of work that a cadre would do in overtime, of what the contracted day leaves undone."""
    for_burden = min(1.0, p.overtime_burden * cadre.caution[i])
    for_service = min(1.0, p.overtime_service * cadre.motivation[i])
    return ByWork(
        (1.0 - given.burden) * for_burden, (1.0 - given.urgent) * for_service, (1.0 - given.service) * for_service, 0.0
    )


@step
def _hours(done: ByWork, want: ByWork) -> float:
    """Hours of all kinds of work together, when a share of each is done."""
    return done.burden * want.burden + done.urgent * want.urgent + done.service * want.service + done.other * want.other


@step
def _hand_out(hours: Floats, wanted: Floats, done: ByWork) -> None:
    for k in BURDEN_WANTS:
        hours[k] = done.burden * wanted[k]
    for k in SERVICE_WANTS:
        hours[k] = done.service * wanted[k]
    hours[URGENT] = done.urgent * wanted[URGENT]
    hours[OTHER] = done.other * wanted[OTHER]


@step
def water_level(free: float, want: ByWork, weight: ByWork) -> float:
    """Level L at which what is wanted takes ``free`` hours: sum of want x min(1, L weight) = free.

    All that is wanted is more than ``free``. Each round fills the kinds of work that are full at the level of the rest,
    so that there are at most as many rounds as kinds.
    """
    rest = free
    full_burden = full_urgent = full_service = full_other = False
    level = 0.0
    for _ in range(len(want)):
        slope = 0.0
        slope += 0.0 if full_burden else want.burden * weight.burden
        slope += 0.0 if full_urgent else want.urgent * weight.urgent
        slope += 0.0 if full_service else want.service * weight.service
        slope += 0.0 if full_other else want.other * weight.other
        if slope <= 0.0:
            return level
        level = max(0.0, rest) / slope
        changed = False
        if not full_burden and level * weight.burden >= 1.0:
            full_burden, changed, rest = True, True, rest - want.burden
        if not full_urgent and level * weight.urgent >= 1.0:
            full_urgent, changed, rest = True, True, rest - want.urgent
        if not full_service and level * weight.service >= 1.0:
            full_service, changed, rest = True, True, rest - want.service
        if not full_other and level * weight.other >= 1.0:
            full_other, changed, rest = True, True, rest - want.other
        if not changed:
            return level
    return level


@step
def _switching(u: int, q: Queues, day: Day, p: Parameters) -> float:
    """Hours lost by each cadre present to kinds of work, interruptions and open matters, up to a ceiling."""
    wanted = day.want[u]
    staff = day.staff[u]
    if staff == 0:
        return 0.0
    kinds = 0
    for k in range(wanted.size):
        if wanted[k] > 0.0:
            kinds += 1
    matters = q.length[u, URGENT] + q.length[u, ORDINARY]
    interruptions = (day.meeting_seats[u] + day.reception_seats[u]) / staff
    lost = p.switch * max(0, kinds - 1) + p.interruption * interruptions + p.juggling * matters / staff
    return min(p.switching_most, lost)
