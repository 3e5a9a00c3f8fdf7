"""Bad inputs that do not stand in a text: each function puts one into a folder."""

from __future__ import annotations

import io
import os
import socket as sockets
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

BAD = "bad.yaml"

# ---- bytes ----


def half_a_letter(folder: Path) -> None:
    """A file that ends within a letter, as a download that was cut does."""
    (folder / BAD).write_bytes("title: 衡阳".encode()[:-1])


def surrogate_bytes(folder: Path) -> None:
    """UTF-8 of what no UTF-8 has."""
    (folder / BAD).write_bytes(b"title: \xed\xa0\x80\n")


def binary(folder: Path) -> None:
    """All bytes but NUL."""
    (folder / BAD).write_bytes(bytes(range(1, 256)))


def picture(folder: Path) -> None:
    """The head of a PNG."""
    (folder / BAD).write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")


# ---- sizes ----


def billion_laughs(folder: Path) -> None:
    """Forty levels of ten aliases."""
    levels = [f"a{k}: &a{k} [{', '.join([f'*a{k - 1}'] * 10)}]\n" for k in range(1, 40)]
    (folder / BAD).write_text("a0: &a0 lol\n" + "".join(levels))


def laughs_of_counties(folder: Path) -> None:
    """The same where a list is allowed."""
    county = "{name: A, residents: 1, offices: 1}"
    lists = [f"  b{k}: &b{k} [{', '.join([f'*b{k - 1}'] * 10)}]\n" for k in range(1, 8)]
    (folder / BAD).write_text(f"place:\n  b0: &b0 {county}\n{''.join(lists)}  counties: *b7\n")


def fifty_deep(folder: Path) -> None:
    """One level more than is read."""
    (folder / BAD).write_text("staff: " + "[" * 51 + "]" * 51 + "\n")


def very_deep(folder: Path) -> None:
    """More than Python's own stack holds."""
    (folder / BAD).write_text("staff: " + "[" * 100_000 + "\n")


def deep_by_indent(folder: Path) -> None:
    """The same written line by line."""
    (folder / BAD).write_text("".join(f"{' ' * k}a:\n" for k in range(900)))


def long_key(folder: Path) -> None:
    """A key that would fill the screen."""
    (folder / BAD).write_text(f"{'k' * 100_000}: 1\n")


def long_line(folder: Path) -> None:
    """A value that would."""
    (folder / BAD).write_text(f"title: {'x' * 500_000}\n")


def large(folder: Path) -> None:
    """A file one byte too large."""
    (folder / BAD).write_bytes(b"#" * (2**20 + 1))


def huge_integer(folder: Path) -> None:
    """More than any machine counts."""
    (folder / BAD).write_text(f"place: {{counties: [{{name: A, residents: {'9' * 40}, offices: 1}}]}}\n")


def endless_integer(folder: Path) -> None:
    """More digits than Python prints."""
    (folder / BAD).write_text(f"place: {{counties: [{{name: A, residents: {'9' * 5000}, offices: 1}}]}}\n")


def long_title(folder: Path) -> None:
    """More than fits a table."""
    (folder / BAD).write_text(f"title: {'x' * 300}\n")


def long_name(folder: Path) -> None:
    """One letter too many."""
    (folder / BAD).write_text(f"place: {{counties: [{{name: {'x' * 61}, residents: 1, offices: 1}}]}}\n")


# ---- files that are none ----


def extends_a_link(folder: Path) -> None:
    """A link beside the file leads back to it."""
    (folder / BAD).write_text("extends: link.yaml\n")
    (folder / "link.yaml").symlink_to(BAD)


def extends_a_fifo(folder: Path) -> None:
    """Nobody ever writes into it."""
    (folder / BAD).write_text("extends: pipe.yaml\n")
    os.mkfifo(folder / "pipe.yaml")


def fifo(folder: Path) -> None:
    """In place of the file itself."""
    os.mkfifo(folder / BAD)


def socket(folder: Path) -> None:
    """A socket; bound from inside, since its name may not be long."""
    here = Path.cwd()
    os.chdir(folder)
    try:
        with sockets.socket(sockets.AF_UNIX) as bound:
            bound.bind(BAD)
    finally:
        os.chdir(here)


def folder(folder: Path) -> None:
    """A folder of that name."""
    (folder / BAD).mkdir()


def dangling(folder: Path) -> None:
    """A link to what is not there."""
    (folder / BAD).symlink_to("nowhere")


