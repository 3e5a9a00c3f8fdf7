"""Tables of a report: reforms, effects and where the hours came from, and the article beside the model."""

from __future__ import annotations

import numpy as np

from cadre_sim.activities import GROUPS
from cadre_sim.comparison.statistics import ENOUGH, FEW, standard_errors
from cadre_sim.figures.source import Result, metric_row
from cadre_sim.labels.metrics import metric_label
from cadre_sim.labels.names import source_of_hours
from cadre_sim.language import Language
from cadre_sim.record.metrics import HEADLINE
from cadre_sim.report.pieces import Cell, Piece, ReportSection, Table, Text, number
from cadre_sim.report.shown import BLOCKS, SOURCES, MetricTable
from cadre_sim.scenario.measures import measure_name


def reforms(result: Result, say: Language) -> ReportSection:
    """What the scenario does that its baseline does not."""
    before = result.baseline.reforms if result.baseline is not None else {}
    own = {name: m for name, m in result.scenario.reforms.items() if before.get(name) != m}
    if not own:
        return ReportSection("", ())
    rows = []
    for name, measure in own.items():
        label = measure_name(measure.key, say)
        dates = sorted({measure.from_, *(measure.rollout or {}).values()})
        start = say.date(dates[0], "medium")
        if len(dates) > 1:
            start = say("{first} to {last}, county by county", first=start, last=say.date(dates[-1], "medium"))
        rows.append((
            Cell(label if name == measure.key else f"{label} ({name})"), Cell(start),
            number(say.number(measure.ramp, 0)), number(say.number(100.0 * measure.adoption, 0)),
        ))  # fmt: skip
    heads = (say("measure"), say("from"), say("working days to full strength"), say("applied by, % of offices"))
    return ReportSection(say("What is done"), [Table(say("Measures that the scenario takes"), heads, rows)])


def effects(result: Result, say: Language) -> ReportSection:
    """All effects, or of a run all means, in tables; then where the service hours came from."""
    pieces: list[Piece] = [table for table in (_block(result, block, say) for block in BLOCKS) if table.rows]
    if result.baseline is None:
        pieces[:0] = few_replicates(result, say)
        return ReportSection(say("In numbers"), pieces)
    pieces.append(Text(say("Effects on shares in % are percentage points."), small=True))
    pieces.append(Text(say(
        "Before/after: what a plain comparison of the scenario's own measured days with its days before would have "
        "said. It takes seasons and trends for effects."
    ), small=True))  # fmt: skip
    if np.isfinite(metric_row(result, HEADLINE)["effect"]):
        pieces += [_ledger(result, say), *_pass_through(result, say)]
    return ReportSection(say("Effects in numbers"), pieces)


def few_replicates(result: Result, say: Language) -> list[Piece]:
    """What too few replicates leave unsaid; nothing where there are enough."""
    if result.replicates == 1:
        return [Text(say("One replicate gives no interval; --replicates 8 does."), small=True)]
    if result.replicates < FEW:
        return [Text(say(
            "{count} replicates say little of chance: their intervals reach {wide} standard errors to each side, those "
            "of {more} replicates {narrow}.",
            count=result.replicates, wide=say.number(standard_errors(result.replicates), 1), more=ENOUGH,
            narrow=say.number(standard_errors(ENOUGH), 1),
        ), small=True)]  # fmt: skip
    return []


def _block(result: Result, block: MetricTable, say: Language) -> Table:
    rows: list[tuple[Cell, ...]] = []
    columns = 4 if result.replicates > 1 else 3
    for row in block.rows:
        found, label = metric_row(result, row.metric), metric_label(row.metric)
        k, digits = label.unit.factor, label.digits
        name = (Cell(label.said(say), depth=row.depth), Cell(label.said_unit(say)))
        if result.baseline is None:
            if np.isfinite(found["mean"]):
                between = say.between(k * found["low"], k * found["high"], digits)
                rows.append((*name, number(say.number(k * found["mean"], digits)), number(between))[:columns])
            continue
        if np.isnan(found["baseline"]) and np.isnan(found["reform"]):
            continue
        rows.append((
            *name,
            number(say.number(k * found["baseline"], digits)),
            number(say.number(k * found["reform"], digits)),
            number(say.number(k * found["effect"], digits, sign=True)),
            number(say.between(k * found["low"], k * found["high"], digits, sign=True)),
            number(say.number(found["percent"], 0, sign=True)),
            number(say.number(k * found["before_after"], digits, sign=True)),
        ))  # fmt: skip
    if result.baseline is None:
        heads: tuple[str, ...] = ("", say("unit"), say("mean"), say("95% interval"))
        return Table(say(block.title), heads[:columns], rows, frozenset({1}))
    heads = ("", say("unit"), say("without"), say("with"), say("effect"), say("95% interval"), "%", say("before/after"))
    return Table(say(block.title), heads, rows, frozenset({1, 6, 7}))


