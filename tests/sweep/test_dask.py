"""Sweeps on a Dask cluster come to the same bytes as on one machine, whatever happens to the cluster."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from clusters import Cluster

import cadre_sim
from cadre_sim.errors import ClusterError, InputError, ScenarioError
from cadre_sim.sweep import dask_engine
from cadre_sim.sweep.cluster_file import SlurmJobs, chosen, load_cluster
from cadre_sim.sweep.driver import sweep
from process_table import worker_pids
from sweeps import GRID, broken, doomed, part_bytes, planned, quick, ruinous, slow, troubled
from waiting import until

pytestmark = pytest.mark.process
MANY = GRID.replace("replicates: 2", "replicates: 60")
DRIVER = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
if __name__ == "__main__":
    from cadre_sim.sweep import dask_engine
    from cadre_sim.sweep import driver
    from sweeps import planned, slow
    driver.FIRST_WRITE = dask_engine.BATCH_SECONDS = 0.1
    driver.sweep(planned(Path("experiment.yaml").read_text()), Path("killed"), making=slow, cluster={address!r})
"""


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Two workers that all tests share."""
    with Cluster(tmp_path_factory.mktemp("dask"), workers=2) as found:
        yield found


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of a tenth of a second, so that many are in flight."""
    monkeypatch.setattr(dask_engine, "BATCH_SECONDS", 0.1)


def assert_same_as_on_one_machine(text: str, out: str) -> None:
    sweep(planned(text), Path("fresh"), workers=1, making=quick)
    assert part_bytes(Path(out)) == part_bytes(Path("fresh"))


@pytest.mark.usefixtures("small_batches")
def test_a_cluster_gives_the_same_bytes_and_tells_where(tiny: Path, cluster: Cluster) -> None:
    """Both workers have a part in it, each with a process of its own, which is gone in the end."""
    found = sweep(planned(MANY), Path("out"), making=slow, cluster=cluster.address)
    assert (found.new, found.failed) == (360, 0)
    assert_same_as_on_one_machine(MANY, "out")
    told = cadre_sim.results("out", "select process, count(*) as runs from telemetry group by process")
    assert (len(told), told["runs"].sum()) == (2, 360)
    assert not any(worker_pids(worker.pid) for worker in cluster.workers)


def test_runs_that_raise_hang_or_die_are_told_as_on_one_machine(tiny: Path, cluster: Cluster) -> None:
    """Status and text are the same, and no Dask worker went with them."""
    text = GRID.replace("replicates: 2", "replicates: 5\ntime_limit: 1").replace("[0.2, 0.6]", "[0.2]")
    text = text.replace("[0, 0.8]", "[0]").replace("  before: {without_reforms: true}\n", "")
    found = sweep(planned(text), Path("out"), making=troubled, cluster=cluster.address)
    assert (found.new, found.failed) == (2, 3)
    sweep(planned(text), Path("fresh"), workers=1, making=troubled)
    assert part_bytes(Path("out")) == part_bytes(Path("fresh"))
    assert [worker.poll() for worker in cluster.workers] == [None, None]


@pytest.mark.usefixtures("small_batches")
def test_a_dask_worker_that_is_killed_costs_no_run(tiny: Path, cluster: Cluster) -> None:
    """A third worker comes and is killed once it hosts a process: what it was sent goes to the others."""
    third = cluster.add_worker()
    hosted: list[int] = []

    def kill(*_: object) -> None:
        if not hosted and (pids := worker_pids(third.pid)):
            hosted.extend(pids)
            third.kill()
            third.wait()

    text = MANY.replace("replicates: 60", "replicates: 300")
    try:
        found = sweep(planned(text), Path("out"), making=slow, progress=kill, cluster=cluster.address)
    finally:
        third.kill()
        third.wait()
    assert hosted
    assert (found.new, found.failed) == (1800, 0)
    assert_same_as_on_one_machine(text, "out")


def test_a_driver_that_is_killed_leaves_the_cluster_to_the_next(tiny: Path, cluster: Cluster) -> None:
    plan = planned(MANY)
    parts = Path("killed/runs")
    code = DRIVER.format(tests=str(Path(__file__).parents[1]), address=cluster.address)
    driver = subprocess.Popen([sys.executable, "-c", code])
    until(lambda: list(parts.glob("*")) or driver.poll() is not None)
    driver.kill()
    driver.wait()
    some = len(cadre_sim.results("killed"))
    assert 0 < some < 360
    assert sweep(plan, Path("killed"), making=quick, cluster=cluster.address).new == 360 - some
    assert_same_as_on_one_machine(MANY, "killed")
    until(lambda: not any(worker_pids(worker.pid) for worker in cluster.workers))


