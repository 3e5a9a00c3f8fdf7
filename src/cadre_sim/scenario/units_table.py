"""Units tables: a CSV with one office a row becomes checked columns."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, get_args

from cadre_sim.errors import InputError, nearest
from cadre_sim.scenario.measures import OfficeKind
from cadre_sim.scenario.place import Place

COLUMNS = ("county", "township", "name", "kind", "residents", "cadres")
KINDS: tuple[str, ...] = get_args(OfficeKind)
_MOST_BYTES = 200 * 2**20
_MOST_RESIDENTS = 100_000_000
_MOST_CADRES = 10_000


class Unit(NamedTuple):
    """One office: a village committee, an urban community or a township government."""

    county: str
    township: str
    name: str
    kind: str
    residents: int
    cadres: int
    city: str = ""


def read_units(path: str | Path) -> tuple[Unit, ...]:
    """Read a units table.

    Columns: county, township, name (texts), kind (village, community or township), residents (persons) and cadres
    (persons). A column city may say which city a county lies in. Further columns, for instance a note on where a figure
    comes from, are passed over.

    Raises:
        InputError: the file is missing, is not such a table, or a row is wrong (names file, line and column).
    """
    path = Path(path)
    return _read(str(path), *_stamp(path))


def county_names(place: Place) -> tuple[str, ...]:
    """Names of the counties of a place, in order."""
    if place.units is None:
        return tuple(name for county in place.counties for name in county.names())
    return tuple(dict.fromkeys(u.county for u in read_units(place.units)))


def _stamp(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError as error:
        raise InputError(f"{path}: units table: {error.strerror or error}") from None
    if not path.is_file():
        raise InputError(f"{path}: units table: is not a file")
    if found.st_size > _MOST_BYTES:
        raise InputError(f"{path}: units table: {found.st_size:,} bytes, at most {_MOST_BYTES:,} are read")
    return found.st_mtime_ns, found.st_size


@lru_cache(maxsize=4)
def _read(path: str, _mtime: int, _size: int) -> tuple[Unit, ...]:
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            units = tuple(_rows(path, csv.DictReader(file, strict=True)))
    except UnicodeDecodeError:
        raise InputError(f"{path}: units table: is not UTF-8 text") from None
    except csv.Error as error:
        raise InputError(f"{path}: units table: is not CSV ({error})") from None
    except OSError as error:
        raise InputError(f"{path}: units table: {error.strerror or error}") from None
    if not units:
        raise InputError(f"{path}: units table: has no rows")
    return units


def _rows(path: str, reader: csv.DictReader[str]) -> Iterator[Unit]:
    missing = [c for c in COLUMNS if c not in (reader.fieldnames or ())]
    if missing:
        raise InputError(f"{path}:1 units table: lacks the column(s) {', '.join(missing)}; needs {', '.join(COLUMNS)}")
    cities: dict[str, str] = {}
    for row in reader:
        where = f"{path}:{reader.line_num}"
        kind = row["kind"] or ""
        if kind not in KINDS:
            near = nearest(kind, KINDS)
            hint = f", did you mean {near!r}?" if near else ""
            raise InputError(f"{where} kind: must be one of {', '.join(KINDS)} (got {kind!r}){hint}")
        for column in ("county", "township", "name"):
            if not (row[column] or "").strip():
                raise InputError(f"{where} {column}: is empty")
        city = (row.get("city") or "").strip()
        if cities.setdefault(row["county"], city) != city:
            before = cities[row["county"]]
            raise InputError(f"{where} city: {row['county']} lies in {before!r} in an earlier row (got {city!r})")
        yield Unit(
            row["county"],
            row["township"],
            row["name"],
            kind,
            _whole(where, "residents", row["residents"], 0, _MOST_RESIDENTS),
            _whole(where, "cadres", row["cadres"], 0, _MOST_CADRES),
            city,
        )


def _whole(where: str, column: str, text: str | None, least: int, most: int) -> int:
    try:
        value = int(text or "")
    except ValueError:
        raise InputError(f"{where} {column}: must be a whole number (got {text!r})") from None
    if not least <= value <= most:
        raise InputError(f"{where} {column}: must be between {least} and {most:,} (got {value})")
    return value
