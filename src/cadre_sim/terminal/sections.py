"""The metrics that the tables of a run and of a comparison show, and in which order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from cadre_sim.record.metrics import HEADLINE
from cadre_sim.record.spread import OVERLOADED


class Row(NamedTuple):
    """A metric in a table: its name, its label and its decimals."""

    metric: str
    label: str
    digits: int


_HOURS = (
    Row("service_hours", "service", 2),
    Row("urgent_hours", "  urgent matters", 2),
    Row("ordinary_hours", "  ordinary matters", 2),
    Row("outreach_hours", "  outreach", 2),
    Row("inspection_hours", "inspection", 2),
    Row("preparation_hours", "  preparation", 2),
    Row("meetings_hours", "meetings", 2),
    Row("paperwork_hours", "paperwork", 2),
    Row("reports_hours", "  reports", 2),
    Row("evidence_hours", "  evidence", 2),
    Row("other_hours", "other", 2),
    Row("switching_hours", "switching", 2),
    Row("idle_hours", "idle", 2),
    Row("total_hours", "total", 2),
    Row("overtime_hours", "  of it overtime", 2),
)
_REST = (
    Row("visits", "visits / office-year", 1),
    Row("forms", "forms / office-month", 1),
    Row("days_to_close", "days to close", 2),
    Row("on_time_share", "share on time", 3),
    Row("perfunctory_share", "share closed on paper", 3),
    Row("complaints", "complaints/office-yr", 2),
    Row("motivation", "motivation (0 to 1)", 3),
    Row("caution", "caution (0 to 1)", 3),
    Row("proactive_share", "share proactive", 3),
    Row("burnt_out_share", "share burnt out", 3),
    Row("quits", "quits / cadre-year", 3),
    Row("satisfaction_share", "share satisfied", 3),
    Row("hidden_violations", "hidden violat./office", 3),
    Row("department_excess", "departments' excess", 3),
    Row("service_per_1000", "service per 1000 res.", 2),
    Row("service_gap", "service only on paper", 2),
)
_TOWNSHIPS = (
    Row("township_service_hours", "service", 2),
    Row("township_burden_hours", "burden", 2),
    Row("township_total_hours", "total", 2),
)
SPREAD = (
    Row("worst_tenth_service_hours", "service, worst tenth", 2),
    Row("village_service_hours", "service, villages", 2),
    Row("community_service_hours", "service, communities", 2),
    Row("deployed_service_hours", "service, deployed", 2),
    Row("specialist_service_hours", "service, specialists", 2),
    Row("worst_tenth_on_time_share", "on time, worst tenth", 3),
    Row("workload_gini", "Gini of workload", 3),
    Row("township_workload_gini", "  at townships", 3),
    Row("overloaded_share", f"share above {OVERLOADED:g} h", 3),
    Row("village_overloaded_share", "  in villages", 3),
    Row("community_overloaded_share", "  in communities", 3),
    Row("deployed_overloaded_share", "  deployed", 3),
    Row("specialist_overloaded_share", "  specialists", 3),
    Row("township_overloaded_share", "  at townships", 3),
    Row("overloaded_offices", "offices above it", 3),
)
"""Not all places have all kinds of cadres: rows of which nothing is known are left out."""
SECTIONS: tuple[tuple[str, tuple[Row, ...]], ...] = (
    ("Villages and communities, hours per cadre-week", _HOURS),
    ("Villages and communities", _REST),
    ("Township governments, hours per cadre-week", _TOWNSHIPS),
    ("How it is spread: service in hours per cadre-week, shares of cadres, offices", SPREAD),
)


def known_rows(frame: pd.DataFrame, columns: Sequence[str]) -> tuple[tuple[str, tuple[Row, ...]], ...]:
    """The sections that have something to show, each with its rows.

    A metric that is undefined is shown so, unless it is of cadres or offices that the place does not have at all.

    Args:
        frame: a row a metric, by its name.
        columns: its levels; a metric of which none is a number is undefined.
    """
    known = frame[list(columns)].notna().any(axis=1)
    found = []
    for title, rows in SECTIONS:
        whole = known[HEADLINE] and rows is not SPREAD and any(known[row.metric] for row in rows)
        kept = rows if whole else tuple(row for row in rows if known[row.metric])
        if kept:
            found.append((title, kept))
    return tuple(found)


def metrics_of(sections: Sequence[tuple[str, tuple[Row, ...]]]) -> list[str]:
    """The metrics of some sections."""
    return [row.metric for _, rows in sections for row in rows]
