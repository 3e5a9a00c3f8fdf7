"""How the hours of a day are spent: the steps attend, want, share and use_slack."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from reference.calendar import WEEK, YEAR
from reference.queue import MATTERS, Item
from reference.today import Today

if TYPE_CHECKING:
    from reference.cadre import Cadre
    from reference.office import Office

STRONGEST = 300.0
"""Largest exponent of a weight."""

BURDEN_WANTS = (
    "preparation", "rectification", "readiness", "reports", "evidence", "certificates", "signs", "tasks", "screens",
)  # fmt: skip
QUEUED = ("preparation", "rectification", "reports", "evidence", "certificates", "tasks", "urgent", "ordinary")


def longest_day(office: Office) -> float:
    """Longest day that anybody works."""
    staff = office.scenario.staff
    return max(staff.longest_day, staff.contracted_hours)


def attend(office: Office, today: Today) -> None:
    """Who is present, and who sits in meetings and receives visitors, by turns."""
    t, longest = today.t, longest_day(office)
    today.present = [cadre for cadre in today.roll if not cadre.is_absent(t)]
    present, meetings, receptions = len(today.present), today.meeting_seats, int(today.handed.seats)
    seated = 0.0
    meeting = today.meeting_hours / meetings if meetings else 0.0
    reception = today.handed.seat_hours / receptions if receptions else 0.0
    for place, cadre in enumerate(today.present):
        turn = (t + place) % present
        in_meetings = min(longest, seats(turn, meetings, present) * meeting)
        received = seats((turn - meetings) % present, receptions, present) * reception
        cadre.hours["meetings"] = in_meetings
        cadre.hours["reception"] = min(longest - in_meetings, received)
        cadre.contracted = office.scenario.staff.contracted_hours
        seated += cadre.hours["meetings"] + cadre.hours["reception"]
    asked = (today.meeting_hours if meetings else 0.0) + (today.handed.seat_hours if receptions else 0.0)
    today.counts["missed"] = asked - seated


def seats(turn: int, n: int, present: int) -> int:
    """How many of n seats fall to whoever has this turn."""
    return n // present + (1 if turn < n % present else 0)


def want(office: Office, today: Today) -> None:
    """Hours wanted today of each cadre present, by activity."""
    if not today.present:
        return
    scenario, policy, present = office.scenario, today.policy, len(today.present)
    today.productivity = {cadre: cadre.productivity() for cadre in today.present}
    today.effort = efforts(office, today)
    wanted = dict.fromkeys(QUEUED, 0.0)
    for item in office.queue:
        if not item.waits(today.t):
            wanted[item.activity] += item.left * effort_of(item, today) / days_left(office, item, today.t) / present
    mean = sum(today.productivity.values()) / present
    for activity in MATTERS:
        wanted[activity] /= mean if mean > 0 else 1.0
    oversight, staff = scenario.oversight, scenario.staff
    wanted["readiness"] = oversight.readiness_hours / WEEK * policy["readiness_scale"]
    signs = max(0.0, oversight.signs - policy["signs_removed"])
    wanted["signs"] = signs * oversight.sign_hours / YEAR * office.load / present
    messages = (1 - policy["task_share"]) * sum(area.messages for area in today.asked)
    apps = oversight.screens * oversight.screen_minutes / 60 * policy["screens_scale"]
    wanted["screens"] = apps + messages * office.load / present
    wanted["training"] = staff.training_hours / WEEK
    wanted["other"] = (staff.other_hours_township if office.is_township else staff.other_hours) / WEEK
    today.wanted = wanted


def efforts(office: Office, today: Today) -> list[float]:
    """Hours of work that an hour of a matter takes those present, by category."""
    total = sum(today.productivity.values())
    by_specialists = sum(prod for cadre, prod in today.productivity.items() if cadre.rank == "specialist")
    part = by_specialists / total if total > 0 else 0.0
    found = []
    for category in office.scenario.demand.categories.values():
        own = category.local + office.knowhow * max(0.0, category.specialist - category.local)
        found.append(1 / (own + part * max(0.0, category.specialist - own)))
    return found


def effort_of(item: Item, today: Today) -> float:
    """Hours of work that an hour of an item takes."""
    return today.effort[item.category] if item.is_matter else 1.0


def days_left(office: Office, item: Item, t: int) -> int:
    """Days over which what is left of an item is spread."""
    return 1 if office.scenario.behaviour.pace == "at_once" else max(1, item.due - t + 1)


def share_and_use_slack(office: Office, cadre: Cadre, today: Today) -> None:
    """A cadre's hours: the contracted day by the weights of what is wanted, then overtime, then slack."""
    behaviour, wanted, contracted = office.scenario.behaviour, today.wanted, cadre.contracted
    fixed = cadre.hours["meetings"] + cadre.hours["reception"]
    cadre.hours["switching"] = min(lost_to_switching(office, today), max(0.0, contracted - fixed))
    free = max(0.0, contracted - fixed) - cadre.hours["switching"]
    wants = {
        "burden": sum(wanted[k] for k in BURDEN_WANTS),
        "urgent": wanted["urgent"],
        "service": wanted["ordinary"] + wanted["training"],
        "other": wanted["other"],
    }
    shares = level_shares(wants, weights(office, cadre), free)

    by_caution = min(1.0, behaviour.overtime_burden * cadre.caution)
    by_motivation = min(1.0, behaviour.overtime_service * cadre.motivation)
    willing = {"burden": by_caution, "urgent": by_motivation, "service": by_motivation, "other": 0.0}
    more = {kind: (1 - shares[kind]) * willing[kind] for kind in wants}
    would = sum(more[kind] * wants[kind] for kind in wants)
    beyond = max(0.0, fixed - contracted)
    most = min(behaviour.overtime_ceiling * (1 - cadre.fatigue), longest_day(office) - contracted)
    part = min(1.0, max(0.0, most - beyond) / would) if would > 0 else 0.0
    cadre.overtime = beyond + part * would

    done = {kind: shares[kind] + part * more[kind] for kind in wants}
    for activity, hours in wanted.items():
        cadre.hours[activity] = hours * done[kind_of(activity)]
    use_slack(office, cadre, today, max(0.0, free - sum(shares[kind] * wants[kind] for kind in wants)))