@pytest.mark.usefixtures("small_batches")
def test_a_sweep_waits_for_workers_with_a_word_and_ends_when_the_scheduler_does(tiny: Path, tmp_path: Path) -> None:
    """No worker at first: one comes once it is said. Then the scheduler is killed: what is done is kept."""
    folder = tmp_path / "dask"
    folder.mkdir()
    deadline = time.monotonic() + 90.0
    with Cluster(folder, workers=0) as lonely:

        def act(done: int, failed: int, total: int, note: str) -> None:
            assert time.monotonic() < deadline
            if note == "waiting for workers" and not lonely.workers:
                lonely.workers.append(lonely.add_worker())
            if done:
                lonely.scheduler.kill()

        with pytest.raises(ClusterError, match=r"the Dask scheduler \(tcp://.*\) is gone"):
            sweep(planned(MANY), Path("out"), making=slow, progress=act, cluster=lonely.address)
    some = len(cadre_sim.results("out"))
    assert 0 < some < 360
    assert sweep(planned(MANY), Path("out"), workers=1, making=quick).new == 360 - some
    assert_same_as_on_one_machine(MANY, "out")


def test_workers_that_cannot_begin_end_the_sweep(tiny: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_engine, "LOSSES", 1)
    monkeypatch.setattr(dask_engine, "GIVEN_UP", 1)
    with pytest.raises(ClusterError, match=r"lost 1 times each .*, and nothing came back: worker processes end before"):
        sweep(planned(GRID), Path("out"), making=broken, cluster=cluster.address)


def test_a_run_that_takes_whole_workers_with_it_is_the_one_that_fails(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each time the Dask worker dies with its process, and another comes; the other runs of its batches are done.

    What another run has answered can be lost with the worker too, but not as often.
    """
    monkeypatch.setattr(dask_engine, "LOSSES", 6)
    with Cluster(tmp_path, workers=0) as alone:
        alone.workers.append(alone.add_worker(nanny=True))
        found = sweep(planned(GRID), Path("out"), making=ruinous, cluster=alone.address)
    assert (found.new, found.failed) == (11, 1)
    row = cadre_sim.results("out", "from failed").iloc[0]
    assert (row["arm"], row["replicate"], row["status"]) == ("before", 1, "crashed")
    assert re.search(r"was lost [3-9] times", row["error"])


def test_a_cluster_that_loses_all_that_it_is_sent_is_told(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No more runs are blamed than it takes to see that it is not they."""
    monkeypatch.setattr(dask_engine, "LOSSES", 1)
    monkeypatch.setattr(dask_engine, "GIVEN_UP", 2)
    with Cluster(tmp_path, workers=0) as alone:
        alone.workers.append(alone.add_worker(nanny=True))
        with pytest.raises(ClusterError, match="2 runs in a row were lost"):
            sweep(planned(GRID), Path("out"), making=doomed, cluster=alone.address)
    assert len(cadre_sim.results("out", "from failed")) == 1


def test_another_version_of_the_model_on_a_worker_is_refused(
    tiny: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = planned(GRID)
    monkeypatch.setattr(dask_engine, "model_version", lambda: "0+other")
    with pytest.raises(ClusterError, match="all of a cluster must have the same installed"):
        sweep(plan, Path("out"), making=quick, cluster=cluster.address)


def test_a_scheduler_that_does_not_answer_is_told(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_engine, "CONNECTING", 0.5)
    with pytest.raises(ClusterError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        sweep(planned(GRID), Path("out"), cluster="tcp://127.0.0.1:9")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("dask", None, None), "--scheduler tcp://HOST:8786"),
        (("processes", "tcp://here:1", None), "are of `dask`"),
        ((None, "tcp://here:1", "slurm.yaml"), "not both"),
        ((None, "here", None), "an address such as tcp://host:8786"),
    ],
)
def test_engines_and_clusters_that_do_not_go_together_are_told(given: tuple[None, str, str], said: str) -> None:
    with pytest.raises(InputError, match=said):
        chosen(*given)


def test_what_is_wrong_with_the_file_of_a_cluster_is_told_with_its_line(tiny: Path) -> None:
    Path("slurm.yaml").write_text("jobs: 0\nmemory: lots\nwalltime: soon\nqueue: x\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as told:
        load_cluster("slurm.yaml")
    lines = str(told.value).splitlines()
    assert [line.split(" ")[0] for line in lines] == [f"slurm.yaml:{k}" for k in ("1:7", "2:9", "3:11", "4:1")]


def test_the_example_of_a_cluster_is_valid() -> None:
    example = Path(__file__).parents[2] / "experiments" / "clusters" / "slurm.yaml"
    assert isinstance(chosen(None, None, example), SlurmJobs)
