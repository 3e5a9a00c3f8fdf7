"""``cadre-sim analyse``: what the results of an experiment, finished or running, say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from cadre_sim.cli.list import AsJson
from cadre_sim.cli.shared import new_console, study_of
from cadre_sim.terminal.encoding import print_json

analyse = typer.Typer(
    no_args_is_help=True, help="Analyse the results of an experiment, finished or running: who brings what, and why."
)

Folder = Annotated[Path, typer.Argument(help="Folder of an experiment's results.")]
Metric = Annotated[str | None, typer.Option(help="What is analysed; by default service_hours.")]
Arm = Annotated[str | None, typer.Option(help="The arm; by default the only one that has reforms.")]
Against = Annotated[
    str | None, typer.Option(help="The arm to subtract, or none; by default the only one without reforms.")
]


@analyse.command()
def attribute(folder: Folder, metric: Metric = None, arm: Arm = None, as_json: AsJson = False) -> None:
    """How much of the effect each measure of a reform brings: Shapley values, and how measures act on each other.

    Example: cadre-sim analyse attribute results/hengyang-attribution --metric burden_hours
    """
    from cadre_sim.analysis.attribution import attribute as analysis
    from cadre_sim.terminal.analysis import print_attribution

    found = analysis(study_of(folder), metric, arm)
    _show(found, print_attribution, as_json)


@analyse.command()
def sensitivity(
    folder: Folder, metric: Metric = None, arm: Arm = None, against: Against = None, as_json: AsJson = False
) -> None:
    """Which parameters an effect depends on: Morris or Sobol indices, by the design of the experiment.

    Example: cadre-sim analyse sensitivity results/hengyang-sensitivity
    """
    from cadre_sim.analysis.sensitivity import sensitivity as analysis
    from cadre_sim.terminal.analysis import print_sensitivity

    found = analysis(study_of(folder), metric, arm, against)
    _show(found, print_sensitivity, as_json)


@analyse.command()
def frontier(
    folder: Folder,
    objective: Annotated[
        list[str] | None,
        typer.Option(
            metavar="METRIC:max|min",
            help="What is wanted, twice or more; by default service_hours:max, hidden_violations:min, deployed:min.",
        ),
    ] = None,
    arm: Arm = None,
    as_json: AsJson = False,
) -> None:
    """The reforms that no other betters in every objective at once: service, integrity and cost.

    Example: cadre-sim analyse frontier results/hengyang-frontier --objective service_hours:max --objective deployed:min
    """
    from cadre_sim.analysis.frontier import DEFAULT_OBJECTIVES, Objective
    from cadre_sim.analysis.frontier import frontier as analysis
    from cadre_sim.terminal.analysis import print_frontier

    objectives = tuple(Objective.of(text) for text in objective) if objective else DEFAULT_OBJECTIVES
    found = analysis(study_of(folder), objectives, arm)
    _show(found, print_frontier, as_json)


@analyse.command()
def variance(
    folder: Folder, metric: Metric = None, arm: Arm = None, against: Against = None, as_json: AsJson = False
) -> None:
    """How much of the spread of an effect is parameters, how much the choice of mechanism, how much chance.

    Example: cadre-sim analyse variance results/hengyang-variance --metric service_hours
    """
    from cadre_sim.analysis.variance import variance as analysis
    from cadre_sim.terminal.analysis import print_variance

    found = analysis(study_of(folder), metric, arm, against)
    _show(found, print_variance, as_json)


@analyse.command()
def discover(
    folder: Folder,
    fails: Annotated[str, typer.Option(metavar="'METRIC < NUMBER'", help="When a reform counts as failed.")] = (
        "service_hours < 0"
    ),
    arm: Arm = None,
    against: Against = None,
    as_json: AsJson = False,
) -> None:
    """In which region of the parameters a reform fails (scenario discovery, PRIM).

    Example: cadre-sim analyse discover results/rebound --fails 'service_hours < 1'
    """
    from cadre_sim.analysis.discovery import Condition
    from cadre_sim.analysis.discovery import discover as analysis
    from cadre_sim.terminal.analysis import print_discovery

    found = analysis(study_of(folder), Condition.of(fails), arm, against)
    _show(found, print_discovery, as_json)


def _show(found: Any, show: Callable[[Any, Any], None], as_json: bool) -> None:
    """Print an analysis as a table, or as data."""
    from cadre_sim.terminal.analysis import plain

    if as_json:
        print_json(plain(found))
    else:
        show(new_console(), found)
