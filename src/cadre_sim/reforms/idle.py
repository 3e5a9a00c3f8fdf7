"""Reforms that can change nothing in a run, and why: found from the scenario and its place before anything is run.

A reform is called idle only where it is certain: that it starts after the last measured date, selects no office, has
strength 0, or acts on what the scenario has none of. One that merely happens to change nothing is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cadre_sim.language import mark
from cadre_sim.reforms.acts_on import ABOVE_TOWNSHIPS, ACTS_ON, EVERY_LEVEL, Reach
from cadre_sim.reforms.force import ReformInForce, in_scope
from cadre_sim.reforms.policy import NEUTRAL
from cadre_sim.reforms.watchdog import FormalismWatchdog
from cadre_sim.scenario.measures import Effect, Measure
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.streams import Key, entity_number
from cadre_sim.world.calendar import WorkCalendar
from cadre_sim.world.columns import TOWNSHIP, World


class IdleReform(NamedTuple):
    """A reform that can change nothing.

    Attributes:
        name: its name in the scenario.
        text: why, as a message of the catalogue with places for values.
        values: the values.
    """

    name: str
    text: str
    values: dict[str, Any]

    @property
    def why(self) -> str:
        """Why it can change nothing, a clause without a full stop."""
        return self.text.format(**self.values)

    def __str__(self) -> str:
        """The reform with the reason, for a list."""
        return f"{self.name}: {self.why}"


_Reason = tuple[str, dict[str, Any]]


def idle_reforms(
    scenario: Scenario, world: World, calendar: WorkCalendar, keys: Sequence[Key] = ()
) -> tuple[IdleReform, ...]:
    """The reforms of a scenario that can change nothing that is measured.

    Args:
        scenario: whose reforms.
        world: its place.
        calendar: its working days.
        keys: seed and replicate of each run that there is to be, to see whether any office adopts a reform in them.
    """
    found = []
    for name, measure in scenario.reforms.items():
        reason = _Search(scenario, world, calendar, name, measure).reason(keys)
        if reason is not None:
            found.append(IdleReform(name, *reason))
    return tuple(found)


class _Search:
    """Looks for a reason why one reform can change nothing."""

    def __init__(self, scenario: Scenario, world: World, calendar: WorkCalendar, name: str, measure: Measure) -> None:
        self.scenario, self.world, self.calendar = scenario, world, calendar
        self.name, self.measure = name, measure
        # As if every office adopted it; the draws come last.
        self.everywhere = self._in_force(measure.model_copy(update={"adoption": 1.0}), Key(0, 0))
        measured_end = calendar.day_on_or_after(scenario.measure_to, after=True)
        self.stop = min(self.everywhere.end, measured_end)

    def reason(self, keys: Sequence[Key]) -> _Reason | None:
        """The first reason that is found, None where the reform may act."""
        return self._never() or self._nowhere() or self._without_force() or self._nothing() or self._unadopted(keys)

    def _in_force(self, measure: Measure, key: Key) -> ReformInForce:
        return ReformInForce(self.name, measure, entity_number(self.name), self.world, self.calendar, key)

    def _never(self) -> _Reason | None:
        """Its dates lie outside the run, or beyond what is measured of it."""
        measure, period = self.measure, self.scenario.period
        first, last = measure.first_date, self.scenario.measure_to
        if measure.until is not None and measure.until < period.start:
            text = mark("it ends on {date}, before the run starts on {start}")
            return text, {"date": str(measure.until), "start": str(period.start)}
        if first > period.end:
            return mark("it starts on {date}, after the run ends on {end}"), {
                "date": str(first),
                "end": str(period.end),
            }
        if first > last:
            return mark("it starts on {date}, after the last measured date, {last}"), {
                "date": str(first),
                "last": str(last),
            }
        return None

    def _nowhere(self) -> _Reason | None:
        """It selects no office, or none that it is in force at on any working day."""
        where = self.measure.where
        if where is not None and where.counties == ():
            return mark("its list of counties is empty"), {}
        if where is not None and where.kinds == ():
            return mark("its list of kinds of office is empty"), {}
        if not in_scope(self.measure, self.world).any():
            return mark("the place has no office that it is for"), {}
        if not self._acting().any():
            return mark("no working day lies between its first and its last date at any office"), {}
        people = self.measure.people()
        if people is not None and not self.measure.effects() and self.measure.strength > 0.0:
            if people.number == 0:
                return mark("it sends nobody: the number of people comes to 0"), {}
            if all(sent.reform != self.name for sent in self.world.sent):
                return mark("the place has no office that it sends people to"), {}
        return None

    def _without_force(self) -> _Reason | None:
        if self.measure.strength == 0.0:
            return mark("its strength is 0"), {}
        if self.measure.adoption == 0.0:
            return mark("its adoption is 0: no office applies it"), {}
        if self._strength() == 0.0:
            return mark("its strength has worn off before the run starts"), {}
        return None

    def _nothing(self) -> _Reason | None:
        """There is nothing that it acts on, or its numbers leave everything as it is."""
        measure, effects = self.measure, self.measure.effects()
        if isinstance(measure, FormalismWatchdog):
            if not self.scenario.departments:
                return _none_of(mark("departments"))
            if measure.report_rate == 0.0 and measure.corrections == 0:
                return mark("it takes no report and corrects nothing"), {}
            return None
        if measure.people() is not None:
            return None
        if not effects:
            return mark("it turns no knob and sends nobody"), {}
        missing = [
            knob
            for effect in effects
            if (knob := ACTS_ON.get(effect.knob)) and not knob.there(self.scenario, self._reach())
        ]
        if len(missing) == len(effects):
            return _none_of(min((knob.name for knob in missing), key=len))  # "report forms" before duplicates of them
        strength = self._strength()
        others = [e for name, m in self.scenario.reforms.items() if name != self.name for e in m.effects()]
        for effect in effects:
            knob = ACTS_ON.get(effect.knob)
            if (knob is None or knob.there(self.scenario, self._reach())) and not self._is_neutral(
                effect, strength, others
            ):
                return None
        return mark("its numbers leave everything as it is"), {}

    def _unadopted(self, keys: Sequence[Key]) -> _Reason | None:
        """In none of the runs does any office draw that it applies the reform."""
        if not keys or self.measure.adoption == 1.0:
            return None
        if any((self._in_force(self.measure, key).starts < self.stop).any() for key in keys):
            return None
        text = mark("no office applies it: adoption is {adoption}, and in none of the runs did one of {count} adopt it")
        return text, {"adoption": f"{self.measure.adoption:g}", "count": int(self._acting().sum())}

    def _acting(self) -> NDArray[np.bool_]:
        """Offices at which it is in force on a measured day or before, were it adopted, shape (offices,)."""
        acting: NDArray[np.bool_] = np.maximum(self.everywhere.starts, 0) < self.stop
        return acting

    def _reach(self) -> Reach:
        """Levels whose departments reach the offices at which it is in force."""
        villages = self.world.offices.kind[self._acting()] != TOWNSHIP
        return EVERY_LEVEL if villages.any() else ABOVE_TOWNSHIPS

    def _strength(self) -> float:
        """The highest strength that it has at any office on any day until the last measured one."""
        starts = np.unique(self.everywhere.starts[self._acting()])
        days = np.clip(starts + self.measure.ramp, np.maximum(starts, 0), self.stop - 1)
        return max((float(self.everywhere.strength(int(day)).max()) for day in np.unique(days)), default=0.0)

    def _is_neutral(self, effect: Effect, strength: float, others: Sequence[Effect]) -> bool:
        """Whether an effect leaves its knob as it is at every strength up to the highest."""
        knob, how, value = effect
        neutral = NEUTRAL[knob]
        turned = [other for other in others if other.knob == knob]
        if how == "scale":
            return 1.0 + strength * (value - 1.0) == 1.0 or (neutral == 0.0 and not turned)
        if how == "set":
            return value == neutral and not turned
        if knob == "meeting_hours_cap":
            plans = [group.meetings for group in self.scenario.departments.values() if group.meetings is not None]
            return value / strength >= max((plan.hours for plan in plans), default=0.0)
        return value / strength >= neutral and not turned


def _none_of(name: str) -> _Reason:
    return mark("it acts on {what}, and the scenario has none"), {"what": name}
