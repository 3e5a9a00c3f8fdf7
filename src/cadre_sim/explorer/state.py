"""What a visitor can set: every measure on or off and its numbers; from a link, to a scenario and back to a link."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

from pydantic import BaseModel, ValidationError

from cadre_sim.errors import InputError
from cadre_sim.scenario.listing import Parameter, ParameterValue, parameters_in
from cadre_sim.scenario.loading import Arm
from cadre_sim.scenario.measures import Measure, measures
from cadre_sim.scenario.paths import path_text
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.units import MOST_SEED

Value = bool | int | float
REPLICATES = (4, 8, 16, 32)
"""Numbers of paired replicates to choose from."""
OF_EVERY_MEASURE = ("adoption", "strength")
"""Numbers of every measure that the page shows; its schedule stays as the scenario has it."""
DIGITS = 6
"""Decimals of a number that a slider gives: enough for every step, few enough to hide binary fractions."""
_STEPS = 25


class Slider(NamedTuple):
    """A number of a measure that can be moved.

    Attributes:
        path: "measure.number", its name in links.
        parameter: its declaration.
        value: where it stands in the scenario.
        whole: whether it takes whole numbers only.
        low: lowest place to move it to.
        high: highest place to move it to.
        step: distance between places.
    """

    path: str
    parameter: Parameter
    value: float
    whole: bool
    low: float
    high: float
    step: float

    def clamped(self, value: float) -> float:
        """The place nearest to a value that it may be moved to."""
        inside = min(max(value, self.low), self.high)
        return round(inside) if self.whole else round(inside, DIGITS)


class Lever(NamedTuple):
    """A measure that can be switched.

    Attributes:
        name: name of the reform in the scenario, by default the key of its measure.
        measure: the measure as it stands in the scenario, or with its defaults where the scenario has it not.
        on: whether the scenario has it.
        knobs: its numbers.
    """

    name: str
    measure: Measure
    on: bool
    knobs: tuple[Slider, ...]


@dataclass(frozen=True)
class Settings:
    """Where everything stands.

    Attributes:
        values: switches by the name of the measure, numbers by the path of the knob.
        seed: root seed of all random numbers.
        replicates: paired replicates, one of :data:`REPLICATES`.
    """

    values: Mapping[str, Value]
    seed: int = 1
    replicates: int = 8


@dataclass(frozen=True)
class Board:
    """What can be set in one scenario.

    Attributes:
        arm: the scenario and its baseline, as the file has them.
        levers: its measures first, in their order, then all others.
    """

    arm: Arm
    levers: tuple[Lever, ...]

    @property
    def defaults(self) -> Settings:
        """Where everything stands in the file."""
        values: dict[str, Value] = {}
        for lever in self.levers:
            values[lever.name] = lever.on
            values |= {knob.path: knob.value for knob in lever.knobs}
        return Settings(values)

    def settings(self, query: Mapping[str, Any]) -> Settings:
        """Settings from the query of a link: what is not known is passed over, what is out of range is clamped."""
        found = self.defaults
        values = dict(found.values)
        for lever in self.levers:
            values[lever.name] = {"on": True, "off": False}.get(_text(query, lever.name), lever.on)
            for knob in lever.knobs:
                number = _number(query, knob.path)
                if number is not None:
                    values[knob.path] = knob.clamped(number)
        seed = _number(query, "seed")
        asked = _number(query, "replicates")
        return replace(
            found,
            values=values,
            seed=found.seed if seed is None else round(min(max(seed, 0), MOST_SEED)),
            replicates=found.replicates if asked is None else min(REPLICATES, key=lambda n: (abs(n - asked), n)),
        )

    def settings_of(self, values: Mapping[str, Any]) -> Settings:
        """Settings from the values of the page's controls."""
        found: dict[str, Value] = {}
        for lever in self.levers:
            found[lever.name] = bool(values[lever.name])
            found |= {knob.path: knob.clamped(float(values[knob.path])) for knob in lever.knobs}
        return Settings(found, int(values["seed"] or 0), int(values["replicates"]))

    def query(self, settings: Settings) -> dict[str, str]:
        """What of the settings differs from the file, as the query of a link."""
        found: dict[str, str] = {}
        defaults = self.defaults
        for name, value in settings.values.items():
            if value != defaults.values[name]:
                found[name] = ("on" if value else "off") if isinstance(value, bool) else f"{value:.10g}"
        for name in ("seed", "replicates"):
            if getattr(settings, name) != getattr(defaults, name):
                found[name] = str(getattr(settings, name))
        return found

    def link(self, settings: Settings, **more: object) -> str:
        """The settings as a link to this page."""
        return "?" + urlencode(self.query(settings) | more)

    @property
    def look_from(self) -> date:
        """The first date that one looks at: a quarter after effects are measured from, or the end."""
        base = self.arm.reform
        return min(base.measure_from + timedelta(days=91), base.measure_to)

    def scenario(self, settings: Settings) -> Scenario:
        """The scenario with what is set.

        Effects are measured on the same dates whatever is switched on, so that one baseline serves all settings.

        Raises:
            InputError: two measures contradict each other.
        """
        base = self.arm.reform
        reforms = {}
        for lever in self.levers:
            if settings.values[lever.name]:
                own = {knob.parameter.path.rpartition(".")[2]: settings.values[knob.path] for knob in lever.knobs}
                reforms[lever.name] = lever.measure.model_dump(by_alias=True) | own
        content: dict[str, Any] = base.model_dump(by_alias=True) | {"reforms": reforms, "baseline": None, "article": ()}
        content["period"] |= {"measure_from": base.measure_from, "measure_to": base.measure_to}
        try:
            return Scenario.model_validate(content)
        except ValidationError as error:
            raise InputError("; ".join(str(e["msg"]) for e in error.errors())) from None

    def paired(self, settings: Settings) -> Arm:
        """The scenario with what is set, and the baseline of all settings."""
        return Arm(self.scenario(settings), self.arm.baseline)


