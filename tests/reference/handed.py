"""What is handed over between the two halves of the reference model: from what comes from above to an office's day."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Order:
    """One order of today to an area, as the department issued it; each office decides by its policy what it becomes.

    ``kind`` is meeting, form, task or evidence; ``level`` that of the department (0 city, 1 county, 2 township).
    ``hours`` and ``attendees`` are those of the plan, times 1 + excess where the model says so; ``lead`` in working
    days.
    """

    kind: str
    level: int
    hours: float
    lead: int = 1
    keep: float = 0.0
    travel: float = 0.0
    attendees: float = 0.0
    duplicate: bool = False
    comprehensive: bool = False


@dataclass
class AreaToday:
    """What an area's departments ask for today.

    ``orders``: planned orders, then evidence for evaluations, each in the order of the plan. ``instead``: hours of the
    ad-hoc task by channel (inspections, meetings, forms, duplicates, evaluations) where the area reviews today, else
    None. ``messages``: hours of messages a working day, were all tasks cut.
    """

    orders: list[Order] = field(default_factory=list)
    instead: dict[str, float] | None = None
    messages: float = 0.0


@dataclass
class OfficeToday:
    """What came for one office alone today.

    ``work``: (activity, hours, due day) of preparation and rectification in the order in which events handed it over.
    ``seats`` and ``seat_hours``: those of receptions and scouting visits. ``visits``, their ``topics``, and violations
    ``found`` by them. ``pressure``: weight of the evaluations in season, after the events of the day.
    """

    work: list[tuple[str, float, int]] = field(default_factory=list)
    seats: float = 0.0
    seat_hours: float = 0.0
    visits: int = 0
    topics: float = 0.0
    found: int = 0
    pressure: float = 0.0
