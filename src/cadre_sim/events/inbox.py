"""Inbox of a run: work that events ask for on a day, gathered into the arrays that the workday reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cadre_sim.arrays import Floats, Ints
from cadre_sim.events.actors import Actors
from cadre_sim.events.orders import EVIDENCE_ORDER, MEETING_ORDER, ORDERS, Orders
from cadre_sim.events.plan import PlannedEvaluation, PlannedOrders
from cadre_sim.reforms.channels import DIVERTED

Row = tuple[Any, ...]
"""Columns of the rows of a channel; a channel's own types say of what kind each is."""


class Visits(NamedTuple):
    """Visits of a day, arrays of shape (visits,).

    Which office; the number that the visit's draws depend on; the level of its inspectors; the share of its findings
    that are looked at again; its topics; whether it was announced.
    """

    office: Ints
    number: Ints
    level: Ints
    follow_up: Floats
    topics: Floats
    announced: NDArray[np.bool_]


class _Channel:
    """Rows that are handed over for coming days. They are sorted into days once a day, not when they come."""

    def __init__(self, types: Sequence[type]) -> None:
        self._types = types
        self._new: list[tuple[Ints, tuple[object, ...]]] = []
        self._days: defaultdict[int, list[Row]] = defaultdict(list)

    def put(self, days: Ints, *columns: object) -> None:
        """Rows for some days; a column is an array as long as ``days``, or one value for all of them."""
        if days.size:
            self._new.append((days, columns))

    def take(self, day: int) -> Row:
        """The rows of a day, column by column, in the order in which they came."""
        self._sort()
        rows = self._days.pop(day, [])
        if len(rows) == 1:
            return rows[0]
        if not rows:
            return tuple(np.zeros(0, t) for t in self._types)
        return tuple(np.concatenate(column) for column in zip(*rows, strict=True))

    def _sort(self) -> None:
        if not self._new:
            return
        lengths = [days.size for days, _ in self._new]
        days = np.concatenate([days for days, _ in self._new])
        columns = [
            self._joined([columns[k] for _, columns in self._new], lengths, t) for k, t in enumerate(self._types)
        ]
        self._new = []
        order = np.argsort(days, kind="stable")
        days = days[order]
        columns = [column[order] for column in columns]
        edges = np.concatenate([[0], np.flatnonzero(np.diff(days)) + 1, [days.size]])
        for first, last in pairwise(edges):
            self._days[int(days[first])].append(tuple(column[first:last] for column in columns))

    @staticmethod
    def _joined(parts: list[Any], lengths: list[int], kind: type) -> Any:
        if not any(isinstance(part, np.ndarray) for part in parts):
            return np.repeat(np.array(parts, kind), lengths)
        whole = [
            part if isinstance(part, np.ndarray) else np.full(length, part, kind)
            for part, length in zip(parts, lengths, strict=True)
        ]
        return np.concatenate(whole).astype(kind, copy=False)


