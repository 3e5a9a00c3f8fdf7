"""Memory that is used no more goes back to the system, and rubbish is collected where nobody parses."""

from __future__ import annotations

import ctypes
import gc
import threading

SOON = 0.5
"""Time between two collections of what is young [s]."""
LATER = 40
"""Collections of what is young for each of all, after which memory is given back."""


def collect() -> None:
    """Collect what a run left, in a worker after each run.

    Processes of SimPy and the events that they wait for hold each other, and through them all that a run had. They are
    few objects of much memory: Python counts objects, and would wait for hundreds of runs. What is there after the
    first run stays, and is looked at no more, so that this takes no time.
    """
    gc.collect()
    if not gc.get_freeze_count():
        gc.freeze()


def _give_back() -> None:
    """Give the system what has been freed; where the C library cannot, it stays reserved."""
    try:
        ctypes.CDLL(None).malloc_trim(0)
    except (AttributeError, OSError, TypeError):
        return


class Collector:
    """Collects rubbish in a thread of its own, while this is open.

    Each visitor's cells are parsed in a thread of their own. CPython 3.11 before 3.11.8 fails to parse
    (``AST constructor recursion depth mismatch``) if its own collection lets another thread parse meanwhile, see
    https://github.com/python/cpython/issues/106905. So nothing is collected but here, and here nothing is parsed.
    """

    def __init__(self) -> None:
        """Prepare; :meth:`open` begins."""
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._go_on, daemon=True, name="collector")

    def open(self) -> None:
        """Begin. What is there by now stays, and is looked at no more."""
        gc.collect()
        gc.freeze()
        gc.disable()
        self._thread.start()

    def close(self) -> None:
        """Leave collecting to Python again."""
        self._end.set()
        self._thread.join()
        gc.unfreeze()
        gc.enable()

    def _go_on(self) -> None:
        times = 0
        while not self._end.wait(SOON):
            times += 1
            if times % LATER:
                gc.collect(1)
            else:
                gc.collect()
                _give_back()
