"""The page on what comes out of a run: files, metrics, and columns of tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cadre_sim.comparison.compare import Comparison
from cadre_sim.comparison.replicate import RunSet
from cadre_sim.comparison.tables import checks, replicates_frame, run_checks
from cadre_sim.docpages.markdown import documented, table
from cadre_sim.record.dictionary import COLUMNS, KEPT
from cadre_sim.record.metrics import Described, metric_catalogue
from cadre_sim.record.result import RunResult

RUN_FILES = {
    "summary.csv": RunSet.summary,
    "daily.parquet": RunResult.daily_frame,
    "offices.parquet": RunResult.offices_frame,
    "cadres.parquet": RunResult.cadres_frame,
    "cadre_days.parquet": RunResult.cadre_days_frame,
    "events.csv": RunResult.events_frame,
    "departments.csv": RunResult.departments_frame,
    "checks.json": run_checks,
}
"""What ``cadre-sim run --out`` writes, and what makes each table; ``cadre_days`` only with ``--record cadres``."""
COMPARE_FILES = {
    "effects.csv": Comparison.effects,
    "article.csv": Comparison.article,
    "replicates.parquet": replicates_frame,
    "checks.json": checks,
}
"""What ``cadre-sim compare --out`` writes; ``article`` only where the scenario has figures of an article."""
_BETTER = {1: "more", -1: "less", 0: ""}
_AGGREGATE = {"sum": "summed over days and offices", "mean": "mean over cadres on the roll"}


def outputs_page() -> str:
    """The page, as Markdown."""
    metrics = metric_catalogue()
    township = [m for m in metrics if m.name.startswith("township_")]
    others = [m for m in metrics if not m.name.startswith("township_")]
    texts = [
        "# Metrics and tables",
        "What a run leaves. The page is made from the data dictionary by `make generated`; `cadre-sim list metrics` "
        "prints the same. Exact definitions are in [section 9 of the model](../model.md#9-outputs-and-metrics).",
        "## Files",
        "With `--out FOLDER`, `cadre-sim run` writes:",
        _files(RUN_FILES),
        "`cadre-sim compare` writes:",
        _files(COMPARE_FILES),
        f"Both also write what figures are made of, {', '.join(f'`{name}.parquet`' for name in KEPT)}, of villages and "
        "communities:",
        table(("table", "column", "unit", "meaning"),
              [(f"`{name}`", f"`{c.name}`", c.unit, c.meaning) for name, columns in KEPT.items() for c in columns]),
        "Both end with `manifest.json`: the command, the resolved scenarios with their digests, seed, versions, "
        "machine, and the files written, each with a digest of its bytes. It is also the mark of a folder that results "
        "may be written into again: a folder with files of others, or one in which a result was changed by hand, is "
        "refused, and nothing in it is touched. A report takes the place of a report, and goes with its result.",
        "In CSV a text that a spreadsheet would run as a formula (`=`, `+`, `-`, `@`, a tab or a line break first) has "
        "an apostrophe in front; in Parquet and JSON it is as it is.",
        "## Metrics",
        "Of the measured days; of villages and communities unless the meaning says otherwise. *Better* says which way "
        "is good for residents and cadres, where one is.",
        _metrics(others),
        "### Township governments",
        _metrics(township),
        "## Columns of the daily and office tables",
        table(("column", "unit", "meaning", "over days and offices"),
              [(f"`{c.name}`", c.unit, c.meaning, _AGGREGATE[c.aggregate]) for c in COLUMNS]),
    ]  # fmt: skip
    return "\n\n".join(texts) + "\n"


def _files(files: Mapping[str, object]) -> str:
    return table(("file", "what is in it"), [(f"`{name}`", documented(made)[0]) for name, made in files.items()])


def _metrics(chosen: Iterable[Described]) -> str:
    rows = [(f"`{m.name}`", m.unit, m.meaning, _BETTER[m.better]) for m in chosen]
    return table(("metric", "unit", "meaning", "better"), rows)
