"""What is committed is what `make generated` writes; if a test here fails, run it."""

from __future__ import annotations

import runpy
from pathlib import Path

from cadre_sim.docpages.generated import FOLDERS, generated, left_over, write
from cadre_sim.language import languages

PROJECT = Path(__file__).parents[2]
CATALOGUE = runpy.run_path(str(PROJECT / "tools" / "messages.py"))["catalogue"]


def test_the_schema_and_all_pages_are_as_generated() -> None:
    found = generated()
    changed = [path for path, text in found.items() if (PROJECT / path).read_text(encoding="utf-8") != text]
    assert changed == []
    assert left_over(PROJECT, found) == []


def test_every_catalogue_is_as_generated_and_translates_everything() -> None:
    sources = {language: language.source for language in languages().values() if language.source is not None}
    assert sources
    for language, source in sources.items():
        assert CATALOGUE(language) == (source.read_text(encoding="utf-8"), []), language.name


def test_pages_of_what_is_gone_are_removed(tmp_path: Path) -> None:
    for folder in FOLDERS:
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "gone.md").write_text("a measure that there was", encoding="utf-8")
    write(tmp_path)
    found = {p.relative_to(tmp_path).as_posix(): p.read_text(encoding="utf-8") for p in tmp_path.rglob("*.*")}
    assert found == generated()