class Inbox:
    """Collects what is due on each coming day."""

    def __init__(self, offices: int, areas: int) -> None:
        """Open an empty inbox for a number of offices and areas."""
        self._offices = offices
        self._areas = areas
        self._work = _Channel((np.int64, np.int8, np.float64, np.int64))
        self._receptions = _Channel((np.int64, np.float64, np.float64))
        self._visits = _Channel((np.int64, np.int64, np.int64, np.float64, np.float64, np.bool_))
        self._evaluations: list[PlannedEvaluation] = []
        self._orders = slice(0, 0)
        self._diverted = np.zeros((areas, len(DIVERTED)))
        self._messages = np.zeros(areas)

    def ask(self, days: Ints, offices: Ints, kind: int, hours: Floats, due: Ints) -> None:
        """Ask offices for hours of an activity, each from its day on and by the end of its ``due`` day."""
        self._work.put(days, offices, kind, hours, due)

    def host(self, days: Ints, offices: Ints, escorts: Floats, hours: float | Floats) -> None:
        """Have offices receive somebody, each on its day, with escorts for some hours each.

        Escorts may be a fraction: seats are whole (at least one where there are any escorts), hours are exact.
        """
        self._receptions.put(days, offices, escorts, hours)

    def visit(
        self,
        days: Ints,
        offices: Ints,
        number: int | Ints,
        level: int | Ints,
        follow_up: float | Floats,
        topics: float | Floats = 1.0,
        announced: bool | NDArray[np.bool_] = True,
    ) -> None:
        """Count visits, each on its day, and let them find what there is to find; see :class:`Visits`."""
        self._visits.put(days, offices, number, level, follow_up, topics, announced)

    def evaluate(self, evaluation: PlannedEvaluation) -> None:
        """Ask for the evidence of an evaluation, today."""
        self._evaluations.append(evaluation)

    def divert(self, hours: Floats, messages: Floats) -> None:
        """Ask today for tasks in place of what is cut, by area and channel; from today on, for messages for tasks."""
        self._diverted, self._messages = hours, messages

    def issue(self, rows: slice) -> None:
        """Send out rows of the planned orders, today."""
        self._orders = rows

    def visits(self, day: int) -> Visits:
        """Visits that take place on a day; they are gone from the inbox."""
        return Visits(*self._visits.take(day))

    def orders(self, day: int, planned: PlannedOrders, visits: Visits, found: Ints, actors: Actors) -> Orders:
        """Everything of a day as arrays; what is handed out is gone from the inbox.

        Departments ask for their plan and their excess. ``found`` is the number of violations that each visit found.
        """
        offices, kind, hours, due = self._work.take(day)
        order = np.argsort(offices, kind="stable")
        start = np.concatenate([[0], np.cumsum(np.bincount(offices, minlength=self._offices))]).astype(np.int64)
        hosts, escorts, length = self._receptions.take(day)
        seats = np.where(escorts > 0.0, np.maximum(1.0, np.rint(escorts)), 0.0)
        columns = self._to_areas(planned, actors)
        area = columns.pop("area")
        diverted, self._diverted = self._diverted, np.zeros_like(self._diverted)
        return Orders(
            area_start=np.searchsorted(area, np.arange(self._areas + 1)),
            counts=np.bincount(area * ORDERS + columns["kind"], minlength=self._areas * ORDERS).reshape(-1, ORDERS),
            **columns,
            office_start=start,
            office_kind=kind[order],
            office_hours=hours[order],
            office_due=due[order],
            visits=self._sums(visits.office, None),
            reception_seats=self._sums(hosts, seats),
            reception_hours=self._sums(hosts, escorts * length),
            topics=self._sums(visits.office, visits.topics),
            found=self._sums(visits.office, found.astype(np.float64)),
            diverted=diverted,
            diverting=np.asarray(diverted.any(axis=1)),
            messages=self._messages,
        )

    def _sums(self, offices: Ints, weights: Floats | None) -> Floats:
        return np.bincount(offices, weights=weights, minlength=self._offices).astype(np.float64)

    def _to_areas(self, planned: PlannedOrders, actors: Actors) -> dict[str, Any]:
        """Orders to areas: planned rows of today and evidence for evaluations, ordered by area."""
        rows, evaluations = self._orders, self._evaluations
        self._orders, self._evaluations = slice(0, 0), []
        extra = len(evaluations)
        asked = planned.hours[rows] * np.where(
            planned.kind[rows] == MEETING_ORDER, 1.0, 1.0 + actors.excess[planned.department[rows]]
        )
        attendees = planned.attendees[rows] * np.where(
            planned.kind[rows] == MEETING_ORDER, 1.0 + actors.excess[planned.department[rows]], 1.0
        )
        evidence = [e.plan.evidence_hours * e.part * (1.0 + actors.excess[e.department]) for e in evaluations]
        columns: dict[str, tuple[Any, list[Any], Any]] = {
            "area": (planned.area[rows], [e.area for e in evaluations], np.int64),
            "kind": (planned.kind[rows], [EVIDENCE_ORDER] * extra, np.int8),
            "level": (planned.level[rows], [e.level for e in evaluations], np.int8),
            "hours": (asked, evidence, np.float64),
            "travel": (planned.travel[rows], [0.0] * extra, np.float64),
            "attendees": (attendees, [0.0] * extra, np.float64),
            "lead": (planned.lead[rows], [e.last - e.first for e in evaluations], np.int64),
            "keep": (planned.keep[rows], [e.keep for e in evaluations], np.float64),
            "duplicate": (planned.duplicate[rows], [False] * extra, np.bool_),
            "comprehensive": (
                np.zeros(planned.area[rows].size, np.bool_), [e.plan.comprehensive for e in evaluations], np.bool_,
            ),
        }  # fmt: skip
        joined = {
            name: np.concatenate([column.astype(kind, copy=False), np.array(values, kind)]) if extra else
            column.astype(kind, copy=False) for name, (column, values, kind) in columns.items()
        }  # fmt: skip
        if not extra:
            return joined
        order = np.argsort(joined["area"], kind="stable")
        return {name: column[order] for name, column in joined.items()}
