"""The chapter of a report on an experiment: what its design lets one say, a function a section."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd

from cadre_sim import figures
from cadre_sim.analysis.attribution import Attribution, attribute
from cadre_sim.analysis.sensitivity import Sensitivity, sensitivity
from cadre_sim.analysis.study import Study
from cadre_sim.errors import InputError
from cadre_sim.experiments.designs import ON_OFF
from cadre_sim.labels.metrics import metric_label
from cadre_sim.language import Language
from cadre_sim.report import appendix
from cadre_sim.report.named import main_arm, response_name
from cadre_sim.report.pieces import Cell, Chapter, Code, Piece, ReportSection, Table, Text, number, picture
from cadre_sim.report.points import MOST, failure_section, frontier_section, variance_section
from cadre_sim.scenario.measures import measure_name
from cadre_sim.scenario.paths import path_text
from cadre_sim.version import model_version

SENSITIVITY = ("morris", "saltelli")
"""Designs that say how much depends on each parameter."""


class _Said(NamedTuple):
    """What an analysis says: in a sentence, in sections, and how much depends on each parameter, by its path."""

    answer: str
    sections: list[ReportSection]
    influence: dict[str, float] | None = None


def chapter_of(study: Study, say: Language) -> Chapter:
    """Everything about one experiment that its runs let one say so far."""
    experiment = study.plan.experiment
    about = say(
        "{runs} runs are done, of at most {total}. Design: {design}; replicates: {count}, seed {seed}.",
        runs=f"{len(study.runs):,}", total=f"{study.plan.total():,}", design=experiment.design,
        count=experiment.replicates, seed=experiment.seed,
    )  # fmt: skip
    makers = {**dict.fromkeys(SENSITIVITY, _sensitivity), **dict.fromkeys(ON_OFF, _attribution)}
    make: Callable[[Study, Language], _Said] = makers.get(experiment.design, _points)
    try:
        answer, sections, influence = make(study, say)
    except InputError as error:
        answer, sections, influence = _Said("", [ReportSection(say("What cannot be said"), [Text(str(error))])])
    scenario = study.plan.arm_scenario(main_arm(study))
    closing = [_numbers(study, say), appendix.assumed(scenario, say, influence), _reproduced(study, say)]
    kept = [section for section in (*sections, *closing) if section.pieces]
    return Chapter(say(experiment.title), about, say(experiment.question), answer, kept)


def influence_of(study: Study) -> dict[str, float]:
    """How much the effect depends on each parameter, by its path.

    Raises:
        InputError: the experiment is of another design, too few of its runs are there, or nothing varies over it.
    """
    design = study.plan.experiment.design
    if design not in SENSITIVITY:
        raise study.unfit(
            f"is no sensitivity experiment: its design is {design}, and the order of assumptions needs one of "
            f"{' or '.join(SENSITIVITY)}, such as experiments/hengyang-sensitivity.yaml"
        )
    found = sensitivity(study, arm=main_arm(study))
    if not found.varies:
        raise study.unfit(f"{found.response.metric} does not vary over its design, so that it orders no assumptions")
    return _influence(study, found)


def _influence(study: Study, found: Sensitivity) -> dict[str, float]:
    """The index of each parameter by its path; a factor of several places gives all of them its own."""
    index = found.table.set_index("factor")["mean_absolute" if found.method == "morris" else "total"]
    targets = {f.name: [t for places in f.targets.values() for t in places] for f in study.plan.factors}
    return {path_text(t.keys): float(value) for name, value in index.items() for t in targets[str(name)]}


def _attribution(study: Study, say: Language) -> _Said:
    found = attribute(study, arm=main_arm(study))
    table = found.table.sort_values("effect", ascending=False, kind="stable")
    names = {name: measure_name(name.removeprefix("reforms."), say) for name in found.measures}
    what = response_name(found.response, say)
    shown = table.assign(measure=table["measure"].map(names))
    rows = [
        (Cell(r.measure), number(say.number(r.effect, 3, sign=True)),
         number(say.between(r.low, r.high, 3, sign=True)), number(say.number(r.alone, 3, sign=True)),
         number(say.number(r.last, 3, sign=True)))
        for r in shown.itertuples()
    ]  # fmt: skip
    heads = (say("measure"), say("brings"), say("95% interval"), say("alone"), say("as the last"))
    pieces: list[Piece] = [
        picture(figures.attribution(shown, language=say.name, label=what),
                say("Bars of what each measure brings, one after another. {levels}",
                    levels=say.series(f"{r.measure} {say.number(r.effect, 2, sign=True)}" for r in shown.itertuples())),
                _how(found, say)),
        Table(say("What each measure brings: {what}", what=what), heads, rows),
        Text(say("Alone: what it brings without the others. As the last: what is lost where it alone is left out. "
                 "Where the two differ, measures act on each other."), small=True),
    ]  # fmt: skip
    sections = [ReportSection(say("What each measure brings"), pieces), _interactions(found, names, say)]
    return _Said(_most(shown, float(found.effect.mean()), say), sections)


def _most(table: pd.DataFrame, whole: float, say: Language) -> str:
    """Which measure brings most of the whole effect, in its direction; where that is nothing, so it is said."""
    first = table.iloc[int((table["effect"] * np.copysign(1.0, whole)).argmax())]
    effect, in_all = (say.number(value, 2, sign=True) for value in (float(first["effect"]), whole))
    if effect == in_all == say.number(0.0, 2, sign=True):
        return say("No measure brings anything.")
    return say("Most comes from {measure}: {effect} of {whole} in all.", measure=first["measure"], effect=effect,
               whole=in_all)  # fmt: skip


def _how(found: Attribution, say: Language) -> str:
    if found.orders:
        return say("Shapley values from {orders} drawn orders and {count} replicates. Intervals: 95%, of the mean over "
                   "both.", orders=found.orders, count=len(found.effect))  # fmt: skip
    return say("Shapley values from all sets of measures, {count} replicates. Intervals: 95%, of the mean over "
               "replicates.", count=len(found.effect))  # fmt: skip


def _interactions(found: Attribution, names: dict[str, str], say: Language) -> ReportSection:
    pairs = found.interactions.sort_values("effect", key=abs, ascending=False, kind="stable").head(10)
    rows = [
        (Cell(f"{names[r.first]} + {names[r.second]}"), number(say.number(r.effect, 3, sign=True)),
         number(say.between(r.low, r.high, 3, sign=True)))
        for r in pairs.itertuples()
    ]  # fmt: skip
    heads = (say("two measures"), say("together, beyond each alone"), say("95% interval"))
    return ReportSection(say("Which measures act on each other"),
                   [Table(say("The ten pairs that do most"), heads, rows)] if rows else [])  # fmt: skip


def _sensitivity(study: Study, say: Language) -> _Said:
    found = sensitivity(study, arm=main_arm(study))
    what = response_name(found.response, say)
    if not found.varies:
        told = say(
            "It is {mean} all over the design: what does not vary depends on none of the {count} parameters, as far as "
            "they were moved.",
            mean=say.number(found.mean, 2, sign=True), count=len(found.table),
        )  # fmt: skip
        return _Said("", [ReportSection(say("What the effect depends on"), [Text(f"{what}. {told}")])])
    shown = found.table.head(MOST)
    first = shown.iloc[0]
    pieces: list[Piece] = [
        picture(figures.sensitivity(_as_drawn(shown, found), language=say.name, of=what,
                                    shares=found.method == "sobol"),
                say("Points of how much depends on each parameter. {levels}",
                    levels=say.series(f"{r.factor} {say.number(r[2], 2)}" for r in shown.itertuples())),
                _method(found, say)),
        Text(say("Over the design the mean is {mean} and the standard deviation {spread}.",
                 mean=say.number(found.mean, 2, sign=True), spread=say.number(found.spread, 2))),
    ]  # fmt: skip
    if len(found.table) > MOST:
        pieces.append(Text(say("{count} further parameters matter less.", count=len(found.table) - MOST), small=True))
    answer = say("It depends most on {parameter}, of {count} parameters.", parameter=str(first["factor"]),
                 count=len(found.table))  # fmt: skip
    return _Said(answer, [ReportSection(say("What the effect depends on"), pieces)], _influence(study, found))


def _as_drawn(table: pd.DataFrame, found: Sensitivity) -> pd.DataFrame:
    """Indices with the names that the figure has for them."""
    if found.method == "sobol":
        names = {"factor": "parameter", "first": "index", "first_low": "low", "first_high": "high"}
        return table.rename(columns=names)
    frame = table.rename(columns={"factor": "parameter", "mean_absolute": "index"})
    return frame.assign(total=np.nan, total_low=np.nan, total_high=np.nan)


def _method(found: Sensitivity, say: Language) -> str:
    if found.method == "sobol":
        return say("Sobol indices, {used} of {all} base points. Intervals: 95%, by bootstrap.", used=found.used,
                   all=found.all)  # fmt: skip
    return say("Morris screening, {used} of {all} trajectories: mean change when a parameter moves through its range "
               "and all others stay. Intervals: 95%, by bootstrap.", used=found.used, all=found.all)  # fmt: skip


def _points(study: Study, say: Language) -> _Said:
    sections = [section(study, say) for section in (frontier_section, variance_section, failure_section)]
    return _Said("", sections)


def _numbers(study: Study, say: Language) -> ReportSection:
    """Means of what the experiment keeps, by arm."""
    if not len(study.runs):
        return ReportSection("", ())
    means = study.runs.groupby("arm", sort=False)[list(study.plan.metrics)].mean()
    arms = [arm for arm in study.plan.arms if arm in means.index][:5]
    rows = []
    for metric in study.plan.metrics:
        label = metric_label(metric)
        values = [number(say.number(label.unit.factor * float(means.loc[arm, metric]), label.digits)) for arm in arms]
        rows.append((Cell(label.said(say)), Cell(label.said_unit(say)), *values))
    caption = say("Means over all points and replicates")
    return ReportSection(
        say("In numbers"),
        [
            Table(
                caption,
                (say("metric"), say("unit"), *(arms if len(study.plan.arms) > 1 else [say("mean")])),
                rows,
                frozenset({1}),
            )
        ],
    )


def _reproduced(study: Study, say: Language) -> ReportSection:
    plan = study.plan
    rows = [(Cell(say("seed")), Cell(str(plan.experiment.seed)))]
    rows += [(Cell(say("hash of arm {arm}", arm=name)), Cell(arm.digest)) for name, arm in plan.arms.items()]
    versions = ", ".join(sorted(study.runs["version"].unique())) if len(study.runs) else model_version()
    rows.append((Cell(say("version of the model")), Cell(versions)))
    table = Table(say("What the result was made with"), (say("what"), say("value")), rows)
    command = f"cadre-sim experiment run {plan.path} --out {study.path}"
    return ReportSection(say("How to make it again"), [Code(command), table])
