"""The two models agree also in worlds where something rarely happens, each made for what a fault could hide behind."""

from __future__ import annotations

from datetime import date

from reference.drawn import PLANS, body, busy
from reference.test_agreement import check


def test_seasons_of_which_a_run_sees_a_part() -> None:
    """One that began before the run, one that goes on after it, one of twelve months, visits spread over other days."""
    seasons = {
        "begun": {"first_month": 12, "last_month": 1, "visiting_days": 3},
        "cut": {"first_month": 2, "last_month": 3},
        "whole": {"first_month": 1, "last_month": 2, "visiting_days": 7},
        "endless": {"first_month": 2, "last_month": 1},
    }
    departments = {
        f"{name} {level}": {"level": level, "evaluations": {"evidence_hours": 20.0, **season}}
        for name, season in seasons.items()
        for level in ("city", "county", "township")
    }
    check(busy({"assessment_streamlining": body("assessment_streamlining", "2025-01-20")}, departments=departments))


def test_departments_that_come_to_ask_for_more_than_their_plan() -> None:
    """They keep to it until their first review, so that nothing is corrected before, and one of them each day then."""
    reform = body("formalism_watchdog", "2024-12-23", report_rate=0.0, corrections=35, correction_days=35)
    departments = {"bureau": {"level": "city", **PLANS}, "stations": {"level": "township", **PLANS}}
    never_more = {"excess": 0.0, "excess_creep": 2.0, "topic_economy": 0.7}
    for chosen in ("bureau", "stations"):
        scenario = busy({"formalism_watchdog": reform}, departments={chosen: departments[chosen]}, oversight=never_more)
        assert "formalism_watchdog" in check(scenario)


def test_all_certificates_gone() -> None:
    """More kinds are removed than the catalogue has, in one county by and by."""
    demand = {"certificates": 900.0, "certificate_kinds": 7}
    check(busy({"certificate_removal": body("certificate_removal", kinds=9, ramp=20)}, demand=demand))


def test_a_run_of_three_years_and_few_days() -> None:
    """Plans of years of which the run sees one day, a part and all."""
    period = {"start": date(2023, 12, 29), "end": date(2025, 1, 3)}
    check(busy({}, period=period, place={"counties": [{"name": "A", "residents": 900, "offices": 1, "townships": 1}]}))


def test_reports_on_the_first_day_of_a_watchdog() -> None:
    """Most departments are reported on most days, from the first on, each day after the reviews of that day."""
    reform = body("formalism_watchdog", report_rate=10_000.0, corrections=0)
    check(busy({"formalism_watchdog": reform}, oversight={"excess": 1.0, "excess_most": 10.0}))


def test_categories_without_a_share_have_the_same() -> None:
    """Four of them, of which no scenario says how frequent they are."""
    categories = {f"of {k} parts": {"share": 0.0, "hours": 0.5 * k, "waits": 0.1 * k} for k in range(1, 5)}
    check(busy({}, demand={"matters": 900.0, "categories": categories}))
