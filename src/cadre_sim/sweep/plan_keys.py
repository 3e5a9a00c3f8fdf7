"""The keys of a plan: what tells rows of its runs from rows that only lie beside them.

All keys are worked out from the plan, which takes a while where it has a million runs. So whoever has done that leaves
them in the store, in a file that says of which ``plan.json`` they are; one that is damaged or of another plan is
passed over.
"""

from __future__ import annotations

from collections.abc import Set
from pathlib import Path

from cadre_sim.errors import UnreadableError
from cadre_sim.experiments.plan import Plan
from cadre_sim.files import read_bytes
from cadre_sim.inputs import content_digest
from cadre_sim.record.replacing import replace_bytes
from cadre_sim.sweep import plan_file

NAME = "plan.keys"
_WIDTH = 16
_MOST_BYTES = 2**34
_HEAD = 2 * _WIDTH


def keys_of(plan: Plan) -> set[str]:
    """The key of every run of a plan."""
    return {run.key for run in plan.runs()}


def stored_keys(folder: str | Path) -> set[str]:
    """The keys of the plan whose store a folder is.

    Raises:
        InputError: no results of an experiment are in it, or its plan cannot be read.
    """
    known = written_keys(Path(folder))
    return keys_of(plan_file.read_plan(folder)) if known is None else known


def write_keys(folder: Path, keys: Set[str]) -> None:
    """Leave the keys of the plan whose store a folder is."""
    content = b"".join(map(bytes.fromhex, sorted(keys)))
    head = bytes.fromhex(_plan_digest(folder)) + bytes.fromhex(content_digest(content))
    if _file(folder) != head + content:
        replace_bytes(folder / NAME, head + content)


def written_keys(folder: Path) -> set[str] | None:
    """The keys that somebody left there for the plan that is there; None where nobody did."""
    found = _file(folder)
    content = found[_HEAD:]
    wanted = bytes.fromhex(_plan_digest(folder)) + bytes.fromhex(content_digest(content))
    if found[:_HEAD] != wanted or len(content) % _WIDTH:
        return None
    return {content[i : i + _WIDTH].hex() for i in range(0, len(content), _WIDTH)}


def _file(folder: Path) -> bytes:
    try:
        return read_bytes(folder / NAME, _MOST_BYTES)
    except UnreadableError:
        return b""


def _plan_digest(folder: Path) -> str:
    try:
        return content_digest(read_bytes(folder / plan_file.NAME, plan_file.MOST_BYTES))
    except UnreadableError:
        return ""
