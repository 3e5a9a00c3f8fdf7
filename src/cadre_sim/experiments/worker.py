"""A worker process of a sweep: takes batches of runs, sends back what became of each as soon as it is known."""

from __future__ import annotations

import os
import time
import traceback
from collections.abc import Sequence
from functools import lru_cache
from multiprocessing.connection import Connection

import numpy as np
from numpy.typing import NDArray

from cadre_sim.experiments.outcome import Failure, Outcome
from cadre_sim.experiments.pool import start_worker
from cadre_sim.experiments.replicate import Job, run_job
from cadre_sim.experiments.sweep import Plan, Run
from cadre_sim.record.metrics import described, measure
from cadre_sim.scenario.scenario import Scenario

READY = "ready"
"""What a worker sends when it can begin: from then on the clock of its first run goes."""


class Runner:
    """Runs what a plan consists of, one by one, and never raises."""

    def __init__(self, plan: Plan) -> None:
        """Find the places of the plan's metrics among all."""
        self.plan = plan
        names = [d.name for d in described()]
        self._columns = [names.index(metric) for metric in plan.metrics]
        # The replicates of a point come one after another.
        self._scenario = lru_cache(maxsize=2)(plan.scenario)

    def outcome(self, run: Run) -> Outcome:
        """What becomes of a run."""
        start = time.monotonic()
        try:
            metrics = self._metrics(self._scenario(run.arm, run.values), run)
        except Exception:
            text = traceback.format_exc()
            return Outcome(run, (), Failure("raised", text), time.monotonic() - start)
        return Outcome(run, tuple(metrics[self._columns].tolist()), None, time.monotonic() - start)

    def _metrics(self, scenario: Scenario, run: Run) -> NDArray[np.float64]:
        return measure(run_job(Job(scenario, self.plan.experiment.seed, run.replicate)))


def work(pipe: Connection, plan: Plan, parent: int) -> None:
    """Run batches until there is none any more, or until the process that sends them is gone.

    Args:
        pipe: brings lists of runs and takes an :class:`Outcome` for each; an empty list ends the worker.
        plan: what the runs are of.
        parent: number of the process that sends them.
    """
    start_worker(parent)
    runner = Runner(plan)
    try:
        pipe.send(READY)
        while batch := _received(pipe):
            for run in batch:
                pipe.send(runner.outcome(run))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        os._exit(1)


def _received(pipe: Connection) -> Sequence[Run]:
    batch: Sequence[Run] = pipe.recv()
    return batch
