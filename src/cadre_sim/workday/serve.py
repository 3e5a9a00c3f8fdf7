"""Service: use of slack, hours that work off the queue, closing on paper, and complaints."""

from __future__ import annotations

from typing import Any

from cadre_sim.activities import (
    COUNT,
    EVIDENCE,
    IDLE,
    ORDINARY,
    OUTREACH,
    PREPARATION,
    REPORTS,
    URGENT,
)
from cadre_sim.compiling import step
from cadre_sim.reforms.policy import Policy
from cadre_sim.streams import Key, Stream, uniforms4
from cadre_sim.units import THOUSAND
from cadre_sim.workday.columns import Books, CadreState, Day, OfficeState, Today
from cadre_sim.workday.outputs import (
    CLOSED,
    CLOSED_URGENT,
    COMPLAINTS,
    DAY_BINS,
    DAYS_TO_CLOSE,
    GOLD_PLATING,
    ON_TIME,
    OPEN,
    OVERDUE,
    PERFUNCTORY,
    PERFUNCTORY_HOURS,
    SATISFIED,
    WAITED,
)
from cadre_sim.workday.parameters import Parameters
from cadre_sim.workday.queue import MATTERS, OWED, Queues, insert
from cadre_sim.workday.want import PERISHABLE
from cadre_sim.world.columns import Offices

_PERFUNCTORY = int(Stream.PERFUNCTORY)
_MATTERS_A_DAY = 4096
"""More matters than an office receives in a day: keeps the draws for the matters of one day apart from the next."""
DONE = 1e-9
"""Hours below which an item counts as done: the rounding of sums of hours, far below a second of work."""


@step
def use_slack(u: int, offices: Offices, cadre: CadreState, day: Day, p: Parameters, policy: Policy) -> None:
    """Slack of the contracted day goes to outreach, to gold-plating evidence, and the rest is idle.

    Weights: outreach by motivation, gold-plating by caution x (1 - motivation). The hours that work off the queue are
    summed before gold-plating is added, since nobody asked for it.
    """
    out, done = day.out[u], day.done[u]
    wanted = (day.want[u, URGENT] + day.want[u, ORDINARY]) * day.staff[u]
    slack_idle = p.slack_idle * policy.idle_scale[u]
    gold = outreach = idle = effective_urgent = effective_ordinary = service = 0.0
    for i in range(offices.first[u], offices.first[u + 1]):
        if not day.present[i]:
            continue
        hours = day.hours[i]
        for k in range(COUNT):
            out[k] += hours[k]
        effective_urgent += hours[URGENT] * day.productivity[i]
        effective_ordinary += hours[ORDINARY] * day.productivity[i]
        service += hours[URGENT] + hours[ORDINARY]
        slack = day.slack[i]
        to_outreach = p.slack_outreach * cadre.motivation[i]
        to_evidence = p.slack_evidence * cadre.caution[i] * (1.0 - cadre.motivation[i])
        weights = to_outreach + to_evidence + slack_idle
        hours[OUTREACH] = slack * to_outreach / weights if weights > 0.0 else 0.0
        gilded = slack * to_evidence / weights if weights > 0.0 else 0.0
        hours[EVIDENCE] += gilded
        hours[IDLE] = slack * slack_idle / weights if weights > 0.0 else slack
        gold += gilded
        outreach += hours[OUTREACH]
        idle += hours[IDLE]
    out[OUTREACH] = outreach
    out[IDLE] = idle
    for k in range(COUNT):
        done[k] = out[k]
    # Hours of matters count as the work that they do, since productivity differs.
    done[URGENT] = effective_urgent
    done[ORDINARY] = effective_ordinary
    out[EVIDENCE] += gold
    out[GOLD_PLATING] = gold
    day.service_undone[u] = max(0.0, 1.0 - service / wanted) if wanted > 0.0 else 0.0


@step
def work_off(
    u: int,
    offices: Offices,
    q: Queues,
    office: OfficeState,
    cadre: CadreState,
    day: Day,
    books: Books,
    p: Parameters,
    key: Key,
    policy: Policy,
    today: Today,
) -> None:
    """Hours work off the queue, first due first; preparation ends on the planned day of its visit, done or not.

    An hour's worth of a matter takes the effort of its category. A matter that waits is passed over.
    """
    out, worked = day.out[u], books.worked[u]
    # Perishable work that was asked today and not done is withdrawn.
    for k in PERISHABLE:
        worked[k] += day.done[u, k]
        books.withdrawn[u, k] = books.asked[u, k] - worked[k]
    for k in OWED:
        _work_off_owed(u, k, q, day, books, today)
    caution = _mean_caution(u, offices, cadre, day)
    chance = p.perfunctory * policy.perfunctory_scale[u] * day.service_undone[u] * caution
    trust = _trust(u, offices, office, p)
    for k in MATTERS:
        _work_off_matters(u, k, chance, trust, q, day, books, p, key, today)
    office.neglected[u] = out[OVERDUE] / out[OPEN] if out[OPEN] > 0.0 else 0.0


