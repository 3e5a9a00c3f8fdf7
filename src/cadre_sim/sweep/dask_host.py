"""The worker's side of the Dask engine: a Dask worker is a host for the same processes that one machine has.

A batch of runs that comes to a Dask worker goes through :class:`~cadre_sim.sweep.processes.Engine` with one
process. So a run that hangs, or takes its process with it, is found and blamed as on one machine, and the Dask worker
lives on.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing import current_process
from typing import Any

from distributed import WorkerPlugin, get_worker

from cadre_sim.errors import ClusterError
from cadre_sim.experiments.plan import Plan, Run
from cadre_sim.sweep.outcome import Outcome
from cadre_sim.sweep.processes import Engine
from cadre_sim.sweep.worker import Making
from cadre_sim.version import model_version

ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    **{f"{library}_NUM_THREADS": "1" for library in ("MKL", "NUMBA", "OMP", "OPENBLAS")},
}
"""Of the processes that do runs: one core each, and no order of a set that is another in each process."""

PREFIX = "cadre_sim-"
"""What the name of a host begins with; the name of the driver's client follows."""


class Host(WorkerPlugin):
    """What each Dask worker gets, whenever it comes: the plan, and a process for each of its threads.

    Args:
        name: one a sweep, by which its batches find it.
        plan: what the runs are of.
        making: makes what does the runs.
        version: of the model, as the driver has it.
    """

    def __init__(self, name: str, plan: Plan, making: Making, version: str) -> None:
        self.name = name
        self._plan = plan
        self._making = making
        self._version = version

    def setup(self, worker: Any) -> None:
        """On the worker: prepare; its first batch starts a process."""
        self._free: list[Engine] = []
        self._ending = False
        os.environ.update(ENVIRONMENT)
        # A nanny starts its worker as a daemon, which may have no children. Ours leave by themselves when it is gone.
        current_process()._config["daemon"] = False  # type: ignore[attr-defined]

    def teardown(self, worker: Any) -> None:
        """On the worker: end the processes; those at work are ended by their threads, within about a second."""
        self._ending = True
        self._close_free()

    def run(self, batch: Sequence[Run]) -> list[Outcome]:
        """What becomes of the runs of a batch.

        Raises:
            ClusterError: another version of the model is installed here.
            WorkerError: processes end before they can begin.
        """
        if model_version() != self._version:
            raise ClusterError(
                f"the Dask worker on {os.uname().nodename} has version {model_version()} of the model, and this is "
                f"{self._version}; all of a cluster must have the same installed"
            )
        engine = self._engine()
        left = True
        try:
            outcomes = list(engine.outcomes(iter(batch), self._check))
            left = False
        finally:
            if left:
                engine.close()
        self._free.append(engine)
        if self._ending:
            self._close_free()
        return outcomes

    def _engine(self) -> Engine:
        with suppress(IndexError):
            return self._free.pop()
        return Engine(self._plan, 1, self._making)

    def _close_free(self) -> None:
        with suppress(IndexError):
            while True:
                self._free.pop().close()

    def _check(self, note: str) -> None:
        if self._ending:
            raise InterruptedError("the Dask worker is being closed")


def run_batch(name: str, batch: Sequence[Run]) -> list[Outcome]:
    """The task that Dask knows: a batch of runs, on the host that a worker has for the sweep."""
    host: Host = get_worker().plugins[name]
    return host.run(batch)


async def forget_left(dask_scheduler: Any) -> None:
    """On a scheduler: take out the hosts of drivers that are gone without a word, with their processes."""
    for name in list(dask_scheduler.worker_plugins):
        if name.startswith(PREFIX) and name.removeprefix(PREFIX) not in dask_scheduler.clients:
            await dask_scheduler.unregister_worker_plugin(comm=None, name=name)
