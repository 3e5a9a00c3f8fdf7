"""How the notebooks are made; that they run is what nbmake tests, which runs each as an item of its own."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pytest

import cadre_sim

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
KEYS = {"code": {"cell_type", "execution_count", "id", "metadata", "outputs", "source"}}
KEYS["markdown"] = KEYS["code"] - {"execution_count", "outputs"}
KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
RESULT = re.compile(r"[-+]?\d+[.,]\d+|\d+ ?%")
"""A number that looks like a result: with decimals, or a percentage."""
SAID = {"95%"}
"""Those that are none: the level of intervals."""
Cells = list[dict[str, Any]]


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request: pytest.FixtureRequest) -> dict[str, Any]:
    """A notebook as plain data."""
    return json.loads(request.param.read_text(encoding="utf-8"))


def texts(notebook: dict[str, Any]) -> list[str]:
    """The text cells."""
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown"]


def test_there_are_seven_and_the_course_lists_each() -> None:
    assert [path.name[:2] for path in NOTEBOOKS] == [f"{n}-" for n in range(1, 8)]
    listed = re.findall(r"\]\((\d-[^)]+\.ipynb)\)", (FOLDER / "README.md").read_text(encoding="utf-8"))
    assert listed == [path.name for path in NOTEBOOKS]


def test_nothing_is_kept_of_a_run(notebook: dict[str, Any]) -> None:
    for number, cell in enumerate(notebook["cells"]):
        assert set(cell) == KEYS[cell["cell_type"]]
        assert cell["metadata"] == {}
        assert cell["id"] == str(number)
        assert cell.get("outputs", []) == []
        assert cell.get("execution_count") is None
    assert notebook["metadata"] == KERNEL


def test_it_begins_with_a_title_and_a_question(notebook: dict[str, Any]) -> None:
    first = texts(notebook)[0]
    assert re.match(r"# \d\. .+\n\n\*\*.+\?\*\*\n", first), first


def test_it_ends_with_exercises_of_which_the_last_is_harder(notebook: dict[str, Any]) -> None:
    last = texts(notebook)[-1]
    assert "".join(notebook["cells"][-1]["source"]) == last
    assert last.startswith("## Exercises\n")
    exercises = re.findall(r"^\d\. .*", last, re.M)
    assert 3 <= len(exercises) <= 5
    assert [text[3:].startswith("*Harder.*") for text in exercises] == [False] * (len(exercises) - 1) + [True]


def test_no_result_stands_in_the_text(notebook: dict[str, Any]) -> None:
    prose = [re.sub(r"`[^`]*`|^\d\. ", "", text, flags=re.M) for text in texts(notebook)]
    assert [found for text in prose for found in RESULT.findall(text) if found not in SAID] == []


def test_a_notebook_runs_wherever_it_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In an empty folder: the package finds its scenarios itself. Only the cells are run, without a kernel."""
    copy = tmp_path / NOTEBOOKS[0].name
    shutil.copy(NOTEBOOKS[0], copy)
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    with plt.rc_context():
        for cell in json.loads(copy.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                exec("".join(cell["source"]), names)
    plt.close("all")
    assert names["village"].place == cadre_sim.load("one-village").place
    assert [p.name for p in tmp_path.iterdir()] == [copy.name]


def test_no_notebook_reaches_into_the_folders_around_it(notebook: dict[str, Any]) -> None:
    code = "".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code")
    assert ".." not in re.sub(r"\.\.\.", "", code)


def test_cells_are_short(notebook: dict[str, Any]) -> None:
    """What one reads in one go, with a file that a cell writes."""
    for cell in notebook["cells"]:
        assert len("".join(cell["source"]).splitlines()) <= 36
