"""Waiting for what another process or thread does: on a condition, never for a time that is hoped to be enough."""

from __future__ import annotations

import time
from collections.abc import Callable

LONG = 300.0
"""Seconds after which something has gone wrong, on a machine however slow."""


def until(condition: Callable[[], object], within: float = LONG) -> None:
    """Return once a condition holds; it is looked at a hundred times a second.

    Raises:
        AssertionError: it never came to hold.
    """
    end = time.monotonic() + within
    while not condition():
        assert time.monotonic() < end, f"did not come to hold within {within:.0f} s"
        time.sleep(0.01)
