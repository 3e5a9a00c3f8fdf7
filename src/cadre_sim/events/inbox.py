"""The inbox of a day: what events hand over for a date, gathered into the arrays that the workday reads."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cadre_sim.events.orders import EVIDENCE_ORDER, Orders
from cadre_sim.events.plan import PlannedEvaluation, PlannedOrders

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Visits(NamedTuple):
    """Visits of one tour on one day: which offices, the number that their draws hang on, and how many follow up."""

    offices: Ints
    number: int
    level: int
    follow_up: float


class Inbox:
    """Collects what is due on each coming day; a day that has passed takes nothing more."""

    def __init__(self, offices: int, areas: int) -> None:
        """Open an empty inbox for a number of offices and areas."""
        self._offices = offices
        self._areas = areas
        self._work: defaultdict[int, list[tuple[Ints, int, Floats, Ints]]] = defaultdict(list)
        self._receptions: defaultdict[int, list[tuple[Ints, Floats, Floats]]] = defaultdict(list)
        self._visits: defaultdict[int, list[Visits]] = defaultdict(list)
        self._evaluations: list[PlannedEvaluation] = []
        self._orders: list[slice] = []

    def ask(self, day: int, offices: Ints, kind: int, hours: Floats, due: Ints) -> None:
        """Ask offices for hours of an activity, from ``day`` on, due by the end of each one's ``due`` day."""
        self._work[day].append((offices, kind, hours, due))

    def host(self, day: int, offices: Ints, seats: Floats, hours: Floats) -> None:
        """Have offices receive somebody: escorts (seats) and the hours of each escort."""
        self._receptions[day].append((offices, seats, seats * hours))

    def visit(self, day: int, visits: Visits) -> None:
        """Count visits of a day, and let them find what there is to find."""
        self._visits[day].append(visits)

    def evaluate(self, evaluation: PlannedEvaluation) -> None:
        """Ask for the evidence of an evaluation, today."""
        self._evaluations.append(evaluation)

    def issue(self, rows: slice) -> None:
        """Send out rows of the planned orders, today."""
        self._orders.append(rows)

    def visits(self, day: int) -> list[Visits]:
        """Visits that take place on a day."""
        return self._visits.pop(day, [])

    def orders(self, day: int, planned: PlannedOrders, visited: list[Visits]) -> Orders:
        """Everything of a day as arrays; what is handed out is gone from the inbox."""
        office_start, office_kind, office_hours, office_due = self._by_office(day)
        seats, hours = np.zeros(self._offices), np.zeros(self._offices)
        for offices, some_seats, some_hours in self._receptions.pop(day, []):
            np.add.at(seats, offices, some_seats)
            np.add.at(hours, offices, some_hours)
        visits = np.zeros(self._offices)
        if visited:
            visits += np.bincount(np.concatenate([v.offices for v in visited]), minlength=self._offices)
        columns = self._to_areas(planned)
        area = columns.pop("area")
        return Orders(
            area_start=np.searchsorted(area, np.arange(self._areas + 1)),
            **columns,
            office_start=office_start,
            office_kind=office_kind,
            office_hours=office_hours,
            office_due=office_due,
            visits=visits,
            reception_seats=seats,
            reception_hours=hours,
        )

    def _by_office(self, day: int) -> tuple[Ints, NDArray[np.int8], Floats, Ints]:
        asked = self._work.pop(day, [])
        if not asked:
            return np.zeros(self._offices + 1, np.int64), np.zeros(0, np.int8), np.zeros(0), np.zeros(0, np.int64)
        offices = np.concatenate([a[0] for a in asked])
        kinds = np.concatenate([np.full(a[0].size, a[1], np.int8) for a in asked])
        hours = np.concatenate([a[2] for a in asked])
        due = np.concatenate([a[3] for a in asked])
        order = np.argsort(offices, kind="stable")
        start = np.concatenate([[0], np.cumsum(np.bincount(offices, minlength=self._offices))]).astype(np.int64)
        return start, kinds[order], hours[order], due[order].astype(np.int64)

    def _to_areas(self, planned: PlannedOrders) -> dict[str, np.ndarray]:
        """Orders to areas: planned rows of today and evidence for evaluations, ordered by area."""
        rows = self._orders[0] if self._orders else slice(0, 0)
        evaluations = self._evaluations
        self._orders, self._evaluations = [], []
        extra = len(evaluations)

        def joined(column: np.ndarray, values: list[object], dtype: type) -> np.ndarray:
            return np.concatenate([column[rows].astype(dtype), np.array(values, dtype)])

        columns = {
            "area": joined(planned.area, [e.area for e in evaluations], np.int64),
            "kind": joined(planned.kind, [EVIDENCE_ORDER] * extra, np.int8),
            "level": joined(planned.level, [e.level for e in evaluations], np.int8),
            "hours": joined(planned.hours, [e.plan.evidence_hours for e in evaluations], np.float64),
            "travel": joined(planned.travel, [0.0] * extra, np.float64),
            "attendees": joined(planned.attendees, [0] * extra, np.int64),
            "lead": joined(planned.lead, [e.last - e.first for e in evaluations], np.int64),
            "keep": joined(planned.keep, [e.keep for e in evaluations], np.float64),
            "duplicate": joined(planned.duplicate, [False] * extra, np.bool_),
            "comprehensive": joined(
                np.zeros(planned.area.size, bool), [e.plan.comprehensive for e in evaluations], np.bool_
            ),
        }
        order = np.argsort(columns["area"], kind="stable")
        return {name: column[order] for name, column in columns.items()}
