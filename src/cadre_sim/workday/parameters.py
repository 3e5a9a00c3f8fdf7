"""Parameters of the workday, taken from a scenario once and brought to hours and working days."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cadre_sim.arrays import Floats
from cadre_sim.rules import WEIGHTED
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.units import MONTHS, WEEK, WORKING_DAYS_A_YEAR

MINUTES = 60.0


class Parameters(NamedTuple):
    """Parameters of the workday; names and meanings are those of the scenario, times in hours and working days."""

    contracted: float
    longest_day: float
    absence: float
    other: float
    other_township: float
    training: float
    readiness: float
    screens: float
    trace: float
    trace_days: int
    signs: float
    sign_hours: float
    amplification: float
    ad_hoc_days: int
    urgent_share: float
    matter_hours: float
    hours_spread: float
    heavy_share: float
    heavy_hours: float
    due_days: int
    due_days_urgent: int
    prevention: float
    prevention_keep: float
    neglect: float
    certificate_hours: float
    certificate_days: int
    at_once: bool
    own_rule: bool
    pressure_caution: float
    pressure_motivation: float
    urgent_factor: float
    overtime_ceiling: float
    overtime_burden: float
    overtime_service: float
    switch: float
    interruption: float
    juggling: float
    switching_most: float
    slack_outreach: float
    slack_evidence: float
    slack_idle: float
    fatigue_loss: float
    control_loss: float
    perfunctory: float
    perfunctory_complaint: float
    overdue_complaint: float
    complaint_hours: float
    complaint_days: int
    complaint_keep: float
    felt_keep: float
    caution_rate: float
    caution_visits: float
    caution_evaluations: float
    fatigue_gain: float
    fatigue_recovery: float
    motivation_solved: float
    motivation_peers: float
    motivation_burden: float
    motivation_fatigue: float
    motivation_trait: float
    motivation_accused: float
    motivation_cleared: float
    motivation_mentors: float
    caution_penalties: float
    caution_accused: float
    penalty_keep: float
    false_accusations: float
    accusation_forgotten: float
    burnout_from: float
    quits: float
    quits_fatigue: float
    quits_motivation: float
    vacancy_days: int
    novice_skill: float
    learning: float
    learning_mentors: float
    motivation_mean: float
    caution_mean: float
    traits_spread: float
    skill_spread: float
    violations: float
    deterrence: float
    violation_lapse: float
    uncovering: float
    harm: float
    distrust: float
    satisfied: float
    satisfied_late: float
    knowhow_rate: float
    knowhow_keep: float
    proactive_from: float


def parameters_of(scenario: Scenario) -> Parameters:
    """The workday's parameters of a scenario."""
    staff, demand, oversight = scenario.staff, scenario.demand, scenario.oversight
    behaviour, minds, integrity = scenario.behaviour, scenario.behaviour.minds, scenario.integrity
    return Parameters(
        contracted=staff.contracted_hours,
        longest_day=max(staff.longest_day, staff.contracted_hours),
        absence=staff.absence,
        other=staff.other_hours / WEEK,
        other_township=staff.other_hours_township / WEEK,
        training=staff.training_hours / WEEK,
        readiness=oversight.readiness_hours / WEEK,
        screens=oversight.screens * oversight.screen_minutes / MINUTES,
        trace=oversight.trace_hours / WEEK,
        trace_days=oversight.trace_days,
        signs=oversight.signs,
        sign_hours=oversight.sign_hours / WORKING_DAYS_A_YEAR,
        amplification=oversight.amplification,
        ad_hoc_days=oversight.ad_hoc_days,
        urgent_share=demand.urgent_share,
        matter_hours=demand.hours,
        hours_spread=demand.hours_spread,
        heavy_share=demand.heavy_share,
        heavy_hours=demand.heavy_hours,
        due_days=demand.due_days,
        due_days_urgent=demand.due_days_urgent,
        prevention=demand.prevention,
        prevention_keep=_keep(demand.prevention_half_life),
        neglect=demand.neglect,
        certificate_hours=demand.certificate_hours,
        certificate_days=demand.certificate_days,
        at_once=behaviour.pace == "at_once",
        own_rule=behaviour.rule != WEIGHTED,
        pressure_caution=behaviour.pressure_caution,
        pressure_motivation=behaviour.pressure_motivation,
        urgent_factor=behaviour.urgent_factor,
        overtime_ceiling=behaviour.overtime_ceiling,
        overtime_burden=behaviour.overtime_burden,
        overtime_service=behaviour.overtime_service,
        switch=behaviour.switch_minutes / MINUTES,
        interruption=behaviour.interruption_minutes / MINUTES,
        juggling=behaviour.juggling_minutes / MINUTES,
        switching_most=behaviour.switching_most,
        slack_outreach=behaviour.slack_outreach,
        slack_evidence=behaviour.slack_evidence,
        slack_idle=behaviour.slack_idle,
        fatigue_loss=behaviour.fatigue_loss,
        control_loss=behaviour.control_loss,
        perfunctory=behaviour.perfunctory,
        perfunctory_complaint=behaviour.perfunctory_complaint,
        overdue_complaint=behaviour.overdue_complaint,
        complaint_hours=behaviour.complaint_hours,
        complaint_days=behaviour.complaint_days,
        complaint_keep=_keep(oversight.complaint_half_life),
        felt_keep=_keep(oversight.felt_half_life),
        caution_rate=1.0 / minds.caution_days,
        caution_visits=minds.caution_visits,
        caution_evaluations=minds.caution_evaluations,
        fatigue_gain=minds.fatigue_gain,
        fatigue_recovery=minds.fatigue_recovery,
        motivation_solved=minds.motivation_solved,
        motivation_peers=minds.motivation_peers,
        motivation_burden=minds.motivation_burden,
        motivation_fatigue=minds.motivation_fatigue,
        motivation_trait=minds.motivation_trait,
        motivation_accused=minds.motivation_accused,
        motivation_cleared=minds.motivation_cleared,
        motivation_mentors=minds.motivation_mentors,
        caution_penalties=minds.caution_penalties,
        caution_accused=minds.caution_accused,
        penalty_keep=_keep(minds.penalty_half_life),
        false_accusations=minds.false_accusations / WORKING_DAYS_A_YEAR,
        accusation_forgotten=1.0 / minds.accusation_days,
        burnout_from=minds.burnout_from,
        quits=minds.quits / WORKING_DAYS_A_YEAR,
        quits_fatigue=minds.quits_fatigue,
        quits_motivation=minds.quits_motivation,
        vacancy_days=minds.vacancy_days,
        novice_skill=minds.novice_skill,
        learning=1.0 / minds.learning_days,
        learning_mentors=minds.learning_mentors,
        motivation_mean=minds.motivation,
        caution_mean=minds.caution,
        traits_spread=minds.spread,
        skill_spread=staff.skill_spread,
        violations=integrity.violations / WORKING_DAYS_A_YEAR,
        deterrence=integrity.deterrence,
        violation_lapse=1.0 / integrity.lapse_days,
        uncovering=integrity.uncovering / WORKING_DAYS_A_YEAR,
        harm=integrity.harm,
        distrust=integrity.distrust,
        satisfied=demand.satisfied,
        satisfied_late=demand.satisfied_late,
        knowhow_rate=1.0 / demand.knowhow_days,
        knowhow_keep=_keep(demand.knowhow_half_life),
        proactive_from=minds.proactive_from,
    )


