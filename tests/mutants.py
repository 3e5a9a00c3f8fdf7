"""A mutation check: a small fault is put into the model, one at a time, and the tests must notice it.

cosmic-ray makes the faults (another operator, another number, a condition turned round). A random sample of the places
where it can make one is tried, one fault at each, in copies of the tree; ``make mutants`` runs it.

What is compiled takes a while to compile anew. So where a fault is in it, the first tests run as plain Python, and only
what they do not notice is compiled for all others.
"""

from __future__ import annotations

import argparse
import csv
import difflib
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import Any, NamedTuple

import cosmic_ray.plugins
from cosmic_ray.ast import ast_nodes, get_ast_from_path
from cosmic_ray.mutating import mutate_code

from cadre_sim.compiling import SOURCES
from cadre_sim.streams import entity_number

ROOT = Path(__file__).parents[1]
PACKAGE = Path("src/cadre_sim")
MUTATED = ("workday", "events", "reforms")
NOT_COPIED = (".git", ".venv", "results", "dist", "build", ".hypothesis", ".*_cache", "__pycache__")
FIRST = tuple(f"tests/reference/{test}" for test in (
    "test_agreement.py::test_all_measures_at_once", "test_agreement.py::test_place_of_a_table", "test_corners.py",
    "test_agreement.py::test_a_measure_in_a_busy_world",
    "test_agreement.py::test_a_matter_of_no_work_stays_open_while_it_waits",
))  # fmt: skip
"""Tests that notice most, and are quick also as plain Python: busy worlds, in the fast and in the reference model."""
LAWS = (
    "test_laws.py::test_no_matter_is_lost_when_queues_outgrow_their_room",
    "test_laws.py::test_hours_asked_for_are_worked_outstanding_or_withdrawn",
    "test_laws.py::test_hours_in_the_books_are_hours_of_cadres",
    "test_laws.py::test_the_totals_of_both_windows_are_the_daily_sums",
    "test_laws.py::test_queues_are_in_order_and_hold_no_done_work",
    "workday/test_queue.py",
    "workday/test_fates.py::test_every_violation_is_hidden_found_or_over",
)
THEN = ("tests/events", "tests/reforms", *(f"tests/{law}" for law in LAWS))
"""Tests that a fault must pass as well to survive, with the code compiled."""
MEMORY = 6 * 2**30
"""Bytes that the tests of one fault may ask for: a fault may ask for any number of them."""
LONGER = 4.0
"""How often as long as without a fault tests may take; beyond that, the fault is noticed too."""
PATIENCE: dict[tuple[str, ...], float] = {}
"""Seconds that tests may take."""


class Mutant(NamedTuple):
    """A fault: the file, the operator of cosmic-ray and its arguments' place among what it can do there."""

    path: str
    operator: str
    occurrence: int
    line: int
    column: int


class Trial(NamedTuple):
    """A fault and what became of it: "killed" or "survived", by which test, and the lines that it changed."""

    mutant: Mutant
    outcome: str
    test: str
    seconds: float
    change: str


def places() -> list[list[Mutant]]:
    """All places in the code that can be made faulty, each with the faults that it can have."""
    found: defaultdict[tuple[str, int, int], list[Mutant]] = defaultdict(list)
    for path in sorted(p for folder in MUTATED for p in (ROOT / PACKAGE / folder).glob("*.py")):
        tree = get_ast_from_path(path)
        name = str(path.relative_to(ROOT))
        for operator in cosmic_ray.plugins.operator_names():
            mutator = _operator(operator)
            if mutator is None:
                continue
            spots = ((node, start) for node in ast_nodes(tree) for start, _ in mutator.mutation_positions(node))
            for occurrence, (node, start) in enumerate(spots):
                if not says_nothing(node):
                    found[name, *start].append(Mutant(name, operator, occurrence, *start))
    return list(found.values())


def _operator(name: str) -> Any:
    """An operator; None for those that need to be told what to change, and for what changes nothing here."""
    made = cosmic_ray.plugins.get_operator(name)
    return None if made.arguments() or name == "core/RemoveDecorator" else made()


def says_nothing(node: Any) -> bool:
    """Whether a fault here changes no run: in an annotation, a declared parameter, or a guard of ``zip``.

    Defaults and ranges of parameters are data, which the tests of figures hold to their sources.
    """
    if (
        node.parent is not None
        and node.parent.type == "argument"
        and node.parent.children[0].get_code().strip() == "strict"
    ):
        return True
    while node.parent is not None:
        parent = node.parent
        if parent.type == "annassign" and node is parent.children[1]:
            return True
        if parent.type == "tfpdef" and node is not parent.children[0]:
            return True
        if parent.type == "funcdef" and node is parent.annotation:
            return True
        if parent.type in ("power", "atom_expr") and parent.children[0].get_code().strip() == "quantity":
            return True
        node = parent
    return False


def sample(number: int, seed: int) -> list[Mutant]:
    """One fault each in a random choice of places, the same for a seed; a larger number only adds some."""

    def draw(mutant: Mutant) -> int:
        return entity_number(seed, *mutant)

    return [min(faults, key=draw) for faults in sorted(places(), key=lambda faults: draw(faults[0]))[:number]]


