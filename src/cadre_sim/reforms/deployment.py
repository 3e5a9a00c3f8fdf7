"""Talent deployment: officials and technical specialists sent to the grassroots."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from cadre_sim.scenario.fields import quantity
from cadre_sim.scenario.measures import Effect, Measure, People, Translations


class TalentDeployment(Measure):
    """Officials and technical specialists sent to villages and communities, who also train local talent (row 9).

    Each is one more cadre of an office for a term, who shares its burdens and its service. Specialists are better at
    some categories of matters, and the office takes on a part of their skill, which stays for a while after they have
    left; all who are sent lift their colleagues' motivation and help novices to learn. They come one after another
    during the ramp, and leave at the end of their term, of the reform, or when erosion has worn off their part of it.
    """

    key: ClassVar[str] = "talent_deployment"
    row: ClassVar[int | None] = 9
    label: ClassVar[str] = "officials and specialists sent down"

    number: int = quantity(
        1863, "persons", low=500, high=3000, kind="D", source=("hy_deployed",), meaning="people sent", most=1_000_000
    )
    specialists: float = quantity(
        0.5, "1", low=0.2, high=0.8, kind="A", meaning="share of them who are technical specialists", most=1
    )
    placement: Literal["neediest", "equal", "random"] = Field(
        "neediest",
        description="neediest: where most is brought to each cadre, one after another; equal: evenly; random: by lot",
    )
    term: int = quantity(
        500, "working days", low=125, high=750, kind="A", meaning="how long each stays", least=1, most=100_000
    )

    translations: ClassVar[Translations] = {
        "zh": {
            "label": "选派干部和技术人才下沉",
            "number": "下派人数",
            "specialists": "其中技术人才的比例",
            "term": "每人下派的时长",
        }
    }

    def effects(self) -> tuple[Effect, ...]:
        """Turns no knob: it adds people to the staff of offices."""
        return ()

    def people(self) -> People | None:
        """As many as the strength says, rounded."""
        return People(round(self.number * self.strength), self.specialists, self.placement, self.term)
