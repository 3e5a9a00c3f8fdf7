"""Fault tolerance: who acts responsibly is not punished for honest mistakes."""

from __future__ import annotations

from typing import ClassVar

from cadre_sim.scenario.fields import quantity
from cadre_sim.scenario.measures import Effect, Measure, Translations


class FaultTolerance(Measure):
    """Honest mistakes of those who act are not punished (row 8 of the article).

    Visits, evaluations, penalties and accusations raise caution above a cadre's own disposition; a part of that
    remains. Less caution means less overtime for burden, less gold-plating and less closing on paper. It does not
    change what oversight deters: violations arise and are found as before.
    """

    key: ClassVar[str] = "fault_tolerance"
    row: ClassVar[int | None] = 8
    label: ClassVar[str] = "tolerance of honest mistakes"

    blame: float = quantity(
        0.6, "1", low=0.3, high=1, kind="A",
        meaning="part of the caution that visits, evaluations, penalties and accusations add which remains", most=1,
    )  # fmt: skip

    translations: ClassVar[Translations] = {
        "zh": {
            "label": "容错纠错",
            "blame": "检查、考核、处分和举报所增避责心理中保留的部分",
        }
    }

    def effects(self) -> tuple[Effect, ...]:
        """Less caution above the cadres' own disposition."""
        return (Effect("blame_scale", "scale", self.blame),)
