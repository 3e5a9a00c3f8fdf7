"""Queues and the room that they have: an item that is put where another lies is work that nobody ever does."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from cadre_sim.workday.queue import MATTERS, OWED, QUEUES, Queues, items, new_queues, with_room

KINDS = (*OWED, *MATTERS)


def places(queues: Queues) -> list[int]:
    """The places of all queues, each as often as a queue has it."""
    rooms = zip(queues.start.ravel(), queues.room.ravel(), strict=True)
    return [place for start, room in rooms for place in range(start, start + room)]


def assert_apart(queues: Queues) -> None:
    """No place belongs to two queues, and all exist."""
    taken = places(queues)
    assert len(set(taken)) == len(taken)
    assert max(taken) < queues.item.size


@settings(max_examples=100, deadline=None, derandomize=True)
@given(arrays.arrays(np.float64, st.integers(1, 5), elements=st.floats(0.0, 50.0)), st.data())
def test_queues_that_get_room_keep_their_items_and_share_no_place(matters: np.ndarray, data: st.DataObject) -> None:
    """Three times over, since a queue that has moved once moves again."""
    queues = new_queues(matters)
    assert_apart(queues)
    number = 0
    for _ in range(3):
        needed = data.draw(arrays.arrays(np.int64, queues.room.shape, elements=st.integers(0, 60)))
        needed[:, [k for k in range(QUEUES) if k not in KINDS]] = 0
        before = {(u, k): items(queues, u, k).copy() for u in range(matters.size) for k in KINDS}
        queues = with_room(queues, needed)
        assert_apart(queues)
        assert (queues.room >= needed).all()
        for (u, k), owed in before.items():
            np.testing.assert_array_equal(items(queues, u, k)["number"], owed["number"])
            filled = data.draw(st.integers(int(queues.length[u, k]), int(queues.room[u, k])))
            queues.length[u, k] = filled
            items(queues, u, k)["number"][:] = np.arange(number, number + filled)
            number += filled
