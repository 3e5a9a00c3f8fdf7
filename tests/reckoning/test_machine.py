"""What a machine has left, read from what its kernel says."""

from __future__ import annotations

from pathlib import Path

import pytest

from cadre_sim.reckoning import machine
from cadre_sim.reckoning.machine import free_addresses, free_disk, free_memory

GIB = 2**30


@pytest.fixture
def kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A /proc and a /sys/fs/cgroup of a machine with 8 GiB available, in a folder."""
    (tmp_path / "proc/self").mkdir(parents=True)
    (tmp_path / "proc/meminfo").write_text(f"MemTotal: 99999999 kB\nMemAvailable: {8 * 2**20} kB\n")
    monkeypatch.setattr(machine, "PROC", tmp_path / "proc")
    monkeypatch.setattr(machine, "CGROUPS", tmp_path / "cgroup")
    return tmp_path


def group(folder: Path, limit: object, used: int, idle: int, names: tuple[str, str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    most, current, inactive = names
    (folder / most).write_text(f"{limit}\n")
    (folder / current).write_text(f"{used}\n")
    (folder / "memory.stat").write_text(f"anon 5\n{inactive} {idle}\n")


SECOND = ("memory.max", "memory.current", "inactive_file")
FIRST = ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")


def test_without_control_groups_it_is_what_the_machine_has_available(kernel: Path) -> None:
    assert free_memory() == 8 * GIB


def test_the_tightest_control_group_around_a_process_counts(kernel: Path) -> None:
    """A job of Slurm or a container: files that the kernel may forget are no use of memory."""
    (kernel / "proc/self/cgroup").write_text("0::/job/step\n")
    group(kernel / "cgroup/job", 4 * GIB, 3 * GIB, GIB, SECOND)
    group(kernel / "cgroup/job/step", "max", GIB, 0, SECOND)
    assert free_memory() == 2 * GIB


def test_control_groups_of_the_first_version_are_read(kernel: Path) -> None:
    (kernel / "proc/self/cgroup").write_text("4:cpu,cpuacct:/x\n3:memory:/docker/abc\n")
    group(kernel / "cgroup/memory", GIB, GIB // 2, 0, FIRST)  # within a container its own group is the root
    assert free_memory() == GIB // 2
    group(kernel / "cgroup/memory/docker/abc", 9223372036854771712, 0, 0, FIRST)
    assert free_memory() == GIB // 2


def test_what_cannot_be_read_is_no_limit(kernel: Path) -> None:
    (kernel / "proc/meminfo").write_text("nothing\n")
    (kernel / "proc/self/cgroup").write_bytes(b"\xff0::/\x00\n")
    found = free_memory()
    assert found is None or found > GIB  # what the system says that it has


def test_a_disk_is_that_of_a_folder_that_is_yet_to_be_made(tmp_path: Path) -> None:
    assert free_disk(tmp_path / "a" / "b") == pytest.approx(free_disk(tmp_path), rel=0.1)
    assert free_disk(Path("a\0b")) is None or free_disk(Path("x" * 5000)) is None


def test_a_process_without_a_limit_has_all_addresses() -> None:
    assert free_addresses() is None or free_addresses() > GIB
