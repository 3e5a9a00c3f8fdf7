"""What the report calls metrics and measures, and how many decimals a metric has."""

from __future__ import annotations

from typing import NamedTuple

from cadre_sim.language import Language, mark


class Row(NamedTuple):
    """A metric in a table: its name, label, unit, decimals, and how deep it is indented.

    A metric in percent is a share times 100, and its effect is in percentage points; one without unit says its range.
    """

    metric: str
    label: str
    unit: str
    digits: int = 2
    depth: int = 0

    @property
    def factor(self) -> float:
        """By what a value is multiplied."""
        return 100.0 if self.unit == "%" else 1.0


class Block(NamedTuple):
    """A table of metrics under one heading."""

    title: str
    rows: tuple[Row, ...]


H = mark("h/cadre-week")
_PER_YEAR = mark("per office-year")

BLOCKS: tuple[Block, ...] = (
    Block(mark("Hours of cadres in villages and communities"), (
        Row("service_hours", mark("service to residents"), H),
        Row("urgent_hours", mark("urgent matters"), H, depth=1),
        Row("ordinary_hours", mark("ordinary matters"), H, depth=1),
        Row("outreach_hours", mark("outreach"), H, depth=1),
        Row("training_hours", mark("training"), H, depth=1),
        Row("burden_hours", mark("burden: inspections, meetings, paperwork"), H),
        Row("inspection_hours", mark("inspections"), H, depth=1),
        Row("meetings_hours", mark("meetings"), H, depth=1),
        Row("paperwork_hours", mark("paperwork"), H, depth=1),
        Row("reports_hours", mark("report forms"), H, depth=2),
        Row("evidence_hours", mark("ledgers and evidence"), H, depth=2),
        Row("certificates_hours", mark("certificates"), H, depth=2),
        Row("tasks_hours", mark("delegated tasks"), H, depth=2),
        Row("screens_hours", mark("apps and chat groups"), H, depth=2),
        Row("other_hours", mark("other work"), H),
        Row("switching_hours", mark("switching"), H),
        Row("idle_hours", mark("idle"), H),
        Row("total_hours", mark("hours worked in all"), H),
        Row("overtime_hours", mark("of these overtime"), H, depth=1),
        Row("service_gap", mark("service only on paper"), H),
    )),
    Block(mark("Residents"), (
        Row("on_time_share", mark("matters ended by their date"), "%", 1),
        Row("satisfaction_share", mark("matters with satisfied residents"), "%", 1),
        Row("perfunctory_share", mark("matters closed on paper only"), "%", 2),
        Row("days_to_close", mark("mean days to close a matter"), mark("days"), 2),
        Row("days_to_close_p90", mark("days within which nine of ten are closed"), mark("days"), 1),
        Row("complaints", mark("complaints"), _PER_YEAR, 2),
        Row("service_per_1000", mark("service to 1,000 residents"), mark("h/week"), 2),
    )),
    Block(mark("Cadres of villages and communities"), (
        Row("motivation", mark("motivation, 0 to 1"), "", 3),
        Row("proactive_share", mark("proactive cadres"), "%", 1),
        Row("caution", mark("caution, 0 to 1"), "", 3),
        Row("burnt_out_share", mark("burnt-out cadres"), "%", 1),
        Row("quits", mark("cadres who quit"), mark("per cadre-year"), 4),
    )),
    Block(mark("Oversight and departments"), (
        Row("visits", mark("visits of inspectors"), _PER_YEAR, 1),
        Row("forms", mark("report forms received"), mark("per office-month"), 1),
        Row("hidden_violations", mark("violations that stay hidden"), mark("per office"), 3),
        Row("found_violations", mark("violations found"), _PER_YEAR, 3),
        Row("department_excess", mark("what departments ask for above their plan"), "%", 1),
        Row("watchdog_cases", mark("cases of formalism"), mark("cases"), 1),
    )),
    Block(mark("How it is spread"), (
        Row("worst_tenth_service_hours", mark("service at the tenth of offices with least"), H),
        Row("village_service_hours", mark("service in villages"), H),
        Row("community_service_hours", mark("service in urban communities"), H),
        Row("township_service_hours", mark("service at township governments"), H),
        Row("township_burden_hours", mark("burden at township governments"), H),
        Row("worst_tenth_on_time_share", mark("ended by their date, at the worst tenth of offices"), "%", 1),
        Row("workload_gini", mark("Gini coefficient of weekly hours, 0 to 1"), "", 3),
        Row("overloaded_share", mark("cadres above 48 hours a week"), "%", 1),
        Row("overloaded_offices", mark("offices above 48 hours a week"), "%", 1),
    )),
)  # fmt: skip

CARDS: tuple[Row, ...] = (
    Row("service_hours", mark("service to residents"), H),
    Row("burden_hours", mark("burden: inspections, meetings, paperwork"), H),
    Row("on_time_share", mark("matters ended by their date"), "%", 1),
    Row("hidden_violations", mark("violations that stay hidden"), mark("per office"), 3),
)
"""Metrics at the top of a report: what is gained, what it comes from, what residents see of it, and what it costs."""

SOURCES: dict[str, str] = {
    "inspection": mark("from inspections"),
    "meetings": mark("from meetings"),
    "paperwork": mark("from paperwork"),
    "other": mark("from other work"),
    "switching": mark("from switching"),
    "idle": mark("from idle time"),
    "longer days": mark("from longer days (negative: given back as shorter days)"),
}
"""Rows of the ledger: where hours of service came from."""


_WITHOUT = ", without its reforms"


def bare_title(title: str) -> tuple[str, bool]:
    """A title without what is added to it for a scenario without its reforms, and whether that was there."""
    return title.removesuffix(_WITHOUT), title.endswith(_WITHOUT)


def title_of(title: str, say: Language) -> str:
    """The title of a scenario; those of the project's own are in the catalogue."""
    bare, without = bare_title(title)
    return say("{title}, without its reforms", title=say(bare)) if without else say(bare)
