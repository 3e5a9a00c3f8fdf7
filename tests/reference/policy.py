"""Reforms and the Policy: the knobs of every office on every day (sections 7 of the description)."""

from __future__ import annotations

import math
from datetime import timedelta

from cadre_sim.scenario.measures import Effect, Measure
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.streams import Key, Stream, entity_number, uniform
from reference.calendar import Calendar
from reference.office import Office
from reference.place import Place

SHARES = (
    "visit_share_city", "visit_share_county", "visit_share_township", "meeting_share", "form_share",
    "form_duplicate_share", "task_share", "evaluation_share_city", "evaluation_share_county",
)  # fmt: skip
SCALES = (
    "notice_scale", "readiness_scale", "reception_scale", "scouting_scale", "meeting_attendees_scale",
    "meeting_travel_scale", "form_hours_scale", "joint_topics_scale", "amplification_scale", "screens_scale",
    "blame_scale", "false_accusation_scale", "recognition_scale", "quit_scale", "perfunctory_scale", "idle_scale",
)  # fmt: skip
CAPS = ("visit_cap", "meeting_hours_cap")
SETTINGS = (
    "joint_share", "comprehensive_share", "signs_removed", "certificates_removed", "clearing", "accountability",
)  # fmt: skip

NEUTRAL: dict[str, float] = {
    **dict.fromkeys(SHARES + SCALES, 1.0),
    **dict.fromkeys(CAPS, math.inf),
    **dict.fromkeys(SETTINGS, 0.0),
}
"""The Policy of an office without reforms."""


class Reform:
    """A measure of the scenario: from when until when, how strongly and at which offices it is in force.

    ``starts`` has the first day of every office, by row, where it starts at all; ``end`` is the day after its last.
    """

    def __init__(self, name: str, measure: Measure, place: Place, calendar: Calendar, key: Key) -> None:
        self.name = name
        self.measure = measure
        self.number = entity_number(name)
        self.key = key
        self.starts = {office.row: self._start(office, calendar) for office in place.offices if self._is_for(office)}
        until = measure.until
        self.end: float = math.inf if until is None else calendar.day_on_or_after(until + timedelta(days=1))

    def _is_for(self, office: Office) -> bool:
        """Whether an office is in scope and adopts the reform."""
        where = self.measure.where
        if where is not None and where.counties is not None and office.county not in where.counties:
            return False
        if where is not None and where.kinds is not None and office.kind not in where.kinds:
            return False
        adoption = self.measure.adoption
        return adoption >= 1 or uniform(self.key, Stream.ADOPTION, office.row, 0, self.number) < adoption

    def _start(self, office: Office, calendar: Calendar) -> int:
        """First working day on or after the date for the office's county."""
        first_date = (self.measure.rollout or {}).get(office.county, self.measure.from_)
        return calendar.day_on_or_after(first_date)

    def first_day(self) -> float:
        """Its earliest start; infinite where it never starts."""
        return min(self.starts.values(), default=math.inf)

    def strength(self, row: int, day: int) -> float:
        """How far it is in force at an office on a day, 0 to 1."""
        start = self.starts.get(row)
        if start is None or day < start or day >= self.end:
            return 0.0
        since = day - start
        ramp = self.measure.ramp
        strength = self.measure.strength * min(1.0, (since + 1) / (ramp + 1))
        if self.measure.erosion is not None:
            strength *= 0.5 ** (max(0, since - ramp) / self.measure.erosion)
        return strength


class Policies:
    """The Policy of every day: the neutral one, passed through all reforms in turn."""

    def __init__(self, scenario: Scenario, place: Place, calendar: Calendar, key: Key) -> None:
        ordered = in_order(scenario.reforms)
        self.reforms = [Reform(name, scenario.reforms[name], place, calendar, key) for name in ordered]
        self._made: dict[tuple[int, int], dict[str, float]] = {}

    def of(self, row: int, day: int) -> dict[str, float]:
        """The knobs of an office on a day."""
        if (row, day) not in self._made:
            self._made[row, day] = self._make(row, day)
        return self._made[row, day]

    def _make(self, row: int, day: int) -> dict[str, float]:
        knobs = dict(NEUTRAL)
        for reform in self.reforms:
            strength = reform.strength(row, day)
            if strength > 0:
                for effect in reform.measure.effects():
                    knobs[effect.knob] = turned(knobs[effect.knob], effect, strength)
        return knobs


def turned(knob: float, effect: Effect, strength: float) -> float:
    """A knob after an effect of some strength above 0."""
    match effect.how:
        case "scale":
            return knob * (1 + strength * (effect.value - 1))
        case "cap":
            return min(knob, effect.value / strength)
        case "set":
            return knob + strength * (effect.value - knob)


def in_order(reforms: dict[str, Measure]) -> list[str]:
    """Names in the order of the scenario, except that a reform comes after those that it goes over."""
    ordered: list[str] = []

    def lay(name: str) -> None:
        if name not in ordered:
            for other in reforms:
                if other in reforms[name].over:
                    lay(other)
            ordered.append(name)

    for name in reforms:
        lay(name)
    return ordered
