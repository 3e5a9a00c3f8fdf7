"""The calendar of a run: real working days, in China with weekends that are worked in exchange for holidays."""

from __future__ import annotations

from datetime import date, timedelta

import holidays
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from cadre_sim.errors import InputError
from cadre_sim.scenario.holiday_tables import exchange_years, notice_of
from cadre_sim.scenario.period import Calendar, Period
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.world.calendar import WorkCalendar


def calendar(start: str, end: str, country: str = "CN", subdivision: str | None = None) -> WorkCalendar:
    period = Period(start=date.fromisoformat(start), end=date.fromisoformat(end))
    return WorkCalendar(period, Calendar(country=country, subdivision=subdivision))


def works(on: str, country: str = "CN") -> bool:
    return np.datetime64(on) in calendar("2024-01-01", "2025-12-31", country).dates


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2024-02-04", True),  # a Sunday worked in exchange for Spring Festival
        ("2024-02-18", True),  # another one
        ("2024-02-09", True),  # New Year's Eve was left to employers in 2024
        ("2024-02-12", False),  # Monday, Spring Festival
        ("2024-02-17", False),  # Saturday of Spring Festival
        ("2024-09-14", True),  # a Saturday worked in exchange for Mid-Autumn
        ("2024-10-07", False),
        ("2024-10-12", True),  # a Saturday worked in exchange for National Day
        ("2025-01-26", True),  # a Sunday worked in exchange for Spring Festival
        ("2025-01-28", False),  # New Year's Eve is a holiday from 2025
        ("2025-02-08", True),
        ("2025-09-28", True),  # a Sunday worked in exchange for National Day
        ("2025-10-01", False),
        ("2025-10-08", False),
        ("2025-10-09", True),
        ("2025-10-11", True),
        ("2025-10-12", False),  # a usual Sunday
        ("2025-10-13", True),
    ],
)
def test_working_days_are_those_of_the_state_council(on: str, expected: bool) -> None:
    """As the General Office of the State Council announced them for 2024 and 2025."""
    assert works(on) is expected


def test_2025_has_248_working_days_in_china() -> None:
    """365 days, less 104 days of weekends and 18 days off on weekdays, plus 5 weekend days that are worked."""
    assert calendar("2025-01-01", "2025-12-31").days == 248


def test_other_countries_keep_their_own_holidays() -> None:
    """The Third of October is German, the Fourth of July American; neither is Chinese."""
    assert not works("2024-10-03", "DE")
    assert not works("2024-07-04", "US")
    assert works("2024-07-04", "CN")
    assert works("2024-10-01", "DE")


def test_a_subdivision_adds_its_holidays() -> None:
    """Epiphany is a holiday in Bavaria, not in Germany as a whole."""
    assert calendar("2025-01-06", "2025-01-07", "DE").days == 2
    assert calendar("2025-01-06", "2025-01-07", "DE", "BY").days == 1


@pytest.mark.parametrize(("country", "subdivision"), [("XX", None), ("CN", "ZZ")])
def test_an_unknown_country_or_subdivision_is_refused(country: str, subdivision: str | None) -> None:
    with pytest.raises(InputError, match=f"calendar: .*{country}"):
        calendar("2025-01-01", "2025-02-01", country, subdivision)


def test_a_period_without_a_working_day_is_refused() -> None:
    """The week of National Day."""
    with pytest.raises(InputError, match="no working day between 2025-10-01 and 2025-10-08"):
        calendar("2025-10-01", "2025-10-08")


@pytest.mark.parametrize(
    ("start", "end", "country", "years"),
    [
        ("1949-06-01", "1949-12-31", "CN", "1949"),
        ("1947-06-01", "1951-12-31", "CN", "1947 to 1949"),
        ("2100-06-01", "2102-02-01", "CN", "2101, 2102"),
        ("1990-06-01", "1991-12-31", "DE", "1990"),
    ],
)
def test_a_year_of_which_no_holiday_is_known_is_refused(start: str, end: str, country: str, years: str) -> None:
    """Else its holidays would be worked through, without a word; the message says which years there are."""
    first = {"CN": 1950, "DE": 1991}[country]
    message = f"period: no holiday of {country} is known for {years}: .*{first} to 2100"
    with pytest.raises(InputError, match=message):
        calendar(start, end, country)
    period = {"start": start, "end": end}
    with pytest.raises(ValidationError, match=f"no holiday of {country} is known for {years}"):
        Scenario.model_validate({"period": period, "calendar": {"country": country}})


def test_the_first_and_the_last_year_that_are_known_are_run() -> None:
    assert calendar("1950-01-01", "1950-12-31").days > 200
    assert calendar("2100-01-01", "2100-12-31").days > 200


def told(start: str, end: str, country: str = "CN") -> str | None:
    return notice_of(Period(start=date.fromisoformat(start), end=date.fromisoformat(end)), Calendar(country=country))


