"""Which sweep a store is of: one sweep and one version of the model, written down in it when it is made."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from cadre_sim.errors import InputError, UnreadableError
from cadre_sim.experiments.designs import ON_OFF
from cadre_sim.experiments.plan import Plan
from cadre_sim.files import read_text
from cadre_sim.record.writing import json_text, replace_text
from cadre_sim.scenario.paths import path_text
from cadre_sim.sweep.parquet_parts import FOLDERS, TELEMETRY
from cadre_sim.sweep.plan_file import MOST_BYTES, write_plan
from cadre_sim.version import model_version


def description(plan: Plan) -> dict[str, Any]:
    """What may not change while a store grows; levels of a grid, points of a Sobol sequence and replicates may."""
    experiment = plan.experiment
    grows = experiment.design in ("arms", "grid", "factorial", "permutations", "sobol")
    fixed: dict[str, Any] = {
        "version": model_version(),
        "design": experiment.design,
        "seed": experiment.seed,
        "metrics": list(plan.metrics),
        "arms": {name: arm.digest for name, arm in plan.arms.items()},
        "factors": {
            factor.name: {
                "places": {arm: [path_text(t.keys) for t in found] for arm, found in factor.targets.items()},
                "sort": factor.sort,
                "relative": factor.relative,
                "crossed": factor.crossed,
                **({} if experiment.design in ("arms", "grid", *ON_OFF) else {"range": _range(plan, factor.name)}),
            }
            for factor in plan.factors
        },
    }
    return fixed if grows else {**fixed, "points": experiment.points}


def _range(plan: Plan, name: str) -> list[Any]:
    factor = next(f for f in plan.factors if f.name == name)
    return list(factor.levels) if factor.levels is not None else [factor.low, factor.high, factor.scale]


def claim(path: Path, plan: Plan, new_version: bool) -> None:
    """See that a folder is this sweep's, or make it so.

    Args:
        path: the folder.
        plan: what is swept.
        new_version: put aside what another version of the model left.

    Raises:
        InputError: another sweep, another version of the model or something else is in it.
    """
    wanted = description(plan)
    place = path / "sweep.json"
    found = _described(place)
    if found is None:
        foreign = sorted(p.name for p in path.iterdir() if p.name not in (".lock", "tmp"))
        if foreign:
            raise InputError(f"{path}: holds no sweep but other files ({', '.join(foreign[:3])}); use another folder")
    else:
        _check_same(path, found, wanted, new_version)
        if found.get("version") != wanted["version"]:
            older = path / "older" / str(found["version"])
            for name in (*FOLDERS, TELEMETRY):
                if (path / name).exists():
                    older.mkdir(parents=True, exist_ok=True)
                    os.replace(path / name, older / name)
    if found != wanted:
        replace_text(place, json_text(wanted, indent=2))
    write_plan(path, plan)


def _described(place: Path) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads(read_text(place, MOST_BYTES))
    except UnreadableError as error:
        if error.missing:
            return None
        raise
    except ValueError as error:
        raise InputError(f"{place}: cannot be read: {error}") from None
    return found


def _check_same(path: Path, found: dict[str, Any], wanted: dict[str, Any], new_version: bool) -> None:
    changed = [key for key in wanted if key != "version" and json.loads(json.dumps(wanted[key])) != found.get(key)]
    grown = [key for key in changed if key == "arms" and found.get(key, {}).items() <= wanted[key].items()]
    changed = [key for key in changed if key not in grown]
    if changed:
        said = "; ".join(_difference(key, found.get(key), wanted[key]) for key in changed)
        raise InputError(f"{path}: holds another sweep: {said}; use another folder (--out)")
    if found.get("version") != wanted["version"] and not new_version:
        raise InputError(
            f"{path}: holds runs of version {found.get('version')} of the model, and this is {wanted['version']}; "
            "--new-version puts them aside and begins anew, --out uses another folder"
        )


def _difference(key: str, found: Any, wanted: Any) -> str:
    if not (isinstance(found, dict) and isinstance(wanted, dict)):
        return f"its {key} was {json.dumps(found)} and is {json.dumps(wanted)}"
    names = [name for name in dict.fromkeys([*found, *wanted]) if found.get(name) != wanted.get(name)]
    return f"its {key} differ in {', '.join(names[:5])}"
