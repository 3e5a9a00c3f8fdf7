"""A short time of the fuzzer, always with the same files; ``make fuzz`` takes others, for as long as one likes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fuzz import Round, fuzz
from hypothesis import given, settings
from hypothesis import strategies as st
from mutating import trees
from targets import TARGETS, FaultError, Target
from trees import Tree, parsed, written

from conftest import TINY

NEGATIVE = re.compile(": -[0-9]")


@pytest.mark.parametrize("kind", TARGETS)
def test_a_few_broken_files_of_each_kind_are_refused_or_run(kind: str) -> None:
    one = Round(TARGETS[kind])
    one.run(number=12, examples=12)
    assert one.fault is None, one.fault
    assert sum(one.ends.values()) >= 12


@pytest.mark.slow
def test_half_a_minute_of_broken_files_of_all_kinds() -> None:
    assert fuzz(30.0, first=1, examples=30) == []


def test_what_the_fuzzer_finds_is_shrunk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that cannot stand a negative number: what is printed has one, and is else the good file."""
    good = parsed(TINY)

    def check() -> str:
        if NEGATIVE.search(Path("bad.yaml").read_text(encoding="utf-8")):
            raise FaultError("cannot stand it")
        return "ran"

    def contents() -> st.SearchStrategy[bytes]:
        return trees([good]).map(lambda tree: written(tree).encode())

    monkeypatch.chdir(tmp_path)
    one = Round(Target("bad.yaml", contents, check))
    one.run(number=3, examples=1000)
    assert one.fault is not None
    lines = set(one.fault[0].decode().splitlines()) - set(written(good).splitlines())
    assert len(lines) == 1
    assert NEGATIVE.search(lines.pop())


@settings(max_examples=50, deadline=None, derandomize=True)
@given(trees([parsed(TINY)]))
def test_a_changed_tree_is_text(tree: Tree) -> None:
    assert written(tree).endswith("\n")


def test_a_good_tree_is_the_file_that_it_was_read_from() -> None:
    assert parsed(written(parsed(TINY))) == parsed(TINY)
