"""A scenario as a file of its own, so that what a page shows can be run anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from io import StringIO
from typing import Any, NamedTuple

from pydantic import BaseModel
from ruamel.yaml import YAML

from cadre_sim.explorer.state import Board, Settings
from cadre_sim.scenario.scenario import Scenario


class Download(NamedTuple):
    """A file: its name, and what is in it."""

    name: str
    text: str


class Documents(NamedTuple):
    """The files of a scenario.

    Attributes:
        scenario: the scenario; all that it needs is in it, but for its baseline where there is one.
        baseline: the baseline, where it differs from the scenario in more than reforms (or has some of its own).
        command: what prints the numbers of the page.
    """

    scenario: Download
    baseline: Download | None
    command: str


def documents(board: Board, settings: Settings) -> Documents:
    """What is set, as files that ``cadre-sim compare`` reads."""
    arm = board.paired(settings)
    stem = re.sub(r"[^a-z0-9]+", "-", board.arm.reform.title.lower()).strip("-") or "scenario"
    name, other = f"{stem[:60]}.yaml", f"{stem[:60]}-baseline.yaml"
    command = f"cadre-sim compare {name} --replicates {settings.replicates} --seed {settings.seed}"
    told = ("Made by `cadre-sim explore`. This prints the numbers of the page again:", f"  {command}")
    # The file alone means "against itself without its reforms", which is the baseline of nearly every scenario.
    plain = arm.reform.without_reforms().digest == arm.baseline.digest
    reform = arm.reform if plain else arm.reform.model_copy(update={"baseline": other})
    baseline = None if plain else Download(other, text_of(arm.baseline, ("The baseline of " + name,)))
    return Documents(Download(name, text_of(reform, told)), baseline, command)


def text_of(scenario: Scenario, comments: Iterable[str] = ()) -> str:
    """A scenario as YAML: what differs from the defaults, and comments at the top."""
    yaml = YAML()
    yaml.width = 120
    yaml.allow_unicode = True
    yaml.representer.ignore_aliases = lambda *_: True
    stream = StringIO()
    # Reforms are kept whole: their defaults are what a reader looks for.
    content = _plain(scenario.model_dump(by_alias=True, exclude_defaults=True, exclude={"reforms"}))
    content["reforms"] = {name: _reform(measure) for name, measure in scenario.reforms.items()}
    yaml.dump(content, stream)
    return "".join(f"# {line}\n" for line in comments) + stream.getvalue()


def _reform(measure: BaseModel) -> Any:
    return _plain({k: v for k, v in measure.model_dump(by_alias=True).items() if v is not None and v != ()})


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(v) for v in value]
    return value if value is None or isinstance(value, bool | int | float | str | date) else str(value)
