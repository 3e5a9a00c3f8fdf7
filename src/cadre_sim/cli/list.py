"""``cadre-sim list``: parameters, measures and metrics, as text or as JSON."""

from __future__ import annotations

import textwrap
from typing import Annotated, Any

import typer

from cadre_sim.terminal.encoding import print_json

WIDTH = 80
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON instead of a table.")]

listing = typer.Typer(no_args_is_help=True, help="List parameters, measures or metrics.")


@listing.command("parameters")
def list_parameters(as_json: AsJson = False) -> None:
    """List every parameter with default, unit, plausible range, kind and source.

    Example: cadre-sim list parameters --json | jq '.[] | select(.kind == "A")'
    """
    from cadre_sim.scenario.listing import parameters

    _print_rows(
        [
            {
                "path": p.path,
                "default": p.default,
                "unit": p.unit,
                "low": p.low,
                "high": p.high,
                "kind": p.kind,
                "source": " ".join(p.source),
                "meaning": p.meaning,
            }
            for p in parameters()
        ],
        as_json,
    )


@listing.command("measures")
def list_measures(as_json: AsJson = False) -> None:
    """List every measure that a scenario can switch on, and what it changes.

    Example: cadre-sim list measures
    """
    from cadre_sim.scenario.measures import measures

    _print_rows(
        [
            {"measure": key, "label": m.label, "meaning": _line(m.__doc__), "changes": _line(m.effects.__doc__)}
            for key, m in measures().items()
        ],
        as_json,
    )


@listing.command("metrics")
def list_metrics(as_json: AsJson = False) -> None:
    """List every metric of summaries and effects, and every column of the tables, with unit and meaning.

    Example: cadre-sim list metrics
    """
    from cadre_sim.labels.metrics import metric_label
    from cadre_sim.language import ENGLISH
    from cadre_sim.record.dictionary import COLUMNS, KEPT
    from cadre_sim.record.metrics import metric_catalogue

    better = {1: "more", 0: "", -1: "less"}
    rows = [
        {
            "name": d.name,
            "label": metric_label(d.name).said(ENGLISH),
            "unit": d.unit,
            "better": better[d.better],
            "where": "summary, effects",
            "meaning": d.meaning,
        }
        for d in metric_catalogue()
    ]
    rows += [{"name": c.name, "unit": c.unit, "where": "daily, offices", "meaning": c.meaning} for c in COLUMNS]
    rows += [
        {"name": c.name, "unit": c.unit, "where": table, "meaning": c.meaning}
        for table, own in KEPT.items()
        for c in own
    ]
    _print_rows(rows, as_json)


def _line(text: str | None) -> str:
    return " ".join((text or "").split())


def _print_rows(rows: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        print_json(rows)
        return
    for row in rows:
        name, *rest = row.items()
        print(name[1])
        sentences = {"meaning", "changes"}
        facts = [str(v) if k == "label" else f"{k} {v}" for k, v in rest if k not in sentences and v not in ("", None)]
        for line in ["; ".join(facts), *(str(v) for k, v in rest if k in sentences)]:
            if line:
                print(
                    textwrap.fill(line, WIDTH, initial_indent="    ", subsequent_indent="    ", break_long_words=False)
                )
