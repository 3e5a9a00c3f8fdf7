"""Form consolidation: data given once is not asked for again."""

from __future__ import annotations

from typing import ClassVar

from cadre_sim.scenario.fields import quantity
from cadre_sim.scenario.measures import Effect, Measure, Translations


class FormConsolidation(Measure):
    """One table for all: duplicates go, some other forms too, and what remains is partly filled in already.

    A draw decides for each form whether it is still asked for, with another share for those that ask for data given
    elsewhere. The forms that remain take fewer hours and are due as before. Ledgers, tasks and evidence for
    evaluations are no forms and stay.
    """

    key: ClassVar[str] = "form_consolidation"
    label: ClassVar[str] = "forms merged and shared"

    duplicates: float = quantity(
        0.1, "1", low=0, high=0.4, kind="A", source=("forms_effect",),
        meaning="forms that ask for data already given elsewhere that remain, as a share", most=1,
    )  # fmt: skip
    forms: float = quantity(
        0.6, "1", low=0.5, high=0.9, kind="I", source=("forms_effect",),
        meaning="other forms that remain, as a share; with the duplicates, 0.4 of all forms by default", most=1,
    )  # fmt: skip
    hours: float = quantity(
        0.9, "1", low=0.6, high=1, kind="A", meaning="hours of a form that remain since it is partly filled in", most=1
    )

    translations: ClassVar[Translations] = {
        "zh": {
            "label": "报表整合共享",
            "duplicates": "重复索要已有数据的报表保留的比例",
            "forms": "保留的其他报表占比；连同重复报表，默认共保留全部报表的0.4",
            "hours": "因部分预填，一份报表保留的工时",
        }
    }

    def effects(self) -> tuple[Effect, ...]:
        """Fewer duplicates, fewer other forms, fewer hours a form."""
        return (
            Effect("form_duplicate_share", "scale", self.duplicates),
            Effect("form_share", "scale", self.forms),
            Effect("form_hours_scale", "scale", self.hours),
        )
