"""What a user's measure says of itself is checked when it is loaded: a mistake is a message, never another effect."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from cadre_sim import plugins
from cadre_sim.cli.app import main
from cadre_sim.errors import InputError, ScenarioError
from cadre_sim.scenario import measures as loading
from cadre_sim.scenario.loading import load
from cadre_sim.scenario.measures import Measure, measures

HEAD = """\
from typing import ClassVar

from cadre_sim.scenario.fields import quantity
from cadre_sim.scenario.measures import Effect, Measure, People


class Mine(Measure):
    key: ClassVar[str] = "mine"
"""
GOOD = """\
    share: float = quantity(0.5, "1", low=0.2, high=1, kind="A", meaning="meetings that remain")

    def effects(self):
        return (Effect("meeting_share", "scale", self.share),)
"""


def effects(text: str) -> str:
    return f"    def effects(self):\n        return {text}\n"


def people(text: str) -> str:
    return effects("()") + f"    def people(self):\n        return {text}\n"


WRONG = {
    effects('(Effect("meetings_share", "scale", 0.5),)'): (
        "effects() names the unknown knob 'meetings_share', did you mean 'meeting_share'?"
    ),
    effects('(Effect("meeting_share", "multiply", 0.5),)'): (
        "effects() turns meeting_share by 'multiply'; allowed: scale, cap, set"
    ),
    effects('(Effect("meeting_share", "scale", float("nan")),)'): (
        "effects() must scale meeting_share with a number from 0 (got nan)"
    ),
    effects('(Effect("meeting_share", "scale", -0.5),)'): "a number from 0 (got -0.5)",
    effects('(Effect("meeting_share", "scale", float("inf")),)'): "a number from 0 (got inf)",
    effects('(Effect("meeting_share", "scale", "half"),)'): "a number from 0 (got 'half')",
    effects(
        '(Effect("visit_cap", "set", 3.0),)'
    ): "must not set visit_cap, which has no value without a reform: `cap` it",
    effects('(Effect("visit_cap", "scale", 0.5),)'): "must not scale visit_cap",
    effects('(Effect("joint_share", "set", 80),)'): "must set joint_share to a share, 0 to 1 (got 80)",
    effects('[Effect("meeting_share", "scale", 0.5)]'): "effects() must give a tuple of Effect (got [Effect(",
    effects('(("meeting_share", "scale", 0.5),)'): "effects() must give a tuple of Effect",
    effects("(Effect('meeting_share', 'scale', 1 / 0),)"): "effects() raises ZeroDivisionError: division by zero",
    "": "has no effects(): give it the method",
    people("People(-1, 0.5, 'equal', 100)"): "people(): number must be a whole number from 0 (got -1)",
    people("People(10, 50, 'equal', 100)"): "people(): specialists must be a share, 0 to 1 (got 50)",
    people("People(10, 0.5, 'nearest', 100)"): "people(): placement must be one of neediest, equal, random",
    people("People(10, 0.5, 'equal', 0)"): "people(): term must be a whole number from 1 (got 0)",
    people("10"): "people() must give People or None (got 10)",
    "    share: float = 0.5\n"
    + effects("()"): "the parameter share is a number without a unit: declare it by quantity()",
    '    share: float = quantity(0.5, "", low=0, high=1, kind="A", meaning="x")\n' + effects("()"): "has no unit",
    '    share: float = quantity(0.5, "1", low=1, high=0, kind="A", meaning="x")\n' + effects("()"): (
        "the parameter share must have a plausible range, low below high (got 1 and 0)"
    ),
    '    share: float = quantity(5, "1", low=0, high=1, kind="A", meaning="x", most=1)\n' + effects("()"): (
        "the default of the parameter share must lie between 0 and 1 (got 5)"
    ),
}


@pytest.fixture
def folder(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder that modules are imported from; what they register is forgotten."""
    monkeypatch.setattr(Measure, "registry", dict(measures()))
    monkeypatch.setattr(loading, "_checked", set(loading._checked))
    monkeypatch.syspath_prepend(str(Path().resolve()))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    before = set(sys.modules)
    yield Path()
    for name in set(sys.modules) - before:
        if name.startswith("brought"):
            del sys.modules[name]


