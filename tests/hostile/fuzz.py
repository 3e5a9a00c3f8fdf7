"""The fuzzer: breaks good files at random and sees that nothing but sentences comes of it; ``make fuzz MINUTES=10``.

Rounds go through the kinds of file in turn. What is found is shrunk to the smallest file that shows it, printed, and
kept under ``build/fuzz`` in the form of an entry of the corpus.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
import traceback
from collections import Counter
from contextlib import suppress
from pathlib import Path

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from targets import TARGETS, FaultError, Target, lay_out

EXAMPLES = 100
"""Files of one round."""
KEPT = Path("build") / "fuzz"


class Round:
    """Some files of one kind; knows how they ended, and the last that showed a fault: after shrinking, the smallest."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.ends: Counter[str] = Counter()
        self.fault: tuple[bytes, str] | None = None

    def run(self, number: int, examples: int) -> None:
        """Give so many files to the target.

        Args:
            number: decides which files are drawn.
            examples: how many.
        """

        @seed(number)
        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            phases=(Phase.generate, Phase.shrink),
            verbosity=Verbosity.quiet,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        )
        @given(self.target.contents())
        def each(content: bytes) -> None:
            self._one(content)

        with suppress(FaultError):
            each()

    def _one(self, content: bytes) -> None:
        here = Path.cwd()
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            try:
                lay_out(content, self.target)
                self.ends[self.target.check()] += 1
            except FaultError as fault:
                self.fault = content, str(fault)
                raise
            except Exception:
                self.fault = content, f"raises\n{traceback.format_exc()}"
                raise FaultError(self.fault[1]) from None
            finally:
                os.chdir(here)


def fuzz(
    seconds: float, first: int = 1, kinds: tuple[str, ...] = tuple(TARGETS), examples: int = EXAMPLES
) -> list[str]:
    """Break files until the time is over.

    Args:
        seconds: when no new round is begun.
        first: number of the first round; the same number draws the same files.
        kinds: kinds of file, which take turns.
        examples: files of a round.

    Returns:
        What was found, each as an entry of the corpus with a remark of what went wrong.
    """
    found: list[str] = []
    ends: Counter[str] = Counter()
    start = time.monotonic()
    number = first
    while time.monotonic() - start < seconds:
        kind = kinds[number % len(kinds)]
        one = Round(TARGETS[kind])
        one.run(number, examples)
        ends.update({f"{kind} {end}": count for end, count in one.ends.items()})
        if one.fault is not None:
            found.append(_entry(kind, number, *one.fault))
            print(found[-1], flush=True)
        number += 1
    print(f"{number - first} rounds: {', '.join(f'{end}: {count}' for end, count in sorted(ends.items()))}")
    return found


def _entry(kind: str, number: int, content: bytes, said: str) -> str:
    try:
        text, encoding = content.decode(), "utf-8"
    except UnicodeDecodeError:
        text, encoding = content.decode("latin-1"), "latin-1"
    case = {"text": text, "encoding": encoding, "says": []}
    remark = "".join(f"# {line}\n" for line in said.rstrip().splitlines())
    return f"{remark}{json.dumps(f'found in round {number}')}: {json.dumps(case, ensure_ascii=True)}\n"


def main() -> None:
    """Read the command line, fuzz, and end with 1 where anything was found."""
    parser = argparse.ArgumentParser(description="Break good files at random; nothing but sentences may come of it.")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--first", type=int, default=int(time.time()) % 1_000_000, help="number of the first round")
    parser.add_argument("--kinds", default=",".join(TARGETS), help="kinds of file, with commas between")
    chosen = parser.parse_args()
    print(f"make fuzz FIRST={chosen.first} begins with the same files")
    found = fuzz(60.0 * chosen.minutes, chosen.first, tuple(chosen.kinds.split(",")))
    if found:
        KEPT.mkdir(parents=True, exist_ok=True)
        path = KEPT / f"found-{chosen.first}.yaml"
        path.write_text("\n".join(found), encoding="utf-8")
        print(f"{len(found)} found; see {path}")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
