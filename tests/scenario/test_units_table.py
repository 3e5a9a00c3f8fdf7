"""Units tables as people save them: however one is written it reads the same, and what is wrong is told by its line."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from cadre_sim.errors import InputError, TableError
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.scenario.units_names import HEADINGS, KIND_NAMES
from cadre_sim.scenario.units_table import COLUMNS, Unit, UnitsTable, read_units, read_units_table

drawn = settings(
    max_examples=120, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
DOCS = Path(__file__).parents[2] / "docs" / "units-tables.md"
GOOD = (
    Unit("东山县", "城关镇", "镇政府", "township", 6166, 40),
    Unit("东山县", "城关镇", "石桥村", "village", 1626, 5),
    Unit("东山县", "城关镇", "河东社区", "community", 4540, 9),
    Unit("清溪县", "新桥乡", "新桥村", "village", 2085, 6),
    Unit("清溪县", "新桥乡", "上坪村", "village", 943, 4),
)
Read = Callable[[bytes], UnitsTable]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads a table from the bytes of its file; each has a name of its own, since what has been read is kept."""
    number = iter(range(1_000_000))

    def read_bytes(content: bytes) -> UnitsTable:
        path = tmp_path / f"units-{next(number)}.csv"
        path.write_bytes(content)
        return read_units_table(path)

    return read_bytes


def text_of(rows: Sequence[Sequence[object]], columns: Sequence[str] = COLUMNS, **dialect: Any) -> str:
    stream = io.StringIO(newline="")
    csv.writer(stream, **dialect).writerows([columns, *rows])
    return stream.getvalue()


def csv_of(units: Sequence[Unit] = GOOD) -> bytes:
    return text_of([unit[:6] for unit in units]).encode()


def xlsx_of(sheets: dict[str, Sequence[Sequence[object]]], hidden: Sequence[str] = ()) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        if name in hidden:
            sheet.sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


ROWS: tuple[Sequence[object], ...] = (COLUMNS, *(unit[:6] for unit in GOOD))


def problems(read: Read, content: bytes) -> list[str]:
    """What is told of a table that is refused, without the name of the file."""
    with pytest.raises(TableError) as caught:
        read(content)
    return [str(problem).partition(".csv:")[2] for problem in caught.value.problems]


def notices(read: Read, content: bytes) -> list[str]:
    return [said.partition(".csv: ")[2] for said in read(content).notices]


# ---- however it is written ----

NAMES = st.text("东山县镇村石门甲乙AbZ19 ,;，\t\"'-（）", min_size=1, max_size=12).map(str.strip).filter(bool)
SPACES = st.sampled_from(["", " ", "  ", "\u3000", "\u00a0", "\u2003", "\u200b", "\ufeff"])


@st.composite
def units(draw: st.DrawFn) -> tuple[Unit, ...]:
    """Some townships with offices, none of which is as large as the others together."""
    found = []
    for county, township in draw(st.lists(st.tuples(NAMES, NAMES), min_size=1, max_size=3)):
        for name in draw(st.lists(NAMES, min_size=2, max_size=4)):
            kind = draw(st.sampled_from(["village", "community", "township"]))
            found.append(Unit(county, township, name, kind, draw(st.integers(0, 10**7)), draw(st.integers(5, 9))))
    return (*found, *GOOD)


class Dialect(NamedTuple):
    """How a table is written."""

    separator: str
    encoding: str
    line_end: str
    headings: tuple[str, ...]
    kinds: dict[str, str]
    space: str
    thousands: str
    empty_rows: int


def written_as(names: str, aliases: Sequence[str]) -> st.SearchStrategy[str]:
    return st.sampled_from([names, names.upper(), names.title(), *aliases, *(f"{alias}（人）" for alias in aliases)])


