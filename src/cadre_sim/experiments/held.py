"""What the scenarios of a plan read beside themselves: units tables by their content, and allocation rules by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cadre_sim.errors import InputError
from cadre_sim.experiments.factors import Varied
from cadre_sim.inputs import HeldFile
from cadre_sim.rules import RuleSource, known_rules
from cadre_sim.scenario.paths import Keys, with_value
from cadre_sim.scenario.units_file import hold_units

FILES: tuple[Keys, ...] = (("place", "units"),)
"""Where the data of an arm has a file that its runs read."""
RULE: Keys = ("behaviour", "rule")
"""Where it has the name of a rule."""


def files_in(data: Mapping[str, Any]) -> Iterator[HeldFile]:
    """The files that an arm holds."""
    for keys in FILES:
        value = value_at(data, keys)
        if isinstance(value, HeldFile):
            yield value


def with_files(data: Mapping[str, Any], files: Mapping[str, HeldFile]) -> Mapping[str, Any]:
    """The data of an arm with files that are named in it, by a factor, replaced by what was read of them."""
    for keys in FILES:
        value = value_at(data, keys)
        if isinstance(value, str) and value in files:
            data = with_value(data, keys, files[value])
    return data


def rules_in(data: Mapping[str, Any]) -> Iterator[str]:
    """The rule that an arm names, if it names one."""
    value = value_at(data, RULE)
    if isinstance(value, str):
        yield value


def files_of(factors: Iterable[Varied]) -> dict[str, HeldFile]:
    """What is in the files that factors name, by their names.

    Raises:
        InputError: one cannot be read.
    """
    return {name: hold_units(name) for keys in FILES for name in _levels(factors, keys)}


def rules_of(arms: Iterable[Mapping[str, Any]], factors: Iterable[Varied]) -> dict[str, RuleSource]:
    """Rules that arms and factors name and that are not this package's."""
    return known_rules({*(name for data in arms for name in rules_in(data)), *_levels(factors, RULE)})


def see_that_files_stayed(files: Iterable[HeldFile]) -> None:
    """See that no file was changed while a plan was made, which reads it once for each arm.

    Raises:
        InputError: one was.
    """
    digests: dict[str, str] = {}
    for file in files:
        if digests.setdefault(file.name, file.digest) != file.digest:
            raise InputError(f"{file.name}: was changed while the experiment was read; try again")


def _levels(factors: Iterable[Varied], keys: Keys) -> list[str]:
    """The texts that factors lay at a place."""
    laid = (f for f in factors if any(target.keys == keys for found in f.targets.values() for target in found))
    return [level for factor in laid for level in factor.levels or () if isinstance(level, str)]


def value_at(data: Any, keys: Keys) -> Any:
    """What stands in plain data at a place; None where nothing does."""
    for key in keys:
        data = data.get(key) if isinstance(data, Mapping) else None
    return data
