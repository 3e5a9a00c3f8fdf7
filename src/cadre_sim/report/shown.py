"""Which metrics a report shows, in which order and how deep; what they are called stands in ``labels``."""

from __future__ import annotations

from typing import NamedTuple

from cadre_sim.labels.metrics import MetricRow as Row
from cadre_sim.labels.names import LONGER_DAYS
from cadre_sim.language import mark


class MetricTable(NamedTuple):
    """A table of metrics under one heading."""

    title: str
    rows: tuple[Row, ...]


BLOCKS: tuple[MetricTable, ...] = (
    MetricTable(mark("Hours of cadres in villages and communities"), (
        Row("service_hours"), Row("urgent_hours", 1), Row("ordinary_hours", 1), Row("outreach_hours", 1),
        Row("training_hours", 1),
        Row("burden_hours"), Row("inspection_hours", 1), Row("meetings_hours", 1), Row("paperwork_hours", 1),
        Row("reports_hours", 2), Row("evidence_hours", 2), Row("certificates_hours", 2), Row("tasks_hours", 2),
        Row("screens_hours", 2),
        Row("other_hours"), Row("switching_hours"), Row("idle_hours"),
        Row("total_hours"), Row("overtime_hours", 1),
        Row("service_gap"),
    )),
    MetricTable(mark("Residents"), (
        Row("on_time_share"), Row("satisfaction_share"), Row("perfunctory_share"), Row("days_to_close"),
        Row("days_to_close_p90"), Row("complaints"), Row("service_per_1000"),
    )),
    MetricTable(mark("Cadres of villages and communities"), (
        Row("motivation"), Row("proactive_share"), Row("caution"), Row("burnt_out_share"), Row("quits"),
    )),
    MetricTable(mark("Oversight and departments"), (
        Row("visits"), Row("forms"), Row("hidden_violations"), Row("found_violations"), Row("department_excess"),
        Row("watchdog_cases"),
    )),
    MetricTable(mark("How it is spread"), (
        Row("worst_tenth_service_hours"), Row("village_service_hours"), Row("community_service_hours"),
        Row("township_service_hours"), Row("township_burden_hours"), Row("worst_tenth_on_time_share"),
        Row("workload_gini"), Row("overloaded_share"), Row("overloaded_offices"),
    )),
)  # fmt: skip

CARDS = ("service_hours", "burden_hours", "on_time_share", "hidden_violations")
"""Metrics at the top of a report: what is gained, what it comes from, what residents see of it, and what it costs."""

SOURCES = ("inspection", "meetings", "paperwork", "other", "switching", "idle", LONGER_DAYS)
"""Rows of the ledger: where hours of service came from."""
