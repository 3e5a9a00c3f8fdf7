"""What every measure has in common as a part of a scenario: from when, until when, how strongly and for whom."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import ClassVar, Literal, NamedTuple, get_args

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from cadre_sim.errors import InputError, hint
from cadre_sim.language import Language, add_messages
from cadre_sim.plugins import load_installed
from cadre_sim.scenario.fields import Section, meaning_of, quantity, unit_of

OfficeKind = Literal["village", "community", "township"]
Translations = Mapping[str, Mapping[str, str]]
"""By the name of a language: the label of a measure (under ``label``) and the meanings of its parameters by name; a
unit that no catalogue has stands under ``[unit]``."""
Way = Literal["scale", "cap", "set"]
WAYS: tuple[Way, ...] = get_args(Way)
"""Ways to turn a knob, see :class:`Effect`."""
PLACEMENTS = ("neediest", "equal", "random")
"""Rules by which people who are sent find their office."""
_KEY = re.compile("[a-z][a-z0-9_]*")


class Effect(NamedTuple):
    """What a measure does to one knob of the Policy table.

    ``scale`` multiplies the knob, ``cap`` limits it from above, ``set`` puts a value in its place.
    """

    knob: str
    how: Way
    value: float


class People(NamedTuple):
    """People whom a measure sends from above.

    ``number`` of persons, share of ``specialists`` among them, rule of ``placement`` (one of :data:`PLACEMENTS`), and
    ``term`` that each stays [working days].
    """

    number: int
    specialists: float
    placement: str
    term: int


class Where(Section):
    """Which offices a reform is for; without it, all."""

    counties: tuple[str, ...] | None = Field(None, description="names of counties")
    kinds: tuple[OfficeKind, ...] | None = Field(None, description="kinds of office")


class Measure(Section):
    """Base of all measures. A subclass declares its parameters, and says in :meth:`effects` what it changes.

    ``key`` is its name in scenarios; ``row`` the row of the article that it comes from, if any; ``label`` its name in
    reports, figures and the explorer, and ``translations`` that label and its parameters in other languages.
    """

    model_config = ConfigDict(serialize_by_alias=True)

    key: ClassVar[str] = ""
    row: ClassVar[int | None] = None
    label: ClassVar[str] = ""
    translations: ClassVar[Translations] = {}
    registry: ClassVar[dict[str, type[Measure]]] = {}

    measure: str | None = Field(
        None, description="key of the measure, where the reform has a name of its own", exclude_if=lambda v: v is None
    )
    from_: date = Field(alias="from", description="first date on which it is in force")
    until: date | None = Field(None, description="last date on which it is in force; by default it stays")
    ramp: int = quantity(
        0, "working days", low=0, high=120, kind="A", meaning="time from its first day to full strength", most=5000
    )
    strength: float = quantity(1.0, "1", low=0, high=1, kind="A", meaning="how far it is carried out", most=1)
    adoption: float = quantity(
        1.0, "1", low=0.3, high=1, kind="A", source=("rebound_prd",),
        meaning="share of offices in scope where it is really applied", most=1,
    )  # fmt: skip
    erosion: float | None = quantity(
        None, "working days", low=60, high=1000, kind="A", source=("rebound_prd",),
        meaning="half-life with which its strength wears off; none by default", least=1, most=100_000,
    )  # fmt: skip
    where: Where | None = Field(None, description="offices that it is for; by default all")
    rollout: dict[str, date] | None = Field(
        None, description="first date by county, for counties that start at another date than `from`"
    )
    over: tuple[str, ...] = Field((), description="names of reforms that it overrides where both set the same knob")

    def __init_subclass__(cls, **kwargs: object) -> None:
        """Register the measure under its key.

        Raises:
            InputError: the key is no name, or another measure has it.
        """
        super().__init_subclass__(**kwargs)  # type: ignore[arg-type]
        if not cls.key:
            return
        if not _KEY.fullmatch(cls.key):
            raise InputError(f"{_named(cls)}: the key {cls.key!r} must be lower-case letters, digits and underscores")
        for key, known in list(Measure.registry.items()):
            if (known.__module__, known.__qualname__) == (cls.__module__, cls.__qualname__):
                del Measure.registry[key]  # a cell of a notebook, or a module, that is run again
        if cls.key in Measure.registry:
            raise InputError(f"{_named(cls)}: the key {cls.key!r} is that of {_named(Measure.registry[cls.key])}")
        Measure.registry[cls.key] = cls

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: object) -> None:
        """Hand the translations of the measure to their languages, now that its parameters are known."""
        super().__pydantic_init_subclass__(**kwargs)
        english = cls.texts()
        for name, translated in cls.translations.items():
            for key in translated:
                if key not in english:
                    place = f"{cls.__module__}.{cls.__qualname__}.translations[{name!r}]"
                    raise InputError(f"{place}: unknown name {key!r}{hint(key, english)}")
            add_messages(name, {english[key]: text for key, text in translated.items()})

    @classmethod
    def texts(cls) -> dict[str, str]:
        """What is said of the measure in English, by the keys of :data:`Translations`."""
        own = {name: field for name, field in cls.model_fields.items() if name not in Measure.model_fields}
        units = {f"[{unit}]": unit for unit in map(unit_of, own.values()) if unit is not None}
        return {"label": cls.label or cls.key} | {name: meaning_of(field) for name, field in own.items()} | units

    @model_validator(mode="after")
    def _dates_in_order(self) -> Measure:
        starts = [("from", self.from_)] + [(f"rollout.{k}", v) for k, v in (self.rollout or {}).items()]
        for name, start in starts:
            if self.until is not None and self.until < start:
                text = f"must not be before {name} {start} (got {self.until})"
                raise PydanticCustomError("at", "{text}", {"text": text, "path": ("until",)})
        return self

    def effects(self) -> tuple[Effect, ...]:
        """What the measure does to the Policy table at full strength."""
        raise NotImplementedError

    def people(self) -> People | None:
        """People whom the measure sends to offices at its strength; None for a measure that sends nobody."""
        return None

    @property
    def first_date(self) -> date:
        """First date on which the reform is in force anywhere."""
        return min([self.from_, *(self.rollout or {}).values()])


def measure_name(key: str, say: Language) -> str:
    """What a measure is called in a language; a key that no measure has stays as it is."""
    found = measures().get(key)
    return say(found.label or key) if found is not None else say(key)


def measures() -> Mapping[str, type[Measure]]:
    """All measures by key: the package's own and those of installed packages (entry points ``cadre_sim.measures``).

    Raises:
        InputError: a measure cannot be loaded, or is not written as a measure must be; says which, where and why.
    """
    _load_installed()
    faults = [
        f"{_named(measure)}: {fault}"
        for measure in Measure.registry.values()
        if measure not in _checked
        for check in _declaration_checks
        for fault in check(measure)
    ]
    if faults:
        raise InputError("\n".join(faults))
    _checked.update(Measure.registry.values())
    return dict(sorted(Measure.registry.items()))


def faults_of(measure: Measure) -> list[str]:
    """What is wrong with what a measure does with the values that it has, each with its class and file."""
    return [f"{_named(type(measure))}: {fault}" for check in _effect_checks for fault in check(measure)]


def check_with(
    declaration: Callable[[type[Measure]], Iterator[str]], effects: Callable[[Measure], Iterator[str]]
) -> None:
    """Have measures checked by those who know what there is to be changed, which a scenario does not.

    Args:
        declaration: gives what is wrong with a measure as it is written.
        effects: gives what is wrong with what a measure does.
    """
    _declaration_checks.append(declaration)
    _effect_checks.append(effects)


_declaration_checks: list[Callable[[type[Measure]], Iterator[str]]] = []
_effect_checks: list[Callable[[Measure], Iterator[str]]] = []
_checked: set[type[Measure]] = set()


def _named(measure: type[Measure]) -> str:
    try:
        file = inspect.getsourcefile(measure) or measure.__module__
    except (OSError, TypeError):  # written at a prompt or in a notebook
        file = measure.__module__
    return f"{file}: class {measure.__name__}"


@cache
def _load_installed() -> None:
    """Import what installed packages bring, once: to look for them takes longer than to check a scenario."""
    load_installed("measures")
