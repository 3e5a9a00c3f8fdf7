"""Replicates: the same rules under different random numbers, the same wherever and however many are run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pytest

from cadre_sim.comparison import replicate
from cadre_sim.comparison.replicate import Job, RunSet, run, run_job
from cadre_sim.comparison.statistics import interval
from cadre_sim.record.bounds import bounds_of
from cadre_sim.record.metrics import measure, metric_catalogue
from cadre_sim.record.result import RunResult
from cadre_sim.scenario.scenario import Scenario
from worlds import prints_of


def prints(runs: RunSet) -> list[dict[str, str]]:
    return [prints_of(result) for result in runs.results]


def test_the_first_replicates_are_the_same_however_many_there_are(tiny_scenario: Scenario, tiny_runs: RunSet) -> None:
    """Asking for a narrower interval adds replicates to those that were run before."""
    fewer = run(tiny_scenario, replicates=2, seed=7, workers=1)
    assert prints(fewer) == prints(tiny_runs)[:2]


def test_replicates_differ_and_so_do_seeds(tiny_scenario: Scenario, tiny_runs: RunSet) -> None:
    other = run(tiny_scenario, replicates=3, seed=8, workers=1)
    dailies = {r["daily"] for r in prints(tiny_runs) + prints(other)}
    assert len(dailies) == 6


@pytest.mark.process
def test_the_number_of_workers_changes_nothing(tiny_scenario: Scenario, tiny_runs: RunSet) -> None:
    """Two processes leave the same bytes as one, in the order of the replicates."""
    spread = run(tiny_scenario, replicates=3, seed=7, workers=2)
    assert prints(spread) == prints(tiny_runs)
    assert [r.key.replicate for r in spread.results] == [0, 1, 2]


def test_replicates_stand_in_their_order_whichever_is_done_first(
    tiny_scenario: Scenario, tiny_runs: RunSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    def last_first(work: Callable[[Job], RunResult], jobs: Sequence[Job], _: int) -> Iterator[tuple[int, RunResult]]:
        return reversed([(place, work(job)) for place, job in enumerate(jobs)])

    monkeypatch.setattr(replicate, "run_jobs", last_first)
    assert prints(run(tiny_scenario, replicates=3, seed=7, workers=1)) == prints(tiny_runs)


def test_a_single_replicate_on_several_threads_is_the_same(tiny_scenario: Scenario, tiny_runs: RunSet) -> None:
    threaded = run(tiny_scenario, replicates=1, seed=7, workers=3)
    assert prints(threaded) == prints(tiny_runs)[:1]


def test_a_replicate_run_by_itself_is_that_of_the_set(tiny_scenario: Scenario, tiny_runs: RunSet) -> None:
    assert prints_of(run_job(Job(tiny_scenario, 7, 2))) == prints(tiny_runs)[2]


def test_the_summary_has_every_metric_once_with_its_mean_and_interval(tiny_runs: RunSet) -> None:
    summary = tiny_runs.summary()
    assert list(summary.columns) == ["metric", "unit", "mean", "low", "high"]
    assert summary["metric"].tolist() == [d.name for d in metric_catalogue()]
    assert summary["unit"].tolist() == [d.unit for d in metric_catalogue()]
    expected = interval(np.array([measure(r) for r in tiny_runs.results]), bounds=bounds_of())
    np.testing.assert_array_equal(summary[["mean", "low", "high"]].to_numpy().T, np.array(expected))


def test_the_frames_of_a_set_hold_all_replicates(tiny_runs: RunSet) -> None:
    for frame, one in (
        (tiny_runs.daily(), tiny_runs.results[0].daily_frame()),
        (tiny_runs.offices(), tiny_runs.results[0].offices_frame()),
        (tiny_runs.cadres(), tiny_runs.results[0].cadres_frame()),
    ):
        assert frame.groupby("replicate").size().tolist() == [len(one)] * 3
        assert list(frame.columns) == list(one.columns)


def test_progress_counts_to_the_end(tiny_scenario: Scenario) -> None:
    seen: list[tuple[int, int]] = []
    run(tiny_scenario, replicates=2, seed=7, workers=1, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 2), (2, 2)]


@pytest.mark.parametrize("replicates", [0, -1])
def test_no_replicate_is_refused(tiny_scenario: Scenario, replicates: int) -> None:
    with pytest.raises(ValueError, match="replicates must be >= 1"):
        run(tiny_scenario, replicates=replicates)
