"""A result is written as a whole or not at all, and the same result is the same bytes."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from cadre_sim.errors import OutputError
from cadre_sim.record.writing import ResultFolder

FRAME = pd.DataFrame({"metric": ["a", "b"], "value": [0.1 + 0.2, math.pi]})
FULL = OSError(28, "No space left on device")


def everything(folder: Path) -> dict[str, bytes | None]:
    """All that lies in a folder, hidden files too."""
    return {str(p.relative_to(folder)): p.read_bytes() if p.is_file() else None for p in folder.rglob("*")}


def write_and_fail(path: Path, error: BaseException) -> None:
    """A result of which one file is written when something goes wrong."""
    with ResultFolder(path) as folder:
        folder.csv("a.csv", FRAME)
        raise error


def write_all(path: Path, *names: str) -> None:
    """A result with a small file of each name."""
    with ResultFolder(path) as folder:
        for name in names:
            folder.json(name, {"run": 2})


def test_files_appear_together_when_all_is_well(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with ResultFolder(out) as folder:
        folder.csv("a.csv", FRAME)
        folder.json("b.json", {"x": 1})
        assert [p.name for p in out.iterdir() if not p.name.startswith(".")] == []
    assert sorted(p.name for p in out.iterdir()) == ["a.csv", "b.json", "manifest.json"]
    assert folder.names == ["a.csv", "b.json"]


@pytest.mark.parametrize("error", [ZeroDivisionError(), KeyboardInterrupt(), OutputError("full")])
def test_nothing_is_left_when_something_goes_wrong(tmp_path: Path, error: BaseException) -> None:
    """Neither a file nor the folders that were made for it; an error goes on its way as it is."""
    with pytest.raises(type(error)):
        write_and_fail(tmp_path / "deep" / "out", error)
    assert everything(tmp_path) == {}


def test_an_earlier_result_stays_when_a_later_one_fails(tmp_path: Path) -> None:
    with ResultFolder(tmp_path) as folder:
        folder.csv("a.csv", FRAME)
    before = everything(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        write_and_fail(tmp_path, KeyboardInterrupt())
    assert everything(tmp_path) == before


def test_an_earlier_result_is_replaced_by_a_later_one(tmp_path: Path) -> None:
    for content in ({"run": 1}, {"run": 2}):
        with ResultFolder(tmp_path) as folder:
            folder.json("a.json", content)
    assert json.loads((tmp_path / "a.json").read_text()) == {"run": 2}
    assert sorted(everything(tmp_path)) == ["a.json", "manifest.json"]


def test_a_full_disk_is_the_users_matter_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="out: results cannot be written: No space left"):
        write_and_fail(tmp_path / "out", FULL)
    assert everything(tmp_path) == {}


def test_a_disk_that_is_full_only_when_files_are_synced_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some file systems say so late; no file has its name by then."""

    def full(handle: int) -> None:
        raise FULL

    with ResultFolder(tmp_path) as folder:
        folder.json("a.json", {"run": 1})
    before = everything(tmp_path)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="No space left"):
        write_all(tmp_path, "a.json")
    assert everything(tmp_path) == before


def a_file_in_its_place(path: Path) -> Path:
    path.write_text("mine")
    return path


def a_file_above(path: Path) -> Path:
    path.write_text("mine")
    return path / "deeper"


def a_link_in_a_circle(path: Path) -> Path:
    path.symlink_to(path)
    return path / "deeper"


@pytest.mark.parametrize("place", [a_file_in_its_place, a_file_above, a_link_in_a_circle])
def test_a_folder_that_cannot_be_made_is_refused_before_any_work(tmp_path: Path, place: Callable[[Path], Path]) -> None:
    out = place(tmp_path / "taken")
    before = sorted(os.listdir(tmp_path))
    with pytest.raises(OutputError, match=r"taken.*: results cannot be written there"):
        ResultFolder(out)
    assert sorted(os.listdir(tmp_path)) == before


def test_a_name_that_is_too_long_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="too long"):
        ResultFolder(tmp_path / ("x" * 300))


def test_a_folder_that_cannot_be_made_leaves_none_that_were_made_for_it(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="too long"):
        ResultFolder(tmp_path / "new" / ("x" * 300))
    assert everything(tmp_path) == {}


def test_a_file_that_cannot_have_its_name_keeps_the_others_from_theirs(tmp_path: Path) -> None:
    """A folder is called ``b.json``: then there is no new ``a.json`` either."""
    (tmp_path / "b.json").mkdir()
    (tmp_path / "a.json").write_text("old")
    with pytest.raises(OutputError):
        write_all(tmp_path, "a.json", "b.json")
    assert everything(tmp_path) == {"a.json": b"old", "b.json": None}


def test_a_result_that_cannot_be_named_leaves_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise FULL

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError):
        write_all(tmp_path / "out", "a.json")
    assert everything(tmp_path) == {}


# ---- formats ----


def test_numbers_in_a_csv_come_back_with_the_same_bits(tmp_path: Path) -> None:
    values = np.array([0.1 + 0.2, 1e-300, -0.0, 1 / 3, 123456789.123456789])
    with ResultFolder(tmp_path) as folder:
        folder.csv("a.csv", pd.DataFrame({"value": values}))
    back = pd.read_csv(tmp_path / "a.csv", float_precision="round_trip")["value"].to_numpy()
    assert back.tobytes() == values.tobytes()
    assert b"\r" not in (tmp_path / "a.csv").read_bytes()


def test_text_that_is_not_ascii_stays_readable(tmp_path: Path) -> None:
    with ResultFolder(tmp_path) as folder:
        folder.json("a.json", {"title": "衡阳"})
    assert "衡阳" in (tmp_path / "a.json").read_text(encoding="utf-8")


def test_a_parquet_file_holds_each_table_as_a_row_group(tmp_path: Path) -> None:
    """So that one replicate can be read without the others."""
    with ResultFolder(tmp_path) as folder:
        folder.parquet("a.parquet", (FRAME.assign(replicate=k) for k in range(3)))
    assert pq.ParquetFile(tmp_path / "a.parquet").num_row_groups == 3
    back = pd.read_parquet(tmp_path / "a.parquet")
    assert back["replicate"].tolist() == [0, 0, 1, 1, 2, 2]
    assert back["value"].tolist() == FRAME["value"].tolist() * 3


def test_the_same_tables_are_the_same_bytes(tmp_path: Path) -> None:
    for name in ("first", "second"):
        with ResultFolder(tmp_path / name) as folder:
            folder.parquet("a.parquet", [FRAME, FRAME])
            folder.csv("a.csv", FRAME)
    assert everything(tmp_path / "first") == everything(tmp_path / "second")
    # Which pandas wrote it would be in there otherwise, and change the bytes with the next version.
    assert not pq.read_schema(tmp_path / "first" / "a.parquet").metadata


def test_a_column_that_is_empty_in_the_first_table_keeps_its_type(tmp_path: Path) -> None:
    """Nothing is known of a mean where nobody is: the column is of numbers all the same."""
    empty = FRAME.assign(value=[np.nan, np.nan])
    with ResultFolder(tmp_path) as folder:
        folder.parquet("a.parquet", [empty, FRAME])
    assert pd.read_parquet(tmp_path / "a.parquet")["value"].dtype == np.float64
