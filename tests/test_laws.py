"""What must always hold, on worlds that hypothesis draws: hours and work add up, same seed same bytes, reforms stay in
their place. A law that breaks here is a bug in the model, whatever the numbers of a scenario.
"""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cadre_sim.activities import ACTIVITIES, COUNT, EVIDENCE, MEETINGS, ORDINARY, RECEPTION, URGENT
from cadre_sim.record.result import RunResult
from cadre_sim.reforms.force import Reforms
from cadre_sim.scenario.measures import measures
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.simulation import Simulation
from cadre_sim.streams import Key
from cadre_sim.workday.allot import BURDEN_WANTS
from cadre_sim.workday.cycle import STEPS, work
from cadre_sim.workday.outputs import OUTPUTS
from cadre_sim.workday.queue import MATTERS, items, outstanding
from cadre_sim.world.build import build_world
from cadre_sim.world.columns import KINDS
from worlds import (
    calm,
    fingerprint,
    local_days,
    prints_of,
    reforms,
    run,
    scenarios,
    state_prints,
    with_reforms,
)

laws = settings(max_examples=30, deadline=None, derandomize=True)
OVERTIME, CONTRACTED, PRESENT = COUNT, COUNT + 1, COUNT + 2
TOLERANCE = 1e-9
BOOKS = 1e-6


@st.composite
def reformed(draw: st.DrawFn) -> Scenario:
    """A small world with any number of reforms."""
    scenario = draw(scenarios())
    return with_reforms(scenario, draw(reforms(scenario)))


seeds = st.integers(0, 2**32 - 1)


def finished(scenario: Scenario, **options: Any) -> tuple[Simulation, RunResult]:
    model = Simulation(scenario, **options)
    return model, model.run()


def column(result: RunResult, name: str) -> np.ndarray:
    return result.daily[:, :, OUTPUTS.index(name)]


def by_group(result: RunResult, by_office: np.ndarray) -> np.ndarray:
    world = result.world
    group = (world.offices.county - world.cities) * len(KINDS) + world.offices.kind
    return np.bincount(group, weights=by_office, minlength=result.daily.shape[1])


def office_totals(result: RunResult) -> np.ndarray:
    before = 0.0 if result.before is None else result.before.office_totals
    totals: np.ndarray = before + result.after.office_totals
    return totals


# ---- 1: hours add up ----


@laws
@given(scenario=reformed(), seed=seeds)
def test_the_activities_of_each_cadre_and_day_add_up_to_the_hours_worked(scenario: Scenario, seed: int) -> None:
    """Hours worked are the contracted hours of those present plus overtime; absent cadres do nothing at all."""
    days = run(scenario, seed=seed, record_cadres=True).cadre_days
    assert days is not None
    hours, overtime, contracted = days[..., :COUNT], days[..., OVERTIME], days[..., CONTRACTED]
    present = days[..., PRESENT] == 1.0
    assert np.isfinite(days).all()
    assert (days >= 0.0).all()
    np.testing.assert_array_equal(contracted, np.where(present, scenario.staff.contracted_hours, 0.0))
    np.testing.assert_allclose(hours.sum(axis=2), contracted + overtime, rtol=0.0, atol=TOLERANCE)
    assert not days[~present].any()


@laws
@given(scenario=reformed(), seed=seeds)
def test_nobody_works_longer_than_the_longest_day(scenario: Scenario, seed: int) -> None:
    """Meetings, receptions and overtime together never go beyond it; a longer contracted day is the longest day."""
    days = run(scenario, seed=seed, record_cadres=True).cadre_days
    assert days is not None
    longest = max(scenario.staff.longest_day, scenario.staff.contracted_hours)
    assert days[..., :COUNT].sum(axis=2).max(initial=0.0) <= longest + TOLERANCE


