"""Muster: who is on the roll of an office, and the novices who take empty places."""

from __future__ import annotations

import numpy as np

from cadre_sim.compiling import step
from cadre_sim.streams import Key, Stream, normal_quantile, uniforms4
from cadre_sim.workday.columns import CadreState, Day, Today
from cadre_sim.workday.outputs import HIRED
from cadre_sim.workday.parameters import Parameters
from cadre_sim.world.columns import DEPLOYED, SPECIALIST, Cadres, Offices

_NOVICE = int(Stream.NOVICE)


@step
def muster(
    u: int, offices: Offices, cadres: Cadres, cadre: CadreState, day: Day, p: Parameters, key: Key, today: Today
) -> None:
    """On the roll is whoever has come and not left, in places that are not empty; an empty place may end today."""
    day.out[u, :] = 0.0
    first = offices.first[u]
    t = today.number
    roll = mentors = specialists = 0
    for i in range(first, offices.first[u + 1]):
        here = cadres.arrives[i] <= t < cadres.leaves[i] and cadre.vacant[i] <= t
        day.rolled[i] = here
        if not here:
            continue
        roll += 1
        if cadre.vacant[i] == t and t > 0:
            _hire(u, i, i - first, cadre, p, key, today)
            day.out[u, HIRED] += 1.0
        if cadres.rank[i] >= DEPLOYED:
            mentors += 1
            if cadres.rank[i] == SPECIALIST:
                specialists += 1
    day.roll[u] = roll
    day.mentors[u] = mentors
    day.specialists[u] = specialists


@step
def _hire(u: int, i: int, place: int, cadre: CadreState, p: Parameters, key: Key, today: Today) -> None:
    """A novice takes the place: new traits, drawn as those of the first day were, no practice, no past."""
    a, b, c, _ = uniforms4(key, _NOVICE, u, today.number, place)
    cadre.motivation_trait[i] = disposition(p.motivation_mean, p.traits_spread, normal_quantile(a))
    cadre.caution_trait[i] = disposition(p.caution_mean, p.traits_spread, normal_quantile(b))
    cadre.skill[i] = np.exp(p.skill_spread * normal_quantile(c) - 0.5 * p.skill_spread * p.skill_spread)
    cadre.motivation[i] = cadre.motivation_trait[i]
    cadre.caution[i] = cadre.caution_trait[i]
    cadre.fatigue[i] = 0.0
    cadre.practice[i] = 0.0
    cadre.accused[i] = 0.0
    cadre.hires[i] += 1


@step
def disposition(mean: float, spread: float, z: float) -> float:
    """A number between 0 and 1 around ``mean`` with ``spread`` on the logit scale."""
    if mean <= 0.0 or mean >= 1.0:
        return mean
    return 1.0 / (1.0 + np.exp(-(np.log(mean / (1.0 - mean)) + spread * z)))
