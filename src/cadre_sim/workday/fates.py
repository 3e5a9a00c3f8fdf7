"""Rare events of an office and its cadres: violations, accusations, cleared names, quits.

Such events are rare, so an office has one set of draws a day for all of its cadres: at most one of its cadres is
accused, and at most one quits, on one day.
"""

from __future__ import annotations

import numpy as np

from cadre_sim.compiling import step
from cadre_sim.events.orders import Orders
from cadre_sim.reforms.policy import Policy
from cadre_sim.streams import Key, Stream, poisson_cell, uniforms4
from cadre_sim.workday.columns import CadreState, Day, OfficeState, Today
from cadre_sim.workday.outputs import ACCUSATIONS, ACCUSED, CLEARED, FOUND, HIDDEN, QUITS, VIOLATIONS
from cadre_sim.workday.parameters import Parameters
from cadre_sim.world.columns import DEPLOYED, Cadres, Offices

_FATE = int(Stream.FATE)
_VIOLATION = int(Stream.VIOLATION)
_ACCUSED = int(Stream.ACCUSED)
MOST_A_DAY = 30.0
"""Largest mean number of violations that arise at an office in a day: Poisson numbers are inverted exactly up to it."""


@step
def transgress(u: int, office: OfficeState, day: Day, p: Parameters, key: Key, orders: Orders, today: Today) -> None:
    """Violations that visits found are hidden no longer; some others lapse or are uncovered; new ones arise.

    New ones: Poisson with mean rate x cadres on the roll x exp(-deterrence x felt visits), at most 30. Each that is
    still hidden is uncovered by a true accusation, or else lapses, each with a chance a day. What is found or uncovered
    becomes blame, divided among the roll.
    """
    out = day.out[u]
    hidden = int(office.hidden[u])
    found = min(hidden, int(orders.found[u]))
    hidden -= found
    left = hidden
    for j in range(hidden):
        lapses, uncovered, _, _ = uniforms4(key, _VIOLATION, u, today.number, j)
        if uncovered < p.uncovering:
            found += 1
            left -= 1
        elif lapses < p.violation_lapse:
            left -= 1
    rate = p.violations * day.roll[u] * np.exp(-p.deterrence * office.felt[u])
    arisen = poisson_cell(min(MOST_A_DAY, rate), uniforms4(key, _FATE, u, today.number, 0)[0])
    office.hidden[u] = left + arisen
    blamed = found / day.roll[u] if day.roll[u] > 0 else 0.0
    office.blame[u] = office.blame[u] * p.penalty_keep + blamed
    out[VIOLATIONS] = arisen
    out[FOUND] = found
    out[HIDDEN] = office.hidden[u]


@step
def befall(
    u: int,
    offices: Offices,
    cadres: Cadres,
    cadre: CadreState,
    day: Day,
    p: Parameters,
    key: Key,
    policy: Policy,
    today: Today,
) -> None:
    """A cadre may be accused without ground, a name cleared or the matter forgotten, and a cadre may quit.

    Hazards: accusations rate x cadres on the roll; clearing and forgetting for each accused; quitting
    rate x exp(a fatigue + b (1 - motivation)) for each local cadre, drawn by thinning: a candidate at the highest
    possible hazard, who really quits with the share that the own hazard is of it.
    """
    _, accusation, leaving, stays = uniforms4(key, _FATE, u, today.number, 0)
    _end_accusations(u, offices, cadre, day, p, key, policy, today)
    roll = day.roll[u]
    if accusation < 1.0 - np.exp(-p.false_accusations * policy.false_accusation_scale[u] * roll):
        who = _nth_on_roll(u, int(uniforms4(key, _FATE, u, today.number, 1)[0] * roll), offices, day)
        day.out[u, ACCUSATIONS] = 1.0
        if cadre.accused[who] <= 0.0:
            day.out[u, ACCUSED] += 1.0
        cadre.accused[who] = 1.0
    local = roll - day.mentors[u]
    highest = p.quits * policy.quit_scale[u] * np.exp(p.quits_fatigue + p.quits_motivation)
    if leaving < 1.0 - np.exp(-highest * local):
        # Local cadres come before people sent from above, so the first on the roll are the local ones.
        who = _nth_on_roll(u, int(uniforms4(key, _FATE, u, today.number, 1)[1] * local), offices, day)
        own = np.exp(-p.quits_fatigue * (1.0 - cadre.fatigue[who]) - p.quits_motivation * cadre.motivation[who])
        if stays < own and cadres.rank[who] < DEPLOYED:
            day.out[u, QUITS] = 1.0
            cadre.vacant[who] = today.number + 1 + p.vacancy_days


@step
def _end_accusations(
    u: int, offices: Offices, cadre: CadreState, day: Day, p: Parameters, key: Key, policy: Policy, today: Today
) -> None:
    first = offices.first[u]
    for i in range(first, offices.first[u + 1]):
        if cadre.accused[i] <= 0.0 or not day.rolled[i]:
            continue
        clears, forgets, _, _ = uniforms4(key, _ACCUSED, u, today.number, i - first)
        if clears < policy.clearing[u]:
            cadre.accused[i] = 0.0
            day.out[u, CLEARED] += 1.0
            m = cadre.motivation[i]
            cadre.motivation[i] = min(1.0, m + m * (1.0 - m) * p.motivation_cleared)
        elif forgets < p.accusation_forgotten:
            cadre.accused[i] = 0.0
        else:
            day.out[u, ACCUSED] += 1.0


@step
def _nth_on_roll(u: int, n: int, offices: Offices, day: Day) -> int:
    """Row of the cadre at place n, from 0, among those on the roll."""
    last = offices.first[u]
    for i in range(offices.first[u], offices.first[u + 1]):
        if day.rolled[i]:
            last = i
            if n == 0:
                return i
            n -= 1
    return last
