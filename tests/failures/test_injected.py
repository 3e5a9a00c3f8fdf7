"""Each operation on files of each command that writes fails in turn: all is as before or as after, and the same command
ends in the same bytes."""

from __future__ import annotations

import errno
import json
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from injecting import Fell, How, Injector, injector

from conftest import TINY
from sweeps import GRID

pytestmark = [pytest.mark.process, pytest.mark.long]
Tree = dict[str, bytes]

COMMANDS = {
    "run": "run tiny.yaml --seed 2 --out out",
    "compare": "compare tiny.yaml --replicates 2 --workers 1 --out out",
    "calibrate": "calibrate tiny.yaml --trials 2 --workers 1 --out out",
    "report": "report made --out page.html",
    "new": "new fresh.yaml",
    "sweep": "experiment run grid.yaml --quiet --out out",
}
MADE = "compare tiny.yaml --replicates 2 --workers 1 --out made"
BEFORE = {
    "run": "run tiny.yaml --out out",
    "compare": "compare tiny.yaml --seed 5 --replicates 2 --workers 1 --out out",
    "calibrate": "calibrate tiny.yaml --seed 5 --trials 2 --workers 1 --out out",
    "report": "report made --language zh --out page.html",
}
"""What leaves something there that the command replaces."""

SETTINGS = {
    "input/output error": (How.FAIL, errno.EIO),
    "disk full from then on": (How.FULL, errno.ENOSPC),
    "half of a write fits": (How.SHORT, errno.ENOSPC),
    "quota": (How.FAIL, errno.EDQUOT),
    "read-only": (How.FAIL, errno.EROFS),
    "killed": (How.DIE, 0),
    "killed in a write": (How.TORN, 0),
    "Ctrl-C": (How.INTERRUPT, 0),
}
QUICK = ("input/output error", "disk full from then on", "killed", "Ctrl-C")
MOST_QUICK = 4
"""Operations of a command that fail in ``make test``, about, and half as many at its end."""
MOST_SLOW = 40
"""The same in ``make test-slow``; the kinds of failure take turns."""
FULL = "disk full from then on"
"""Removing needs no room: after it nothing hidden stays either."""


@pytest.fixture(scope="session")
def failing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Injector]:
    """Commands in which the operation that a test says fails."""
    if sys.platform != "linux":
        pytest.skip("operations are counted by a library that is loaded before libc: Linux alone")
    try:
        with injector(tmp_path_factory.mktemp("injector")) as process:
            yield process
    except (FileNotFoundError, subprocess.CalledProcessError):
        pytest.skip("no C compiler: the library that lets operations fail cannot be built")


TIMES = ("times", "seal")
"""What a manifest says that is another each time: the seal is a hash of the times too."""
PENDING = ".cadre_sim-manifest.json"
"""By this a folder is known as half written: nothing reads it, and the next command replaces it."""


class Case(NamedTuple):
    """A command in a folder, what is there before, and what it ends in."""

    command: str
    start: Path
    before: Tree
    after: Tree
    operations: int


def tree(folder: Path) -> Tree:
    """All that is in a folder, hidden files and empty folders included; without locks, and without times."""
    return {
        str(path.relative_to(folder)): b"" if path.is_dir() else content(path)
        for path in sorted(folder.rglob("*"))
        if path.name != ".lock" and "telemetry" not in path.relative_to(folder).parts
    }


def content(path: Path) -> bytes:
    """The bytes of a file; of a manifest, without when and how fast the result was made."""
    if path.name != "manifest.json":
        return path.read_bytes()
    said = json.loads(path.read_bytes())
    return json.dumps({key: value for key, value in said.items() if key not in TIMES}).encode()


def made(failing: Injector, folder: Path, name: str, *, again: bool) -> Case:
    """Run a command without a failure, and see that it ends in the same bytes twice."""
    start = folder / "start"
    start.mkdir()
    (start / "tiny.yaml").write_text(TINY, encoding="utf-8")
    (start / "grid.yaml").write_text(GRID, encoding="utf-8")
    if name == "report":
        assert failing.call(start, *MADE.split()).code == 0
    if again and name in BEFORE:
        ended = failing.call(start, *BEFORE[name].split())
        assert ended.code == 0, ended.err
    whole = copied(start)
    ended = failing.call(whole, *COMMANDS[name].split())
    assert ended.code == 0, ended.err
    return Case(COMMANDS[name], start, tree(start), tree(whole), ended.operations)


def copied(start: Path) -> Path:
    """A fresh copy of a folder, in the same place each time: where a result lies is said in it."""
    work = start.parent / "work"
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(start, work)
    return work


