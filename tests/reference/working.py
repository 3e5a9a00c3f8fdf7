"""What the hours of a day get done, and what residents say to it: the steps work_off and complain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cadre_sim.streams import Stream, uniforms4
from reference.hours import QUEUED, effort_of
from reference.queue import MATTERS, Item, join
from reference.today import Today

if TYPE_CHECKING:
    from reference.office import Office

DONE = 1e-9
"""Hours: an item with no more left counts as done."""


def work_off(office: Office, today: Today) -> None:
    """The hours of those present work off the queue, item by item."""
    left = hours_of_work(today)
    today.undone = undone(today)
    stays = []
    for item in office.queue:
        if item.waits(today.t):
            stays.append(item)
            continue
        if today.present:
            effort = effort_of(item, today)
            use = min(item.left, left[item.activity] / effort)
            item.left -= use
            left[item.activity] -= use * effort
        if not is_ended(office, today, item):
            stays.append(item)
    office.queue = stays
    open_matters = [item for item in office.queue if item.is_matter]
    overdue = sum(item.is_overdue(today.t) for item in open_matters)
    office.neglected = overdue / len(open_matters) if open_matters else 0.0


def hours_of_work(today: Today) -> dict[str, float]:
    """Hours by activity that work off items: without gold-plating, those on matters by what they are worth."""
    hours = dict.fromkeys(QUEUED, 0.0)
    for cadre in today.present:
        for activity in QUEUED:
            worth = today.productivity[cadre] if activity in MATTERS else 1.0
            hours[activity] += cadre.hours[activity] * worth
        hours["evidence"] -= cadre.gold_plating
    return hours


def undone(today: Today) -> float:
    """Share of the wanted work on matters that is not done today."""
    if not today.present:
        return 0.0
    wanted = len(today.present) * sum(today.wanted[k] for k in MATTERS)
    done = sum(cadre.hours[k] for cadre in today.present for k in MATTERS)
    return max(0.0, 1 - done / wanted) if wanted > 0 else 0.0


def is_ended(office: Office, today: Today, item: Item) -> bool:
    """Whether an item that has had its turn leaves the queue: it is done, closed on paper, or its visit is over."""
    if item.left <= DONE:
        if item.is_matter:
            close(office, today, item)
        return True
    if item.is_matter:
        return item.due <= today.t and is_closed_on_paper(office, today, item)
    return item.activity == "preparation" and item.due <= today.t


def close(office: Office, today: Today, item: Item) -> None:
    """A matter is closed by work."""
    demand, distrust = office.scenario.demand, office.scenario.integrity.distrust
    on_time = item.due >= today.t
    counts, calendar = today.counts, today.calendar
    counts["closed"] += 1
    counts["closed_urgent"] += item.activity == "urgent"
    counts["on_time"] += on_time
    counts["days_to_close"] += (calendar.date(today.t) - calendar.date(item.born)).days
    counts["waited"] += item.wait
    trust = max(0.0, 1 - distrust * office.hidden_per_1000)
    counts["satisfied"] += demand.satisfied * (1 if on_time else demand.satisfied_late) * trust


def is_closed_on_paper(office: Office, today: Today, item: Item) -> bool:
    """Whether a matter at or past its date is closed on paper only; it may become a complaint either way, once."""
    behaviour, counts = office.scenario.behaviour, today.counts
    x, y, z, _ = uniforms4(office.key, Stream.PERFUNCTORY, office.row, today.t, 4096 * item.born + item.number)
    chance = behaviour.perfunctory * today.policy["perfunctory_scale"] * today.undone * mean_caution(today)
    if x < chance:
        counts["perfunctory"] += 1
        counts["perfunctory_hours"] += item.left
        counts["on_time"] += item.due == today.t
        counts["complaints"] += y < behaviour.perfunctory_complaint and not item.has_complained
        return True
    if item.is_overdue(today.t) and not item.has_complained and z < behaviour.overdue_complaint:
        item.has_complained = True
        counts["complaints"] += 1
    return False


def mean_caution(today: Today) -> float:
    """Mean caution of those present; 0 where nobody is."""
    return sum(cadre.caution for cadre in today.present) / len(today.present) if today.present else 0.0


def complain(office: Office, today: Today) -> None:
    """Complaints add to those remembered, and ask for an answer on which work starts tomorrow."""
    scenario, complaints = office.scenario, today.counts["complaints"]
    office.complaints = office.complaints * 0.5 ** (1 / scenario.oversight.complaint_half_life) + complaints
    due = today.t + scenario.behaviour.complaint_days
    hours = complaints * scenario.behaviour.complaint_hours
    join(office.queue, Item("reports", hours, born=today.t, due=due))
