"""A plan in the store of its sweep, so that a folder of results says by itself what was run and can be analysed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cadre_sim.errors import InputError, UnreadableError
from cadre_sim.experiments.experiment import Experiment
from cadre_sim.experiments.factors import Target, Varied
from cadre_sim.experiments.plan import ArmData, Plan
from cadre_sim.files import read_text
from cadre_sim.record.writing import json_text, replace_text

NAME = "plan.json"
MOST_BYTES = 64 * 2**20
"""Largest file of a store that is read as JSON: the largest plan that may be made is a fraction of it."""


def write_plan(folder: Path, plan: Plan) -> None:
    """Put a plan into the folder of its results, in place of an older one."""
    content = {
        "file": str(plan.path),
        "experiment": plan.experiment.model_dump(mode="json"),
        "arms": {name: arm._asdict() for name, arm in plan.arms.items()},
        "factors": [factor._asdict() for factor in plan.factors],
        "metrics": plan.metrics,
    }
    replace_text(folder / NAME, json_text(content, default=str))


def read_plan(folder: str | Path) -> Plan:
    """The plan of the results in a folder.

    Raises:
        InputError: no results of an experiment are in it, or its plan cannot be read.
    """
    place = Path(folder) / NAME
    try:
        content: dict[str, Any] = json.loads(read_text(place, MOST_BYTES))
        return Plan(
            Path(content["file"]),
            Experiment.model_validate(content["experiment"]),
            {name: ArmData(**arm) for name, arm in content["arms"].items()},
            tuple(_factor(**factor) for factor in content["factors"]),
            tuple(content["metrics"]),
        )
    except UnreadableError as error:
        raise InputError(f"{folder}: holds no results of an experiment") if error.missing else error from None
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{place}: cannot be read: {error}") from None


def _factor(**said: Any) -> Varied:
    levels, targets = said["levels"], said["targets"].items()
    places = {arm: tuple(Target(tuple(keys), *others) for keys, *others in found) for arm, found in targets}
    return Varied(**{**said, "levels": None if levels is None else tuple(levels), "targets": places})
