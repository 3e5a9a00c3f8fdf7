"""What comes from above: campaigns that are announced and wait for teams, findings and what follows, evaluations."""

from __future__ import annotations

import math
from collections.abc import Generator
from datetime import date
from typing import Any

import numpy as np
import pytest
import simpy
from hypothesis import given, settings
from hypothesis import strategies as st

from cadre_sim.activities import PREPARATION, RECTIFICATION
from cadre_sim.events.context import EventContext
from cadre_sim.events.orders import FORM_ORDER, MEETING_ORDER, TASK_ORDER, Orders
from cadre_sim.events.run import EventRun
from cadre_sim.events.teams import FOLLOW_UP, TRIGGERED, URGENT, USUAL, Tours
from cadre_sim.levels import LEVELS
from cadre_sim.scenario.departments import CampaignPlan
from cadre_sim.scenario.scenario import Scenario
from worlds import VILLAGES, Asked, Lab, asked_on, calm, day_of, lab, open_campaign, scenarios, times

drawn = settings(max_examples=40, deadline=None, derandomize=True)
NORTH = 1  # number of the first county's area in :func:`calm`
ALL = np.arange(10)
ONE_TEAM = {"city": 1, "county": 1, "township": 1}
"""Teams for a hundred offices; every area has one at least, so this is one team an area."""


def played(here: Lab) -> list[Orders]:
    """All days of a run of events."""
    return [day_of(here.events, n) for n in range(here.calendar.days)]


def visits_of(days: list[Orders]) -> np.ndarray:
    """Visits by (day, office)."""
    return np.array([orders.visits for orders in days])


def asked(days: list[Orders], kind: int) -> list[Asked]:
    return [a for n, orders in enumerate(days) for a in asked_on(n, orders) if a.kind == kind]


def one_campaign(level: str = "county", oversight: dict[str, Any] | None = None, **plan: Any) -> Scenario:
    """A department of each area of a level with one campaign to every office, if ``plan`` says nothing else."""
    empty = calm()
    body = {"per_year": times(1.0, empty) + 1e-9, "coverage": 1.0, "scouting": 0.0} | plan
    return calm(departments={"bureau": {"level": level, "campaigns": body}}, oversight=oversight or {})


# ---- the clock ----


@pytest.mark.parametrize(("time", "day"), [(3.0, 3), (3.5, 3), (np.nextafter(4.0, 0.0), 3), (4.0, 4)])
def test_what_happens_at_time_t_belongs_to_day_t(time: float, day: int) -> None:
    """SimPy's clock counts working days: day 3 is the time from 3.0 up to, not including, 4.0."""
    here = lab(calm())

    def visitor(context: EventContext) -> Generator[simpy.Event, object, None]:
        yield context.env.timeout(time)
        context.inbox.visit(np.array([context.today]), np.array([2]), 1, 1, 0.0)

    here.events.context.env.process(visitor(here.events.context))
    seen = visits_of([day_of(here.events, n) for n in range(6)])
    assert np.argwhere(seen).tolist() == [[day, 2]]


def test_without_departments_nothing_comes_from_above() -> None:
    days = played(lab(calm()))
    assert not visits_of(days).any()
    assert not any(orders.kind.size or orders.office_kind.size for orders in days)


# ---- campaigns ----


@pytest.mark.parametrize("notice", [0, 1, 5, 12])
def test_notice_opens_preparation_that_many_days_ahead(notice: int) -> None:
    """Each office is asked for preparation once, ``notice`` working days before its visit and due on its day; without
    notice it is asked on the day itself, for an eighth of it.
    """
    here = lab(one_campaign(notice=notice, preparation_hours=16.0, unannounced_preparation=0.125))
    days = played(here)
    when = {int(u): int(n) for n, u in np.argwhere(visits_of(days))}
    found = {a.office: a for a in asked(days, PREPARATION)}
    assert when.keys() == found.keys() == set(range(10))
    for u, day in when.items():
        assert found[u].due == day
        assert found[u].day == max(0, day - notice)
        assert found[u].hours == (16.0 if notice else 2.0) * here.world.offices.load[u]


