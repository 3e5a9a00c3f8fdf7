"""Characters that are no text: they steer a terminal, or turn the direction in which what follows is read.

A name with one of them would show something else than it is, so files may not hold any. What a person typed, or a file
that is not ours is called, is shown with their numbers in their place.
"""

from __future__ import annotations

import re

CONTROL = re.compile("[\0-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters but for tab and ends of line; separators of lines, turns of direction, halves of characters."""

NO_TEXT = "control characters are not allowed in text"
_TOLD = re.compile("[\0-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def escaped(text: str) -> str:
    r"""A text for a terminal, in which each such character stands as its number, such as ``\x1b``; lines stay."""
    return _TOLD.sub(lambda found: f"\\u{ord(found[0]):04x}" if found[0] > "\xff" else f"\\x{ord(found[0]):02x}", text)
