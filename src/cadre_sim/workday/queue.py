"""The queues of an office, one for each activity: items by their due day, those of one day in the order they came."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cadre_sim.activities import (
    CERTIFICATES,
    COUNT,
    EVIDENCE,
    ORDINARY,
    PREPARATION,
    RECTIFICATION,
    REPORTS,
    TASKS,
    URGENT,
)
from cadre_sim.arrays import Floats, Ints
from cadre_sim.compiling import step
from cadre_sim.rows import ranges

OWED = (PREPARATION, RECTIFICATION, REPORTS, EVIDENCE, CERTIFICATES, TASKS)
"""Work that higher levels and certificates ask for, which lies in a queue until it is done."""
MATTERS = (URGENT, ORDINARY)
"""Matters of residents, which lie in a queue until they are closed."""
QUEUES = ORDINARY + 1
"""Places for queues of an office: a queue's number is that of its activity; those of other activities stay empty."""

ITEM = np.dtype(
    (
        np.record,
        np.dtype(
            [
                ("left", np.float64),
                ("due", np.int32),
                ("born", np.int32),
                ("number", np.int32),
                ("complained", np.bool_),
                ("category", np.uint8),
                ("wait", np.uint8),
            ],
            align=True,
        ),
    )
)
"""An item of a queue: hours outstanding, working days on which it is due and was born, its number among those born that
day, and for a matter whether it has become a complaint, its category, and the working days for which it waits for
another department. A record, since items are moved as a whole; ``np.record``, so that plain Python reads its fields as
compiled code does."""
FIRST_ROOM = {
    PREPARATION: 3, RECTIFICATION: 3, REPORTS: 6, EVIDENCE: 12, CERTIFICATES: 3, TASKS: 6, URGENT: 3, ORDINARY: 6,
}  # fmt: skip
"""Items for which the queue of each activity has room at first, whatever residents bring."""
DAYS_OF_MATTERS = {URGENT: 2.0, ORDINARY: 8.0}
"""Days of matters for which it has room beyond that."""
GROWTH = 2
"""Factor by which a queue that is short gets more room than it needs."""
SPARE = 4
"""Part of all queues, as a divisor, for which there is room left when they grow, so that they are seldom copied."""
LONGEST_WAIT = 255
"""Longest wait for another department [working days]: what a byte of an item holds."""


class Queues(NamedTuple):
    """Items that offices owe: matters of residents and work asked for from above, each with its exact hours.

    Office u's items of activity k are the rows ``start[u, k]`` to ``start[u, k] + length[u, k]`` of ``item``, ordered
    by due day and, within a day, as they came.

    Attributes:
        start: first row of each queue, shape (offices, queues).
        length: items in it, shape (offices, queues).
        room: places that it has, shape (offices, queues).
        item: the items of all queues, see ``ITEM``, shape (rows,).
    """

    start: Ints
    length: Ints
    room: Ints
    item: NDArray[np.void]


@step
def insert(
    u: int,
    kind: int,
    hours: float,
    due: int,
    born: int,
    number: int,
    category: int,
    wait: int,
    q: Queues,
    asked: Floats,
) -> None:
    """Put an item behind all that are due no later, and write its hours to the books as asked for."""
    first = q.start[u, kind]
    end = first + q.length[u, kind]
    at = end
    while at > first and q.item[at - 1].due > due:
        at -= 1
    for j in range(end, at, -1):
        q.item[j] = q.item[j - 1]
    item = q.item[at]
    item.left = hours
    item.due = due
    item.born = born
    item.number = number
    item.complained = False
    item.category = category
    item.wait = wait
    q.length[u, kind] += 1
    asked[u, kind] += hours


def new_queues(matters_a_day: Floats) -> Queues:
    """Queues with room for about two weeks of matters and some items of other work; they grow when they must."""
    room = np.zeros((matters_a_day.size, QUEUES), np.int64)
    for kind, items_of_work in FIRST_ROOM.items():
        room[:, kind] = items_of_work + np.ceil(DAYS_OF_MATTERS.get(kind, 0.0) * matters_a_day)
    edges = np.concatenate([[0], np.cumsum(room)])
    start = edges[:-1].reshape(room.shape)
    return Queues(start, np.zeros(room.shape, np.int64), room, np.zeros(int(edges[-1]), ITEM))


def with_room(queues: Queues, needed: Ints) -> Queues:
    """Queues in which each has room for ``needed`` items, shape (offices, QUEUES): the short ones move behind all."""
    short = needed > queues.room
    room, lengths = GROWTH * needed[short], queues.length[short]
    edges = int((queues.start + queues.room).max()) + np.concatenate([[0], np.cumsum(room)])
    missing = max(0, int(edges[-1]) - queues.item.size)
    spare = queues.item.size // SPARE if missing else 0
    item = np.concatenate([queues.item, np.zeros(missing + spare, ITEM)]) if missing else queues.item
    item[ranges(edges[:-1], lengths)] = item[ranges(queues.start[short], lengths)]
    queues.start[short], queues.room[short] = edges[:-1], room
    return queues._replace(item=item)


def items(queues: Queues, office: int, kind: int) -> NDArray[np.void]:
    """Items of an activity that an office owes, as they stand in the queue."""
    first = queues.start[office, kind]
    return queues.item[first : first + queues.length[office, kind]]


def outstanding(queues: Queues) -> Floats:
    """Hours outstanding by office and activity, shape (offices, COUNT)."""
    hours = np.zeros((queues.length.shape[0], COUNT))
    for office, kind in zip(*np.nonzero(queues.length), strict=True):
        hours[office, kind] = items(queues, office, kind)["left"].sum()
    return hours
