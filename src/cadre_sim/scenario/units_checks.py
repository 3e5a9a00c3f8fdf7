"""What only a whole units table shows: rows of totals, rows twice, names nearly alike, offices of nobody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from operator import itemgetter
from typing import NamedTuple

from cadre_sim.errors import Problem, TableError
from cadre_sim.scenario.units_names import all_plain, totals_among
from cadre_sim.scenario.units_rows import TO_BE_SUMMED, TOWNSHIP, BadRow, Rows, Unit

_SHOWN = 5
"""Rows that one notice names; of the rest it says how many there are."""
_FEWEST_SUMMED = 3
"""Offices that a further one is taken for the sum of; with fewer, numbers agree by chance."""
_LEVELS: dict[str, Callable[[Unit], tuple[str, ...]]] = {
    "cities": itemgetter(slice(6, 7)),
    "counties": itemgetter(slice(0, 1)),
    "townships": itemgetter(slice(0, 2)),
    "offices": itemgetter(slice(0, 3)),
}
"""Names of a unit at each level: those that it lies in, and its own."""
_OFFICE = itemgetter(slice(0, 4))


def checked(path: str, rows: Rows) -> tuple[tuple[Unit, ...], tuple[str, ...]]:
    """The offices of a table, with the residents of townships filled in, and what its owner should be told.

    Raises:
        TableError: rows are wrong, or are sums of others.
    """
    problems = [*_bad_rows(path, rows), *_totals(path, rows), *_second_governments(path, rows)]
    if problems:
        raise TableError(tuple(sorted(problems, key=lambda problem: problem.line or 0)))
    units = _with_sums(rows.units)
    return units, tuple(f"{path}: {said}" for said in _notices(units, rows.lines)) if units else ()


# ---- rows of totals ----


class _Sums(NamedTuple):
    """Sums over the offices of a table: residents of villages and communities, residents of all, and cadres."""

    of_villages: int
    residents: int
    cadres: int

    @classmethod
    def of(cls, units: Sequence[Unit]) -> _Sums:
        villages = sum(u.residents for u in units if u.kind != TOWNSHIP)
        townships = sum(u.residents for u in units if u.kind == TOWNSHIP and u.residents != TO_BE_SUMMED)
        return cls(villages, villages + townships, sum(u.cadres for u in units))

    def is_of(self, row: Unit | BadRow, *, among: bool) -> bool:
        """Whether a row's numbers are the sums of the other rows; ``among``: the row itself is among those summed."""
        own = 2 if among else 1
        if not row.residents or not row.cadres or row.cadres * own != self.cadres:
            return False
        return row.residents * own in (self.of_villages, self.residents)


def _bad_rows(path: str, rows: Rows) -> Iterator[Problem]:
    sums = _Sums.of(rows.units)
    for row in rows.bad:
        if row.named_total:
            yield _total(path, row.line, "its name says so")
        elif len(rows.units) >= _FEWEST_SUMMED and sums.is_of(row, among=False):
            yield _total(path, row.line, "its numbers are the sums of the other rows")
        else:
            yield from row.problems


def _totals(path: str, rows: Rows) -> Iterator[Problem]:
    """Rows that are written like offices, and are sums of others by their names or by their numbers."""
    sums = _Sums.of(rows.units)
    named = totals_among({text for unit in rows.units for text in unit[:3]})
    by_numbers = len(rows.units) > _FEWEST_SUMMED and any(2 * unit.cadres == sums.cadres for unit in rows.units)
    if not named and not by_numbers:
        return
    for unit, line in zip(rows.units, rows.lines, strict=True):
        if not named.isdisjoint(unit[:3]):
            yield _total(path, line, "its name says so")
        elif by_numbers and unit.kind != TOWNSHIP and sums.is_of(unit, among=True):
            yield _total(path, line, "its numbers are the sums of the other rows")


def _total(path: str, line: int, why: str) -> Problem:
    return Problem(
        path, line, None, "", f"is likely a row of totals ({why}); a units table has a row for each office only"
    )


# ---- residents of townships ----


def _second_governments(path: str, rows: Rows) -> Iterator[Problem]:
    """Townships with a row that leaves its residents to be summed, and a further row."""
    first: dict[tuple[str, str], tuple[int, int]] = {}
    for unit, line in zip(rows.units, rows.lines, strict=True):
        if unit.kind == TOWNSHIP:
            residents, before = first.setdefault(unit[:2], (unit.residents, line))
            if before != line and TO_BE_SUMMED in (residents, unit.residents):
                text = f"must be given where a township has several rows: {unit.township!r} has one in line {before}"
                yield Problem(path, line, None, "residents", text)


