"""The page's parts as HTML. What comes from a scenario or a link is escaped here, and nowhere else let through."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

import pandas as pd

from cadre_sim.comparison.statistics import FEW
from cadre_sim.explorer.groups import grouped, name_of
from cadre_sim.explorer.state import Board, Lever, Slider
from cadre_sim.explorer.tiles import Tile
from cadre_sim.figures.style import ACTIVITY_COLOURS
from cadre_sim.labels.names import ACTIVITY_GROUPS, EVIDENCE_KINDS, title_of
from cadre_sim.language import Language, mark

_VERDICTS = {
    "better": mark("better"),
    "worse": mark("worse"),
    "unclear": mark("unclear"),
    "idle": mark("no measure that is on can act"),
}
_SIGNS = {"better": "✓", "worse": "✗", "unclear": "○", "idle": "∅"}
Shown = Callable[[str], str]
"""Gives the HTML of a control by its name."""


def header(board: Board, say: Language, others: Mapping[Language, str], reset: str, none: str) -> str:
    """The top of the page: title, question, and the way to the other languages.

    Args:
        board: whose scenario.
        say: language.
        others: links to the page in other languages.
        reset: link to the scenario as it stands in its file.
        none: link to the page with every measure off.
    """
    base = board.arm.reform
    spoken = "".join(
        f'<a href="{escape(link)}" lang="{other.tag}" hreflang="{other.tag}" '
        f'data-language="{other.name}">{escape(other.own_name)}</a>'
        for other, link in others.items()
    )
    explorer, page = say("explorer"), say("page")
    as_is, off = say("as in the scenario"), say("all measures off")
    measured = say(
        "Measured from {first} to {last}.", first=say.date(base.measure_from), last=say.date(base.measure_to)
    )
    return (
        f'<header class="cs-header"><div><p class="cs-eyebrow">cadre_sim · {escape(explorer)}</p>'
        f"<h1>{escape(title_of(base.title, say))}</h1><p>{escape(say(base.question))} {escape(measured)}</p></div>"
        f'<nav aria-label="{escape(page)}">{spoken}<a href="{escape(reset)}">{escape(as_is)}</a>'
        f'<a href="{escape(none)}">{escape(off)}</a></nav></header>'
    )


def controls(board: Board, shown: Shown, say: Language) -> str:
    """All measures by group: a switch, and its numbers folded away."""
    groups = []
    for place, group in enumerate(grouped(board.levers)):
        inside = "".join(_lever(lever, shown, say) for lever in group.levers)
        groups.append(
            f'<details class="cs-group"{" open" if place == 0 else ""}><summary>{escape(say(group.title))}'
            f'<span class="cs-count">{len(group.levers)}</span></summary>{inside}</details>'
        )
    title, title_of_runs = say("Measures"), say("Runs")
    runs = f'<div class="cs-runs">{shown("replicates")}{shown("seed")}</div>'
    return (
        f'<section class="cs-controls" aria-labelledby="cs-measures"><h2 id="cs-measures">{escape(title)}</h2>'
        + "".join(groups)
        + f"<h2>{escape(title_of_runs)}</h2>{runs}</section>"
    )


def _lever(lever: Lever, shown: Shown, say: Language) -> str:
    knobs = "".join(f'<div class="cs-knob">{shown(k.path)}{_founded(k, say)}</div>' for k in lever.knobs)
    name = escape(name_of(lever, say))
    more = escape(say("numbers and sources"))
    return (
        f'<div class="cs-lever" data-measure="{escape(lever.name)}">{shown(lever.name)}'
        f'<details><summary><span class="cs-hidden">{name}: </span>{more}</summary>{knobs}</details></div>'
    )


def knob_label(knob: Slider, say: Language) -> str:
    """The label of a slider: what it means, and its unit; what every measure has is named first."""
    p = knob.parameter
    common = {"adoption": say("adoption"), "strength": say("strength")}.get(knob.path.rpartition(".")[2])
    text = say(p.meaning) if common is None else say("{name}: {meaning}", name=common, meaning=say(p.meaning))
    return text if p.unit == "1" else f"{text} [{say(p.unit)}]"


def _founded(knob: Slider, say: Language) -> str:
    p = knob.parameter
    told = say(
        "{kind}: {meaning}. Plausible: {low} to {high}.",
        kind=p.kind, meaning=say(EVIDENCE_KINDS[p.kind]), low=f"{p.low:,.6g}", high=f"{p.high:,.6g}",
    )  # fmt: skip
    rows = [evidence()[name] for name in p.source if name in evidence()]
    sources = "".join(f'<li lang="en">{escape(_evidence(row))}</li>' for row in rows)
    return f'<p class="cs-founded">{escape(told)}</p>' + (f'<ul class="cs-sources">{sources}</ul>' if sources else "")


def _evidence(row: Mapping[str, str]) -> str:
    span = f" ({row['low']} to {row['high']})" if row["low"] and row["high"] else ""
    return f"{row['quantity']}: {row['value']}{span} {row['unit']}, {row['year']}. {row['source']}"


@cache
def evidence() -> dict[str, dict[str, str]]:
    """The rows of the evidence table by id."""
    with files("cadre_sim.data").joinpath("evidence.csv").open(encoding="utf-8") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def status(done: tuple[int, int], shown: int, replicates: int, say: Language, still: int = 0) -> str:
    """How far the runs are, for eyes and for screen readers.

    Args:
        done: runs that are done, and all.
        shown: replicates that are shown.
        replicates: all replicates.
        say: language.
        still: seconds since the last run ended, where that is longer than usual.
    """
    if done[0] >= done[1]:
        text = say("All {count} paired replicates are done.", count=replicates)
    elif shown:
        text = say("{shown} of {count} paired replicates shown; {done} of {all} runs done.",
                   shown=shown, count=replicates, done=done[0], all=done[1])  # fmt: skip
    else:
        text = say("Simulating: {done} of {all} runs done.", done=done[0], all=done[1])
    if still:
        text += say(
            " No run has ended for {count} seconds: the machine is busy, or a process that runs the model hangs.",
            count=still,
        )
    label = say("runs done")
    bar = "" if done[0] >= done[1] else (
        f'<progress max="{done[1]}" value="{done[0]}" aria-label="{escape(label)}"></progress>'
    )  # fmt: skip
    return f'<div class="cs-status" role="status" data-done="{done[0]}" data-all="{done[1]}">{escape(text)}{bar}</div>'


def tiles(found: Iterable[Tile], replicates: int, stale: bool, say: Language) -> str:
    """The numbers at the top, and what their intervals are of; dimmed while they are of settings that were moved on."""
    cards = "".join(_tile(tile, say) for tile in found)
    told = (
        say("One replicate: no interval.")
        if replicates < 2
        else say(
            "In brackets: 95% interval of the mean effect over {count} paired replicates. It is of chance alone and "
            "says nothing of how uncertain the parameters are. Villages and communities; level without → with the "
            "reform.",
            count=replicates,
        )
    )
    if 1 < replicates < FEW:
        told += say(" So few replicates say little; more are coming.")
    title, moved = escape(say("What changes")), " data-stale" if stale else ""
    return (
        f'<section aria-labelledby="cs-tiles" data-replicates="{replicates}"{moved}><h2 id="cs-tiles">{title}</h2>'
        f'<dl class="cs-tiles">{cards}</dl><p class="cs-note">{escape(told)}</p></section>'
    )


def _tile(tile: Tile, say: Language) -> str:
    verdict = ""
    if tile.verdict:
        text = escape(say(_VERDICTS[tile.verdict]))
        sign = f'<span aria-hidden="true">{_SIGNS[tile.verdict]}</span>'
        verdict = f'<span class="cs-verdict cs-{tile.verdict}">{sign} {text}</span>'
    becomes = say("becomes")
    between = f'<span class="cs-interval">[{escape(tile.interval)}]</span>' if tile.interval else ""
    return (
        f'<div class="cs-tile" data-metric="{tile.metric}"><dt>{escape(tile.label)}</dt>'
        f'<dd><span class="cs-effect">{escape(tile.effect)}</span>{verdict}</dd><dd class="cs-between">{between}</dd>'
        f'<dd class="cs-levels"><span>{escape(tile.before)}</span> <span aria-hidden="true">→</span>'
        f'<span class="cs-hidden">{escape(becomes)}</span> <span>{escape(tile.after)}</span> '
        f"{escape(tile.unit)}</dd></div>"
    )


def legend(say: Language) -> str:
    """Colours of activities, once for all figures."""
    label = say("Colours of activities")
    items = "".join(
        f'<li><span style="background:{ACTIVITY_COLOURS[group]}" aria-hidden="true"></span>{escape(say(of.name))}</li>'
        for group, of in ACTIVITY_GROUPS.items()
    )
    return f'<section class="cs-legend" aria-label="{escape(label)}"><ul>{items}</ul></section>'


def figure(title: str, body: str, table: pd.DataFrame, say: Language, note: str = "") -> str:
    """A figure with its heading, and its numbers as a table folded away."""
    told = f'<p class="cs-note">{escape(note)}</p>' if note else ""
    rows = folded(say("The numbers as a table"), frame(table, say, title), title)
    label = escape(title)
    return f'<section class="cs-figure" aria-label="{label}"><h2>{label}</h2>{told}{body}{rows}</section>'


def folded(summary: str, body: str, of: str) -> str:
    """Something folded away; a screen reader hears of what it is."""
    return (
        f'<details class="cs-numbers"><summary>{escape(summary)}<span class="cs-hidden">: {escape(of)}</span></summary>'
        f"{body}</details>"
    )


def frame(table: pd.DataFrame, say: Language, title: str, digits: int = 2) -> str:
    """A table of numbers, its index as row heads; wide ones scroll, also by keyboard."""
    label = say("table: {title}", title=title)
    heads = "".join(f'<th scope="col">{escape(str(name))}</th>' for name in (table.index.name or "", *table.columns))
    rows = "".join(
        f'<tr><th scope="row">{escape(str(index))}</th>'
        + "".join(f"<td>{_cell(v, say, digits)}</td>" for v in row)
        + "</tr>"
        for index, row in zip(table.index, table.itertuples(index=False), strict=True)
    )
    return (
        f'<div class="cs-scroll" tabindex="0" role="region" aria-label="{escape(label)}"><table><thead><tr>{heads}'
        f"</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _cell(value: Any, say: Language, digits: int) -> str:
    return escape(say.number(value, digits)) if isinstance(value, float) else escape(str(value))


def share(link: str, command: str, downloads: str, say: Language) -> str:
    """How to keep what is set: a file, the command that prints the same numbers, and a link."""
    title, label = say("Keep and share"), say("command")
    page, hint = say("This page with these settings"), say("(copy the link to share it)")
    told = say("The file run with this command prints the numbers of this page:")
    return (
        f'<section class="cs-share" aria-labelledby="cs-keep"><h2 id="cs-keep">{escape(title)}</h2>'
        f'<div class="cs-downloads">{downloads}</div><p>{escape(told)}</p>'
        f'<pre tabindex="0" role="region" aria-label="{escape(label)}"><code id="cs-command">{escape(command)}'
        f'</code></pre><p><a id="cs-link" href="{escape(link)}">{escape(page)}</a> '
        f"{escape(hint)}</p></section>"
    )


def alert(text: str) -> str:
    """Something that went wrong, said aloud."""
    return f'<div class="cs-alert" role="alert">{escape(text)}</div>'


def one_day(title: str, when: date, choose: str, body: str, say: Language) -> str:
    """The part of the page on one office and one cadre."""
    told = say(
        "{date}, in the first replicate: the same place and the same random numbers in both versions. The model has no "
        "names of persons.",
        date=say.date(when, "full"),
    )
    return (
        f'<section class="cs-day" aria-labelledby="cs-day"><h2 id="cs-day">{escape(title)}</h2>'
        f'<div class="cs-choose">{choose}</div><p class="cs-note">{escape(told)}</p>{body}</section>'
    )
