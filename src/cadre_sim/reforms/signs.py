"""Sign clearance: plaques and wall-posted rules taken down."""

from __future__ import annotations

from typing import ClassVar

from cadre_sim.scenario.fields import quantity
from cadre_sim.scenario.measures import Effect, Measure, Translations


class SignClearance(Measure):
    """Non-compliant signs and wall-posted rules cleared away (row 4 of the article: over 150,000 in 2,779 offices).

    An office no longer puts up, renews and cleans the signs that are gone; an office that has fewer loses all that it
    has.
    """

    key: ClassVar[str] = "sign_clearance"
    row: ClassVar[int | None] = 4
    label: ClassVar[str] = "signs cleared away"

    signs: float = quantity(
        54.0, "signs/office", low=35, high=54, kind="D", source=("hy_signs", "hy_signs_per", "signs_xi_before"),
        meaning="signs that each office loses", most=10_000,
    )  # fmt: skip

    translations: ClassVar[Translations] = {
        "zh": {
            "label": "清理挂牌和上墙制度",
            "signs": "每单位清理的牌子数",
        }
    }

    def effects(self) -> tuple[Effect, ...]:
        """Takes signs away from every office."""
        return (Effect("signs_removed", "set", self.signs),)