class Copy:
    """A copy of the tree, in which one fault is tried after another."""

    def __init__(self, folder: Path) -> None:
        """Copy the tree."""
        self.tree = folder / "tree"
        shutil.copytree(ROOT, self.tree, ignore=shutil.ignore_patterns(*NOT_COPIED))

    def prepare(self) -> None:
        """Let the tests pass once, and see how long they take."""
        for tests, plain in ((FIRST, True), (FIRST, False), (THEN, False)):
            start = time.monotonic()
            output = self._failure(tests, plain, 3600.0)
            if output:
                sys.exit(f"Tests fail before anything is at fault:\n{output}")
            PATIENCE[tests] = max(PATIENCE.get(tests, 0.0), LONGER * (time.monotonic() - start))

    def try_out(self, mutant: Mutant) -> Trial:
        """Put a fault in, run the tests, and take it out again."""
        path = self.tree / mutant.path
        stamp = path.stat()
        before = path.read_text(encoding="utf-8")
        after = mutate_code(before, _operator(mutant.operator), mutant.occurrence)
        is_compiled = any(path.match(str(PACKAGE / source)) for source in SOURCES)
        start = time.monotonic()
        try:
            path.write_text(after, encoding="utf-8")
            output = self._failure(FIRST, is_compiled) or self._failure(THEN, False)
        finally:
            path.write_text(before, encoding="utf-8")
            os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))  # what is compiled is cached by it
        test = next((line for line in output.splitlines() if line.startswith(("FAILED", "ERROR"))), output[-200:])
        outcome = "killed" if output else "survived"
        return Trial(mutant, outcome, test[:200], time.monotonic() - start, changed_lines(before, after))

    def _failure(self, tests: tuple[str, ...], plain: bool, patience: float | None = None) -> str:
        """Run tests up to the first that fails, and return what they printed; nothing where all pass."""
        environment = os.environ | {
            "PYTHONPATH": os.pathsep.join(str(self.tree / folder) for folder in ("src", "tests")),
            "PYTHONDONTWRITEBYTECODE": "1",  # a fault of the same length within a second would not be seen
            "CADRE_SIM_CACHE": str(self.tree.parent / "cache"),
            "NUMBA_DISABLE_JIT": "1" if plain else "0",
        }
        # Compiled code divides by zero without a word.
        quiet = ("-W", "ignore::RuntimeWarning") if plain else ()
        options = ("-x", "-p", "no:cacheprovider", "--tb=no", "--hypothesis-profile=mutants", *quiet)
        with subprocess.Popen(
            (sys.executable, "-m", "pytest", *options, *tests), cwd=self.tree, env=environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True, preexec_fn=_limit,
        ) as process:  # fmt: skip
            try:
                output, _ = process.communicate(timeout=patience or PATIENCE[tests])
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                return "no end"
            return output if process.returncode else ""


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def changed_lines(before: str, after: str) -> str:
    """The lines that a fault changed."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return "\n".join(line for line in lines if line[0] in "+-" and line[:3] not in ("+++", "---"))


def trials(mutants: Sequence[Mutant], processes: int, folder: Path) -> Iterator[Trial]:
    """Try faults in several copies at once, in their order."""
    copies: SimpleQueue[Copy] = SimpleQueue()
    with ThreadPoolExecutor(processes) as pool:
        made = [Copy(folder / str(k)) for k in range(processes)]
        made[0].prepare()
        for copy in made:
            copies.put(copy)

        def try_out(mutant: Mutant) -> Trial:
            copy = copies.get()
            try:
                return copy.try_out(mutant)
            finally:
                copies.put(copy)

        yield from pool.map(try_out, mutants)


def main() -> None:
    """Try a sample of faults, print those that no test noticed, and write all to a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--number", type=int, default=60, help="faults to try")
    parser.add_argument("--skip", type=int, default=0, help="faults of the sample to leave out, from its start")
    parser.add_argument("--seed", type=int, default=1, help="of the sample")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--out", type=Path, default=ROOT / "results/mutants.csv")
    options = parser.parse_args()
    chosen = sample(options.skip + options.number, options.seed)[options.skip :]
    outcomes: Counter[str] = Counter()
    options.out.parent.mkdir(exist_ok=True)
    with options.out.open("w", encoding="utf-8", newline="") as file, tempfile.TemporaryDirectory() as folder:
        table = csv.writer(file)
        table.writerow((*Mutant._fields, *Trial._fields[1:]))
        for trial in trials(chosen, options.processes, Path(folder)):
            table.writerow((*trial.mutant, *trial[1:]))
            file.flush()
            outcomes[trial.outcome] += 1
            if trial.outcome == "survived":
                print(f"\n{trial.mutant.path}:{trial.mutant.line} survived\n{trial.change}", flush=True)
    print(f"\n{sum(outcomes.values())} faults:", ", ".join(f"{n} {outcome}" for outcome, n in outcomes.items()))


if __name__ == "__main__":
    main()
