"""The figures of the page, in Altair, in the colours of the report; each as wide as its place, each with a table."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from cadre_sim.figures.hours import HOURS, mean_week, weekly_hours
from cadre_sim.figures.source import Result, metric_row
from cadre_sim.figures.style import ACTIVITY_COLOURS, FAINT, INK
from cadre_sim.labels.names import ACTIVITY_GROUPS, ARMS
from cadre_sim.language import Language

_GROUPS = list(ACTIVITY_COLOURS)
FONTS = 'PT Sans, "Cadre Sans SC", sans-serif'


def hours(result: Result, arm: str, say: Language, top: float) -> Any:
    """Hours per cadre-week by activity over time, stacked, with the date on which the reform starts.

    Args:
        result: a comparison.
        arm: which arm.
        say: language.
        top: upper end of the vertical axis, the same for both arms.
    """
    table = weekly_hours(result, arm)
    long = _long(table.rename_axis("week").reset_index(), "week", say)
    base = alt.Chart(long).encode(
        x=alt.X("week:T", title=None, axis=alt.Axis(format="%Y-%m", tickCount=6, grid=False, labelOverlap=True)),
        y=alt.Y("hours:Q", title=None, stack="zero", scale=alt.Scale(domain=[0, top], nice=False), axis=_axis()),
        color=_colour(say),
        order=alt.Order("order:Q"),
        tooltip=_tips(say, ("week:T", say("week from"), "%Y-%m-%d")),
    )
    layers = [base.mark_area(stroke="white", strokeWidth=0.5)]
    starts = result.starts()
    if starts:
        marks = pd.DataFrame({"start": [pd.Timestamp(starts[0])], "label": [say("reform starts")]})
        rule = alt.Chart(marks).encode(x="start:T")
        layers.append(rule.mark_rule(color=INK, strokeDash=[5, 4], strokeWidth=1.4))
    return _dressed(alt.layer(*layers), say(ARMS[arm]), 230)


def hours_table(result: Result, say: Language) -> pd.DataFrame:
    """Hours by activity and month in both arms, for those who read numbers."""
    tables = []
    for arm in result.arms:
        table = weekly_hours(result, arm)
        months = table.groupby(table.index.to_period("M")).mean()
        tables.append(months.rename(columns=lambda g, arm=arm: f"{say(ACTIVITY_GROUPS[g].name)}, {say(ARMS[arm])}"))
    found = pd.concat(tables, axis=1)
    found.index = found.index.astype(str)
    return found.rename_axis(say("month"))


def highest(result: Result) -> float:
    """The most hours in a week of either arm."""
    return max(float(weekly_hours(result, arm).sum(axis=1).max()) for arm in result.arms) * 1.02


def week_table(result: Result, say: Language) -> pd.DataFrame:
    """A cadre's week before the reform, without and with it: hours by activity."""
    bars = {say(ARMS[arm]): mean_week(result, arm) for arm in result.arms}
    before = mean_week(result, result.last_arm, before=True)
    if before.notna().all():
        bars = {say("before"): before} | bars
    return pd.DataFrame(bars).rename(index=lambda g: say(ACTIVITY_GROUPS[g].name)).rename_axis(say("activity"))


