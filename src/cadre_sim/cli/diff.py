"""``cadre-sim diff``: what differs between two scenarios, in sentences."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cadre_sim.cli.shared import say_notices


def diff(
    a: Annotated[Path, typer.Argument(help="Scenario file (YAML).")],
    b: Annotated[Path, typer.Argument(help="Scenario file (YAML).")],
) -> None:
    """Say in plain sentences how scenario B differs from scenario A.

    Example: cadre-sim diff scenarios/hengyang-before.yaml scenarios/hengyang.yaml
    """
    from cadre_sim.scenario.diffing import differences
    from cadre_sim.scenario.loading import load

    scenarios = load(a), load(b)
    say_notices(*scenarios)
    found = differences(*scenarios)
    print("\n".join(found) if found else "They do not differ in anything that decides a result.")
