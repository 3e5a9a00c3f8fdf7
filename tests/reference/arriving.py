"""What comes to an office on a day: the steps count_arrivals and receive."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from cadre_sim.levels import LEVELS
from cadre_sim.scenario.demand import Category, Demand
from cadre_sim.streams import Stream, normal_quantile, poisson, uniform, uniforms4
from reference.calendar import WEEK
from reference.handed import AreaToday, Order
from reference.queue import Item, join
from reference.today import Today

if TYPE_CHECKING:
    from reference.office import Office

LONGEST_WAIT = 255
"""Longest wait for another department, in working days."""


def count_arrivals(office: Office, today: Today) -> None:
    """How many matters and certificates residents bring."""
    demand, t = office.scenario.demand, today.t
    season = season_of(demand, today.calendar.month(t), today.calendar.date(t).weekday() == 0)
    rate = (
        office.matters
        * season
        * math.exp(-demand.prevention * office.prevention)
        * (1 + demand.neglect * office.neglected)
        * (1 + office.scenario.integrity.harm * office.hidden_per_1000)
    )
    today.matters = poisson(office.key, Stream.MATTER_COUNT, office.row, t, rate)
    asked = poisson(office.key, Stream.CERTIFICATE_COUNT, office.row, t, office.certificates * season)
    today.certificates = remaining_certificates(office, today, asked)
    today.counts["received"] = today.matters
    today.counts["certificates_asked"] = today.certificates


def season_of(demand: Demand, month: int, is_monday: bool) -> float:
    """Demand of a day in terms of the mean."""
    swing = 1 + demand.season_swing * math.cos(2 * math.pi * (month - demand.season_peak) / 12)
    weekday = WEEK / (WEEK - 1 + demand.monday_factor)
    return swing * weekday * (demand.monday_factor if is_monday else 1)


def remaining_certificates(office: Office, today: Today, asked: int) -> int:
    """How many of the certificates asked for are of kinds that remain."""
    removed = min(today.policy["certificates_removed"], office.scenario.demand.certificate_kinds)
    if removed <= 0:
        return asked
    kept = kept_share(office.scenario.demand, removed)
    draws = (uniform(office.key, Stream.CERTIFICATE_COUNT, office.row, today.t, 1_000_000 + j) for j in range(asked))
    return sum(draw < kept for draw in draws)


def kept_share(demand: Demand, removed: float) -> float:
    """Share of requests that are for the kinds that remain; linear between whole numbers of kinds removed."""
    below = math.floor(removed)
    low = kept_share_whole(demand, below)
    if removed == below:
        return low
    return low + (removed - below) * (kept_share_whole(demand, below + 1) - low)


def kept_share_whole(demand: Demand, removed: int) -> float:
    """The same for a whole number of kinds, spread evenly over the catalogue."""
    kinds = demand.certificate_kinds
    often = [(k + 1.0) ** -demand.certificate_skew for k in range(kinds)]
    kept = sum(q for k, q in enumerate(often) if (k + 1) * removed // kinds == k * removed // kinds)
    return kept / sum(often)


def receive(office: Office, today: Today) -> None:
    """Everything joins the queue: from the areas, for the office alone, ledgers, certificates, matters."""
    for level, area in enumerate(today.asked):
        for order in area.orders:
            receive_order(office, today, order)
        receive_ad_hoc(office, today, LEVELS[level], area)
    for activity, hours, due in today.handed.work:
        ask(office, today, activity, hours, due)
    oversight, demand, t = office.scenario.oversight, office.scenario.demand, today.t
    ask(office, today, "evidence", oversight.trace_hours / WEEK * len(today.roll), t + oversight.trace_days - 1)
    hours = today.certificates * demand.certificate_hours
    ask(office, today, "certificates", hours, t + demand.certificate_days - 1)
    for j in range(today.matters):
        receive_matter(office, today, j)


def ask(office: Office, today: Today, activity: str, hours: float, due: int) -> None:
    """Work that joins the queue today."""
    join(office.queue, Item(activity, hours, born=today.t, due=due))


def receive_order(office: Office, today: Today, order: Order) -> None:
    """What an order becomes at this office, if anything."""
    if order.keep >= share_kept(order, today.policy):
        return
    due = today.t + order.lead - 1
    match order.kind:
        case "meeting":
            summon(office, today, order)
        case "form":
            today.counts["forms"] += 1
            hours = amplified(office, today, order) * today.policy["form_hours_scale"]
            ask(office, today, "reports", hours, due)
        case "task":
            ask(office, today, "tasks", amplified(office, today, order), due)
        case "evidence":
            ask(office, today, "evidence", amplified(office, today, order), due)


def share_kept(order: Order, policy: dict[str, float]) -> float:
    """The share of such orders that the office's policy keeps."""
    match order.kind:
        case "meeting":
            return policy["meeting_share"]
        case "form":
            return policy["form_duplicate_share" if order.duplicate else "form_share"]
        case "task":
            return policy["task_share"]
    if order.comprehensive:
        return policy["comprehensive_share"]
    return evaluation_share(LEVELS[order.level], policy)


