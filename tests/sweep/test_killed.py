"""The worst of days: a sweep whose driver and workers are killed, stopped and robbed of their files again and again."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import pytest
from test_sweep import DRIVER

from cadre_sim.errors import InputError
from cadre_sim.sweep.driver import sweep
from cadre_sim.sweep.store import opened
from cadre_sim.sweep.verify import verify_experiment
from process_table import worker_pids
from sweeps import GRID, part_bytes, planned, reading
from tabled import TABLE, write_table, write_tabled
from waiting import until

pytestmark = pytest.mark.process

OUT, FRESH = Path("killed"), Path("fresh")


class Draws:
    """Draws that a seed gives again."""

    def __init__(self, seed: str) -> None:
        self.seed = seed
        self.count = 0

    def share(self) -> float:
        """From 0 up to 1."""
        self.count += 1
        content = f"{self.seed} {self.count}".encode()
        return int.from_bytes(hashlib.blake2b(content, digest_size=4).digest()) / 2**32

    def below(self, number: int) -> int:
        """A whole number from 0."""
        return int(self.share() * number)


class Day(NamedTuple):
    """How bad a day is.

    Attributes:
        replicates: of four points.
        kills: times that the driver is killed.
        harms: things that happen before each kill.
        longest: longest time between two of them [s].
    """

    replicates: int
    kills: int
    harms: int
    longest: float


BAD = Day(replicates=50, kills=1, harms=5, longest=0.1)
WORST = Day(replicates=500, kills=5, harms=8, longest=0.4)


@pytest.mark.long
@pytest.mark.parametrize("day", [BAD, pytest.param(WORST, marks=pytest.mark.slow)], ids=["bad", "worst"])
def test_whatever_happens_to_a_sweep_it_ends_in_the_same_bytes(tiny: Path, day: Day) -> None:
    """Workers are killed and stopped, parts deleted and damaged, inputs changed here and in the store.

    What happens when is drawn, and the printed seed gives it again. Before each start the table is what it was; a start
    with another one is refused. The last driver is harmed too, and ends well.
    """
    seed = os.environ.get("CADRE_SIM_KILL_SEED") or os.urandom(4).hex()
    print(f"CADRE_SIM_KILL_SEED={seed}")
    draw = Draws(seed)
    write_tabled()
    text = GRID.replace("replicates: 2", f"replicates: {day.replicates}\ntime_limit: 2")
    plan = planned(text.replace("  before: {without_reforms: true}\n", ""))
    assert plan.total() == 4 * day.replicates
    with opened(FRESH, plan) as store:
        store.add([reading(plan)(run) for run in plan.runs()])
        store.compact()
    stopped: list[int] = []
    try:
        for kill in range(day.kills + 1):
            driver = started()
            for _ in range(day.harms):
                time.sleep(draw.share() * day.longest)
                if driver.poll() is None:
                    HARMS[draw.below(len(HARMS))](draw, driver.pid, stopped)
            if kill < day.kills:
                driver.kill()
            assert driver.wait() == (-signal.SIGKILL if kill < day.kills else 0)
            if kill == 0:
                refused_with_another_table()
            write_table()
    finally:
        for pid in stopped:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
    assert part_bytes(OUT) == part_bytes(FRESH)
    assert verify_experiment(OUT) == verify_experiment(FRESH).__class__(OUT, plan.total(), plan.total(), 0, 0, ())


def started() -> subprocess.Popen[bytes]:
    """A driver that has written something."""
    before = set(OUT.glob("runs/*"))
    tests = str(Path(__file__).parents[1])
    driver = subprocess.Popen([sys.executable, "-c", DRIVER.format(tests=tests, making="reading")])
    until(lambda: not set(OUT.glob("runs/*")) <= before or driver.poll() is not None)
    return driver


def refused_with_another_table() -> None:
    """Who starts it with a table of other content is told that this is another sweep."""
    write_table(residents=7)
    before = part_bytes(OUT)
    plan = planned(Path("experiment.yaml").read_text(encoding="utf-8"))
    with pytest.raises(InputError, match="holds another sweep: its arms differ"):
        sweep(plan, OUT, workers=1, making=reading)
    assert part_bytes(OUT) == before


def kill_worker(draw: Draws, driver: int, stopped: list[int]) -> None:
    for worker in worker_pids(driver)[:1]:
        os.kill(worker, signal.SIGKILL)


def stop_worker(draw: Draws, driver: int, stopped: list[int]) -> None:
    """Perhaps it goes on after a while, and perhaps it does not."""
    for worker in worker_pids(driver)[-1:]:
        with suppress(ProcessLookupError):
            os.kill(worker, signal.SIGSTOP)
            stopped.append(worker)
            if draw.share() < 0.5:
                time.sleep(draw.share() * 0.1)
                os.kill(worker, signal.SIGCONT)


def delete_part(draw: Draws, driver: int, stopped: list[int]) -> None:
    for part in a_part(draw):
        part.unlink(missing_ok=True)


def damage_part(draw: Draws, driver: int, stopped: list[int]) -> None:
    for part in a_part(draw):
        with suppress(FileNotFoundError), open(part, "r+b") as file:
            file.seek(draw.below(100))
            file.write(b"harm")


def change_table(draw: Draws, driver: int, stopped: list[int]) -> None:
    write_table(residents=draw.below(10_000))


def delete_table(draw: Draws, driver: int, stopped: list[int]) -> None:
    TABLE.unlink(missing_ok=True)


def harm_inputs(draw: Draws, driver: int, stopped: list[int]) -> None:
    for kept in OUT.glob("inputs/*"):
        if draw.share() < 0.5:
            kept.unlink(missing_ok=True)
        else:
            kept.write_bytes(b"something else")


HARMS: tuple[Callable[[Draws, int, list[int]], None], ...] = (
    kill_worker,
    stop_worker,
    delete_part,
    damage_part,
    change_table,
    delete_table,
    harm_inputs,
)


def a_part(draw: Draws) -> list[Path]:
    """One of the parts that are there, if any is."""
    parts = sorted(OUT.glob("runs/*.parquet"))
    return [parts[draw.below(len(parts))]] if parts else []
