"""Joint inspection: one visit with the topics of several departments instead of a visit by each."""

from __future__ import annotations

from typing import ClassVar

from cadre_sim.scenario.fields import quantity
from cadre_sim.scenario.measures import Effect, Measure, Translations


class JointInspection(Measure):
    """Departments of a level that would inspect an office in the same round go together (with row 1 of the article).

    The first campaign of the round that has the office on its route makes the visit, with the topics of all;
    preparation, reception and the chance to find something grow with the topics, hours less than in proportion. What it
    costs: a visit is longer, and a quota that stops it stops all of its topics.
    """

    key: ClassVar[str] = "joint_inspection"
    row: ClassVar[int | None] = 1
    label: ClassVar[str] = "joint inspections"

    share: float = quantity(
        0.8, "1", low=0.3, high=1, kind="A", meaning="share of rounds of inspection that are joint", most=1
    )
    topics: float = quantity(
        0.9, "1", low=0.6, high=1, kind="A", meaning="topics of a joint visit that remain since they overlap", most=1
    )

    translations: ClassVar[Translations] = {
        "zh": {
            "label": "联合督查检查",
            "share": "联合进行的检查轮次比例",
            "topics": "因内容重叠，联合检查保留的主题比例",
        }
    }

    def effects(self) -> tuple[Effect, ...]:
        """Merges the visits of a round, and drops the topics in which they overlap."""
        return (
            Effect("joint_share", "set", self.share),
            Effect("joint_topics_scale", "scale", self.topics),
        )
