"""Placeholder until merged."""

from typing import ClassVar

from cadre_sim.scenario.fields import quantity
from cadre_sim.scenario.measures import Effect, Measure


class FormalismWatchdog(Measure):
    """x."""

    key: ClassVar[str] = "formalism_watchdog"
    staff: int = quantity(6, "persons", low=2, high=20, kind="A", meaning="x", least=1, most=1000)
    case_days: int = quantity(10, "working days", low=2, high=20, kind="A", meaning="x", least=1, most=1000)
    report_rate: float = quantity(1.0, "1", low=0.2, high=5, kind="A", meaning="x", most=1000)
    correction: float = quantity(0.8, "1", low=0.2, high=1, kind="A", meaning="x", most=1)
    deterrence: float = quantity(0.1, "1", low=0, high=1, kind="A", meaning="x", most=1)
    corrections: int = quantity(10, "1", low=0, high=20, kind="A", meaning="x", most=1000)
    correction_days: int = quantity(140, "working days", low=2, high=200, kind="A", meaning="x", least=1, most=1000)

    def effects(self) -> tuple[Effect, ...]:
        """X."""
        return (Effect("watched", "set", 1.0),)
