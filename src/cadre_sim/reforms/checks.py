"""What a measure says of itself is checked when it is loaded, and again with the values that a scenario gives it.

A misspelt knob would end in a traceback or, worse, in a reform that does something else than it says. Here it is known
which knobs there are; :mod:`cadre_sim.scenario.measures` asks the checks that are handed to it.
"""

from __future__ import annotations

import math
import types
import typing
from collections.abc import Callable, Iterator
from numbers import Real
from typing import Any, get_args, get_origin

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from cadre_sim.errors import hint
from cadre_sim.reforms.policy import NEUTRAL, UNLIMITED
from cadre_sim.scenario.measures import PLACEMENTS, WAYS, Effect, Measure, People, check_with

_STARTS = {"from": "2025-01-01"}
_LONGEST_SHOWN = 60


def declaration_faults(measure: type[Measure]) -> Iterator[str]:
    """What is wrong with a measure as it is written, with the defaults of its parameters."""
    for name, field in measure.model_fields.items():
        if name not in Measure.model_fields:
            yield from _parameter_faults(name, field)
    if measure.effects is Measure.effects:
        yield "has no effects(): give it the method; a measure that turns no knob returns ()"
        return
    try:
        usual = measure.model_validate(_STARTS)
    except ValidationError:
        return  # It has a parameter without a default: what it says is checked with the values of a scenario.
    yield from effect_faults(usual)


def effect_faults(measure: Measure) -> Iterator[str]:
    """What is wrong with what a measure does, with the values that its parameters have."""
    effects, fault = _called(measure.effects)
    if fault:
        yield fault
    elif not isinstance(effects, tuple) or not all(isinstance(effect, Effect) for effect in effects):
        yield f"effects() must give a tuple of Effect (got {_shown(effects)})"
    else:
        for effect in effects:
            yield from _of_effect(effect)
    people, fault = _called(measure.people)
    if fault:
        yield fault
    elif people is not None:
        yield from _of_people(people)


def _called(method: Callable[[], Any]) -> tuple[Any, str]:
    """What a method of a measure gives, and what is wrong where it fails."""
    try:
        return method(), ""
    except Exception as error:  # it is somebody else's code
        return None, f"{method.__name__}() raises {type(error).__name__}: {error}"


def _of_effect(effect: Effect) -> Iterator[str]:
    knob, how, value = effect
    if knob not in NEUTRAL:
        yield f"effects() names the unknown knob {knob!r}{hint(str(knob), NEUTRAL)}"
        return
    if how not in WAYS:
        yield f"effects() turns {knob} by {how!r}; allowed: {', '.join(WAYS)}"
        return
    number = isinstance(value, Real) and not isinstance(value, bool)
    if not number or math.isnan(value) or value < 0.0 or (value == UNLIMITED and how != "cap"):
        yield f"effects() must {how} {knob} with a number from 0 (got {_shown(value)})"
    elif NEUTRAL[knob] == UNLIMITED and how != "cap":
        yield f"effects() must not {how} {knob}, which has no value without a reform: `cap` it"
    elif how == "set" and value > 1.0 and ("share" in knob or knob == "clearing"):
        yield f"effects() must set {knob} to a share, 0 to 1 (got {_shown(value)})"


def _of_people(people: object) -> Iterator[str]:
    if not isinstance(people, People):
        yield f"people() must give People or None (got {_shown(people)})"
        return
    for name, value, least in (("number", people.number, 0), ("term", people.term, 1)):
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            yield f"people(): {name} must be a whole number from {least} (got {_shown(value)})"
    if not isinstance(people.specialists, Real) or not 0.0 <= people.specialists <= 1.0:
        yield f"people(): specialists must be a share, 0 to 1 (got {_shown(people.specialists)})"
    if people.placement not in PLACEMENTS:
        yield f"people(): placement must be one of {', '.join(PLACEMENTS)} (got {_shown(people.placement)})"


def _parameter_faults(name: str, field: FieldInfo) -> Iterator[str]:
    extra = field.json_schema_extra
    if not (isinstance(extra, dict) and "unit" in extra):
        if _is_number(field.annotation):
            yield f"the parameter {name} is a number without a unit: declare it by quantity()"
        return
    declared: dict[str, Any] = extra
    if not isinstance(declared["unit"], str) or not declared["unit"].strip():
        yield f"the parameter {name} has no unit; a pure number has the unit '1'"
    low, high = declared["plausible"]
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        yield f"the parameter {name} must have a plausible range, low below high (got {low:g} and {high:g})"
    default = field.default
    if isinstance(default, int | float):
        least = max((float(m.ge) for m in field.metadata if getattr(m, "ge", None) is not None), default=-math.inf)
        most = min((float(m.le) for m in field.metadata if getattr(m, "le", None) is not None), default=math.inf)
        if not least <= default <= most:
            yield f"the default of the parameter {name} must lie between {least:g} and {most:g} (got {default:g})"


def _is_number(annotation: Any) -> bool:
    union = get_origin(annotation) in (typing.Union, types.UnionType)
    kinds = get_args(annotation) if union else (annotation,)
    return any(kind in (int, float) for kind in kinds)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."


check_with(declaration_faults, effect_faults)