@step
def _work_off_owed(u: int, k: int, q: Queues, day: Day, books: Books, today: Today) -> None:
    first = q.start[u, k]
    put = first
    hours = day.done[u, k]
    for j in range(first, first + q.length[u, k]):
        item = q.item[j]
        use = min(item.left, hours)
        hours -= use
        item.left -= use
        books.worked[u, k] += use
        if item.left <= DONE or (k == PREPARATION and item.due <= today.number):
            books.withdrawn[u, k] += item.left
            continue
        if put != j:
            q.item[put] = item
        put += 1
    q.length[u, k] = put - first


@step
def _work_off_matters(
    u: int,
    k: int,
    chance: float,
    trust: float,
    q: Queues,
    day: Day,
    books: Books,
    p: Parameters,
    key: Key,
    today: Today,
) -> None:
    out = day.out[u]
    first = q.start[u, k]
    put = first
    hours = day.done[u, k]
    for j in range(first, first + q.length[u, k]):
        item = q.item[j]
        waits = item.wait > 0 and item.born + item.wait > today.number
        if hours > 0.0 and not waits:
            effort = day.effort[u, item.category]
            use = min(item.left, hours / effort)
            hours -= use * effort
            item.left -= use
            books.worked[u, k] += use
        gone = item.left <= DONE and not waits
        if gone:
            _close(u, k, item, trust, day, books, p, today)
        elif item.due <= today.number:
            gone = _at_its_date(u, item, chance, day, p, key, today)
        if gone:
            books.withdrawn[u, k] += item.left
            continue
        out[OPEN] += 1.0
        if item.due < today.number:
            out[OVERDUE] += 1.0
        if put != j:
            q.item[put] = item
        put += 1
    q.length[u, k] = put - first


@step
def complain(u: int, q: Queues, office: OfficeState, day: Day, books: Books, p: Parameters, today: Today) -> None:
    """Complaints of the day are remembered for a while, and ask for paperwork."""
    complaints = day.out[u, COMPLAINTS]
    office.complaints[u] = office.complaints[u] * p.complaint_keep + complaints
    hours = complaints * p.complaint_hours
    if hours > 0.0:
        insert(u, REPORTS, hours, today.number + p.complaint_days, today.number, 0, 0, 0, q, books.asked)


@step
def _trust(u: int, offices: Offices, office: OfficeState, p: Parameters) -> float:
    """Factor by which hidden violations among their number lower residents' satisfaction."""
    if offices.residents[u] <= 0.0:
        return 1.0
    return max(0.0, 1.0 - p.distrust * office.hidden[u] * THOUSAND / offices.residents[u])


@step
def _close(u: int, kind: int, item: Any, trust: float, day: Day, books: Books, p: Parameters, today: Today) -> None:
    out = day.out[u]
    days = today.ordinal - today.ordinals[item.born]
    out[CLOSED] += 1.0
    out[DAYS_TO_CLOSE] += days
    out[WAITED] += item.wait
    if kind == URGENT:
        out[CLOSED_URGENT] += 1.0
    if item.due >= today.number:
        out[ON_TIME] += 1.0
        out[SATISFIED] += p.satisfied * trust
    else:
        out[SATISFIED] += p.satisfied * p.satisfied_late * trust
    books.days_to_close[u, min(days, DAY_BINS - 1)] += 1


@step
def _at_its_date(u: int, item: Any, chance: float, day: Day, p: Parameters, key: Key, today: Today) -> bool:
    """Whether a matter at or past its date and not done is closed on paper; perhaps it is complained about, once."""
    out = day.out[u]
    # The draw belongs to the matter (its day and number) and to today, not to its place in the queue.
    identity = item.born * _MATTERS_A_DAY + item.number
    on_paper, returns, complains, _ = uniforms4(key, _PERFUNCTORY, u, today.number, identity)
    if on_paper < chance:
        out[PERFUNCTORY] += 1.0
        out[PERFUNCTORY_HOURS] += item.left
        if item.due >= today.number:
            out[ON_TIME] += 1.0
        if returns < p.perfunctory_complaint and not item.complained:
            out[COMPLAINTS] += 1.0
        return True
    if item.due < today.number and not item.complained and complains < p.overdue_complaint:
        item.complained = True
        out[COMPLAINTS] += 1.0
    return False


@step
def _mean_caution(u: int, offices: Offices, cadre: CadreState, day: Day) -> float:
    staff = day.staff[u]
    total = 0.0
    for i in range(offices.first[u], offices.first[u + 1]):
        if day.present[i]:
            total += cadre.caution[i]
    return total / staff if staff > 0 else 0.0
