"""What each knob of the Policy acts on, and whether a scenario has any of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from cadre_sim.language import mark
from cadre_sim.levels import LEVELS, Level
from cadre_sim.reforms.policy import KNOBS
from cadre_sim.scenario.departments import DepartmentGroup
from cadre_sim.scenario.scenario import Scenario

_Plans = Callable[[DepartmentGroup], bool]


Reach = tuple[Level, ...]
"""Levels whose departments reach some offices: those of townships act on villages and communities only."""
EVERY_LEVEL: Reach = LEVELS
ABOVE_TOWNSHIPS: Reach = ("city", "county")


class ActsOn(NamedTuple):
    """What a knob acts on.

    Attributes:
        name: what it is called.
        there: whether a scenario may have any of it at offices that departments of some levels reach; never denies what
            might be.
    """

    name: str
    there: Callable[[Scenario, Reach], bool]


def _any(plans: _Plans, levels: Reach, scenario: Scenario, reach: Reach) -> bool:
    """Whether a group of departments of some levels plans something for offices that it reaches."""
    groups = (group for group in scenario.departments.values() if group.level in levels and group.level in reach)
    return any(group.number > 0 and plans(group) for group in groups)


def _planned(knob: str, plans: _Plans) -> Callable[[Scenario, Reach], bool]:
    """Whether anything is planned at the levels at which a knob cuts it, whomever it reaches.

    A cut at any office of an area, its township government included, makes the departments of the area look for other
    channels; what they ask for there may matter where another reform cuts too.
    """
    return lambda scenario, _: _any(plans, KNOBS[knob].share_at, scenario, EVERY_LEVEL)


def _campaigns(group: DepartmentGroup) -> bool:
    plan = group.campaigns
    return plan is not None and plan.per_year > 0.0 and plan.coverage > 0.0


def _announced(group: DepartmentGroup) -> bool:
    return _campaigns(group) and group.campaigns is not None and group.campaigns.notice > 0


def _scouted(group: DepartmentGroup) -> bool:
    return _announced(group) and group.campaigns is not None and group.campaigns.scouting > 0.0


def _evaluations(group: DepartmentGroup) -> bool:
    return group.evaluations is not None and not group.evaluations.comprehensive


def _comprehensive(group: DepartmentGroup) -> bool:
    return group.evaluations is not None and group.evaluations.comprehensive


def _meetings(group: DepartmentGroup) -> bool:
    return group.meetings is not None and group.meetings.per_year > 0.0 and group.meetings.attendees > 0


def _meetings_on_the_road(group: DepartmentGroup) -> bool:
    plan = group.meetings
    return _meetings(group) and plan is not None and plan.online_share < 1.0 and plan.travel_hours > 0.0


def _forms(group: DepartmentGroup) -> bool:
    return group.forms is not None and group.forms.per_month > 0.0


def _duplicates(group: DepartmentGroup) -> bool:
    return _forms(group) and group.forms is not None and group.forms.duplicate_share > 0.0


def _other_forms(group: DepartmentGroup) -> bool:
    return _forms(group) and group.forms is not None and group.forms.duplicate_share < 1.0


def _tasks(group: DepartmentGroup) -> bool:
    return group.tasks is not None and group.tasks.per_month > 0.0


def _passed_on(group: DepartmentGroup) -> bool:
    return _forms(group) or _tasks(group) or group.evaluations is not None


def _tasks_may_come(scenario: Scenario, _: Reach) -> bool:
    """Tasks are planned, or departments may ask for them in place of what another reform cuts."""
    return _any(_tasks, EVERY_LEVEL, scenario, EVERY_LEVEL) or (
        len(scenario.reforms) > 1 and scenario.oversight.rebound > 0.0
    )


def _is_amplified(scenario: Scenario, reach: Reach) -> bool:
    return scenario.oversight.amplification != 1.0 and _any(_passed_on, ABOVE_TOWNSHIPS, scenario, reach)


def _is_joint(scenario: Scenario, reach: Reach) -> bool:
    effects = (effect for reform in scenario.reforms.values() for effect in reform.effects())
    joint = any(effect.knob == "joint_share" and effect.value > 0.0 for effect in effects)
    return joint and _any(_campaigns, EVERY_LEVEL, scenario, reach)


ACTS_ON: dict[str, ActsOn] = {
    "visit_share_city": ActsOn(mark("campaigns of the city"), _planned("visit_share_city", _campaigns)),
    "visit_share_county": ActsOn(mark("campaigns of counties"), _planned("visit_share_county", _campaigns)),
    "visit_share_township": ActsOn(mark("campaigns of townships"), _planned("visit_share_township", _campaigns)),
    "visit_cap": ActsOn(mark("campaigns"), partial(_any, _campaigns, EVERY_LEVEL)),
    "notice_scale": ActsOn(mark("announced visits"), partial(_any, _announced, EVERY_LEVEL)),
    "scouting_scale": ActsOn(mark("scouting visits"), partial(_any, _scouted, EVERY_LEVEL)),
    "readiness_scale": ActsOn(mark("standing readiness"), lambda s, _: s.oversight.readiness_hours > 0.0),
    "joint_share": ActsOn(mark("campaigns"), partial(_any, _campaigns, EVERY_LEVEL)),
    "joint_topics_scale": ActsOn(mark("joint inspections"), _is_joint),
    "evaluation_share_city": ActsOn(mark("evaluations by the city"), _planned("evaluation_share_city", _evaluations)),
    "evaluation_share_county": ActsOn(
        mark("evaluations by counties"), _planned("evaluation_share_county", _evaluations)
    ),
    "comprehensive_share": ActsOn(mark("comprehensive assessments"), partial(_any, _comprehensive, EVERY_LEVEL)),
    "meeting_share": ActsOn(mark("meetings"), _planned("meeting_share", _meetings)),
    "meeting_hours_cap": ActsOn(mark("meetings"), partial(_any, _meetings, EVERY_LEVEL)),
    "meeting_attendees_scale": ActsOn(mark("meetings"), partial(_any, _meetings, EVERY_LEVEL)),
    "meeting_travel_scale": ActsOn(mark("travel to meetings"), partial(_any, _meetings_on_the_road, EVERY_LEVEL)),
    "form_share": ActsOn(mark("report forms"), _planned("form_share", _other_forms)),
    "form_duplicate_share": ActsOn(mark("duplicate report forms"), _planned("form_duplicate_share", _duplicates)),
    "form_hours_scale": ActsOn(mark("report forms"), partial(_any, _forms, EVERY_LEVEL)),
    "task_share": ActsOn(mark("delegated tasks"), _tasks_may_come),
    "screens_scale": ActsOn(
        mark("apps and chat groups"), lambda s, _: s.oversight.screens > 0.0 and s.oversight.screen_minutes > 0.0
    ),
    "signs_removed": ActsOn(mark("signs"), lambda s, _: s.oversight.signs > 0.0 and s.oversight.sign_hours > 0.0),
    "certificates_removed": ActsOn(
        mark("requests for certificates"), lambda s, reach: s.demand.certificates > 0.0 and "township" in reach
    ),
    "amplification_scale": ActsOn(mark("hours that levels in between add"), _is_amplified),
    "clearing": ActsOn(mark("false accusations"), lambda s, _: s.behaviour.minds.false_accusations > 0.0),
    "false_accusation_scale": ActsOn(mark("false accusations"), lambda s, _: s.behaviour.minds.false_accusations > 0.0),
    "quit_scale": ActsOn(mark("cadres who quit"), lambda s, _: s.behaviour.minds.quits > 0.0),
    "perfunctory_scale": ActsOn(mark("matters closed on paper"), lambda s, _: s.behaviour.perfunctory > 0.0),
    "idle_scale": ActsOn(mark("idle hours"), lambda s, _: s.behaviour.slack_idle > 0.0),
}
"""Knobs of which it can be known that there is nothing to act on; all others may act in any scenario."""
