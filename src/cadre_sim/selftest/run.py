"""All checks of the selftest in order, each of which may fail or break without stopping the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cadre_sim.comparison.replicate import Progress, warm_up
from cadre_sim.selftest.check import Check
from cadre_sim.selftest.laws import check_sums
from cadre_sim.selftest.queueing import check_lindley, check_queue, check_wait
from cadre_sim.selftest.repeatable import check_bytes, check_reforms
from cadre_sim.selftest.table import check_table
from cadre_sim.selftest.vectors import check_vectors

SUBJECTS: dict[str, Callable[[], Iterator[Check]]] = {
    "random numbers": check_vectors,
    "the backlog": check_lindley,
    "the mean queue": check_queue,
    "the mean wait": check_wait,
    "sums": check_sums,
    "reforms": check_reforms,
    "bytes": check_bytes,
    "the reference model": check_table,
}
"""What is checked, in order."""


def selftest(progress: Progress | None = None) -> list[Check]:
    """Check the model on this machine.

    Args:
        progress: called with the number of subjects that are done, and of all.
    """
    warm_up()
    checks: list[Check] = []
    for done, (subject, look) in enumerate(SUBJECTS.items(), start=1):
        checks += _outcome(subject, look)
        if progress:
            progress(done, len(SUBJECTS))
    return checks


def _outcome(subject: str, look: Callable[[], Iterator[Check]]) -> Iterator[Check]:
    try:
        yield from look()
    except Exception as error:  # whatever breaks on a strange machine is what the selftest is there to say
        yield Check(f"{subject}: the check broke", "an answer", f"{type(error).__name__}: {error}", False)