def link_to_itself(folder: Path) -> None:
    """A link that leads nowhere but back."""
    (folder / BAD).symlink_to(BAD)


def endless(folder: Path) -> None:
    """A link to a file without an end."""
    (folder / BAD).symlink_to("/dev/zero")


def scenario_is_a_fifo(folder: Path) -> None:
    """An experiment whose scenario nobody ever writes."""
    (folder / BAD).write_text("scenario: pipe.yaml\n")
    os.mkfifo(folder / "pipe.yaml")


def value_too_large(folder: Path) -> None:
    """A whole number of 310 digits is no float."""
    (folder / BAD).write_text(f"scenario: tiny.yaml\nfactors: {{oversight.rebound: {{values: [{'9' * 299}]}}}}\n")


# ---- units tables ----

UNITS = "units.csv"
COLUMNS = ["county", "township", "name", "kind", "residents", "cadres"]
HEADER = ",".join(COLUMNS) + "\n"


def digits_in_a_table(folder: Path) -> None:
    """More digits than Python turns into a number."""
    (folder / UNITS).write_text(f"{HEADER}A,T,V,village,{'9' * 5000},5\n")


def groups_in_a_table(folder: Path) -> None:
    """The same with separators."""
    (folder / UNITS).write_text(f'{HEADER}A,T,V,village,"9{",999" * 2000}",5\n')


def half_utf16(folder: Path) -> None:
    """UTF-16 that ends within a letter."""
    (folder / UNITS).write_bytes(f"{HEADER}A,T,V,village,100,5\n".encode("utf-16")[:-1])


def utf8_mark_utf16(folder: Path) -> None:
    """The mark of one encoding before another."""
    (folder / UNITS).write_bytes(b"\xef\xbb\xbf" + f"{HEADER}A,T,V,village,100,5\n".encode("utf-16-le"))


def broken_utf8(folder: Path) -> None:
    """One bad byte among Chinese letters."""
    (folder / UNITS).write_bytes(HEADER.encode() + "东山县,城关镇,石桥村".encode() + b"\xff,village,100,5\n")


def large_cell(folder: Path) -> None:
    """A cell of a megabyte."""
    (folder / UNITS).write_text(f"{HEADER}A,T,{'x' * 2**20},village,100,5\n")


def long_unit_name(folder: Path) -> None:
    """A name that no table shows, yet shorter than what CSV allows in a field."""
    (folder / UNITS).write_text(f"{HEADER}A,T,{'x' * 100_000},village,100,5\n")


def many_columns(folder: Path) -> None:
    """A row without an end."""
    (folder / UNITS).write_text(f"{HEADER}A,T,V,village,100,5{',x' * 100_000}\n")


def binary_table(folder: Path) -> None:
    """All bytes."""
    (folder / UNITS).write_bytes(bytes(range(256)) * 8)


def parquet_table(folder: Path) -> None:
    """The ends of a Parquet file."""
    (folder / UNITS).write_bytes(b"PAR1" + bytes(64) + b"PAR1")


def old_excel(folder: Path) -> None:
    """The head of an XLS file."""
    (folder / UNITS).write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512))


def _workbook(*sheets: list[list[Any]], hidden: bool = False) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for place, rows in enumerate(sheets):
        sheet = book.create_sheet(f"sheet {place}")
        sheet.sheet_state = "hidden" if hidden else "visible"
        for row in rows:
            sheet.append(row)
    if hidden:
        book.create_chartsheet("chart")
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


_ROW = ["A", "T", "V", "village", 100, 5]


