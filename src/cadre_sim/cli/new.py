"""``cadre-sim new``: a scenario file, or a units table, to begin with."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

SCHEMA = "scenario.schema.json"


def new(
    file: Annotated[Path, typer.Argument(help="Scenario file to be written (YAML); with --units a table (CSV, XLSX).")],
    units: Annotated[
        bool, typer.Option("--units", help="Write a units table to fill in, a row for each office.")
    ] = False,
) -> None:
    """Write a scenario to begin with: a small place and one reform, every section explained with its units.

    Beside it stands scenario.schema.json, by which editors complete and check; one that is there already is kept.
    With --units, write a table of offices to fill in, which a scenario names as place.units. Nothing that exists is
    overwritten.

    Example: cadre-sim new my-scenario.yaml
    """
    if units:
        _new_units_table(file)
    else:
        _new_scenario(file)


def _new_scenario(file: Path) -> None:
    from cadre_sim.errors import InputError
    from cadre_sim.record.writing import new_files
    from cadre_sim.scenario.schema import json_schema

    if file.suffix not in (".yaml", ".yml"):
        table = " (a units table is written with --units)" if file.suffix in (".csv", ".xlsx") else ""
        raise InputError(f"{file}: a scenario file ends in .yaml{table}")
    schema = file.parent / SCHEMA
    written = new_files(
        {
            file: files("cadre_sim.data").joinpath("template.yaml").read_bytes(),
            schema: (json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n").encode(),
        },
        kept=[schema],
    )
    print(f"Written: {', '.join(map(str, written))}. Next: cadre-sim compare {file}")


def _new_units_table(file: Path) -> None:
    from cadre_sim.errors import InputError
    from cadre_sim.record.writing import new_files
    from cadre_sim.scenario.units_template import SUFFIXES, csv_template, xlsx_template

    suffix = file.suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError(f"{file}: a units table ends in {' or '.join(SUFFIXES)}")
    new_files({file: csv_template() if suffix == ".csv" else xlsx_template()})
    print(f"Written: {file}. Fill it in, and name it in a scenario: place: {{units: {file}}}")
