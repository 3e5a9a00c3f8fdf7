"""What somebody has called a county is never run by the spreadsheet that opens a result."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import cadre_sim
from cadre_sim.record.spreadsheets import as_it_was, csv_text, harmless, read_csv
from conftest import Call

FORMULA = "=HYPERLINK(1)"
SOURCE = Path(cadre_sim.__file__).parent


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "＝", "＋", "－", "＠", "'="])
def test_a_text_that_a_spreadsheet_would_run_gets_an_apostrophe(sign: str) -> None:
    assert harmless(f"{sign}1+1") == f"'{sign}1+1"


@given(st.text(alphabet="'=+-@a \t\r＝", max_size=6))
@example("''=")
def test_what_was_made_harmless_comes_back_as_it_was(text: str) -> None:
    assert as_it_was(harmless(text)) == text


def test_numbers_are_left_alone_and_come_back(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"=x": [-1.5, float("nan")], "name": [FORMULA, "-"], "mixed": pd.Series([-1, "-1"], dtype=object)}
    )
    text = csv_text(frame)
    assert text.splitlines() == ["'=x,name,mixed", f"-1.5,'{FORMULA},-1", ",'-,'-1"]
    (tmp_path / "x.csv").write_text(text)
    back = read_csv(tmp_path / "x.csv")
    assert back["=x"].tolist()[0] == -1.5
    assert back["name"].tolist() == [FORMULA, "-"]


def test_a_formula_in_a_scenario_is_harmless_in_csv_and_itself_elsewhere(call: Call, tiny: Path) -> None:
    Path("formula.yaml").write_text(
        f"extends: tiny.yaml\ntitle: '{FORMULA}'\n"
        f"place: {{counties: [{{name: '{FORMULA}', residents: 20000, offices: 4, townships: 1}}]}}\n"
    )
    assert call("run", "formula.yaml", "--workers", "1", "-q", "--out", "out").code == 0
    assert set(pd.read_parquet("out/offices.parquet")["county"]) == {FORMULA}
    for table in Path("out").glob("*.csv"):
        assert not re.search(r"(^|,)\"?=", table.read_text(), re.M), table
    assert call("report", "out", "-q").code == 0


def test_csv_is_written_in_one_place() -> None:
    """A second one would forget it."""
    writers = {
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if re.search(r"\.to_csv\(|csv\.writer|csv\.DictWriter|to_excel\(", path.read_text(encoding="utf-8"))
    }
    # The units table to fill in is ours from the first letter to the last.
    assert writers - {"scenario/units_template.py"} == {"record/spreadsheets.py"}
