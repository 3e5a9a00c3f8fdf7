"""What one run of a scenario takes: counted from what the scenario says, and from what its parts cost."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

from cadre_sim.activities import COUNT
from cadre_sim.levels import LEVELS
from cadre_sim.reckoning import costs
from cadre_sim.scenario.departments import DepartmentGroup
from cadre_sim.scenario.period import Calendar, Period
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.scenario.size import Size, size_of
from cadre_sim.units import MONTHS, THOUSAND, WORKING_DAYS_A_YEAR
from cadre_sim.workday.outputs import OUTPUTS
from cadre_sim.world.calendar import WorkCalendar
from cadre_sim.world.columns import KINDS

_NUMBER = 8
"""Bytes of a number in a table in memory."""
_OF_A_CADRE_DAY = COUNT + 3
"""Numbers that are recorded of a cadre and day: hours by activity, overtime, contracted hours and presence."""
_WINDOWS = 2
"""Windows over which offices are summed: before measuring, and measured."""
_DAYS_A_WEEK = 5


class RunCost(NamedTuple):
    """What one run takes.

    Attributes:
        size: what its place has.
        departments: departments of all levels [departments].
        days: working days [days].
        requests: meetings, forms, tasks and visits that reach offices, each office counted [requests].
        seconds: time of one core [s].
        memory: what it adds to a process at its peak [bytes].
        kept: what its result holds in memory [bytes].
        kept_in_comparison: what a comparison keeps of it [bytes].
        disk: its part of the files of a result [bytes].
    """

    size: Size
    departments: int
    days: int
    requests: float
    seconds: float
    memory: float
    kept: float
    kept_in_comparison: float
    disk: float

    @property
    def people(self) -> int:
        """Places on the staff, those of people sent included [cadres]."""
        return self.size.cadres + self.size.sent


def cost_of(scenario: Scenario, *, record_cadres: bool = False) -> RunCost:
    """Reckon what one run of a scenario takes; nothing of its place is built.

    Args:
        scenario: what would be run.
        record_cadres: whether the hours of every cadre and day would be kept.

    Raises:
        InputError: the units table is missing or wrong, or the period has no working day.
    """
    size = size_of(scenario)
    days = _days(scenario.period, scenario.calendar)
    years = days / WORKING_DAYS_A_YEAR
    areas = dict(zip(LEVELS, (size.cities, size.counties, size.townships), strict=True))
    groups = scenario.departments.values()
    orders = sum(areas[group.level] * group.number * _orders(group) for group in groups) * years
    campaigns = sum(areas[g.level] * g.number * g.campaigns.per_year for g in groups if g.campaigns) * years
    evaluations = sum(areas[g.level] * g.number for g in groups if g.evaluations) * math.ceil(years + 1.0)
    requests = sum(group.number * _orders(group) for group in groups) * size.offices * years
    visits = sum(g.number * g.campaigns.per_year * g.campaigns.coverage for g in groups if g.campaigns)
    visits *= size.offices * years
    matters = _matters(scenario, size) * years
    cadres = size.cadres + size.sent
    table = days * size.counties * len(KINDS) * len(OUTPUTS) * _NUMBER
    recorded = cadres * days if record_cadres else 0.0
    seconds = (
        costs.BUILD_CADRE * cadres
        + days * (costs.DAY + costs.OFFICE_DAY * size.offices + costs.CADRE_DAY * cadres)
        + costs.CAMPAIGN * campaigns
        + costs.VISIT * visits
        + costs.REQUEST * requests
        + costs.MATTER * matters
    )
    left = (requests + visits + matters) * _share_left(scenario, size)
    waiting = left + costs.DAYS_OF_MATTERS * matters / days
    memory = (
        costs.CADRE * cadres
        + (costs.OFFICE + costs.NAME * size.longest_name) * size.offices
        + costs.ORDER * orders
        + costs.EVALUATION * evaluations
        + costs.ITEM * waiting
        + costs.CADRE_DAY_KEPT * recorded
        + table
    )
    names = 3 * 4 * size.longest_name * size.offices
    kept = (
        costs.KEPT_CADRE * cadres
        + costs.KEPT_OFFICE * size.offices
        + names
        + table
        + costs.CADRE_DAY_KEPT * recorded / 2
    )
    weeks = days / _DAYS_A_WEEK
    return RunCost(
        size,
        sum(areas[group.level] * group.number for group in groups),
        days,
        requests + visits,
        seconds,
        memory,
        kept + costs.KEPT_RUN,
        costs.KEPT_DAY * days + costs.KEPT_COUNTY_WEEK * weeks * size.counties + costs.KEPT_RUN,
        costs.FILE_VALUE * (table / _NUMBER + _WINDOWS * size.offices * len(OUTPUTS) + _OF_A_CADRE_DAY * recorded)
        + costs.FILE_CADRE * cadres,
    )


@lru_cache(maxsize=64)
def _days(period: Period, calendar: Calendar) -> int:
    return WorkCalendar(period, calendar).days


def _orders(group: DepartmentGroup) -> float:
    """Meetings, forms and tasks of one department a year."""
    found = group.meetings.per_year if group.meetings else 0.0
    found += MONTHS * group.forms.per_month if group.forms else 0.0
    return found + (MONTHS * group.tasks.per_month if group.tasks else 0.0)


def _matters(scenario: Scenario, size: Size) -> float:
    """Matters and certificates of a year."""
    demand = scenario.demand
    return (demand.matters + demand.matters_township + demand.certificates) * size.residents / THOUSAND


def _share_left(scenario: Scenario, size: Size) -> float:
    """Share of what is asked of offices that stays in their queues, where more is asked than they can do."""
    asked = sum(group.number * _hours(group) for group in scenario.departments.values()) * size.offices
    # A township takes longer for each request, and has more cadres for it.
    asked *= 1.0 + (scenario.staff.township_factor - 1.0) * size.townships / size.offices
    asked += (scenario.demand.matters * scenario.demand.hours) * size.residents / THOUSAND
    able = costs.FULL * (size.cadres + size.sent) * scenario.staff.contracted_hours * WORKING_DAYS_A_YEAR
    return max(0.0, 1.0 - able / asked) if asked else 0.0


def _hours(group: DepartmentGroup) -> float:
    """Hours a year that one department asks of a village in work that may wait."""
    found = MONTHS * group.forms.per_month * group.forms.hours if group.forms else 0.0
    found += MONTHS * group.tasks.per_month * group.tasks.hours if group.tasks else 0.0
    campaigns = group.campaigns
    return found + (campaigns.per_year * campaigns.coverage * campaigns.preparation_hours if campaigns else 0.0)
