"""Doing the runs of a plan with the model."""

from __future__ import annotations

import time
import traceback
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from cadre_sim.comparison.replicate import Job, run_job, warm_up
from cadre_sim.errors import InputError
from cadre_sim.experiments.plan import Plan, Run
from cadre_sim.record.metrics import measure, metric_catalogue
from cadre_sim.scenario.loading import unmeasured
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.sweep.outcome import Failure, Outcome


class Runner:
    """Runs what a plan consists of, one by one, and never raises."""

    def __init__(self, plan: Plan) -> None:
        """Find the places of the plan's metrics among all, and compile the model where no other process has."""
        warm_up()
        self.plan = plan
        names = [d.name for d in metric_catalogue()]
        self._columns = [names.index(metric) for metric in plan.metrics]
        # The replicates of a point come one after another.
        self._scenario = lru_cache(maxsize=2)(plan.scenario)

    def __call__(self, run: Run) -> Outcome:
        """What becomes of a run."""
        start = time.monotonic()
        try:
            scenario = self._scenario(run.arm, run.values)
            for said in unmeasured(scenario):  # values that do not go together
                raise InputError(said)
            metrics = self._metrics(scenario, run)
        except Exception:
            text = traceback.format_exc()
            return Outcome(run, (), Failure("raised", text), time.monotonic() - start)
        return Outcome(run, tuple(metrics[self._columns].tolist()), None, time.monotonic() - start)

    def _metrics(self, scenario: Scenario, run: Run) -> NDArray[np.float64]:
        return measure(run_job(Job(scenario, self.plan.experiment.seed, run.replicate)))
