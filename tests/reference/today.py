"""What is known of an office's day while it lasts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reference.calendar import Calendar
from reference.handed import AreaToday, OfficeToday

if TYPE_CHECKING:
    from reference.cadre import Cadre


@dataclass
class Today:
    """One day of one office.

    ``policy``: its knobs. ``asked``: what its areas' departments ask for, by level; a township government has nothing
    from its own township. ``handed``: what came for it alone. The rest is found out step by step; ``counts`` are the
    outputs of the day by name, 0 where there is none.
    """

    t: int
    calendar: Calendar
    policy: Mapping[str, float]
    asked: list[AreaToday]
    handed: OfficeToday

    roll: list[Cadre] = field(default_factory=list)
    mentors: int = 0
    specialists: int = 0
    present: list[Cadre] = field(default_factory=list)
    matters: int = 0
    certificates: int = 0
    meeting_seats: int = 0
    meeting_hours: float = 0.0
    wanted: dict[str, float] = field(default_factory=dict)
    effort: list[float] = field(default_factory=list)
    productivity: dict[Cadre, float] = field(default_factory=dict)
    undone: float = 0.0
    counts: Counter[str] = field(default_factory=Counter)
