"""From a scenario file to a Scenario."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from cadre_sim.errors import ScenarioError, UserError
from cadre_sim.scenario.bundled import scenario_path
from cadre_sim.scenario.checks import measured_days
from cadre_sim.scenario.nodes import Document, problem_at
from cadre_sim.scenario.paths import parse_path, path_text, split_setting
from cadre_sim.scenario.problems import problems_from
from cadre_sim.scenario.reading import resolve
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.scenario.units_table import read_units


def load(path: str | Path, settings: Sequence[str] = ()) -> Scenario:
    """Read, resolve and check a scenario file.

    Args:
        path: the YAML file, or the bare name of a scenario that comes with the package, such as "hengyang"; what it
            `extends` is read too.
        settings: "PATH=VALUE" texts laid over the file, for instance "behaviour.overtime_ceiling=2".

    Raises:
        ScenarioError: with every problem that was found, each with file, line and path.
        InputError: the units table that the scenario names is missing or wrong.
    """
    return _with_its_baseline(scenario_of(resolve(scenario_path(path), settings), settings))


def scenario_of(document: Document, settings: Sequence[str] = ()) -> Scenario:
    """The scenario that a resolved document is; reads and holds the units table that it names.

    Args:
        document: of :func:`~cadre_sim.scenario.reading.resolve`.
        settings: what was laid over its file.

    Raises:
        ScenarioError: with every problem that was found, each with file, line and path.
        InputError: the units table that the scenario names is wrong.
    """
    try:
        scenario = Scenario.model_validate(document.data)
    except ValidationError as error:
        raise ScenarioError(problems_from(error, document, Scenario)) from None
    # Of dates that somebody gives only: those that follow from a reform that is never in force are told with it.
    faults = measured_days(scenario.period, scenario.calendar, scenario.measure_from, scenario.measure_to)
    problems = tuple(problem_at(document.marks[way], way, text) for way, text in faults)
    if problems:
        raise ScenarioError(problems)
    if scenario.place.units is not None:
        read_units(scenario.place.units)
    outputs = (("article", k, "value") for k, f in enumerate(scenario.article) if f.role == "output")
    return scenario.with_settings(settings).with_marks({way: document.marks[way] for way in outputs})


def _with_its_baseline(scenario: Scenario) -> Scenario:
    """The scenario with the baseline that it names, as that is now; where it cannot be read, with why."""
    if scenario.baseline is None:
        return scenario
    settings = [s for s in scenario.settings if not _sets_a_reform(s)]
    try:
        return scenario.with_baseline(scenario_of(resolve(scenario_path(scenario.baseline), settings), settings))
    except UserError as error:
        # A run of the scenario alone needs none.
        return scenario.with_baseline(error)


def unmeasured(scenario: Scenario) -> list[str]:
    """Why nothing can be measured between the dates that a scenario gives; empty where something can."""
    faults = measured_days(scenario.period, scenario.calendar, scenario.measure_from, scenario.measure_to)
    return [f"{path_text(keys)}: {text}" for keys, text in faults]


class Arm(NamedTuple):
    """A scenario and the baseline that it is compared with, measured on the same dates."""

    reform: Scenario
    baseline: Scenario


def load_arm(path: str | Path, settings: Sequence[str] = ()) -> Arm:
    """Read a scenario and its baseline; see :func:`arm_of`."""
    return arm_of(load(path, settings))


def arm_of(scenario: Scenario, baseline: Scenario | None = None) -> Arm:
    """A scenario and its baseline: the one given, the one that it names, or itself without its reforms.

    A baseline that is read from a file has the settings of the scenario laid over it too, but for those of reforms. The
    baseline is run over the period of the scenario.
    """
    if baseline is None and scenario.baseline is not None:
        named = scenario.baseline_read or _with_its_baseline(scenario).baseline_read
        if isinstance(named, UserError):
            raise named
        baseline = named
    if baseline is None:
        baseline = scenario.without_reforms()
    return Arm(scenario, baseline.measured_alike(scenario))


def _sets_a_reform(setting: str) -> bool:
    keys = parse_path(split_setting(setting)[0])
    return keys[0] == "reforms" and len(keys) > 1
