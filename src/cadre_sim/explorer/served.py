"""What the page that is being served is of: set once, before the server starts; visitors cannot change it."""

from __future__ import annotations

from cadre_sim.explorer.laboratory import Laboratory
from cadre_sim.explorer.state import Board

_served: tuple[Board, Laboratory] | None = None


def serve(board: Board, laboratory: Laboratory) -> None:
    """Say what the page is of."""
    global _served
    _served = board, laboratory


def current() -> tuple[Board, Laboratory]:
    """What the page is of, and the laboratory that all visitors share."""
    if _served is None:
        raise RuntimeError("the page has nothing to show: start it with `cadre-sim explore`")
    return _served