class Categories(NamedTuple):
    """Categories of matters, arrays of shape (categories,).

    Attributes:
        below: share of matters that are of this category or of one before it [1].
        hours: hours that a matter takes, in terms of the mean matter's [1].
        waits: share of matters that wait for another department [1].
        wait_days: mean time that these wait [working days].
        local: skill of local cadres [1].
        specialist: skill of specialists [1].
    """

    below: Floats
    hours: Floats
    waits: Floats
    wait_days: Floats
    local: Floats
    specialist: Floats


def categories_of(scenario: Scenario) -> Categories:
    """The categories of matters of a scenario; where all shares are 0, each has the same."""
    chosen = list(scenario.demand.categories.values())
    share = np.array([c.share for c in chosen])
    share = share / share.sum() if share.sum() > 0.0 else np.full(share.size, 1.0 / share.size)
    below = np.cumsum(share)
    below[-1] = 1.0
    columns = (np.array([getattr(c, name) for c in chosen]) for name in Categories._fields[1:])
    return Categories(below, *columns)


def season_of(scenario: Scenario, month: int, weekday: int) -> float:
    """Demand of a working day in terms of the yearly mean: a cosine over the months, times the weekday's factor.

    The five weekdays' factors have mean 1; a weekend day that is worked counts as a usual day.
    """
    demand = scenario.demand
    swing = 1.0 + demand.season_swing * float(np.cos(2.0 * np.pi * (month - demand.season_peak) / MONTHS))
    usual = WEEK / (WEEK - 1.0 + demand.monday_factor)
    return swing * usual * (demand.monday_factor if weekday == 0 else 1.0)


def _keep(half_life: float) -> float:
    """Share of something that a day leaves, by its half-life in working days."""
    return float(0.5 ** (1.0 / half_life))
