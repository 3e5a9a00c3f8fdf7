"""Which sweep a store is of: one sweep and one version of the model, written down in it when it is made."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Any

from cadre_sim.errors import InputError, UnreadableError
from cadre_sim.experiments.designs import ON_OFF
from cadre_sim.experiments.plan import Plan
from cadre_sim.files import read_text
from cadre_sim.record.claim import BESIDE
from cadre_sim.record.replacing import replace_text
from cadre_sim.record.writing import json_text
from cadre_sim.scenario.paths import path_text
from cadre_sim.sweep.held_inputs import FOLDER as INPUTS
from cadre_sim.sweep.held_inputs import faulty_inputs
from cadre_sim.sweep.parquet_parts import FOLDERS, TELEMETRY
from cadre_sim.sweep.plan_file import MOST_BYTES, read_plan, write_plan
from cadre_sim.sweep.plan_file import NAME as PLAN
from cadre_sim.sweep.versions import checked_version

MARK = "sweep.json"
"""The file that makes a folder a store: the first that is written."""
OUTSIDE = "outside"
"""Folder of a store with rows of runs that its plan does not have any more."""
OLDER = "older"
OURS = (*FOLDERS, TELEMETRY, OUTSIDE, OLDER, INPUTS, "quarantine", "tmp")
"""Folders of a store."""


def description(plan: Plan) -> dict[str, Any]:
    """What may not change while a store grows; levels of a grid, points of a Sobol sequence and replicates may."""
    experiment = plan.experiment
    grows = experiment.design in ("arms", "grid", "factorial", "permutations", "sobol")
    fixed: dict[str, Any] = {
        "version": plan.version,
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


def refuse_others(path: Path) -> None:
    """See that a folder is missing, empty or a store, before anything is written into it.

    Raises:
        InputError: it holds something else, or leads out of itself by a link.
    """
    if not path.is_dir() or described(path / MARK) is not None:
        for name in OURS:
            if (path / name).is_symlink():
                raise InputError(f"{path / name}: is a link to another place; a store keeps all that it has in itself")
        return
    foreign = sorted(p.name for p in path.iterdir() if not _is_before_the_mark(p))
    if foreign:
        raise InputError(f"{path}: holds no sweep but other files ({', '.join(foreign[:3])}); use another folder")


def claim(path: Path, plan: Plan, new_version: bool) -> list[str]:
    """See that a folder is this sweep's, or make it so.

    Args:
        path: the folder.
        plan: what is swept.
        new_version: put aside what another version of the model left.

    Returns:
        names of the inputs that it held and had no more, or otherwise than they were read; it has them again.

    Raises:
        InputError: another sweep, another version of the model or something else is in it.
    """
    refuse_others(path)
    wanted = description(plan)
    found = described(path / MARK)
    if found is not None:
        check_same(path, found, plan)
        if found["version"] != wanted["version"] and not new_version:
            raise InputError(
                f"{path}: holds runs of version {found['version']} of the model, and this is {wanted['version']}; "
                "--new-version puts them aside and begins anew, --out uses another folder"
            )
        if found["version"] != wanted["version"]:
            _put_aside(path, found["version"])
    if found != wanted:
        replace_text(path / MARK, json_text(wanted, indent=2))
    before = _text(path / PLAN)
    mended = [file.name for file in faulty_inputs(path, plan) if file.digest in before]
    write_plan(path, plan)
    return mended


def _text(path: Path) -> str:
    try:
        return read_text(path, MOST_BYTES)
    except UnreadableError:
        return ""


def _put_aside(path: Path, version: str) -> None:
    """Move what a version left into a folder of its name, beside what it left there before."""
    left = [name for name in (*FOLDERS, TELEMETRY, OUTSIDE) if (path / name).exists()]
    names = (version if again == 1 else f"{version}-{again}" for again in count(1))
    older = next(o for o in (path / OLDER / name for name in names) if not any((o / name).exists() for name in left))
    if path.resolve() not in older.resolve().parents:
        raise InputError(f"{older}: leads out of {path}")
    for name in left:
        older.mkdir(parents=True, exist_ok=True)
        os.replace(path / name, older / name)


def described(place: Path) -> dict[str, Any] | None:
    """What a store says that it is of; None where it says nothing.

    Raises:
        InputError: it cannot be read.
    """
    try:
        found: dict[str, Any] = json.loads(read_text(place, MOST_BYTES))
        if not isinstance(found, dict):
            raise ValueError("describes no sweep")
        checked_version(found.get("version"))
    except UnreadableError as error:
        if error.missing:
            return None
        raise
    except (ValueError, RecursionError) as error:
        raise InputError(f"{place}: cannot be read: {error}") from None
    return found


def _is_before_the_mark(path: Path) -> bool:
    """Whether a file is what a store was left with that was stopped before it had its mark: a lock, half a mark."""
    if path.is_symlink() or not path.is_file():
        return False
    return path.name.startswith(BESIDE) or (path.name == ".lock" and not path.stat().st_size)


def check_same(path: Path, found: Mapping[str, Any], plan: Plan) -> None:
    """See that a store is of a plan, whatever the version of the model.

    Args:
        path: the folder of the store.
        found: what it says that it is of.
        plan: what it is to be of.

    Raises:
        InputError: it is of another.
    """
    wanted = description(plan)
    changed = [key for key in wanted if key != "version" and json.loads(json.dumps(wanted[key])) != found.get(key)]
    arms = found.get("arms")
    grown = ["arms"] if isinstance(arms, dict) and arms.items() <= wanted["arms"].items() else []
    changed = [key for key in changed if key not in grown]
    if changed:
        said = "; ".join(_difference(key, found.get(key), wanted[key]) for key in changed)
        raise InputError(f"{path}: holds another sweep: {said}; use another folder (--out)")


def is_store(folder: Path) -> bool:
    """Whether a folder is a store, in whatever state: something has the name of one of the files that make it one."""
    return any(os.path.lexists(folder / name) for name in (MARK, PLAN))


def stored_plan(folder: Path) -> Plan:
    """The plan of a store, which is of the sweep that the store says that it is of.

    Raises:
        InputError: the folder is no store, or what it says of itself is damaged or does not belong together.
    """
    found = described(folder / MARK) if os.path.lexists(folder / MARK) else None  # no folder may have that name
    if found is None:
        raise InputError(f"{folder}: holds no results of an experiment ({MARK}: no such file)")
    plan = read_plan(folder)
    try:
        check_same(folder, found, plan)
    except InputError as error:
        said = str(error).removeprefix(f"{folder}: ").removesuffix("; use another folder (--out)")
        raise InputError(f"{folder / MARK}: does not belong to {PLAN} beside it: it {said}") from None
    if found["version"] != plan.version:
        raise InputError(f"{folder / MARK}: is of another version of the model than {PLAN} beside it")
    return plan


def _difference(key: str, found: Any, wanted: Any) -> str:
    if not (isinstance(found, dict) and isinstance(wanted, dict)):
        return f"its {key} was {json.dumps(found)} and is {json.dumps(wanted)}"
    names = [name for name in dict.fromkeys([*found, *wanted]) if found.get(name) != wanted.get(name)]
    return f"its {key} differ in {', '.join(names[:5])}"
