"""Commands in which one operation on files fails, is cut short, is interrupted or is the last: a fork for each.

One process has imported all and has run the model once, under a library (``shim.c``) that counts what is done to the
files below a folder, in Python and in C++. It forks for each command, so that hundreds of failures take seconds.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import json
import os
import pickle
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from enum import IntEnum
from pathlib import Path
from typing import Any, NamedTuple

TESTS = Path(__file__).parent.parent
PATIENCE = 60
"""After so many seconds a command hangs."""


class How(IntEnum):
    """What becomes of the operation: the numbers are those of ``shim.c``."""

    COUNT = 0
    FAIL = 1
    DIE = 2
    """The process is killed before it."""
    TORN = 3
    """Half of what is written is, and the process is killed."""
    SHORT = 4
    """Half of what is written is, and the rest fails."""
    INTERRUPT = 5
    """Ctrl-C."""
    FULL = 6
    """It fails, and so does all later that needs room."""


class Fell(NamedTuple):
    """How a command ended: its code, negative where a signal ended it; operations counted; what it printed."""

    code: int
    operations: int
    out: str
    err: str


class Injector:
    """The process that forks."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        """Speak with a process that runs :func:`serve`."""
        self._process = process

    def call(
        self, folder: Path, *arguments: str, at: int = 0, how: How = How.COUNT, error: int = 0, **limits: int
    ) -> Fell:
        """Run a command in a folder, with the given operation on its files failing.

        Args:
            folder: where it runs, and below which operations are counted.
            arguments: of the command.
            at: number of the operation, from 1.
            how: what becomes of it.
            error: the errno with which it fails.
            limits: resource limits by name, such as ``AS``; of the address space, how much may be added [bytes].
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        request = [str(folder.resolve()), arguments, at, int(how), error, limits]
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return Fell(*json.loads(self._process.stdout.readline()))


@contextlib.contextmanager
def injector(work: Path) -> Iterator[Injector]:
    """Build the library and start the process.

    Args:
        work: an empty folder for what is built and printed.

    Raises:
        subprocess.CalledProcessError: there is no compiler that works.
        FileNotFoundError: there is no compiler.
    """
    library = work / "shim.so"
    source = Path(__file__).with_name("shim.c")
    build = ["cc", "-shared", "-fPIC", "-O1", "-w", "-o", str(library), str(source), "-ldl"]
    subprocess.run(build, check=True, capture_output=True)
    path = os.pathsep.join([str(TESTS), str(TESTS / "failures"), *filter(None, sys.path)])
    one = dict.fromkeys(("OMP_NUM_THREADS", "NUMBA_NUM_THREADS", "OPENBLAS_NUM_THREADS", "ARROW_IO_THREADS"), "1")
    environment = {**os.environ, **one, "LD_PRELOAD": str(library), "PYTHONPATH": path}
    command = [sys.executable, "-c", f"import injecting; injecting.serve({str(library)!r})"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=work, env=environment
    ) as process:
        try:
            yield Injector(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(timeout=PATIENCE)


IMPORTED = (
    "cadre_sim.cli.app", "cadre_sim.comparison.compare", "cadre_sim.calibration.calibrate", "cadre_sim.report.page",
    "cadre_sim.experiments.planning", "cadre_sim.sweep.driver", "cadre_sim.sweep.query", "cadre_sim.terminal.sweep",
    "cadre_sim.terminal.comparison", "pyarrow.parquet", "pyarrow.dataset", "pyarrow.compute", "ruamel.yaml",
    "matplotlib.backends.backend_svg",
)  # fmt: skip

KEPT = (
    ("cadre_sim.comparison.replicate", "run_job"), ("cadre_sim.comparison.compare", "_paired"),
    ("cadre_sim.calibration.calibrate", "_measured"), ("cadre_sim.report.page", "chapter"),
)  # fmt: skip
"""What takes long and concerns no file: what it gave for the same is kept, as if it had been worked out again."""


def _keep(module: str, name: str, folder: Path) -> None:
    """Let a function give what it gave before for the same, in whatever process that was."""
    room = importlib.import_module(module)
    function: Callable[..., Any] = getattr(room, name)

    def kept(*given: Any) -> Any:
        place = folder / f"{name}-{hashlib.sha256(pickle.dumps(given)).hexdigest()}"
        if place.exists():
            return pickle.loads(place.read_bytes())
        found = function(*given)
        place.write_bytes(pickle.dumps(found))
        return found

    setattr(room, name, kept)


def serve(library: str) -> None:
    """Fork for each command that comes, until stdin ends."""
    import ctypes

    for name in IMPORTED:
        importlib.import_module(name)
    shim = ctypes.CDLL(library)
    shim.count.restype = ctypes.c_long
    for module, name in KEPT:
        _keep(module, name, Path.cwd())
    _warm(Path())
    for line in sys.stdin:
        folder, arguments, at, how, error, limits = json.loads(line)
        child = os.fork()
        if child == 0:
            _child(shim, Path(folder), arguments, (at, how, error), limits)
        status = os.waitpid(child, 0)[1]
        printed = [Path(name).read_text(encoding="utf-8", errors="replace") for name in ("stdout", "stderr")]
        print(json.dumps([os.waitstatus_to_exitcode(status), shim.count(), *printed]), flush=True)


def _warm(folder: Path) -> None:
    """Run commands once, so that what is compiled or imported late is loaded before the first fork."""
    from cadre_sim.cli.app import main
    from conftest import TINY

    (folder / "warm.yaml").write_text(TINY, encoding="utf-8")
    out = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(1, 2)
    for command in ("run warm.yaml", "compare warm.yaml --workers 1 --replicates 2"):
        sys.argv = ["cadre-sim", *command.split()]
        with contextlib.suppress(SystemExit):
            main()
    os.dup2(out, 1)


def _child(
    shim: Any, folder: Path, arguments: list[str], failing: tuple[int, int, int], limits: dict[str, int]
) -> None:
    code = 70
    try:
        signal.alarm(PATIENCE)
        for fd, name in ((1, "stdout"), (2, "stderr")):
            os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), fd)
        sys.stdout, sys.stderr = (open(fd, "w", encoding="utf-8", closefd=False) for fd in (1, 2))  # noqa: SIM115
        os.chdir(folder)
        from cadre_sim.cli.app import main

        _sweep_here()
        sys.argv = ["cadre-sim", *arguments]
        for name, value in limits.items():
            most = value + (_size() if name == "AS" else 0)
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (most, most))
        at, how, error = failing
        shim.arm(str(folder).encode(), at, how, error)
        try:
            main()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else int(bool(ended.code))
        sys.stdout.flush()
        sys.stderr.flush()
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        os._exit(code)


def _size() -> int:
    """The address space that this process has [bytes]."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def _sweep_here() -> None:
    """Runs of a sweep are done in this process: what its workers do concerns no file."""
    from cadre_sim.sweep import driver
    from sweeps import quick

    class Here:
        def __init__(self, plan: Any) -> None:
            self.plan = plan

        def __enter__(self) -> Any:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def outcomes(self, runs: Any, idle: Any) -> Any:
            outcome = quick(self.plan)
            yield from (outcome(run)._replace(host="here", process=1, ended=0.0) for run in runs)

    driver._engine = lambda plan, *_: Here(plan)  # type: ignore[assignment,return-value]
