"""``cadre-sim report``: the result of ``run``, ``compare`` or an experiment as one HTML file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cadre_sim.cli.shared import Quiet, named, say_outside, study_of
from cadre_sim.errors import InputError, UnknownNameError
from cadre_sim.language import ENGLISH, Language, languages
from cadre_sim.language import language as language_of


def report(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Results of run or compare (--out), or an experiment.")],
    language: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="Language, such as en or zh (Chinese).",
            autocompletion=lambda: list(languages()),
        ),
    ] = ENGLISH.name,
    sensitivity: Annotated[
        Path | None, typer.Option(help="Results of a sensitivity experiment: assumptions that matter most come first.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            parser=named,
            metavar="FILE",
            help="File to write; by default report.html in the folder, in Chinese report.zh.html.",
        ),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Write a report of a result: one HTML file with figures, which opens and prints anywhere without a network.

    Example: cadre-sim report results/hengyang --language zh
    """
    from cadre_sim.report.page import file_name, write
    from cadre_sim.report.page import report as report_of
    from cadre_sim.sweep.store_identity import is_store

    say = _spoken(language)
    influence = None
    if sensitivity is not None:
        from cadre_sim.report.experiment import influence_of

        influence = influence_of(study_of(sensitivity))
    path = folder / file_name(say) if out is None else out
    write(report_of(folder, language_name=say.name, influence=influence), path)
    if is_store(folder):
        say_outside(folder)
    if not quiet:
        print(path)


def _spoken(name: str) -> Language:
    try:
        return language_of(name)
    except UnknownNameError as error:
        raise InputError(f"--language: {error}") from None