def _ledger(result: Result, say: Language) -> Table:
    rows = []
    for source in SOURCES:
        metric = "total_hours" if source not in GROUPS else f"{source}_hours"
        effect = float(metric_row(result, metric)["effect"])
        hours = effect if source not in GROUPS else 0.0 - effect
        rows.append((Cell(source_of_hours(source, say)), number(say.number(hours, 2, sign=True))))
    gained = say.number(float(metric_row(result, "service_hours")["effect"]), 2, sign=True)
    rows.append((Cell(say("service hours gained")), number(gained)))
    return Table(say("Where the hours of service came from"), ("", metric_label("service_hours").said_unit(say)), rows)


def _pass_through(result: Result, say: Language) -> list[Piece]:
    passed = result.checks.get("pass_through")
    if passed is None or passed["share"] is None:
        return []
    values = {
        "cut": say.number(passed["cut"], 2), "freed": say.number(passed["freed"], 2),
        "share": say.number(passed["share"], 2), "grown": say.number(-passed["freed"], 2),
    }  # fmt: skip
    if values["freed"] == say.number(0.0, 2):
        return [Text(say("The items cut on paper take {cut} hours per cadre-week in the plans; no burden was freed.",
                         **values))]  # fmt: skip
    if passed["freed"] < 0.0:
        return [Text(say("The items cut on paper take {cut} hours per cadre-week in the plans; no burden was freed: it "
                         "grew by {grown} hours.", **values))]  # fmt: skip
    text = say(
        "The items cut on paper take {cut} hours per cadre-week in the plans; {freed} hours of burden were freed "
        "(pass-through {share}).",
        **values,
    )
    low, high = passed["low"], passed["high"]
    if low is not None and low <= 0.0 <= high:
        unsure = say("Its interval holds 0: what of it went to service cannot be said.")
        return [Text(text), Text(unsure)]
    gained = passed["to_service"]
    if gained is None:
        return [Text(text)]
    if gained < 0.0:
        return [Text(text), Text(say("For each hour of burden freed, service lost {hours} hours.",
                                     hours=say.number(-gained, 2)))]  # fmt: skip
    return [Text(text), Text(say("For each hour of burden freed, service gained {hours} hours.",
                                 hours=say.number(gained, 2)))]  # fmt: skip


def article(result: Result, say: Language) -> ReportSection:
    """The article that the scenario is taken from, figure by figure, beside the model."""
    if not len(result.article):
        return ReportSection("", ())
    rows = []
    for row in result.article.to_dict("records"):
        output = row["role"] == "output"
        digits = 0 if not output or row["mean"] >= 100.0 else 1
        figure = say.number(float(row["figure"]), 0)
        off = np.isnan(row["mean"]) and not output
        rows.append((
            Cell(say("{row}. {text}", row=row["row"], text=say(str(row["text"])))),
            Cell(say("input: set by the scenario") if not output else say("output of the model")),
            number(say("over {figure}", figure=figure) if row["at_least"] else figure),
            number(say("switched off") if off else say.number(float(row["mean"]), digits)),
            number(say.between(float(row["low"]), float(row["high"]), digits)),
            number(say.number(float(row["ratio"]), 2) if output else ""),
        ))  # fmt: skip
    heads = (say("what"), say("role"), say("article"), say("model"), say("95% interval"), say("model ÷ article"))
    told = say(
        "Nothing in the model was fitted to the article. An output that lies far from it tells where the model and the "
        "place part, or where both count different things."
    )
    return ReportSection(say("Article and model"), [
        Table(say("Figures of the article beside the model"), heads, rows, frozenset({1})), Text(told, small=True),
    ])  # fmt: skip
