"""Rows of a units table become offices; rows that are wrong are gathered, each with its line and what is wrong."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple, get_args

from cadre_sim.controls import CONTROL, NO_TEXT
from cadre_sim.errors import Problem, nearest
from cadre_sim.scenario.measures import OfficeKind
from cadre_sim.scenario.sheets import Sheet
from cadre_sim.scenario.units_names import EDGE, is_total, kind_of

COLUMNS = ("county", "township", "name", "kind", "residents", "cadres")
KINDS: tuple[str, ...] = get_args(OfficeKind)
TOWNSHIP = "township"
TO_BE_SUMMED = -1
"""Stands for the residents of a township that its row leaves empty."""
_MOST_RESIDENTS = 100_000_000
_MOST_CADRES = 10_000
_MOST_DIGITS = 30
"""Letters of a number, separators among them; Python reads no number of several thousand."""
_LONGEST_NAME = 200
_LONGEST_SHOWN = 100
_EMPTY = "is empty; where cells are merged, each row must hold the text"
_TOO_LONG = f"must have at most {_LONGEST_NAME} letters (got {{:,}})"
_WHOLE = re.compile(r"[+-]?[0-9]+(?:\.0)?")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?P<mark>[, '\u2019])[0-9]{3}(?:(?P=mark)[0-9]{3})*")
_MARKS = re.compile("[, '\u2019]")


class Unit(NamedTuple):
    """One office: a village committee, an urban community or a township government."""

    county: str
    township: str
    name: str
    kind: str
    residents: int
    cadres: int
    city: str = ""


class BadRow(NamedTuple):
    """A row that is no office: its line, what is wrong with it, and its numbers if it has them."""

    line: int
    problems: list[Problem]
    residents: int | None = None
    cadres: int | None = None
    named_total: bool = False


class Rows(NamedTuple):
    """The offices of a table with the line of each, and the rows that are none."""

    units: list[Unit]
    lines: list[int]
    bad: list[BadRow]


def read_rows(path: str, sheet: Sheet, columns: Mapping[str, int]) -> Rows:
    """Check each row of a table. Rows without any text are passed over.

    Args:
        path: the file, as messages name it.
        sheet: the table.
        columns: place of each column in a row.
    """
    reader = _Reader(path)
    width = len(sheet.header)
    names = (*COLUMNS, "city") if "city" in columns else COLUMNS
    pick = itemgetter(*(columns[name] for name in names))
    for line, cells in sheet.rows:
        if len(cells) != width:
            cells = _without_empty_end(cells, width)
        if len(cells) != width:
            reader.of_wrong_width(line, cells, width)
        elif not reader.plain_row(line, pick(cells)):
            reader.other_row(line, [cell.strip(EDGE) for cell in pick(cells)], cells)
    return reader.rows


class _Reader:
    """Takes rows one by one, and knows what earlier rows said."""

    def __init__(self, path: str) -> None:
        self.rows = Rows([], [], [])
        self._path = path
        self._kinds = {kind: kind for kind in KINDS}
        self._clean: set[str] = set()
        self._cities: dict[str, str] = {}

    def plain_row(self, line: int, texts: Sequence[str]) -> bool:
        """Take a row in which all is as it should be, which is quick; False where a closer look is needed."""
        county, township, name, word, residents, cadres, *city = texts
        kind = self._kinds.get(word)
        if len(residents) > _MOST_DIGITS or len(cadres) > _MOST_DIGITS:
            return False
        if not (kind and county and township and name and residents.isdecimal() and cadres.isdecimal()):
            return False
        if not (_is_clean(name) and self._are_clean(county, township, *city)):
            return False
        unit = Unit(county, township, name, kind, int(residents), int(cadres), *city)
        if unit.residents > _MOST_RESIDENTS or unit.cadres > _MOST_CADRES:
            return False
        if self._cities.setdefault(county, unit.city) != unit.city:
            return False
        self.rows.units.append(unit)
        self.rows.lines.append(line)
        return True

    def _are_clean(self, *names: str) -> bool:
        """The same of names that stand in many rows."""
        if not self._clean.issuperset(names):
            if not all(map(_is_clean, names)):
                return False
            self._clean.update(names)
        return True

    def other_row(self, line: int, texts: list[str], cells: list[str]) -> None:
        """Take a row with separators in its numbers or another name of its kind, or find what is wrong with it."""
        if not any(cell.strip(EDGE) for cell in cells):
            return
        county, township, name, word, *numbers = texts[:6]
        city = "".join(texts[6:])
        kind = self._kinds.get(word) or kind_of(word)
        if kind is not None:
            self._kinds[word] = kind
        summed = kind == TOWNSHIP and not numbers[0]
        residents, cadres = TO_BE_SUMMED if summed else whole(numbers[0]), whole(numbers[1])
        named = list(zip(COLUMNS, (county, township, name), strict=False))
        wrong = {c: _EMPTY for c, text in named if not text}
        named.append(("city", city))
        wrong |= {c: NO_TEXT for c, text in named if CONTROL.search(text)}
        wrong |= {c: _TOO_LONG.format(len(text)) for c, text in named if len(text) > _LONGEST_NAME}
        if kind is None:
            near = nearest(word, KINDS)
            hint = f", did you mean {near!r}?" if near else ""
            wrong["kind"] = f"must be one of {', '.join(KINDS)} (got {word!r}){hint}"
        wrong["residents"] = "" if summed else _fault(numbers[0], residents, _MOST_RESIDENTS)
        wrong["cadres"] = _fault(numbers[1], cadres, _MOST_CADRES)
        if county and self._cities.setdefault(county, city) != city:
            wrong["city"] = f"{county} lies in {self._cities[county]!r} in an earlier row (got {city!r})"
        problems = [Problem(self._path, line, None, column, text) for column, text in wrong.items() if text]
        if problems or kind is None or residents is None or cadres is None:
            self.rows.bad.append(BadRow(line, problems, residents, cadres, any(map(is_total, cells))))
        else:
            self.rows.units.append(Unit(county, township, name, kind, residents, cadres, city))
            self.rows.lines.append(line)

    def of_wrong_width(self, line: int, cells: list[str], width: int) -> None:
        """Note a row that has not as many fields as the header, if anything stands in it."""
        if any(cell.strip(EDGE) for cell in cells):
            fields = ", ".join(map(repr, cells))
            shown = fields if len(fields) <= _LONGEST_SHOWN else f"{fields[:_LONGEST_SHOWN]}..."
            text = f"has {len(cells)} fields where the header has {width}: {shown}"
            if len(cells) > width:
                text += '; write numbers without thousands separators, or in quotes like "1,626"'
            problem = Problem(self._path, line, None, "", text)
            self.rows.bad.append(BadRow(line, [problem], named_total=any(map(is_total, cells))))


def _is_clean(name: str) -> bool:
    """Whether a name has no spaces around it and nothing in it that is not printed, and is no longer than a name."""
    return name.isprintable() and name.strip(EDGE) == name and len(name) <= _LONGEST_NAME


def _without_empty_end(cells: list[str], width: int) -> list[str]:
    """A row without empty cells behind the last column: spreadsheets write some, and nothing has slipped."""
    return cells[:width] if not any(cell.strip(EDGE) for cell in cells[width:]) else cells


def whole(text: str) -> int | None:
    """A whole number, also with thousands separators (comma, space, apostrophe, of any width); else None."""
    if len(text) > _MOST_DIGITS or any(unicodedata.category(sign) == "No" for sign in text):
        return None  # 10\N{SUPERSCRIPT TWO} is a number with the mark of a footnote, and not 102
    text = unicodedata.normalize("NFKC", text)
    if _WHOLE.fullmatch(text):
        return int(text.partition(".")[0])
    return int(_MARKS.sub("", text)) if _GROUPED.fullmatch(text) else None


def _fault(text: str, value: int | None, most: int) -> str:
    if value is None:
        stored = (
            "; a formula without a stored value: open the file in a spreadsheet and save it" if text[:1] == "=" else ""
        )
        return f"must be a whole number (got {text!r}){stored}"
    return "" if 0 <= value <= most else f"must be between 0 and {most:,} (got {value})"
