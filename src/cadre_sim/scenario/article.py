"""What the article that a scenario is taken from says in figures, as data that `compare` puts beside the model's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from cadre_sim.errors import InputError, hint
from cadre_sim.scenario.fields import Section
from cadre_sim.scenario.measures import measures
from cadre_sim.scenario.paths import parse_path, path_text, place_of


class Figure(Section):
    """A figure of the article: what it says, and what in the model is to be put beside it.

    It decides no result. An input is a number of the scenario; an output is counted in the runs.
    """

    row: int = Field(description="row of the article", ge=1, le=1000)
    text: str = Field(description="what the article says", min_length=1, max_length=200)
    figure: float = Field(description="the figure that it gives", gt=0)
    at_least: bool = Field(False, description="whether it says that there were more than so many")
    role: Literal["input", "output"] = Field(
        description="input: a number that the scenario sets; output: something that the model gives"
    )
    value: str = Field(
        description="input: path of a number in the scenario, such as reforms.certificate_removal.kinds; output: a "
        "column of the daily table, summed over villages and communities, or a count",
        min_length=1,
        max_length=200,
    )
    per_office: bool = Field(
        False, description="whether the input is for each village and community, and the figure for all of them"
    )
    from_: date | None = Field(
        None, alias="from", description="first date that an output is counted from; by default the first measured one"
    )
    to: date | None = Field(
        None, description="last date that an output is counted on; by default the last measured one"
    )

    @model_validator(mode="after")
    def _fits_its_role(self) -> Figure:
        if self.role == "output" and self.per_office:
            raise _at("per_office", "is for inputs only")
        if self.role == "input" and (self.from_ or self.to):
            raise _at("from" if self.from_ else "to", "is for outputs only: an input has no dates")
        if self.from_ and self.to and self.to < self.from_:
            raise _at("to", f"must not be before from {self.from_} (got {self.to})")
        return self


def unknown_inputs(scenario: BaseModel, figures: tuple[Figure, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Place and fault of every figure whose input the scenario does not have."""
    for place, figure in enumerate(figures):
        if figure.role == "input":
            try:
                number_at(scenario, figure.value)
            except LookupError as error:
                yield ("article", place, "value"), str(error.args[0])


def number_at(scenario: BaseModel, path: str) -> float | None:
    """The number at a path of a scenario, such as ``reforms.certificate_removal.kinds``.

    None where the path is known but switched off: a plan that is null, or a measure that the scenario does not take.

    Raises:
        LookupError: nothing is called so, or it is no number; says which part is wrong.
    """
    value: Any = scenario
    try:
        keys = parse_path(path)
    except InputError as error:
        raise LookupError(str(error)) from None
    for depth, step in enumerate(keys):
        inside = _inside(value, within_reforms=keys[:depth] == ("reforms",))
        key = _key(step, value, inside)
        if key is None:
            around = path_text(keys[:depth]) or "the scenario"
            raise LookupError(f"nothing in {around} is called {str(step)!r}{hint(str(step), map(str, inside))}")
        value = inside[key]
        if value is None:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise LookupError(f"must be the path of a number (got {path!r})")
    return float(value)


def _key(step: str | int, value: Any, inside: Mapping[Any, Any]) -> str | int | None:
    """What a step of a path means among what is inside; None where it means nothing."""
    if isinstance(value, tuple | list):
        return place_of(step, value)
    return str(step) if str(step) in inside else None


def _inside(value: Any, *, within_reforms: bool) -> Mapping[Any, Any]:
    """What a part of a scenario has inside, by the names that a file has for it; items of a list by number."""
    if isinstance(value, BaseModel):
        return {field.alias or name: getattr(value, name) for name, field in type(value).model_fields.items()}
    if isinstance(value, type) and issubclass(value, BaseModel):
        return dict.fromkeys(field.alias or name for name, field in value.model_fields.items())
    if isinstance(value, Mapping):
        return {**measures(), **value} if within_reforms else value
    return dict(enumerate(value)) if isinstance(value, tuple | list) else {}


def _at(field: str, text: str) -> PydanticCustomError:
    return PydanticCustomError("at", "{text}", {"text": text, "path": (field,)})
