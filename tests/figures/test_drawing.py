"""What is drawn is what the result says, with units on the axes and a name for every interval."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from cadre_sim import figures
from cadre_sim.activities import GROUPS
from cadre_sim.comparison.compare import Comparison, compare
from cadre_sim.comparison.replicate import RunSet
from cadre_sim.errors import InputError
from cadre_sim.figures.counties import county_effects
from cadre_sim.figures.source import result_of
from cadre_sim.figures.style import ACTIVITY_COLOURS
from cadre_sim.record.minds import MIND_BINS
from cadre_sim.record.trace import BY_DAY
from cadre_sim.scenario.scenario import Scenario

VILLAGES = ["village", "community"]


def daily(runs: RunSet, first: str, last: str) -> pd.Series:
    """Sums over villages and communities of all replicates between two dates, from the table by day and county."""
    table = runs.daily()
    chosen = table["kind"].isin(VILLAGES) & table["date"].between(first, last)
    return table[chosen].drop(columns=["date", "county", "kind", "replicate"]).sum()


def texts(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


def test_bands_of_hours_are_as_high_as_the_hours_of_the_week(tiny_runs: RunSet) -> None:
    (ax,) = figures.hours(tiny_runs)
    sums = daily(tiny_runs, "2024-12-09", "2024-12-15")
    monday = float(np.datetime64("2024-12-09", "D").astype(int))
    assert len(ax.collections) == len(ACTIVITY_COLOURS)
    for group, band in zip(ACTIVITY_COLOURS, ax.collections, strict=True):
        corners = band.get_paths()[0].vertices
        at = corners[np.isclose(corners[:, 0], monday), 1]
        hours = 5 * sums[list(GROUPS[group])].sum() / sums["present"]
        assert at.max() - at.min() == pytest.approx(hours, abs=1e-9), group


def test_the_date_of_the_reform_is_marked_in_the_arm_that_has_it(tiny_comparison: Comparison) -> None:
    without, with_reform = figures.hours(tiny_comparison)

    def marked(ax: Axes) -> list[Any]:
        return [np.datetime64(line.get_xdata()[0], "D").astype(int) for line in ax.lines]

    assert marked(with_reform) == [np.datetime64("2025-01-01", "D").astype(int)]
    assert marked(without) == []
    assert "reform starts" in texts(with_reform)


def test_bars_of_the_week_are_shares_and_say_the_hours_of_the_table(tiny_comparison: Comparison) -> None:
    ax = figures.week(tiny_comparison)
    assert len(ax.patches) == 3 * len(ACTIVITY_COLOURS)
    tops = [bar.get_y() + bar.get_height() for bar in ax.patches[len(ACTIVITY_COLOURS) - 1 :: len(ACTIVITY_COLOURS)]]
    assert tops == pytest.approx([100.0] * 3)
    effects = tiny_comparison.arms[0].frame().set_index("metric")
    total = effects.loc["total_hours", "reform"]
    service = ax.patches[-1].get_height() / 100.0 * total
    # A mean over replicates and a ratio of sums over them: they differ by the days present only.
    assert service == pytest.approx(effects.loc["service_hours", "reform"], rel=5e-3)
    assert f"{service:.1f}" in texts(ax)
    assert [label.get_text().split("\n")[0] for label in ax.get_xticklabels()] == [
        "before", "without reform", "with reform",
    ]  # fmt: skip


def test_effects_are_those_of_the_table_with_interval_and_range(tiny_comparison: Comparison) -> None:
    levels, differences = figures.effects(tiny_comparison)
    effects, arm = tiny_comparison.arms[0].frame().set_index("metric"), tiny_comparison.arms[0]
    order = sorted(ACTIVITY_COLOURS, key=lambda group: effects.loc[f"{group}_hours", "effect"])
    for place, group in enumerate(order):
        row = effects.loc[f"{group}_hours"]
        joined, without, with_reform = levels.lines[3 * place : 3 * place + 3]
        assert list(joined.get_xdata()) == [row["baseline"], row["reform"]]
        assert (without.get_xdata()[0], with_reform.get_xdata()[0]) == (row["baseline"], row["reform"])
        assert with_reform.get_markerfacecolor() == ACTIVITY_COLOURS[group]
        band = differences.patches[place]
        found = arm.effect_on(f"{group}_hours")
        assert (band.get_x(), band.get_width()) == pytest.approx((found.min(), np.ptp(found)))
        bar = differences.containers[2 * place + 1].lines[2][0].get_segments()[0]
        assert (bar[0, 0], bar[1, 0]) == pytest.approx((row["low"], row["high"]))
        said = f"{row['effect']:+.2f}".replace("-", "−")
        assert differences.texts[place].get_text() in (said, said[1:])
    assert "95% interval of the mean of 3 paired replicates" in differences.get_title(loc="left")
    assert "range" in differences.get_title(loc="left")


def test_one_replicate_is_said_to_have_no_interval(tiny_scenario: Any) -> None:
    from cadre_sim.comparison.compare import compare

    one = compare(tiny_scenario, replicates=1, workers=1)
    _, differences = figures.effects(one)
    assert differences.get_title(loc="left") == "one replicate: no interval"
    assert len(differences.containers) == len(ACTIVITY_COLOURS), "bands only"


def test_the_curve_of_days_to_close_is_the_share_closed(tiny_runs: RunSet) -> None:
    ax = figures.days_to_close(tiny_runs)
    counts = sum(r.days_to_close((0, 1)) for r in tiny_runs.results)
    shares = np.cumsum(counts) / counts.sum()
    curve = next(line for line in ax.lines if len(line.get_xdata()) == counts.size)
    np.testing.assert_allclose(curve.get_ydata(), shares)
    assert curve.get_drawstyle() == "steps-post"
    within = int(np.argmax(shares >= 0.9))
    assert f"this run: nine of ten within {within} days" in texts(ax)


def test_counties_are_sorted_by_effects_that_are_their_own(two_counties: Comparison) -> None:
    axes = figures.counties(two_counties)
    table = county_effects(result_of(two_counties))
    assert table["effect"].is_monotonic_decreasing
    own = {}
    for name in ("Early", "Late"):
        effects = []
        for pair in two_counties.arms[0].traces:
            levels = []
            for run in pair:
                k = run.counties.index(name)
                service, present = run.by_week[run.weeks >= np.datetime64("2025-03-10"), k].sum(axis=0)
                levels.append(5 * service / present)
            effects.append(levels[1] - levels[0])
        own[name] = np.mean(effects)
    assert dict(zip(table["county"], table["effect"], strict=True)) == pytest.approx(own)
    for ax, row in zip(axes, table.itertuples(), strict=True):
        name, effect = ax.get_title(loc="left").split("\n")
        assert name == row.county
        assert effect.startswith(f"{row.effect:+.1f}".replace("-", "−"))
    assert "95% interval" in axes[0].figure._suptitle.get_text()
    starts = {ax.get_title(loc="left").split("\n")[0]: ax.lines[2].get_xdata()[0] for ax in axes}
    assert {k: str(v) for k, v in starts.items()} == {"Early": "2025-03-10", "Late": "2025-06-02"}


def test_a_square_of_the_calendar_is_the_visits_of_its_day(tiny_runs: RunSet) -> None:
    axes = figures.visits(tiny_runs)
    assert [ax.get_title(loc="left")[:4] for ax in axes] == ["2024", "2025"]
    day = pd.Timestamp("2025-01-14")
    sums = daily(tiny_runs, str(day.date()), str(day.date()))
    cells = axes[1].collections[0].get_array().reshape(7, 54)
    assert cells[1, 2] == pytest.approx(100 * sums["visits"] / sums["office_days"])
    assert sums["visits"] > 0
    assert cells.mask[6, 2], "nobody works on that Sunday"


def test_densities_are_those_of_the_cadres(tiny_runs: RunSet) -> None:
    motivation, _ = figures.minds(tiny_runs)
    last = motivation.lines[-2]
    x, y = np.asarray(last.get_xdata()), np.asarray(last.get_ydata())
    values = np.concatenate([_motivation(r) for r in tiny_runs.results])
    mean = float((x * y).sum() / y.sum())
    assert mean == pytest.approx(values.mean(), abs=1.5 / MIND_BINS)
    assert [label.get_text() for label in motivation.get_yticklabels()] == ["Feb 2025", "Jan 2025", "Dec 2024"]


def _motivation(result: Any) -> np.ndarray:
    kind = result.world.offices.kind[result.world.cadres.office]
    return result.minds[np.isin(kind, (0, 1)), 0]


UNITS = {
    "hours": ("", "hours per cadre-week"),
    "week": ("", "share of hours worked [%]"),
    "effects": ("hours per cadre-week", ""),
    "days_to_close": ("calendar days", "share of closed matters"),
    "minds": ("0 passive compliance to 1 proactive", ""),
    "event_study": ("weeks since", "hours per cadre-week"),
}


@pytest.mark.parametrize("name", UNITS)
def test_axes_say_their_units(name: str, two_counties: Comparison) -> None:
    found = getattr(figures, name)(two_counties)
    ax = found if isinstance(found, Axes) else found[0]
    across, up = UNITS[name]
    assert across in ax.get_xlabel()
    assert up in ax.get_ylabel()
    assert bool(across) == bool(ax.get_xlabel())
    if name == "effects":
        assert "change in hours per cadre-week" in found[1].get_xlabel()


def test_a_figure_can_be_drawn_on_axes_that_are_there_already(tiny_comparison: Comparison) -> None:
    figure = Figure()
    left, right = figure.subplots(1, 2)
    assert figures.days_to_close(tiny_comparison, ax=left) is left
    assert figures.effects(tiny_comparison, axes=[left, right]) == [left, right]
    with pytest.raises(ValueError, match="needs 2"):
        figures.effects(tiny_comparison, axes=[left])


def test_a_folder_that_holds_no_result_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"manifest\.json: no such file"):
        figures.hours(tmp_path / "nowhere")
    (tmp_path / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="is damaged"):
        figures.hours(tmp_path)
    (tmp_path / "manifest.json").write_text('{"files": ["effects.csv"]}', encoding="utf-8")
    with pytest.raises(InputError, match="is not of a result of this version"):
        figures.hours(tmp_path)


def test_effects_of_a_run_alone_are_refused(tiny_runs: RunSet) -> None:
    for name in ("effects", "counties", "event_study"):
        with pytest.raises(ValueError, match="comparison"):
            getattr(figures, name)(tiny_runs)


def test_columns_of_days_are_the_groups_of_activities() -> None:
    assert BY_DAY[: len(GROUPS)] == tuple(GROUPS)


def test_counties_of_days_without_a_whole_week_are_drawn_without_effects(tiny_scenario: Scenario) -> None:
    days = {"measure_from": date(2025, 1, 7), "measure_to": date(2025, 1, 9)}
    period = tiny_scenario.period.model_copy(update=days)
    comparison = compare(tiny_scenario.model_copy(update={"period": period}), replicates=2, workers=1)
    assert [ax.get_title("left") for ax in figures.counties(comparison)] == ["Littleton\n\N{EN DASH}"]
