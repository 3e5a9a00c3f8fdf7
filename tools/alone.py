"""Run a command while no other process runs one under the same lock: ``python alone.py LOCK COMMAND ...``.

Two calls of make at once would install into one .venv. Where there are no such locks (Windows), the command just runs.
"""

from __future__ import annotations

import subprocess
import sys

try:
    import fcntl
except ImportError:
    fcntl = None  # type: ignore[assignment]


def main(lock: str, *command: str) -> int:
    """Wait for the lock, run the command, and return its exit code."""
    with open(lock, "a", encoding="utf-8") as file:
        if fcntl is not None:
            fcntl.flock(file, fcntl.LOCK_EX)
        return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
