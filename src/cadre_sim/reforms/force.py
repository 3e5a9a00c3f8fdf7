"""Which reforms are in force where, how strongly, and the Policy of a day that follows."""

from __future__ import annotations

import numpy as np

from cadre_sim.reforms.policy import Column, Policy, baseline_policy, turn
from cadre_sim.scenario.measures import Measure
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.streams import Key, Stream, entity_number, uniforms
from cadre_sim.world.calendar import WorkCalendar
from cadre_sim.world.columns import KINDS, NO_DAY, Cadres, World


class ReformInForce:
    """One reform of a scenario, laid over the offices of a world."""

    def __init__(
        self, name: str, measure: Measure, number: int, world: World, calendar: WorkCalendar, key: Key
    ) -> None:
        """Find the offices in scope that apply it, and from which working day each does."""
        self.name = name
        self.measure = measure
        offices = world.offices.county.size
        starts = np.full(offices, calendar.day_on_or_after(measure.from_), np.int64)
        for county, first in (measure.rollout or {}).items():
            starts[world.in_county(county)] = calendar.day_on_or_after(first)
        starts[~in_scope(measure, world)] = NO_DAY
        if measure.adoption < 1.0:
            # One draw an office and name of a reform, so that raising the adoption only adds offices.
            draws = uniforms(key, Stream.ADOPTION, np.arange(offices), 0, number)
            starts[draws >= measure.adoption] = NO_DAY
        self.starts = starts
        self._settled_from = int(starts[starts != NO_DAY].max(initial=-NO_DAY)) + measure.ramp
        self.end = calendar.day_on_or_after(measure.until, after=True) if measure.until else NO_DAY

    def first_day(self) -> int:
        """First working day on which any office applies it; a day beyond the run where none does."""
        return int(self.starts.min(initial=NO_DAY))

    def strength(self, day: int) -> Column:
        """Strength at each office on a working day, 0 to 1, shape (offices,)."""
        since = np.where(self.starts <= day, day - self.starts, -1)
        if day >= self.end:
            return np.zeros(since.shape)
        grown = np.minimum(1.0, (since + 1.0) / (self.measure.ramp + 1.0))
        strength = np.where(since >= 0, self.measure.strength * grown, 0.0)
        if self.measure.erosion is not None:
            full = np.maximum(0.0, since - self.measure.ramp)
            strength *= 0.5 ** (full / self.measure.erosion)
        return strength

    def is_constant_after(self, day: int) -> bool:
        """Whether its strength no longer changes after a working day, until it ends."""
        return day >= self._settled_from and self.measure.erosion is None and (day >= self.end or self.end == NO_DAY)


class Reforms:
    """All reforms of a scenario, in the order in which they are laid over the Policy."""

    def __init__(self, scenario: Scenario, world: World, calendar: WorkCalendar, key: Key) -> None:
        """Lay the scenario's reforms over a world."""
        ordered = _ordered(scenario.reforms)
        self.reforms = [
            ReformInForce(name, measure, entity_number(name), world, calendar, key) for name, measure in ordered.items()
        ]
        self._baseline = baseline_policy(world.offices.county.size)
        self._latest: tuple[int, Policy] | None = None

    def policy(self, day: int) -> Policy:
        """The Policy of a working day: the baseline, passed through all reforms in force."""
        if not self.reforms:
            return self._baseline
        if self._latest is not None:
            made, policy = self._latest
            if made == day or (made < day and self._settled(made)):
                return policy
        columns = dict(zip(Policy._fields, self._baseline, strict=True))
        for reform in self.reforms:
            strength = reform.strength(day)
            if strength.any():
                for effect in reform.measure.effects():
                    columns[effect.knob] = turn(columns[effect.knob], effect.how, effect.value, strength)
        policy = Policy(**columns)
        self._latest = (day, policy)
        return policy

    def _settled(self, day: int) -> bool:
        return all(r.is_constant_after(day) for r in self.reforms)


def on_duty(world: World, reforms: Reforms) -> Cadres:
    """The places of a world's cadres with the working days on which the people whom reforms send arrive and leave.

    Person k of n comes when the reform's ramp has come to (k + 1/2) / n of its way, and leaves at the end of the term
    or of the reform, or when its erosion has worn off all but (k + 1/2) / n.
    """
    arrives, leaves = world.cadres.arrives.copy(), world.cadres.leaves.copy()
    by_name = {reform.name: reform for reform in reforms.reforms}
    for sent in world.sent:
        reform = by_name[sent.reform]
        people = reform.measure.people()
        assert people is not None
        start = reform.starts[world.cadres.office[sent.places]]
        part = (sent.order + 0.5) / people.number
        came = start + np.ceil(part * (reform.measure.ramp + 1.0)).astype(np.int64) - 1
        last = np.minimum(came + people.term, reform.end)
        if reform.measure.erosion is not None:
            worn = reform.measure.ramp + np.ceil(reform.measure.erosion * np.log2(1.0 / part)).astype(np.int64)
            last = np.minimum(last, start + worn)
        comes = start != NO_DAY
        arrives[sent.places] = np.where(comes, came, NO_DAY)
        leaves[sent.places] = np.where(comes, np.minimum(last, NO_DAY), -NO_DAY)
    return world.cadres._replace(arrives=arrives, leaves=leaves)


def in_scope(measure: Measure, world: World) -> np.ndarray:
    """Offices that a reform is for, whether or not they adopt it, shape (offices,)."""
    scope = np.ones(world.offices.county.size, bool)
    if measure.where and measure.where.counties is not None:
        number = {name: place for place, name in enumerate(world.counties, world.cities)}
        scope &= np.isin(world.offices.county, [number[county] for county in measure.where.counties])
    if measure.where and measure.where.kinds is not None:
        scope &= np.isin(world.offices.kind, [KINDS.index(k) for k in measure.where.kinds])
    return scope


def _ordered(reforms: dict[str, Measure]) -> dict[str, Measure]:
    """Reforms in the scenario's order, but one that overrides another after it."""
    ordered: dict[str, Measure] = {}

    def add(name: str, path: tuple[str, ...]) -> None:
        if name in ordered or name in path:
            return
        for under in reforms[name].over:
            add(under, (*path, name))
        ordered[name] = reforms[name]

    for name in reforms:
        add(name, ())
    return ordered
