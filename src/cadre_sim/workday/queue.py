"""The queue of an office: items in order of their due day, those of one day in the order in which they came."""

from __future__ import annotations

from cadre_sim.compiling import step
from cadre_sim.workday.columns import Books, Queues


@step
def insert(u: int, kind: int, hours: float, due: int, born: int, number: int, q: Queues, books: Books) -> None:
    """Put an item behind all that are due no later, and write its hours to the books as asked for."""
    first = q.start[u]
    at = first + q.length[u]
    while at > first and q.item[at - 1].due > due:
        q.item[at] = q.item[at - 1]
        at -= 1
    q.item[at].kind = kind
    q.item[at].left = hours
    q.item[at].due = due
    q.item[at].born = born
    q.item[at].number = number
    q.item[at].complained = False
    q.length[u] += 1
    books.asked[u, kind] += hours