@laws
@given(scenario=reformed(), seed=seeds)
def test_overtime_by_choice_stays_below_its_ceiling(scenario: Scenario, seed: int) -> None:
    """Only meetings and receptions, which cannot be put off, take more overtime than a cadre is willing to do."""
    days = run(scenario, seed=seed, record_cadres=True).cadre_days
    assert days is not None
    fixed = days[..., MEETINGS] + days[..., RECEPTION]
    beyond = np.maximum(0.0, fixed - days[..., CONTRACTED])
    most = np.maximum(beyond, scenario.behaviour.overtime_ceiling)
    assert (days[..., OVERTIME] <= most + TOLERANCE).all()


@laws
@given(scenario=reformed(), seed=seeds)
def test_daily_sums_are_the_sums_over_cadres(scenario: Scenario, seed: int) -> None:
    """What a day's table says of a county and kind of office is what its cadres did."""
    result = run(scenario, seed=seed, record_cadres=True)
    assert result.cadre_days is not None
    office = result.world.cadres.office
    offices = result.world.offices.kind.size
    names = (*ACTIVITIES, "overtime", "contracted", "present")
    for place, name in enumerate(names):
        for day, of_cadres in enumerate(result.cadre_days[..., place]):
            expected = by_group(result, np.bincount(office, weights=of_cadres, minlength=offices))
            np.testing.assert_allclose(column(result, name)[day], expected, rtol=1e-12, atol=TOLERANCE, err_msg=name)


@laws
@given(scenario=reformed(), seed=seeds)
def test_the_totals_of_both_windows_are_the_daily_sums(scenario: Scenario, seed: int) -> None:
    """Nothing falls between the days before measuring and the days that are measured."""
    result = run(scenario, seed=seed)
    totals = office_totals(result)
    for place, name in enumerate(OUTPUTS):
        expected = column(result, name).sum(axis=0)
        np.testing.assert_allclose(by_group(result, totals[:, place]), expected, rtol=1e-11, atol=BOOKS, err_msg=name)
    assert column(result, "office_days").sum() == result.dates.size * result.world.offices.kind.size


@laws
@given(scenario=reformed(), seed=seeds)
def test_minds_stay_between_0_and_1(scenario: Scenario, seed: int) -> None:
    """Motivation, caution and fatigue are shares, whatever the extremes of a scenario."""
    minds = run(scenario, seed=seed).minds
    assert ((minds >= 0.0) & (minds <= 1.0)).all()


# ---- 2: work adds up ----


@laws
@given(scenario=reformed(), seed=seeds)
def test_hours_asked_for_are_worked_outstanding_or_withdrawn(scenario: Scenario, seed: int) -> None:
    """For each office and activity: meetings and receptions, work that is gone at night, and all that queues."""
    model, _ = finished(scenario, seed=seed)
    books = model.columns.books
    accounted = books.worked + outstanding(model.columns.queues) + books.withdrawn
    np.testing.assert_allclose(books.asked, accounted, rtol=1e-10, atol=BOOKS)
    for part in (books.asked, books.worked, books.withdrawn):
        assert (part >= -BOOKS).all()


@laws
@given(scenario=reformed(), seed=seeds)
def test_hours_in_the_books_are_hours_of_cadres(scenario: Scenario, seed: int) -> None:
    """What counts as worked was somebody's time: no office is credited with work that nobody did, or robbed of it.

    Evidence that nobody asked for, outreach, switching and idleness are nobody's order, so they stand in no book.
    """
    model, result = finished(scenario, seed=seed)
    hours = office_totals(result)[:, :COUNT].copy()
    hours[:, EVIDENCE] -= office_totals(result)[:, OUTPUTS.index("gold_plating")]
    for kind in (*BURDEN_WANTS, MEETINGS, RECEPTION):
        worked = model.columns.books.worked[:, kind]
        np.testing.assert_allclose(worked, hours[:, kind], rtol=1e-9, atol=BOOKS, err_msg=ACTIVITIES[kind])