def kind_of(activity: str) -> str:
    """Which of the four kinds of wants an activity belongs to."""
    if activity in ("urgent", "other"):
        return activity
    return "burden" if activity in BURDEN_WANTS else "service"


def lost_to_switching(office: Office, today: Today) -> float:
    """Hours that a cadre loses to switching, interruptions and keeping track of open matters."""
    behaviour, present = office.scenario.behaviour, len(today.present)
    kinds = sum(hours > 0 for hours in today.wanted.values())
    interruptions = (today.meeting_seats + today.handed.seats) / present
    matters = sum(item.is_matter for item in office.queue) / present
    lost = (
        behaviour.switch_minutes / 60 * max(0, kinds - 1)
        + behaviour.interruption_minutes / 60 * interruptions
        + behaviour.juggling_minutes / 60 * matters
    )
    return min(behaviour.switching_most, lost)


RULES = {"proportional": (1, 1, 1), "burden_first": (1e12, 1e6, 1), "service_first": (1, 1e12, 1e6)}
"""Weights of burden, urgent matters and service by the rules that do not look at the cadre."""


def weights(office: Office, cadre: Cadre) -> dict[str, float]:
    """What each kind of want weighs with a cadre."""
    behaviour = office.scenario.behaviour
    if behaviour.rule != "weighted":
        burden, urgent, service = RULES[behaviour.rule]
        return {"burden": burden, "urgent": urgent, "service": service, "other": 1.0}
    service = math.exp(min(STRONGEST, behaviour.pressure_motivation * cadre.motivation))
    return {
        "burden": math.exp(min(STRONGEST, behaviour.pressure_caution * cadre.caution + office.pressure)),
        "urgent": behaviour.urgent_factor * service,
        "service": service,
        "other": 1.0,
    }


def level_shares(wants: dict[str, float], weight: dict[str, float], free: float) -> dict[str, float]:
    """Shares min(1, level * weight) of the wants, with the level at which they just fill the free hours.

    The kinds whose level 1 / weight is lowest are done in full first, until the others no longer fit.
    """
    if sum(wants.values()) <= free:
        return dict.fromkeys(wants, 1.0)
    shares = dict.fromkeys(wants, 1.0)
    partly = sorted(wants, key=lambda kind: -weight[kind])
    left = free
    while partly:
        weighed = sum(wants[kind] * weight[kind] for kind in partly)
        if weighed == 0:  # urgent matters that weigh nothing: no level brings in any
            shares |= dict.fromkeys(partly, 0.0)
            break
        level = left / weighed
        if level * weight[partly[0]] < 1:
            shares |= {kind: level * weight[kind] for kind in partly}
            break
        left = max(0.0, left - wants[partly.pop(0)])
    return shares


def use_slack(office: Office, cadre: Cadre, today: Today, slack: float) -> None:
    """What a cadre does with the hours of the contracted day that nobody asked for."""
    behaviour = office.scenario.behaviour
    outreach = behaviour.slack_outreach * cadre.motivation
    evidence = behaviour.slack_evidence * cadre.caution * (1 - cadre.motivation)
    idle = behaviour.slack_idle * today.policy["idle_scale"]
    total = outreach + evidence + idle
    if total == 0:
        cadre.hours["idle"] = slack
        return
    cadre.hours["outreach"] = slack * outreach / total
    cadre.hours["idle"] = slack * idle / total
    cadre.gold_plating = slack * evidence / total
    cadre.hours["evidence"] += cadre.gold_plating
