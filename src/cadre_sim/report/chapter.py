"""The chapter of a report on one result: a function a section."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np

from cadre_sim import figures
from cadre_sim.figures.counties import MOST, county_effects, shown_of
from cadre_sim.figures.event_study import has_comparison
from cadre_sim.figures.source import Result, metric_row
from cadre_sim.labels.metrics import metric_label
from cadre_sim.labels.names import ACTIVITY_GROUPS, title_of
from cadre_sim.language import Language
from cadre_sim.report import appendix, tables
from cadre_sim.report.pieces import Card, Cards, Chapter, Piece, ReportSection, Text, picture
from cadre_sim.report.shown import CARDS
from cadre_sim.scenario.measures import measure_name


def chapter(
    result: Result, say: Language, more: tuple[ReportSection, ...] = (), influence: Mapping[str, float] | None = None
) -> Chapter:
    """Everything about one result.

    Args:
        result: a scenario of a comparison, or a run.
        say: the language.
        more: further sections, such as that of an analysis; they stand before what was assumed.
        influence: how much depends on a parameter, by its path; assumptions are listed in this order.
    """
    before: tuple[ReportSection, ...] = ()
    after: tuple[ReportSection, ...] = ()
    if result.has_villages:
        before = (_hours(result, say),)
        after = tuple(make(result, say) for make in (_residents, _counties, _rollout, _inspectors, _minds))
    findings = (_headline(result, say), tables.reforms(result, say), *before, tables.effects(result, say), *after)
    sections = (
        _idle(result, say),
        *((tables.reforms(result, say),) if result.checks.get("nothing_can_change") else findings),
        tables.article(result, say),
        *more,
        appendix.assumed(result.scenario, say, influence),
        appendix.reproduced(result, say),
    )
    question = result.scenario.question or ""
    kept = [section for section in sections if section.pieces]
    return Chapter(title_of(result.scenario.title, say), _about(result, say), say(question), _answer(result, say), kept)


def _about(result: Result, say: Language) -> str:
    values = {
        "first": say.date(result.scenario.measure_from),
        "last": say.date(result.scenario.measure_to),
        "count": result.replicates,
        "seed": result.seed,
    }
    if result.baseline is None:
        return say("Measured from {first} to {last}; replicates: {count}, seed {seed}.", **values)
    return say(
        "Compared with: {baseline}. Measured from {first} to {last}; paired replicates: {count}, seed {seed}.",
        baseline=title_of(result.baseline.title, say),
        **values,
    )


def _answer(result: Result, say: Language) -> str:
    """The headline in a sentence, with its interval."""
    if result.checks.get("nothing_can_change"):
        return say("Nothing can change: no reform in which the two scenarios differ can act on a measured day.")
    row = metric_row(result, "service_hours")
    if result.baseline is None:
        if np.isnan(row["mean"]):
            return ""
        return say("A cadre spends {hours} hours a week on service to residents.", hours=say.number(row["mean"], 2))
    if np.isnan(row["effect"]):
        return ""
    values = {
        "effect": say.number(abs(row["effect"]), 2),
        "low": say.number(row["low"], 2, sign=True),
        "high": say.number(row["high"], 2, sign=True),
        "before": say.number(row["baseline"], 2),
        "after": say.number(row["reform"], 2),
    }
    if values["effect"] == say.number(0.0, 2):
        text = say("Service to residents stays at {before} hours per cadre-week", **values)
    elif row["effect"] >= 0:
        text = say("Service to residents rises by {effect} hours per cadre-week, from {before} to {after}", **values)
    else:
        text = say("Service to residents falls by {effect} hours per cadre-week, from {before} to {after}", **values)
    if np.isnan(row["low"]):
        return say("{answer} (one replicate: no interval).", answer=text)
    if row["low"] <= 0.0 <= row["high"]:
        return say(
            "{answer}, which chance alone may give (95% interval of the effect: {low} to {high}).",
            answer=text,
            **values,
        )
    return say("{answer} (95% interval of the effect: {low} to {high}).", answer=text, **values)


def _idle(result: Result, say: Language) -> ReportSection:
    """Reforms that can change nothing, each with the reason; it stands before all else."""
    pieces = []
    for each in result.checks.get("idle", ()):
        reason, values = each["text"], {name: _value(value, say) for name, value in each["values"].items()}
        measure = result.scenario.reforms[each["name"]].key
        label = measure_name(measure, say)
        name = label if each["name"] == measure else f"{label} ({each['name']})"
        pieces.append(Text(say("{reform}: {why}.", reform=name, why=say(reason, **values))))
    return ReportSection(say("Reforms that can change nothing"), pieces)


def _value(value: object, say: Language) -> str:
    """A value in a sentence: a date as people write it, a word of the catalogue in the language."""
    try:
        return say.date(date.fromisoformat(str(value)))
    except ValueError:
        return say(str(value))


def _headline(result: Result, say: Language) -> ReportSection:
    if result.baseline is None:
        return ReportSection("", ())
    # No card of cadres or offices that the place does not have.
    known = [metric for metric in CARDS if np.isfinite(metric_row(result, metric)["effect"])]
    pieces: list[Piece] = [Cards([_card(result, metric, say) for metric in known])] if known else []
    if result.replicates > 1:
        pieces.append(
            Text(say(
                "Intervals: 95%, of the mean effect over replicates. They are of chance alone: they say nothing of how "
                "uncertain the parameters are."
            ), small=True)
        )  # fmt: skip
    pieces += tables.few_replicates(result, say)
    identical = result.checks.get("identical_days_before_reform")
    if identical == 0:
        text = say("There is no working day before the scenarios part, so that nothing was checked to be the same.")
    elif identical is None:
        text = say("Both scenarios differ in more than reforms, so that they were not checked to be the same before.")
    else:
        text = say("Until the reform starts, both simulations are identical: checked on {count} working days.",
                   count=identical)  # fmt: skip
    return ReportSection(say("The answer in short"), [*pieces, Text(text, small=True)])


def _card(result: Result, metric: str, say: Language) -> Card:
    found, label = metric_row(result, metric), metric_label(metric)
    factor, digits = label.unit.factor, label.digits
    low, high = factor * found["low"], factor * found["high"]
    change = say.number(factor * found["effect"], digits, sign=True)
    levels = say(
        "from {before} to {after}",
        before=say.number(factor * found["baseline"], digits),
        after=say.number(factor * found["reform"], digits),
    )
    between = say.between(low, high, digits, sign=True)
    interval = say("95% interval {between}", between=between) if between else ""
    return Card(label.said(say), change, label.said_change(say), say.series((levels, interval)))


def _hours(result: Result, say: Language) -> ReportSection:
    pieces: list[Piece] = [
        picture(
            figures.hours(result, language=say.name),
            say("Stacked areas of hours per cadre-week by activity over the weeks of the run. {levels}",
                levels=_levels(result, say)),
            say("Hours per cadre-week by activity, week by week, at villages and communities."),
        ),
        picture(
            figures.week(result, language=say.name),
            say("Stacked bars of shares of the hours worked by activity. {levels}", levels=_levels(result, say)),
            say("A cadre's mean week: shares of the hours worked."),
        ),
    ]  # fmt: skip
    if result.baseline is not None:
        pieces.append(
            picture(
                figures.effects(result, language=say.name),
                say("Dots of hours by activity in both arms, and the differences. {levels}",
                    levels=_levels(result, say)),
                say("Levels in both arms, and the paired differences."),
            )
        )  # fmt: skip
    return ReportSection(say("How the week changes") if result.baseline is not None else say("The week"), pieces)


def _levels(result: Result, say: Language) -> str:
    """Hours by activity in words, for those who do not see a figure."""
    return say.series(
        f"{say(label.name)} {_level(result, f'{group}_hours', say)}" for group, label in ACTIVITY_GROUPS.items()
    )


def _level(result: Result, metric: str, say: Language, digits: int = 1) -> str:
    """A metric in words: its mean, or of a comparison from what to what it changes."""
    row = metric_row(result, metric)
    if result.baseline is None:
        return say.number(row["mean"], digits)
    before, after = (say.number(row[arm], digits) for arm in ("baseline", "reform"))
    return say("from {before} to {after}", before=before, after=after)


def _residents(result: Result, say: Language) -> ReportSection:
    closed = result.traces.days_to_close.groupby("arm")["matters"].sum()
    if not (closed > 0).all():
        return ReportSection("", ())
    alt = say(
        "Curves of the share of matters closed within so many days. Days within which nine of ten are closed: {levels}",
        levels=_level(result, "days_to_close_p90", say),
    )
    shown = picture(figures.days_to_close(result, language=say.name), alt,
                    say("Matters closed by work; matters closed on paper only are not among them."))  # fmt: skip
    return ReportSection(say("How long residents wait"), [shown])


def _counties(result: Result, say: Language) -> ReportSection:
    if result.baseline is None or len(result.counties()) < 2:
        return ReportSection("", ())
    table = county_effects(result)
    shown = shown_of(table).itertuples()
    effects = say.series(f"{say(str(r.county))} {say.number(r.effect, sign=True)}" for r in shown)
    pieces: list[Piece] = [
        picture(
            figures.counties(result, language=say.name),
            say("Lines of service hours per cadre-week in each county, in both arms. Effects: {effects}",
                effects=effects),
            say("Service hours per cadre-week by week; counties sorted by effect. Dashed: the reform starts there."),
        )
    ]  # fmt: skip
    if len(table) > MOST:
        pieces.append(Text(say("Shown are the {count} counties with the largest and the smallest effects, of {all}.",
                               count=MOST, all=len(table)), small=True))  # fmt: skip
    return ReportSection(say("County by county"), pieces)


def _rollout(result: Result, say: Language) -> ReportSection:
    if not has_comparison(result):
        return ReportSection("", ())
    shown = picture(
        figures.event_study(result, language=say.name),
        say("Points of the effect on service hours by week since the start, found from counties that start later, "
            "beside a line of the true effect."),
        say("What an observer would find: the change since the twelve weeks before a county's start, less the same "
            "change in counties that have not started yet. The true effect is the difference to the same run without "
            "the reform."),
    )  # fmt: skip
    return ReportSection(say("What a comparison of counties would find"), [shown])


def _inspectors(result: Result, say: Language) -> ReportSection:
    shown = picture(
        figures.visits(result, language=say.name),
        say(
            "Calendars of visits of inspectors, a square a day. Visits per office-year: {levels}",
            levels=_level(result, "visits", say),
        ),
        say("A square is a working day; the darker, the fewer visits. Pale squares are no working days of the run."),
    )
    return ReportSection(say("When inspectors come"), [shown])


def _minds(result: Result, say: Language) -> ReportSection:
    words = say.series(
        say("{name}: {meaning}", name=metric_label(metric).said(say), meaning=_level(result, metric, say, 3))
        for metric in ("motivation", "caution")
    )
    shown = picture(
        figures.minds(result, language=say.name),
        say("Densities of motivation and caution over cadres, month under month. {levels}", levels=words),
        say("How many cadres of villages and communities stand where, at the end of months."),
    )
    return ReportSection(say("Motivation and caution of cadres"), [shown])
