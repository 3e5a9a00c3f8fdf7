"""A Dask cluster of this machine for tests: a scheduler and workers, each a process that a test may kill."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from waiting import until

OPTIONS = {
    "scheduler": ("--port", "0", "--host", "127.0.0.1", "--no-dashboard"),
    "worker": ("--nthreads", "1", "--no-dashboard", "--memory-limit", "0"),
}


class Cluster:
    """A scheduler and some workers; ends with all of them."""

    def __init__(self, folder: Path, workers: int) -> None:
        self.folder = folder
        self.file = folder / "scheduler.json"
        self.log = open(folder / "log", "ab")  # noqa: SIM115 (closed when the cluster ends)
        self.scheduler = self._start("scheduler")
        self.workers = [self.add_worker() for _ in range(workers)]
        self.address = self._address()

    def add_worker(self, *, nanny: bool = False) -> subprocess.Popen[bytes]:
        """Another worker; one with a nanny comes back each time that it is killed."""
        chosen = ("--nanny",) if nanny else ("--no-nanny",)
        return self._start("worker", *chosen, "--local-directory", str(self.folder))

    def _start(self, what: str, *options: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.dask_{what}", "--scheduler-file", str(self.file)]
        # What does the runs stands beside this file, and Dask looks for it by name.
        path = os.pathsep.join([str(Path(__file__).parents[1]), *filter(None, sys.path)])
        environment = {**os.environ, "PYTHONPATH": path, "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}
        return subprocess.Popen([*command, *OPTIONS[what], *options], env=environment, stdout=self.log, stderr=self.log)

    def _address(self) -> str:
        def written() -> bool:
            try:
                return "address" in json.loads(self.file.read_text())
            except (OSError, ValueError):
                return False

        until(written)
        return str(json.loads(self.file.read_text())["address"])

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        for process in (self.scheduler, *self.workers):
            process.kill()
            process.wait()
        self.log.close()
