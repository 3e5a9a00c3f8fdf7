"""Names of metrics, each with its unit, which way is better, and how many decimals are worth showing."""

from __future__ import annotations

from typing import NamedTuple

from cadre_sim.labels.names import ACTIVITIES, ACTIVITY_GROUPS
from cadre_sim.language import Language, mark

UP, DOWN = 1, -1


class MetricUnit(NamedTuple):
    """A unit as the data dictionary spells it, as people read it, and as it stands behind a short name.

    What is read in another unit than it is kept in (a share, in percent) is multiplied by ``factor``.
    """

    name: str
    shown: str = ""
    short: str = ""
    factor: float = 1.0


PER_WEEK = MetricUnit("h/cadre-week", mark("h/cadre-week"), "h/cadre-week")
SHARE = MetricUnit("1", "%", "%", 100.0)
INDEX = MetricUnit("1", short="(0-1)")
"""A number from 0 to 1 that is no share: its name says so."""
PER_THOUSAND = MetricUnit("h/week/1000 residents", mark("h/week"), "h/wk/1000 res")
DAYS = MetricUnit("days", mark("days"))


def _a_year(what: str) -> MetricUnit:
    return MetricUnit(f"{what}/office-year", mark("per office-year"), "/office-yr")


def _in_office(what: str) -> MetricUnit:
    return MetricUnit(f"{what}/office", mark("per office"), "/office")


class Subset(NamedTuple):
    """Of whom a metric is, where not of all villages and communities: its name with the metric's, and alone."""

    whole: str
    short: str
    alone: str


class MetricLabel(NamedTuple):
    """What is said of a metric beside its value.

    Attributes:
        name: what it is.
        short: the same in at most 21 characters, its unit included.
        unit: its unit.
        better: which way is good for residents and cadres: 1 up, -1 down, 0 neither.
        digits: decimals that are worth showing, in the unit that is shown.
        of: whom it is of, where not of all villages and communities.
    """

    name: str
    short: str
    unit: MetricUnit
    better: int = 0
    digits: int = 2
    of: Subset | None = None

    def said(self, say: Language) -> str:
        """Its name in a language."""
        return say(self.name) if self.of is None else say(self.of.whole, metric=say(self.name))

    def said_unit(self, say: Language) -> str:
        """Its unit in a language."""
        return say(self.unit.shown)

    def said_change(self, say: Language) -> str:
        """The unit of a difference between two of its values."""
        return say("percentage points") if self.unit.shown == "%" else self.said_unit(say)

    def brief(self, *, unit: bool = True) -> str:
        """Its short English name, with its unit unless that is said elsewhere."""
        name = self.short if self.of is None else self.of.short.format(metric=self.short)
        return f"{name} {self.unit.short}".strip() if unit else name


SUBSETS: dict[str, Subset] = {
    "township": Subset(mark("{metric}, township governments"), "{metric}, townships", "townships"),
    "village": Subset(mark("{metric}, villages"), "{metric}, villages", "villages"),
    "community": Subset(mark("{metric}, urban communities"), "{metric}, communities", "communities"),
    "deployed": Subset(mark("{metric}, officials sent from above"), "{metric}, officials", "officials sent"),
    "specialist": Subset(mark("{metric}, specialists sent from above"), "{metric}, specialists", "specialists sent"),
}
"""Of whom a metric is whose name begins so, where the rest of its name is that of a metric."""

