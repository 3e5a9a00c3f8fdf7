"""Inspection quota: a limit to the visits that an office has in a month."""

from __future__ import annotations

from typing import ClassVar

from cadre_sim.scenario.fields import quantity
from cadre_sim.scenario.measures import Effect, Measure, Translations


class InspectionQuota(Measure):
    """A cap on visits of campaigns; evaluations, triggered inspections and follow-ups count but are not stopped.

    The first visits of a month take place, in the order in which campaigns open; those beyond the cap do not. Since
    visits that complaints call are not stopped, neglect still brings inspectors. Offices with few visits notice
    nothing, and a visit that takes place takes as long as before.
    """

    key: ClassVar[str] = "inspection_quota"
    label: ClassVar[str] = "quota of inspections"

    visits_per_month: float = quantity(
        3.0, "visits/office/month", low=1, high=8.7, kind="I", source=("qiannan_inspection_cap",),
        meaning="visits that an office may have in a calendar month", most=100,
    )  # fmt: skip

    translations: ClassVar[Translations] = {
        "zh": {
            "label": "督查检查总量控制",
            "visits_per_month": "每单位每月最多接受的检查次数",
        }
    }

    def effects(self) -> tuple[Effect, ...]:
        """Caps the visits of an office in a calendar month."""
        return (Effect("visit_cap", "cap", self.visits_per_month),)
