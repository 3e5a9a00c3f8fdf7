"""The queue of an office: what it owes."""

from __future__ import annotations

from dataclasses import dataclass

MATTERS = ("urgent", "ordinary")


@dataclass
class Item:
    """An item of the queue: work of one activity with hours left to do until its due day.

    ``number`` in its day of birth, ``category`` and ``wait`` are those of a matter.
    """

    activity: str
    left: float
    born: int
    due: int
    number: int = 0
    category: int = 0
    wait: int = 0
    has_complained: bool = False

    @property
    def is_matter(self) -> bool:
        """Whether a resident brought it."""
        return self.activity in MATTERS

    def waits(self, t: int) -> bool:
        """Whether nobody can work on it on day t, as another department has it."""
        return t < self.born + self.wait

    def is_overdue(self, t: int) -> bool:
        """Whether it is past its date on day t."""
        return self.due < t


def join(queue: list[Item], item: Item) -> None:
    """Let an item join behind all that are due no later; of no hours, only a matter."""
    if item.left == 0 and not item.is_matter:
        return
    item.due = max(item.due, item.born)
    place = len(queue)
    while place > 0 and queue[place - 1].due > item.due:
        place -= 1
    queue.insert(place, item)
