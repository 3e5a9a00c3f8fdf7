"""What is kept for figures is the run in small: nothing is lost, and nothing of townships is in it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from cadre_sim.activities import GROUPS
from cadre_sim.comparison.compare import Comparison
from cadre_sim.comparison.replicate import RunSet
from cadre_sim.comparison.tables import checks, replicates_frame, traces
from cadre_sim.record.dictionary import KEPT
from cadre_sim.record.metrics import HEADLINE, measure, metric_catalogue
from cadre_sim.record.minds import MIND_BINS
from cadre_sim.record.trace import BY_DAY, trace
from cadre_sim.scenario.loading import load
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.simulation import Simulation

VILLAGES = ("village", "community")


def test_days_and_weeks_are_sums_of_the_table_by_day(tiny_runs: RunSet) -> None:
    result = tiny_runs.results[0]
    kept, table = trace(result), result.daily_frame()
    table = table[table["kind"].isin(VILLAGES)]
    for name, activities in GROUPS.items():
        expected = table.groupby("date")[list(activities)].sum().sum(axis=1)
        np.testing.assert_allclose(kept.by_day[:, BY_DAY.index(name)], expected)
    np.testing.assert_array_equal(kept.by_day[:, BY_DAY.index("visits")], table.groupby("date")["visits"].sum())
    mondays = table["date"] - table["date"].dt.weekday.astype("timedelta64[D]")
    weekly = table.groupby(mondays)["present"].sum()
    np.testing.assert_array_equal(kept.weeks, weekly.index.to_numpy().astype("datetime64[D]"))
    np.testing.assert_array_equal(kept.by_week[:, :, 1].sum(axis=1), weekly)
    assert kept.counties == ("Littleton",)


def test_minds_are_those_of_the_cadres_on_the_roll_at_the_end_of_months(tiny: Path) -> None:
    model = Simulation(load(tiny, ["behaviour.minds.quits=2"]), seed=7)
    result = model.run()
    months, counts = result.minds_by_month
    assert [str(m) for m in months] == ["2024-12-01", "2025-01-01", "2025-02-01"]
    kinds = result.world.offices.kind[result.world.cadres.office]
    here = np.isin(kinds, (0, 1)) & model.columns.day.rolled
    assert here.sum() < np.isin(kinds, (0, 1)).sum(), "some places are vacant"
    for mind in (0, 1):
        expected, _ = np.histogram(result.minds[here, mind], MIND_BINS, (0.0, 1.0))
        np.testing.assert_array_equal(counts[-1, mind], expected)


def test_a_run_that_was_cut_has_the_months_that_are_over_and_goes_on_to_the_same(tiny_scenario: Scenario) -> None:
    whole = Simulation(tiny_scenario, seed=7).run().minds_by_month
    model = Simulation(tiny_scenario, seed=7)
    model.run_for(30)
    early = model.result().minds_by_month
    assert [str(m) for m in early.months] == ["2024-12-01"]
    np.testing.assert_array_equal(early.cadres[0], whole.cadres[0])
    resumed = Simulation.resume(tiny_scenario, model.snapshot()).run().minds_by_month
    np.testing.assert_array_equal(resumed.cadres, whole.cadres)


def test_replicates_and_traces_of_a_comparison_are_those_of_its_runs(
    tiny_comparison: Comparison, tiny_runs: RunSet
) -> None:
    """The fixtures share seed and scenario, so that the runs are those of the reform's arm."""
    values = replicates_frame(tiny_comparison).pivot(index="replicate", columns="metric", values="reform")
    names = [d.name for d in metric_catalogue()]
    np.testing.assert_array_equal(values[names].to_numpy(), np.array([measure(r) for r in tiny_runs.results]))
    effect = replicates_frame(tiny_comparison).query("metric == @HEADLINE")
    np.testing.assert_array_equal(effect["reform"] - effect["baseline"], tiny_comparison.arms[0].headline())
    assert HEADLINE in names
    own, runs = traces(tiny_comparison), tiny_runs.traces()
    for mine, theirs in zip(own, runs, strict=True):
        reform = mine[mine["arm"] == "reform"].drop(columns=["scenario", "arm"]).reset_index(drop=True)
        assert reform.equals(theirs)
    assert set(own.by_day["arm"]) == {"baseline", "reform"}
    (checked,) = checks(tiny_comparison)
    assert checked["identical_days_before_reform"] == tiny_comparison.arms[0].identical_days


def test_every_column_that_is_kept_is_described(tiny_runs: RunSet) -> None:
    named = {"replicate", "date", "week", "county", "days", "month", "mind", "from"}
    for name, table in tiny_runs.traces()._asdict().items():
        assert [c for c in table.columns if c not in named] == [c.name for c in KEPT[name]]
