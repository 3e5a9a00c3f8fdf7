"""``cadre-sim new``: a scenario file to begin with."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

SCHEMA = "scenario.schema.json"


def new(file: Annotated[Path, typer.Argument(help="Scenario file to be written (YAML).")]) -> None:
    """Write a scenario to begin with: a small place and one reform, every section explained with its units.

    Beside it stands scenario.schema.json, by which editors complete and check; one that is there already is kept.
    Nothing that exists is overwritten.

    Example: cadre-sim new my-scenario.yaml
    """
    from cadre_sim.errors import InputError
    from cadre_sim.scenario.schema import json_schema

    if file.suffix not in (".yaml", ".yml"):
        raise InputError(f"{file}: a scenario file ends in .yaml")
    template = files("cadre_sim.data").joinpath("template.yaml").read_text(encoding="utf-8")
    if not _write_new(file, template):
        raise InputError(f"{file}: exists already; nothing was written")
    written = [str(file)]
    schema = file.parent / SCHEMA
    if _write_new(schema, json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"):
        written.append(str(schema))
    print(f"Written: {', '.join(written)}. Next: cadre-sim compare {file}")


def _write_new(path: Path, text: str) -> bool:
    """Write a file that does not exist yet; False where it does.

    Raises:
        OutputError: it cannot be written.
    """
    from cadre_sim.errors import OutputError

    try:
        with path.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        return False
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror}") from None
    return True
