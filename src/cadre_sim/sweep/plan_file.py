"""A plan in the store of its sweep, so that a folder of results says by itself what was run and can be analysed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cadre_sim.controls import CONTROL, NO_TEXT
from cadre_sim.errors import InputError, UnreadableError
from cadre_sim.experiments.experiment import Experiment
from cadre_sim.experiments.factors import Target, Varied
from cadre_sim.experiments.held import FILES, value_at
from cadre_sim.experiments.plan import ArmData, Plan
from cadre_sim.files import read_text
from cadre_sim.inputs import HeldFile
from cadre_sim.record.replacing import replace_text
from cadre_sim.record.seal import sealed, see_that_it_is_whole
from cadre_sim.record.writing import json_text
from cadre_sim.rules import RuleSource
from cadre_sim.scenario.paths import with_value
from cadre_sim.sweep.held_inputs import described_input, read_input, write_inputs
from cadre_sim.sweep.versions import checked_version

NAME = "plan.json"
MOST_BYTES = 64 * 2**20
"""Largest file of a store that is read as JSON: the largest plan that may be made is a fraction of it."""


def write_plan(folder: Path, plan: Plan) -> None:
    """Put a plan into the folder of its results, in place of an older one, and what its runs read beside it."""
    write_inputs(folder, plan)
    content = {
        "file": str(plan.path),
        "version": plan.version,
        "experiment": plan.experiment.model_dump(mode="json"),
        "arms": {name: arm._asdict() for name, arm in plan.arms.items()},
        "factors": [factor._asdict() for factor in plan.factors],
        "metrics": plan.metrics,
        "files": plan.files,
        "rules": {name: source._asdict() for name, source in plan.rules.items()},
    }
    plain = json.loads(json.dumps(content, default=_plain))
    replace_text(folder / NAME, json_text(sealed(plain)))


def read_plan(folder: str | Path) -> Plan:
    """The plan of the results in a folder.

    Raises:
        InputError: no results of an experiment are in it, or its plan or what its runs read cannot be read.
    """
    place = Path(folder) / NAME
    try:
        content: dict[str, Any] = json.loads(read_text(place, MOST_BYTES))
        if "version" not in content and "experiment" in content:
            raise InputError(f"{place}: is of an older cadre-sim, which did not keep what its runs read; run it anew")
        see_that_it_is_whole(content)
        _see_that_it_is_text([content[name] for name in ("experiment", "factors", "metrics")] + list(content["arms"]))
        return _plan(Path(folder), content)
    except UnreadableError as error:
        if not error.missing:
            raise
        raise InputError(f"{folder}: holds no results of an experiment ({NAME}: {error.reason})") from None
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
        raise InputError(f"{place}: cannot be read: {' '.join(str(error).split())}") from None


def _see_that_it_is_text(said: Any) -> None:
    """See that names and texts of a plan are such as an experiment file may hold: a terminal shows them."""
    if isinstance(said, str) and CONTROL.search(said):
        raise ValueError(NO_TEXT)
    if isinstance(said, dict):
        said = [*said, *said.values()]
    for each in said if isinstance(said, list) else ():
        _see_that_it_is_text(each)


def _plan(folder: Path, content: dict[str, Any]) -> Plan:
    return Plan(
        Path(content["file"]),
        Experiment.model_validate(content["experiment"]),
        {name: ArmData(_with_files(folder, arm["data"]), arm["digest"]) for name, arm in content["arms"].items()},
        tuple(_factor(**factor) for factor in content["factors"]),
        tuple(content["metrics"]),
        {name: read_input(folder, file) for name, file in content["files"].items()},
        {name: _rule(folder, **source) for name, source in content["rules"].items()},
        checked_version(content["version"]),
    )


def _plain(value: object) -> Any:
    return described_input(value) if isinstance(value, HeldFile) else str(value)


def _with_files(folder: Path, data: dict[str, Any]) -> dict[str, Any]:
    """The data of an arm with what it holds in place of how that is described."""
    for keys in FILES:
        described = value_at(data, keys)
        if described is not None:
            data = with_value(with_value(data, keys, None), keys, read_input(folder, described))
    return data


def _rule(folder: Path, digest: str, file: Any) -> RuleSource:
    return RuleSource(str(digest), None if file is None else read_input(folder, file))


def _factor(**said: Any) -> Varied:
    levels, targets = said["levels"], said["targets"].items()
    places = {arm: tuple(Target(tuple(keys), *others) for keys, *others in found) for arm, found in targets}
    return Varied(**{**said, "levels": None if levels is None else tuple(levels), "targets": places})
