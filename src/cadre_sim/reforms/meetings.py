"""Meeting limits: fewer, shorter, smaller meetings, more of them online."""

from __future__ import annotations

from typing import ClassVar

from cadre_sim.scenario.fields import quantity
from cadre_sim.scenario.measures import Effect, Measure, Translations


class MeetingLimits(Measure):
    """Limits to number, length and attendance of meetings.

    A draw decides for each planned meeting whether it takes place; the others keep their days. Those that remain end
    sooner, take fewer cadres from an office and less of their time on the road, and so interrupt less. The measure
    itself touches neither forms nor tasks, through which a department may ask for the same.
    """

    key: ClassVar[str] = "meeting_limits"
    row: ClassVar[int | None] = 5
    label: ClassVar[str] = "limits to meetings"

    meetings: float = quantity(
        0.66, "1", low=0.625, high=0.7, kind="D", source=("meetings_effect", "changde2019", "anhui2019"),
        meaning="meetings that remain, as a share of those planned", most=1,
    )  # fmt: skip
    max_hours: float = quantity(
        2.0, "h/meeting", low=1, high=3, kind="A", meaning="longest meeting, travel not counted", most=24
    )
    attendees: float = quantity(
        0.8, "1", low=0.5, high=1, kind="A", meaning="cadres summoned who remain, as a share", most=1
    )
    travel: float = quantity(
        0.8, "1", low=0.4, high=1, kind="A", meaning="travel that remains since more is held online, as a share", most=1
    )

    translations: ClassVar[Translations] = {
        "zh": {
            "label": "精简会议",
            "meetings": "保留的会议占计划会议的比例",
            "max_hours": "会议最长时长（不含路途）",
            "attendees": "参会干部保留的比例",
            "travel": "因更多线上召开，路途保留的比例",
        }
    }

    def effects(self) -> tuple[Effect, ...]:
        """Fewer meetings, capped in length, with fewer attendees and less travel."""
        return (
            Effect("meeting_share", "scale", self.meetings),
            Effect("meeting_hours_cap", "cap", self.max_hours),
            Effect("meeting_attendees_scale", "scale", self.attendees),
            Effect("meeting_travel_scale", "scale", self.travel),
        )
