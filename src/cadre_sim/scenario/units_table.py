"""Units tables: a file with one office a row becomes checked columns.

``sheets`` and ``workbooks`` read the file, ``units_names`` knows what headings and kinds are called, ``units_rows``
checks each row, and ``units_checks`` what only the whole table shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from cadre_sim.errors import InputError
from cadre_sim.inputs import HeldFile
from cadre_sim.scenario.place import Place
from cadre_sim.scenario.sheets import Sheet, read_csv
from cadre_sim.scenario.units_checks import checked
from cadre_sim.scenario.units_file import hold_units
from cadre_sim.scenario.units_names import columns_in
from cadre_sim.scenario.units_rows import COLUMNS, Unit, read_rows
from cadre_sim.scenario.workbooks import OLD_EXCEL, ZIP, read_xlsx

__all__ = ["COLUMNS", "Unit", "UnitsTable", "county_names", "read_units", "read_units_table"]


class UnitsTable(NamedTuple):
    """The offices of a table, and what its owner should be told of it, a sentence each."""

    units: tuple[Unit, ...]
    notices: tuple[str, ...]


def read_units(table: HeldFile | str | Path) -> tuple[Unit, ...]:
    """The offices of a units table; see :func:`read_units_table`."""
    return read_units_table(table).units


def read_units_table(table: HeldFile | str | Path) -> UnitsTable:
    """Read a units table: CSV (UTF-8, UTF-16 or GB18030) or XLSX.

    Columns: county, township, name (texts), kind (village, community or township), residents (persons) and cadres
    (persons), under these names or others that are documented. A column city may say which city a county lies in.
    Further columns, for instance a note on where a figure comes from, are passed over. The residents of a township may
    be left empty: they are those of its villages and communities.

    Args:
        table: its file, as a scenario holds it; or where it is, and then it is read now.

    Raises:
        InputError: the file is missing or is not such a table.
        TableError: rows of it are wrong; names file, line and column of each.
    """
    return _table_of(table if isinstance(table, HeldFile) else hold_units(table))


def county_names(place: Place) -> tuple[str, ...]:
    """Names of the counties of a place, in order."""
    if place.units is None:
        return tuple(name for county in place.counties for name in county.names())
    return tuple(dict.fromkeys(u.county for u in read_units(place.units)))


@lru_cache(maxsize=4)
def _table_of(file: HeldFile) -> UnitsTable:
    path, sheet = file.name, _sheet(file)
    columns = _columns(path, sheet)
    units, notices = checked(path, read_rows(path, sheet, columns))
    if not units:
        raise InputError(f"{path}: units table: has no rows")
    return UnitsTable(units, (*(f"{path}: {said}" for said in sheet.notices), *notices))


def _sheet(file: HeldFile) -> Sheet:
    path, content = file.name, file.read()
    if content.startswith(ZIP):
        return read_xlsx(path, content, _score, len(COLUMNS))
    if content.startswith(OLD_EXCEL):
        raise InputError(f"{path}: units table: is an old (XLS) or locked Excel file; save it as XLSX or as CSV UTF-8")
    return read_csv(path, content, _score)


def _score(cells: Sequence[str]) -> int:
    """How many of the columns that a table needs a row names."""
    return sum(column in COLUMNS for column in columns_in(cells))


def _columns(path: str, sheet: Sheet) -> dict[str, int]:
    """Place of each column of the table."""
    found = columns_in(sheet.header)
    missing = [column for column in COLUMNS if column not in found]
    where = f"{path}:{sheet.line} units table"
    if missing:
        raise InputError(f"{where}: lacks the column(s) {', '.join(missing)}; needs {', '.join(COLUMNS)}")
    for column, places in found.items():
        if len(places) > 1:
            names = ", ".join(repr(sheet.header[place]) for place in places)
            raise InputError(
                f"{where}: the headings {names} all stand for {column}; call the one that is meant {column!r}"
            )
    return {column: places[0] for column, places in found.items()}
