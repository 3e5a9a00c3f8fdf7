"""Allotment: hours wanted of each cadre today, and how each splits the day between them."""

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
from cadre_sim.events.orders import Orders
from cadre_sim.reforms.policy import Policy
from cadre_sim.workday.columns import Books, CadreState, Day, OfficeState, Today
from cadre_sim.workday.parameters import Categories, Parameters
from cadre_sim.workday.queue import MATTERS, OWED, Queues
from cadre_sim.world.columns import SPECIALIST, TOWNSHIP, Cadres, Offices

BURDEN_WANTS = (PREPARATION, RECTIFICATION, READINESS, REPORTS, EVIDENCE, CERTIFICATES, SIGNS, TASKS, SCREENS)
SERVICE_WANTS = (ORDINARY, TRAINING)
STRONGEST = 300.0
"""Largest exponent of a weight: it puts what it weighs before all else, and its exponential is still a number."""
PERISHABLE = (READINESS, SIGNS, SCREENS, TRAINING, OTHER)
"""Wanted anew each day: what is not done today is not owed tomorrow."""


@step
def want(
    u: int,
    offices: Offices,
    cadres: Cadres,
    q: Queues,
    office: OfficeState,
    cadre: CadreState,
    day: Day,
    books: Books,
    categories: Categories,
    p: Parameters,
    policy: Policy,
    orders: Orders,
    today: Today,
) -> None:
    """Hours wanted of each cadre present: outstanding hours / days left, over the staff present.

    A matter's hours are hours of work at productivity 1; the hours wanted are divided by the mean productivity of those
    present, productivity = skill x practice x (1 - fatigue loss x fatigue) x (1 - control loss x felt visits), and
    multiplied by the effort that the matter's category takes. A matter that waits for another department is not wanted.
    """
    wanted = day.want[u]
    wanted[:] = 0.0
    staff = day.staff[u]
    if staff == 0:
        return
    productivity = _productivity(u, offices, cadres, office, cadre, day, categories, p)
    for k in OWED:
        first = q.start[u, k]
        for j in range(first, first + q.length[u, k]):
            wanted[k] += q.item[j].left / _days_left(q.item[j].due, p, today)
    for k in MATTERS:
        first = q.start[u, k]
        for j in range(first, first + q.length[u, k]):
            item = q.item[j]
            if item.wait == 0 or item.born + item.wait <= today.number:
                wanted[k] += item.left * day.effort[u, item.category] / _days_left(item.due, p, today)
    for k in range(wanted.size):
        wanted[k] /= staff
    wanted[URGENT] /= productivity
    wanted[ORDINARY] /= productivity
    wanted[READINESS] = p.readiness * policy.readiness_scale[u]
    signs = max(0.0, p.signs - policy.signs_removed[u])
    wanted[SIGNS] = signs * p.sign_hours * offices.load[u] / staff
    messages = orders.messages[offices.city[u]] + orders.messages[offices.county[u]]
    if offices.kind[u] != TOWNSHIP:
        messages += orders.messages[offices.township[u]]
    messages *= 1.0 - policy.task_share[u]
    wanted[SCREENS] = p.screens * policy.screens_scale[u] + messages * offices.load[u] / staff
    wanted[TRAINING] = p.training
    wanted[OTHER] = p.other_township if offices.kind[u] == TOWNSHIP else p.other
    for k in PERISHABLE:
        books.asked[u, k] += wanted[k] * staff


@step
def _days_left(due: int, p: Parameters, today: Today) -> int:
    return 1 if p.at_once else max(1, due - today.number + 1)


@step
def _productivity(
    u: int,
    offices: Offices,
    cadres: Cadres,
    office: OfficeState,
    cadre: CadreState,
    day: Day,
    categories: Categories,
    p: Parameters,
) -> float:
    """Productivity of each cadre present, and the effort that each category takes; returns the mean productivity.

    Effort is 1 / skill in a category: that of specialists in proportion to their part of the work, else that of local
    cadres, who have taken on a part of it (know-how).
    """
    control = max(0.0, 1.0 - p.control_loss * office.felt[u])
    total = 0.0
    for i in range(offices.first[u], offices.first[u + 1]):
        if day.present[i]:
            skill = cadre.skill[i] * (p.novice_skill + (1.0 - p.novice_skill) * cadre.practice[i])
            day.productivity[i] = skill * (1.0 - p.fatigue_loss * cadre.fatigue[i]) * control
            total += day.productivity[i]
    if day.specialists[u] > 0 or office.knowhow[u] > 0.0:
        _learn_effort(u, total, offices, cadres, office, day, categories)
    mean = total / day.staff[u]
    return mean if mean > 0.0 else 1.0


@step
def _learn_effort(
    u: int, total: float, offices: Offices, cadres: Cadres, office: OfficeState, day: Day, categories: Categories
) -> None:
    """Effort of each category where there are specialists, or were some; elsewhere it is that of the first day."""
    special = 0.0
    for i in range(offices.first[u], offices.first[u + 1]):
        if day.present[i] and cadres.rank[i] == SPECIALIST:
            special += day.productivity[i]
    part = special / total if total > 0.0 else 0.0
    for k in range(categories.local.size):
        local = categories.local[k]
        local += office.knowhow[u] * max(0.0, categories.specialist[k] - local)
        day.effort[u, k] = 1.0 / (local + part * max(0.0, categories.specialist[k] - local))


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
