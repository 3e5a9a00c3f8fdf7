"""A cadre: whoever is in one place on an office's staff."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import mesa

from cadre_sim.activities import ACTIVITIES, BURDEN_GROUPS, GROUPS
from cadre_sim.scenario.behaviour import Behaviour
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.streams import Stream, normal_quantile, uniform, uniforms4

if TYPE_CHECKING:
    from reference.office import Office
    from reference.today import Today

BURDEN = tuple(activity for group in BURDEN_GROUPS for activity in GROUPS[group])


class Cadre(mesa.Agent):
    """A place on an office's staff, and whoever is in it."""

    def __init__(
        self, office: Office, place: int, rank: str, arrives: float = -math.inf, leaves: float = math.inf
    ) -> None:
        super().__init__(office.model)
        self.office = office
        self.place = place
        self.rank = rank
        self.arrives = arrives
        self.leaves = leaves
        self.vacant = 0
        u, key, behaviour = office.row, office.key, office.scenario.behaviour
        x = uniform(key, Stream.CADRE_TRAITS, u, place, 0)
        y = uniform(key, Stream.CADRE_TRAITS, u, place, 1)
        z = uniform(key, Stream.SKILL, u, place, 0)
        self.come(office.scenario, behaviour, x, y, z)
        self.practice = 1.0
        self.rest()

    def come(self, scenario: Scenario, behaviour: Behaviour, x: float, y: float, z: float) -> None:
        """Somebody comes into the place, with traits by three draws, and is a novice."""
        minds = behaviour.minds
        self.motivation_disposition = disposition(minds.motivation, minds.spread * normal_quantile(x))
        self.caution_disposition = disposition(minds.caution, minds.spread * normal_quantile(y))
        spread = scenario.staff.skill_spread
        self.skill = math.exp(spread * normal_quantile(z) - spread**2 / 2)
        self.motivation = self.motivation_disposition
        self.caution = self.caution_disposition
        self.fatigue = 0.0
        self.practice = 0.0
        self.accused = False

    def come_as_novice(self, t: int) -> None:
        """A novice takes the place on day t."""
        office = self.office
        x, y, z, _ = uniforms4(office.key, Stream.NOVICE, office.row, t, self.place)
        self.come(office.scenario, office.scenario.behaviour, x, y, z)

    def rest(self) -> None:
        """A day begins on which nothing has been done yet."""
        self.hours = dict.fromkeys(ACTIVITIES, 0.0)
        self.gold_plating = 0.0
        self.overtime = 0.0
        self.contracted = 0.0

    @property
    def is_sent(self) -> bool:
        """Whether the cadre was sent from above, and so is a mentor."""
        return self.rank in ("deployed", "specialist")

    def is_on_roll(self, t: int) -> bool:
        """Whether somebody is in the place on day t."""
        return self.arrives <= t < self.leaves and self.vacant <= t

    def is_absent(self, t: int) -> bool:
        """Whether the cadre is on leave or ill on day t."""
        office = self.office
        words = uniforms4(office.key, Stream.ABSENCE, office.row, t, self.place // 4)
        return words[self.place % 4] < office.scenario.staff.absence

    def productivity(self) -> float:
        """Hours at skill 1 that an hour of service work is worth."""
        behaviour = self.office.scenario.behaviour
        novice = behaviour.minds.novice_skill
        able = self.skill * (novice + (1 - novice) * self.practice)
        controlled = max(0.0, 1 - behaviour.control_loss * self.office.felt)
        return able * (1 - behaviour.fatigue_loss * self.fatigue) * controlled

    def is_proactive(self) -> bool:
        """Whether motivation is that of a proactive cadre."""
        return self.motivation >= self.office.scenario.behaviour.minds.proactive_from

    def is_burnt_out(self) -> bool:
        """Whether fatigue and lack of motivation are those of a burnt-out cadre."""
        return (self.fatigue + 1 - self.motivation) / 2 >= self.office.scenario.behaviour.minds.burnout_from

    def move_mind(self, today: Today, mean_motivation: float) -> None:
        """Caution, fatigue, practice and motivation at the end of the day."""
        minds = self.office.scenario.behaviour.minds
        mentors = today.mentors / len(today.roll)
        drift = self.drift(today, mentors, mean_motivation)
        fatigue = self.fatigue
        self.caution += (self.caution_target(today) - self.caution) / minds.caution_days
        self.fatigue += minds.fatigue_gain * self.overtime * (1 - fatigue) - minds.fatigue_recovery * fatigue
        self.fatigue = within_unit(self.fatigue)
        learning = min(1.0, (1 + minds.learning_mentors * mentors) / minds.learning_days)
        self.practice += learning * (1 - self.practice)
        self.motivation = within_unit(self.motivation + self.motivation * (1 - self.motivation) * drift)

    def caution_target(self, today: Today) -> float:
        """What visits, evaluations, penalties and accusations suggest."""
        minds, office, policy = self.office.scenario.behaviour.minds, self.office, today.policy
        oversight = minds.caution_visits * office.felt + minds.caution_evaluations * office.pressure
        raised = policy["blame_scale"] * (oversight + minds.caution_penalties * office.blame) + policy["accountability"]
        accused = policy["blame_scale"] * minds.caution_accused * self.accused
        return min(1.0, self.caution_disposition + raised + accused)

    def drift(self, today: Today, mentors: float, mean_motivation: float) -> float:
        """What moves motivation today."""
        minds = self.office.scenario.behaviour.minds
        drift = (
            minds.motivation_mentors * mentors
            - minds.motivation_accused * self.accused
            + minds.motivation_peers * (mean_motivation - self.motivation)
            - minds.motivation_fatigue * self.fatigue
            + minds.motivation_trait * (self.motivation_disposition - self.motivation)
        )
        if self in today.present:
            solved = today.counts["closed"] / len(today.present)
            drift += minds.motivation_solved * today.policy["recognition_scale"] * solved
            worked = self.contracted + self.overtime
            if worked > 0:
                drift -= minds.motivation_burden * sum(self.hours[k] for k in BURDEN) / worked
        return drift


def disposition(mean: float, deviation: float) -> float:
    """A disposition whose mean is ``mean``, off by a deviation on the logit scale."""
    if mean <= 0 or mean >= 1:
        return mean
    logit = math.log(mean / (1 - mean)) + deviation
    return 1 / (1 + math.exp(-logit))


def within_unit(value: float) -> float:
    """A value, cut to 0 .. 1."""
    return min(1.0, max(0.0, value))
