"""What a sweep would take: reckoned from its plan, or from one run that is measured."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import ValidationError

from cadre_sim.comparison.pool import cores
from cadre_sim.comparison.replicate import warm_up
from cadre_sim.errors import InputError, TooLargeError
from cadre_sim.experiments.plan import Plan, Values
from cadre_sim.reckoning import costs
from cadre_sim.reckoning.fitting import unfit
from cadre_sim.reckoning.run_cost import RunCost, cost_of
from cadre_sim.reckoning.words import size
from cadre_sim.reckoning.work import Work, addresses_of, gathered
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.sweep.runner import Runner

if TYPE_CHECKING:
    from cadre_sim.sweep.cluster_file import SlurmJobs

_LONG = 10.0
"""A run that takes no longer is measured twice [s]: the first run of a process also loads the compiled code."""
_TOO_LONG = 120.0
"""A run that is reckoned to take longer is not measured [s]."""
_FEW_ARMS = 50
"""Arms of which the cost of a run is reckoned; of more, so many that are spread evenly."""


@dataclass(frozen=True)
class Estimate:
    """What an experiment would take.

    Attributes:
        total: runs that it has.
        run_seconds: time of a run on one core [s].
        measured: whether one was measured, and not reckoned.
        size: what the results of all runs take on disk [bytes].
        work: the runs that its store has not, or all where there is none.
    """

    total: int
    run_seconds: float
    measured: bool
    size: int
    work: Work


def estimate(plan: Plan, done: int, workers: int | None = None) -> Estimate:
    """Measure one run of the plan, if that is short and fits, and say what all would take.

    Args:
        plan: the experiment.
        done: runs that are done already.
        workers: processes that would be used, by default one for each core.

    Raises:
        InputError: the run that is measured fails.
    """
    total = plan.total()
    missing = max(total - done, 0)
    reckoned = _costs_of(plan)
    largest = max(reckoned, key=lambda cost: cost.memory)
    one = gathered([largest], 1, 1, 1, kept=0.0, disk=0.0, fewer="")
    measured = largest.seconds <= _TOO_LONG and unfit(one) is None
    seconds = _measured(plan) if measured else _mean_seconds(reckoned)
    return Estimate(total, seconds, measured, _row(plan) * total, work_of(plan, missing, workers, seconds=seconds))


def work_of(
    plan: Plan,
    missing: int,
    workers: int | None = None,
    cluster: str | SlurmJobs | None = None,
    *,
    seconds: float | None = None,
) -> Work:
    """The work of runs of a plan.

    Args:
        plan: the experiment.
        missing: how many of its runs.
        workers: processes here, by default one for each core.
        cluster: what does the runs in place of processes here: the address of a Dask scheduler, or jobs of Slurm.
        seconds: time of a run, if it was measured [s].

    Raises:
        InputError: a units table is missing or wrong.
        TooLargeError: one run does not fit into the memory that the file of the cluster asks for.
        ClusterError: the scheduler cannot be reached.
    """
    found = _costs_of(plan)
    largest = max(found, key=lambda cost: cost.memory)
    each = _mean_seconds(found) if seconds is None else seconds
    at_once = max(1, min(_at_once(workers, cluster, costs.PROCESS + largest.memory), missing))
    kept = costs.PROCESS + costs.COMMAND + costs.DRIVEN_RUN * plan.total()
    worker = costs.PROCESS + largest.memory if cluster is None else 0.0
    return Work(
        runs=missing,
        cadres=largest.people,
        offices=largest.size.offices,
        workers=at_once,
        seconds=each * missing,
        wall=costs.START + math.ceil(missing / at_once) * each,
        kept=kept,
        worker=worker,
        processes=at_once if cluster is None else 0,
        addresses=addresses_of(max(kept, worker), written=True),
        disk=float(_row(plan) * missing),
        fewer="replicates or points",
    )


def _at_once(workers: int | None, cluster: str | SlurmJobs | None, memory: float) -> int:
    """How many runs are made at once, each in so much memory [bytes]."""
    if cluster is None:
        return workers or cores()
    if isinstance(cluster, str):
        from cadre_sim.sweep.dask_engine import threads_of

        return threads_of(cluster)
    from dask.utils import parse_bytes

    has = parse_bytes(cluster.memory)
    if memory * cluster.cores > has:
        raise TooLargeError(
            f"a job of Slurm with {cluster.cores} core{'s' if cluster.cores > 1 else ''} needs about "
            f"{size(memory * cluster.cores)} of memory for these runs, {size(memory)} for each, and the file of the "
            f"cluster asks for {size(has)}: more `memory` or fewer `cores` would do"
        )
    return cluster.jobs * cluster.cores


def _costs_of(plan: Plan) -> list[RunCost]:
    """What runs take: of each arm as it stands, and with all factors at their low and their high ends."""
    names = list(plan.arms)
    step = -(-len(names) // _FEW_ARMS)
    found = [cost_of(scenario) for name in names[::step] for scenario in _scenarios(plan, name)]
    if not found:
        raise InputError(f"{plan.path}: no arm takes the values of the factors")
    return found


def _scenarios(plan: Plan, arm: str) -> Iterator[Scenario]:
    ends: tuple[Values, ...] = tuple(
        tuple(factor.at(share) if factor.targets.get(arm) else None for factor in plan.factors) for share in (0.0, 1.0)
    )
    for values in (None, *ends) if plan.factors else (None,):
        try:
            yield plan.arm_scenario(arm) if values is None else plan.scenario(arm, values)
        except ValidationError:
            continue  # values that do not go together: such a run says so itself


def _mean_seconds(found: list[RunCost]) -> float:
    return sum(cost.seconds for cost in found) / len(found)


def _measured(plan: Plan) -> float:
    """Time of one run of a plan [s]."""
    warm_up()
    outcome_of = Runner(plan)
    run = plan.example()
    outcome = outcome_of(run)
    if outcome.seconds < _LONG:
        outcome = outcome_of(run)
    if outcome.error is not None:
        raise InputError(f"{plan.path}: its first run fails: {outcome.error.text.strip().splitlines()[-1]}")
    return outcome.seconds


def _row(plan: Plan) -> int:
    """What a run leaves on disk [bytes]."""
    return int(8 * (len(plan.metrics) + len(plan.factors)) + costs.ROW_OF_A_SWEEP)
