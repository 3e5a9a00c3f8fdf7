"""Names of activities and their groups, of arms, and of kinds: of offices, cadres and parameters."""

from __future__ import annotations

from typing import NamedTuple

from cadre_sim.language import Language, mark


class Label(NamedTuple):
    """A name, and a shorter one for the tables of a terminal, which speaks English."""

    name: str
    short: str = ""

    @property
    def brief(self) -> str:
        """The shorter name, or the name where there is none."""
        return self.short or self.name


ACTIVITY_GROUPS: dict[str, Label] = {
    "meetings": Label(mark("meetings")),
    "paperwork": Label(mark("paperwork")),
    "inspection": Label(mark("inspections")),
    "switching": Label(mark("switching")),
    "other": Label(mark("other work")),
    "idle": Label(mark("idle time")),
    "service": Label(mark("service to residents"), "service"),
}
ACTIVITIES: dict[str, Label] = {
    "preparation": Label(mark("preparing for visits"), "preparation"),
    "reception": Label(mark("receiving visits"), "reception"),
    "rectification": Label(mark("rectification")),
    "readiness": Label(mark("standing readiness"), "readiness"),
    "meetings": ACTIVITY_GROUPS["meetings"],
    "reports": Label(mark("report forms")),
    "evidence": Label(mark("ledgers and evidence"), "evidence"),
    "certificates": Label(mark("certificates")),
    "signs": Label(mark("signs and plaques"), "signs"),
    "tasks": Label(mark("delegated tasks"), "tasks"),
    "screens": Label(mark("apps and chat groups"), "apps"),
    "urgent": Label(mark("urgent matters")),
    "ordinary": Label(mark("ordinary matters")),
    "outreach": Label(mark("outreach")),
    "training": Label(mark("training")),
    "other": ACTIVITY_GROUPS["other"],
    "switching": ACTIVITY_GROUPS["switching"],
    "idle": ACTIVITY_GROUPS["idle"],
}

ARMS: dict[str, str] = {
    "baseline": mark("without reform"),
    "reform": mark("with reform"),
    "run": mark("this run"),
}
ARMS_AS_LINES: dict[str, str] = {**ARMS, "baseline": mark("without reform (dashed)")}
"""Names of arms where each is a line of a figure."""

OFFICE_KINDS: dict[str, str] = {
    "village": mark("village"),
    "community": mark("urban community"),
    "township": mark("township government"),
}
RANKS: dict[str, str] = {
    "village": mark("cadre of the office"),
    "township": mark("township cadre"),
    "deployed": mark("official sent from above"),
    "specialist": mark("specialist sent from above"),
}
"""Ranks of cadres."""
EVIDENCE_KINDS: dict[str, str] = {
    "D": mark("anchored in published figures"),
    "I": mark("inferred from several published figures"),
    "A": mark("assumed, without a source"),
}
"""How well the value of a parameter is founded, by its letter."""
MINDS: dict[str, str] = {
    "motivation": mark("motivation (0 passive compliance to 1 proactive engagement)"),
    "caution": mark("caution (felt risk of blame, 0 to 1)"),
}
"""States of mind, with what the ends of their scale mean."""
OFFICE_DAY: dict[str, str] = {
    "visits": mark("visits of inspectors"),
    "topics": mark("topics inspected"),
    "meeting_seats": mark("seats in meetings to attend"),
    "forms": mark("report forms received"),
    "certificates_asked": mark("certificates asked for"),
    "received": mark("matters received"),
    "received_urgent": mark("of these urgent"),
    "closed": mark("matters closed"),
    "perfunctory": mark("matters closed on paper only"),
    "complaints": mark("complaints"),
    "open": mark("matters open in the evening"),
    "overdue": mark("of these past their date"),
    "found": mark("violations found"),
    "hidden": mark("violations hidden"),
}
"""What is counted at an office on a day, by the column of the data dictionary."""

LONGER_DAYS = "longer days"
"""The source of hours in the ledger that is no activity."""


def source_of_hours(source: str, say: Language) -> str:
    """A row of the ledger: where hours of service came from, a group of activities or :data:`LONGER_DAYS`."""
    if source == LONGER_DAYS:
        return say("from longer days (negative: given back as shorter days)")
    return say("from {activity}", activity=say(ACTIVITY_GROUPS[source].name))


_WITHOUT = ", without its reforms"


def bare_title(title: str) -> tuple[str, bool]:
    """A title without what is added to it for a scenario without its reforms, and whether that was there."""
    return title.removesuffix(_WITHOUT), title.endswith(_WITHOUT)


def title_of(title: str, say: Language) -> str:
    """The title of a scenario; those of the project's own are in the catalogue."""
    bare, without = bare_title(title)
    return say("{title}, without its reforms", title=say(bare)) if without else say(bare)
