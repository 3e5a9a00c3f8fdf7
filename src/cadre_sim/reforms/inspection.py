"""No-disturbance inspection: supervision that does not announce itself, needs no preparation, and comes less often."""

from __future__ import annotations

from typing import ClassVar

from cadre_sim.scenario.fields import quantity
from cadre_sim.scenario.measures import Effect, Measure, Translations


class NoDisturbanceInspection(Measure):
    """Inspection without notice, script or large escort, and less of it.

    A visit that is cut leaves its place on the route empty: it asks for nothing, finds nothing and is not felt, and
    the team may be free sooner. Without notice only a part of the preparation is asked
    (``unannounced_preparation`` of a campaign) and nobody scouts. In return offices keep themselves ready every day,
    and what a visit would have found stays unseen.
    """

    key: ClassVar[str] = "no_disturbance_inspection"
    row: ClassVar[int | None] = 1
    label: ClassVar[str] = "no-disturbance inspections"

    visits: float = quantity(
        0.4, "1", low=0.08, high=0.63, kind="D", source=("hunan2024_city", "hunan2024_prov", "changde2019"),
        meaning="visits of city and county that remain, as a share of those planned", most=1,
    )  # fmt: skip
    township_visits: float = quantity(
        0.8, "1", low=0.4, high=1, kind="A",
        meaning="visits of townships that remain, as a share of those planned (the figures are of cities and counties)",
        most=1,
    )  # fmt: skip
    notice: float = quantity(0.0, "1", low=0, high=0.5, kind="A", meaning="notice that remains, as a share", most=1)
    reception: float = quantity(
        0.6, "1", low=0.3, high=1, kind="A", meaning="escorts who remain, as a share (6 of 10 person-hours)", most=1
    )
    readiness: float = quantity(
        1.3, "1", low=1, high=3, kind="A", meaning="standing readiness under visits that may come any day, as a factor",
        most=20,
    )  # fmt: skip

    translations: ClassVar[Translations] = {
        "zh": {
            "label": "“无扰式”督查检查",
            "visits": "保留的市、县检查占计划检查的比例",
            "township_visits": "乡镇检查占计划保留的比例（数据为市、县级）",
            "notice": "提前通知保留的比例",
            "reception": "陪同人员保留的比例（10人时中的6）",
            "readiness": "随时可能受检下的常备迎检（倍数）",
        }
    }

    def effects(self) -> tuple[Effect, ...]:
        """Fewer visits, no notice (so little preparation and no scouting), smaller escorts; more standing readiness.

        Escorts are smaller at evaluations too.
        """
        return (
            Effect("visit_share_city", "scale", self.visits),
            Effect("visit_share_county", "scale", self.visits),
            Effect("visit_share_township", "scale", self.township_visits),
            Effect("notice_scale", "scale", self.notice),
            Effect("reception_scale", "scale", self.reception),
            Effect("scouting_scale", "scale", 0.0),
            Effect("readiness_scale", "scale", self.readiness),
        )
