"""Arrivals: work from residents and from above joins the office's queues."""

from __future__ import annotations

import numpy as np

from cadre_sim.activities import CERTIFICATES, EVIDENCE, ORDINARY, PREPARATION, RECTIFICATION, REPORTS, TASKS, URGENT
from cadre_sim.arrays import Floats
from cadre_sim.compiling import step
from cadre_sim.events.orders import EVIDENCE_ORDER, FORM_ORDER, MEETING_ORDER, TASK_ORDER, Orders
from cadre_sim.levels import CITY_LEVEL, COUNTY_LEVEL, LEVELS, TOWNSHIP_LEVEL
from cadre_sim.reforms.channels import DIVERTED, EVALUATIONS, KNOB_OF, NOT_CUT
from cadre_sim.reforms.policy import Policy
from cadre_sim.streams import Key, Stream, normal_quantile, philox, poisson, to_unit, uniform
from cadre_sim.units import THOUSAND
from cadre_sim.workday.columns import Books, Day, OfficeState, Today
from cadre_sim.workday.outputs import CERTIFICATES_ASKED, FORMS, RECEIVED, RECEIVED_URGENT
from cadre_sim.workday.parameters import Categories, Parameters
from cadre_sim.workday.queue import LONGEST_WAIT, QUEUES, Queues, insert
from cadre_sim.world.columns import TOWNSHIP, Offices

_MATTER_COUNT = int(Stream.MATTER_COUNT)
_MATTER = int(Stream.MATTER)
_CERTIFICATES = int(Stream.CERTIFICATE_COUNT)
_KEPT = 1_000_000
"""First of the draws that decide which certificates are still asked for, beyond those for their number."""
SMALLEST = 1e-300
"""Keeps the place within a category whose share is nothing a number."""


@step
def count_arrivals(
    u: int,
    offices: Offices,
    q: Queues,
    office: OfficeState,
    day: Day,
    certificate_kept: Floats,
    p: Parameters,
    key: Key,
    policy: Policy,
    orders: Orders,
    today: Today,
) -> None:
    """Matters of the day: Poisson with mean rate x season x (1 - prevention) x (1 + neglect) x (1 + harm).

    Prevention is exp(-strength x outreach in hours a week per 1000 residents); neglect is the share of open matters
    that are past their date; harm is proportional to hidden violations per 1000 residents.
    Certificates: Poisson with mean rate x season; a kind that has left the catalogue is not asked for.
    """
    lowered = np.exp(-p.prevention * office.prevention[u])
    raised = 1.0 + p.neglect * office.neglected[u]
    if offices.residents[u] > 0.0:
        raised *= 1.0 + p.harm * office.hidden[u] * THOUSAND / offices.residents[u]
    rate = offices.matters[u] * today.season * lowered * raised
    day.matters[u] = poisson(key, _MATTER_COUNT, u, today.number, rate)
    day.certificates[u] = _certificates(u, offices, certificate_kept, key, policy, today)
    _need_room(u, offices, q, day, orders)


@step
def area_of(u: int, level: int, offices: Offices) -> int:
    """The area of a level that an office lies in."""
    if level == CITY_LEVEL:
        return offices.city[u]
    return offices.county[u] if level == COUNTY_LEVEL else offices.township[u]


@step
def _need_room(u: int, offices: Offices, q: Queues, day: Day, orders: Orders) -> None:
    """How many items each queue may come to hold today: those it holds, and at most all that come."""
    needed = day.needed[u]
    own = orders.office_start[u + 1] - orders.office_start[u]
    needed[PREPARATION] = needed[RECTIFICATION] = own
    # Beside orders: a complaint, a day's traces, all certificates of a day, an ad-hoc task from each level.
    needed[REPORTS] = needed[EVIDENCE] = needed[CERTIFICATES] = 1
    needed[TASKS] = len(LEVELS)
    for level in range(len(LEVELS)):
        area = area_of(u, level, offices)
        needed[REPORTS] += orders.counts[area, FORM_ORDER]
        needed[EVIDENCE] += orders.counts[area, EVIDENCE_ORDER]
        needed[TASKS] += orders.counts[area, TASK_ORDER]
    needed[URGENT] = needed[ORDINARY] = day.matters[u]
    short = False
    for k in range(QUEUES):
        needed[k] += q.length[u, k]
        short |= needed[k] > q.room[u, k]
    day.short[u] = short


