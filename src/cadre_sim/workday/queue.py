"""The queue of an office: items in order of their due day, those of one day in the order in which they came."""

from __future__ import annotations

from cadre_sim.compiling import step
from cadre_sim.workday.columns import Books, Queues


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
    books: Books,
) -> None:
    """Put an item behind all that are due no later, and write its hours to the books as asked for."""
    first = q.start[u]
    end = first + q.length[u]
    at = end
    while at > first and q.item[at - 1].due > due:
        at -= 1
    for j in range(end, at, -1):
        q.item[j] = q.item[j - 1]
    item = q.item[at]
    item.kind = kind
    item.left = hours
    item.due = due
    item.born = born
    item.number = number
    item.complained = False
    item.category = category
    item.wait = wait
    q.length[u] += 1
    books.asked[u, kind] += hours
