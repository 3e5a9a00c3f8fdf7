"""The whole of a scenario: an immutable, checked and fully resolved value."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PrivateAttr, SerializeAsAny, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from cadre_sim.errors import InputError, UserError, nearest
from cadre_sim.rules import source_digest
from cadre_sim.scenario.article import Figure, unknown_inputs
from cadre_sim.scenario.behaviour import Behaviour
from cadre_sim.scenario.checks import (
    conflicts,
    unknown_counties,
    unknown_overrides,
    years_without_holidays,
)
from cadre_sim.scenario.demand import Demand
from cadre_sim.scenario.departments import DepartmentGroup
from cadre_sim.scenario.fields import Section
from cadre_sim.scenario.integrity import Integrity
from cadre_sim.scenario.measures import Measure, faults_of, measures
from cadre_sim.scenario.nodes import Mark
from cadre_sim.scenario.oversight import Oversight
from cadre_sim.scenario.paths import Keys
from cadre_sim.scenario.period import Calendar, Period
from cadre_sim.scenario.place import Place
from cadre_sim.scenario.size import too_large
from cadre_sim.scenario.staff import Staff
from cadre_sim.scenario.units_table import read_units

NOT_CONTENT = ("title", "question", "baseline", "article")
"""Keys of a scenario that decide no result."""


def _check_reforms(value: object) -> object:
    """Each reform is checked as its measure; all faults are reported at once; null switches one off."""
    if not isinstance(value, Mapping):
        return value
    checked: dict[str, Measure] = {}
    faults: list[InitErrorDetails] = []
    for name, body in value.items():
        if body is None:
            continue
        try:
            checked[name] = _check_reform(str(name), body)
        except ValidationError as error:
            faults += [_inside(name, line) for line in error.errors()]
        except PydanticCustomError as error:
            faults.append(InitErrorDetails(type=error, loc=(name,), input=body))
    if faults:
        raise ValidationError.from_exception_data("reforms", faults)
    return checked


def _check_reform(name: str, body: object) -> Measure:
    measure = body if isinstance(body, Measure) else _read_reform(name, body)
    faults = faults_of(measure)
    if faults:
        raise PydanticCustomError("at", "{text}", {"text": "; ".join(faults), "path": ()})
    return measure


def _read_reform(name: str, body: object) -> Measure:
    if not isinstance(body, Mapping):
        raise PydanticCustomError("at", "{text}", {"text": "must be a mapping with at least `from`", "path": ()})
    known = measures()
    key = body.get("measure", name)
    if not isinstance(key, str):
        text = "must be the key of a measure, as text"
        raise PydanticCustomError("at", "{text}", {"text": text, "path": ("measure",)})
    if key not in known:
        near = nearest(str(key), known)
        text = f"unknown measure {key!r}" + (f", did you mean {near!r}?" if near else f"; allowed: {', '.join(known)}")
        raise PydanticCustomError("at", "{text}", {"text": text, "path": ("measure",) if "measure" in body else ()})
    return known[key].model_validate(body)


def _without_nulls(value: object) -> object:
    """A group that is set to null is gone: how a scenario drops a group that it inherits."""
    return {k: v for k, v in value.items() if v is not None} if isinstance(value, Mapping) else value


def _inside(name: str, line: Any) -> InitErrorDetails:
    kind = line["type"]
    context = line.get("ctx", {})
    if kind == "at":
        kind = PydanticCustomError("at", "{text}", context)
    return InitErrorDetails(type=kind, loc=(name, *line["loc"]), input=line["input"], ctx=context)


class Scenario(Section):
    """Everything that a run depends on, beside its seed.

    Made by :func:`cadre_sim.load` from a YAML file, or directly from values. Immutable; two scenarios with the same
    :attr:`digest` give the same bytes.
    """

    title: str = Field("Untitled", max_length=200, description="name in tables and reports")
    question: str = Field("", max_length=500, description="the question that it answers, in one sentence")
    baseline: str | None = Field(
        None, min_length=1, description="scenario file that it is compared with; by default itself without its reforms"
    )
    period: Period = Period()
    calendar: Calendar = Calendar()
    place: Place = Place()
    staff: Staff = Staff()
    demand: Demand = Demand()
    departments: Annotated[dict[str, DepartmentGroup], BeforeValidator(_without_nulls)] = Field(
        default_factory=dict, description="groups of departments by name", max_length=200
    )
    behaviour: Behaviour = Behaviour()
    oversight: Oversight = Oversight()
    integrity: Integrity = Integrity()
    reforms: Annotated[dict[str, SerializeAsAny[Measure]], BeforeValidator(_check_reforms)] = Field(
        default_factory=dict,
        description="reforms by name; the name is the measure's key unless `measure` says which measure it is",
        max_length=200,
    )
    article: tuple[Figure, ...] = Field(
        (),
        description="figures of the article that the scenario is taken from, which `compare` puts beside the model's",
        max_length=100,
    )

    _settings: tuple[str, ...] = PrivateAttr(())
    _marks: dict[Keys, Mark] = PrivateAttr(default_factory=dict)
    _baseline: tuple[str | None, Scenario | UserError | None] = PrivateAttr((None, None))

    # One value, not the many that pydantic would give out: Mesa's batch_run runs over whatever can be iterated over.
    __iter__ = None  # type: ignore[assignment]

    @property
    def settings(self) -> tuple[str, ...]:
        """What was laid over the file when it was read, as "PATH=VALUE"."""
        return self._settings

    def with_settings(self, settings: Sequence[str]) -> Scenario:
        """The same scenario, which knows what was laid over its file."""
        copy = self.model_copy()
        copy._settings = tuple(settings)
        return copy

    @property
    def marks(self) -> Mapping[Keys, Mark]:
        """Where names stand in files that only those who know what a run leaves can check, by their way from the top.

        Empty for a scenario that was not read from a file.
        """
        return self._marks

    def with_marks(self, marks: Mapping[Keys, Mark]) -> Scenario:
        """The same scenario, which knows where some of its values stand."""
        copy = self.model_copy()
        copy._marks = dict(marks)
        return copy

    @property
    def baseline_read(self) -> Scenario | UserError | None:
        """The baseline that it names, as it was when the scenario was read, or why it could not be read.

        None for a scenario that names none or was not read from a file.
        """
        name, found = self._baseline
        return found if name == self.baseline else None

    def with_baseline(self, found: Scenario | UserError) -> Scenario:
        """The same scenario, which holds the baseline that it names, or knows why that cannot be read."""
        copy = self.model_copy()
        copy._baseline = self.baseline, found
        return copy

    @model_validator(mode="after")
    def _parts_fit(self) -> Scenario:
        large = too_large(self.place, self.staff)
        faults = [
            *([(("place", "counties"), large)] if large else []),
            *years_without_holidays(self.period, self.calendar),
            *unknown_counties(self.reforms, self.place),
            *unknown_overrides(self.reforms),
            *conflicts(self.reforms),
            *unknown_inputs(self, self.article),
        ]
        if faults:
            details = [
                InitErrorDetails(type=PydanticCustomError("at", "{text}", {"text": text, "path": path}), input=None)
                for path, text in faults
            ]
            raise ValidationError.from_exception_data("Scenario", details)
        return self

    @property
    def measure_from(self) -> date:
        """First date that summaries and effects are measured from."""
        if self.period.measure_from is not None:
            return self.period.measure_from
        starts = [r.first_date for r in self.reforms.values()]
        inside = [d for d in starts if self.period.start < d <= (self.period.measure_to or self.period.end)]
        return min(inside, default=self.period.start)

    @property
    def measure_to(self) -> date:
        """Last date that summaries and effects are measured on.

        Where every reform of the period ends within it, the last date on which one of them is in force: the days after
        are no part of what the reforms do.
        """
        if self.period.measure_to is not None:
            return self.period.measure_to
        start, end = self.period.start, self.period.end
        ends = [r.until or end for r in self.reforms.values() if r.first_date <= end and (r.until or end) >= start]
        last = min(max(ends, default=end), end)
        return last if last >= self.measure_from else end

    def measured_alike(self, other: Scenario) -> Scenario:
        """The same scenario over the period of another, measured on the same dates as that."""
        dates = {"measure_from": other.measure_from, "measure_to": other.measure_to}
        return self.model_copy(update={"period": other.period.model_copy(update=dates)})

    def to_dict(self) -> dict[str, Any]:
        """The resolved scenario as plain data, with the keys of a scenario file."""
        return self.model_dump(mode="json", by_alias=True)

    @property
    def digest(self) -> str:
        """Hash of all that decides a result (so not of title, question, article or name of the baseline), 32 digits."""
        content = {k: v for k, v in self.to_dict().items() if k not in NOT_CONTENT}
        if self.place.units is not None:
            # What is in the units table decides the result, not where it lies.
            content["place"]["units"] = [list(unit) for unit in read_units(self.place.units)]
        own_rule = source_digest(self.behaviour.rule)
        if own_rule is not None:
            content["rule"] = own_rule
        text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()

    def without_reforms(self) -> Scenario:
        """The same scenario with no reform and nothing that an article says of it, measured on the same dates."""
        title = f"{self.title}, without its reforms"
        return self.measured_alike(self).model_copy(update={"reforms": {}, "article": (), "title": title})


def see_that_it_is_a_scenario(given: object) -> None:
    """See that a program has given a scenario and not, say, the name of its file.

    Raises:
        InputError: it has not.
    """
    if not isinstance(given, Scenario):
        shown = repr(given) if len(repr(given)) < 80 else type(given).__name__
        raise InputError(f"{shown}: is no Scenario; cadre_sim.load(FILE) makes one of a file")