def board_of(arm: Arm) -> Board:
    """What can be set in a scenario: its reforms, and every measure that it has not."""
    base = arm.reform
    used = {reform.key for reform in base.reforms.values()}
    others = {
        key: measure.model_validate({"from": base.measure_from})
        for key, measure in measures().items()
        if key not in used and key not in base.reforms
    }
    found = [*((n, m, True) for n, m in base.reforms.items()), *((n, m, False) for n, m in others.items())]
    return Board(arm, tuple(Lever(name, measure, on, tuple(_knobs(name, measure))) for name, measure, on in found))


def _knobs(name: str, measure: Measure) -> Iterator[Slider]:
    """The numbers of a measure: its own as they are declared, then those of every measure."""
    scenario = Scenario.model_construct(reforms={name: measure})
    placed = {path.rpartition(".")[2]: p for path, p in _placed(scenario, name).items()}
    own = [field for field in type(measure).model_fields if field not in Measure.model_fields]
    for field in (*own, *OF_EVERY_MEASURE):
        if field in placed and placed[field].value is not None:
            yield _knob(name, field, placed[field], type(measure))


def _placed(scenario: Scenario, name: str) -> dict[str, ParameterValue]:
    prefix = f"{path_text(('reforms', name))}."
    return {path: placed for path, placed in parameters_in(scenario).items() if path.startswith(prefix)}


def _knob(name: str, field: str, placed: ParameterValue, measure: type[BaseModel]) -> Slider:
    declared, value = placed.parameter, float(placed.value or 0.0)
    low, high = (0.0, 1.0) if field in OF_EVERY_MEASURE else (float(declared.low), float(declared.high))
    default = float(declared.default or 0.0)
    if not low <= value <= high and default:
        # What a city has to give is declared for a city; a county has its part, and room around that part.
        low, high = low * value / default, high * value / default
    step = _step(max(high, value) - min(low, value), placed.whole)
    # Places are multiples of the step, so that they are round numbers and a default can be come back to.
    least, most = _bounds(measure, field)
    low = max(round(math.floor(min(low, value) / step + 1e-9) * step, DIGITS), least)
    high = min(round(math.ceil(max(high, value) / step - 1e-9) * step, DIGITS), most)
    return Slider(f"{name}.{field}", declared, int(value) if placed.whole else value, placed.whole, low, high, step)


def _bounds(measure: type[BaseModel], field: str) -> tuple[float, float]:
    """Smallest and largest value that a scenario may give."""
    limits = measure.model_fields[field].metadata
    least = [float(m.ge) for m in limits if getattr(m, "ge", None) is not None]
    most = [float(m.le) for m in limits if getattr(m, "le", None) is not None]
    return max(least, default=-math.inf), min(most, default=math.inf)


def _step(span: float, whole: bool) -> float:
    """A round number that divides a span into some dozens of places."""
    rough = max(span, 1e-6) / _STEPS / (2 if whole else 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(float(f"{m * power:.1g}") for m in (1, 2, 5, 10) if m * power >= rough * 0.999)
    return max(1.0, step) if whole else step


def _text(query: Mapping[str, Any], name: str) -> str:
    value = query.get(name, "")
    return str(value[0] if isinstance(value, list) and value else value)


def _number(query: Mapping[str, Any], name: str) -> float | None:
    """A finite number of a query, or None."""
    try:
        value = float(_text(query, name)[:40])
    except ValueError:
        return None
    return value if math.isfinite(value) else None
