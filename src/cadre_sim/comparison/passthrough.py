"""What a cut in items is worth on paper, how many hours it really frees, and how many of those go to service."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cadre_sim.arrays import Floats
from cadre_sim.comparison.statistics import interval
from cadre_sim.events.actors import planned_hours, task_hours
from cadre_sim.levels import LEVELS
from cadre_sim.record.metrics import VILLAGE_KINDS
from cadre_sim.reforms.channels import planned_share
from cadre_sim.reforms.force import Reforms
from cadre_sim.reforms.policy import Policy
from cadre_sim.scenario.measures import Measure
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.streams import Key
from cadre_sim.units import WEEK, WORKING_DAYS_A_YEAR
from cadre_sim.workday.parameters import parameters_of
from cadre_sim.world.build import build_world
from cadre_sim.world.calendar import WorkCalendar
from cadre_sim.world.columns import World


class PassThrough(NamedTuple):
    """Items cut and hours freed, in hours a week of a cadre of villages and communities.

    ``cut``: hours that the items cut on paper take in the plans. ``freed``: hours of burden that went, mean and 95%
    interval. ``share``: hours freed per hour of items cut. ``to_service``: service hours gained per hour freed.
    """

    cut: float
    freed: float
    low: float
    high: float
    share: float
    to_service: float


def pass_through(scenario: Scenario, freed: Floats, gained: Floats) -> PassThrough | None:
    """Pass-through of a scenario's reforms.

    Args:
        scenario: whose reforms cut items.
        freed: burden hours of the baseline less those of the scenario by replicate, shape (replicates,).
        gained: service hours of the scenario less those of the baseline by replicate, shape (replicates,).

    Returns:
        None where no item is cut, or nobody works at villages and communities.
    """
    cut = planned_cut(scenario)
    if not cut > 0.0:
        return None
    spread = interval(freed[:, None])
    mean, known = float(spread.mean[0]), gained[np.isfinite(gained)]
    if np.isnan(mean):
        return None
    to_service = float(known.mean()) / mean if mean > 0.0 and known.size else np.nan
    return PassThrough(cut, mean, float(spread.low[0]), float(spread.high[0]), mean / cut, to_service)


def plain(passed: PassThrough | None) -> dict[str, float | None] | None:
    """As plain data: what is not a number is null, as in JSON."""
    if passed is None:
        return None
    return {name: float(value) if np.isfinite(value) else None for name, value in passed._asdict().items()}


def planned_cut(scenario: Scenario) -> float:
    """Hours a cadre-week, at villages and communities, of the items that the scenario's reforms cut on paper.

    On paper every office applies every reform in full from its first day on. Counted are items (visits, meetings,
    forms, evaluations, tasks, chat groups, signs, certificates), at the hours that the plans give them; not how long,
    by how many or with what notice what is left takes place.
    """
    world = build_world(scenario, Key(0, 0))
    policy = _on_paper(scenario, world)
    villages = np.isin(world.offices.kind, VILLAGE_KINDS)
    staff = np.bincount(world.cadres.office[_local(world)], minlength=villages.size)
    cadres = float(staff[villages].sum())
    if cadres == 0.0:
        return 0.0
    hours = _cut_by_departments(scenario, policy) + _standing_cut(scenario, world, policy, staff)
    return float(hours[villages].sum()) / cadres / (WORKING_DAYS_A_YEAR / WEEK)


def _on_paper(scenario: Scenario, world: World) -> Policy:
    """The Policy once every reform is in force everywhere in its scope, at full strength."""
    whole = {"adoption": 1.0, "strength": 1.0, "ramp": 0, "erosion": None, "until": None}
    reforms: dict[str, Measure] = {name: m.model_copy(update=whole) for name, m in scenario.reforms.items()}
    calendar = WorkCalendar(scenario.period, scenario.calendar)
    paper = scenario.model_copy(update={"reforms": reforms})
    return Reforms(paper, world, calendar, Key(0, 0)).policy(calendar.days - 1)


def _cut_by_departments(scenario: Scenario, policy: Policy) -> Floats:
    """Hours a year of what departments ask for that is cut, by office."""
    cut = np.zeros(policy.task_share.shape)
    for group in scenario.departments.values():
        level = LEVELS.index(group.level)
        planned = (*planned_hours(group, scenario.oversight.topic_economy), task_hours(group))
        for channel, hours in enumerate(planned):
            cut += group.number * hours * (1.0 - planned_share(policy, channel, level))
    return cut


def _standing_cut(scenario: Scenario, world: World, policy: Policy, staff: NDArray[np.int64]) -> Floats:
    """Hours a year of chat groups, signs and certificates that are cut, by office."""
    p = parameters_of(scenario)
    screens = p.screens * (1.0 - policy.screens_scale) * staff
    signs = np.minimum(p.signs, policy.signs_removed) * p.sign_hours
    kept = np.interp(policy.certificates_removed, np.arange(world.certificate_kept.size), world.certificate_kept)
    certificates = world.offices.certificates * (1.0 - kept) * p.certificate_hours
    hours: Floats = (screens + signs + certificates) * WORKING_DAYS_A_YEAR
    return hours


def _local(world: World) -> NDArray[np.bool_]:
    sent = np.concatenate([s.places for s in world.sent]) if world.sent else np.zeros(0, np.int64)
    local = np.ones(world.cadres.office.size, bool)
    local[sent] = False
    return local
