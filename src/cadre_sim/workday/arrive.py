"""Steps 1 and 2: what comes in today, from residents and from above, joins the office's queue."""

from __future__ import annotations

import numpy as np

from cadre_sim.activities import CERTIFICATES, EVIDENCE, ORDINARY, REPORTS, TASKS, URGENT
from cadre_sim.compiling import step
from cadre_sim.events.orders import EVIDENCE_ORDER, FORM_ORDER, MEETING_ORDER, Orders
from cadre_sim.reforms.policy import Policy
from cadre_sim.streams import Key, Stream, normal_quantile, philox, poisson, to_unit, uniform
from cadre_sim.workday.columns import Books, Day, Floats, OfficeState, Queues, Today
from cadre_sim.workday.outputs import CERTIFICATES_ASKED, FORMS, RECEIVED, RECEIVED_URGENT
from cadre_sim.workday.parameters import Parameters
from cadre_sim.workday.queue import insert
from cadre_sim.world.columns import TOWNSHIP, Offices

_MATTER_COUNT = int(Stream.MATTER_COUNT)
_MATTER = int(Stream.MATTER)
_CERTIFICATES = int(Stream.CERTIFICATE_COUNT)


@step
def count_arrivals(
    u: int,
    offices: Offices,
    office: OfficeState,
    day: Day,
    certificate_kept: Floats,
    p: Parameters,
    key: Key,
    policy: Policy,
    today: Today,
) -> None:
    """Matters of the day: Poisson with mean rate x season x (1 - prevention) x (1 + neglect).

    Prevention is exp(-strength x outreach in hours a week per 1000 residents); neglect is the share of open matters
    that are past their date. Certificates: Poisson with mean rate x season; a kind that has left the catalogue is not
    asked for.
    """
    lowered = np.exp(-p.prevention * office.prevention[u])
    raised = 1.0 + p.neglect * office.neglected[u]
    rate = offices.matters[u] * today.season * lowered * raised
    day.arrivals[u, 0] = poisson(key, _MATTER_COUNT, u, today.number, rate)
    day.arrivals[u, 1] = _certificates(u, offices, certificate_kept, key, policy, today)


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
        if uniform(key, _CERTIFICATES, u, today.number, 1_000_000 + j) < share:
            kept += 1
    return kept


@step
def receive(
    u: int,
    offices: Offices,
    q: Queues,
    day: Day,
    books: Books,
    p: Parameters,
    key: Key,
    policy: Policy,
    orders: Orders,
    today: Today,
) -> None:
    """Orders from above, then certificates and matters of residents, join the queue; meetings become seats."""
    day.out[u, :] = 0.0
    _receive_orders_to_areas(u, offices, q, day, books, p, policy, orders, today)
    for j in range(orders.office_start[u], orders.office_start[u + 1]):
        _add(u, orders.office_kind[j], orders.office_hours[j], orders.office_due[j], q, books, today)
    staff = offices.first[u + 1] - offices.first[u]
    trace = p.trace * staff
    if trace > 0.0:
        _add(u, EVIDENCE, trace, today.number + p.trace_days - 1, q, books, today)
    certificates = day.arrivals[u, 1]
    day.out[u, CERTIFICATES_ASKED] = certificates
    if certificates > 0:
        hours = certificates * p.certificate_hours
        _add(u, CERTIFICATES, hours, today.number + p.certificate_days - 1, q, books, today)
    _receive_matters(u, q, day, books, p, key, today)


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
    day.seats[u, 0] = 0.0
    day.seats[u, 1] = 0.0
    day.seats[u, 2] = orders.reception_seats[u]
    day.seats[u, 3] = orders.reception_hours[u]
    township = offices.kind[u] == TOWNSHIP
    for place in range(3):
        if place == 2 and township:
            # What a township government asks of its villages it does not ask of itself.
            break
        area = 0 if place == 0 else (offices.county[u] if place == 1 else offices.township[u])
        for j in range(orders.area_start[area], orders.area_start[area + 1]):
            passed_on = (1 if township else 2) - orders.level[j]
            hours = orders.hours[j] * offices.load[u]
            for _ in range(passed_on):
                hours *= p.amplification
            if orders.kind[j] == MEETING_ORDER:
                _summon(u, j, offices, day, policy, orders)
            elif orders.kind[j] == FORM_ORDER:
                _receive_form(u, j, hours, q, day, books, policy, orders, today)
            elif orders.kind[j] == EVIDENCE_ORDER:
                if orders.keep[j] < evaluation_share(u, orders.level[j], orders.comprehensive[j], policy):
                    _add(u, EVIDENCE, hours, today.number + orders.lead[j] - 1, q, books, today)
            else:
                _add(u, TASKS, hours, today.number + orders.lead[j] - 1, q, books, today)


@step
def evaluation_share(u: int, level: int, comprehensive: bool, policy: Policy) -> float:
    """Share of evaluations of a level that take place for an office."""
    if comprehensive:
        return policy.comprehensive_share[u]
    if level == 0:
        return policy.evaluation_share_city[u]
    return policy.evaluation_share_county[u] if level == 1 else 1.0


@step
def _summon(u: int, j: int, offices: Offices, day: Day, policy: Policy, orders: Orders) -> None:
    if orders.keep[j] >= policy.meeting_share[u]:
        return
    attendees = orders.attendees[j] * offices.load[u] * policy.meeting_attendees_scale[u]
    if attendees <= 0.0:
        return
    length = min(orders.hours[j], policy.meeting_hours_cap[u]) + orders.travel[j] * policy.meeting_travel_scale[u]
    # Seats are whole, hours are exact: 1.6 attendees are two who together sit through 1.6 meetings.
    day.seats[u, 0] += max(1.0, np.rint(attendees))
    day.seats[u, 1] += attendees * length


@step
def _receive_form(
    u: int, j: int, hours: float, q: Queues, day: Day, books: Books, policy: Policy, orders: Orders, today: Today
) -> None:
    share = policy.form_duplicate_share[u] if orders.duplicate[j] else policy.form_share[u]
    if orders.keep[j] < share:
        _add(u, REPORTS, hours * policy.form_hours_scale[u], today.number + orders.lead[j] - 1, q, books, today)
        day.out[u, FORMS] += 1.0


@step
def _receive_matters(u: int, q: Queues, day: Day, books: Books, p: Parameters, key: Key, today: Today) -> None:
    """Each matter of the day draws its urgency and hours: log-normal, and a share of heavy cases with a higher mean."""
    count = day.arrivals[u, 0]
    for j in range(count):
        a, b, z, _ = philox(u, today.number, j, _MATTER, key.seed, key.replicate)
        mean = p.heavy_hours if to_unit(b) < p.heavy_share else p.matter_hours
        spread = p.hours_spread
        hours = mean * np.exp(spread * normal_quantile(to_unit(z)) - 0.5 * spread * spread)
        if to_unit(a) < p.urgent_share:
            insert(u, URGENT, hours, today.number + p.due_days_urgent - 1, today.number, j, q, books)
            day.out[u, RECEIVED_URGENT] += 1.0
        else:
            insert(u, ORDINARY, hours, today.number + p.due_days - 1, today.number, j, q, books)
    day.out[u, RECEIVED] = count


@step
def _add(u: int, kind: int, hours: float, due: int, q: Queues, books: Books, today: Today) -> None:
    if hours > 0.0:
        insert(u, kind, hours, max(due, today.number), today.number, 0, q, books)
