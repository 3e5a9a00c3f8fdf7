"""Experiments on a real Slurm of one machine, through the command that a person gives."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import cadre_sim

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
COMMAND = [sys.executable, "-m", "cadre_sim.cli", "experiment", "run", "experiment.yaml"]
NOT_HERE = 77
EXPERIMENT = """\
title: A sweep for Slurm
scenario: tiny.yaml
factors:
  adoption: {path: reforms.*.adoption, values: [0.2, 0.4, 0.6, 0.8]}
replicates: 150
metrics: [service_hours, burden_hours]
"""
CLUSTER = """\
jobs: 2
memory: 1 GB
interface: lo
prologue:
  - "export PYTHONPATH={path}"
"""


@pytest.fixture(scope="session")
def slurm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Slurm, for as long as the tests take; they are left out only where it cannot be had."""
    folder = tmp_path_factory.mktemp("slurm")
    with pytest.MonkeyPatch.context() as environment:
        # Another Slurm of the machine, if there is one, is left alone.
        environment.setenv("SLURM_CONF", str(folder / "slurm.conf"))
        environment.setenv("SLURM_TEST_PORT", str(free_port()))
        up = subprocess.run([HERE / "up.sh", folder], capture_output=True, text=True, check=False)
        if up.returncode == NOT_HERE:
            pytest.skip(up.stderr.strip())
        try:
            assert up.returncode == 0, up.stderr
            yield
        finally:
            subprocess.run([HERE / "down.sh", folder], check=True)


def free_port() -> int:
    """A port that nobody uses, with room above it."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        port: int = tried.getsockname()[1]
    return min(port, 60_000)


@pytest.fixture
def experiment(tiny: Path, slurm: None) -> list[str]:
    """The command that runs six hundred runs of a tiny county in two jobs."""
    Path("experiment.yaml").write_text(EXPERIMENT, encoding="utf-8")
    path = os.pathsep.join([str(Path(cadre_sim.__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    Path("slurm.yaml").write_text(CLUSTER.format(path=path), encoding="utf-8")
    return [*COMMAND, "--out", "cluster", "--cluster", "slurm.yaml"]


def jobs(state: str = "all") -> list[str]:
    """Numbers of the jobs that are in a state."""
    asked = ["squeue", "--noheader", "--format=%A", f"--states={state}", "--name=cadre_sim"]
    return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.split()


def wait_until(true: Callable[[], object], driver: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 180.0
    while not true():
        assert driver.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.1)


def some_written() -> bool:
    return any(Path("cluster/runs").glob("rows-*"))


def test_a_job_that_is_cancelled_in_the_middle_changes_no_byte(experiment: list[str]) -> None:
    """Slurm is asked for a third job; results are those of this machine alone, and no job is left."""
    driver = subprocess.Popen(experiment, text=True, stdout=subprocess.PIPE)
    wait_until(lambda: len(jobs("running")) == 2 and some_written(), driver)
    first = jobs("running")
    subprocess.run(["scancel", first[0]], check=True)
    wait_until(lambda: set(jobs("running")) - set(first), driver)
    said, _ = driver.communicate(timeout=300)
    assert driver.returncode == 0
    assert "600 runs done, 0 failed" in said
    assert jobs("pending,running") == []
    subprocess.run([*COMMAND, "--out", "local", "--quiet"], check=True)
    assert runs_of("cluster") == runs_of("local")
    hosts = cadre_sim.results("cluster", "select distinct process from telemetry")
    assert len(hosts) >= 2


def test_an_interrupted_sweep_cancels_its_jobs(experiment: list[str]) -> None:
    driver = subprocess.Popen(experiment, text=True, stderr=subprocess.PIPE)
    wait_until(lambda: len(jobs("running")) == 2 and some_written(), driver)
    driver.send_signal(signal.SIGINT)
    _, said = driver.communicate(timeout=60)
    assert driver.returncode == 130
    assert "interrupted; what is done is kept in cluster" in said
    assert jobs("pending,running") == []
    assert 0 < len(cadre_sim.results("cluster")) < 600


def test_jobs_that_slurm_refuses_are_told_in_its_words(experiment: list[str]) -> None:
    Path("slurm.yaml").write_text(Path("slurm.yaml").read_text() + "partition: nowhere\n", encoding="utf-8")
    done = subprocess.run(experiment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "invalid partition specified: nowhere" in done.stderr
    assert "Traceback" not in done.stderr


def runs_of(store: str) -> dict[str, bytes]:
    return {part.name: part.read_bytes() for part in Path(store, "runs").glob("*.parquet")}