@laws
@given(scenario=reformed(), seed=seeds)
def test_an_hour_of_an_average_cadre_is_an_hour_of_a_matter(scenario: Scenario, seed: int) -> None:
    """Where all are equally skilled, in everything and from the first day, and nothing costs effort, time is work."""
    staff = scenario.staff.model_copy(update={"skill_spread": 0.0})
    behaviour = scenario.behaviour.model_copy(update={"fatigue_loss": 0.0, "control_loss": 0.0})
    minds = behaviour.minds.model_copy(update={"novice_skill": 1.0})
    behaviour = behaviour.model_copy(update={"minds": minds})
    alike = {
        name: category.model_copy(update={"local": 1.0, "specialist": 1.0})
        for name, category in scenario.demand.categories.items()
    }
    demand = scenario.demand.model_copy(update={"categories": alike})
    plain = scenario.model_copy(update={"staff": staff, "behaviour": behaviour, "demand": demand})
    model, result = finished(plain, seed=seed)
    for kind in (URGENT, ORDINARY):
        worked, hours = model.columns.books.worked[:, kind], office_totals(result)[:, kind]
        np.testing.assert_allclose(worked, hours, rtol=1e-9, atol=BOOKS, err_msg=ACTIVITIES[kind])


def check_matters(model: Simulation, result: RunResult) -> None:
    names = ("received", "closed", "perfunctory", "open")
    received, closed, perfunctory, still_open = (column(result, n) for n in names)
    ended = closed.cumsum(axis=0) + perfunctory.cumsum(axis=0)
    np.testing.assert_array_equal(received.cumsum(axis=0), ended + still_open)
    totals = office_totals(result)
    queues = model.columns.queues
    for u, in_queue in enumerate(queues.length[:, [URGENT, ORDINARY]].sum(axis=1)):
        got, done, on_paper = (totals[u, OUTPUTS.index(n)] for n in names[:3])
        assert got == done + on_paper + in_queue, f"office {u}"
    window = 0 if result.before is None else result.before.days_to_close
    counted = (window + result.after.days_to_close).sum(axis=1)
    np.testing.assert_array_equal(counted, totals[:, OUTPUTS.index("closed")])


@laws
@given(scenario=reformed(), seed=seeds)
def test_every_matter_received_is_closed_or_open(scenario: Scenario, seed: int) -> None:
    """By office at the end, and by county and kind on every day; every one closed stands in the days to close."""
    check_matters(*finished(scenario, seed=seed))


@pytest.mark.parametrize("pace", ["due_dates", "at_once"])
def test_no_matter_is_lost_when_queues_outgrow_their_room(pace: str) -> None:
    """An office with far more matters than hours: its queue grows over its first room many times."""
    demand = {"matters": 5000.0, "matters_township": 500.0, "certificates": 500.0, "due_days": 500, "hours": 8.0}
    scenario = calm(demand=demand, behaviour={"pace": pace, "perfunctory": 0.0})
    model = Simulation(scenario)
    room = model.columns.queues.room[:, ORDINARY].copy()
    result = model.run()
    assert (model.columns.queues.length[:, ORDINARY] > 4 * room).all()
    check_matters(model, result)
    books = model.columns.books
    np.testing.assert_allclose(
        books.asked, books.worked + outstanding(model.columns.queues) + books.withdrawn, rtol=1e-10, atol=BOOKS
    )


@laws
@given(scenario=reformed(), seed=seeds)
def test_queues_are_in_order_and_hold_no_done_work(scenario: Scenario, seed: int) -> None:
    """Of each activity, items stand by their due day, those of a day as they came; all have hours left and a past."""
    model, _ = finished(scenario, seed=seed)
    queues = model.columns.queues
    for u, length in enumerate(queues.length):
        for k in np.flatnonzero(length):
            owed = items(queues, u, k)
            assert (owed["left"] > 0.0).all()
            assert (owed["born"] < model.day).all()
            keys = list(zip(owed["due"].tolist(), owed["born"].tolist(), strict=True))
            assert keys == sorted(keys)
        matters = np.concatenate([items(queues, u, k) for k in MATTERS])
        identities = set(zip(matters["born"].tolist(), matters["number"].tolist(), strict=True))
        assert len(identities) == matters.size


