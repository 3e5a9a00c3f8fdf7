"""A query by SQL reads the tables of its folder and nothing else, and takes no more than there is."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

import cadre_sim
from cadre_sim.errors import InputError
from cadre_sim.sweep import sandbox
from conftest import Call
from sweeps import GRID

pytestmark = pytest.mark.process

OUTSIDE = (
    "copy (select 1) to 'stolen.csv'",
    "copy runs to 'stolen.parquet' (format parquet)",
    "create table t (a int, b int); copy t from 'secret.csv'",
    "attach 'stolen.db'",
    "export database 'stolen'",
    "import database 'stolen'",
    "select * from 'secret.csv'",
    "select * from '/etc/passwd'",
    "select * from '{store}/plan.json'",
    "select * from read_csv('secret.csv')",
    "select * from read_csv('{store}/runs/../../../secret.csv')",
    "select * from read_text('secret.csv')",
    "select * from read_blob('secret.csv')",
    "select * from sniff_csv('secret.csv')",
    "select * from glob('*')",
    "select * from query_table('secret.csv')",
    "select * from 'https://example.invalid/x.parquet'",
    "select * from read_parquet('s3://bucket/x.parquet')",
    "install httpfs",
    "load httpfs",
    "create persistent secret s (type http)",
    "set threads = 4",
    "set enable_external_access = true",
    "set lock_configuration = false",
    "reset memory_limit",
    "pragma profiling_output = 'stolen.json'",
    "set log_query_path = 'stolen.log'",
    "select getenv('HOME')",
    "select * from a_frame_of_python",
    "select * from folder",
)
"""Queries that would read or write what is no table of the folder, or change how queries are answered."""
ENDLESS = "select sum(a.range * b.range) from range(10000000) a, range(10000000) b"


@pytest.fixture
def store(tiny: Path, call: Call) -> Path:
    """An experiment's results in a folder whose name would be a pattern, and whose quote would end a string."""
    Path("grid.yaml").write_text(GRID, encoding="utf-8")
    Path("secret.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    folder = Path("results/it's [a]*? 'grid'")
    assert call("experiment", "run", "grid.yaml", "--workers", "1", "--quiet", "--out", str(folder)).code == 0
    return folder


def test_a_query_reaches_nothing_outside_its_tables(store: Path, call: Call) -> None:
    """Someone runs a query from a colleague's mail: no file is read or written, and no setting changed."""
    a_frame_of_python = pd.DataFrame({"a": [1]})
    before = sorted(Path().rglob("*"))
    for query in OUTSIDE:
        sql = query.replace("{store}", str(store).replace("'", "''"))
        done = call("results", str(store), "--sql", sql)
        assert (done.code, done.out) == (2, ""), sql
        assert "Traceback" not in done.err, sql
        with pytest.raises(InputError):
            cadre_sim.results(store, sql)
    assert sorted(Path().rglob("*")) == before
    assert len(a_frame_of_python) == 1


def test_a_refused_query_names_the_option_that_allows_it(store: Path, call: Call) -> None:
    for sql in ("copy runs to 'copy.csv'", "set threads = 4", "attach 'x.db'", "load httpfs"):
        done = call("results", str(store), "--sql", sql)
        assert "--unrestricted" in done.err, sql
        assert done.err.count("\n") == 1, done.err
    assert call("results", str(store), "--unrestricted", "--sql", "copy runs to 'copy.csv'").code == 0
    assert len(pd.read_csv("copy.csv")) == 12


def test_a_query_says_what_the_table_of_all_runs_says(store: Path) -> None:
    """Restricted or not, the same values of the same types in the same order."""
    wanted = cadre_sim.results(store)
    for unrestricted in (False, True):
        found = cadre_sim.results(store, "select * from runs order by key", unrestricted=unrestricted)
        pd.testing.assert_frame_equal(found, wanted)
    assert cadre_sim.results(store, "select * from runs where false").columns.tolist() == wanted.columns.tolist()
    assert cadre_sim.results(store, "create table t as select 1 as a; select a from t")["a"].tolist() == [1]
    with pytest.raises(InputError, match="empty"):
        cadre_sim.results(store, " -- nothing")


def test_a_query_that_takes_too_much_memory_is_stopped(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Within DuckDB, and in what it hands over."""
    monkeypatch.setattr(sandbox, "_free_bytes", lambda: 0)
    monkeypatch.setattr(sandbox, "_LEAST_BYTES", 64 * 2**20)
    for sql in ("create table t as select random() from range(100000000)", "select range from range(100000000)"):
        with pytest.raises(InputError, match="memory"):
            cadre_sim.results(store, sql)


def test_a_query_without_end_is_interrupted(store: Path) -> None:
    """Ctrl-C ends it at once, with the code that shells know."""
    command = [sys.executable, "-m", "cadre_sim.cli", "results", str(store), "--sql", ENDLESS]
    asked = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    time.sleep(4)
    asked.send_signal(signal.SIGINT)
    try:
        _, said = asked.communicate(timeout=20)
    finally:
        asked.kill()
    assert asked.returncode == 130
    assert "Traceback" not in said


def test_a_folder_that_no_folder_can_be_holds_no_results() -> None:
    for name in ("x" * 5000, "a\0b"):
        with pytest.raises(InputError, match="holds no results"):
            cadre_sim.results(name)


def test_a_linked_part_is_read_as_it_is_and_nothing_beside_it(store: Path) -> None:
    """A store may lie on another disk, behind links."""
    part = next((store / "runs").iterdir())
    elsewhere = Path("elsewhere.parquet")
    shutil.move(part, elsewhere)
    os.symlink(elsewhere.resolve(), part)
    assert len(cadre_sim.results(store, "select * from runs")) == 12
    with pytest.raises(InputError):
        cadre_sim.results(store, f"select * from '{elsewhere}'")
