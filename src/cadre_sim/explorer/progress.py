"""How much of what was asked for is shown already: two replicates first, then twice as many each time."""

from __future__ import annotations

import time
from collections.abc import Callable

from cadre_sim.explorer.laboratory import FEWEST, Asked

PATIENCE = 1.5
"""Longest that a moved slider waits for its first replicates before the page says that they are coming [s]."""

STILL = 30.0
"""Time without a run that ended after which the page says so [s]."""


class Pace:
    """How long ago the last run of what a page waits for ended."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """Begin to wait."""
        self._now = now
        self._done = -1
        self._since = now()

    def still(self, done: int) -> int:
        """Seconds since the number of runs that are done has changed; 0 as long as nobody need wonder."""
        if done != self._done:
            self._done, self._since = done, self._now()
        passed = self._now() - self._since
        return round(passed) if passed >= STILL else 0


def stage_of(asked: Asked) -> int:
    """Replicates to show now: none, or the most that are there of two, four, eight and so on.

    Figures are drawn anew only when their number has doubled: so they stand still while runs come in.
    """
    ready, stage = asked.ready, 0
    while (stage or 1) * 2 <= min(ready, len(asked.pairs)):
        stage = (stage or 1) * 2
    return stage if stage >= FEWEST else 0


def wait_for(asked: Asked, patience: float = PATIENCE) -> None:
    """Wait until there is something to show, but not longer than a person likes to wait."""
    end = time.monotonic() + patience
    while not stage_of(asked) and time.monotonic() < end:
        time.sleep(0.02)
