"""What this machine has left for this process: memory, address space, disk. None where it cannot be known."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

PROC = Path("/proc")
CGROUPS = Path("/sys/fs/cgroup")
_KIB = 1024
_NO_LIMIT = 2**60
"""Limits from here on are none: cgroups of the first version write the largest number that they know."""


def free_memory() -> int | None:
    """Memory that this process and those that it starts may still take together [bytes].

    The least of what the machine has available and of what the control groups that the process is in leave.
    """
    return min((found for found in (_available(), *_left_in_groups()) if found is not None), default=None)


def free_addresses() -> int | None:
    """Address space that a process as this one may have in all [bytes]; None where it is not limited."""
    if sys.platform == "win32":
        return None
    import resource

    limits = [resource.getrlimit(kind)[0] for kind in (resource.RLIMIT_AS, resource.RLIMIT_DATA)]
    return min((limit for limit in limits if limit != resource.RLIM_INFINITY), default=None)


def free_disk(folder: Path) -> int | None:
    """Room on the disk of a folder that is there or is to be made [bytes]."""
    try:
        there = next(place for place in (folder, *folder.absolute().parents) if place.exists())
        return shutil.disk_usage(there).free
    except (OSError, ValueError, StopIteration):
        return None


def _available() -> int | None:
    try:
        fields = dict(line.split(":", 1) for line in (PROC / "meminfo").read_text(encoding="ascii").splitlines())
        return int(fields["MemAvailable"].split()[0]) * _KIB
    except (OSError, ValueError, KeyError, IndexError):
        pass
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")  # macOS: what it has, since not what is free
    except (AttributeError, ValueError, OSError):
        return None


def _left_in_groups() -> Iterator[int | None]:
    """What each control group that the process is in leaves of its limit, the groups around it included."""
    try:
        lines = (PROC / "self" / "cgroup").read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return
    for line in lines:
        _, _, rest = line.partition(":")
        controllers, _, name = rest.partition(":")
        if not controllers:
            root, most, used, idle = CGROUPS, "memory.max", "memory.current", "inactive_file"
        elif "memory" in controllers.split(","):
            root, most, used, idle = (
                CGROUPS / "memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file",
            )  # fmt: skip
        else:
            continue
        # In a container the name may be that of the machine outside: then the root is the container's own group.
        group = root / name.lstrip("/")
        for place in (group, *group.parents):
            yield _left(place / most, place / used, place / "memory.stat", idle)
            if place == root:
                break


def _left(most: Path, used: Path, stat: Path, idle: str) -> int | None:
    """What a control group leaves: its limit less what is used, but for files in memory that can be let go."""
    try:
        limit = int(most.read_text(encoding="ascii"))  # "max" where there is none
        if limit >= _NO_LIMIT:
            return None
        taken = int(used.read_text(encoding="ascii"))
        kept = dict(line.split(" ", 1) for line in stat.read_text(encoding="ascii").splitlines())
        return max(0, limit - max(0, taken - int(kept.get(idle, "0"))))
    except (OSError, ValueError):
        return None
