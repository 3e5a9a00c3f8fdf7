"""Assessment streamlining: the city's evaluations go, one comprehensive assessment a year takes their place."""

from __future__ import annotations

from typing import ClassVar

from cadre_sim.scenario.fields import quantity
from cadre_sim.scenario.measures import Effect, Measure, Translations


class AssessmentStreamlining(Measure):
    """City-level evaluations of villages and towns abolished, a comprehensive one instead.

    An evaluation that is gone asks for no evidence, adds no pressure in its season and makes no visit. In its place
    comes one a year, with evidence, weight and visit of its own, by the departments of the scenario whose evaluations
    are ``comprehensive``. Evaluations by townships and the ledgers that are kept all year stay as they were.
    """

    key: ClassVar[str] = "assessment_streamlining"
    row: ClassVar[int | None] = 2
    label: ClassVar[str] = "one comprehensive assessment a year"

    city_evaluations: float = quantity(
        0.0, "1", low=0, high=0.5, kind="D", source=("changde2019",),
        meaning="evaluations by the city that remain, as a share", most=1,
    )  # fmt: skip
    county_evaluations: float = quantity(
        0.7, "1", low=0.4, high=1, kind="A", meaning="evaluations by counties that remain, as a share", most=1
    )

    translations: ClassVar[Translations] = {
        "zh": {
            "label": "每年一次综合考核",
            "city_evaluations": "保留的市级考核占比",
            "county_evaluations": "县级考核保留的比例",
        }
    }

    def effects(self) -> tuple[Effect, ...]:
        """No evaluation by the city, fewer by counties; the comprehensive assessment takes place."""
        return (
            Effect("evaluation_share_city", "scale", self.city_evaluations),
            Effect("evaluation_share_county", "scale", self.county_evaluations),
            Effect("comprehensive_share", "set", 1.0),
        )
