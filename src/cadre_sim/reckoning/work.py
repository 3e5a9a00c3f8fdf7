"""What a command's runs take together: on so many workers, in what memory, for how long, and with what on disk."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from cadre_sim.compiling import is_ready
from cadre_sim.reckoning import costs
from cadre_sim.reckoning.run_cost import RunCost, cost_of
from cadre_sim.reckoning.words import duration, processes, size
from cadre_sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Work:
    """What is to be done, and what it takes.

    Attributes:
        runs: runs that are to be done.
        cadres: the most cadres of one run [cadres].
        offices: offices of that run [offices].
        workers: what does the runs at once: processes, or threads of one run.
        seconds: time of one core for all of it [s].
        wall: time until it is done [s].
        kept: memory of the process that gathers results, and of a run where it does that itself [bytes].
        worker: memory of each other process [bytes].
        processes: how many others there are.
        addresses: address space of the process that needs most [bytes].
        disk: what is left on disk [bytes]; 0 where nothing is written.
        fewer: what to ask for less of, as a user would write it.
        at_most: whether it may be done after fewer runs.
    """

    runs: int
    cadres: int
    offices: int
    workers: int
    seconds: float
    wall: float
    kept: float
    worker: float
    processes: int
    addresses: float
    disk: float
    fewer: str
    at_most: bool = False

    @property
    def memory(self) -> float:
        """Memory of all processes at the peak [bytes]."""
        return self.kept + self.worker * self.processes

    def __str__(self) -> str:
        """The work in a line: runs, time, workers, memory, disk."""
        said = "up to " if self.at_most else ""
        said += f"{self.runs:,} run{'s' if self.runs != 1 else ''} of {self.cadres:,} cadres would take about "
        said += f"{duration(self.wall)} on {processes(self.workers)} and {size(self.memory)} of memory"
        return f"{said}, and {size(self.disk)} on disk" if self.disk else said


def gathered(
    found: Sequence[RunCost],
    each: int,
    jobs: int,
    workers: int,
    *,
    kept: float,
    disk: float,
    fewer: str,
    threads: bool = False,
) -> Work:
    """The work of so many runs of each of some scenarios, whose results one process gathers.

    Args:
        found: what a run of each scenario takes.
        each: runs of each.
        jobs: pieces that the runs come in; those of a piece are made one after another.
        workers: processes that would do them.
        kept: what all results hold in memory [bytes].
        disk: what they leave on disk [bytes]; 0 where nothing is written.
        fewer: what to ask for less of where it does not fit.
        threads: whether a single run uses the workers as threads.
    """
    largest = max(found, key=lambda cost: cost.memory)
    seconds = each * sum(cost.seconds for cost in found)
    at_once = min(workers, jobs)
    # A single piece, and whatever one worker does, is done by the process that gathers.
    processes_beside = at_once if at_once > 1 else 0
    own = costs.PROCESS + costs.COMMAND + kept * (costs.TABLED if disk else 1.0)
    if not processes_beside:
        own += largest.memory - kept / jobs  # of the run at hand it is a part
    worker = costs.PROCESS + largest.memory if processes_beside else 0.0
    share = costs.ALONE + (1.0 - costs.ALONE) / workers if threads and jobs == 1 else 1.0
    return Work(
        runs=len(found) * each,
        cadres=largest.people,
        offices=largest.size.offices,
        workers=workers if threads and jobs == 1 else at_once,
        seconds=seconds,
        wall=costs.START + math.ceil(jobs / at_once) * seconds / jobs * share,
        kept=own,
        worker=worker,
        processes=processes_beside,
        addresses=addresses_of(max(own, worker), written=disk > 0.0),
        disk=disk,
        fewer=fewer,
    )


def addresses_of(memory: float, *, written: bool) -> float:
    """Address space of a process that takes so much memory [bytes], where it writes Parquet and where not."""
    compiling = 0.0 if is_ready() else costs.COMPILING
    return memory + costs.ADDRESSES + compiling + (costs.ADDRESSES_OF_FILES if written else 0.0)


def of_runs(
    scenario: Scenario, replicates: int, workers: int, *, record_cadres: bool = False, written: bool = False
) -> Work:
    """The work of replicates of a scenario, whose results are all kept until the last is there."""
    cost = cost_of(scenario, record_cadres=record_cadres)
    return gathered(
        [cost],
        replicates,
        replicates,
        workers,
        kept=replicates * cost.kept,
        disk=replicates * cost.disk if written else 0.0,
        fewer="--replicates",
        threads=True,
    )


def of_comparison(scenarios: Sequence[Scenario], replicates: int, workers: int, *, written: bool = False) -> Work:
    """The work of comparing scenarios, baselines included; those that are the same are run once a replicate."""
    found = [cost_of(scenario) for scenario in {s.digest: s for s in scenarios}.values()]
    kept = replicates * sum(cost.kept_in_comparison for cost in found)
    return gathered(
        found, replicates, replicates, workers, kept=kept, disk=kept if written else 0.0, fewer="--replicates"
    )


def of_calibration(scenario: Scenario, trials: int, replicates: int, workers: int, batch: int) -> Work:
    """The work of a calibration: its trials, and two checks at the end; of each run only numbers are kept.

    Args:
        scenario: where it starts.
        trials: sets of values that are tried.
        replicates: runs of each.
        workers: processes that would do them.
        batch: trials that are made at once.
    """
    runs = (trials + 2) * replicates
    kept = (batch * replicates + trials) * costs.KEPT_RUN
    at_once = min(workers, batch * replicates)
    return gathered([cost_of(scenario)], runs, runs, at_once, kept=kept, disk=0.0, fewer="--trials")
