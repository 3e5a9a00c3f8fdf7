"""The end of a report: what was assumed, and how the result can be made again."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from datetime import datetime

from cadre_sim.figures.source import Result
from cadre_sim.language import Language
from cadre_sim.report.pieces import Cell, Code, Folded, Piece, ReportSection, Table, Text, number
from cadre_sim.scenario.listing import ParameterValue, parameters_in
from cadre_sim.scenario.scenario import Scenario

ASSUMED = "A"


def assumed(scenario: Scenario, say: Language, influence: Mapping[str, float] | None = None) -> ReportSection:
    """Every parameter that rests on no published figure.

    Args:
        scenario: whose parameters.
        say: the language.
        influence: how much depends on a parameter, by its path; the largest come first. By default in the order of the
            scenario.
    """
    every = parameters_in(scenario)
    kinds = [placed.parameter.kind for placed in every.values()]
    found = {path: p for path, p in every.items() if p.parameter.kind == ASSUMED and p.value is not None}
    if influence is not None:
        found = dict(sorted(found.items(), key=lambda item: -influence.get(item[0], 0.0)))
    rows = [_row(path, placed, say, influence) for path, placed in found.items()]
    heads = [say("parameter"), say("meaning"), say("value"), say("plausible"), say("unit")]
    if influence is not None:
        heads.insert(1, say("influence"))
    told = say(
        "Of {all} numbers in the scenario, {published} are anchored in published figures, {inferred} are inferred from "
        "several, and {assumed} are assumed. What stands above holds under these assumptions, which the intervals do "
        "not cover.",
        all=len(kinds), published=kinds.count("D"), inferred=kinds.count("I"), assumed=kinds.count(ASSUMED),
    )  # fmt: skip
    table = Table(say("Assumed parameters, with the range that is plausible"), heads, rows, frozenset({len(heads) - 2}))
    order = say("All assumptions, the largest influence first") if influence is not None else say("All assumptions")
    return ReportSection(say("What was assumed"), [Text(told), Folded(order, [table])])


def _row(path: str, placed: ParameterValue, say: Language, influence: Mapping[str, float] | None) -> list[Cell]:
    p = placed.parameter
    assert placed.value is not None
    plausible = say("{low} to {high}", low=f"{p.low:,.6g}", high=f"{p.high:,.6g}")
    row = [Cell(path), Cell(say(p.meaning)), number(f"{placed.value:,.6g}"), number(plausible), Cell(say(p.unit))]
    if influence is not None:
        row.insert(1, number(say.number(influence[path], 3) if path in influence else ""))
    return row


def reproduced(result: Result, say: Language) -> ReportSection:
    """What it takes to make the result again."""
    pieces: list[Piece] = []
    manifest = result.manifest
    rows = [(Cell(say("seed")), Cell(str(result.seed))), (Cell(say("replicates")), Cell(str(result.replicates)))]
    rows.append((Cell(say("hash of the scenario")), Cell(_digest(result, "reform"))))
    if result.baseline is not None:
        rows.append((Cell(say("hash of its baseline")), Cell(_digest(result, "baseline"))))
    if manifest:
        pieces.append(Code(shlex.join(map(str, manifest["command"]))))
        versions = {"cadre_sim": manifest["cadre_sim"], **manifest["versions"]}
        finished = datetime.fromisoformat(manifest["times"]["finished"])
        rows += [
            (Cell(say("versions")), Cell(", ".join(f"{name} {version}" for name, version in versions.items()))),
            (Cell(say("made on")), Cell(manifest["platform"]["system"])),
            (Cell(say("finished")), Cell(say("{date}, {time} UTC", date=say.date(finished), time=f"{finished:%H:%M}"))),
        ]
    told = say(
        "The same scenario, seed and version give the same bytes on any number of cores. A hash is of everything in a "
        "scenario that decides a result."
    )
    table = Table(say("What the result was made with"), (say("what"), say("value")), rows)
    return ReportSection(say("How to make it again"), [*pieces, table, Text(told, small=True)])


def _digest(result: Result, part: str) -> str:
    """The hash as it was when the result was made; units tables may have changed since."""
    scenario = result.scenario if part == "reform" else result.baseline
    assert scenario is not None
    for body in result.manifest.get("scenarios", {}).values():
        content = {k: v for k, v in body.items() if k != "digest"}
        if content == scenario.to_dict():
            return str(body["digest"])
    return scenario.digest