def evaluation_share(level: str, policy: dict[str, float]) -> float:
    """The share of evaluations of a level that the policy keeps; a township's are all kept."""
    return 1.0 if level == "township" else policy[f"evaluation_share_{level}"]


def amplified(office: Office, today: Today, order: Order) -> float:
    """Hours of an order as they reach the office, having grown at each level in between."""
    per_level = 1 + (office.scenario.oversight.amplification - 1) * today.policy["amplification_scale"]
    levels = (1 if office.is_township else 2) - order.level
    return order.hours * office.load * per_level**levels


def summon(office: Office, today: Today, order: Order) -> None:
    """A meeting of today takes its seats."""
    policy = today.policy
    attendees = order.attendees * office.load * policy["meeting_attendees_scale"]
    length = min(order.hours, policy["meeting_hours_cap"]) + order.travel * policy["meeting_travel_scale"]
    seats = max(1, round(attendees)) if attendees > 0 else 0
    today.meeting_seats += seats
    today.meeting_hours += attendees * length
    today.counts["meeting_seats"] += seats


def receive_ad_hoc(office: Office, today: Today, level: str, area: AreaToday) -> None:
    """The ad-hoc task by which an area that reviews today makes up for what is cut."""
    if area.instead is None:
        return
    policy = today.policy
    share = {
        "inspections": policy[f"visit_share_{level}"],
        "meetings": policy["meeting_share"],
        "forms": policy["form_share"],
        "duplicates": policy["form_duplicate_share"],
        "evaluations": evaluation_share(level, policy),
    }
    cut = sum(hours * max(0.0, 1 - share[channel]) for channel, hours in area.instead.items())
    due = today.t + office.scenario.oversight.ad_hoc_days - 1
    ask(office, today, "tasks", office.load * policy["task_share"] * cut, due)


def receive_matter(office: Office, today: Today, j: int) -> None:
    """The matter number j of the day."""
    demand = office.scenario.demand
    a, b, z, d = uniforms4(office.key, Stream.MATTER, office.row, today.t, j)
    k, category, w = category_of(demand, d)
    wait = wait_of(category, w)
    urgent = a < demand.urgent_share
    mean = (demand.heavy_hours if b < demand.heavy_share else demand.hours) * category.hours
    hours = mean * math.exp(demand.hours_spread * normal_quantile(z) - demand.hours_spread**2 / 2)
    due = today.t + (demand.due_days_urgent if urgent else demand.due_days) - 1 + wait
    kind = "urgent" if urgent else "ordinary"
    today.counts["received_urgent"] += urgent
    join(office.queue, Item(kind, hours, born=today.t, due=due, number=j, category=k, wait=wait))


def category_of(demand: Demand, d: float) -> tuple[int, Category, float]:
    """The category of a matter with the draw d, with its number, and the place of d in its share, 0 to 1."""
    categories = list(demand.categories.values())
    total = sum(category.share for category in categories)
    low = 0.0
    for k, category in enumerate(categories):
        share = category.share / total if total > 0 else 1 / len(categories)
        high = low + share if k < len(categories) - 1 else 1.0
        if d < high:
            return k, category, (d - low) / (high - low)
        low = high
    raise AssertionError("draws are below 1")


def wait_of(category: Category, w: float) -> int:
    """Working days for which a matter waits for another department."""
    if w >= category.waits:
        return 0
    return min(LONGEST_WAIT, math.ceil(-category.wait_days * math.log(w / category.waits)))
