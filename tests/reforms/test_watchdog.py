"""Formalism watchdog: reports become cases that a small staff works off, and cases correct departments."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from cadre_sim.scenario.scenario import Scenario
from worlds import Lab, calm, day_of, lab, prints_of, run

NAMES = ("fire", "water", "roads", "schools")
CORRECTION = 0.8
"""The default."""
CREEP = {"excess": 0.6, "excess_creep": 0.0}


def scenario(oversight: dict[str, float] | None = None, **reform: Any) -> Scenario:
    """Four departments of each county with meetings and tasks of their own, which ask for far more than their plan.

    Without reports or corrections, unless the reform has them.
    """
    groups = {
        name: {
            "level": "county",
            "meetings": {"per_year": 10.0 + 10.0 * k, "attendees": 2, "hours": 3.0, "online_share": 1.0},
            "tasks": {"per_month": 1.0 + k % 2, "hours": 5.0},
        }
        for k, name in enumerate(NAMES)
    }
    reforms = {}
    if reform:
        body = {"from": "2025-01-01", "report_rate": 0.0, "corrections": 0}
        reforms["formalism_watchdog"] = body | reform
    return calm(departments=groups, oversight=CREEP | (oversight or {}), reforms=reforms)


class Watched:
    """A run of events to its end: excess and deterrence of each department every evening, and the log."""

    def __init__(self, made: Scenario, seed: int = 1) -> None:
        self.here: Lab = lab(made, seed)
        self.days = self.here.calendar.days
        actors = self.here.events.actors
        self.start = actors.excess.copy()
        excess, deterred = [], []
        for n in range(self.days):
            day_of(self.here.events, n)
            excess.append(actors.excess.copy())
            deterred.append(actors.deterred.copy())
        self.excess, self.deterred = np.array(excess), np.array(deterred)
        self.area = actors.area
        self.place = {
            (name, int(area)): k for k, (name, area) in enumerate(zip(actors.names, actors.area, strict=True))
        }

    def events(self, kind: str) -> list[tuple[int, int]]:
        """Day and department of what the log has of a kind."""
        return [(e.day, self.place[e.name, e.area]) for e in self.here.events.log if e.kind == kind]

    def before(self, day: int) -> np.ndarray:
        """Excess on the evening before a day."""
        return self.start if day == 0 else self.excess[day - 1]


# ---- reports and cases ----


def test_offices_report_at_the_declared_rate() -> None:
    """Rate x offices watched / 100 x excess, where nothing is corrected; half of it at half strength."""
    for more, watched in (({}, 5.0), ({"strength": 0.5}, 2.5), ({"where": {"kinds": ["village"]}}, 4.0)):
        made = scenario(report_rate=3000.0, correction=0.0, deterrence=0.0, **more)
        seen = Watched(made)
        chance = 1.0 - np.exp(-3000.0 / 250.0 * watched / 100.0 * seen.start)
        expected, variance = seen.days * chance.sum(), seen.days * (chance * (1.0 - chance)).sum()
        assert len(seen.events("report")) == pytest.approx(expected, abs=4 * np.sqrt(variance))


@pytest.mark.parametrize(("staff", "case_days"), [(1, 7), (3, 10)])
def test_cases_are_limited_by_the_staff(staff: int, case_days: int) -> None:
    """Every department is reported every day: each investigator closes a case every ``case_days``."""
    seen = Watched(scenario(report_rate=10_000.0, staff=staff, case_days=case_days, correction=0.0, deterrence=0.0))
    closed, opened = seen.events("case closed"), seen.events("case opened")
    assert len(closed) <= staff * seen.days / case_days
    assert len(closed) >= staff * ((seen.days - 5) // case_days)
    for n in range(seen.days):
        assert sum(d <= n for d, _ in opened) - sum(d <= n for d, _ in closed) <= staff


def test_a_case_takes_its_days_and_a_department_has_one_at_a_time() -> None:
    seen = Watched(scenario(report_rate=10_000.0, staff=100, case_days=7, correction=0.0, deterrence=0.0))
    for department in range(8):
        opened = [d for d, which in seen.events("case opened") if which == department]
        closed = [d for d, which in seen.events("case closed") if which == department]
        assert opened
        assert all(b - a >= 7 for a, b in pairwise(opened))
        assert closed == [d + 7 for d in opened if d + 7 < seen.days]


def test_departments_that_keep_to_their_plan_are_not_reported() -> None:
    assert not Watched(scenario({"excess": 0.0}, report_rate=10_000.0)).events("report")


# ---- what a correction does ----


def test_a_correction_ends_its_share_of_the_excess_of_that_department_alone() -> None:
    """Seventy of a hundred parts, on the day on which a case closes; all other days and departments: none."""
    seen = Watched(scenario(report_rate=200.0, staff=2, case_days=10, correction=0.7, deterrence=0.0))
    closed = seen.events("case closed")
    assert len(closed) > 5
    for n in range(seen.days):
        left = np.ones(8)
        for _, department in (c for c in closed if c[0] == n):
            left[department] *= 0.3
        np.testing.assert_allclose(seen.excess[n], seen.before(n) * left, rtol=1e-12)


def test_a_correction_deters_the_others_of_its_area() -> None:
    """Itself as it is corrected, others by 0.2, another county's not at all; a month later half of that is left."""
    where = {"counties": ["North"]}
    oversight = {"deterrence_half_life": 1.0}
    seen = Watched(scenario(oversight, corrections=1, correction_days=20, deterrence=0.2, where=where))
    ((day, department),) = seen.events("correction")
    assert day == 10
    assert not seen.deterred[day - 1].any()
    expected = np.where(seen.area == 1, 0.2, 0.0)
    expected[department] = CORRECTION
    np.testing.assert_allclose(seen.deterred[day], expected)
    review = seen.here.calendar.day_on_or_after(np.datetime64("2025-02-01").item()) + 1
    np.testing.assert_allclose(seen.deterred[review - 1], expected)
    np.testing.assert_allclose(seen.deterred[review], expected / 2.0)


