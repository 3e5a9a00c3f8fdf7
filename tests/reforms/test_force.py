"""Which reforms are in force where and how strongly: dates, ramp, erosion, rollout, adoption, who goes over whom."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cadre_sim.reforms.force import ReformInForce, Reforms
from cadre_sim.streams import Key
from worlds import VILLAGES, calm, lab

quick = settings(max_examples=60, deadline=None, derandomize=True)
CALENDAR = lab(calm()).calendar
NORTH, SOUTH = slice(0, 5), slice(5, 10)


def day(on: str) -> int:
    return CALENDAR.day_on_or_after(date.fromisoformat(on))


def in_force(seed: int = 1, name: str = "meeting_limits", **reform: Any) -> ReformInForce:
    """One reform over the offices of the calm city."""
    body = {"measure": "meeting_limits", "from": "2025-03-03"} | reform
    return lab(calm(reforms={name: body}), seed).reforms.reforms[0]


def test_a_reform_is_in_force_from_its_first_date_to_its_last() -> None:
    """Both included: from Monday the 3rd of March to Friday the 28th."""
    reform = in_force(until="2025-03-28")
    strengths = np.array([reform.strength(n) for n in range(CALENDAR.days)])
    inside = (CALENDAR.dates >= np.datetime64("2025-03-03")) & (CALENDAR.dates <= np.datetime64("2025-03-28"))
    np.testing.assert_array_equal(strengths, np.repeat(inside[:, None], 10, axis=1).astype(float))


def test_a_date_that_is_no_working_day_means_the_next_one() -> None:
    """From the Saturday is from Monday; until the Saturday is until Friday."""
    assert in_force(**{"from": "2025-03-01"}).first_day() == day("2025-03-03")
    reform = in_force(until="2025-03-29")
    assert reform.strength(day("2025-03-28")).all()
    assert not reform.strength(day("2025-03-31")).any()


@quick
@given(ramp=st.integers(0, 40), strength=st.floats(0.01, 1.0))
def test_a_ramp_rises_in_equal_steps_to_full_strength(ramp: int, strength: float) -> None:
    """With a ramp of 4 days: a fifth on the first day, two fifths on the second, all of it from the fifth on."""
    reform = in_force(ramp=ramp, strength=strength)
    first = reform.first_day()
    found = [reform.strength(first + n)[0] for n in range(ramp + 3)]
    expected = [strength * min(1.0, (n + 1) / (ramp + 1)) for n in range(ramp + 3)]
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    assert not reform.strength(first - 1).any()


@quick
@given(half_life=st.integers(1, 60), ramp=st.integers(0, 20))
def test_strength_erodes_with_its_half_life_once_the_ramp_is_over(half_life: int, ramp: int) -> None:
    """At full strength when the ramp ends, at half of it one half-life later, at a quarter after two."""
    reform = in_force(erosion=half_life, ramp=ramp)
    full = reform.first_day() + ramp
    found = [reform.strength(full + k * half_life)[0] for k in range(3)]
    np.testing.assert_allclose(found, [1.0, 0.5, 0.25], rtol=1e-12)
    assert not reform.is_constant_after(full)


def test_counties_start_on_the_dates_of_the_rollout() -> None:
    """South in May; North, which is not named, with the reform; each has its own ramp."""
    reform = in_force(rollout={"South": "2025-05-06"}, ramp=1)
    assert (reform.starts[NORTH] == day("2025-03-03")).all()
    assert (reform.starts[SOUTH] == day("2025-05-06")).all()
    assert reform.strength(day("2025-05-06")).tolist() == [1.0] * 5 + [0.5] * 5


def test_a_county_may_start_before_the_reform() -> None:
    """A pilot; the run is measured from its date on."""
    made = calm(reforms={"meeting_limits": {"from": "2025-03-03", "rollout": {"North": "2025-02-05"}}})
    reform = lab(made).reforms.reforms[0]
    assert reform.first_day() == day("2025-02-05")
    assert made.measure_from == date(2025, 2, 5)


@pytest.mark.parametrize(
    ("where", "offices"),
    [
        ({"counties": ["South"]}, range(5, 10)),
        ({"counties": ["South", "North"]}, range(10)),
        ({"counties": []}, []),
        ({"kinds": ["village"]}, VILLAGES),
        ({"kinds": ["township"]}, [4, 9]),
        ({"kinds": ["community"]}, []),
        ({"kinds": []}, []),
        ({"counties": ["North"], "kinds": ["township"]}, [4]),
    ],
)
def test_a_reform_is_for_the_offices_in_its_scope(where: dict[str, Any], offices: Any) -> None:
    reform = in_force(where=where)
    assert np.flatnonzero(reform.strength(day("2025-04-01"))).tolist() == list(offices)
    assert (reform.first_day() < CALENDAR.days) == bool(len(offices))


@quick
@given(seed=st.integers(0, 1000), shares=st.lists(st.floats(0.0, 1.0), min_size=2, max_size=5))
def test_raising_the_adoption_only_adds_offices(seed: int, shares: list[float]) -> None:
    """An office that adopts a reform still does so when more do."""
    masks = [in_force(seed, adoption=share).strength(day("2025-04-01")) > 0 for share in sorted(shares)]
    for fewer, more in pairwise(masks):
        assert (fewer <= more).all()


def test_adoption_is_the_share_of_offices() -> None:
    """Of 400 draws of ten offices; nobody at 0 and everybody at 1."""
    masks = np.array([in_force(seed, adoption=0.3).strength(day("2025-04-01")) for seed in range(400)])
    assert masks.mean() == pytest.approx(0.3, abs=4 * np.sqrt(0.21 / masks.size))
    assert not in_force(adoption=0.0).strength(day("2025-04-01")).any()
    assert in_force(adoption=1.0).strength(day("2025-04-01")).all()


def test_two_reforms_are_adopted_by_different_offices() -> None:
    """Adoption depends on the name of the reform, so that two of them do not always meet at the same offices."""
    masks = [
        np.array([in_force(seed, name, adoption=0.5).strength(day("2025-04-01")) for seed in range(40)])
        for name in ("one", "other")
    ]
    assert 0.35 < (masks[0] == masks[1]).mean() < 0.65


def test_scales_of_two_reforms_multiply_and_the_lowest_cap_holds() -> None:
    one = {"measure": "meeting_limits", "from": "2025-03-03", "meetings": 0.5, "max_hours": 3.0}
    other = {"measure": "meeting_limits", "from": "2025-05-06", "meetings": 0.4, "max_hours": 1.0}
    reforms = lab(calm(reforms={"one": one, "other": other})).reforms
    alone, both = reforms.policy(day("2025-04-01")), reforms.policy(day("2025-06-03"))
    assert (alone.meeting_share[0], alone.meeting_hours_cap[0]) == (0.5, 3.0)
    assert (both.meeting_share[0], both.meeting_hours_cap[0]) == (pytest.approx(0.2), 1.0)


@pytest.mark.parametrize("names", [("few", "many"), ("many", "few")])
def test_the_reform_that_goes_over_another_sets_the_knob(names: tuple[str, str]) -> None:
    """Whichever of the two stands first in the scenario."""
    bodies = {
        "few": {"measure": "certificate_removal", "from": "2025-01-01", "kinds": 10},
        "many": {"measure": "certificate_removal", "from": "2025-03-03", "kinds": 80, "over": ["few"]},
    }
    reforms = lab(calm(reforms={name: bodies[name] for name in names})).reforms
    assert [r.name for r in reforms.reforms] == ["few", "many"]
    assert reforms.policy(day("2025-02-05")).certificates_removed[0] == 10.0
    assert reforms.policy(day("2025-03-03")).certificates_removed[0] == 80.0


def test_after_the_last_date_the_policy_is_the_baseline_again() -> None:
    """Nothing needs to be undone."""
    reforms = lab(calm(reforms={"meeting_limits": {"from": "2025-03-03", "until": "2025-03-28"}})).reforms
    baseline = lab(calm()).reforms.policy(0)
    for n in range(CALENDAR.days):
        inside = day("2025-03-03") <= n < day("2025-03-31")
        same = all(a.tobytes() == b.tobytes() for a, b in zip(reforms.policy(n), baseline, strict=True))
        assert same is not inside


@quick
@given(data=st.data())
def test_a_settled_policy_is_what_a_fresh_look_gives(data: st.DataObject) -> None:
    """The Policy of a day is kept while nothing changes; asked anew it is the same, with ramps, ends and erosion."""
    dates = st.dates(date(2025, 1, 1), date(2025, 12, 31))
    bodies = {}
    for name in ("meeting_limits", "certificate_removal", "inspection_quota"):
        body: dict[str, Any] = {"from": data.draw(dates), "ramp": data.draw(st.integers(0, 60))}
        if data.draw(st.booleans()):
            body["until"] = body["from"] + timedelta(days=data.draw(st.integers(0, 200)))
        if data.draw(st.booleans()):
            body["erosion"] = data.draw(st.integers(5, 300))
        bodies[name] = body
    made = calm(reforms=bodies)
    here = lab(made)
    for n in range(here.calendar.days + 2):
        fresh = Reforms(made, here.world, here.calendar, Key(1, 0)).policy(n)
        assert all(a.tobytes() == b.tobytes() for a, b in zip(here.reforms.policy(n), fresh, strict=True))


@pytest.mark.parametrize("how", [{"ramp": 20}, {"erosion": 100}])
def test_a_reform_from_before_the_period_is_as_far_as_it_has_come(how: dict[str, Any]) -> None:
    """In force since January 2024: on the first day of 2025 its ramp is long over, and it has worn off for a year."""
    reform = in_force(**{"from": "2024-01-02"}, **how)
    later = in_force(**{"from": "2025-01-02"}, **how)
    assert reform.strength(0)[0] != later.strength(0)[0]
