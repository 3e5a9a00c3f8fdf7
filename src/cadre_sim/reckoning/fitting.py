"""Whether work fits on this machine; what cannot is refused with the numbers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from cadre_sim.errors import TooLargeError
from cadre_sim.reckoning.machine import free_addresses, free_disk, free_memory
from cadre_sim.reckoning.words import duration, processes, size
from cadre_sim.reckoning.work import Work

_LITTLE = 10e6
"""Bytes on disk up to which nothing is refused: what a full disk cuts off is little, and said when it happens."""


def refuse_unfit(work: Work, out: Path | None = None) -> None:
    """Refuse work that needs more than there is of memory, of address space or of disk.

    Args:
        work: what is to be done.
        out: folder that results are written to.

    Raises:
        TooLargeError: it cannot fit here; says what it needs, what there is, and what would fit.
    """
    found = unfit(work, out)
    if found is not None:
        raise TooLargeError(found)


def unfit(work: Work, out: Path | None = None) -> str | None:
    """Why work cannot be done here, in a sentence with the numbers; None where it can."""
    what = _what(work)
    addresses = free_addresses()
    if addresses is not None and work.addresses > addresses:
        return (
            f"a process for {what} needs about {size(work.addresses)} of address space, and is limited to "
            f"{size(addresses)} (ulimit -v)"
        )
    memory = free_memory()
    if memory is not None and work.memory > memory:
        return f"{what} {_needs(work)} about {size(work.memory)} of memory{_by_worker(work)}, and this machine has " + (
            f"{size(memory)} free{_instead(work, memory)}"
        )
    disk = free_disk(out) if out is not None else None
    if disk is not None and work.disk > max(disk, _LITTLE):
        return f"{out}: {what} would leave about {size(work.disk)} there, and its disk has {size(disk)} free"
    return None


def _what(work: Work) -> str:
    one = f"a run of {work.cadres:,} cadres in {work.offices:,} offices"
    if work.runs == 1:
        return one
    return f"{work.runs:,} runs of {work.cadres:,} cadres each, about {duration(work.wall)},"


def _needs(work: Work) -> str:
    return "needs" if work.runs == 1 else "need"


def _by_worker(work: Work) -> str:
    if not work.processes:
        return ""
    return f" ({size(work.worker)} for each of {processes(work.processes)}, {size(work.kept)} for results)"


def _instead(work: Work, memory: float) -> str:
    """What would fit in so much memory, as the end of a sentence."""
    if work.processes and work.worker:
        fits = int((memory - work.kept) // work.worker)
        if fits >= 1:
            return f"; --workers {fits} would fit"
    smallest = replace(work, processes=min(1, work.processes))
    if work.runs > 1 and smallest.memory - smallest.kept < memory:
        return f"; fewer of them ({work.fewer}) would fit"
    return "; take a part of the place"