def week(result: Result, say: Language) -> Any:
    """A cadre's week before the reform, without and with it, as stacked shares."""
    table = week_table(result, say)
    names = list(table.columns)
    wide = table.T.rename_axis("arm").reset_index()
    wide.columns = ["arm", *_GROUPS]
    long = _long(wide, "arm", say)
    totals = long.groupby("arm")["hours"].transform("sum")
    long["share"] = long["hours"] / totals
    long["start"] = long.groupby("arm")["share"].cumsum() - long["share"]
    long["end"] = long["start"] + long["share"]
    long["middle"] = (long["start"] + long["end"]) / 2
    long["text"] = [f"{h:.1f}" if s >= 0.045 else "" for h, s in zip(long["hours"], long["share"], strict=True)]
    y = alt.Y("arm:N", title=None, sort=names, axis=alt.Axis(labelLimit=140, ticks=False, domain=False, labelPadding=8))
    x = alt.X("start:Q", title=None, scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%", grid=False, tickCount=5))
    bars = (
        alt.Chart(long)
        .mark_bar(stroke="white", strokeWidth=0.8, height={"band": 0.72})
        .encode(x=x, x2="end:Q", y=y, color=_colour(say), tooltip=_tips(say, ("arm:N", say("version"), None)))
    )
    texts = alt.Chart(long).mark_text(fontSize=12, font=FONTS).encode(
        x="middle:Q", y=y, text="text:N",
        color=alt.condition(
            alt.FieldOneOfPredicate("group", ["inspection", "service"]), alt.value("white"), alt.value(INK)
        ),
    )  # fmt: skip
    return _dressed(bars + texts, "", 36 * len(names) + 20)


def effects_table(result: Result, say: Language) -> pd.DataFrame:
    """The effect on hours by activity, with its interval."""
    rows = {group: metric_row(result, f"{group}_hours") for group in _GROUPS}
    columns = {arm: say(ARMS[arm]) for arm in result.arms}
    columns |= {"effect": say("effect"), "low": say("95% interval, low"), "high": say("95% interval, high")}
    found = pd.DataFrame({name: [float(rows[g][column]) for g in _GROUPS] for column, name in columns.items()})
    found.index = pd.Index([say(ACTIVITY_GROUPS[g].name) for g in _GROUPS], name=say("activity"))
    return found


def effects(result: Result, say: Language) -> Any:
    """The effect on hours by activity, the largest gain first, with its interval."""
    rows = {group: metric_row(result, f"{group}_hours") for group in _GROUPS}
    order = sorted(rows, key=lambda g: -float(rows[g]["effect"]))
    frame = pd.DataFrame(
        {
            "group": order,
            "activity": [say(ACTIVITY_GROUPS[g].name) for g in order],
            **{c: [float(rows[g][c]) for g in order] for c in ("effect", "low", "high")},
            "text": [say.number(float(rows[g]["effect"]), 2, sign=True) for g in order],
        }
    )
    span = max(0.5, float(frame[["effect", "low", "high"]].abs().max().max()))
    x = alt.X("effect:Q", title=say("change in hours per cadre-week"), axis=_axis(),
              scale=alt.Scale(domain=[-1.3 * span, 1.3 * span]))  # fmt: skip
    y = alt.Y("activity:N", title=None, sort=list(frame["activity"]),
              axis=alt.Axis(ticks=False, domain=False, labelLimit=140, labelPadding=8))  # fmt: skip
    base = alt.Chart(frame).encode(y=y)
    bars = base.mark_bar(height={"band": 0.62}).encode(x=x, color=_colour(say), tooltip=[
        alt.Tooltip("activity:N", title=say("activity")),
        alt.Tooltip("effect:Q", title=say("effect"), format="+.2f"),
        alt.Tooltip("low:Q", title=say("95% interval, low"), format="+.2f"),
        alt.Tooltip("high:Q", title=say("95% interval, high"), format="+.2f"),
    ])  # fmt: skip
    whiskers = base.mark_rule(color=INK, strokeWidth=1.6).encode(x="low:Q", x2="high:Q")
    zero = alt.Chart(pd.DataFrame({"at": [0.0]})).mark_rule(color=INK).encode(x="at:Q")
    right = base.transform_filter("datum.effect >= 0").mark_text(align="left", dx=8, fontSize=12, font=FONTS)
    left = base.transform_filter("datum.effect < 0").mark_text(align="right", dx=-8, fontSize=12, font=FONTS)
    texts = [right.encode(x="high:Q", text="text:N"), left.encode(x="low:Q", text="text:N")]
    return _dressed(alt.layer(bars, zero, whiskers, *texts), "", 30 * len(order) + 30)


def day(rows: pd.DataFrame, say: Language) -> Any:
    """The day of one cadre in both arms, stacked hours.

    Args:
        rows: columns arm (as shown) and a column for each group of activities [h].
        say: language.
    """
    long = _long(rows, "arm", say)
    bars = alt.Chart(long).mark_bar(stroke="white", strokeWidth=0.8, height={"band": 0.72}).encode(
        x=alt.X("hours:Q", title=say("hours of the day"), stack="zero", axis=_axis()),
        y=alt.Y("arm:N", title=None, sort=list(rows["arm"]),
                axis=alt.Axis(labelLimit=140, ticks=False, domain=False, labelPadding=8)),
        color=_colour(say), order=alt.Order("order:Q"), tooltip=_tips(say, ("arm:N", say("version"), None)),
    )  # fmt: skip
    return _dressed(bars, "", 36 * len(rows) + 20)


def _long(wide: pd.DataFrame, by: str, say: Language) -> pd.DataFrame:
    long = wide.melt(by, _GROUPS, "group", "hours")
    long["order"] = long["group"].map(_GROUPS.index)
    long["activity"] = [say(ACTIVITY_GROUPS[g].name) for g in long["group"]]
    return long.sort_values("order", kind="stable").reset_index(drop=True)


def _colour(say: Language) -> Any:
    return alt.Color(
        "group:N", legend=None, scale=alt.Scale(domain=_GROUPS, range=[ACTIVITY_COLOURS[g] for g in _GROUPS])
    )


def _axis() -> Any:
    return alt.Axis(gridColor=FAINT, domain=False, ticks=False, tickCount=5)


def _tips(say: Language, first: tuple[str, str, str | None]) -> list[Any]:
    field, title, form = first
    return [
        alt.Tooltip(field, title=title, **({"format": form} if form else {})),
        alt.Tooltip("activity:N", title=say("activity")),
        alt.Tooltip("hours:Q", title=say(HOURS), format=".2f"),
    ]


def _dressed(chart: Any, title: str, height: int) -> Any:
    chart = chart.properties(width="container", height=height, usermeta={"embedOptions": {"actions": False}})
    if title:
        chart = chart.properties(title=alt.Title(title, anchor="start", fontWeight="normal", fontSize=14))
    return chart.configure_view(stroke=None).configure(font=FONTS, background="white").configure_axis(
        labelColor=INK, titleColor=INK, titleFontWeight="normal", labelFontSize=12, titleFontSize=12
    )  # fmt: skip
