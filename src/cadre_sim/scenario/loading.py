"""From a scenario file to a Scenario."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from cadre_sim.errors import ScenarioError
from cadre_sim.scenario.problems import problems_from
from cadre_sim.scenario.reading import resolve
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.scenario.units import read_units


def load(path: str | Path, settings: Sequence[str] = ()) -> Scenario:
    """Read, resolve and check a scenario file.

    Args:
        path: the YAML file; what it `extends` is read too.
        settings: "PATH=VALUE" texts laid over the file, for instance "behaviour.overtime_ceiling=2".

    Raises:
        ScenarioError: with every problem that was found, each with file, line and path.
        InputError: the units table that the scenario names is missing or wrong.
    """
    document = resolve(Path(path), settings)
    try:
        scenario = Scenario.model_validate(document.data)
    except ValidationError as error:
        raise ScenarioError(problems_from(error, document, Scenario)) from None
    if scenario.place.units is not None:
        read_units(scenario.place.units)
    return scenario


class Arm(NamedTuple):
    """A scenario and the baseline that it is compared with, measured from the same date."""

    reform: Scenario
    baseline: Scenario


def load_arm(path: str | Path, settings: Sequence[str] = ()) -> Arm:
    """Read a scenario and its baseline; settings are laid over both, but those of reforms over the scenario alone."""
    scenario = load(path, settings)
    shared = [s for s in settings if not s.startswith("reforms.")]
    return arm_of(scenario, load(scenario.baseline, shared) if scenario.baseline is not None else None)


def arm_of(scenario: Scenario, baseline: Scenario | None = None) -> Arm:
    """A scenario and its baseline: the one given, the one that it names, or itself without its reforms."""
    if baseline is None:
        baseline = load(scenario.baseline) if scenario.baseline is not None else scenario.without_reforms()
    period = baseline.period.model_copy(update={"measure_from": scenario.measure_from})
    return Arm(scenario, baseline.model_copy(update={"period": period}))