def broken(failing: Injector, case: Case, at: int, kind: str) -> Iterator[str]:
    """What is wrong after one failure, and after the same command without it."""
    how, error = SETTINGS[kind]
    work = copied(case.start)
    ended = failing.call(work, *case.command.split(), at=at, how=how, error=error)
    yield from misbehaved(ended, how)
    left = tree(work)
    # What is hidden may also stay where its removal is what fails; the same command removes it, see below.
    known = left in (case.before, case.after) or (kind != FULL and hidden_only(case, left))
    if "experiment" not in case.command and not known:
        yield f"neither before nor after: {differs(left, case.before)} / {differs(left, case.after)}"
    ended = failing.call(work, *case.command.split())
    if ended.code and not ("exists already" in ended.err and case.after.items() <= left.items()):
        yield f"does not go on: {ended.code} {ended.err[-300:]}"
    elif tree(work) != case.after:
        yield f"ends otherwise: {differs(tree(work), case.after)}"


def misbehaved(ended: Fell, how: How) -> Iterator[str]:
    """What a user would be hurt by in how a command ended."""
    wanted = {How.DIE: (-9, 0), How.TORN: (-9, 0), How.INTERRUPT: (130, 0)}.get(how, (2, 0))
    if ended.code not in wanted:
        yield f"code {ended.code}"
    if "Traceback" in ended.err:
        yield f"traceback: {ended.err[-800:]}"
    if ended.code == 2 and not ended.err.strip().splitlines()[-1].startswith("cadre-sim: "):
        yield f"no sentence: {ended.err[-300:]}"


def hidden_only(case: Case, left: Tree) -> bool:
    """Whether what a killed command left is hidden beside what was or was to be, or says that it is half written."""
    shown = {name: content for name, content in left.items() if not any(p.startswith(".") for p in Path(name).parts)}
    if any(Path(name).name == PENDING for name in left) or "new" in case.command:
        return all(content in (case.before.get(name), case.after.get(name)) for name, content in shown.items())
    empty = {name for name, content in shown.items() if not content}
    return any(
        {name: content for name, content in shown.items() if name not in empty or name in wanted} == wanted
        for wanted in (case.before, case.after)
    )


def differs(found: Tree, wanted: Tree) -> str:
    """Names that are too many, missing, or of other content."""
    more, less = sorted(found.keys() - wanted.keys()), sorted(wanted.keys() - found.keys())
    other = sorted(name for name in found.keys() & wanted.keys() if found[name] != wanted[name])
    return f"too many {more[:4]}, missing {less[:4]}, other {other[:4]}"


def faults(failing: Injector, case: Case, places: Iterable[int], kinds: Sequence[str]) -> list[str]:
    """What is wrong after failures at some operations, of each kind at each."""
    return [
        f"{kind} at {at} of {case.operations}: {fault}"
        for at in places
        for kind in kinds
        for fault in broken(failing, case, at, kind)
    ]


CASES = [*((name, False) for name in COMMANDS), *((name, True) for name in BEFORE)]


def some(operations: int, most: int) -> list[int]:
    """Numbers of operations: some of all, and more of the last, with which results get their names."""
    stride = max(1, operations // most)
    return sorted({*range(1, operations + 1, stride), *range(max(1, operations - most // 2), operations + 1)})


@pytest.mark.parametrize(("name", "again"), [case for case in CASES if case not in [("run", True), ("compare", False)]])
def test_after_a_failure_all_is_as_before_or_after(failing: Injector, tmp_path: Path, name: str, again: bool) -> None:
    case = made(failing, tmp_path, name, again=again)
    places = some(case.operations, MOST_QUICK)
    found = [f for k, at in enumerate(places) for f in faults(failing, case, [at], [QUICK[k % len(QUICK)]])]
    assert not found, "\n".join(found)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "again"), CASES)
def test_after_every_kind_of_failure_all_is_as_before_or_after(
    failing: Injector, tmp_path: Path, name: str, again: bool
) -> None:
    case = made(failing, tmp_path, name, again=again)
    places, kinds = some(case.operations, MOST_SLOW), list(SETTINGS)
    # A short command meets all kinds everywhere; of a long one, each operation meets as many as there is time for.
    each = max(1, MOST_SLOW // len(places))
    found = []
    for k, at in enumerate(places):
        found += faults(failing, case, [at], [kinds[(k + n * 3) % len(kinds)] for n in range(min(each, len(kinds)))])
    assert not found, "\n".join(found[:50])


@pytest.mark.slow
@pytest.mark.parametrize("name", ["sweep", "compare"])
def test_without_memory_all_is_as_before_or_after(failing: Injector, tmp_path: Path, name: str) -> None:
    case = made(failing, tmp_path, name, again=False)
    found = []
    for more in range(0, 64 * 2**20, 2**20):
        work = copied(case.start)
        ended = failing.call(work, *case.command.split(), AS=more)
        if ended.code not in (0, 2) or "Traceback" in ended.err:
            found.append(f"{more >> 20} MiB more: code {ended.code} {ended.err[-500:]}")
        assert failing.call(work, *case.command.split()).code == 0
        if tree(work) != case.after:
            found.append(f"{more >> 20} MiB more: ends otherwise: {differs(tree(work), case.after)}")
    assert not found, "\n".join(found[:20])
