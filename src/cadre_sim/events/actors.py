"""Departments as actors: how far each asks for more than its plan, and for how much in place of what was cut."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cadre_sim.arrays import Floats, Ints
from cadre_sim.events.departments import Departments
from cadre_sim.levels import LEVELS
from cadre_sim.reforms.channels import DIVERTED, MEETINGS
from cadre_sim.scenario.departments import DepartmentGroup
from cadre_sim.scenario.oversight import Oversight
from cadre_sim.streams import Key, Stream, uniforms
from cadre_sim.units import MONTHS

_DAYS_OF_REVIEW = 15
"""Working days of a month on which areas have their reviews."""


class Actors:
    """All departments of a run, arrays of shape (departments,), in the order of the scenario's groups.

    Attributes:
        area: area of each.
        number: its number for draws.
        hours: hours a year that its plan asks of a village, by channel but for tasks, shape
            (departments, channels - 1).
        tasks: hours a year of the tasks in its plan.
        excess: share by which it asks for more than its plan.
        diverting: how far it has found other channels for what is cut, 0 to 1.
        deterred: how far a case of the watchdog still deters it, 0 to 1.
    """

    def __init__(self, groups: Sequence[Departments], areas: int, oversight: Oversight, key: Key) -> None:
        """Departments before their first day: excess is drawn, exponentially with the scenario's mean."""
        self._oversight = oversight
        self._areas = areas
        sizes = [group.number.size for group in groups]
        self.names = [group.group for group in groups for _ in range(group.number.size)]
        self.area = _joined([group.area for group in groups])
        self.number = _joined([group.number for group in groups])
        plans = [planned_hours(group.plan, oversight.topic_economy) for group in groups]
        self.hours = np.repeat(np.array(plans).reshape(-1, len(DIVERTED)), sizes, axis=0)
        self.tasks = np.repeat([task_hours(group.plan) for group in groups], sizes)
        self._meetings_and_tasks = self.hours[:, MEETINGS] + self.tasks
        draws = uniforms(key, Stream.EXCESS, self.number, 0)
        self.excess = np.minimum(oversight.excess_most, -oversight.excess * np.log(draws))
        self.diverting = np.zeros(self.area.size)
        self.deterred = np.zeros(self.area.size)
        # All departments of an area act on the same days, so that what they ask for reaches an office together.
        self._day_of_review = self.area % _DAYS_OF_REVIEW

    def reviewing(self, day_of_month: int) -> Ints:
        """Departments that review what they ask for on a working day of the month, counted from 0."""
        return np.flatnonzero(self._day_of_review == day_of_month)

    def review(self, which: Ints, cut: NDArray[np.bool_]) -> None:
        """A month passes for some departments: excess creeps up, deterrence fades, other channels are found.

        Args:
            which: departments.
            cut: whether a channel of the departments of an area is cut anywhere in it, shape (areas, channels).
        """
        o = self._oversight
        free = 1.0 - self.deterred[which]
        room = np.maximum(0.0, 1.0 - self.excess[which] / o.excess_most)
        self.excess[which] += o.excess_creep / MONTHS * free * room
        uses = np.column_stack([self.hours[which], self.tasks[which]]) > 0.0
        found = (uses & cut[self.area[which]]).any(axis=1).astype(np.float64)
        self.diverting[which] += (found - self.diverting[which]) / o.rebound_months
        self.deterred[which] *= 0.5 ** (1.0 / o.deterrence_half_life)

    def asks_above_plan(self) -> Floats:
        """Work that each department asks for above its plan and in place of what was cut, as a share of its plan."""
        above: Floats = self.excess + self._rebound()
        return above

    def asked_instead(self, which: Ints) -> Floats:
        """Hours of ad-hoc tasks of a month, were all of a channel cut, by area and channel."""
        hours = np.zeros((self._areas, len(DIVERTED)))
        np.add.at(hours, self.area[which], self._rebound()[which, None] * self.hours[which] / MONTHS)
        return hours

    def messages(self, days_a_year: float) -> Floats:
        """Hours of messages a working day in place of planned tasks, were all of those cut, by area."""
        cut = self._rebound() * self.tasks / days_a_year
        return np.bincount(self.area, weights=cut, minlength=self._areas).astype(np.float64)

    def mean_excess(self, area_level: Ints) -> Floats:
        """Mean excess of the departments of each level; 0 where there are none."""
        level = area_level[self.area]
        count = np.bincount(level, minlength=len(LEVELS))
        mean: Floats = np.bincount(level, weights=self.excess, minlength=len(LEVELS)) / np.maximum(1, count)
        return mean

    def correct(self, department: int, correction: float, deterrence: float) -> None:
        """Correct a department: it loses a share of its excess and diverting; the others of its area are deterred."""
        self.excess[department] *= 1.0 - correction
        self.diverting[department] *= 1.0 - correction
        others = self.area == self.area[department]
        self.deterred[others] += deterrence * (1.0 - self.deterred[others])
        self.deterred[department] = max(self.deterred[department], correction)

    def largest(self, reach: Floats, spared: set[int]) -> int | None:
        """The department that asks for most meetings and tasks above its plan, none that is spared.

        ``reach`` weighs the areas, shape (areas,).
        """
        asked = self.excess * self._meetings_and_tasks * reach[self.area]
        asked[list(spared)] = 0.0
        return int(asked.argmax()) if asked.size and asked.max() > 0.0 else None

    def _rebound(self) -> Floats:
        rebound: Floats = self._oversight.rebound * self.diverting * (1.0 - self.deterred)
        return rebound


def _joined(parts: list[Ints]) -> Ints:
    return np.concatenate(parts) if parts else np.zeros(0, np.int64)


def planned_hours(plan: DepartmentGroup, topic_economy: float) -> tuple[float, ...]:
    """Hours a year that a plan asks of a village, by channel but for tasks, as it stands in the scenario."""
    c, m, f, e = plan.campaigns, plan.meetings, plan.forms, plan.evaluations
    visits = c.per_year * c.coverage * c.topics**topic_economy if c else 0.0
    forms = f.per_month * MONTHS * f.hours if f else 0.0
    duplicates = f.duplicate_share if f else 0.0
    return (
        visits * (c.preparation_hours + c.escorts * c.reception_hours) if c else 0.0,
        m.per_year * m.attendees * (m.hours + (1.0 - m.online_share) * m.travel_hours) if m else 0.0,
        (1.0 - duplicates) * forms,
        duplicates * forms,
        e.evidence_hours + e.escorts * e.reception_hours if e and not e.comprehensive else 0.0,
    )


def task_hours(plan: DepartmentGroup) -> float:
    """Hours a year of the tasks that a plan delegates to a village."""
    return plan.tasks.per_month * MONTHS * plan.tasks.hours if plan.tasks else 0.0
