"""Which worker processes there are: read from /proc, as an operator would."""

from __future__ import annotations

import multiprocessing
import os
from pathlib import Path


def worker_pids(parent: int | None = None) -> list[int]:
    """Workers of a process (this one) that are still there; multiprocessing's own tracker of resources is none."""
    multiprocessing.active_children()  # takes note of those that have ended
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
            command = (status.parent / "cmdline").read_bytes()
        except OSError:
            continue
        if int(fields[1]) == (parent or os.getpid()) and fields[0] != "Z" and b"spawn_main" in command:
            found.append(int(status.parent.name))
    return found


def cpu_seconds(pid: int) -> float:
    """Processor time that a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
