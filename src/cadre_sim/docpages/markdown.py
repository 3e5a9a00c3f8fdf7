"""How generated pages are made: tables, numbers, docstrings."""

from __future__ import annotations

import inspect
from collections.abc import Iterable

from cadre_sim.labels.names import EVIDENCE_KINDS

KINDS = (
    f"Kinds: {'; '.join(f'`{kind}` {name}' for kind, name in EVIDENCE_KINDS.items())}. Sources are rows of "
    "`src/cadre_sim/data/evidence.csv`."
)
"""What stands under every table of parameters."""


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table in Markdown."""
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def number(value: float) -> str:
    """A number of a parameter as people write it: four digits, and commas between thousands."""
    return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"


def documented(thing: object) -> tuple[str, str]:
    """First paragraph of a docstring on one line, and the rest."""
    summary, _, body = (inspect.getdoc(thing) or "").replace("``", "`").partition("\n\n")
    return " ".join(summary.split()), "\n\n".join(" ".join(part.split()) for part in body.split("\n\n"))
