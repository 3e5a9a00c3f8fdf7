"""Strategies of hypothesis that break good files: in their structure first, then in their letters.

A mutation is drawn as a few small numbers and pieces, so that what is found shrinks to few and simple changes.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from hypothesis import strategies as st
from trees import Items, Map, Part, Tree, Way, at, changed, inside, ways, written

EDGES = (
    "0",
    "1",
    "-1",
    "2",
    "0.5",
    "-0.0",
    "1e-9",
    "5e-324",
    "1e308",
    "-1e308",
    "1e999",
    ".nan",
    ".inf",
    "-.inf",
    "255",
    "256",
    "65536",
    "2147483648",
    "4294967296",
    "9007199254740993",
    "99999999999999999999",
    "1_000",
    "010",
    "0o17",
    "0x1F",
    "1:30",
    "true",
    "false",
    "null",
    "~",
    "",
    '""',
    '" "',
    "text",
    "no",
    "on",
    "=1+1",
    "'=cmd()'",
    '"../../x"',
    '"a/b"',
    '"a\\nb"',
    '"\\e[31m"',
    '"\\u202ex"',
    '"\\0"',
    '"\\ud800"',
    '"\\x9b"',
    '"😀"',
    '"مرحبا"',
    '"[red]x[/red]"',
    '"%s%n"',
    '"x y"',
    "*",
    '"*"',
    "*a",
    "&a 1",
    "&a [*a]",
    "!!str 1",
    "!!python/name:os.system x",
    "!x 1",
    "<<",
    "2024-12-02",
    "2025-02-28",
    "2025-01-04",
    "0001-01-01",
    "9999-12-31",
    "2024-02-30",
    "2025-01-01 08:00:00",
    "20250101",
    "1735689600",
    "[]",
    "{}",
    "[1]",
    "{a: 1}",
    "[[]]",
    "[null]",
    "{null: 1}",
    "? x",
    "- x",
    "|",
    ">",
    "'",
    '"',
    "[",
    "}",
    "@",
    "`",
    "%",
    "#",
    "CN",
    "DE",
    "weighted",
    "village",
    "county",
    "city",
    "bad.yaml",
    "tiny.yaml",
    "nowhere.yaml",
    "units.csv",
    "/dev/zero",
    ".",
    "..",
    "~",
    "http://x/y",
)
"""Values at the edges of what a file may say, and beyond."""

LIKELY = ("0", "1", "0.5", "0.1", "2", "3", "12", "24", "100", "true", "false", "null", "2025-01-15", "2024-12-02")
"""Values that many places take."""

NUMBER = re.compile(r"-?[0-9.]+(e-?[0-9]+)?")
DATE = re.compile(r"\d{4}-\d\d-\d\d")
PLACES = st.integers(0, 10_000)
Change = Callable[[Tree], Tree]


def _somewhere(place: int, tree: Tree, wanted: Callable[[Tree], bool] = lambda _: True) -> Way | None:
    found = [way for way in ways(tree) if wanted(at(tree, way))]
    return found[place % len(found)] if found else None


def _at(
    place: int, change: Callable[[Part], tuple[Part, ...]], wanted: Callable[[Tree], bool] = lambda _: True
) -> Change:
    """A change of one part of a tree; none where there is no such part."""

    def change_tree(tree: Tree) -> Tree:
        way = _somewhere(place, tree, wanted)
        return tree if way is None else changed(tree, way, change)

    return change_tree


def _is(pattern: re.Pattern[str]) -> Callable[[Tree], bool]:
    return lambda tree: isinstance(tree, str) and bool(pattern.fullmatch(tree))


def _is_leaf(tree: Tree) -> bool:
    return isinstance(tree, str)


def replace(place: int, value: str) -> Change:
    """Another value in place of a single one."""
    return _at(place, lambda part: ((part[0], value),), _is_leaf)


def replace_any(place: int, value: str) -> Change:
    """A value in place of whatever stands there."""
    return _at(place, lambda part: ((part[0], value),))


def drop(place: int) -> Change:
    """A key or item less."""
    return _at(place, lambda part: ())


def double(place: int) -> Change:
    """A key or item twice."""
    return _at(place, lambda part: (part, part))


def rename(place: int, name: str) -> Change:
    """Another key."""
    return _at(place, lambda part: ((name, part[1]),))


def misspell(place: int, letter: int) -> Change:
    """A key without one of its letters."""
    return _at(place, lambda part: ((part[0][: letter % 9] + part[0][letter % 9 + 1 :], part[1]),))


def shift(place: int, days: int) -> Change:
    """A date earlier or later."""

    def shifted(part: Part) -> tuple[Part, ...]:
        try:
            return ((part[0], (date.fromisoformat(str(part[1])) + timedelta(days=days)).isoformat()),)
        except (ValueError, OverflowError):
            return (part,)

    return _at(place, shifted, _is(DATE))


def scale(place: int, factor: float) -> Change:
    """A number, multiplied; whole numbers stay whole."""

    def scaled(part: Part) -> tuple[Part, ...]:
        text = str(part[1])
        try:
            value = float(text) * factor
        except ValueError:
            return (part,)
        whole = "." not in text and "e" not in text and abs(value) < 1e15
        return ((part[0], str(round(value)) if whole else repr(value)),)

    return _at(place, scaled, _is(NUMBER))


def wrap(place: int, in_list: bool) -> Change:
    """A value within a list or mapping of its own."""
    return _at(place, lambda part: ((part[0], Items((part[1],)) if in_list else Map((("x", part[1]),))),))


def swap(place: int, other: int) -> Change:
    """Something from elsewhere in the file in place of what stands there."""

    def swapped(tree: Tree) -> Tree:
        way = _somewhere(other, tree)
        return tree if way is None else _at(place, lambda part: ((part[0], at(tree, way)),))(tree)

    return swapped


def splice(place: int, part: Part, beside: bool) -> Change:
    """A part of another file, in place of what stands there or beside it."""
    return _at(place, lambda old: (old, part) if beside else ((old[0], part[1]),))


def add(place: int, part: Part) -> Change:
    """A part of another file, as a further key of a section."""

    def added(tree: Tree) -> Tree:
        if isinstance(tree, Map) and place % 4 == 0:
            return Map((*tree.pairs, part))
        way = _somewhere(place, tree, lambda each: isinstance(each, Map))
        if way is None:
            return tree
        return changed(tree, way, lambda old: ((old[0], Map((*getattr(old[1], "pairs", ()), part))),))

    return added


def parts_of(tree: Tree) -> list[Part]:
    """Every key of a tree with what stands under it."""
    own = list(tree.pairs) if isinstance(tree, Map) else []
    return own + [part for inner in inside(tree) for part in parts_of(inner)]


def trees(good: Sequence[Tree], donors: Sequence[Tree] = ()) -> st.SearchStrategy[Tree]:
    """Good trees with some changes.

    Args:
        good: what is changed.
        donors: further trees that parts are taken from.
    """
    parts = st.sampled_from([part for tree in (*good, *donors) for part in parts_of(tree)])
    values = st.sampled_from(EDGES)
    names = parts.map(lambda part: part[0])
    mild = st.one_of(
        st.builds(scale, PLACES, st.sampled_from([0.0, 0.5, 0.9, 1.1, 2.0, 3.0])),
        st.builds(shift, PLACES, st.sampled_from([-31, -7, -1, 1, 2, 7, 31])),
        st.builds(replace, PLACES, st.sampled_from(LIKELY)),
        st.builds(drop, PLACES),
    )
    wild = st.one_of(
        mild,
        st.builds(replace, PLACES, values),
        st.builds(scale, PLACES, st.sampled_from([-1.0, 0.001, 10.0, 1e3, 1e9, 1e300])),
        st.builds(shift, PLACES, st.sampled_from([-366, 366, -40_000, 40_000, 3_000_000])),
        st.builds(double, PLACES),
        st.builds(splice, PLACES, parts, st.booleans()),
        st.builds(add, PLACES, parts),
        st.builds(swap, PLACES, PLACES),
        st.builds(rename, PLACES, names),
        st.builds(misspell, PLACES, PLACES),
        st.builds(replace_any, PLACES, values),
        st.builds(wrap, PLACES, st.booleans()),
        st.builds(rename, PLACES, values),
    )
    changes = st.one_of(st.lists(mild, min_size=1, max_size=5), st.lists(wild, min_size=1, max_size=3))
    return st.builds(_all, st.sampled_from(list(good)), changes)


def _all(tree: Tree, changes: Sequence[Change]) -> Tree:
    for change in changes:
        tree = change(tree)
    return tree


# ---- letters ----

_PIECES = (
    b"",
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\r",
    b"\n",
    b"\t",
    b":",
    b"-",
    b" ",
    b"'",
    b'"',
    b"[",
    b"}",
    b"&a",
    b"*a",
    b"!",
    b"%",
    b"\x1b[31m",
    b"\xe4",
    "：".encode(),
    "\u202e".encode(),
    "\u2028".encode(),
    b"9" * 400,
    b"(" * 300,
    b"\xed\xa0\x80",
    b"---\n",
)


def _edited(content: bytes, edits: Sequence[tuple[int, int, bytes]]) -> bytes:
    for place, length, piece in edits:
        start = place % (len(content) + 1)
        content = content[:start] + piece + content[start + length :]
    return content


def edited(contents: st.SearchStrategy[bytes], least: int = 0) -> st.SearchStrategy[bytes]:
    """Contents of files with some bytes more, less or other; most of them as they are, where none must be."""
    edit = st.tuples(st.integers(0, 100_000), st.sampled_from([0, 1, 2, 40, 5000]), st.sampled_from(_PIECES))
    some = st.lists(edit, min_size=max(1, least), max_size=3)
    edits = some if least else st.one_of(*[st.just([])] * 7, some)
    return st.builds(_edited, contents, edits)


def texts(good: Sequence[Tree], donors: Sequence[Tree] = ()) -> st.SearchStrategy[bytes]:
    """YAML files, broken in their structure, their letters or both."""
    return edited(trees(good, donors).map(lambda tree: written(tree).encode("utf-8", "surrogatepass")))


# ---- tables ----

CELLS = (
    "",
    " ",
    "0",
    "1",
    "5",
    "100",
    "-1",
    "1.0",
    "1.5",
    "1,626",
    "1 626",
    "1e3",
    "1e400",
    "nan",
    "=1+1",
    "#REF!",
    "10²",
    "１２",
    "99999999999",
    "village",
    "community",
    "township",
    "村",
    "社区",
    "乡镇",
    "vilage",
    "A",
    "T",
    "合计",
    "total",
    "\u3000A",
    "A\u200b",
    "a\nb",
    '"',
    "'",
    ";",
    "\x1b[31m",
    "\u202ex",
    "x" * 300,
    "2025-01-26",
    "name",
    "residents",
    "𠮷",
    "../../x",
)

Table = tuple[tuple[str, ...], ...]


def _cell(row: int, column: int, text: str) -> Callable[[Table], Table]:
    def change(table: Table) -> Table:
        if not table or not table[row % len(table)]:
            return table
        old = table[row % len(table)]
        place = column % len(old)
        new = (*old[:place], text, *old[place + 1 :])
        return (*table[: row % len(table)], new, *table[row % len(table) + 1 :])

    return change


def _without_row(row: int) -> Callable[[Table], Table]:
    return lambda table: table if not table else (*table[: row % len(table)], *table[row % len(table) + 1 :])


def _row_again(row: int, other: int) -> Callable[[Table], Table]:
    return lambda table: (
        table if not table else (*table[: row % len(table)], table[other % len(table)], *table[row % len(table) :])
    )


def _without_column(column: int) -> Callable[[Table], Table]:
    return lambda table: tuple((*row[:column], *row[column + 1 :]) for row in table)


def _longer(row: int, text: str) -> Callable[[Table], Table]:
    return lambda table: tuple((*cells, text) if k == row % len(table) else cells for k, cells in enumerate(table))


def _as_csv(table: Table, separator: str, line_end: str, encoding: str) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=separator, lineterminator=line_end).writerows(table)
    return stream.getvalue().encode(encoding, "replace")


def tables(good: Table) -> st.SearchStrategy[bytes]:
    """Tables as text, with other cells, rows, columns, separators, line ends and letters."""
    small = st.integers(0, 9)
    cell = st.sampled_from(CELLS)
    change = st.one_of(
        st.builds(_cell, small, small, cell),
        st.builds(_without_row, small),
        st.builds(_row_again, small, small),
        st.builds(_without_column, small),
        st.builds(_longer, small, cell),
    )

    def all_of(changes: Sequence[Callable[[Table], Table]]) -> Table:
        table = good
        for each in changes:
            table = each(table)
        return table

    return edited(
        st.builds(
            _as_csv,
            st.lists(change, min_size=1, max_size=4).map(all_of),
            st.sampled_from([",", ";", "\t"]),
            st.sampled_from(["\n", "\r\n", "\r"]),
            st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030", "latin-1"]),
        )
    )
