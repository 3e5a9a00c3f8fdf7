"""A units table to fill in: a header and a few example rows, as CSV or XLSX."""

from __future__ import annotations

import csv
import io

from cadre_sim.scenario.units_rows import COLUMNS

SUFFIXES = (".csv", ".xlsx")
_HEADER = (*COLUMNS, "note")
_ROWS: tuple[tuple[str | int | None, ...], ...] = (
    ("Example county", "East township", "East township government", "township", None, 40,
     "residents of a township left empty: the sum of its villages and communities"),
    ("Example county", "East township", "Ford village", "village", 1800, 5,
     "a village committee; residents and cadres are persons"),
    ("Example county", "East township", "Market community", "community", 3200, 8, "an urban community"),
    ("Example county", "West township", "West township government", "township", None, 35, ""),
    ("Example county", "West township", "Mill village", "village", 2400, 6,
     "replace these examples and go on, a row for each office, without rows of totals; this column is passed over"),
)  # fmt: skip


def csv_template() -> bytes:
    """The table as CSV; with a byte order mark, by which Excel knows that it is UTF-8."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([_HEADER, *_ROWS])
    return text.getvalue().encode("utf-8-sig")


def xlsx_template() -> bytes:
    """The table as an XLSX workbook, in which a kind can be chosen from a list."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    sheet = book.active
    sheet.title = "units"
    for row in (_HEADER, *_ROWS):
        sheet.append(row)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = 26
    sheet.freeze_panes = "A2"
    kinds = DataValidation(type="list", formula1='"village,community,township"')
    kinds.add("D2:D1048576")
    sheet.add_data_validation(kinds)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