# ---- 3: same seed, same bytes ----


@laws
@given(scenario=reformed(), seed=seeds)
def test_the_same_seed_gives_the_same_bytes_on_any_number_of_threads(scenario: Scenario, seed: int) -> None:
    """Twice on one thread, then on two and on three: every array that the run leaves is the same to the last bit."""
    model, result = finished(scenario, seed=seed, record_cadres=True)
    for threads in (1, 2, 3):
        again, other = finished(scenario, seed=seed, threads=threads, record_cadres=True)
        assert prints_of(other) == prints_of(result), f"{threads} threads"
        assert state_prints(again) == state_prints(model), f"{threads} threads"


@laws
@given(scenario=reformed(), seed=seeds, order=st.randoms(use_true_random=False))
def test_offices_may_be_worked_in_any_order(scenario: Scenario, seed: int, order: Any) -> None:
    """Within a day no office depends on another: each is worked by itself, in an order that changes every day."""

    class Shuffled(Simulation):
        def _on_threads(self, first: int, last: int, *today: Any) -> None:
            offices = list(range(self.world.offices.kind.size))
            order.shuffle(offices)
            for u in offices:
                work(first, last, u, u + 1, self.columns, *today)

    assert prints_of(Shuffled(scenario, seed=seed).run()) == prints_of(run(scenario, seed=seed))


@laws
@given(scenario=reformed(), seed=seeds)
def test_measuring_what_each_step_costs_changes_nothing(scenario: Scenario, seed: int) -> None:
    """With ``costs`` set the model takes the steps of the day one by one, for all offices each."""
    model = Simulation(scenario, seed=seed)
    model.costs = {}
    assert prints_of(model.run()) == prints_of(run(scenario, seed=seed))
    assert set(model.costs) >= {step.name for step in STEPS}


@laws
@given(scenario=reformed(), seed=seeds, data=st.data())
def test_a_run_that_is_cut_goes_on_to_the_same_bytes(scenario: Scenario, seed: int, data: st.DataObject) -> None:
    """Cut at any days, pickled and resumed, twice if it comes to that: as if it had never been cut."""
    record = data.draw(st.booleans(), label="record_cadres")
    model = Simulation(scenario, seed=seed, record_cadres=record)
    whole, result = finished(scenario, seed=seed, record_cadres=record)
    for _ in range(2):
        model.run_for(data.draw(st.integers(0, model.calendar.days - model.day), label="days"))
        snapshot = pickle.loads(pickle.dumps(model.snapshot()))
        model = Simulation.resume(scenario, snapshot, threads=data.draw(st.integers(1, 2), label="threads"))
    assert prints_of(model.run()) == prints_of(result)
    assert state_prints(model) == state_prints(whole)


@laws
@given(scenario=reformed(), seed=seeds, data=st.data())
def test_a_snapshot_is_not_touched_by_the_run_that_goes_on(scenario: Scenario, seed: int, data: st.DataObject) -> None:
    """Two runs may go on from one snapshot, and the run that was cut may go on too."""
    model = Simulation(scenario, seed=seed)
    model.run_for(data.draw(st.integers(0, model.calendar.days), label="day"))
    snapshot = model.snapshot()
    kept = pickle.dumps(snapshot)
    ends = [Simulation.resume(scenario, snapshot).run(), model.run(), Simulation.resume(scenario, snapshot).run()]
    assert pickle.dumps(snapshot) == kept
    assert prints_of(ends[0]) == prints_of(ends[1]) == prints_of(ends[2])


