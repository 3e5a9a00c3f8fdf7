"""Settings of the explorer: from a link to a scenario and back, and nothing that a link says is trusted."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import settings as test_settings
from hypothesis import strategies as st

from cadre_sim.errors import InputError
from cadre_sim.explorer.document import documents
from cadre_sim.explorer.following import look_of
from cadre_sim.explorer.groups import grouped
from cadre_sim.explorer.state import REPLICATES, Board, Settings, board_of
from cadre_sim.scenario.loading import load_arm
from cadre_sim.scenario.measures import measures

BOARD = board_of(load_arm("one-county"))
SCENARIOS = sorted((Path(__file__).parents[2] / "scenarios").glob("*.yaml"))


def all_settings(board: Board) -> st.SearchStrategy[Settings]:
    """Any settings that the page's controls can give."""
    values = {}
    for lever in board.levers:
        values[lever.name] = st.booleans()
        for knob in lever.knobs:
            places = round((knob.high - knob.low) / knob.step)
            moved = st.integers(0, places).map(lambda n, k=knob: k.clamped(k.low + n * k.step))
            values[knob.path] = st.just(knob.value) | moved
    whole = st.fixed_dictionaries(values)
    return st.builds(Settings, whole, st.integers(0, 2**32 - 1), st.sampled_from(REPLICATES))


@given(all_settings(BOARD))
@test_settings(max_examples=40, deadline=None)
def test_settings_survive_a_link(settings: Settings) -> None:
    assert BOARD.settings(dict(parse_qsl(BOARD.link(settings, lang="zh")[1:]))) == settings


@given(all_settings(BOARD))
@test_settings(max_examples=15, deadline=None)
def test_settings_survive_a_file(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> None:
    """What is downloaded is the scenario that was run, and is compared with the same baseline."""
    found = documents(BOARD, settings)
    path = tmp_path_factory.mktemp("download") / found.scenario.name
    path.write_text(found.scenario.text, encoding="utf-8")
    read, shown = load_arm(path), BOARD.paired(settings)
    assert found.baseline is None
    assert (read.reform.digest, read.baseline.digest) == (shown.reform.digest, shown.baseline.digest)


@pytest.mark.parametrize("file", SCENARIOS, ids=lambda f: f.stem)
def test_every_scenario_downloads_as_what_it_is(file: Path, tmp_path: Path) -> None:
    """Also one whose baseline differs in more than reforms: that comes as a second file."""
    board = board_of(load_arm(file))
    found = documents(board, board.defaults)
    for each in filter(None, (found.scenario, found.baseline)):
        (tmp_path / each.name).write_text(each.text, encoding="utf-8")
    read, shown = load_arm(tmp_path / found.scenario.name), board.paired(board.defaults)
    assert (read.reform.digest, read.baseline.digest) == (shown.reform.digest, shown.baseline.digest)


def test_as_in_the_scenario_is_the_scenario() -> None:
    assert BOARD.link(BOARD.defaults) == "?"
    assert BOARD.scenario(BOARD.defaults).reforms == BOARD.arm.reform.reforms


def test_every_measure_has_a_switch_in_one_group() -> None:
    levers = [lever for group in grouped(BOARD.levers) for lever in group.levers]
    assert sorted(lever.measure.key for lever in levers) == sorted(measures())


@given(st.dictionaries(st.sampled_from(sorted(BOARD.defaults.values)) | st.text(max_size=20), st.text(max_size=30)))
@test_settings(max_examples=60, deadline=None)
def test_whatever_a_link_says_the_page_opens(query: dict[str, str]) -> None:
    settings = BOARD.settings(query)
    assert settings.values.keys() == BOARD.defaults.values.keys()
    for lever in BOARD.levers:
        for knob in lever.knobs:
            assert knob.low <= settings.values[knob.path] <= knob.high
    BOARD.scenario(settings)


def test_a_link_out_of_range_is_clamped() -> None:
    asked = {
        "meeting_limits.adoption": "7",
        "inspection_quota.visits_per_month": "-1",
        "certificate_removal.kinds": "36.4",
        "sign_clearance.signs": "nan",
        "seed": "1e99",
        "replicates": "9000",
        "place.units": "/etc/passwd",
    }
    settings = BOARD.settings(asked)
    assert settings.values["meeting_limits.adoption"] == 1.0
    assert settings.values["inspection_quota.visits_per_month"] == 1.0
    assert settings.values["certificate_removal.kinds"] == 36
    assert settings.values["sign_clearance.signs"] == 54
    assert (settings.seed, settings.replicates) == (2**32 - 1, 32)
    assert "place.units" not in settings.values


def test_what_a_county_has_to_give_has_room_around_it() -> None:
    """Of 1,863 people sent the county has 19; a slider from 500 on would not hold them."""
    knob = next(k for lever in BOARD.levers for k in lever.knobs if k.path == "talent_deployment.number")
    assert knob.low < knob.value == 19 < knob.high < 100


def test_whom_to_look_at_is_clamped() -> None:
    dates = [date(2025, 1, d) for d in (2, 3, 6)]
    assert look_of({}, dates, 5, date(2025, 1, 4)) == (0, 0, 1)
    assert look_of({"office": "99", "cadre": "0", "date": "2031-01-01"}, dates, 5, date(2025, 1, 4)) == (4, 0, 2)
    assert look_of({"office": "x", "cadre": "-3", "date": "then"}, dates, 5, date(2020, 1, 1)) == (0, 0, 0)


def test_measures_that_contradict_each_other_are_said() -> None:
    """Two reforms of one measure over the same offices: the page says so instead of running."""
    base = BOARD.arm.reform
    one = base.reforms["certificate_removal"]
    twice = base.model_copy(
        update={"reforms": {"certificate_removal": one, "again": one.model_copy(update={"measure": one.key})}}
    )
    board = board_of(BOARD.arm._replace(reform=twice))
    with pytest.raises(InputError, match="certificate"):
        board.scenario(board.defaults)
