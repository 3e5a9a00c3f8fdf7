"""The full-width colon, which looks like a colon to people and is text to YAML."""

from __future__ import annotations

import re

WIDE = "\N{FULLWIDTH COLON}"
_KEY = re.compile(rf"""\s*(?:- +)?(?P<key>[^\s:#'"{{\[-][^:#'"]*?){WIDE}""")
"""The beginning of a line on which a key is followed by one."""


def before(text: str, first: int, last: int) -> tuple[int, int, str] | None:
    """The last line of some on which a key is followed by a full-width colon: line, column and key.

    A parser takes the key for text that goes on, and complains at the end of it, some lines later.

    Args:
        text: the whole text.
        first: first line to look at, from 0.
        last: last line to look at, where the parser complained.
    """
    lines = re.split("\r\n|\r|\n", text)
    for number in range(min(last, len(lines) - 1), max(first, 0) - 1, -1):
        found = _KEY.match(lines[number])
        if found:
            return number, found.end() - 1, found["key"].strip()
    return None


def colon_hint(text: str) -> str:
    """What to add to a message about a text with a full-width colon; empty for any other."""
    return ": write ':' and a blank instead of the full-width colon" if WIDE in text else ""