@step
def _certificates(u: int, offices: Offices, certificate_kept: Floats, key: Key, policy: Policy, today: Today) -> int:
    rate = offices.certificates[u] * today.season
    asked = poisson(key, _CERTIFICATES, u, today.number, rate) if rate > 0.0 else 0
    removed = min(policy.certificates_removed[u], certificate_kept.size - 1.0)
    if removed <= 0.0:
        return asked
    below = int(removed)
    above = min(below + 1, certificate_kept.size - 1)
    low, high = certificate_kept[below], certificate_kept[above]
    share = low + (removed - below) * (high - low)
    kept = 0
    for j in range(asked):
        if uniform(key, _CERTIFICATES, u, today.number, _KEPT + j) < share:
            kept += 1
    return kept


@step
def receive(
    u: int,
    offices: Offices,
    q: Queues,
    day: Day,
    books: Books,
    categories: Categories,
    p: Parameters,
    key: Key,
    policy: Policy,
    orders: Orders,
    today: Today,
) -> None:
    """Orders from above, then certificates and matters of residents, join the queue; meetings become seats."""
    _receive_orders_to_areas(u, offices, q, day, books, p, policy, orders, today)
    for j in range(orders.office_start[u], orders.office_start[u + 1]):
        _add(u, orders.office_kind[j], orders.office_hours[j], orders.office_due[j], q, books, today)
    trace = p.trace * day.roll[u]
    if trace > 0.0:
        _add(u, EVIDENCE, trace, today.number + p.trace_days - 1, q, books, today)
    certificates = day.certificates[u]
    day.out[u, CERTIFICATES_ASKED] = certificates
    if certificates > 0:
        hours = certificates * p.certificate_hours
        _add(u, CERTIFICATES, hours, today.number + p.certificate_days - 1, q, books, today)
    _receive_matters(u, q, day, books, categories, p, key, today)


@step
def _receive_orders_to_areas(
    u: int,
    offices: Offices,
    q: Queues,
    day: Day,
    books: Books,
    p: Parameters,
    policy: Policy,
    orders: Orders,
    today: Today,
) -> None:
    day.meeting_seats[u] = 0.0
    day.meeting_hours[u] = 0.0
    day.reception_seats[u] = orders.reception_seats[u]
    day.reception_hours[u] = orders.reception_hours[u]
    township = offices.kind[u] == TOWNSHIP
    per_level = 1.0 + (p.amplification - 1.0) * policy.amplification_scale[u]
    own_level = COUNTY_LEVEL if township else TOWNSHIP_LEVEL
    # A township government asks its villages, and not itself.
    for level in range(own_level + 1):
        area = area_of(u, level, offices)
        for j in range(orders.area_start[area], orders.area_start[area + 1]):
            passed_on = own_level - orders.level[j]
            hours = orders.hours[j] * offices.load[u]
            for _ in range(passed_on):
                hours *= per_level
            if orders.kind[j] == MEETING_ORDER:
                _summon(u, j, offices, day, policy, orders)
            elif orders.kind[j] == FORM_ORDER:
                _receive_form(u, j, hours, q, day, books, policy, orders, today)
            elif orders.kind[j] == EVIDENCE_ORDER:
                if orders.keep[j] < evaluation_share(u, orders.level[j], orders.comprehensive[j], policy):
                    _add(u, EVIDENCE, hours, today.number + orders.lead[j] - 1, q, books, today)
            elif orders.keep[j] < policy.task_share[u]:
                _add(u, TASKS, hours, today.number + orders.lead[j] - 1, q, books, today)
        if orders.diverting[area]:
            hours = _diverted(u, area, level, policy, orders) * offices.load[u] * policy.task_share[u]
            _add(u, TASKS, hours, today.number + p.ad_hoc_days - 1, q, books, today)


@step
def _diverted(u: int, area: int, level: int, policy: Policy, orders: Orders) -> float:
    """Hours of an ad-hoc task that departments of an area ask for in place of what was cut at this office."""
    hours = 0.0
    for channel in range(len(DIVERTED)):
        hours += orders.diverted[area, channel] * max(0.0, 1.0 - share_at(u, channel, level, policy))
    return hours