_GROUPS_BETTER = {"inspection": DOWN, "meetings": DOWN, "paperwork": DOWN, "switching": DOWN, "service": UP}
_HOURS = {
    f"{key}_hours": MetricLabel(label.name, label.brief, PER_WEEK, _GROUPS_BETTER.get(key, 0))
    for key, label in {**ACTIVITIES, **ACTIVITY_GROUPS}.items()
}
METRICS: dict[str, MetricLabel] = {
    **_HOURS,
    "total_hours": MetricLabel(mark("hours worked in all"), "total", PER_WEEK),
    "burden_hours": MetricLabel(mark("burden: inspections, meetings, paperwork"), "burden", PER_WEEK, DOWN),
    "overtime_hours": MetricLabel(mark("overtime"), "overtime", PER_WEEK, DOWN),
    "reported_service_hours": MetricLabel(mark("service as reports show it"), "service in reports", PER_WEEK),
    "service_gap": MetricLabel(mark("service only on paper"), "service only on paper", PER_WEEK, DOWN),
    "service_per_1000": MetricLabel(mark("service to 1,000 residents"), "service", PER_THOUSAND, UP),
    "matters": MetricLabel(
        mark("matters received"), "matters",
        MetricUnit("matters/office-week", mark("per office-week"), "/office-week"), 0, 1,
    ),
    "open_matters": MetricLabel(mark("matters open"), "open matters", _in_office("matters"), 0, 1),
    "urgent_resolved": MetricLabel(
        mark("urgent matters closed by work"), "urgent closed", MetricUnit("matters", mark("matters")), UP, 0
    ),
    "on_time_share": MetricLabel(mark("matters ended by their date"), "ended on time", SHARE, UP, 1),
    "satisfaction_share": MetricLabel(mark("matters with satisfied residents"), "residents satisfied", SHARE, UP, 1),
    "perfunctory_share": MetricLabel(mark("matters closed on paper only"), "closed on paper", SHARE, DOWN, 2),
    "days_to_close": MetricLabel(mark("mean days to close a matter"), "days to close", DAYS, DOWN, 2),
    "days_to_close_p90": MetricLabel(
        mark("days within which nine of ten are closed"), "days, nine of ten", DAYS, DOWN, 1
    ),
    "waiting_days": MetricLabel(
        mark("mean wait for other departments"), "days waited",
        MetricUnit("working days", mark("working days")), DOWN, 2,
    ),
    "complaints": MetricLabel(mark("complaints"), "complaints", _a_year("complaints"), DOWN, 2),
    "motivation": MetricLabel(mark("motivation, 0 to 1"), "motivation", INDEX, UP, 3),
    "caution": MetricLabel(mark("caution, 0 to 1"), "caution", INDEX, DOWN, 3),
    "fatigue": MetricLabel(mark("fatigue, 0 to 1"), "fatigue", INDEX, DOWN, 3),
    "proactive_share": MetricLabel(mark("proactive cadres"), "proactive cadres", SHARE, UP, 1),
    "burnt_out_share": MetricLabel(mark("burnt-out cadres"), "burnt-out cadres", SHARE, DOWN, 1),
    "accused_share": MetricLabel(mark("falsely accused cadres"), "falsely accused", SHARE, DOWN, 2),
    "quits": MetricLabel(
        mark("cadres who quit"), "quits", MetricUnit("quits/cadre-year", mark("per cadre-year"), "/cadre-year"), DOWN, 3
    ),
    "deployed": MetricLabel(mark("people sent from above"), "people sent", _in_office("persons")),
    "visits": MetricLabel(mark("visits of inspectors"), "visits", _a_year("visits"), DOWN, 1),
    "topics": MetricLabel(mark("topics inspected"), "topics", _a_year("topics"), 0, 1),
    "forms": MetricLabel(
        mark("report forms received"), "forms",
        MetricUnit("forms/office-month", mark("per office-month"), "/office-month"), DOWN, 1,
    ),
    "violations": MetricLabel(mark("violations that arise"), "violations", _a_year("violations"), DOWN, 3),
    "found_violations": MetricLabel(mark("violations found"), "found viol", _a_year("violations"), 0, 3),
    "hidden_violations": MetricLabel(
        mark("violations that stay hidden"), "hidden viol.", _in_office("violations"), DOWN, 3
    ),
    "department_excess": MetricLabel(
        mark("requests of departments above their plan"), "asked above plan", SHARE, DOWN, 1
    ),
    "watchdog_cases": MetricLabel(mark("cases of formalism"), "cases", MetricUnit("cases", mark("cases")), 0, 1),
    "watchdog_corrections": MetricLabel(
        mark("meetings and tasks corrected at once"), "corrections",
        MetricUnit("corrections", mark("corrections")), 0, 1,
    ),
    "worst_tenth_service_hours": MetricLabel(
        mark("service at the tenth of offices with least"), "service, worst tenth", PER_WEEK, UP
    ),
    "worst_tenth_on_time_share": MetricLabel(
        mark("ended by their date, at the worst tenth of offices"), "worst tenth on time", SHARE, UP, 1
    ),
    "workload_gini": MetricLabel(
        mark("Gini coefficient of weekly hours, 0 to 1"), "workload Gini", INDEX, DOWN, 3
    ),
    "overloaded_share": MetricLabel(mark("cadres above 48 hours a week"), "above 48 h a week", SHARE, DOWN, 1),
    "overloaded_offices": MetricLabel(mark("offices above 48 hours a week"), "offices above 48 h", SHARE, DOWN, 1),
}  # fmt: skip
"""Metrics of villages and communities, of all offices and of departments, by name."""


def metric_label(name: str) -> MetricLabel:
    """What a metric is called, also one of some cadres or offices only, such as ``township_service_hours``."""
    if name in METRICS:
        return METRICS[name]
    whose, _, rest = name.partition("_")
    return METRICS[rest]._replace(of=SUBSETS[whose])


class MetricRow(NamedTuple):
    """A metric in a table, and how deep it is indented."""

    metric: str
    depth: int = 0
