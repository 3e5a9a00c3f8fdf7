"""What the runs of a sweep read, kept in its store by content: so that they can be done again wherever the folder goes.

::

    inputs/<digest>      a units table or a file of rules, as it was when the plan was made
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cadre_sim.errors import InputError, UnreadableError
from cadre_sim.experiments.plan import Plan
from cadre_sim.files import read_bytes
from cadre_sim.inputs import HeldFile, content_digest, held, is_digest
from cadre_sim.record.replacing import replace_bytes
from cadre_sim.scenario.units_file import MOST_BYTES

FOLDER = "inputs"


def write_inputs(folder: Path, plan: Plan) -> None:
    """Put what the runs of a plan read into the store of its sweep, where it is not there or is something else."""
    faulty = faulty_inputs(folder, plan)
    if faulty:
        (folder / FOLDER).mkdir(exist_ok=True)
    for file in faulty:
        replace_bytes(folder / FOLDER / file.digest, file.read())


def faulty_inputs(folder: Path, plan: Plan) -> list[HeldFile]:
    """Of what the runs of a plan read, what the store has not, or not as it was read."""
    return [file for file in plan.inputs() if not _is_sound(folder / FOLDER / file.digest, file.digest)]


def described_input(file: HeldFile) -> dict[str, str]:
    """How a plan that is written down names a file that it holds."""
    return {"held": file.digest, "name": file.name}


def read_input(folder: Path, described: Any) -> HeldFile:
    """A file that a plan holds, from its store.

    Args:
        folder: of the store.
        described: what :func:`described_input` gave.

    Raises:
        InputError: it is missing, or is not what was read when the plan was made.
        ValueError: the plan names no such thing.
    """
    if not (isinstance(described, dict) and is_digest(described.get("held")) and isinstance(described["name"], str)):
        raise ValueError(f"{described!r} is no file that is held")
    digest, name = described["held"], described["name"]
    place = folder / FOLDER / digest
    try:
        content = read_bytes(place, MOST_BYTES)
    except UnreadableError as error:
        raise InputError(f"{place}: {error.reason}; it held {name}, as it was when the plan was made") from None
    if content_digest(content) != digest:
        raise InputError(f"{place}: was changed: it does not hold {name} as it was when the plan was made")
    return held(name, content, digest)


def _is_sound(place: Path, digest: str) -> bool:
    try:
        return content_digest(read_bytes(place, MOST_BYTES)) == digest
    except UnreadableError:
        return False
