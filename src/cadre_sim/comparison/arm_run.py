"""One run of an arm, and all that is kept of it."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cadre_sim.arrays import Floats
from cadre_sim.comparison.article import model_figures
from cadre_sim.comparison.replicate import Job, run_job
from cadre_sim.record.metrics import measure
from cadre_sim.record.result import RunResult
from cadre_sim.record.trace import Trace, trace
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.streams import Key


class ArmRun(NamedTuple):
    """What is kept of one run of an arm: small enough to hold of every run of a comparison.

    Attributes:
        key: seed and replicate.
        measured: metrics over the measured days.
        before: metrics over the days before.
        figures: what the run has for each figure of its scenario's article.
        trace: what figures need.
        marks: a digest of all that each working day left, by which two runs are found identical.
    """

    key: Key
    measured: Floats
    before: Floats
    figures: Floats
    trace: Trace
    marks: tuple[bytes, ...]

    @property
    def dates(self) -> NDArray[np.datetime64]:
        """Its working days."""
        return self.trace.dates


def run_arm(job: Job) -> ArmRun:
    """Run one job, in whatever process."""
    return kept_of(run_job(job), job.scenario)


def kept_of(result: RunResult, scenario: Scenario) -> ArmRun:
    """What is kept of a run of a scenario."""
    marks = tuple(hashlib.blake2b(day.tobytes(), digest_size=16).digest() for day in result.daily)
    return ArmRun(
        result.key,
        measure(result),
        measure(result, before=True),
        model_figures(scenario, result),
        trace(result),
        marks,
    )