def bring(text: str, module: str = "brought") -> None:
    """What an installed package does: its module is imported before measures are asked for."""
    Path(f"{module}.py").write_text(text, encoding="utf-8")
    import_module(module)


@pytest.mark.parametrize("body", WRONG)
def test_a_mistake_in_a_measure_is_told_when_it_is_loaded(folder: Path, body: str) -> None:
    bring(HEAD + (body or "    pass\n"))
    with pytest.raises(InputError) as error:
        measures()
    assert f"{Path('brought.py').resolve()}: class Mine: " in str(error.value)
    assert WRONG[body] in str(error.value)


def test_every_command_that_reads_scenarios_tells_it_and_ends_with_2(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bring(HEAD + effects('(Effect("meetings_share", "multiply", 0.5), Effect("meeting_share", "multiply", 0.5))'))
    for command in (["validate", "tiny.yaml"], ["run", "tiny.yaml"], ["list", "measures"]):
        monkeypatch.setattr(sys, "argv", ["cadre-sim", *command])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr().err
        assert ended.value.code == 2
        assert said.count("brought.py: class Mine: effects()") == 2  # both mistakes at once
        assert "did you mean 'meeting_share'?" in said


def test_a_good_measure_is_taken(folder: Path) -> None:
    bring(HEAD + GOOD)
    assert "mine" in measures()
    assert load("tiny.yaml", ["reforms.mine={from: 2025-01-01, share: 0.4}"]).reforms["mine"].effects()[0].value == 0.4


def test_a_knob_that_only_some_values_name_is_checked_with_these_values(folder: Path) -> None:
    odd = GOOD.replace('"meeting_share"', '"meeting_share" if self.share > 0.3 else "meetings"')
    bring(HEAD + odd)
    load("tiny.yaml", ["reforms.mine={from: 2025-01-01}"])
    with pytest.raises(
        ScenarioError, match=r"reforms\.mine=.*class Mine: effects\(\) names the unknown knob 'meetings'"
    ):
        load("tiny.yaml", ["reforms.mine={from: 2025-01-01, share: 0.2}"])


def test_a_parameter_without_a_default_is_checked_with_the_values_of_a_scenario(folder: Path) -> None:
    bring(HEAD + GOOD.replace("quantity(0.5", "quantity(...").replace('"meeting_share"', '"meeting"'))
    assert "mine" in measures()
    with pytest.raises(ScenarioError, match="unknown knob 'meeting'"):
        load("tiny.yaml", ["reforms.mine={from: 2025-01-01, share: 0.2}"])


def test_a_key_belongs_to_one_measure(folder: Path) -> None:
    with pytest.raises(
        InputError, match=r"brought\.py: class Mine: the key 'meeting_limits' is that of .*meetings\.py"
    ):
        bring(HEAD.replace('"mine"', '"meeting_limits"') + GOOD)
    with pytest.raises(InputError, match="the key 'My measure' must be lower-case letters"):
        bring(HEAD.replace('"mine"', '"My measure"') + GOOD, "brought_too")


def test_a_measure_that_is_written_again_takes_the_place_of_the_first(folder: Path) -> None:
    """As in a notebook, whose cell is run again; a mistake that was mended is forgotten, its key too."""
    names: dict[str, object] = {"__name__": "brought"}
    exec(HEAD.replace('"mine"', '"mien"') + effects('(Effect("meeting", "scale", 0.5),)'), names)
    exec(HEAD + GOOD, names)
    assert "mien" not in measures()
    assert measures()["mine"] is names["Mine"]


def test_a_package_that_cannot_be_imported_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Entry:
        name, value, dist = "theirs", "theirs.measures", None

        def load(self) -> None:
            raise ImportError("No module named 'theirs'")

    monkeypatch.setattr(plugins, "entry_points", lambda group: [Entry()])
    with pytest.raises(
        InputError, match=r"package theirs \(theirs\.measures\) cannot be loaded: ImportError: No module"
    ):
        loading._load_installed.__wrapped__()
