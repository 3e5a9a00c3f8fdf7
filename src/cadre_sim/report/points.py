"""Sections of a report on designs that draw points: what none betters, what the spread is of, where a reform fails."""

from __future__ import annotations

from cadre_sim import figures
from cadre_sim.analysis.discovery import Condition, discover
from cadre_sim.analysis.frontier import DEFAULT_OBJECTIVES, frontier
from cadre_sim.analysis.study import VALUE, Study
from cadre_sim.analysis.variance import variance
from cadre_sim.errors import InputError
from cadre_sim.language import Language, mark
from cadre_sim.report.named import cell, main_arm, response_name
from cadre_sim.report.pieces import Cell, Piece, ReportSection, Table, Text, number, picture

MOST = 15
"""Rows of a table that are shown."""
_PARTS = {
    "parameters": mark("parameters"),
    "mechanism": mark("choice of mechanism"),
    "both together": mark("parameters and mechanism together"),
    "chance": mark("chance, of one run"),
}


def frontier_section(study: Study, say: Language) -> ReportSection:
    """The reforms that no other betters; left out where fewer than three objectives vary."""
    kept = set(study.plan.metrics)
    frame = study.runs
    varies = [o for o in DEFAULT_OBJECTIVES if o.metric in kept and frame[o.metric].nunique() > 1]
    if len(varies) < 3:
        return ReportSection("", ())
    found = frontier(study, varies, main_arm(study))
    names = [name for name in found.table.columns if name not in ("held", *(o.metric for o in varies))]
    labels = {o.metric: response_name(study.response(o.metric, found.arm, "none"), say) for o in varies}
    means = study.runs[study.runs["arm"] == found.arm].groupby(names)[[o.metric for o in varies]].mean()
    shown = picture(
        figures.frontier(means.reset_index(), found.table, [o.metric for o in varies], labels, language=say.name),
        say("Points of all reforms by {first} and {second}; {count} that no other betters stand out.",
            first=labels[varies[0].metric], second=labels[varies[1].metric], count=len(found.table)),
        say("Each point is a reform, the mean over {count} replicates. Filled: no other has more service, fewer "
            "violations that stay hidden and fewer people sent at once.", count=found.replicates),
    )  # fmt: skip
    columns = [*names, *(o.metric for o in varies), "held"]
    rows = [[number(cell(row[name], say)) for name in columns] for row in found.table.head(MOST).to_dict("records")]
    heads = [*names, *(labels[o.metric] for o in varies), say("held in replicates, share")]
    table = Table(say("Reforms that no other betters, most service first ({shown} of {count})",
                      shown=min(MOST, len(found.table)), count=len(found.table)), heads, rows)  # fmt: skip
    return ReportSection(say("Reforms that no other betters"), [shown, table])


def variance_section(study: Study, say: Language) -> ReportSection:
    """What the spread over all runs is made of; left out where the design cannot tell."""
    try:
        found = variance(study, arm=main_arm(study))
    except InputError:
        return ReportSection("", ())
    if not found.varies:
        told = say("It is {mean} in all runs: there is no spread to be made up.",
                   mean=say.number(found.mean, 2, sign=True))  # fmt: skip
        return ReportSection(
            say("Parameters, mechanism or chance"), [Text(f"{response_name(found.response, say)}. {told}")]
        )
    rows = [
        (Cell(say(_PARTS[r.part])), number(say.number(100 * r.share, 1)),
         number(say.between(100 * r.low, 100 * r.high, 1)))
        for r in found.table.itertuples()
    ]  # fmt: skip
    heads = (say("part"), say("share of the variance, %"), say("95% interval"))
    told = say(
        "Mean {mean}, standard deviation {spread}: {points} points of the parameters, {mechanisms} mechanisms, "
        "{count} replicates. Intervals by bootstrap over points and replicates.",
        mean=say.number(found.mean, 2, sign=True), spread=say.number(found.spread, 2), points=found.points,
        mechanisms=found.mechanisms, count=found.replicates,
    )  # fmt: skip
    table = Table(say("What the spread is made of: {what}", what=response_name(found.response, say)), heads, rows)
    return ReportSection(say("Parameters, mechanism or chance"), [table, Text(told, small=True)])


def failure_section(study: Study, say: Language) -> ReportSection:
    """A region of the factors in which the reform brings less than half of its mean effect."""
    response = study.response(arm=main_arm(study))
    values = study.values(response)[VALUE]
    if response.against is None or not len(values):
        return ReportSection("", ())
    # Half of the mean effect: a reform that brings less than that is told of as one that fails.
    limit = float(values.mean()) / 2
    heading = say("Where the reform brings little")
    if round(limit, 2) <= 0.0:
        mean = say.number(2 * limit, 2, sign=True)
        return ReportSection(heading, [Text(say("The mean effect is {mean}: there is no half of it to fall short of.",
                                                mean=mean))])  # fmt: skip
    found = discover(study, Condition(response.metric, "<", round(limit, 2)), response.arm, response.against, most=1)
    pieces: list[Piece] = [
        Text(say("At {failures} of {points} points the effect is below {limit}, half of its mean.",
                 failures=found.failures, points=found.points, limit=say.number(round(limit, 2), 2, sign=True)))
    ]  # fmt: skip
    for region in found.regions:
        rows = [
            (Cell(r.factor), number(r.values), number(""))
            if isinstance(r.values, str)
            else (Cell(r.factor), number(cell(r[2], say)), number(cell(r.to, say)))
            for r in region.limits.itertuples()
        ]
        heads = (say("factor"), say("from"), say("to"))
        pieces.append(Table(say("A region with {coverage}% of these points; {density}% of its points are such",
                                coverage=round(100 * region.coverage), density=round(100 * region.density)),
                            heads, rows))  # fmt: skip
    return ReportSection(heading, pieces)
