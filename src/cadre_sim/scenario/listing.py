"""The list of all parameters: path, default, unit, range, kind and source, read off their declarations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from cadre_sim.scenario.fields import meaning_of
from cadre_sim.scenario.measures import Measure, measures
from cadre_sim.scenario.paths import Keys, path_text
from cadre_sim.scenario.scenario import Scenario


class Parameter(NamedTuple):
    """A numeric parameter as it is declared."""

    path: str
    default: float | int | None
    unit: str
    low: float
    high: float
    kind: str
    source: tuple[str, ...]
    meaning: str


class ParameterValue(NamedTuple):
    """A numeric parameter as it stands in one scenario.

    Attributes:
        parameter: its declaration, under its full path in this scenario.
        value: its value, None where it is switched off.
        whole: whether it takes whole numbers only.
    """

    parameter: Parameter
    value: float | int | None
    whole: bool


def parameters() -> tuple[Parameter, ...]:
    """Every numeric parameter of a scenario; ``*`` in a path stands for the name of a group of departments."""
    found = list(_of_model(Scenario, ""))
    for key, measure in measures().items():
        found += _of_model(measure, f"reforms.{key}.")
    return tuple(found)


def parameters_in(scenario: Scenario) -> dict[str, ParameterValue]:
    """Every numeric parameter that a scenario has, by path; groups and reforms by the names that they have there."""
    return {placed.parameter.path: placed for placed in _of_value(scenario, ())}


def _of_value(value: object, way: Keys) -> Iterator[ParameterValue]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _of_value(inner, (*way, name))
    elif isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            keys, inner = (*way, field.alias or name), getattr(value, name)
            extra = field.json_schema_extra
            if isinstance(extra, dict) and "unit" in extra:
                yield ParameterValue(_parameter(path_text(keys), field, extra), inner, field.annotation is int)
            else:
                yield from _of_value(inner, keys)


def _of_model(model: type[BaseModel], prefix: str) -> Iterator[Parameter]:
    for name, field in model.model_fields.items():
        path = prefix + (field.alias or name)
        extra = field.json_schema_extra
        if isinstance(extra, dict) and "unit" in extra:
            yield _parameter(path, field, extra)
            continue
        for part, inner in _inner_models(field.annotation):
            if not issubclass(inner, Measure):
                yield from _of_model(inner, f"{path}{part}.")


def _parameter(path: str, field: FieldInfo, extra: dict[str, Any]) -> Parameter:
    low, high = extra["plausible"]
    source = tuple(extra["source"])
    return Parameter(path, field.default, extra["unit"], low, high, extra["evidence_kind"], source, meaning_of(field))


def _inner_models(annotation: Any) -> Iterator[tuple[str, type[BaseModel]]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield "", annotation
        return
    mark = ".*" if get_origin(annotation) is dict else ""
    for inner in get_args(annotation):
        for part, model in _inner_models(inner):
            yield mark + part, model
