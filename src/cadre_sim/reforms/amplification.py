"""Amplification ban: levels in between may not ask for more than they were asked."""

from __future__ import annotations

from typing import ClassVar

from cadre_sim.scenario.fields import quantity
from cadre_sim.scenario.measures import Effect, Measure, Translations


class AmplificationBan(Measure):
    """Levels pass on what they are asked for as it is.

    Hours of forms, tasks and evidence grow by ``oversight.amplification`` with each level that they pass on their way
    down; the ban leaves a part of that growth. It does not touch what the level at the top asks for.
    """

    key: ClassVar[str] = "amplification_ban"
    label: ClassVar[str] = "no piling-on at each level"

    amplification: float = quantity(
        0.3, "1", low=0, high=0.8, kind="A", meaning="part of what levels add that remains", most=1
    )

    translations: ClassVar[Translations] = {
        "zh": {
            "label": "禁止层层加码",
            "amplification": "层层加码中保留的部分",
        }
    }

    def effects(self) -> tuple[Effect, ...]:
        """Less growth of what is asked for from level to level."""
        return (Effect("amplification_scale", "scale", self.amplification),)
