"""Screen consolidation: fewer apps and chat groups."""

from __future__ import annotations

from typing import ClassVar

from cadre_sim.scenario.fields import quantity
from cadre_sim.scenario.measures import Effect, Measure, Translations


class ScreenConsolidation(Measure):
    """Apps and chat groups merged or closed.

    The time that a cadre gives to them falls in proportion to their number. Messages that take the place of refused
    tasks come in the groups that remain, and are not fewer for it.
    """

    key: ClassVar[str] = "screen_consolidation"
    label: ClassVar[str] = "apps and chat groups merged"

    screens: float = quantity(
        0.45, "1", low=0.37, high=0.5, kind="D", source=("chenzhou_apps", "qiannan_apps"),
        meaning="apps and chat groups that remain, as a share", most=1,
    )  # fmt: skip

    translations: ClassVar[Translations] = {
        "zh": {
            "label": "整合政务APP和工作群",
            "screens": "保留的应用与工作群占比",
        }
    }

    def effects(self) -> tuple[Effect, ...]:
        """Fewer apps and chat groups."""
        return (Effect("screens_scale", "scale", self.screens),)