RESUME = """
import json, pickle, sys
from worlds import prints_of
from cadre_sim.simulation import Simulation
from cadre_sim.scenario.measures import measures
from cadre_sim.scenario.scenario import Scenario
scenario, snapshot = (open(name, "rb").read() for name in sys.argv[1:])
model = Simulation.resume(Scenario.model_validate_json(scenario), pickle.loads(snapshot), threads=2)
print(json.dumps(prints_of(model.run())))
"""


@pytest.mark.process
def test_a_run_goes_on_in_another_process(tmp_path: Path) -> None:
    """A busy city with complaints that call inspections is cut in autumn; a fresh Python process finishes the year."""
    scenario = busy(no_disturbance_inspection={"from": "2025-06-01", "ramp": 60, "erosion": 100})
    model = Simulation(scenario, seed=5, record_cadres=True)
    model.run_for(180)
    assert model.triggers, "the story needs inspections that complaints have called"
    (tmp_path / "scenario.json").write_text(json.dumps(scenario.to_dict()))
    (tmp_path / "snapshot").write_bytes(pickle.dumps(model.snapshot()))
    command = [sys.executable, "-c", RESUME, str(tmp_path / "scenario.json"), str(tmp_path / "snapshot")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parent)
    assert json.loads(done.stdout) == prints_of(model.run())


def busy(**reforms: dict[str, Any]) -> Scenario:
    """Departments of all levels with every kind of plan, short of teams, and more matters than can be done in time."""
    plans: dict[str, Any] = {"campaigns": {"per_year": 8}, "meetings": {}, "forms": {}, "tasks": {}, "evaluations": {}}
    return calm(
        departments={level: {"level": level, "number": 2, **plans} for level in ("city", "county", "township")},
        demand={"matters": 1500.0, "certificates": 178.0},
        oversight={
            "finding_share": 0.5, "complaint_threshold": 1.0, "teams": {"city": 1, "county": 1, "township": 1},
            "excess": 0.3, "excess_creep": 0.1, "rebound": 0.5, "screens": 45.0, "signs": 74.0, "amplification": 1.2,
        },
        integrity={"violations": 5.0},
        behaviour={"minds": {"quits": 0.5, "false_accusations": 5.0}},
        staff={"absence": 0.1},
        reforms=reforms,
    )  # fmt: skip


def test_replicates_and_seeds_differ() -> None:
    """The laws above would hold for a model without chance; this one has some."""
    prints = [prints_of(run(busy(), seed=s, replicate=r))["daily"] for s, r in ((1, 0), (1, 1), (2, 0))]
    assert len(set(prints)) == 3


# ---- 4: identical until reform ----


@pytest.mark.parametrize("nothing", ["strength", "adoption"])
@laws
@given(data=st.data(), seed=seeds)
def test_a_reform_without_strength_or_adoption_changes_nothing(nothing: str, data: st.DataObject, seed: int) -> None:
    """To the last bit of the whole run, whatever else it says."""
    scenario = data.draw(scenarios())
    drawn = data.draw(reforms(scenario, least=1))
    empty = with_reforms(scenario, {name: body | {nothing: 0.0} for name, body in drawn.items()})
    arms = [finished(arm, seed=seed, record_cadres=True) for arm in (scenario, empty)]
    assert prints_of(arms[0][1]) == prints_of(arms[1][1])
    assert state_prints(arms[0][0], only_local=True) == state_prints(arms[1][0], only_local=True)


@laws
@given(data=st.data(), seed=seeds)
def test_a_reform_that_ended_before_the_period_changes_nothing(data: st.DataObject, seed: int) -> None:
    """Its last date is the day before the first one of the run."""
    scenario = data.draw(scenarios())
    past = {"from": scenario.period.start - timedelta(days=40), "until": scenario.period.start - timedelta(days=1)}
    drawn = data.draw(reforms(scenario, least=1, own_where=False))
    ended = with_reforms(scenario, {name: body | past for name, body in drawn.items()})
    assert prints_of(run(ended, seed=seed)) == prints_of(run(scenario, seed=seed))


