"""``cadre-sim report``: the result of ``run``, ``compare`` or an experiment as one HTML file."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cadre_sim.cli.shared import Quiet


class Spoken(StrEnum):
    """Languages of reports."""

    en = "en"
    zh = "zh"


def report(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Results of run or compare (--out), or an experiment.")],
    language: Annotated[Spoken, typer.Option(help="Language: English or Chinese.")] = Spoken.en,
    sensitivity: Annotated[
        Path | None, typer.Option(help="Results of a sensitivity experiment: assumptions that matter most come first.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="File to write; by default report.html in the folder.")] = None,
    quiet: Quiet = False,
) -> None:
    """Write a report of a result: one HTML file with figures, which opens and prints anywhere without a network.

    Example: cadre-sim report results/hengyang --language zh
    """
    from cadre_sim.report.page import NAME, write
    from cadre_sim.report.page import report as report_of

    influence = None
    if sensitivity is not None:
        from cadre_sim.analysis.study import open_study
        from cadre_sim.report.experiment import influence_of

        influence = influence_of(open_study(sensitivity))
    path = folder / NAME if out is None else out
    write(report_of(folder, language_name=language.value, influence=influence), path)
    if not quiet:
        print(path)