def test_a_campaign_begins_on_its_first_day_and_visits_some_offices_a_day() -> None:
    """A county's four villages and its township, two a day: three days on end, in the order of the route."""
    here = lab(one_campaign(visits_per_day=2))
    seen = visits_of(played(here))
    campaigns = here.events.context.plan.campaigns
    for area, start in zip(campaigns.area, campaigns.start, strict=True):
        first = 5 * (area - 1)
        expected = [[start + k // 2, first + k] for k in range(5)]
        rows = [[n, first + u] for n, u in np.argwhere(seen[:, first : first + 5]).tolist()]
        assert rows == expected


def test_a_visit_takes_the_hours_of_its_escorts() -> None:
    """Two escorts for four hours, ten times as many at a township government; three topics take less than three times
    the hours.
    """
    plan = {"escorts": 2, "reception_hours": 4.0, "topics": 3}
    here = lab(one_campaign(oversight={"topic_economy": 0.7}, **plan))
    days = played(here)
    seats = np.sum([orders.reception_seats for orders in days], axis=0)
    hours = np.sum([orders.reception_hours for orders in days], axis=0)
    assert seats.tolist() == [2.0] * 4 + [20.0] + [2.0] * 4 + [20.0]
    np.testing.assert_allclose(hours, seats * 4.0 * 3.0**0.7)


def test_scouts_precede_visits_and_are_not_visits() -> None:
    """Where every announced visit is scouted, two days before it half of its reception is taken once more."""
    here = lab(one_campaign(notice=5, scouting=1.0, escorts=2, reception_hours=4.0))
    days = played(here)
    seen = visits_of(days)
    received = np.array([orders.reception_hours for orders in days])
    assert seen.sum() == 10
    for day, u in np.argwhere(seen):
        assert received[day, u] == 8.0 * here.world.offices.load[u]
        assert received[day - 2, u] == 4.0 * here.world.offices.load[u]
    assert np.count_nonzero(received) == 20


def test_an_unannounced_visit_has_no_scouts() -> None:
    days = played(lab(one_campaign(notice=0, scouting=1.0)))
    assert np.count_nonzero([orders.reception_hours for orders in days]) == 10


def test_coverage_is_the_share_of_offices_that_a_campaign_visits() -> None:
    """And each campaign draws its offices anew."""
    scenario = one_campaign(per_year=200.0, coverage=0.3)
    seen = visits_of(played(lab(scenario))).sum(axis=0)
    planned = lab(scenario).events.context.plan.campaigns.start.size / 2
    assert seen.mean() == pytest.approx(0.3 * planned, rel=0.1)
    assert seen.std() > 1.0


@pytest.mark.parametrize(("level", "visited"), [("city", range(10)), ("county", range(10)), ("township", VILLAGES)])
def test_a_township_does_not_inspect_itself(level: str, visited: Any) -> None:
    """City and county visit townships too; a township's sections visit its villages only."""
    plain = one_campaign(level)
    evaluated = calm(departments={"bureau": {"level": level, "evaluations": {}}})
    for scenario in (plain, evaluated):
        seen = visits_of(played(lab(scenario))).sum(axis=0)
        assert np.flatnonzero(seen).tolist() == list(visited)


# ---- teams ----


def test_teams_never_make_more_visits_a_day_than_they_can() -> None:
    """Two teams of a county, one visit a day each, and a campaign to five offices every day: once there is a queue,
    every day brings two visits to each county, no more and no fewer.
    """
    oversight = {"teams": {"county": 40}}  # a hundred offices; a county of the calm city has five
    here = lab(one_campaign(oversight=oversight, per_year=250.0, visits_per_day=1, tour=1))
    seen = visits_of(played(here))
    by_county = np.stack([seen[:, :5].sum(axis=1), seen[:, 5:].sum(axis=1)], axis=1)
    assert by_county.max() == 2
    assert (by_county[5:] == 2).all()
    assert any(got > wanted for _, wanted, got in waits(here.events))


@drawn
@given(scenario=scenarios())
def test_no_more_teams_are_away_than_a_level_has(scenario: Scenario) -> None:
    """At any moment of any run, and no tour starts before it has asked for its team."""
    here = lab(scenario)
    per_office = [getattr(scenario.oversight.teams, level) / 100.0 for level in LEVELS]
    teams, world = here.events.context.teams, here.world
    for area, level in enumerate(world.area_level):
        offices = world.area_last[area] - world.area_first[area]
        assert teams.number[area] == teams.free[area] == max(1, math.ceil(per_office[level] * offices))
    for n in range(here.calendar.days):
        day_of(here.events, n)
        assert (teams.free >= 0).all()
        assert (teams.free <= teams.number).all()
    assert all(wanted <= got < here.calendar.days for _, wanted, got in waits(here.events))


def ask(here: Lab, day: int, office: int, priority: int, length: int = 2) -> None:
    """Have a tour to one office ask for North's only team on a day."""
    whole = np.array([[NORTH], [priority], [day], [length], [1], [office], [0]])
    one, announced = np.ones(1), np.ones(1, bool)
    tours = Tours(*whole, one, one, np.array([office]), np.array([1]), np.zeros(1), one, announced)
    here.events.context.teams.ask(tours)


def waits(run: EventRun) -> list[list[int]]:
    """Of each tour that left: its area, the day on which it asked for a team, and that on which it left."""
    return np.concatenate([np.zeros((0, 3), int), *run.context.teams.waits]).tolist()


def test_the_more_urgent_goes_first_when_teams_are_short() -> None:
    """While North's team is away, a usual campaign asks for it, then a follow-up, then an urgent campaign, then a
    triggered inspection. They go in the opposite order, each when the one before is back.
    """
    here = lab(calm(oversight={"teams": ONE_TEAM}))
    run = here.events
    ask(here, 0, 0, USUAL, length=5)
    for office, priority in ((1, USUAL), (2, FOLLOW_UP), (3, URGENT), (4, TRIGGERED)):
        ask(here, office, office, priority)
    seen = visits_of([day_of(run, n) for n in range(20)])
    assert np.argwhere(seen).tolist() == [[0, 0], [5, 4], [7, 3], [9, 2], [11, 1]]
    assert waits(run) == [[NORTH, 0, 0], [NORTH, 4, 5], [NORTH, 3, 7], [NORTH, 2, 9], [NORTH, 1, 11]]


def test_who_asks_first_goes_first_among_equals() -> None:
    """And of those that ask on one day, who was first to ask."""
    here = lab(calm(oversight={"teams": ONE_TEAM}))
    ask(here, 0, 0, USUAL, length=3)
    for day, office in ((2, 4), (1, 3), (1, 1)):
        ask(here, day, office, USUAL, length=1)
    seen = visits_of([day_of(here.events, n) for n in range(9)])
    assert np.argwhere(seen).tolist() == [[0, 0], [3, 3], [4, 1], [5, 4]]


def test_an_urgent_campaign_takes_the_next_team() -> None:
    """A campaign wants North's only team from day 19 on, an urgent one from day 20: after the first tour of the former,
    of one office a day, the urgent one goes.
    """
    here = lab(calm(oversight={"teams": ONE_TEAM}, departments={"bureau": {"level": "county"}}))
    body = {"coverage": 1.0, "scouting": 0.0, "visits_per_day": 1, "tour": 1}
    for number, urgent in ((1, False), (2, True)):
        plan = CampaignPlan(**body, urgent=urgent)
        open_campaign(here, 18 + number, NORTH, number, plan)
    visited = []
    for n in range(40):
        here.events.context.env.run(until=n + 1)
        visited += here.events.context.inbox.visits(n).number.tolist()
    assert visited == [1, 2, 2, 2, 2, 2, 1, 1, 1, 1]


def test_counties_do_not_share_teams() -> None:
    """South's campaign is not held up by North's, which has none left."""
    here = lab(calm(oversight={"teams": ONE_TEAM}, departments={"bureau": {"level": "county"}}))
    ask(here, 0, 0, USUAL, length=30)
    plan = CampaignPlan(coverage=1.0, scouting=0.0)
    for area in (1, 2):
        open_campaign(here, 10, area, area, plan)
    seen = visits_of([day_of(here.events, n) for n in range(20)])
    assert seen[:, 1:5].sum() == 0
    assert seen[10:12, 5:].sum() == 5


# ---- findings ----


def test_a_finding_must_be_put_right_by_its_date() -> None:
    """Every visit finds something: from the next day on there are six hours to put right, ten times as many at a
    township, due fifteen working days after the visit.
    """
    oversight = {"finding_share": 1.0, "rectification_hours": 6.0, "rectification_days": 15}
    here = lab(one_campaign(oversight=oversight, follow_up=0.0))
    days = played(here)
    expected = [
        Asked(int(n) + 1, int(u), RECTIFICATION, 6.0 * here.world.offices.load[u], int(n) + 15)
        for n, u in np.argwhere(visits_of(days))
    ]
    assert sorted(asked(days, RECTIFICATION)) == sorted(e for e in expected if e.day < here.calendar.days)


def test_the_share_of_visits_that_find_something_is_the_declared_one() -> None:
    here = lab(one_campaign(oversight={"finding_share": 0.3}, per_year=200.0, follow_up=0.0))
    days = played(here)
    visits = visits_of(days).sum()
    found = len(asked(days, RECTIFICATION)) / visits
    assert found == pytest.approx(0.3, abs=4.0 * np.sqrt(0.21 / visits))


def test_a_follow_up_comes_after_the_date_and_takes_half_the_hours() -> None:
    """With the next round of follow-ups, of which there is one a week; a tour makes three visits a day, so five offices
    take two days. Nobody follows up on a follow-up.
    """
    oversight = {"finding_share": 1.0, "rectification_days": 15, "follow_up_every": 5}
    here = lab(one_campaign(oversight=oversight, follow_up=1.0, visits_per_day=1, escorts=2, reception_hours=4.0))
    days = played(here)
    seen = visits_of(days)
    received = np.array([orders.reception_hours for orders in days])
    assert seen.sum() == 20
    for u in range(10):
        first, again = np.flatnonzero(seen[:, u])
        every = here.events.context.scenario.oversight.follow_up_every
        next_round = math.ceil((first + 16) / every) * every
        assert next_round <= again <= next_round + 1
        assert received[again, u] == received[first, u] / 2
    assert len(asked(days, RECTIFICATION)) == 20


def test_complaints_above_the_threshold_call_an_inspection() -> None:
    """Not at it, only above it; and an office that has just been inspected is left alone for the half-life."""
    here = lab(calm(oversight={"complaint_threshold": 4.0, "complaint_half_life": 20.0}))
    complaints = np.zeros(10)
    complaints[[1, 6]] = 4.0, 4.01
    assert here.events.hear(3, complaints).tolist() == [6]
    day_of(here.events, 3)
    here.events.trigger(3, np.array([6]))
    assert here.events.hear(22, complaints).tolist() == []
    assert here.events.hear(23, complaints).tolist() == [6]


def test_a_triggered_inspection_comes_two_days_after_the_complaint() -> None:
    """The day between is for preparation: eight hours at a village, due on the day of the visit."""
    here = lab(calm(oversight={"triggered_hours": 8.0}))
    days = [day_of(here.events, n) for n in range(6)]
    here.events.trigger(5, np.array([1, 4, 7]))
    days += [day_of(here.events, n) for n in range(6, 12)]
    assert np.argwhere(visits_of(days)).tolist() == [[7, 1], [7, 4], [7, 7]]
    expected = [Asked(6, 1, PREPARATION, 8.0, 7), Asked(6, 4, PREPARATION, 80.0, 7), Asked(6, 7, PREPARATION, 8.0, 7)]
    assert asked(days, PREPARATION) == expected


def test_a_triggered_inspection_goes_before_all_campaigns() -> None:
    """One team in North, campaigns without end: the inspection that a complaint calls is the next tour."""
    oversight = {"teams": ONE_TEAM}
    here = lab(one_campaign(oversight=oversight, per_year=250.0, visits_per_day=1, tour=2, urgent=True))
    for n in range(101):
        day_of(here.events, n)
    before = len(waits(here.events))
    here.events.trigger(100, np.array([2]))
    for n in range(101, 110):
        day_of(here.events, n)
    after = [w for w in waits(here.events)[before:] if w[1] == 102]
    _, wanted, got = min(after, key=lambda w: w[2])
    assert got - wanted <= 2, "a tour takes two days, then the triggered one has the team"
    usual = [got - wanted for _, wanted, got in waits(here.events)[before:] if wanted != 102]
    assert min(usual) > 10


# ---- evaluations ----


def evaluated(**groups: dict[str, Any]) -> Scenario:
    departments = {name: {"level": "county", "evaluations": plan} for name, plan in groups.items()}
    return calm(departments=departments)


def test_an_evaluation_presses_in_its_season_and_not_after() -> None:
    """September to November, for all offices, and exactly nothing on every other day of the year."""
    here = lab(evaluated(one={"first_month": 9, "last_month": 11, "weight": 0.1}))
    for n in range(here.calendar.days):
        day_of(here.events, n)
        in_season = 9 <= here.calendar.month[n] <= 11
        assert here.events.pressure.tolist() == [0.1 if in_season else 0.0] * 10, here.calendar.dates[n]


def test_overlapping_evaluations_leave_no_pressure_behind() -> None:
    """One from March to May, one from April to June: in May both press, in July none does, to the last bit."""
    first = {"first_month": 3, "last_month": 5, "weight": 0.1}
    second = {"first_month": 4, "last_month": 6, "weight": 0.2}
    here = lab(evaluated(first=first, second=second))
    pressure = {}
    for n in range(here.calendar.days):
        day_of(here.events, n)
        pressure[int(here.calendar.month[n])] = here.events.pressure.copy()
    np.testing.assert_allclose(pressure[5], 0.3)
    assert pressure[7].tolist() == [0.0] * 10


def test_an_evaluation_visits_each_office_once_at_the_end_of_its_season() -> None:
    """On one of the last ten working days, received by its escorts; no teams are needed."""
    here = lab(evaluated(one={"first_month": 9, "last_month": 11, "escorts": 3, "reception_hours": 4.0}))
    days = played(here)
    seen = visits_of(days)
    season = np.flatnonzero((here.calendar.month >= 9) & (here.calendar.month <= 11))
    assert seen.sum(axis=0).tolist() == [1.0] * 10
    assert seen[season[-10:]].sum() == 10
    hours = np.sum([orders.reception_hours for orders in days], axis=0)
    assert hours.tolist() == [12.0] * 4 + [120.0] + [12.0] * 4 + [120.0]


def test_the_evidence_of_an_evaluation_is_due_by_the_end_of_its_season() -> None:
    """It is asked for on the first day, with all working days of the season to gather it."""
    here = lab(evaluated(one={"first_month": 9, "last_month": 11, "evidence_hours": 45.0}))
    season = np.flatnonzero((here.calendar.month >= 9) & (here.calendar.month <= 11))
    orders = played(here)
    days = [n for n, found in enumerate(orders) if found.hours.size]
    assert days == [season[0]]
    assert orders[season[0]].hours.tolist() == [45.0, 45.0]
    assert orders[season[0]].lead.tolist() == [season.size] * 2


# ---- plans ----


def test_a_department_does_in_a_year_what_its_plan_says() -> None:
    """Twelve meetings a year, three forms and half a task a month: each county gets them, spread over the year."""
    plans = {"meetings": {"per_year": 12}, "forms": {"per_month": 3}, "tasks": {"per_month": 0.5}}
    here = lab(calm(departments={"bureau": {"level": "county", **plans}}))
    orders = here.events.context.plan.orders
    share = here.calendar.days / 250.0
    for kind, yearly in ((MEETING_ORDER, 12), (FORM_ORDER, 36), (TASK_ORDER, 6)):
        for area in (1, 2):
            days = orders.day[(orders.kind == kind) & (orders.area == area)]
            assert abs(days.size - yearly * share) < 1.0
            quarters = np.bincount(days * 4 // here.calendar.days, minlength=4)
            assert np.ptp(quarters) <= 2, "evenly spread"


def test_orders_go_out_on_their_day_and_to_their_area() -> None:
    """What the inbox hands over in a year is the plan, row by row."""
    plans = {"meetings": {"per_year": 40}, "forms": {"per_month": 3}, "tasks": {"per_month": 2}}
    levels = ("city", "county", "township")
    here = lab(calm(departments={level: {"level": level, "number": 2, **plans} for level in levels}))
    plan = here.events.context.plan.orders
    found: list[tuple[float, ...]] = []
    for n, orders in enumerate(played(here)):
        area = np.repeat(np.arange(here.world.area_level.size), np.diff(orders.area_start))
        columns = (np.full(area.size, n), area, orders.kind, orders.level, orders.hours, orders.lead, orders.keep)
        found += zip(*(c.tolist() for c in columns), strict=True)
    planned = (plan.day, plan.area, plan.kind, plan.level, plan.hours, plan.lead, plan.keep)
    assert found == list(zip(*(c.tolist() for c in planned), strict=True))
    assert here.world.area_level[plan.area].tolist() == plan.level.tolist()


@drawn
@given(scenario=scenarios(), data=st.data())
def test_another_group_of_departments_changes_no_draw_of_the_first(scenario: Scenario, data: st.DataObject) -> None:
    """Nor does another department in the group: what was planned stays planned, beside what is new."""
    names = sorted(scenario.departments)
    if not names:
        return
    alone = data.draw(st.sampled_from(names))
    group = scenario.departments[alone].model_copy(update={"number": 1})
    one = lab(scenario.model_copy(update={"departments": {alone: group}})).events.context.plan
    all_of_them = lab(scenario).events.context.plan
    evaluations = [{e._replace(department=0) for e in plan.evaluations} for plan in (one, all_of_them)]
    assert evaluations[0] <= evaluations[1]
    # All but the places of a department and of its group among all, which stand last.
    for tables in ([p.campaigns[:-2] for p in (one, all_of_them)], [p.orders[:-1] for p in (one, all_of_them)]):
        rows = [set(zip(*(c.tolist() for c in table), strict=True)) for table in tables]
        assert rows[0] <= rows[1]


def test_departments_that_are_alike_have_dates_of_their_own() -> None:
    """Two groups with one plan, two departments in a group, two counties: none does everything when another does."""
    plans = {"forms": {"per_month": 10.0}, "campaigns": {"per_year": 20.0}}
    groups = {name: {"level": "county", "number": 2, **plans} for name in ("health", "education")}
    plan = lab(calm(departments=groups)).events.context.plan
    numbers = plan.campaigns.number
    assert len(set(numbers.tolist())) == numbers.size > 0, "each campaign has draws of its own"
    alone = [
        lab(calm(departments={name: group})).events.context.plan.orders.day.tolist() for name, group in groups.items()
    ]
    assert alone[0] != alone[1]
    draws = plan.orders.keep.tolist()
    assert len(set(draws)) == len(draws)


def test_a_plan_within_the_year_grows_with_the_share_of_it_that_a_run_sees() -> None:
    """A run of a quarter has a quarter of the yearly meetings."""
    group = {"bureau": {"level": "city", "number": 200, "meetings": {"per_year": 10.0}}}
    quarter = calm(departments=group, period={"start": date(2025, 4, 1), "end": date(2025, 6, 30)})
    here = lab(quarter)
    expected = 200 * 10.0 * here.calendar.days / 250.0
    assert here.events.context.plan.orders.day.size == pytest.approx(expected, rel=0.05)


# ---- bookings ----


@drawn
@given(per_year=st.floats(1.0, 30.0), cap=st.integers(1, 5), seed=st.integers(0, 1000))
def test_visits_of_a_month_are_those_that_were_booked(per_year: float, cap: int, seed: int) -> None:
    """Where teams are never short, what is counted against an office's quota is what it receives."""
    reform = {"inspection_quota": {"from": "2025-01-01", "visits_per_month": cap}}
    scenario = one_campaign(per_year=per_year, visits_per_day=2)
    scenario = Scenario.model_validate(scenario.to_dict() | {"reforms": reform})
    here = lab(scenario, seed)
    seen = visits_of(played(here))
    for month in range(1, 13):
        days = np.flatnonzero(here.calendar.month == month)
        booked = here.events.context.bookings.in_month(ALL, np.full(10, days[0]))
        assert seen[days].sum(axis=0).tolist() == booked.tolist()
        assert booked.max() <= cap


def test_extra_visits_are_booked_for_the_month_in_which_they_take_place() -> None:
    """Five offices of North are called on 2025-02-26: three are visited on the last day of February, two in March."""
    here = lab(calm())
    last = here.calendar.day_on_or_after(date(2025, 2, 28))
    for n in range(last - 1):
        day_of(here.events, n)
    here.events.trigger(last - 2, np.arange(5))
    seen = visits_of([day_of(here.events, n) for n in range(last - 1, last + 3)])
    assert seen.sum(axis=1).tolist() == [0.0, 3.0, 2.0, 0.0]
    in_march = here.events.context.bookings.in_month(np.arange(5), np.full(5, last + 1))
    assert in_march.tolist() == [0, 0, 0, 1, 1]


def test_the_start_and_end_of_a_reform_are_noted() -> None:
    reforms = {"meeting_limits": {"from": "2025-03-03", "until": "2025-03-31"}}
    here = lab(calm(reforms=reforms))
    played(here)
    start, end = (here.calendar.day_on_or_after(d) for d in (date(2025, 3, 3), date(2025, 4, 1)))
    assert [event[:3] for event in here.events.log] == [
        (start, "reform starts", "meeting_limits"),
        (end, "reform ends", "meeting_limits"),
    ]
