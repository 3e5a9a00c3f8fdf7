"""What a report is built of: sections, each a heading and pieces, which the template turns into HTML."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.axes import Axes

from cadre_sim.figures.style import svg

_LARGE = 9.0
"""Width above which a figure is large [inches]."""


class Text(NamedTuple):
    """A paragraph; ``small`` for a remark."""

    text: str
    small: bool = False
    kind: str = "text"


class Cell(NamedTuple):
    """A cell of a table; what is a number stands right."""

    text: str
    number: bool = False
    depth: int = 0


class Table(NamedTuple):
    """A table: heads of its columns and rows of cells.

    Attributes:
        caption: what it is of; also its name for readers who do not see it.
        heads: a text each column.
        rows: cells; the first of each row is its name.
        minor: numbers of columns that small screens leave out.
    """

    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    minor: frozenset[int] = frozenset()
    kind: str = "table"


class FigureImage(NamedTuple):
    """A figure, as data.

    Attributes:
        address: the figure itself.
        alt: what it shows, for those who do not see it.
        caption: what stands below.
        size: "large" or "small": how far a small screen may shrink it.
    """

    address: str
    alt: str
    caption: str
    size: str
    kind: str = "picture"


class Card(NamedTuple):
    """A headline number: what, its change, its unit, and from what to what it changed."""

    name: str
    value: str
    unit: str
    detail: str


class Cards(NamedTuple):
    """Headline numbers side by side."""

    cards: Sequence[Card]
    kind: str = "cards"


class Code(NamedTuple):
    """A command."""

    text: str
    kind: str = "code"


class Folded(NamedTuple):
    """Pieces that are folded away until somebody asks for them; in print they are there."""

    summary: str
    pieces: Sequence[Piece]
    kind: str = "folded"


Piece = Text | Table | FigureImage | Cards | Code | Folded


class ReportSection(NamedTuple):
    """A heading and what stands under it; a section without pieces is left out."""

    heading: str
    pieces: Sequence[Piece]


class Chapter(NamedTuple):
    """All about one scenario.

    Attributes:
        title: of the scenario.
        about: what it is compared with, and how it was measured.
        question: that it asks.
        answer: in a sentence.
        sections: what follows.
    """

    title: str
    about: str
    question: str
    answer: str
    sections: Sequence[ReportSection]


def picture(ax: Axes | Sequence[Axes], alt: str, caption: str = "") -> FigureImage:
    """A piece of the figure that some axes belong to."""
    first = ax if isinstance(ax, Axes) else ax[0]
    figure = first.get_figure(root=True)
    assert figure is not None
    size = "large" if figure.get_figwidth() > _LARGE else "small"
    return FigureImage("data:image/svg+xml;base64," + b64encode(svg(figure)).decode("ascii"), alt, caption, size)


def number(text: str, depth: int = 0) -> Cell:
    """A cell with a number."""
    return Cell(text, True, depth)
