"""The metrics that the tables of a run and of a comparison show, and in which order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from cadre_sim.labels.metrics import PER_WEEK, SUBSETS, MetricUnit, Subset, metric_label
from cadre_sim.labels.metrics import MetricRow as Row
from cadre_sim.record.metrics import HEADLINE


class MetricBlock(NamedTuple):
    """Metrics under a title.

    Attributes:
        title: which tells of whom the metrics are.
        rows: the metrics.
        unit: what the title says of those that have it.
        of: whom the title says that they are of, where not of villages and communities.
        optional: whether rows of which nothing is known are left out: not all places have all kinds of cadres.
    """

    title: str
    rows: tuple[Row, ...]
    unit: MetricUnit | None = None
    of: Subset | None = None
    optional: bool = False

    def name(self, row: Row) -> str:
        """The short name of a metric, with what the title does not say; below another, whose it is."""
        label = metric_label(row.metric)
        if label.of is not None and row.depth:
            name = label.of.alone
        else:
            name = label._replace(of=None if label.of is self.of else label.of).brief(unit=label.unit is not self.unit)
        return "  " * (row.depth + 1) + name


BLOCKS = (
    MetricBlock("Villages and communities, hours per cadre-week", (
        Row("service_hours"), Row("urgent_hours", 1), Row("ordinary_hours", 1), Row("outreach_hours", 1),
        Row("inspection_hours"), Row("preparation_hours", 1),
        Row("meetings_hours"),
        Row("paperwork_hours"), Row("reports_hours", 1), Row("evidence_hours", 1),
        Row("other_hours"), Row("switching_hours"), Row("idle_hours"),
        Row("total_hours"), Row("overtime_hours", 1),
        Row("service_gap"),
    ), PER_WEEK),
    MetricBlock("Villages and communities", (
        Row("visits"), Row("forms"), Row("days_to_close"), Row("on_time_share"), Row("perfunctory_share"),
        Row("complaints"), Row("satisfaction_share"), Row("service_per_1000"),
        Row("motivation"), Row("caution"), Row("proactive_share"), Row("burnt_out_share"), Row("quits"),
        Row("hidden_violations"), Row("department_excess"),
    )),
    MetricBlock("Township governments, hours per cadre-week", (
        Row("township_service_hours"), Row("township_burden_hours"), Row("township_total_hours"),
    ), PER_WEEK, SUBSETS["township"]),
    MetricBlock("How it is spread: service in hours per cadre-week, % of matters, cadres, offices", (
        Row("worst_tenth_service_hours"), Row("village_service_hours"), Row("community_service_hours"),
        Row("deployed_service_hours"), Row("specialist_service_hours"),
        Row("worst_tenth_on_time_share"),
        Row("workload_gini"), Row("township_workload_gini", 1),
        Row("overloaded_share"), Row("village_overloaded_share", 1), Row("community_overloaded_share", 1),
        Row("deployed_overloaded_share", 1), Row("specialist_overloaded_share", 1),
        Row("township_overloaded_share", 1),
        Row("overloaded_offices"),
    ), PER_WEEK, optional=True),
)  # fmt: skip
"""The tables; what metrics are called, their units and decimals stand in ``labels``."""


def known_rows(frame: pd.DataFrame, columns: Sequence[str]) -> tuple[MetricBlock, ...]:
    """The blocks that have something to show, each with its rows.

    A metric that is undefined is shown so, unless it is of cadres or offices that the place does not have at all.

    Args:
        frame: a row a metric, by its name.
        columns: its levels; a metric of which none is a number is undefined.
    """
    known = frame[list(columns)].notna().any(axis=1)
    found = []
    for block in BLOCKS:
        whole = known[HEADLINE] and not block.optional and any(known[row.metric] for row in block.rows)
        kept = block.rows if whole else _known(block.rows, known)
        if kept:
            found.append(block._replace(rows=kept))
    return tuple(found)


def _known(rows: Sequence[Row], known: pd.Series[bool]) -> tuple[Row, ...]:
    """The rows of which something is known; one without the row above it, below which it stands, stands for itself."""
    found = []
    with_parent = True
    for row in rows:
        if row.depth == 0:
            with_parent = bool(known[row.metric])
        if known[row.metric]:
            found.append(row if with_parent else row._replace(depth=0))
    return tuple(found)


def metrics_of(blocks: Sequence[MetricBlock]) -> list[str]:
    """The metrics of some blocks."""
    return [row.metric for block in blocks for row in block.rows]
