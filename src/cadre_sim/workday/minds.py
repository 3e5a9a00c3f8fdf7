"""Memory of offices, and minds of cadres: how the day moves caution, fatigue and motivation."""

from __future__ import annotations

from cadre_sim.activities import OUTREACH, PREPARATION, SCREENS
from cadre_sim.compiling import step
from cadre_sim.events.orders import Orders
from cadre_sim.reforms.policy import Policy
from cadre_sim.units import THOUSAND, WEEK
from cadre_sim.workday.columns import CadreState, Day, OfficeState
from cadre_sim.workday.outputs import CLOSED
from cadre_sim.workday.parameters import Parameters
from cadre_sim.world.columns import Offices


@step
def remember(u: int, offices: Offices, office: OfficeState, day: Day, p: Parameters, orders: Orders) -> None:
    """Felt visits and the effect of outreach are running means with their half-lives, per week; know-how grows.

    An office takes on the skill of its specialists while they are there, and loses some of it again.
    """
    visits = WEEK * orders.visits[u]
    office.felt[u] += (1.0 - p.felt_keep) * (visits - office.felt[u])
    taught = day.specialists[u] / day.roll[u] if day.roll[u] > 0 else 0.0
    office.knowhow[u] = p.knowhow_keep * office.knowhow[u] + p.knowhow_rate * taught * (1.0 - office.knowhow[u])
    thousands = offices.residents[u] / THOUSAND
    outreach = 0.0
    for i in range(offices.first[u], offices.first[u + 1]):
        outreach += day.hours[i, OUTREACH]
    reached = WEEK * outreach / thousands if thousands > 0.0 else 0.0
    office.prevention[u] += (1.0 - p.prevention_keep) * (reached - office.prevention[u])


@step
def move_minds(
    u: int, offices: Offices, office: OfficeState, cadre: CadreState, day: Day, p: Parameters, policy: Policy
) -> None:
    """Caution moves to its target, fatigue follows overtime, motivation moves logistically.

    caution: dc = (clip(trait + accountability for inaction + tolerance x (visits felt + evaluations in season +
    penalties + an accusation not cleared)) - c) / time.
    fatigue: df = gain x overtime x (1 - f) - recovery x f.
    motivation: dm = m (1 - m) (solved x recognition + mentors + peers (mean - m) - burden share - fatigue -
    accusation + trait (disposition - m)).
    practice: dp = (1 - p) / time, faster with mentors.
    """
    first, last = offices.first[u], offices.first[u + 1]
    staff = day.staff[u]
    mean = 0.0
    roll = max(1, day.roll[u])
    for i in range(first, last):
        if day.rolled[i]:
            mean += cadre.motivation[i]
    mean /= roll
    mentors = day.mentors[u] / roll
    tolerance = policy.blame_scale[u]
    raised = p.caution_visits * office.felt[u] + p.caution_evaluations * office.pressure[u]
    raised = tolerance * (raised + p.caution_penalties * office.blame[u]) + policy.accountability[u]
    learnt = min(1.0, p.learning * (1.0 + p.learning_mentors * mentors))
    solved = p.motivation_solved * policy.recognition_scale[u] * day.out[u, CLOSED] / staff if staff > 0 else 0.0
    for i in range(first, last):
        if not day.rolled[i]:
            continue
        caution, fatigue, m = cadre.caution[i], cadre.fatigue[i], cadre.motivation[i]
        target = min(1.0, cadre.caution_trait[i] + raised + tolerance * p.caution_accused * cadre.accused[i])
        cadre.caution[i] = caution + p.caution_rate * (target - caution)
        rise = p.fatigue_gain * day.overtime[i] * (1.0 - fatigue) - p.fatigue_recovery * fatigue
        cadre.fatigue[i] = min(1.0, max(0.0, fatigue + rise))
        cadre.practice[i] += learnt * (1.0 - cadre.practice[i])
        drift = solved if day.present[i] else 0.0
        drift += p.motivation_mentors * mentors
        drift -= p.motivation_accused * cadre.accused[i]
        drift += p.motivation_peers * (mean - m)
        drift -= p.motivation_burden * _burden_share(i, day)
        drift -= p.motivation_fatigue * fatigue
        drift += p.motivation_trait * (cadre.motivation_trait[i] - m)
        cadre.motivation[i] = min(1.0, max(0.0, m + m * (1.0 - m) * drift))


@step
def _burden_share(i: int, day: Day) -> float:
    """Share of a cadre's hours today that went to inspections, meetings and paperwork."""
    worked = day.contracted[i] + day.overtime[i]
    if worked <= 0.0:
        return 0.0
    burden = 0.0
    for k in range(PREPARATION, SCREENS + 1):
        burden += day.hours[i, k]
    return burden / worked
