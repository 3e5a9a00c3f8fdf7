"""``cadre-sim validate``: checks scenario files and prints every problem."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from cadre_sim.cli.shared import Quiet, say_notices
from cadre_sim.controls import escaped
from cadre_sim.errors import UserError


def validate(
    files: Annotated[list[Path], typer.Argument(help="Scenario files (YAML).")],
    quiet: Quiet = False,
) -> None:
    """Check scenario files, and print every problem with file, line and path; name reforms that can change nothing.

    Example: cadre-sim validate scenarios/*.yaml
    """
    from cadre_sim.record.counts import check_outputs
    from cadre_sim.reforms.idle import IdleReform, idle_reforms
    from cadre_sim.scenario.loading import load_arm
    from cadre_sim.streams import Key
    from cadre_sim.world.build import build_world
    from cadre_sim.world.calendar import WorkCalendar

    wrong = 0
    for file in files:
        found: list[tuple[IdleReform, ...]] = []
        try:
            arm = load_arm(file)
            say_notices(*arm)
            for part in arm:
                check_outputs(part)
                calendar = WorkCalendar(part.period, part.calendar)
                found.append(idle_reforms(part, build_world(part, Key(1, 0)), calendar))
        except UserError as error:
            wrong += 1
            print(escaped(str(error)), file=sys.stderr)
        else:
            if not quiet:
                print(escaped(f"{file}: ok"))
                for idle in found[0]:
                    print(escaped(f"{file}: the reform {idle.name!r} can change nothing: {idle.why}"))
    if wrong:
        raise SystemExit(2)
