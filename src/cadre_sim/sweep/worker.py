"""A worker process of a sweep: takes batches of runs, sends back what became of each as soon as it is known."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from cadre_sim.comparison.pool import start_worker
from cadre_sim.errors import UserError
from cadre_sim.experiments.plan import Plan, Run
from cadre_sim.rules import use_rules
from cadre_sim.sweep.outcome import Outcome

READY = "ready"
"""What a worker sends when it can begin: from then on the clock of its first run goes. One that cannot sends why."""


Making = Callable[[Plan], Callable[[Run], Outcome]]
"""Makes, for a plan, what does its runs: :class:`~cadre_sim.sweep.runner.Runner`, or another for tests."""


def work(pipe: Connection, plan: Plan, making: Making, parent: int) -> None:
    """Run batches until there is none any more, or until the process that sends them is gone.

    Args:
        pipe: brings lists of runs and takes an :class:`Outcome` for each; an empty list ends the worker.
        plan: what the runs are of.
        making: makes what does the runs.
        parent: number of the process that sends them.
    """
    start_worker(parent)
    _be_first_to_go()
    try:
        outcome = _made(plan, making)
        if isinstance(outcome, UserError):
            pipe.send(outcome)
            return
        pipe.send(READY)
        while batch := _received(pipe):
            for run in batch:
                pipe.send(outcome(run))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        os._exit(1)


def _made(plan: Plan, making: Making) -> Callable[[Run], Outcome] | UserError:
    """What does the runs, once all that they read is here and is what the plan was made with; or why it is not."""
    try:
        use_rules(plan.rules)
        for file in plan.inputs():
            file.read()
        return making(plan)
    except UserError as error:
        return error


def _be_first_to_go() -> None:
    """Where memory runs out, the kernel is to end this process and not the one that knows what to do about it."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def _received(pipe: Connection) -> Sequence[Run]:
    batch: Sequence[Run] = pipe.recv()
    return batch
