"""Every file of the project that is made from declarations: the schema of scenarios, and pages of the documentation.

Catalogues of languages are brought up to date by ``tools/messages.py``: what they hold is written by people.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from cadre_sim.docpages import measures, reference
from cadre_sim.record.replacing import replace_text
from cadre_sim.scenario.schema import json_schema

SCHEMA = "scenarios/scenario.schema.json"
FOLDERS = {"docs/measures": measures.pages, "docs/reference": reference.pages}
"""Folders that hold generated pages and nothing else."""


def generated() -> dict[str, str]:
    """The text of every file, by its path in the project."""
    pages = {f"{folder}/{name}": text for folder, make in FOLDERS.items() for name, text in make().items()}
    return {SCHEMA: json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"} | pages


def write(project: Path) -> None:
    """Write every file; pages of what is no longer declared are removed."""
    found = generated()
    for path, text in found.items():
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        replace_text(project / path, text)
    for page in left_over(project, found):
        page.unlink()


def left_over(project: Path, found: Mapping[str, str]) -> list[Path]:
    """Files in the folders of generated pages that nothing generates."""
    return [
        path
        for folder in FOLDERS
        for path in sorted((project / folder).iterdir())
        if path.relative_to(project).as_posix() not in found
    ]
