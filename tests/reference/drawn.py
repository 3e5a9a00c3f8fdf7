"""Worlds in which the two models are compared: random ones, and busy ones in which every measure has work to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from cadre_sim.scenario.scenario import Scenario
from reference.model import ReferenceModel
from worlds import reform, reforms, scenarios, with_reforms

LIVELY = {"quits": 20.0, "vacancy_days": 2, "false_accusations": 200.0, "accusation_days": 100.0}
"""Minds that let happen within weeks what takes years."""


@st.composite
def worlds(draw: st.DrawFn, key: str) -> Scenario:
    """A small world with a measure and perhaps others; in half of them much befalls cadres."""
    scenario = draw(scenarios())
    if key == "name_clearing" or draw(st.booleans()):
        minds = scenario.behaviour.minds.model_copy(update=LIVELY)
        behaviour = scenario.behaviour.model_copy(update={"minds": minds})
        scenario = scenario.model_copy(update={"behaviour": behaviour})
    laid_over = draw(reforms(scenario))
    if key not in laid_over:
        laid_over[key] = draw(reform(scenario, key, list(laid_over), own_where=True))
    return with_reforms(scenario, laid_over)


PLANS: dict[str, Any] = {
    "campaigns": {"per_year": 14.0, "coverage": 0.8, "notice": 3, "follow_up": 0.9, "topics": 2},
    "meetings": {"per_year": 40.0, "travel_hours": 1.5, "online_share": 0.3},
    "forms": {"per_month": 4.0},
    "tasks": {"per_month": 3.0},
}
SEASON = {"first_month": 1, "last_month": 1}
FEW: dict[str, dict[str, Any]] = {
    "talent_deployment": {"number": 12, "term": 20, "specialists": 0.7},
    "formalism_watchdog": {"report_rate": 500.0, "case_days": 3, "corrections": 4, "correction_days": 20, "staff": 2},
    "joint_inspection": {"share": 0.9},
    "inspection_quota": {"visits_per_month": 1.0},
}
"""What makes a measure fit the size of the busy world."""


def busy(laid_over: Mapping[str, Mapping[str, Any]], **sections: Any) -> Scenario:
    """Two counties from the end of December to the end of February, in which all that the model knows happens often."""
    county = {"residents": 5000, "offices": 3, "communities": 1, "townships": 1}
    content = {
        "period": {"start": date(2024, 12, 23), "end": date(2025, 2, 28)},
        "place": {"counties": [{"name": name, **county} for name in ("North", "South")]},
        "staff": {"cadres_per_office": 3, "cadres_per_township": 5, "absence": 0.1},
        "demand": {"matters": 900.0, "knowhow_days": 50.0},
        "behaviour": {
            "overdue_complaint": 0.3,
            "minds": {"quits": 1.0, "false_accusations": 3.0, "vacancy_days": 8, "accusation_days": 20.0},
        },
        "integrity": {"violations": 3.0, "detection": 0.2, "uncovering": 5.0, "lapse_days": 60.0, "surprise": 0.5},
        "oversight": {
            "excess": 0.5, "rebound": 0.5, "rebound_months": 1.0, "rectification_days": 5, "complaint_threshold": 2.0,
            "trigger_rest": 10, "joint_window": 20,
        },
        "departments": {
            "bureaus": {"level": "city", "number": 2, **PLANS, "evaluations": SEASON},
            "assessors": {"level": "city", "evaluations": SEASON | {"comprehensive": True}},
            "offices": {"level": "county", "number": 2, **PLANS, "evaluations": SEASON},
            "stations": {"level": "township", **PLANS, "evaluations": SEASON},
        },
    }  # fmt: skip
    return Scenario.model_validate(content | sections | {"reforms": laid_over})


def body(key: str, first: str = "2024-12-30", **more: Any) -> dict[str, Any]:
    """A reform by its measure, as the busy world has it."""
    return {"from": first, **FEW.get(key, {}), **more}


UNITS = """\
county,township,name,kind,residents,cadres
North,Hill,Upper,village,900,3
South,River,Bank,community,2500,1
North,Lake,Shore,village,1200,0
North,Hill,Hill,township,2100,6
South,River,River,township,4000,2
North,Hill,Lower,village,0,2
North,Lake,Lake,township,1200,0
South,River,Ford,village,1500,4
"""
"""A table whose counties and townships are mixed up, with offices without cadres and one without residents."""


def of_table(folder: Path) -> Scenario:
    """The busy world in the place of a units table, with people sent into offices that have nobody."""
    path = folder / "units.csv"
    path.write_text(UNITS, encoding="utf-8")
    return busy({"talent_deployment": body("talent_deployment", number=9)}, place={"units": str(path)})


def features(slow: ReferenceModel) -> Iterator[str]:
    """What happened in a run of the reference model, of all that the two models should be compared in."""
    scenario, calendar = slow.described, slow.calendar
    for force in slow.policies.reforms:
        rows = range(len(slow.place.offices))
        if any(force.strength(row, t) > 0 for row in rows for t in range(calendar.days)):
            yield type(force.measure).key
    if any(date.weekday() >= 5 for date in calendar.dates):
        yield "a working weekend"
    if scenario.calendar.country != "CN":
        yield "another country"
    if calendar.year(0) != calendar.year(calendar.days - 1):
        yield "the turn of a year"
    totals: Counter[str] = Counter()
    for counts in (counts for day in slow.counts for counts in day):
        totals.update({name: 1 for name, value in counts.items() if value > 0})
        totals["nobody present"] += counts["present"] == 0
        totals["one cadre"] += counts["cadres"] == 1
        totals["overloaded"] += counts["overdue"] > 20
        totals["visits of several topics"] += counts["topics"] > counts["visits"]
    yield from (name for name, count in totals.items() if count > 0)


WANTED = {
    "a working weekend", "another country", "the turn of a year", "nobody present", "one cadre", "overloaded",
    "visits of several topics", "forms", "tasks", "meetings", "missed", "rectification", "preparation", "perfunctory",
    "complaints", "violations", "found", "accusations", "accused", "cleared", "quits", "hired", "deployed", "waited",
    "gold_plating", "outreach", "idle", "overtime",
}  # fmt: skip
"""What must happen somewhere among the worlds that are drawn, beside every measure in force."""
