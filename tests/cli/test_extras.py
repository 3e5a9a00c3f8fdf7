"""What needs a library that only an extra brings says so at once, with the command that brings it."""

from __future__ import annotations

import ast
import contextlib
import sys
from pathlib import Path

import pandas as pd
import pytest

import cadre_sim
from cadre_sim.cli.app import main
from cadre_sim.errors import MissingExtraError
from cadre_sim.extras import EXTRA_OF
from cadre_sim.sweep.driver import sweep
from conftest import TINY
from studies import NUMBERS
from sweeps import GRID, planned, quick

PACKAGE = Path(cadre_sim.__file__).parent
ROOMS = {"explorer/charts.py", "explorer/page.py", "sweep/dask_engine.py", "sweep/dask_host.py"}
"""Sources that are an extra's own, and are imported only after it was asked for."""
MORRIS = NUMBERS + "design: morris\npoints: 2\n"
MIXED = """\
scenario: tiny.yaml
arms: {before: {without_reforms: true}, reform: }
factors:
  on: {path: reforms.meeting_limits}
  ramp: {path: reforms.inspection_quota.ramp, values: [5, 10]}
  rebound: {path: reforms.inspection_quota.strength, values: [0.2, 1]}
  pace: {path: behaviour.pace, values: [due_dates, at_once]}
"""
NEEDS = [
    ("SALib", "analyse sensitivity results"),
    ("SALib", "experiment plan morris.yaml"),
    ("SALib", "experiment run morris.yaml"),
    ("SALib", "experiment run saltelli.yaml"),
    ("SALib", "report results"),
    ("SALib", "report run --sensitivity results"),
    ("moocore", "analyse frontier results --objective service_hours:max --objective deployed:min"),
    ("ema_workbench", "analyse discover results"),
    ("marimo", "explore tiny.yaml --no-browser"),
    ("altair", "explore tiny.yaml --no-browser"),
    ("uvicorn", "explore tiny.yaml --no-browser"),
    ("zmq", "explore tiny.yaml --no-browser"),
    ("distributed", "experiment run grid.yaml --scheduler tcp://127.0.0.1:9"),
    ("distributed", "experiment rerun grid.yaml --failed --cluster slurm.yaml"),
    ("dask_jobqueue", "experiment run grid.yaml --cluster slurm.yaml"),
    ("duckdb", "results results --sql from_runs"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the results of a Morris design, beside files of experiments and of a cluster."""
    found = tmp_path_factory.mktemp("extras")
    texts = {"tiny": TINY, "grid": GRID, "morris": MORRIS, "saltelli": MORRIS.replace("morris", "saltelli")}
    for name, text in {**texts, "slurm": "jobs: 1\n"}.items():
        (found / f"{name}.yaml").write_text(text, encoding="utf-8")
    with contextlib.chdir(found):
        sweep(planned(MORRIS), Path("results"), workers=1, making=quick)
    return found


@pytest.mark.parametrize(("library", "command"), NEEDS)
def test_a_missing_library_is_told_with_the_command_that_brings_it(
    folder: Path, library: str, command: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    before = {path: path.stat().st_mtime_ns for path in Path().rglob("*")}
    monkeypatch.setitem(sys.modules, library, None)  # as Python has it for what cannot be imported
    monkeypatch.setattr(sys, "argv", ["cadre-sim", *command.split()])
    capfd.readouterr()
    with pytest.raises(SystemExit) as ended:
        main()
    told = capfd.readouterr()
    assert ended.value.code == 2
    extra = EXTRA_OF[library]
    last = told.err.splitlines()[-1]
    assert last.startswith("cadre-sim: ")
    assert last.endswith(f" needs {library}, which the extra [{extra}] brings: pip install 'cadre_sim[{extra}]'")
    assert told.out == ""
    assert {path: path.stat().st_mtime_ns for path in Path().rglob("*")} == before


@pytest.mark.process
def test_all_runs_of_an_experiment_are_read_without_an_extra(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And they are those that a query gives, to the types of columns in which the arm without reforms has nothing."""
    store = sweep(planned(MIXED), Path("results"), workers=1, making=quick).path
    asked = cadre_sim.results(store, "select * from runs order by key")
    assert {"boolean", "Int64"} <= {str(kind) for kind in asked.dtypes}
    for library in EXTRA_OF:
        monkeypatch.setitem(sys.modules, library, None)
    pd.testing.assert_frame_equal(cadre_sim.results(store), asked)
    with pytest.raises(MissingExtraError, match=r"a query by SQL needs duckdb"):
        cadre_sim.results(store, "from runs")


def test_only_rooms_of_an_extra_import_its_libraries_at_once() -> None:
    """Anything else would be missing it before it can say so."""
    for path in PACKAGE.rglob("*.py"):
        statements = ast.parse(path.read_text(encoding="utf-8")).body
        names = {alias.name for node in statements if isinstance(node, ast.Import) for alias in node.names}
        names |= {node.module or "" for node in statements if isinstance(node, ast.ImportFrom)}
        heavy = {name.partition(".")[0] for name in names} & {*EXTRA_OF, "dask"}
        assert not heavy or path.relative_to(PACKAGE).as_posix() in ROOMS, f"{path} imports {heavy}"
