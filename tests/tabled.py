"""The tiny county from a units table, for tests that change the table once it has been read."""

from __future__ import annotations

from pathlib import Path

from conftest import TINY

TABLE = Path("units.csv")
HEAD = "county,township,name,kind,residents,cadres\n"
VILLAGES = "Littleton,Ford,Mill,village,{residents},5\nLittleton,Ford,Quay,village,900,4\n"
GOVERNMENT = 'Littleton,Ford,"Ford, government",township,,5\n'
COUNTIES = "  counties:\n    - {name: Littleton, residents: 6000, offices: 6, communities: 2, townships: 1}\n"


def write_table(residents: int = 1200) -> None:
    """Write the table into the current folder; each number of residents gives other hours."""
    TABLE.write_text(HEAD + VILLAGES.format(residents=residents) + GOVERNMENT, encoding="utf-8")


def write_tabled(residents: int = 1200) -> None:
    """Write the tiny county over, as one whose offices stand in a table."""
    assert COUNTIES in TINY
    Path("tiny.yaml").write_text(TINY.replace(COUNTIES, f"  units: {TABLE}\n"), encoding="utf-8")
    write_table(residents)
