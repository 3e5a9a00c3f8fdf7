"""Inspection quota: a limit to the planned visits of an office in a calendar month."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from cadre_sim.scenario.scenario import Scenario
from worlds import Lab, calm, day_of, lab


def scenario(departments: dict[str, Any] | None = None, **reform: Any) -> Scenario:
    """Campaigns of all three levels, many a month, under a quota; or other departments."""
    plan = {"campaigns": {"per_year": 60.0, "coverage": 0.9, "scouting": 0.0, "visits_per_day": 2}}
    every = {level: {"level": level, **plan} for level in ("city", "county", "township")}
    reforms = {"inspection_quota": {"from": "2025-01-01"} | reform} if reform else {}
    return calm(departments=every if departments is None else departments, reforms=reforms)


def monthly(here: Lab) -> np.ndarray:
    """Visits by (month, office)."""
    visits = np.array([day_of(here.events, n).visits for n in range(here.calendar.days)])
    return np.array([visits[here.calendar.month == month].sum(axis=0) for month in range(1, 13)])


@pytest.mark.parametrize("quota", [1, 3, 8])
def test_no_office_has_more_planned_visits_in_a_month_than_its_quota(quota: int) -> None:
    """Without it each village has eight at least; with it, each is at the quota in every month."""
    plain, capped = monthly(lab(scenario())), monthly(lab(scenario(visits_per_month=quota)))
    assert plain[:, :4].min() >= 8
    assert capped.max() == quota
    assert (capped[:, :4] == quota).all()


def test_a_quota_that_nobody_reaches_changes_nothing() -> None:
    assert (monthly(lab(scenario(visits_per_month=100))) == monthly(lab(scenario()))).all()


def test_the_first_visits_of_a_month_are_those_that_take_place() -> None:
    """Under a quota of one the earliest visit remains, or one a few days later whose campaign had opened before."""
    here, free = lab(scenario(visits_per_month=1)), lab(scenario())
    days = [(day_of(here.events, n).visits > 0, day_of(free.events, n).visits > 0) for n in range(here.calendar.days)]
    assert all((capped <= plain).all() for capped, plain in days)
    january = here.calendar.month == 1
    firsts = [np.argmax(np.array([d[k] for d in days])[january], axis=0) for k in range(2)]
    assert (firsts[0] - firsts[1])[:4].max() <= 5


def test_a_half_applied_quota_lets_through_twice_as_much() -> None:
    assert monthly(lab(scenario(visits_per_month=3, strength=0.5))).max() == 6


def test_from_a_date_and_in_one_county_only() -> None:
    """North is limited from July on, South never."""
    here = lab(scenario(visits_per_month=2, where={"counties": ["North"]}))
    assert monthly(here)[:, :5].max() == 2
    later = monthly(lab(_from(scenario(visits_per_month=2, where={"counties": ["North"]}), "2025-07-01")))
    assert later[:6, :4].min() > 5
    assert later[7:, :5].max() == 2
    assert later[:, 5:9].min() > 5


def _from(made: Scenario, first: str) -> Scenario:
    content = made.to_dict()
    content["reforms"]["inspection_quota"]["from"] = first
    return Scenario.model_validate(content)


def test_inspections_that_complaints_call_are_counted_but_not_stopped() -> None:
    """With a quota of one, an office that was called on in the first days of May has no planned visit in May."""
    here = lab(scenario(visits_per_month=1))
    first = here.calendar.day_on_or_after(date(2025, 5, 1))
    last = here.calendar.day_on_or_after(date(2025, 6, 1))
    visits = [day_of(here.events, n).visits for n in range(first)]
    full = np.flatnonzero(here.events.context.bookings.in_month(np.arange(10), np.full(10, first)) > 0)
    here.events.trigger(first - 1, np.array([0, 5]))
    visits += [day_of(here.events, n).visits for n in range(first, last)]
    assert np.array(visits)[first + 1, [0, 5]].min() >= 1.0
    in_may = np.array(visits)[first:].sum(axis=0)
    assert in_may[0] == (2.0 if 0 in full else 1.0)


def test_a_quota_that_is_no_whole_number_is_not_exceeded() -> None:
    """Three visits in two months are at most one in each; the bound of the range is 8.7 a month."""
    assert monthly(lab(scenario(visits_per_month=1.5))).max() <= 1.5


def test_the_visit_of_an_evaluation_is_counted_but_not_stopped() -> None:
    """One season in November and a quota of one: campaigns that opened in October have filled it at some offices, and
    there the evaluation is a second visit; elsewhere it is the only one.
    """
    plan = {"campaigns": {"per_year": 60.0, "coverage": 0.2}, "evaluations": {"first_month": 11, "last_month": 11}}
    visits = monthly(lab(scenario({"bureau": {"level": "county", **plan}}, visits_per_month=1)))
    assert set(visits[10].tolist()) == {1.0, 2.0}
    assert visits[:10].max() == 1.0
