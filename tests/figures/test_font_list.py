"""Matplotlib keeps its list of fonts in a file: whatever happens to it, figures are the same and nothing is said."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pytest
from matplotlib import font_manager

from cadre_sim import figures
from cadre_sim.comparison.compare import Comparison
from cadre_sim.figures import style
from cadre_sim.figures.style import svg

Fonts = dict[str, Any]
NAME = f"fontlist-v{font_manager.FontManager.__version__}.json"


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The file, with a sound list; matplotlib is as it was once the test is over."""
    before = dict(vars(font_manager.fontManager))
    path = tmp_path / NAME
    font_manager.json_dump(font_manager.FontManager(), path)
    monkeypatch.setattr(mpl, "get_cachedir", lambda: str(tmp_path))
    style._families.cache_clear()
    yield path
    vars(font_manager.fontManager).clear()
    vars(font_manager.fontManager).update(before)
    style._families.cache_clear()


def begin(path: Path) -> None:
    """Read the list as a new process does."""
    found = vars(font_manager.json_load(path))
    vars(font_manager.fontManager).clear()
    vars(font_manager.fontManager).update(found)
    font_manager.fontManager._findfont_cached.cache_clear()
    style._families.cache_clear()


def of_all(**changes: object) -> Callable[[Fonts], object]:
    """A damage: each font of the list says something else."""
    return lambda fonts: [font.update(changes) for font in fonts["ttflist"]]


DAMAGE: dict[str, Callable[[Fonts], object]] = {
    "no fonts": lambda fonts: fonts.update(ttflist=[]),
    "no list": lambda fonts: fonts.pop("ttflist"),
    "no list but a number": lambda fonts: fonts.update(ttflist=7),
    "fonts that are none": lambda fonts: [font.pop("__class__") for font in fonts["ttflist"]],
    "another name": of_all(name="DejaVu Sans"),
    "no name": of_all(name=None),
    "weights that are none": of_all(weight="heavier than all"),
    "files that are gone": of_all(fname="/nowhere/font.ttf"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_figures_are_the_same_with_any_list_of_fonts(
    kept: Path, tiny_comparison: Comparison, caplog: pytest.LogCaptureFixture, damage: str
) -> None:
    begin(kept)
    sound = svg(figures.effects(tiny_comparison)[0].figure)
    fonts = json.loads(kept.read_bytes())
    DAMAGE[damage](fonts)
    kept.write_text(json.dumps(fonts))
    begin(kept)
    assert svg(figures.effects(tiny_comparison)[0].figure) == sound
    assert caplog.records == []


def test_a_list_that_cannot_be_searched_is_written_anew(kept: Path) -> None:
    fonts = json.loads(kept.read_bytes())
    whole = len(fonts["ttflist"])
    DAMAGE["no name"](fonts)
    kept.write_text(json.dumps(fonts))
    begin(kept)
    style._families()
    assert len([font for font in json.loads(kept.read_bytes())["ttflist"] if font["name"]]) == whole
