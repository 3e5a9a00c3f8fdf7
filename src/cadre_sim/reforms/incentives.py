"""Service incentives: recognition for matters solved."""

from __future__ import annotations

from typing import ClassVar

from cadre_sim.scenario.fields import quantity
from cadre_sim.scenario.measures import Effect, Measure, Translations


class ServiceIncentives(Measure):
    """Promotion, pay and praise for service (with row 8 of the article).

    A matter closed by work lifts the motivation of those present by more; so it works where matters are closed, and not
    where burden leaves no time for them. Fewer cadres quit.
    """

    key: ClassVar[str] = "service_incentives"
    row: ClassVar[int | None] = 8
    label: ClassVar[str] = "incentives for service"

    recognition: float = quantity(
        1.5, "1", low=1, high=3, kind="A", meaning="what a solved matter does for motivation, as a factor", most=20
    )
    quits: float = quantity(
        0.8, "1", low=0.5, high=1, kind="A", meaning="hazard of quitting that remains, as a share", most=1
    )

    translations: ClassVar[Translations] = {
        "zh": {
            "label": "服务群众激励",
            "recognition": "办结一件事项对服务动机的作用（倍数）",
            "quits": "离职风险保留的比例",
        }
    }

    def effects(self) -> tuple[Effect, ...]:
        """More recognition, fewer quits."""
        return (
            Effect("recognition_scale", "scale", self.recognition),
            Effect("quit_scale", "scale", self.quits),
        )