@pytest.mark.long
@laws
@given(data=st.data(), seed=seeds)
def test_a_reform_changes_nothing_before_its_first_date(data: st.DataObject, seed: int) -> None:
    """Hours of every cadre and numbers of every office are the same bits up to the last day without it."""
    scenario = data.draw(scenarios())
    drawn = data.draw(reforms(scenario, least=1))
    arm = with_reforms(scenario, drawn)
    first = min(reform.first_date for reform in arm.reforms.values())
    plain, changed = (run(s, seed=seed, record_cadres=True) for s in (scenario, arm))
    days = int(np.searchsorted(plain.dates, np.datetime64(first, "D")))
    assume(days > 0)
    assert fingerprint(plain.daily[:days]) == fingerprint(changed.daily[:days])
    assert fingerprint(local_days(plain)[:days]) == fingerprint(local_days(changed)[:days])


OF_A_SMALL_CITY: dict[str, dict[str, Any]] = {
    "talent_deployment": {"number": 6},
    "formalism_watchdog": {"report_rate": 500.0, "case_days": 2},
}
"""What measures must be to be felt in a city of ten offices."""


@pytest.mark.parametrize("key", sorted(measures()))
def test_each_measure_begins_on_its_date(key: str) -> None:
    """In a city where every kind of plan is busy: the same bits up to the eve, and not for long after it."""
    first = "2025-09-01"  # evaluations of the year begin on it too
    plain, changed = (
        run(s, seed=3, record_cadres=True)
        for s in (busy(), busy(**{key: {"from": first} | OF_A_SMALL_CITY.get(key, {})}))
    )
    day = int(np.searchsorted(plain.dates, np.datetime64(first)))
    assert fingerprint(plain.daily[:day]) == fingerprint(changed.daily[:day])
    assert fingerprint(local_days(plain)[:day]) == fingerprint(local_days(changed)[:day])
    assert fingerprint(plain.daily[day : day + 30]) != fingerprint(changed.daily[day : day + 30])


@laws
@given(data=st.data(), seed=seeds)
def test_no_policy_is_other_than_the_baseline_before_a_reform(data: st.DataObject, seed: int) -> None:
    """Day by day and knob by knob, to the last bit."""
    scenario = data.draw(scenarios())
    arm = with_reforms(scenario, data.draw(reforms(scenario, least=1)))
    model = Simulation(arm, seed=seed)
    baseline = Simulation(scenario, seed=seed).reforms.policy(0)
    first = model.calendar.day_on_or_after(min(reform.first_date for reform in arm.reforms.values()))
    for day in range(model.calendar.days):
        policy = model.reforms.policy(day)
        same = [ours.tobytes() == theirs.tobytes() for ours, theirs in zip(policy, baseline, strict=True)]
        assert day >= first or all(same)


@laws
@given(data=st.data(), seed=seeds)
def test_a_reform_in_one_county_leaves_the_others_as_they_were(data: st.DataObject, seed: int) -> None:
    """Where no department of the city stands between them, counties share nothing: no team, no matter, no colleague."""
    scenario = data.draw(scenarios(levels=("county", "township")))
    counties = build_world(scenario, Key(seed, 0)).counties
    assume(len(counties) > 1)
    chosen = data.draw(st.sampled_from(counties))
    drawn = data.draw(reforms(scenario, least=1, own_where=False))
    arm = with_reforms(scenario, {n: body | {"where": {"counties": [chosen]}} for n, body in drawn.items()})
    plain, changed = (run(s, seed=seed) for s in (scenario, arm))
    others = np.repeat([name != chosen for name in counties], len(KINDS))
    assert fingerprint(plain.daily[:, others]) == fingerprint(changed.daily[:, others])
    away = ~plain.world.in_county(chosen)
    assert fingerprint(plain.after.days_to_close[away]) == fingerprint(changed.after.days_to_close[away])


