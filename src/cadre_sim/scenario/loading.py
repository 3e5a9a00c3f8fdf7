"""From a scenario file to a Scenario."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

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


def load_baseline(scenario: Scenario) -> Scenario:
    """The scenario that ``scenario`` is compared with, measured from the same date."""
    if scenario.baseline is None:
        return scenario.without_reforms()
    baseline = load(scenario.baseline)
    period = baseline.period.model_copy(update={"measure_from": scenario.measure_from})
    return baseline.model_copy(update={"period": period})
