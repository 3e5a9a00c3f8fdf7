"""Commands of the documentation without a second of imports each: one process has imported all, and forks for each.

``serve(socket)`` is that process; ``CLIENT`` is what stands for a command in a reader's folder. The command runs with
the client's arguments, folder, environment, stdin, stdout and stderr, on one core, and its exit code is the client's.
"""

from __future__ import annotations

import atexit
import importlib
import json
import os
import socket
import sys
import traceback
from typing import Any

CLIENT = """\
import array, json, os, socket, sys
with socket.socket(socket.AF_UNIX) as wire:
    wire.connect(sys.argv[1])
    rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [0, 1, 2]))]
    wire.sendmsg([b"x"], rights)
    wire.sendall(json.dumps([sys.argv[2:], os.getcwd(), dict(os.environ)]).encode() + bytes([0]))
    sys.exit(ord(wire.recv(1) or bytes([1])))
"""
IMPORTED = (
    "cadre_sim.cli.run", "cadre_sim.cli.compare", "cadre_sim.comparison.compare", "cadre_sim.report.page",
    "cadre_sim.report.experiment", "cadre_sim.figures", "cadre_sim.terminal.comparison", "cadre_sim.terminal.sweep",
    "cadre_sim.sweep.query", "mesa", "matplotlib.backends.backend_svg",
)  # fmt: skip


def serve(address: str) -> None:
    """Fork for each command that comes, until the process is ended."""
    for name in IMPORTED:
        importlib.import_module(name)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(address)
        listening.listen()
        print("ready", flush=True)
        while True:
            wire, _ = listening.accept()
            if os.fork() == 0:
                _child(wire)
            wire.close()
            while _reaped():
                pass


def _reaped() -> bool:
    try:
        return os.waitpid(-1, os.WNOHANG)[0] > 0
    except ChildProcessError:
        return False


def _child(wire: socket.socket) -> None:
    _, fds, _, _ = socket.recv_fds(wire, 1, 3)
    for own, given in enumerate(fds):
        os.dup2(given, own)
    sys.stdout, sys.stderr = (open(fd, "w", encoding="utf-8", closefd=False) for fd in (1, 2))  # noqa: SIM115
    text = b""
    while not text.endswith(b"\0"):
        text += wire.recv(65536)
    arguments, folder, environment = json.loads(text[:-1])
    code = 1
    try:
        code = _run(arguments, folder, environment)
    except BaseException:
        traceback.print_exc()
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    wire.sendall(bytes([code & 255]))
    os._exit(code & 255)


def _run(arguments: list[str], folder: str, environment: dict[str, str]) -> int:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.path[:0] = environment.get("PYTHONPATH", "").split(os.pathsep)
    importlib.invalidate_caches()
    if hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {cores[os.getpid() % len(cores)]})
    program, *rest = arguments
    try:
        if program == "python":
            exec(compile(rest[0], "<snippet>", "exec"), {"__name__": "__main__"})
        else:
            from cadre_sim.cli.app import main

            sys.argv = ["cadre-sim", *rest]
            main()
    except SystemExit as ended:
        found: Any = ended.code
        return found if isinstance(found, int) else int(bool(found))
    return 0


if __name__ == "__main__":
    serve(sys.argv[1])
