"""A command called within this process and held to its bounds: time, memory, what it prints, what it leaves."""

from __future__ import annotations

import hashlib
import io
import os
import re
import resource
import signal
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple, NoReturn

from cadre_sim import rules
from cadre_sim.cli.app import main

SECONDS = 20.0
"""Most processor time that a command on a small bad input may take [s]."""
WAITING = 6.0
"""So many times as long it may take by the clock, on a machine that does other things too."""
ROOM = 1 << 30
"""Address space that a command may take beyond what the process has already [bytes]."""
RAW = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Control characters, and those that turn the direction of text: what must not reach a terminal as it is."""


class Hang(BaseException):
    """A command takes too long; no ``except Exception`` on the way may take it for something else."""


class Left(BaseException):
    """A command would have ended the process on the spot."""


class Called(NamedTuple):
    """How a command ended: its exit code, what it printed, and the traceback where it raised."""

    code: int
    out: str
    err: str
    traceback: str


def called(arguments: Sequence[str], seconds: float = SECONDS) -> Called:
    """Call the command line within this process, with bounds of time and of memory that hold."""
    streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="surrogateescape") for _ in range(2)]
    code, raised = 0, ""
    argv, leave = sys.argv, os._exit
    sys.argv = ["cadre-sim", *arguments]
    os._exit = _left
    try:
        with redirect_stdout(streams[0]), redirect_stderr(streams[1]), as_if_new(), bounded(seconds):
            main()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:
        code, raised = 1, traceback.format_exc()
    finally:
        sys.argv, os._exit = argv, leave
    for stream in streams:
        stream.flush()
    out, err = (stream.buffer.getvalue().decode("utf-8", "backslashreplace") for stream in streams)  # type: ignore[attr-defined]
    return Called(code, out, err, raised)


def _left(code: int) -> NoReturn:
    raise Left(f"os._exit({code})")


@contextmanager
def as_if_new() -> Iterator[None]:
    """What a command leaves in its process (rules that it has loaded, its environment) is gone behind it."""
    kept = [dict(rules._registry), dict(rules._sources), dict(os.environ)]
    try:
        yield
    finally:
        for now, before in zip((rules._registry, rules._sources, os.environ), kept, strict=True):
            for name in set(now) - set(before):
                del now[name]
            now.update(before)


@contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """Within it the process may take only so much time and address space."""

    def ring(*_: object) -> None:
        raise Hang(f"not done within {seconds:g} s")

    before = [(each, signal.signal(each, ring)) for each in (signal.SIGALRM, signal.SIGPROF)]
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = _address_space() + ROOM
    resource.setrlimit(resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, WAITING * seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        for each, handler in before:
            signal.signal(each, handler)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _address_space() -> int:
    """What this process has of it [bytes]."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def contents(folder: Path = Path()) -> dict[str, str]:
    """Every file and folder in a folder, hidden ones too, each with a digest of what is in it."""
    return {str(path.relative_to(folder)): _digest(path) for path in sorted(folder.rglob("*"))}


def _digest(path: Path) -> str:
    if path.is_symlink() or not path.is_file():
        return "no file"
    return hashlib.blake2b(path.read_bytes(), digest_size=8).hexdigest()


def faults(found: Called, code: int | None = 2) -> Iterator[str]:
    """What a user would be hurt by in how a command ended.

    Args:
        found: how it ended.
        code: the exit code that is expected; None where 0 is as good as 2.
    """
    if found.traceback:
        yield f"raises\n{found.traceback}"
    elif found.code not in ((0, 2) if code is None else (code,)):
        yield f"ends with {found.code}"
    if "Traceback" in found.err:
        yield "shows a traceback"
    if found.code == 2 and not found.err.strip():
        yield "ends with 2 and says nothing"
    if "the output cannot be written" in found.err:
        yield "takes a fault of an input for one of its output"
    for name, text in (("stdout", found.out), ("stderr", found.err)):
        raw = RAW.search(text)
        if raw:
            yield f"prints {raw[0]!r} raw on {name}"
