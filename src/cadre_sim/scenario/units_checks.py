"""What only a whole units table shows: rows of totals, rows twice, names nearly alike, offices of nobody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from cadre_sim.errors import Problem, TableError
from cadre_sim.scenario.units_names import is_total, plain
from cadre_sim.scenario.units_rows import TO_BE_SUMMED, TOWNSHIP, BadRow, Rows, Unit

_SHOWN = 5
"""Rows that one notice names; of the rest it says how many there are."""
_FEWEST_SUMMED = 3
"""Offices that a further one is taken for the sum of; with fewer, numbers agree by chance."""


def checked(path: str, rows: Rows) -> tuple[tuple[Unit, ...], tuple[str, ...]]:
    """The offices of a table, with the residents of townships filled in, and what its owner should be told.

    Raises:
        TableError: rows are wrong, or are sums of others.
    """
    problems = [*_bad_rows(path, rows), *_totals(path, rows), *_second_governments(path, rows)]
    if problems:
        raise TableError(tuple(sorted(problems, key=lambda problem: problem.line or 0)))
    units = _with_sums(rows.units)
    return units, tuple(f"{path}: {said}" for said in _notices(units, rows))


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
        elif sums.is_of(row, among=False):
            yield _total(path, row.line, "its numbers are the sums of the other rows")
        else:
            yield from row.problems


def _totals(path: str, rows: Rows) -> Iterator[Problem]:
    """Rows that are written like offices, and are sums of others by their names or by their numbers."""
    names = {text for column in zip(*(unit[:3] for unit in rows.units), strict=True) for text in set(column)}
    named = {text for text in names if is_total(text)}
    sums = _Sums.of(rows.units)
    for unit, line in zip(rows.units, rows.lines, strict=True):
        if named and not named.isdisjoint(unit[:3]):
            yield _total(path, line, "its name says so")
        elif unit.kind != TOWNSHIP and len(rows.units) > _FEWEST_SUMMED and sums.is_of(unit, among=True):
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


def _notices(units: Sequence[Unit], rows: Rows) -> Iterator[str]:
    for look in (_nobody, _twice, _alike):
        yield from look(units, rows.lines)


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
    "these township governments have 0 residents and receive no matters from any; leave the cell empty for the sum of "
    "their villages and communities"
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
    if len(set(units)) == len(units) and len({unit[:4] for unit in units}) == len(units):
        return
    where: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, unit in enumerate(units):
        where[unit.county, unit.township, unit.name, unit.kind].append(place)
    again = [places for places in where.values() if len(places) > 1]
    for text, alike in (("these rows are the same", True), ("these rows have the same names and other numbers", False)):
        found = [p for p in again if (len({units[each] for each in p}) == 1) is alike]
        if found:
            yield f"{text}: {_listed([_in_lines(units[p[0]].name, (lines[each] for each in p)) for p in found])}"


def _in_lines(name: str, lines: Iterable[int]) -> str:
    first, *middle, last = [str(line) for line in sorted(lines)]
    return f"{name} (lines {', '.join([first, *middle])} and {last})"


def _alike(units: Sequence[Unit], lines: Sequence[int]) -> Iterator[str]:
    """Names that differ only in what people overlook: likely one city, county, township or office in two parts."""
    levels: tuple[tuple[str, Callable[[Unit], tuple[str, ...]]], ...] = (
        ("cities", lambda unit: (unit.city,)),
        ("counties", lambda unit: unit[:1]),
        ("townships", lambda unit: unit[:2]),
        ("offices", lambda unit: unit[:3]),
    )
    for level, name_of in levels:
        first: dict[tuple[str, ...], int] = {}
        for unit, line in zip(units, lines, strict=True):
            first.setdefault(name_of(unit), line)
        groups: dict[tuple[str, ...], list[tuple[str, ...]]] = defaultdict(list)
        for names in first:
            groups[(*names[:-1], plain(names[-1]))].append(names)
        pairs = [
            " and ".join(f"{names[-1]!r} (line {first[names]})" for names in group)
            for group in groups.values()
            if len(group) > 1
        ]
        if pairs:
            yield f"names of {level} are nearly alike: {_listed(pairs)}"


def _listed(found: Sequence[str]) -> str:
    rest = len(found) - _SHOWN
    return ", ".join(chain(found[:_SHOWN], [f"and {rest} more"] if rest > 0 else ()))
