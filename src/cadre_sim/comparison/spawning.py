"""Starting worker processes, each of which imports the program that starts them once more.

So a script needs a main guard, and a program must lie in a file. Python itself tells neither in a way that reaches the
user: workers without a guard die while they import, and all that is seen from outside is that they are dead. Here such
a worker leaves with an exit code of its own, and the process that started it says what to do.
"""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Iterable
from multiprocessing.connection import wait
from multiprocessing.context import SpawnContext
from multiprocessing.process import BaseProcess
from pathlib import Path

from cadre_sim.errors import CadreSimError, ScriptError, WorkerError

NO_GUARD = 87
"""Exit code of a worker that was about to start workers of its own while it imported the program."""
_GUARD = 'if __name__ == "__main__":'


def spawn_context(instead: str = ", or give workers=1") -> SpawnContext:
    """What starts worker processes; each begins as a new interpreter, with nothing left over from this one.

    Args:
        instead: what else to do, as the end of a sentence, where workers cannot import the program.

    Raises:
        ScriptError: workers could not import the program, since it is not in a file.
        SystemExit: this is such a worker, and still imports the program.
    """
    if getattr(multiprocessing.current_process(), "_inheriting", False):
        raise SystemExit(NO_GUARD)
    main = sys.modules["__main__"]
    file = getattr(main, "__file__", None)
    # A module that was run by its name (python -m) is imported by it; at a prompt and in a notebook nothing is.
    if file is not None and getattr(main, "__spec__", None) is None and not Path(file).is_file():
        what = "standard input" if file == "<stdin>" else file
        raise ScriptError(
            f"worker processes import the program that starts them, and cannot import it from {what}: put it into a "
            f"file, with what it does under `{_GUARD}`{instead}"
        )
    return multiprocessing.get_context("spawn")


def why_died(processes: Iterable[BaseProcess], then: str) -> CadreSimError:
    """What to say when a worker process has died.

    Args:
        processes: the workers, those that live included.
        then: what came of it or what to do, where it was killed.
    """
    for process in processes:
        if wait([process.sentinel], 0):
            process.join()
            if process.exitcode == NO_GUARD:
                return no_guard()
    return WorkerError(f"a worker process died (killed, or out of memory); {then}")


def no_guard() -> ScriptError:
    """What to say when workers have left with :data:`NO_GUARD`."""
    script = getattr(sys.modules["__main__"], "__file__", "the program")
    return ScriptError(
        f"{script}: worker processes import the script that starts them, and this one would start workers again while "
        "it is imported; put what it does under a main guard:\n\n"
        f"    {_GUARD}\n        ...  # all that the script does, moved in by four spaces\n"
    )


def is_stopped(pid: int | None) -> bool:
    """Whether a process has been stopped (SIGSTOP, or suspended by the scheduler of a cluster); false where unknown."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return False
    return state in ("T", "t")