def _with_sums(units: Sequence[Unit]) -> tuple[Unit, ...]:
    if all(unit.residents != TO_BE_SUMMED for unit in units):
        return tuple(units)
    served: dict[tuple[str, str], int] = defaultdict(int)
    for unit in units:
        if unit.kind != TOWNSHIP:
            served[unit[:2]] += unit.residents
    return tuple(u._replace(residents=served[u[:2]]) if u.residents == TO_BE_SUMMED else u for u in units)


# ---- what is told ----


def _notices(units: Sequence[Unit], lines: Sequence[int]) -> Iterator[str]:
    yield from _nobody(units, lines)
    # A set of names is made quickly; only where it shows something is it looked for row by row.
    if len(set(map(_OFFICE, units))) < len(units):
        yield from _twice(units, lines)
    for level, names in _LEVELS.items():
        yield from _alike(level, list(map(names, units)), lines)


def _nobody(units: Sequence[Unit], lines: Sequence[int]) -> Iterator[str]:
    """Offices without cadres or residents, and those with more cadres than residents: numbers that have slipped."""
    found: dict[str, list[str]] = {text: [] for text in _NOBODY}
    for unit, line in zip(units, lines, strict=True):
        if unit.cadres == 0 or unit.residents < unit.cadres:
            found[_what(unit)].append(f"{unit.name} (line {line})")
    yield from (f"{text}: {_listed(offices)}" for text, offices in found.items() if offices)


_NO_CADRES = "nobody works in these offices, which leave undone whatever comes to them"
_NO_RESIDENTS = "nobody lives in these villages or communities"
_NO_TOWNSMEN = (
    "these township governments have 0 residents and receive no matters from any; an empty cell is the sum of their "
    "villages and communities"
)
_MORE_CADRES = "these offices have more cadres than residents"
_NOBODY = (_NO_CADRES, _NO_RESIDENTS, _NO_TOWNSMEN, _MORE_CADRES)


def _what(unit: Unit) -> str:
    if unit.cadres == 0:
        return _NO_CADRES
    if unit.residents > 0:
        return _MORE_CADRES
    return _NO_TOWNSMEN if unit.kind == TOWNSHIP else _NO_RESIDENTS


def _twice(units: Sequence[Unit], lines: Sequence[int]) -> Iterator[str]:
    """Offices that stand in several rows."""
    where: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for place, unit in enumerate(units):
        where[_OFFICE(unit)].append(place)
    again = [places for places in where.values() if len(places) > 1]
    for text, alike in (("these rows are the same", True), ("these rows have the same names and other numbers", False)):
        found = [places for places in again if (len({units[place] for place in places}) == 1) is alike]
        if found:
            yield f"{text}: {_listed([_in_lines(units[p[0]].name, [lines[k] for k in p]) for p in found])}"


def _in_lines(name: str, lines: Sequence[int]) -> str:
    return f"{name} (lines {', '.join(map(str, lines[:-1]))} and {lines[-1]})"


def _alike(level: str, names: Sequence[tuple[str, ...]], lines: Sequence[int]) -> Iterator[str]:
    """Names that differ only in what people overlook: likely one city, county, township or office in two parts."""
    distinct = list(dict.fromkeys(names))
    shapes = [(*each[:-1], shape) for each, shape in zip(distinct, all_plain(n[-1] for n in distinct), strict=True)]
    if len(set(shapes)) == len(distinct):
        return
    groups: dict[tuple[str, ...], list[tuple[str, ...]]] = defaultdict(list)
    for shape, each in zip(shapes, distinct, strict=True):
        groups[shape].append(each)
    first = dict(zip(reversed(names), reversed(lines), strict=True))
    pairs = [" and ".join(f"{each[-1]!r} (line {first[each]})" for each in g) for g in groups.values() if len(g) > 1]
    yield f"names of {level} are nearly alike: {_listed(pairs)}"


def _listed(found: Sequence[str]) -> str:
    rest = len(found) - _SHOWN
    return ", ".join(chain(found[:_SHOWN], [f"and {rest} more"] if rest > 0 else ()))
