"""Screen consolidation: fewer apps and chat groups."""

from __future__ import annotations

from typing import ClassVar

from cadre_sim.scenario.fields import quantity
from cadre_sim.scenario.measures import Effect, Measure


class ScreenConsolidation(Measure):
    """Apps and chat groups merged or closed.

    The time that a cadre gives to them falls in proportion to their number. Messages that take the place of refused
    tasks come in the groups that remain, and are not fewer for it.
    """

    key: ClassVar[str] = "screen_consolidation"

    screens: float = quantity(
        0.45, "1", low=0.37, high=0.5, kind="D", source=("chenzhou_apps", "qiannan_apps"),
        meaning="apps and chat groups that remain, as a share", most=1,
    )  # fmt: skip

    def effects(self) -> tuple[Effect, ...]:
        """Fewer apps and chat groups."""
        return (Effect("screens_scale", "scale", self.screens),)
