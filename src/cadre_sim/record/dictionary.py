"""The data dictionary: every column that a run leaves, with its unit, its meaning and how it is aggregated."""

from __future__ import annotations

from typing import Literal, NamedTuple

from cadre_sim.activities import ACTIVITIES


class Column(NamedTuple):
    """A column of the daily and office tables.

    ``aggregate``: ``sum`` adds up over days and offices; ``mean`` is a mean over cadres on the roll.
    """

    name: str
    unit: str
    meaning: str
    aggregate: Literal["sum", "mean"] = "sum"


_ACTIVITY_MEANINGS = {
    "preparation": "preparing for announced visits",
    "reception": "receiving and escorting inspectors, scouting visits included",
    "rectification": "putting right what visits found",
    "readiness": "standing readiness for inspections",
    "meetings": "meetings to which departments summon, with travel",
    "reports": "report forms, and answers to complaints",
    "evidence": "ledgers, trace-keeping and evidence for evaluations, gold-plating included",
    "certificates": "certificates and stamps",
    "signs": "plaques and wall-posted rules",
    "tasks": "tasks delegated by departments",
    "screens": "apps and chat groups",
    "urgent": "residents' urgent matters",
    "ordinary": "residents' other matters",
    "outreach": "visits to residents that nobody asked for",
    "training": "training in serving residents",
    "other": "study, policy and administrative work",
    "switching": "lost to switching, interruptions and keeping track of open matters",
    "idle": "contracted time without work",
}

COLUMNS: tuple[Column, ...] = (
    *(Column(name, "h", _ACTIVITY_MEANINGS[name]) for name in ACTIVITIES),
    Column("overtime", "h", "hours above contracted hours"),
    Column("contracted", "h", "contracted hours of cadres present"),
    Column("present", "cadre-days", "cadres present"),
    Column("cadres", "cadre-days", "cadres on the roll"),
    Column("visits", "visits", "visits of inspectors; scouting visits are not counted"),
    Column("topics", "topics", "topics inspected: a joint visit has those of several departments"),
    Column("meeting_seats", "seats", "seats in meetings to which offices were summoned"),
    Column("forms", "forms", "report forms received"),
    Column(
        "certificates_asked", "certificates", "certificates that residents asked for, of kinds still in the catalogue"
    ),
    Column("gold_plating", "h", "part of evidence that nobody asked for"),
    Column("missed", "h", "meetings and receptions that nobody had time left for"),
    Column("received", "matters", "matters received"),
    Column("received_urgent", "matters", "urgent matters received"),
    Column("closed", "matters", "matters closed by work"),
    Column("closed_urgent", "matters", "urgent matters closed by work"),
    Column("on_time", "matters", "matters closed by their date, on paper or by work"),
    Column("perfunctory", "matters", "matters closed on paper only"),
    Column("perfunctory_hours", "h", "work left undone on matters that were closed on paper only"),
    Column("open", "matter-days", "matters open at the end of a day"),
    Column("overdue", "matter-days", "matters open past their date at the end of a day"),
    Column("days_to_close", "calendar days", "calendar days that closed matters took, summed"),
    Column("waited", "working days", "working days that closed matters waited for other departments, summed"),
    Column("satisfied", "matters", "matters whose residents are satisfied (expected number)"),
    Column("complaints", "complaints", "complaints of residents"),
    Column("violations", "violations", "violations that arose"),
    Column("found", "violations", "violations found by visits or uncovered by true accusations"),
    Column("hidden", "violation-days", "violations hidden at the end of a day"),
    Column("motivation", "1", "motivation, 0 to 1", "mean"),
    Column("caution", "1", "caution, 0 to 1", "mean"),
    Column("fatigue", "1", "fatigue, 0 to 1", "mean"),
    Column("proactive", "cadre-days", "cadres whose motivation is that of a proactive one"),
    Column("burnt_out", "cadre-days", "cadres who are burnt out"),
    Column("accusations", "accusations", "false accusations"),
    Column("cleared", "accusations", "false accusations that were cleared"),
    Column("accused", "cadre-days", "cadres under a false accusation that is not cleared"),
    Column("quits", "cadres", "cadres who quit"),
    Column("hired", "cadres", "novices who took the place of a cadre who quit"),
    Column("deployed", "cadre-days", "people sent from above, on the roll"),
    Column("office_days", "office-days", "offices, one for each day"),
)

KEPT: dict[str, tuple[Column, ...]] = {
    "by_day": (
        Column("inspection", "h", "preparation, reception, rectification and readiness"),
        Column("meetings", "h", "meetings"),
        Column("paperwork", "h", "reports, evidence, certificates, signs, tasks and screens"),
        Column("service", "h", "urgent and ordinary matters, outreach and training"),
        Column("other", "h", "study, policy and administrative work"),
        Column("switching", "h", "lost to switching"),
        Column("idle", "h", "contracted time without work"),
        Column("present", "cadre-days", "cadres present"),
        Column("visits", "visits", "visits of inspectors"),
        Column("office_days", "office-days", "offices, one for each day"),
    ),
    "by_week": (
        Column("service", "h", "service to residents in a county, in the week that begins on that Monday"),
        Column("present", "cadre-days", "cadres present in a county"),
    ),
    "days_to_close": (
        Column("matters", "matters", "matters closed by work within so many calendar days; 120: or more"),
    ),
    "minds": (Column("cadres", "cadres", "cadres on the roll at the end of a month, in a bin of width 1/40"),),
}
"""Columns of the tables that figures are made of, which are of villages and communities only, by table."""

MEANS: dict[str, str] = {c.name: "cadres" for c in COLUMNS if c.aggregate == "mean"}
"""Columns that are means, and the column of what they are means over."""