def cut_workbook(folder: Path) -> None:
    """Half of one."""
    content = _workbook([COLUMNS, _ROW])
    (folder / UNITS).write_bytes(content[: len(content) // 2])


def other_zip(folder: Path) -> None:
    """A ZIP file with a text in it."""
    with zipfile.ZipFile(folder / UNITS, "w") as packed:
        packed.writestr("readme.txt", "no workbook")


def zip_bomb(folder: Path) -> None:
    """A sheet of three gigabytes of blanks, as its directory says."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", " ")
    content = bytearray(stream.getvalue())
    at = content.index(b"PK\x01\x02")
    content[at + 24 : at + 28] = (3 * 2**30).to_bytes(4, "little")
    (folder / UNITS).write_bytes(bytes(content))


def _repacked(folder: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    """A workbook in which one part is another."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(_workbook([COLUMNS, _ROW]))) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            content = old.read(part)
            new.writestr(part, change(content) if part == name else content)
    (folder / UNITS).write_bytes(stream.getvalue())


def lying_bomb(folder: Path) -> None:
    """A sheet with fifty megabytes of blanks whose directory says that it has none."""
    _repacked(folder, "xl/worksheets/sheet1.xml", lambda content: content.replace(b"<sheetData>", b" " * 50 * 2**20))
    content = bytearray((folder / UNITS).read_bytes())
    at = content.rindex(b"xl/worksheets/sheet1.xml") - 46
    content[at + 24 : at + 28] = (10).to_bytes(4, "little")
    (folder / UNITS).write_bytes(bytes(content))


def entities_in_a_workbook(folder: Path) -> None:
    """A billion laughs as XML has them."""
    levels = "".join(f'<!ENTITY a{k} "{f"&a{k - 1};" * 10}">' for k in range(1, 10))
    kind = f'<!DOCTYPE x [<!ENTITY a0 "lol">{levels}]>'.encode()
    _repacked(
        folder,
        "xl/worksheets/sheet1.xml",
        lambda content: kind + content.replace(b"<sheetData>", b"<sheetData><row><c t='str'><v>&a9;</v></c></row>"),
    )


def file_in_a_workbook(folder: Path) -> None:
    """An entity that would read another file."""
    kind = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    _repacked(
        folder,
        "xl/worksheets/sheet1.xml",
        lambda content: kind + content.replace(b"<sheetData>", b"<sheetData><row><c t='str'><v>&a;</v></c></row>"),
    )


def hidden_workbook(folder: Path) -> None:
    """All of its sheets are hidden; what is seen is a chart."""
    (folder / UNITS).write_bytes(_workbook([COLUMNS, _ROW], hidden=True))


def two_sheets(folder: Path) -> None:
    """Which of them is meant?"""
    (folder / UNITS).write_bytes(_workbook([COLUMNS, _ROW], [COLUMNS, _ROW]))


def dates_in_a_workbook(folder: Path) -> None:
    """A spreadsheet took a number for a date."""
    (folder / UNITS).write_bytes(_workbook([COLUMNS, [*_ROW[:4], datetime(2025, 1, 26), 5]]))


def formulas_in_a_workbook(folder: Path) -> None:
    """Written by a program, never opened in a spreadsheet."""
    (folder / UNITS).write_bytes(_workbook([COLUMNS, [*_ROW[:4], "=1+99", 5]]))


def faults_in_a_workbook(folder: Path) -> None:
    """A formula whose cells are gone."""
    (folder / UNITS).write_bytes(_workbook([COLUMNS, [*_ROW[:4], "#REF!", 5]]))


def units_folder(folder: Path) -> None:
    """A folder."""
    (folder / UNITS).mkdir()


def units_fifo(folder: Path) -> None:
    """A pipe."""
    os.mkfifo(folder / UNITS)


def units_device(folder: Path) -> None:
    """A device without an end."""
    (folder / UNITS).symlink_to("/dev/zero")


def long_file_name(folder: Path) -> None:
    """A name longer than file systems allow."""
    (folder / "place.yaml").write_text(f"place: {{units: {'x' * 5000}.csv}}\n")


# ---- rules, results ----


def binary_rules(folder: Path) -> None:
    """All bytes but NUL."""
    (folder / "rules.py").write_bytes(bytes(range(1, 256)))


def nested_rules(folder: Path) -> None:
    """More brackets than Python's parser takes."""
    (folder / "rules.py").write_text("x = " + "(" * 5000 + ")" * 5000 + "\n")


def rules_fifo(folder: Path) -> None:
    """A pipe."""
    os.mkfifo(folder / "rules.py")


def empty_folder(folder: Path) -> None:
    """A folder with nothing in it."""
    (folder / "old").mkdir()


def nested_manifest(folder: Path) -> None:
    """Deeper than Python's stack."""
    (folder / "old").mkdir()
    (folder / "old" / "manifest.json").write_text("[" * 100_000)


def manifest_fifo(folder: Path) -> None:
    """A pipe in place of a manifest."""
    (folder / "old").mkdir()
    os.mkfifo(folder / "old" / "manifest.json")


def taken(folder: Path) -> None:
    """A file where a folder is to be."""
    (folder / "taken").write_text("mine\n")
