"""The report of a result as one HTML file that needs nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from cadre_sim.analysis.study import open_study
from cadre_sim.errors import OutputError
from cadre_sim.figures.source import Source, metric_row, results_of
from cadre_sim.language import ENGLISH, Language, language
from cadre_sim.record.claim import refuse_unusable
from cadre_sim.record.replacing import replace_text
from cadre_sim.record.signed import refuse_unsigned, signed
from cadre_sim.report.chapter import chapter
from cadre_sim.report.experiment import chapter_of
from cadre_sim.report.pieces import Cell, Chapter, ReportSection, Table, number
from cadre_sim.sweep.store_identity import is_store


def file_name(say: Language) -> str:
    """The name of a report within its folder; in another language than English it has the language in it."""
    return "report.html" if say == ENGLISH else f"report.{say.name}.html"


def report(
    source: Source,
    *,
    language_name: str = "en",
    more: Sequence[ReportSection] = (),
    influence: Mapping[str, float] | None = None,
) -> str:
    """The report of a run, a comparison or an experiment, as HTML.

    Args:
        source: the folder of a run, a comparison or an experiment; or a comparison or runs.
        language_name: name of a language, such as "en" or "zh".
        more: further sections, such as that of an analysis; with several scenarios they stand in the last chapter.
        influence: how much depends on a parameter, by its path: orders what was assumed.

    Raises:
        InputError: a folder holds no result that can be read.
        UnknownNameError: there is no such language.
    """
    say = language(language_name)
    if isinstance(source, str | Path) and is_store(Path(source)):
        return render([chapter_of(open_study(source), say)], say)
    results = results_of(source)
    chapters = [chapter(result, say, tuple(more) if result is results[-1] else (), influence) for result in results]
    rows = []
    if len(results) > 1:
        for result, own in zip(results, chapters, strict=True):
            row = metric_row(result, "service_hours")
            rows.append((Cell(own.title), number(say.number(row["effect"], 2, sign=True)),
                         number(say.between(row["low"], row["high"], 2, sign=True))))  # fmt: skip
    heads = (say("scenario"), say("effect"), say("95% interval"))
    overview = Table(say("Effect on service hours per cadre-week"), heads, rows) if rows else None
    return render(chapters, say, overview)


def render(chapters: Sequence[Chapter], say: Language, overview: Table | None = None) -> str:
    """Chapters as one page, signed."""
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    folder = files("cadre_sim.report")
    template = environment.from_string(folder.joinpath("page.html.jinja").read_text(encoding="utf-8"))
    title = chapters[0].title if len(chapters) == 1 else say("{count} scenarios compared", count=len(chapters))
    page = template.render(
        title=title,
        chapters=chapters,
        overview=overview,
        say=say,
        style=folder.joinpath("page.css").read_text(encoding="utf-8"),
        version=version("cadre_sim"),
    )
    return signed(page)


def write(text: str, path: Path) -> None:
    """Write a page, beside its place first, so that nobody finds half of it.

    Raises:
        OutputError: it cannot be written, or its place is taken by something that we did not write.
    """
    refuse_unusable(path)
    try:
        refuse_unsigned(path)
        replace_text(path, text)
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        reason = getattr(error, "strerror", None) or error
        raise OutputError(f"{path}: the report cannot be written: {reason}") from None
