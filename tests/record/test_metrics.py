"""Metrics are what their definitions say, computed here a second time from the tables that a run leaves."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from cadre_sim.activities import ACTIVITIES, BURDEN_GROUPS, GROUPS
from cadre_sim.comparison.replicate import RunSet
from cadre_sim.events.log import Event
from cadre_sim.record.dictionary import COLUMNS
from cadre_sim.record.metrics import ABOVE, HEADLINE, METRICS, SHARES, measure, metric_catalogue
from cadre_sim.record.result import RunResult
from cadre_sim.record.spread import SPREAD
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.simulation import Simulation

NAMES = [d.name for d in metric_catalogue()]


@pytest.fixture(scope="module")
def result(tiny_runs: RunSet) -> RunResult:
    return tiny_runs.results[0]


@pytest.fixture(scope="module")
def values(result: RunResult) -> dict[str, float]:
    return dict(zip(NAMES, measure(result).tolist(), strict=True))


@pytest.fixture(scope="module")
def villages(result: RunResult) -> pd.Series:
    """Sums of all columns over the measured days of villages and communities."""
    daily = result.daily_frame()
    chosen = (daily["date"] >= "2025-01-01") & daily["kind"].isin(["village", "community"])
    return daily[chosen].drop(columns=["replicate", "date", "county", "kind"]).sum()


def test_every_metric_has_a_name_of_its_own_a_unit_and_a_meaning() -> None:
    assert len(set(NAMES)) == len(NAMES) == len(METRICS) + len(SHARES) + len(SPREAD) + len(ABOVE)
    for metric in metric_catalogue():
        assert metric.unit.strip(), metric.name
        assert metric.meaning.strip(), metric.name
        assert metric.better in (-1, 0, 1)
    assert HEADLINE in NAMES


def test_hours_are_those_of_five_days_present(values: dict[str, float], villages: pd.Series) -> None:
    service = villages[["urgent", "ordinary", "outreach", "training"]].sum()
    assert values["service_hours"] == pytest.approx(5.0 * service / villages["present"], rel=1e-12)
    worked = villages["contracted"] + villages["overtime"]
    assert values["total_hours"] == pytest.approx(5.0 * worked / villages["present"], rel=1e-12)


@pytest.mark.parametrize("prefix", ["", "township_"])
def test_groups_of_activities_sum_to_the_hours_worked(values: dict[str, float], prefix: str) -> None:
    groups = sum(values[f"{prefix}{group}_hours"] for group in GROUPS)
    assert groups == pytest.approx(values[f"{prefix}total_hours"], abs=1e-9)
    burden = sum(values[f"{prefix}{group}_hours"] for group in BURDEN_GROUPS)
    assert burden == pytest.approx(values[f"{prefix}burden_hours"], abs=1e-9)


@pytest.mark.parametrize("group", [g for g, members in GROUPS.items() if len(members) > 1])
def test_the_activities_of_a_group_sum_to_it(values: dict[str, float], group: str) -> None:
    members = sum(values[f"{activity}_hours"] for activity in GROUPS[group])
    assert members == pytest.approx(values[f"{group}_hours"], abs=1e-9)


def test_every_activity_is_measured() -> None:
    assert {f"{a}_hours" for a in ACTIVITIES} <= set(NAMES)


@pytest.mark.parametrize(
    ("name", "top", "bottom", "factor"),
    [
        ("visits", "visits", "office_days", 250.0),
        ("forms", "forms", "office_days", 250.0 / 12.0),
        ("matters", "received", "office_days", 5.0),
        ("days_to_close", "days_to_close", "closed", 1.0),
        ("open_matters", "open", "office_days", 1.0),
        ("complaints", "complaints", "office_days", 250.0),
        ("proactive_share", "proactive", "cadres", 1.0),
    ],
)
def test_rates_are_ratios_of_sums(
    values: dict[str, float], villages: pd.Series, name: str, top: str, bottom: str, factor: float
) -> None:
    assert values[name] == pytest.approx(factor * villages[top] / villages[bottom], rel=1e-12)


@pytest.mark.parametrize("mind", ["motivation", "caution", "fatigue"])
def test_minds_are_means_over_cadres_and_days(result: RunResult, values: dict[str, float], mind: str) -> None:
    """The daily table has means; weighted with the cadres they are means of, they give the metric."""
    daily = result.daily_frame()
    chosen = daily[(daily["date"] >= "2025-01-01") & (daily["kind"] != "township")]
    assert values[mind] == pytest.approx(np.average(chosen[mind], weights=chosen["cadres"]), rel=1e-12)
    assert 0.0 <= values[mind] <= 1.0


def test_shares_are_of_matters_that_ended(values: dict[str, float], villages: pd.Series) -> None:
    ended = villages["closed"] + villages["perfunctory"]
    assert ended > 0
    assert values["on_time_share"] == pytest.approx(villages["on_time"] / ended, rel=1e-12)
    assert values["perfunctory_share"] == pytest.approx(villages["perfunctory"] / ended, abs=1e-12)
    assert values["urgent_resolved"] == villages["closed_urgent"]


def test_reported_service_counts_what_was_closed_on_paper_and_gilded(
    values: dict[str, float], villages: pd.Series
) -> None:
    """Real service, the work left undone on matters closed on paper, and the hours of gold-plating."""
    gap = 5.0 * (villages["perfunctory_hours"] + villages["gold_plating"]) / villages["present"]
    assert values["service_gap"] == pytest.approx(gap, rel=1e-12)
    assert gap > 0
    assert values["reported_service_hours"] == pytest.approx(values["service_hours"] + gap, rel=1e-12)


def test_service_to_residents_does_not_depend_on_how_many_cadres_give_it(
    result: RunResult, values: dict[str, float], villages: pd.Series
) -> None:
    """All hours of service over the weeks of the window and the residents of villages and communities."""
    chosen = result.world.offices.kind < 2
    weeks = (result.dates.size - result.measured_day) / 5.0
    service = villages[["urgent", "ordinary", "outreach", "training"]].sum()
    residents = result.world.offices.residents[chosen].sum() / 1000.0
    assert values["service_per_1000"] == pytest.approx(service / weeks / residents, rel=1e-12)


def test_integrity_and_minds_are_ratios_of_their_columns(values: dict[str, float], villages: pd.Series) -> None:
    years, cadre_years = villages["office_days"] / 250.0, villages["cadres"] / 250.0
    assert values["violations"] == pytest.approx(villages["violations"] / years)
    assert values["found_violations"] == pytest.approx(villages["found"] / years)
    assert values["hidden_violations"] == pytest.approx(villages["hidden"] / villages["office_days"])
    assert values["quits"] == pytest.approx(villages["quits"] / cadre_years)
    assert values["burnt_out_share"] == pytest.approx(villages["burnt_out"] / villages["cadres"])
    assert values["waiting_days"] == pytest.approx(villages["waited"] / villages["closed"])
    ended = villages["closed"] + villages["perfunctory"]
    assert values["satisfaction_share"] == pytest.approx(villages["satisfied"] / ended)


def test_departments_and_the_watchdog_are_measured_over_the_window(result: RunResult, values: dict[str, float]) -> None:
    """Excess is the mean over days and levels; cases and corrections are counted on measured days only."""
    assert values["department_excess"] == pytest.approx(result.excess[result.measured_day :].mean())
    day = result.measured_day
    log = tuple(
        Event(n, kind, "bureau", 1) for n in (day - 1, day, day) for kind in ("case closed", "correction", "report")
    )
    logged = dict(zip(NAMES, measure(dataclasses.replace(result, events=log)).tolist(), strict=True))
    assert (logged["watchdog_cases"], logged["watchdog_corrections"]) == (2.0, 2.0)


def test_no_column_is_taken_for_another(result: RunResult) -> None:
    """Where every number of the days is another, each metric is still what its definition says."""
    other = dataclasses.replace(
        result, daily=1.0 + np.arange(result.daily.size, dtype=float).reshape(result.daily.shape)
    )
    found = dict(zip(NAMES, measure(other).tolist(), strict=True))
    sums = other.daily[other.measured_day :].sum(axis=0)
    by_kind = {"": sums[[0, 1]].sum(axis=0), "township_": sums[2]}

    def total(row: np.ndarray, *names: str) -> float:
        return float(sum(row[[c.name for c in COLUMNS].index(name)] for name in names))

    for metric in METRICS:
        row = by_kind["township_" if metric.name.startswith("township_") else ""]
        bottom = total(row, metric.bottom) if metric.bottom else 1.0
        assert found[metric.name] == pytest.approx(metric.factor * total(row, *metric.top) / bottom), metric.name
    row = by_kind[""]
    ended = total(row, "closed", "perfunctory")
    assert found["on_time_share"] == pytest.approx(total(row, "on_time") / ended)
    assert found["perfunctory_share"] == pytest.approx(total(row, "perfunctory") / ended)


def test_nine_of_ten_matters_are_closed_within_the_days_that_are_told(
    result: RunResult, values: dict[str, float]
) -> None:
    counts = result.after.days_to_close[result.world.offices.kind != 2].sum(axis=0)
    days = np.repeat(np.arange(counts.size), counts)
    told = values["days_to_close_p90"]
    assert (days <= told).mean() >= 0.9 > (days < told).mean()


def test_townships_are_measured_apart(result: RunResult, values: dict[str, float]) -> None:
    daily = result.daily_frame()
    towns = daily[(daily["date"] >= "2025-01-01") & (daily["kind"] == "township")]
    service = towns[["urgent", "ordinary", "outreach", "training"]].to_numpy().sum()
    assert values["township_service_hours"] == pytest.approx(5.0 * service / towns["present"].sum(), rel=1e-12)


def test_the_days_before_are_measured_by_themselves(result: RunResult) -> None:
    before = dict(zip(NAMES, measure(result, before=True).tolist(), strict=True))
    daily = result.daily_frame()
    chosen = daily[(daily["date"] < "2025-01-01") & (daily["kind"] != "township")]
    expected = 5.0 * chosen["meetings"].sum() / chosen["present"].sum()
    assert before["meetings_hours"] == pytest.approx(expected, rel=1e-12)


def test_what_nothing_is_known_of_is_not_a_number_and_warns_nobody(result: RunResult) -> None:
    """A run of no days: every ratio is missing, and a plain sum is nothing."""
    nothing = dataclasses.replace(result, daily=np.zeros_like(result.daily), before=None)
    found = dict(zip(NAMES, measure(nothing).tolist(), strict=True))
    assert np.isnan(found["service_hours"])
    assert np.isnan(found["on_time_share"])
    assert found["urgent_resolved"] == 0.0
    assert np.isnan(measure(nothing, before=True)[NAMES.index("days_to_close_p90")])


# ---- tables agree with one another ----


def test_offices_sum_to_the_days(result: RunResult) -> None:
    """Both tables hold every hour once: by county and kind, the windows of the offices are the days summed."""
    daily, offices = result.daily_frame(), result.offices_frame()
    columns = [*ACTIVITIES, "overtime", "contracted", "present", "visits", "received", "closed", "office_days"]
    window = np.where(daily["date"] < "2025-01-01", "before", "measured")
    by_day = daily.groupby([window, daily["county"], daily["kind"]])[columns].sum()
    by_office = offices.groupby(["window", "county", "kind"])[columns].sum()
    np.testing.assert_allclose(by_office.to_numpy(), by_day.to_numpy(), rtol=1e-10, atol=1e-9)


def test_counties_keep_their_own_hours(tiny_scenario: Scenario) -> None:
    """Two counties of different size: neither is told as the other."""
    counties = [
        {"name": "Littleton", "residents": 2000, "offices": 2, "townships": 1},
        {"name": "Alton", "residents": 6000, "offices": 5, "communities": 3, "townships": 2},
    ]
    content = tiny_scenario.to_dict() | {"place": {"counties": counties}}
    found = Simulation(Scenario.model_validate(content)).run()
    daily, offices = found.daily_frame(), found.offices_frame()
    columns = [*ACTIVITIES, "present", "cadres", "office_days"]
    by_day = daily.groupby(["county", "kind"])[columns].sum()
    by_office = offices.groupby(["county", "kind"])[columns].sum()
    pd.testing.assert_frame_equal(by_day, by_office, rtol=1e-10)
    first = daily[daily["date"] == daily["date"].min()].set_index(["county", "kind"])["office_days"]
    assert first.to_dict() == {
        ("Littleton", "village"): 2.0,
        ("Littleton", "township"): 1.0,
        ("Alton", "village"): 2.0,
        ("Alton", "community"): 3.0,
        ("Alton", "township"): 2.0,
    }


def test_cadres_sum_to_their_offices(result: RunResult) -> None:
    offices = result.offices_frame()
    columns = [*ACTIVITIES, "overtime", "present"]
    measured = offices[offices["window"] == "measured"].set_index("office")[columns]
    by_office = result.cadres_frame().groupby("office")[columns].sum()
    np.testing.assert_allclose(by_office.to_numpy(), measured.to_numpy(), rtol=1e-10, atol=1e-9)
    staff = result.cadres_frame().groupby("office").size()
    assert staff.tolist() == offices[offices["window"] == "measured"]["staff"].tolist()


def test_days_of_cadres_are_there_only_where_they_were_asked_for(result: RunResult) -> None:
    with pytest.raises(ValueError, match="record_cadres"):
        result.cadre_days_frame(0)
