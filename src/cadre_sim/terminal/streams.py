"""What is printed to: where it is closed, nothing is printed; where stderr cannot be written, the work goes on."""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress


def open_streams() -> None:
    """Fill the places of stdin, stdout and stderr that are closed, and let nothing fail because of stderr.

    Otherwise the first files that are opened would get these places, and what is printed would be written into them.
    """
    for place in range(3):
        try:
            os.fstat(place)
        except OSError:
            opened = os.open(os.devnull, os.O_RDWR)
            if opened != place:
                os.dup2(opened, place)
                os.close(opened)
            os.set_inheritable(place, True)  # workers need it as well
    if sys.stdin is None:
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    if sys.stdout is None:
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    if sys.stderr is None or sys.stderr is sys.__stderr__:
        encoding = getattr(sys.stderr, "encoding", "utf-8")
        sys.stderr = io.TextIOWrapper(
            io.BufferedWriter(_Forgiving(2, "w", closefd=False)),
            encoding=encoding,
            errors="backslashreplace",
            line_buffering=True,
        )


class _Forgiving(io.FileIO):
    """A file that takes what it cannot write for written."""

    def write(self, content: bytes) -> int:  # type: ignore[override]
        with suppress(OSError):
            return super().write(content) or 0
        return len(content)
