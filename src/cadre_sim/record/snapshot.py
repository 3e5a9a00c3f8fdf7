"""A run that is cut: its state as plain arrays, from which it goes on to the same bytes."""

from __future__ import annotations

import copy
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cadre_sim.record.recorder import Recorded, Recorder
from cadre_sim.streams import Key
from cadre_sim.workday.columns import Books, CadreState, Columns, Day, OfficeState
from cadre_sim.workday.queue import Queues


class Snapshot(NamedTuple):
    """All that a run depends on after a number of days, beside its scenario; it can be pickled.

    The events are not in it: they are rebuilt from the plan, from the inspections that complaints have called, and from
    the violations that each day's visits have found.
    """

    key: Key
    day: int
    triggers: tuple[tuple[int, tuple[int, ...]], ...]
    found: tuple[NDArray[np.int64], ...]
    queues: Queues
    office: OfficeState
    cadre: CadreState
    last_day: Day
    books: Books
    recorded: Recorded


def take(
    key: Key,
    day: int,
    triggers: list[Any],
    found: list[NDArray[np.int64]],
    columns: Columns,
    recorder: Recorder,
) -> Snapshot:
    """Copy the state of a run."""
    state = (columns.queues, columns.office, columns.cadre, columns.day, columns.books, recorder.recorded)
    queues, office, cadre, last_day, books, recorded = copy.deepcopy(state)
    return Snapshot(key, day, tuple(triggers), tuple(found), queues, office, cadre, last_day, books, recorded)


def restore(snapshot: Snapshot, columns: Columns, recorder: Recorder) -> Columns:
    """The columns of a run as they were, and its recorder with them."""
    state = copy.deepcopy(snapshot)
    recorder.recorded = state.recorded
    return columns._replace(
        queues=state.queues, office=state.office, cadre=state.cadre, day=state.last_day, books=state.books
    )