def test_a_year_whose_exchanged_weekends_are_not_announced_is_told() -> None:
    """In China they are announced each November for the next year; this asks for years that nobody can know yet."""
    known = exchange_years(Calendar())
    assert known[:3] == [2001, 2002, 2003]
    said = told(f"{known[-1]}-01-01", f"{known[-1] + 2}-06-30")
    assert said is not None
    assert said.startswith(
        f"calendar: {known[-1] + 1}, {known[-1] + 2}: holidays are predicted; which weekends are worked"
    )
    assert f"for 2001 to {known[-1]} only (holidays {holidays.__version__})" in said
    assert told("1999-01-01", "2001-12-31") is not None


def test_nothing_is_told_of_years_that_are_known_or_of_countries_that_exchange_no_weekends() -> None:
    assert told("2001-01-01", "2025-12-31") is None
    assert told("2024-01-01", "2060-12-31", "DE") is None
    assert told("2024-01-01", "2060-12-31", "US") is None


def test_a_weekend_worked_for_the_holidays_of_the_next_year_is_worked_whenever_the_run_ends() -> None:
    """31 December 2005, a Saturday, was worked in exchange for a day of the New Year's holiday of 2006."""
    for end in ("2005-12-31", "2006-01-31"):
        assert np.datetime64("2005-12-31") in calendar("2005-12-01", end).dates


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    start=st.dates(date(2023, 6, 1), date(2025, 12, 1)),
    span=st.integers(30, 500),
    country=st.sampled_from(["CN", "DE"]),
)
def test_days_are_numbered_without_a_gap(start: date, span: int, country: str) -> None:
    """Dates rise within the period, their columns say the same of each, and years part them."""
    found = WorkCalendar(Period(start=start, end=start + timedelta(days=span)), Calendar(country=country))
    dates = [d.item() for d in found.dates]
    assert dates == sorted(set(dates))
    assert start <= dates[0] <= dates[-1] <= start + timedelta(days=span)
    assert found.month.tolist() == [d.month for d in dates]
    assert found.weekday.tolist() == [d.weekday() for d in dates]
    assert (found.month_number % 12 + 1).tolist() == [d.month for d in dates]
    assert [date(1970, 1, 1) + timedelta(days=int(o)) for o in found.ordinal] == dates
    joined = [d for year, first, last in found.years for d in dates[first:last] if d.year == year]
    assert joined == dates


@settings(max_examples=60, deadline=None, derandomize=True)
@given(when=st.dates(date(2023, 12, 1), date(2025, 2, 1)))
def test_a_date_means_the_first_working_day_from_it_on(when: date) -> None:
    """And ``after`` the first one behind it. Days before the run have negative numbers, those after it one too many."""
    found = calendar("2024-01-01", "2024-12-31")
    dates = [d.item() for d in calendar("2023-11-01", "2024-12-31").dates]
    before = len(dates) - found.days
    assert found.day_on_or_after(when) == sum(d < when for d in dates) - before
    assert found.day_on_or_after(when, after=True) == sum(d <= when for d in dates) - before


@pytest.mark.parametrize("when", ["1900-01-01", "0001-01-01"])
def test_a_date_long_before_all_known_holidays_counts_weekdays(when: str) -> None:
    """A reform may be said to be in force since ever."""
    found = calendar("2024-01-01", "2024-12-31")
    since = -found.day_on_or_after(date.fromisoformat(when))
    weekdays = int(np.busday_count(when, "2024-01-01"))
    assert weekdays - 75 * 15 <= since <= weekdays


def spans(found: WorkCalendar, first: int, last: int) -> list[tuple[str, str]]:
    return [(str(found.dates[a]), str(found.dates[b - 1])) for a, b in found.months(first, last)]


def test_a_season_lies_within_each_year() -> None:
    found = calendar("2024-01-01", "2025-12-31")
    assert spans(found, 9, 11) == [("2024-09-02", "2024-11-29"), ("2025-09-01", "2025-11-28")]


def test_a_season_may_go_over_the_turn_of_the_year() -> None:
    """November to February: what is left of one, a whole one, and the start of one."""
    expected = [("2024-01-02", "2024-02-29"), ("2024-11-01", "2025-02-28"), ("2025-11-03", "2025-12-31")]
    assert spans(calendar("2024-01-01", "2025-12-31"), 11, 2) == expected


def test_a_season_is_cut_to_the_run() -> None:
    assert spans(calendar("2024-10-15", "2024-12-31"), 9, 11) == [("2024-10-15", "2024-11-29")]
    assert spans(calendar("2024-02-01", "2024-03-31"), 9, 11) == []


@pytest.mark.parametrize(("first", "last"), [(1, 12), (7, 6)])
def test_a_season_of_a_whole_year_comes_every_year(first: int, last: int) -> None:
    """An evaluation is yearly: one that lasts from January to December takes place twice in two years."""
    found = calendar("2024-07-01", "2026-06-30") if first == 7 else calendar("2024-01-01", "2025-12-31")
    assert len(found.months(first, last)) == 2
