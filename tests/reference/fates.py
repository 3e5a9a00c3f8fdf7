"""What an office remembers, and what befalls it and its cadres: the steps remember, transgress and befall."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from cadre_sim.streams import Stream, uniforms4
from reference.cadre import Cadre
from reference.calendar import WEEK, YEAR
from reference.today import Today

if TYPE_CHECKING:
    from reference.office import Office

MOST_A_DAY = 30.0
"""Largest mean of violations that arise on a day."""


def remember(office: Office, today: Today) -> None:
    """Visits felt, the specialists' skill and outreach, as they stay in memory."""
    oversight, demand = office.scenario.oversight, office.scenario.demand
    office.felt += gone(oversight.felt_half_life) * (WEEK * today.handed.visits - office.felt)
    specialists = today.specialists / len(today.roll) if today.roll else 0.0
    taken_on = 1 / demand.knowhow_days * specialists * (1 - office.knowhow)
    office.knowhow = stays(demand.knowhow_half_life) * office.knowhow + taken_on
    outreach = sum(cadre.hours["outreach"] for cadre in today.present)
    reached = WEEK * outreach / (office.residents / 1000) if office.residents > 0 else 0.0
    office.prevention += gone(demand.prevention_half_life) * (reached - office.prevention)


def stays(half_life: float) -> float:
    """Share of something with a half-life that is there a day later."""
    return 0.5 ** (1 / half_life)


def gone(half_life: float) -> float:
    """Share of something with a half-life that is gone a day later."""
    return 1 - stays(half_life)


def transgress(office: Office, today: Today) -> None:
    """Violations are found, uncovered, lapse and arise."""
    integrity, t = office.scenario.integrity, today.t
    roll = len(today.roll)
    found = min(int(office.hidden), today.handed.found)
    still_hidden = int(office.hidden) - found
    uncovered = lapsed = 0
    for j in range(still_hidden):
        x, y, _, _ = uniforms4(office.key, Stream.VIOLATION, office.row, t, j)
        if y < integrity.uncovering / YEAR:
            uncovered += 1
        elif x < 1 / integrity.lapse_days:
            lapsed += 1
    rate = integrity.violations / YEAR * roll * math.exp(-integrity.deterrence * office.felt)
    first_word = uniforms4(office.key, Stream.FATE, office.row, t, 0)[0]
    arisen = poisson_number(min(MOST_A_DAY, rate), first_word)
    found += uncovered
    office.hidden = float(still_hidden - uncovered - lapsed + arisen)
    penalties = found / roll if roll else 0.0
    office.blame = stays(office.scenario.behaviour.minds.penalty_half_life) * office.blame + penalties
    today.counts["violations"] = arisen
    today.counts["found"] = found


def poisson_number(rate: float, u: float) -> int:
    """The smallest n with P(N <= n) >= u for a Poisson number N."""
    n, term = 0, math.exp(-rate)
    below = term
    while below < u:
        n += 1
        term *= rate / n
        below += term
    return n


def befall(office: Office, today: Today) -> None:
    """Names are cleared or accusations forgotten; then somebody may be accused, and somebody may quit."""
    for cadre in today.roll:
        if cadre.accused:
            clear_or_forget(office, today, cadre)
    _, x, y, z = uniforms4(office.key, Stream.FATE, office.row, today.t, 0)
    v, w, _, _ = uniforms4(office.key, Stream.FATE, office.row, today.t, 1)
    accuse(office, today, x, v)
    quit_office(office, today, y, z, w)


def clear_or_forget(office: Office, today: Today, cadre: Cadre) -> None:
    """A false accusation may come to its end today."""
    minds = office.scenario.behaviour.minds
    x, y, _, _ = uniforms4(office.key, Stream.ACCUSED, office.row, today.t, cadre.place)
    if x < today.policy["clearing"]:
        cadre.accused = False
        m = cadre.motivation
        cadre.motivation = min(1.0, m + m * (1 - m) * minds.motivation_cleared)
        today.counts["cleared"] += 1
    elif y < 1 / minds.accusation_days:
        cadre.accused = False


def accuse(office: Office, today: Today, x: float, v: float) -> None:
    """At most one cadre on the roll is falsely accused."""
    minds, roll = office.scenario.behaviour.minds, today.roll
    hazard = minds.false_accusations / YEAR * today.policy["false_accusation_scale"] * len(roll)
    if x < 1 - math.exp(-hazard):
        roll[math.floor(v * len(roll))].accused = True
        today.counts["accusations"] += 1


def quit_office(office: Office, today: Today, y: float, z: float, w: float) -> None:
    """At most one local cadre quits, more likely a tired one or one short of motivation."""
    minds = office.scenario.behaviour.minds
    local = [cadre for cadre in today.roll if not cadre.is_sent]
    by_fatigue, by_motivation = minds.quits_fatigue, minds.quits_motivation
    highest = minds.quits / YEAR * today.policy["quit_scale"] * math.exp(by_fatigue + by_motivation)
    if y < 1 - math.exp(-highest * len(local)):
        cadre = local[math.floor(w * len(local))]
        if z < math.exp(-by_fatigue * (1 - cadre.fatigue) - by_motivation * cadre.motivation):
            cadre.vacant = today.t + 1 + minds.vacancy_days
            today.counts["quits"] += 1
