"""Jobs of Slurm, each of them a Dask worker: asked for, asked for again when they are lost, cancelled in the end."""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Any

from cadre_sim.errors import ClusterError
from cadre_sim.sweep.cluster_file import SlurmJobs

EVERY = 5.0
"""Seconds from one look at the jobs to the next."""
ROUNDS = 5
"""Times that all jobs may be lost while nothing at all comes back from any."""
_PATIENCE = 30.0
_WORKER_SETTINGS = {
    # Memory is Slurm's to watch, and what needs it is not the Dask worker but the process that it hosts.
    "DASK_DISTRIBUTED__WORKER__MEMORY__TARGET": "False",
    "DASK_DISTRIBUTED__WORKER__MEMORY__SPILL": "False",
    "DASK_DISTRIBUTED__WORKER__MEMORY__PAUSE": "False",
    "DASK_DISTRIBUTED__WORKER__MEMORY__TERMINATE": "False",
    "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",
    "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "60s",
    "DASK_DISTRIBUTED__COMM__TIMEOUTS__TCP": "10 minutes",
}


class Slurm:
    """A Dask scheduler in this process, and the jobs that are to be its workers."""

    def __init__(self, jobs: SlurmJobs) -> None:
        """Start the scheduler and ask for all jobs.

        Raises:
            ClusterError: Slurm does not take them, or the network interface is not there.
        """
        self._jobs = jobs
        self._lost = 0
        self._known = 0
        self._looked = time.monotonic()
        self._logs = Path(jobs.log_directory).absolute()
        try:
            self._cluster = _slurm_cluster()(
                job_name="cadre_sim",
                cores=jobs.cores,
                # One worker, with a thread and so a process of ours for each core.
                processes=1,
                nanny=False,
                memory=jobs.memory,
                walltime=jobs.walltime,
                queue=jobs.partition,
                account=jobs.account,
                interface=jobs.interface,
                local_directory=jobs.local_directory,
                log_directory=str(self._logs),
                python=jobs.python,
                job_script_prologue=[*(f"export {k}='{v}'" for k, v in _WORKER_SETTINGS.items()), *jobs.prologue],
                job_extra_directives=list(jobs.directives),
                worker_extra_args=["--no-dashboard"],
                scheduler_options={"dashboard": False, "dashboard_address": ":0"},
                silence_logs="critical",
            )
        except (OSError, RuntimeError, ValueError) as error:
            raise ClusterError(f"a scheduler for Slurm cannot be started here: {error.__cause__ or error}") from None
        try:
            _check(self._cluster.job_script())
        except ClusterError:
            self._cluster.close()
            raise
        self._cluster.scale(jobs.jobs)

    @property
    def address(self) -> str:
        """Where the scheduler listens."""
        address: str = self._cluster.scheduler_address
        return address

    def __enter__(self) -> Slurm:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._cluster.close(timeout=_PATIENCE)

    def ask_again(self, known: int) -> None:
        """Every few seconds, ask for new jobs in place of those that are gone; Dask by itself does not.

        Args:
            known: runs that have come back so far.

        Raises:
            ClusterError: all jobs were lost again and again, and no run came back.
        """
        if time.monotonic() - self._looked < EVERY:
            return
        self._looked = time.monotonic()
        there = _listed()
        if there is None:
            return
        self._cluster.sync(self._forget_lost, there)
        if known != self._known:
            self._known, self._lost = known, 0
        if self._lost >= ROUNDS * self._jobs.jobs:
            raise ClusterError(f"{self._lost} jobs of Slurm have ended, and no run came back; see {self._logs}")
        self._cluster.scale(self._jobs.jobs)

    async def _forget_lost(self, there: set[str]) -> None:
        """In the thread of the cluster: take out the jobs that Slurm has no more, so that it counts others."""
        cluster: Any = self._cluster
        for name, job in list(cluster.workers.items()):
            if job.job_id not in there:
                cluster.workers.pop(name)
                cluster.worker_spec.pop(name, None)
                self._lost += 1


def _slurm_cluster() -> Any:
    """Dask's class for Slurm; when it is imported, dask-jobqueue takes Ctrl-C for itself and ends without a word.

    That is kept from it, also because only the main thread may do so: elsewhere (a page, a notebook) the import fails.
    """
    take = signal.signal
    signal.signal = lambda *_: None  # type: ignore[assignment]
    try:
        from dask_jobqueue import SLURMCluster
    finally:
        signal.signal = take
    return SLURMCluster


def _listed() -> set[str] | None:
    """The numbers of our jobs that wait or run; None while Slurm does not answer, which is no reason to give up."""
    try:
        asked = ["squeue", "--noheader", "--me", "--format=%A"]
        listed = subprocess.run(asked, capture_output=True, text=True, timeout=_PATIENCE, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return set(listed.stdout.split())


def _check(script: str) -> None:
    """Ask Slurm whether it would take a job, since Dask does not say why one is refused.

    Raises:
        ClusterError: it would not, or does not answer.
    """
    try:
        asked = subprocess.run(
            ["sbatch", "--test-only"], input=script, capture_output=True, text=True, timeout=_PATIENCE, check=False
        )
    except FileNotFoundError:
        raise ClusterError("there is no Slurm on this machine (no program sbatch)") from None
    except subprocess.TimeoutExpired:
        raise ClusterError(f"Slurm does not answer within {_PATIENCE:g} s") from None
    if asked.returncode:
        raise ClusterError(f"Slurm does not take the jobs: {'; '.join(asked.stderr.strip().splitlines())}")
