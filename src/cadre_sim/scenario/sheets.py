"""A file with a table in it, as people save one, becomes rows of text with their lines.

CSV in UTF-8, GB18030 (Chinese Excel) or UTF-16 ("Unicode text"), separated by comma, semicolon, tab or wide comma.
Which of them a file is shows in what it holds, never in its name. What the rows mean is no matter here.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from typing import NamedTuple

from cadre_sim.errors import InputError

SEPARATORS = (",", ";", "\t", "\uff0c")
HEADER_WITHIN = 10
"""Rows among which the header is looked for: tables often have a title above it."""

Row = tuple[int, list[str]]
"""Line in the file, from 1, and the cells of a row."""
Score = Callable[[Sequence[str]], int]
"""How many of the columns that are needed a row names, if it is the header."""


class Sheet(NamedTuple):
    """A table: line and cells of its header, the rows below it, and what is to be said of how it was read."""

    line: int
    header: list[str]
    rows: Iterator[Row]
    notices: tuple[str, ...]


class Begun(NamedTuple):
    """A table whose header has been found: how many columns it names, its place, and all rows from the first on."""

    score: int
    place: int
    head: list[Row]
    rest: Iterator[Row]

    def sheet(self, notices: tuple[str, ...]) -> Sheet:
        """The table below its header."""
        line, header = self.head[self.place] if self.head else (1, [])
        above = [line for line, cells in self.head[: self.place] if any(cells)]
        if above:
            rows = f"row {above[0]} above it is" if len(above) == 1 else f"the {len(above)} rows above it are"
            notices = (*notices, f"the header is in line {line}; {rows} passed over")
        return Sheet(line, header, chain(self.head[self.place + 1 :], self.rest), notices)


def begin(rows: Iterator[Row], score: Score) -> Begun:
    """Find the header of a table: the row among the first that names most of the columns."""
    head = list(islice(rows, HEADER_WITHIN))
    scores = [score(cells) for _, cells in head]
    place = scores.index(max(scores)) if any(scores) else 0
    return Begun(scores[place] if scores else 0, place, head, rows)


def read_csv(path: str, content: bytes, score: Score) -> Sheet:
    """Read a table of text.

    Args:
        path: the file, as messages name it.
        content: its bytes.
        score: by which its header and its separator are recognised.

    Raises:
        InputError: it is not text, or not CSV; also while its rows are read.
    """
    encoding, notices = _encoding(path, content)
    best: tuple[int, str] | None = None
    for separator in SEPARATORS:
        try:
            found = begin(_records(path, content, encoding, separator), score).score
        except InputError:  # told when the file is read with the separator that fits best
            found = 0
        if best is None or found > best[0]:
            best = found, separator
    assert best is not None
    return begin(_records(path, content, encoding, best[1]), score).sheet(notices)


def _records(path: str, content: bytes, encoding: str, separator: str) -> Iterator[Row]:
    text = io.TextIOWrapper(io.BytesIO(content), encoding, newline="")
    reader = csv.reader(text, delimiter=separator, strict=True, skipinitialspace=True)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise InputError(f"{path}:{line} units table: is not CSV ({error})") from None


def _encoding(path: str, content: bytes) -> tuple[str, tuple[str, ...]]:
    """The encoding of a text, and what is to be said of it."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _checked(path, content, "utf-16"), ()
    if b"\0" in content and _is_ascii_with_nul(content):
        raise InputError(f"{path}: units table: holds NUL bytes: not a text file")
    if b"\0" in content:
        # UTF-16 without its mark: in a header of ASCII every other byte is zero.
        start = content[:200]
        name = "utf-16-le" if start[1::2].count(0) > start[::2].count(0) else "utf-16-be"
        return _checked(path, content, name), (f"is read as {name.upper()}",)
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        fault = error
    else:
        return "utf-8-sig", ()
    if _is_broken_utf8(content):
        line = content.count(b"\n", 0, fault.start) + 1
        raise InputError(f"{path}:{line} units table: is not UTF-8 text (byte {content[fault.start]:#04x})")
    return _gb18030(path, content)


def _checked(path: str, content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise InputError(f"{path}: units table: is not {encoding.upper()} text; save it as CSV UTF-8") from None
    if "\0" in text:
        raise InputError(f"{path}: units table: holds NUL bytes: not a text file")
    return encoding


def _is_ascii_with_nul(content: bytes) -> bool:
    """Whether a few NUL bytes stand in a text that is else UTF-8; in UTF-16 there are many, or no UTF-8 around them."""
    few = content.count(0) * 8 < len(content)
    try:
        return few and bool(content.decode())
    except UnicodeDecodeError:
        return False


def _is_broken_utf8(content: bytes) -> bool:
    """Whether a text that is not UTF-8 is one all the same but for a few bytes: most of its letters can be read."""
    text = content.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    return len(text) - len(text.encode("ascii", "ignore")) - wrong > wrong


def _gb18030(path: str, content: bytes) -> tuple[str, tuple[str, ...]]:
    """Chinese text takes two high bytes a letter; in that of other old encodings most high bytes stand alone."""
    advice = "is not UTF-8 text, nor GB18030; save it as CSV UTF-8 or as XLSX"
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        raise InputError(f"{path}: units table: {advice}") from None
    letters = [letter for letter in text if letter > "\x7f"]
    high = len(content) - len(content.translate(None, bytes(range(0x80, 0x100))))
    if high < 1.5 * len(letters):
        raise InputError(f"{path}: units table: {advice}")
    return "gb18030", (f"is read as GB18030, since it is not UTF-8; its first letters are {''.join(letters[:8])!r}",)
