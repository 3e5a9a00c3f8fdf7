"""What is printed on terminals and in pipes that cannot show every character: ASCII, Latin-1, the POSIX locale.

Text for people loses signs, never the message: a sign has another in its place, a letter its number. Data for programs
(JSON, CSV) stays what it is.
"""

from __future__ import annotations

import codecs
import io
import json
import sys
from typing import Any

_INSTEAD = str.maketrans(
    {
        "\N{EN DASH}": "-",
        "\N{EM DASH}": "-",
        "\N{MINUS SIGN}": "-",
        "\N{MULTIPLICATION SIGN}": "x",
        "\N{DIVISION SIGN}": "/",
        "\N{MIDDLE DOT}": "*",
        "\N{BULLET}": "*",
        "\N{PLUS-MINUS SIGN}": "+-",
        "\N{HORIZONTAL ELLIPSIS}": "...",
        "\N{RIGHTWARDS ARROW}": "->",
        "\N{LESS-THAN OR EQUAL TO}": "<=",
        "\N{GREATER-THAN OR EQUAL TO}": ">=",
        "\N{LEFT SINGLE QUOTATION MARK}": "'",
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "\N{LEFT DOUBLE QUOTATION MARK}": '"',
        "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
        "\N{NO-BREAK SPACE}": " ",
        "\N{BOX DRAWINGS LIGHT HORIZONTAL}": "-",
        "\N{BOX DRAWINGS LIGHT VERTICAL}": "|",
        **dict.fromkeys("┌┐└┘├┤┬┴┼╭╮╰╯", "+"),
    }
)


def replaced(error: UnicodeError) -> tuple[str, int]:
    r"""In place of what cannot be encoded: a sign that looks alike, or the number of the character.

    Bytes of a file's name that are no text in the user's locale (surrogates) stand as ``\xe4``.
    """
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end].translate(_INSTEAD)
    raw = "".join(f"\\x{ord(c) - 0xDC00:02x}" if 0xDC80 <= ord(c) <= 0xDCFF else c for c in text)
    return raw.encode("ascii", "backslashreplace").decode("ascii"), error.end


def print_anywhere() -> None:
    """From now on, what stdout and stderr cannot encode is replaced, whoever prints it."""
    codecs.register_error("cadre_sim", replaced)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="cadre_sim")


def print_json(content: Any) -> None:
    """Print plain data as JSON; where stdout cannot encode it, with escapes that mean the same."""
    text = json.dumps(content, indent=2, ensure_ascii=False)
    print(text if _can_encode(text) else json.dumps(content, indent=2))


def print_csv(text: str) -> None:
    """Print a table as CSV; where stdout cannot encode it, as UTF-8, since CSV knows no escapes."""
    buffer = getattr(sys.stdout, "buffer", None)
    if _can_encode(text) or buffer is None:
        sys.stdout.write(text)
        return
    sys.stdout.flush()
    buffer.write(text.encode("utf-8", "cadre_sim"))


def _can_encode(text: str) -> bool:
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True
