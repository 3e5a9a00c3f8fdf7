"""Accountability for inaction: who does not act answers for it."""

from __future__ import annotations

from typing import ClassVar

from cadre_sim.scenario.fields import quantity
from cadre_sim.scenario.measures import Effect, Measure, Translations


class InactionAccountability(Measure):
    """Those who do not act are held to account (row 8 of the article).

    Fewer matters are closed on paper and less slack is idle. What it costs: it is one more reason for caution, which
    fault tolerance does not take away.
    """

    key: ClassVar[str] = "inaction_accountability"
    row: ClassVar[int | None] = 8
    label: ClassVar[str] = "accountability for inaction"

    perfunctory: float = quantity(
        0.6, "1", low=0.3, high=1, kind="A", meaning="chance of closing on paper that remains, as a share", most=1
    )
    idle: float = quantity(
        0.5, "1", low=0.2, high=1, kind="A", meaning="weight of idleness in the use of slack that remains", most=1
    )
    caution: float = quantity(0.03, "1", low=0, high=0.1, kind="A", meaning="caution that it adds", most=1)

    translations: ClassVar[Translations] = {
        "zh": {
            "label": "不作为问责",
            "perfunctory": "纸面办结概率保留的比例",
            "idle": "空余时间用于闲置的权重保留的比例",
            "caution": "由此增加的避责心理",
        }
    }

    def effects(self) -> tuple[Effect, ...]:
        """Less closing on paper, less idleness, more caution."""
        return (
            Effect("perfunctory_scale", "scale", self.perfunctory),
            Effect("idle_scale", "scale", self.idle),
            Effect("accountability", "set", self.caution),
        )
