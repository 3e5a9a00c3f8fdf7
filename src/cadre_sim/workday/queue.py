"""The queue of an office: items in order of their due day, those of one day in the order in which they came."""

from __future__ import annotations

from cadre_sim.compiling import compiled
from cadre_sim.workday.columns import Books, Queues


@compiled
def insert(u: int, kind: int, hours: float, due: int, born: int, number: int, q: Queues, books: Books) -> None:
    """Put an item behind all that are due no later, and write its hours to the books as asked for."""
    first = q.start[u]
    at = first + q.count[u]
    while at > first and q.due[at - 1] > due:
        move(q, at - 1, at)
        at -= 1
    q.kind[at] = kind
    q.left[at] = hours
    q.due[at] = due
    q.born[at] = born
    q.number[at] = number
    q.complained[at] = False
    q.count[u] += 1
    books.asked[u, kind] += hours


@compiled
def move(q: Queues, source: int, target: int) -> None:
    """Copy an item to another row."""
    q.kind[target] = q.kind[source]
    q.left[target] = q.left[source]
    q.due[target] = q.due[source]
    q.born[target] = q.born[source]
    q.number[target] = q.number[source]
    q.complained[target] = q.complained[source]