DIALECTS = st.builds(
    Dialect,
    separator=st.sampled_from([",", ";", "\t", "，"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    headings=st.tuples(*(written_as(column, HEADINGS[column]) for column in COLUMNS)),
    kinds=st.fixed_dictionaries({k: st.sampled_from([k, k.upper(), *KIND_NAMES[k]]) for k in KIND_NAMES}),
    space=SPACES,
    thousands=st.sampled_from(["", ",", " ", "，", "\u00a0", "\u202f", "\u3000"]),
    empty_rows=st.integers(0, 3),
)


def number(value: int, thousands: str) -> str:
    return f"{value:,}".replace(",", thousands)


def table_in(dialect: Dialect, table: Sequence[Unit]) -> list[list[str]]:
    """Rows of cells as somebody with these habits writes them, the header first."""
    rows = [
        [u.county, u.township, u.name, dialect.kinds[u.kind], *(number(n, dialect.thousands) for n in u[4:6])]
        for u in table
    ]
    padded = [[f"{dialect.space}{cell}{dialect.space}" for cell in row] for row in [list(dialect.headings), *rows]]
    return padded + [[""] * 6] * dialect.empty_rows


@drawn
@given(table=units(), dialect=DIALECTS)
def test_a_table_reads_the_same_however_it_is_saved(read: Read, table: tuple[Unit, ...], dialect: Dialect) -> None:
    """Separator, encoding, mark at its start, ends of lines, headings, kinds, spaces and digits: none of it matters."""
    first, *rows = table_in(dialect, table)
    text = text_of(rows, first, delimiter=dialect.separator, lineterminator=dialect.line_end)
    assert read(text.encode(dialect.encoding)).units == table


@settings(drawn, max_examples=30)
@given(table=units(), dialect=DIALECTS, numbers=st.sampled_from([int, float, str]))
def test_a_workbook_reads_as_its_csv_does(
    read: Read, table: tuple[Unit, ...], dialect: Dialect, numbers: Callable[[int], object]
) -> None:
    """With numbers as Excel keeps them or as text; and so it is the same scenario, with the same digest."""
    first, *rows = table_in(dialect, table)
    cells = [[*row[:4], *map(numbers, unit[4:6])] for row, unit in zip(rows, table, strict=False)]
    assert read(xlsx_of({"units": [first, *cells]})).units == table


def test_the_digest_of_a_scenario_is_of_the_offices_not_of_the_kind_of_file(tmp_path: Path) -> None:
    """One who saves a CSV as XLSX has changed nothing; the digest is that of before tables of other kinds were read."""
    (tmp_path / "a.csv").write_bytes(csv_of())
    (tmp_path / "b.xlsx").write_bytes(xlsx_of({"units": ROWS}))
    a, b = (Scenario.model_validate({"place": {"units": str(tmp_path / name)}}) for name in ("a.csv", "b.xlsx"))
    assert a.digest == b.digest


def test_an_encoding_that_is_guessed_is_said(read: Read) -> None:
    (said,) = notices(read, csv_of().decode().encode("gb18030"))
    assert said == "is read as GB18030, since it is not UTF-8; its first letters are '东山县城关镇镇政'"
    assert notices(read, csv_of()) == notices(read, csv_of().decode().encode("utf-16")) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (csv_of().replace("石".encode(), b"\xe7\x9f"), ":3 units table: is not UTF-8 text (byte 0xe7)"),
        (text_of([("Rhône", "Forêt", "Évreux", "village", 1, 1)]).encode("latin-1"), "is not UTF-8 text, nor GB18030"),
        (b"\xff\xfe" + csv_of().decode().encode("utf-16-le")[:-1], "is not UTF-16 text"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "is an old (XLS) or locked Excel file; save it as XLSX or as CSV UTF-8"),
        (b"PK\x03\x04" + bytes(600), "is not a readable XLSX workbook"),
        (xlsx_of({"units": ROWS})[:-900], "is not a readable XLSX workbook"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, "units table: "),
        (b'county,township,name,kind,residents,cadres\nA,T,"V,village,1,1\n', ":2 units table: is not CSV"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_and_never_read_wrongly(read: Read, content: bytes, said: str) -> None:
    with pytest.raises(InputError) as caught:
        read(content)
    assert said in str(caught.value)


def test_a_title_above_the_header_is_passed_over_and_said(read: Read) -> None:
    content = b"Offices of the county,,,,,\n,,,,,\n" + csv_of()
    assert read(content).units == GOOD
    assert notices(read, content) == ["the header is in line 3; row 1 above it is passed over"]


def test_a_column_that_two_headings_stand_for_is_refused_unless_one_is_its_own_name(read: Read) -> None:
    """Else residents of another count could be taken without a word."""
    rows = [(*unit[:6], 7) for unit in GOOD]
    assert read(text_of(rows, (*COLUMNS, "人口")).encode()).units == GOOD
    with pytest.raises(InputError, match="the headings '常住人口', '人口' all stand for residents"):
        read(text_of(rows, (*COLUMNS[:4], "常住人口", "cadres", "人口")).encode())


def test_the_page_on_units_tables_lists_every_name_that_is_understood() -> None:
    listed = {
        line.split("|")[1].strip(" `"): line for line in DOCS.read_text(encoding="utf-8").splitlines() if "|" in line
    }
    for name, aliases in {**HEADINGS, **KIND_NAMES}.items():
        assert f"| {', '.join(aliases)} |" in listed[name]


# ---- workbooks ----


def test_of_several_sheets_the_one_with_a_units_table_is_read_and_said(read: Read) -> None:
    content = xlsx_of({"Notes": [["made by the county office"]], "Offices": ROWS})
    assert read(content).units == GOOD
    assert notices(read, content) == ["the sheet 'Offices' is read, not the first, 'Notes'"]
    assert read(xlsx_of({"Old": ROWS[:3], "Offices": ROWS}, hidden=["Old"])).units == GOOD


def test_two_sheets_with_a_units_table_are_refused_by_name(read: Read) -> None:
    with pytest.raises(InputError, match="the sheets 'North', 'South' each hold such a table"):
        read(xlsx_of({"North": ROWS, "South": ROWS}))


def test_a_formula_without_its_value_is_not_read_as_nothing(read: Read) -> None:
    """An empty cell of a township means the sum of its offices; a formula that no spreadsheet has computed does not."""
    rows = [list(row) for row in ROWS]
    rows[1][4] = "=SUM(E3:E4)+1"
    (said,) = problems(read, xlsx_of({"units": rows}))
    assert said.startswith(
        "2 residents: must be a whole number (got '=SUM(E3:E4)+1'); a formula without a stored value"
    )


def test_cells_under_a_merged_one_are_told_by_their_rows(read: Read) -> None:
    rows = [list(row) for row in ROWS]
    rows[2][0] = rows[3][0] = None
    assert [said.split(";")[0] for said in problems(read, xlsx_of({"units": rows}))] == [
        "3 county: is empty",
        "4 county: is empty",
    ]


# ---- what is wrong ----

DAMAGES: dict[str, Callable[[list[str]], list[str]]] = {
    "a field less": lambda row: row[:-1],
    "a field more": lambda row: [*row, "x"],
    "a number split by its separator": lambda row: [*row[:4], "1", "626", row[5]],
    "no county": lambda row: ["\u3000", *row[1:]],
    "no name": lambda row: [*row[:2], "", *row[3:]],
    "another kind": lambda row: [*row[:3], "hamlet", *row[4:]],
    "a fraction": lambda row: [*row[:4], "12.5", row[5]],
    "thousands after a point": lambda row: [*row[:4], "1.626", row[5]],
    "groups of two digits": lambda row: [*row[:4], "16,26", row[5]],
    "ten thousands": lambda row: [*row[:4], "0.2万", row[5]],
    "no cadres": lambda row: [*row[:5], ""],
    "too many cadres": lambda row: [*row[:5], "10001"],
    "a sum by its name": lambda row: ["合计", "", "", "", "9", "9"],
    "a sum by its name, in full": lambda row: [*row[:2], "城关镇小计", *row[3:]],
    "a sum in English": lambda row: [*row[:2], "Grand Total", *row[3:]],
    "a sum by its numbers": lambda row: ["衡阳市", "", "", "", "9194", "64"],
    "a sum by its numbers, in full": lambda row: ["衡阳市", "衡阳市", "衡阳市", "village", "9194", "64"],
}


@pytest.mark.parametrize("name", DAMAGES)
@pytest.mark.parametrize("xlsx", [False, True])
def test_a_damaged_row_is_refused_with_its_line(read: Read, name: str, xlsx: bool) -> None:
    """Beside the good rows stands one more, in the middle of the table."""
    damaged = DAMAGES[name](["清溪县", "新桥乡", "下坪村", "village", "700", "3"])
    if xlsx and name == "a field less":
        damaged = ["清溪县", "新桥乡"]
    rows = [*map(list, ROWS[:4]), damaged, *map(list, ROWS[4:])]
    said = problems(read, xlsx_of({"units": rows}) if xlsx else text_of(rows[1:]).encode())
    assert said
    assert all(each.startswith(("5:", "5 ")) for each in said)
    assert ("likely a row of totals" in said[0]) == name.startswith("a sum")


def test_all_wrong_rows_are_told_at_once_with_their_lines_and_fields(read: Read) -> None:
    rows = [["A", "T", "V", "village", "1", "626", "5"], ["A", "T", "W", "village", "many", "-1"], ["A", "T", "X"]]
    assert problems(read, text_of([*rows, *(unit[:6] for unit in GOOD)]).encode()) == [
        "2: has 7 fields where the header has 6: 'A', 'T', 'V', 'village', '1', '626', '5'; "
        'write numbers without thousands separators, or in quotes like "1,626"',
        "3 residents: must be a whole number (got 'many')",
        "3 cadres: must be between 0 and 10,000 (got -1)",
        "4: has 3 fields where the header has 6: 'A', 'T', 'X'",
    ]


def test_of_very_many_wrong_rows_twenty_are_shown_and_the_others_counted(read: Read) -> None:
    with pytest.raises(TableError) as caught:
        read(text_of([("A", "T", f"V{k}", "hamlet", 1, 1) for k in range(300)]).encode())
    lines = str(caught.value).splitlines()
    assert len(lines) == 21
    assert lines[-1].endswith("and 280 more problems")


# ---- townships ----


def test_a_township_that_leaves_its_residents_empty_serves_those_of_its_offices(read: Read) -> None:
    rows = [("A", "T", "Government", "township", "", 30), ("B", "T", "V", "village", 50, 2)]
    villages = [
        ("A", "T", "V", "village", 100, 2),
        ("A", "T", "C", "community", 230, 4),
        ("A", "U", "W", "village", 7, 2),
    ]
    assert read(text_of([*rows, *villages]).encode()).units[0].residents == 330


def test_a_second_row_of_a_township_must_say_whom_it_serves(read: Read) -> None:
    """Else the same residents would bring their matters twice."""
    rows = [("A", "T", name, "township", "", 3) for name in ("Government", "Branch")]
    (said,) = problems(read, text_of([*rows, *(unit[:6] for unit in GOOD)]).encode())
    assert said == "3 residents: must be given where a township has several rows: 'T' has one in line 2"


# ---- what is told ----


def test_nothing_is_said_of_a_good_table(read: Read) -> None:
    assert notices(read, csv_of()) == []


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (GOOD[1][:6], "these rows are the same: 石桥村 (lines 3 and 7)"),
        ((*GOOD[1][:4], 99, 2), "these rows have the same names and other numbers: 石桥村 (lines 3 and 7)"),
        (
            ("清溪县", "新桥乡", "下坪村", "village", 700, 0),
            "nobody works in these offices, which leave undone whatever",
        ),
        (
            ("清溪县", "新桥乡", "下坪村", "village", 0, 3),
            "nobody lives in these villages or communities: 下坪村 (line 7)",
        ),
        (
            ("清溪县", "新桥乡", "乡政府", "township", 0, 9),
            "these township governments have 0 residents and receive no",
        ),
        (
            ("清溪县", "新桥乡", "下坪村", "village", 1, 626),
            "these offices have more cadres than residents: 下坪村 (line 7)",
        ),
        (
            ("清 溪县", "新桥乡", "下坪村", "village", 700, 3),
            "names of counties are nearly alike: '清溪县' (line 5) and '清 溪县'",
        ),
        (
            ("清溪县", "新桥\u200b乡", "下坪村", "village", 700, 3),
            "names of townships are nearly alike: '新桥乡' (line 5)",
        ),
        (("清溪县", "新桥乡", "上坪村\u3000", "community", 700, 3), None),
    ],
)
def test_what_is_likely_an_oversight_is_told_and_read(read: Read, row: Sequence[object], said: str | None) -> None:
    """A row twice, an office of nobody, a name with a space in it: the table is read, and its owner is told."""
    content = text_of([*(unit[:6] for unit in GOOD), row]).encode()
    assert len(read(content).units) == 6
    found = notices(read, content)
    assert len(found) == (0 if said is None else 1)
    assert said is None or found[0].startswith(said)


def test_names_that_differ_in_width_or_capitals_are_told(read: Read) -> None:
    rows = [
        ("North", "T1", "V", "village", 9, 2),
        ("north", "Ｔ１", "W", "village", 8, 2),
        ("north", "t1", "X", "village", 7, 2),
    ]
    assert notices(read, text_of(rows).encode()) == [
        "names of counties are nearly alike: 'North' (line 2) and 'north' (line 3)",
        "names of townships are nearly alike: 'Ｔ１' (line 3) and 't1' (line 4)",
    ]


def test_a_changed_workbook_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "units.xlsx"
    path.write_bytes(xlsx_of({"units": ROWS}))
    assert read_units(path) == GOOD
    path.write_bytes(xlsx_of({"units": ROWS[:4]}))
    assert read_units(path) == GOOD[:3]
