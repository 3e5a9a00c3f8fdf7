"""``cadre-sim validate``: checks scenario files and prints every problem."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cadre_sim.cli.shared import TOLD, Quiet, say_notices
from cadre_sim.controls import escaped
from cadre_sim.errors import UserError

if TYPE_CHECKING:
    from cadre_sim.scenario.scenario import Scenario


def validate(
    files: Annotated[list[Path], typer.Argument(help="Scenario files (YAML).")],
    show_size: Annotated[
        bool, typer.Option("--size", help="Say also how large each place is, and what a run of it takes.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Check scenario files, and print every problem with file, line and path; name reforms that can change nothing.

    Example: cadre-sim validate scenarios/*.yaml
    """
    from cadre_sim.record.counts import check_outputs
    from cadre_sim.reforms.idle import IdleReform, idle_reforms
    from cadre_sim.scenario.loading import load_arm
    from cadre_sim.world.calendar import WorkCalendar
    from cadre_sim.world.outline import outline_of

    wrong = 0
    for file in files:
        found: list[tuple[IdleReform, ...]] = []
        try:
            arm = load_arm(file)
            say_notices(*arm)
            for part in arm:
                check_outputs(part)
                calendar = WorkCalendar(part.period, part.calendar)
                found.append(idle_reforms(part, outline_of(part), calendar))
        except UserError as error:
            wrong += 1
            print(escaped(str(error)), file=sys.stderr)
        else:
            if not quiet:
                print(escaped(f"{file}: ok"))
            if show_size:
                print(escaped(f"{file}: {_size(arm.reform)}"))
            for idle in found[0]:
                print(escaped(f"{file}: the reform {idle.name!r} can change nothing: {idle.why}"))
            _warn_of_large(escaped(str(file)), *arm)
    if wrong:
        raise SystemExit(2)


def _size(scenario: Scenario) -> str:
    """How large a place is and what a run takes, in a line."""
    from cadre_sim.reckoning.run_cost import cost_of
    from cadre_sim.reckoning.words import duration, size
    from cadre_sim.reckoning.work import of_runs

    cost = cost_of(scenario)
    place = cost.size
    return (
        f"{place.offices:,} offices in {place.townships:,} townships and {place.counties:,} counties, "
        f"{cost.people:,} cadres, {cost.departments:,} departments, {cost.days:,} working days; a run takes about "
        f"{duration(cost.seconds)} and {size(of_runs(scenario, 1, 1).memory)} of memory"
    )


def _warn_of_large(file: str, *arm: Scenario) -> None:
    """Say of a scenario that is no mistake that this machine cannot run it, or not soon."""
    from cadre_sim.reckoning.fitting import unfit
    from cadre_sim.reckoning.work import of_runs

    work = max((of_runs(part, 1, 1) for part in arm), key=lambda each: each.memory)
    cannot = unfit(work)
    if cannot is not None:
        print(f"warning: {file}: {cannot}", file=sys.stderr)
    elif work.wall > TOLD:
        print(f"warning: {file}: {work}", file=sys.stderr)
