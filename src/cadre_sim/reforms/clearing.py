"""Name clearing: false accusations are cleared up, and fewer are made."""

from __future__ import annotations

from typing import ClassVar

from cadre_sim.scenario.fields import quantity
from cadre_sim.scenario.measures import Effect, Measure, Translations


class NameClearing(Measure):
    """False accusations cleared up, and those who make them held to account (row 8 of the article).

    A cadre under a false accusation is more cautious and less motivated until it is forgotten; clearing ends that
    sooner, and lifts motivation once. True accusations, which uncover violations, stay as they are.
    """

    key: ClassVar[str] = "name_clearing"
    row: ClassVar[int | None] = 8
    label: ClassVar[str] = "names cleared of false accusations"

    days: float = quantity(
        30.0, "working days", low=10, high=120, kind="A", meaning="mean time until a false accusation is cleared",
        least=1, most=100_000,
    )  # fmt: skip
    false_accusations: float = quantity(
        0.8, "1", low=0.4, high=1, kind="A", meaning="false accusations that remain, as a share", most=1
    )

    translations: ClassVar[Translations] = {
        "zh": {
            "label": "澄清正名",
            "days": "失实举报得到澄清的平均时间",
            "false_accusations": "失实举报保留的比例",
        }
    }

    def effects(self) -> tuple[Effect, ...]:
        """Sets the chance a day that a name is cleared, and lowers the rate of false accusations."""
        return (
            Effect("clearing", "set", 1.0 / self.days),
            Effect("false_accusation_scale", "scale", self.false_accusations),
        )