@laws
@given(data=st.data(), seed=seeds)
def test_a_reform_draws_the_same_whoever_stands_beside_it(data: st.DataObject, seed: int) -> None:
    """Which offices adopt a reform, and from when, does not depend on which other reforms there are."""
    scenario = data.draw(scenarios())
    drawn = data.draw(reforms(scenario, least=2))
    both = Simulation(with_reforms(scenario, drawn), seed=seed)
    for name, body in drawn.items():
        alone = Simulation(with_reforms(scenario, {name: body | {"over": ()}}), seed=seed).reforms.reforms[0]
        beside = next(r for r in both.reforms.reforms if r.name == name)
        assert beside.starts.tobytes() == alone.starts.tobytes()
        for day in range(both.calendar.days):
            assert beside.strength(day).tobytes() == alone.strength(day).tobytes()


@laws
@given(data=st.data(), seed=seeds)
def test_switching_a_reform_off_is_taking_it_out(data: st.DataObject, seed: int) -> None:
    """A reform of strength 0 beside others that are in force leaves what these do as it was, to the last bit."""
    scenario = data.draw(scenarios())
    drawn = data.draw(reforms(scenario, least=2))
    off = data.draw(st.sampled_from(sorted(drawn)))
    rest = {n: body | {"over": [o for o in body["over"] if o != off]} for n, body in drawn.items() if n != off}
    switched = with_reforms(scenario, drawn | {off: drawn[off] | {"strength": 0.0}})
    assert prints_of(run(switched, seed=seed)) == prints_of(run(with_reforms(scenario, rest), seed=seed))


@laws
@given(scenario=reformed(), seed=seeds)
def test_a_policy_does_not_depend_on_the_days_that_were_asked_for_before(scenario: Scenario, seed: int) -> None:
    """The Policy that a run carries over from day to day, once settled, is the one that a fresh look gives."""
    model = Simulation(scenario, seed=seed)
    for day in range(model.calendar.days + 1):
        fresh = Reforms(scenario, model.world, model.calendar, Key(seed, 0)).policy(day)
        carried = model.reforms.policy(day)
        for knob, ours, theirs in zip(fresh._fields, carried, fresh, strict=True):
            assert ours.tobytes() == theirs.tobytes(), f"{knob} on day {day}"


def test_hours_add_up_where_something_wanted_has_no_weight() -> None:
    """All matters are urgent, urgency weighs nothing, and nobody does overtime for service: the hours stay slack."""
    scenario = calm(
        demand={"matters": 4000.0, "urgent_share": 1.0},
        behaviour={"urgent_factor": 0.0, "overtime_service": 0.0},
        period={"start": date(2025, 1, 1), "end": date(2025, 1, 20)},
    )
    days = run(scenario, record_cadres=True).cadre_days
    assert days is not None
    worked = days[..., CONTRACTED] + days[..., OVERTIME]
    assert days[..., ACTIVITIES.index("idle")].sum() > 0.0
    np.testing.assert_allclose(days[..., :COUNT].sum(axis=2), worked, rtol=0.0, atol=TOLERANCE)


def test_hours_add_up_under_pressure_beyond_all_measure() -> None:
    """Two hundred evaluations of the largest weight at once: allowed, if absurd, and still a day has no 500 hours."""
    evaluations = {"weight": 5.0, "first_month": 1, "last_month": 2}
    scenario = calm(
        departments={"evaluators": {"level": "city", "number": 200, "evaluations": evaluations}},
        period={"start": date(2025, 1, 1), "end": date(2025, 1, 20)},
    )
    days = run(scenario, record_cadres=True).cadre_days
    assert days is not None
    worked = days[..., CONTRACTED] + days[..., OVERTIME]
    np.testing.assert_allclose(days[..., :COUNT].sum(axis=2), worked, rtol=0.0, atol=TOLERANCE)