@step
def share_at(u: int, channel: int, level: int, policy: Policy) -> float:
    """Share of what departments of a level plan of a channel that takes place for an office."""
    knob = KNOB_OF[channel][level]
    return 1.0 if knob == NOT_CUT else policy[knob][u]


@step
def evaluation_share(u: int, level: int, comprehensive: bool, policy: Policy) -> float:
    """Share of evaluations of a level that take place for an office."""
    return policy.comprehensive_share[u] if comprehensive else share_at(u, EVALUATIONS, level, policy)


@step
def _summon(u: int, j: int, offices: Offices, day: Day, policy: Policy, orders: Orders) -> None:
    if orders.keep[j] >= policy.meeting_share[u]:
        return
    attendees = orders.attendees[j] * offices.load[u] * policy.meeting_attendees_scale[u]
    if attendees <= 0.0:
        return
    length = min(orders.hours[j], policy.meeting_hours_cap[u]) + orders.travel[j] * policy.meeting_travel_scale[u]
    # Seats are whole, hours are exact: 1.6 attendees are two who together sit through 1.6 meetings.
    day.meeting_seats[u] += max(1.0, np.rint(attendees))
    day.meeting_hours[u] += attendees * length


@step
def _receive_form(
    u: int, j: int, hours: float, q: Queues, day: Day, books: Books, policy: Policy, orders: Orders, today: Today
) -> None:
    share = policy.form_duplicate_share[u] if orders.duplicate[j] else policy.form_share[u]
    if orders.keep[j] < share:
        _add(u, REPORTS, hours * policy.form_hours_scale[u], today.number + orders.lead[j] - 1, q, books, today)
        day.out[u, FORMS] += 1.0


@step
def _receive_matters(
    u: int, q: Queues, day: Day, books: Books, categories: Categories, p: Parameters, key: Key, today: Today
) -> None:
    """Each matter of the day draws its category, urgency and hours, and whether it waits for another department.

    Hours are log-normal, and a share of heavy cases has a higher mean. One draw gives the category, its place within
    the category's share whether the matter waits, and its place within that how long: exponential, rounded up. The date
    moves by the wait.
    """
    count = day.matters[u]
    for j in range(count):
        a, b, z, d = philox(u, today.number, j, _MATTER, key.seed, key.replicate)
        category, within = _category(to_unit(d), categories)
        mean = p.heavy_hours if to_unit(b) < p.heavy_share else p.matter_hours
        mean *= categories.hours[category]
        wait = 0
        if within < categories.waits[category]:
            longest = categories.wait_days[category] * -np.log(within / categories.waits[category])
            wait = int(min(LONGEST_WAIT, np.ceil(longest)))
        spread = p.hours_spread
        hours = mean * np.exp(spread * normal_quantile(to_unit(z)) - 0.5 * spread * spread)
        if to_unit(a) < p.urgent_share:
            due = today.number + p.due_days_urgent - 1 + wait
            insert(u, URGENT, hours, due, today.number, j, category, wait, q, books.asked)
            day.out[u, RECEIVED_URGENT] += 1.0
        else:
            due = today.number + p.due_days - 1 + wait
            insert(u, ORDINARY, hours, due, today.number, j, category, wait, q, books.asked)
    day.out[u, RECEIVED] = count


@step
def _category(draw: float, categories: Categories) -> tuple[int, float]:
    """Category of a matter by a uniform draw, and where the draw lies within the category's share, 0 to 1."""
    lower = 0.0
    for k in range(categories.below.size - 1):
        if draw < categories.below[k]:
            return k, (draw - lower) / (categories.below[k] - lower)
        lower = categories.below[k]
    last = categories.below.size - 1
    return last, (draw - lower) / max(1.0 - lower, SMALLEST)


@step
def _add(u: int, kind: int, hours: float, due: int, q: Queues, books: Books, today: Today) -> None:
    if hours > 0.0:
        insert(u, kind, hours, max(due, today.number), today.number, 0, 0, 0, q, books.asked)
