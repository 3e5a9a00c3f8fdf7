"""A table in an XLSX workbook becomes rows of text with their lines, as a CSV file does."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date
from typing import Any

from cadre_sim.errors import InputError
from cadre_sim.scenario.sheets import Begun, Row, Score, Sheet, begin

ZIP = b"PK\x03\x04"
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_MOST_BYTES_UNPACKED = 2 * 2**30


def read_xlsx(path: str, content: bytes, score: Score, needed: int) -> Sheet:
    """Read the table of a workbook: that of the one visible sheet whose header names all columns that are needed.

    Of a formula the value that was stored with it is read. Rows are padded to the header's width, since a workbook
    does not store empty cells.

    Args:
        path: the file, as messages name it.
        content: its bytes.
        score: by which a header is recognised.
        needed: the score of a header that names all columns.

    Raises:
        InputError: it is not such a workbook, or several sheets hold such a table.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and the like, which nobody asked about
            return _read(path, content, score, needed)
    except (InputError, MemoryError):
        raise
    except Exception as error:  # openpyxl passes on whatever its parsers come upon in a damaged file
        raise InputError(
            f"{path}: units table: is not a readable XLSX workbook ({error or type(error).__name__})"
        ) from None


def _read(path: str, content: bytes, score: Score, needed: int) -> Sheet:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        if sum(part.file_size for part in packed.infolist()) > _MOST_BYTES_UNPACKED:
            raise InputError(f"{path}: units table: more than {_MOST_BYTES_UNPACKED:,} bytes when unpacked")
    book = _open(content, data_only=True)
    begun = {sheet.title: begin(_rows(sheet), score) for sheet in book.worksheets if sheet.sheet_state == "visible"}
    if not begun:
        raise InputError(f"{path}: units table: has no visible sheet")
    fitting = [name for name, each in begun.items() if each.score == needed]
    if len(fitting) > 1:
        names = ", ".join(map(repr, fitting))
        raise InputError(
            f"{path}: units table: the sheets {names} each hold such a table; keep one of them in the file"
        )
    name = fitting[0] if fitting else max(begun, key=lambda each: begun[each].score)
    first = next(iter(begun))
    notices = () if name == first else (f"the sheet {name!r} is read, not the first, {first!r}",)
    return _padded(content, name, begun[name], notices)


def _open(content: bytes, *, data_only: bool) -> Any:
    from openpyxl import load_workbook

    return load_workbook(io.BytesIO(content), read_only=True, data_only=data_only)


def _rows(sheet: Any) -> Iterator[Row]:
    sheet.reset_dimensions()  # some programs write a size that is not the sheet's
    for line, cells in enumerate(sheet.iter_rows(values_only=True), 1):
        yield line, _without_empty_end([_text(cell) for cell in cells])


def _without_empty_end(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _text(value: Any) -> str:
    """A cell as a CSV file would have it."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if isinstance(value, date) else str(value)


def _padded(content: bytes, name: str, begun: Begun, notices: tuple[str, ...]) -> Sheet:
    sheet = begun.sheet(notices)
    width = len(sheet.header)
    rows = [(line, cells + [""] * (width - len(cells))) for line, cells in sheet.rows if cells]
    if any("" in cells for _, cells in rows):
        _show_formulas(content, name, dict(rows))
    return sheet._replace(rows=iter(rows))


def _show_formulas(content: bytes, name: str, rows: dict[int, list[str]]) -> None:
    """Put a formula that has no stored value in place of nothing: an empty cell would mean something else."""
    for line, formulas in _rows(_open(content, data_only=False)[name]):
        for place, formula in enumerate(formulas[: len(rows.get(line, ()))]):
            if formula.startswith("=") and not rows[line][place]:
                rows[line][place] = formula
