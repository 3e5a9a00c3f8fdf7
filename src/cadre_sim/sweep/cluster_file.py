"""What the file of a cluster may say: which jobs Slurm is asked for. And which engine a user has chosen."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationError

from cadre_sim.errors import InputError, ScenarioError
from cadre_sim.extras import require
from cadre_sim.scenario.fields import Section
from cadre_sim.scenario.problems import problems_from
from cadre_sim.scenario.reading import read

EngineName = Literal["processes", "dask"]
Line = Annotated[str, Field(pattern=r"^[^\n]*$", max_length=1000)]


def _size(text: str) -> str:
    """A size that Dask understands, and hands on to Slurm."""
    from dask.utils import parse_bytes

    try:
        enough = parse_bytes(text) >= 2**20
    except (ValueError, OverflowError):
        enough = False
    if not enough:
        raise ValueError(f"must be a size such as '4 GB' (got {text!r})")
    return text


class SlurmJobs(Section):
    """Jobs of Slurm that do the runs of an experiment, each with a process for each of its cores."""

    jobs: int = Field(description="jobs to keep in the queue or at work", ge=1, le=10_000)
    cores: int = Field(1, description="cores of a job; each does one run at a time", ge=1, le=1024)
    memory: Annotated[str, AfterValidator(_size)] = Field("4 GB", description="memory of a job, such as '4 GB'")
    walltime: str = Field(
        "01:00:00",
        description="longest that a job may take, as Slurm has it; one that ends is asked for again",
        pattern=r"^(\d+-)?\d+(:\d{1,2}){0,2}$",
    )
    partition: Line | None = Field(None, description="partition (queue); by default Slurm's own")
    account: Line | None = Field(None, description="account that is charged")
    interface: Line | None = Field(
        None, description="network interface by which workers reach this machine, such as ib0; by default Dask's choice"
    )
    local_directory: Line = Field("/tmp", description="folder on the node for what Dask puts down, not shared")
    log_directory: Line = Field("slurm-logs", description="folder for what the jobs print, relative to the current one")
    python: Line | None = Field(None, description="Python of the jobs; by default the one that runs this")
    prologue: tuple[Line, ...] = Field((), description="lines of shell before the work, such as `module load python`")
    directives: tuple[Line, ...] = Field((), description="more for #SBATCH, such as --constraint=ib")


def load_cluster(path: str | Path) -> SlurmJobs:
    """Read and check the file of a cluster.

    Raises:
        ScenarioError: with every problem that was found, each with file, line and path.
    """
    document = read(path)
    try:
        return SlurmJobs.model_validate(document.data)
    except ValidationError as error:
        raise ScenarioError(problems_from(error, document, SlurmJobs)) from None


def chosen(engine: EngineName | None, scheduler: str | None, cluster: str | Path | None) -> str | SlurmJobs | None:
    """What does the runs: the address of a Dask scheduler, jobs of Slurm, or None for processes here.

    Args:
        engine: its name; by default what goes with the rest.
        scheduler: address of a Dask scheduler.
        cluster: file that says which jobs to ask Slurm for.

    Raises:
        InputError: these do not go together.
        ScenarioError: the file is wrong.
        MissingExtraError: the libraries for work on a cluster are not installed.
    """
    if scheduler is not None and cluster is not None:
        raise InputError("give a scheduler or a cluster, not both: --cluster starts its own scheduler")
    if engine == "processes" and (scheduler is not None or cluster is not None):
        raise InputError("the engine `processes` is of this machine alone; --scheduler and --cluster are of `dask`")
    if engine == "dask" and scheduler is None and cluster is None:
        raise InputError(
            "the engine `dask` needs workers: --scheduler tcp://HOST:8786 of a Dask cluster that is there, or "
            "--cluster slurm.yaml to ask Slurm for jobs"
        )
    if scheduler is not None and not re.fullmatch(r"([a-z]+://)?[^/\s]+:\d+", scheduler):
        raise InputError(f"--scheduler must be an address such as tcp://host:8786 (got {scheduler!r})")
    if scheduler is not None:
        require("a Dask scheduler", "distributed")
    if cluster is None:
        return scheduler
    require("a cluster", "distributed", "dask_jobqueue")
    return load_cluster(cluster)