def test_two_corrections_deter_the_others_by_more_but_never_in_full() -> None:
    seen = Watched(scenario(corrections=2, correction_days=10, deterrence=0.2, where={"counties": ["North"]}))
    (_, one), (day, other) = seen.events("correction")
    expected = np.where(seen.area == 1, 0.2 + 0.2 * 0.8, 0.0)
    expected[one] = CORRECTION + 0.2 * (1.0 - CORRECTION)
    expected[other] = CORRECTION
    np.testing.assert_allclose(seen.deterred[day], expected)


def test_the_deterred_ask_for_less_more_each_month() -> None:
    """Excess creeps up by creep / 12 x what is not deterred x what is left of the way to its most."""
    oversight = {"excess_creep": 1.2, "excess_most": 2.0, "deterrence_half_life": 1000.0}
    seen = Watched(scenario(oversight, corrections=1, correction_days=20, deterrence=0.4))
    ((_, department),) = seen.events("correction")
    area = int(seen.area[department])
    review = seen.here.calendar.day_on_or_after(np.datetime64("2025-02-01").item()) + area
    here = seen.area == area
    before = seen.excess[review - 1]
    free = np.where(here, 0.6, 0.0)
    free[department] = 1.0 - CORRECTION
    np.testing.assert_allclose(seen.excess[review], before + 0.1 * free * (1.0 - before / 2.0))


# ---- corrections at once ----


@pytest.mark.parametrize(("number", "days"), [(3, 30), (5, 140), (1, 20)])
def test_corrections_take_place_as_often_as_declared_within_their_days_the_largest_first(
    number: int, days: int
) -> None:
    seen = Watched(scenario(corrections=number, correction_days=days, **{"from": "2025-03-03"}))
    start = seen.here.calendar.day_on_or_after(np.datetime64("2025-03-03").item())
    found = seen.events("correction")
    assert [d for d, _ in found] == [start + int((k + 0.5) * days / number) for k in range(number)]
    hours = np.array([(10.0 + 10.0 * k) * 2 * 3.0 + (1.0 + k % 2) * 12 * 5.0 for k in range(4)]).repeat(2)
    assert [seen.place[name, area] for name in NAMES for area in (1, 2)] == list(range(8))
    assert [d for _, d in found] == np.argsort(-seen.start * hours)[:number].tolist()


def test_no_department_is_corrected_at_once_twice() -> None:
    """There are but eight, so of twenty corrections eight take place."""
    found = Watched(scenario(corrections=20, correction_days=100, correction=0.1, deterrence=0.0)).events("correction")
    assert sorted(d for _, d in found) == list(range(8))


def test_departments_of_other_counties_are_left_alone() -> None:
    seen = Watched(scenario(corrections=8, correction_days=40, report_rate=10_000.0, where={"counties": ["South"]}))
    for kind in ("report", "case closed", "correction"):
        assert {int(seen.area[d]) for _, d in seen.events(kind)} == {2}


def test_nothing_is_reported_or_corrected_before_or_after_the_reform() -> None:
    """What is open at its end is still worked off."""
    made = scenario(
        corrections=100, correction_days=250, report_rate=10_000.0, case_days=5, correction=0.0,
        **{"from": "2025-03-03", "until": "2025-05-30"},
    )  # fmt: skip
    seen = Watched(made)
    start = seen.here.calendar.day_on_or_after(np.datetime64("2025-03-03").item())
    end = seen.here.calendar.day_on_or_after(np.datetime64("2025-05-30").item(), after=True)
    for kind in ("report", "correction"):
        days = [d for d, _ in seen.events(kind)]
        assert days
        assert start <= min(days)
        assert max(days) < end
    assert len(seen.events("case closed")) == len(seen.events("case opened"))


def test_without_strength_nothing_changes() -> None:
    """To the last bit, however much departments ask for."""
    empty = scenario({"excess": 0.6}, strength=0.0, report_rate=10_000.0, corrections=50)
    full = scenario({"excess": 0.6}, report_rate=10_000.0, corrections=50)
    plain = prints_of(run(scenario({"excess": 0.6})))
    assert prints_of(run(empty)) == plain
    assert prints_of(run(full)) != plain
