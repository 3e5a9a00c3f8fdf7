"""Colours are told apart by everybody, in grey too; figures are the same bytes each time."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from colorspacious import cspace_convert, deltaE
from matplotlib.colors import to_rgb

from cadre_sim import figures
from cadre_sim.comparison.compare import Comparison
from cadre_sim.comparison.replicate import RunSet
from cadre_sim.figures.style import ACTIVITY_COLOURS, ARM_COLOURS, FONT, spread_out, svg
from cadre_sim.labels.names import ACTIVITY_GROUPS
from cadre_sim.record.trace import BY_DAY
from conftest import Process

SIGHTS = ["normal", "deuteranomaly", "protanomaly", "tritanomaly"]
LEAST = 15.0


def seen(colour: str, sight: str) -> np.ndarray:
    """A colour as people of some sight see it, as sRGB."""
    rgb = np.array(to_rgb(colour))
    if sight == "normal":
        return rgb
    space = {"name": "sRGB1+CVD", "cvd_type": sight, "severity": 100}
    return np.clip(cspace_convert(rgb, space, "sRGB1"), 0.0, 1.0)


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("colours", [list(ACTIVITY_COLOURS.values()), [ARM_COLOURS["baseline"], ARM_COLOURS["reform"]]])
def test_colours_are_told_apart(colours: list[str], sight: str) -> None:
    """Distances in CAM02-UCS, under normal sight and the three kinds of colour blindness."""
    found = [deltaE(seen(a, sight), seen(b, sight), input_space="sRGB1") for a, b in itertools.combinations(colours, 2)]
    assert min(found) >= LEAST


def test_neighbours_in_a_stack_are_told_apart_in_grey() -> None:
    lightness = [cspace_convert(to_rgb(c), "sRGB1", "CAM02-UCS")[0] for c in ACTIVITY_COLOURS.values()]
    assert min(abs(a - b) for a, b in pairwise(lightness)) >= 10.0


def test_no_activity_has_the_colour_of_an_arm_and_all_have_one_and_a_name() -> None:
    assert not set(ACTIVITY_COLOURS.values()) & set(ARM_COLOURS.values())
    assert list(ACTIVITY_COLOURS) == list(ACTIVITY_GROUPS)
    assert set(ACTIVITY_COLOURS) == set(BY_DAY[:7])


def test_labels_are_moved_apart_as_little_as_needed() -> None:
    assert spread_out([1.0, 5.0, 9.0], 2.0, 0.0, 10.0) == [1.0, 5.0, 9.0]
    assert spread_out([4.0, 4.0], 2.0, 0.0, 10.0) == [3.0, 5.0]
    assert spread_out([9.5, 9.9], 2.0, 0.0, 10.0) == [8.0, 10.0]


def test_a_figure_is_the_same_bytes_each_time(tiny_comparison: Comparison) -> None:
    first, again = (svg(figures.effects(tiny_comparison)[0].figure) for _ in range(2))
    assert first == again
    assert b"<text" not in first, "text is paths: no font of the reader's system is asked for"


def test_a_dollar_in_a_name_is_a_dollar(tiny_runs: RunSet) -> None:
    ax = figures.week(tiny_runs)
    assert not any(text.get_parse_math() for text in ax.texts)


DRAW = """
import sys
import numpy as np
import pandas as pd
from cadre_sim import figures
from cadre_sim.scenario.measures import measures
from cadre_sim.figures.style import svg
folder = sys.argv[1]
names = ("hours", "week", "effects", "days_to_close", "counties", "visits", "minds")
drawn = [getattr(figures, name)(folder, language="zh") for name in names]
share = pd.DataFrame({"measure": list(measures()), "effect": 1.0, "low": 0.5, "high": 1.5, "alone": 0.7})
drawn.append(figures.attribution(share, language="zh"))
index = pd.DataFrame({"parameter": ["demand.hours"], "index": 0.5, "low": 0.4, "high": 0.6, "total": 0.7,
                      "total_low": 0.6, "total_high": 0.8})
drawn.append(figures.sensitivity(index, language="zh"))
print(sum(len(svg(np.ravel(ax)[0].figure)) for ax in drawn))
"""


def test_a_notebook_shows_a_figure_as_the_value_of_a_cell(tiny_runs: RunSet) -> None:
    """Also in a kernel in which nobody has turned on matplotlib's mode for notebooks."""
    for ax in (figures.week(tiny_runs), figures.hours(tiny_runs)[0]):
        assert ax.figure._repr_png_().startswith(b"\x89PNG")


@pytest.mark.slow
def test_no_glyph_is_missing_in_chinese_with_no_cache_of_fonts(process: Process, tmp_path: Path) -> None:
    """As on a machine that has never drawn anything, and has no Chinese font."""
    process("compare", "tiny.yaml", "-n", "2", "--workers", "1", "-q", "--out", "out")
    environment = {**os.environ, "MPLCONFIGDIR": str(tmp_path / "cache")}
    command = [sys.executable, "-W", "error", "-W", "ignore::DeprecationWarning", "-c", DRAW, str(tmp_path / "out")]
    found = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert found.returncode == 0, found.stderr
    assert "Glyph" not in found.stderr
    assert int(found.stdout) > 100_000


def test_the_font_has_every_character_of_the_catalogue() -> None:
    from importlib.resources import files

    from babel.messages.pofile import read_po
    from fontTools.ttLib import TTFont

    from cadre_sim.language import added_messages, language
    from cadre_sim.scenario.measures import measures

    with files("cadre_sim.data").joinpath("cadre-sans-sc.otf").open("rb") as file:
        font = TTFont(file)
        assert font["name"].getDebugName(1) == FONT
        known = set(font.getBestCmap())
    source = language("zh").source
    assert source is not None
    assert measures()
    with source.open("rb") as catalogue:
        texts = [*(str(m.string) for m in read_po(catalogue) if m.id), *added_messages("zh").values()]
    said = set("".join(texts)) - {"\n"}
    assert {c for c in said if ord(c) not in known} <= set("·−"), "DejaVu Sans has these"
