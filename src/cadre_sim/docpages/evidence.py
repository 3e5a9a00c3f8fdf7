"""The page on what the numbers rest on: published figures, what rests on each, targets and fitted values."""

from __future__ import annotations

import csv
from collections import defaultdict
from importlib.resources import files

from cadre_sim.docpages.keys import anchor
from cadre_sim.docpages.markdown import table
from cadre_sim.scenario.listing import parameters

_HEAD = ("id", "what", "value", "source (year; trust)", "rests on it")


def evidence_page() -> str:
    """The page, as Markdown."""
    figures, targets, searched = _read("evidence.csv"), _read("targets.csv"), _read("calibrated.csv")
    resting = _resting(targets)
    texts = [
        "# Evidence",
        "Published figures on how grassroots cadres spend their time and what burden reforms do to it. The page is "
        "made by `make generated` from `evidence.csv`, `targets.csv` and `calibrated.csv` in `src/cadre_sim/data/`.",
        f"Of {len(figures)} figures, {sum(f['id'] in resting for f in figures)} carry a parameter or a target; the "
        "others are kept for the reader. Figures of reforms count items on a plan, such as inspections or forms, and "
        "never hours. Shares of time that people recall are off by about a third.",
        "## Targets",
        "What a place before a reform should look like. `cadre-sim calibrate` prints what the model gives beside each.",
        table(("target", "value", "range", "unit", "kind", "source"), [_target(t) for t in targets]),
        "## Values that were fitted",
        "No source fixes these. They were set so that the targets are met; see "
        "[decision 17](../decisions.md#17-calibrated-defaults).",
        table(("parameter", "why"), [(parameter_link(c["path"]), c["why"]) for c in searched]),
        "## Figures",
        "*Trust* is our judgement of how well a figure is documented.",
        table(_HEAD, [_figure(f, resting.get(f["id"], [])) for f in figures]),
    ]
    return "\n\n".join(texts) + "\n"


def parameter_link(path: str) -> str:
    """A link to where a parameter is described: the page of its measure, or its section of a scenario."""
    section, _, key = path.rpartition(".")
    if section.startswith("reforms."):
        return f"[`{section.removeprefix('reforms.')}.{key}`](../measures/{section.removeprefix('reforms.')}.md)"
    return f"[`{path}`](scenario.md#{anchor(section)})"


def _read(name: str) -> list[dict[str, str]]:
    with files("cadre_sim.data").joinpath(name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _resting(targets: list[dict[str, str]]) -> dict[str, list[str]]:
    """What rests on each figure, by its id."""
    found: dict[str, list[str]] = defaultdict(list)
    common: set[tuple[str, str]] = set()
    for p in parameters():
        for source in p.source:
            key = p.path.rsplit(".", 1)[1]
            if p.path.startswith("reforms.") and key in ("adoption", "erosion"):
                if (source, key) not in common:
                    found[source].append(f"`{key}` of [every measure](../measures/index.md)")
                common.add((source, key))
            else:
                found[source].append(parameter_link(p.path))
    for target in targets:
        for source in target["source"].split():
            found[source].append(f"[target](#targets) {target['target']}")
    return dict(found)


def _target(target: dict[str, str]) -> tuple[str, ...]:
    sources = ", ".join(f"[`{s}`](#{anchor(s)})" for s in target["source"].split())
    bounds = f"{target['low']} to {target['high']}"
    return target["target"], target["value"], bounds, target["unit"], target["kind"], sources


def _figure(figure: dict[str, str], resting: list[str]) -> tuple[str, ...]:
    bounds = [bound for bound in (figure["low"], figure["high"]) if bound]
    value = f"{figure['value']} {figure['unit']}" + (f" ({' to '.join(bounds)})" if bounds else "")
    what = f"{figure['quantity']}: {figure['population']}" if figure["population"] else figure["quantity"]
    name = f'<span id="{anchor(figure["id"])}"></span>`{figure["id"]}`'
    source = f"{figure['source']} ({'; '.join(filter(None, (figure['year'], figure['confidence'])))})"
    return name, what, value.strip(), source, ", ".join(resting)
