"""The documentation builds without a warning, without a network, and asks no other host for anything."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
LOADED = re.compile(
    r"<(?:script|img|iframe|source|embed)\b[^>]*\bsrc=[\"']?([^\"'\s>]+)|<link\b[^>]*\bhref=[\"']?([^\"'\s>]+)|"
    r"url\([\"']?([^\"')]+)|@import\s+[\"']([^\"']+)",
)
NO_NETWORK = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as `make docs` does it, in another folder."""
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)],
        cwd=PROJECT, env={**os.environ, **NO_NETWORK, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    return folder


def test_every_page_of_the_docs_is_a_page_of_the_site(site: Path) -> None:
    sources = {p.relative_to(PROJECT / "docs").with_suffix(".html") for p in (PROJECT / "docs").rglob("*.md")}
    assert sources <= {p.relative_to(site) for p in site.rglob("*.html")}


def test_no_page_loads_anything_from_another_host(site: Path) -> None:
    """Links that a reader may follow are another thing."""
    files = [*site.rglob("*.html"), *site.rglob("*.css")]
    assert len(files) > 30
    for file in files:
        for found in LOADED.findall(file.read_text(encoding="utf-8")):
            for address in filter(None, found):
                assert not re.match(r"(\w+:)?//", address), (file, address)


def test_what_would_load_from_elsewhere_is_noticed() -> None:
    wrong = ('<script src="https://unpkg.com/x"></script>', "<link rel=stylesheet href=//fonts.example/css>",
             '<img alt="" src="http://example.org/a.png">', "a{background:url(https://example.org/b.png)}")  # fmt: skip
    for text in wrong:
        (found,) = LOADED.findall(text)
        assert any(re.match(r"(\w+:)?//", address) for address in found), text


def test_no_page_has_a_diagram_that_the_theme_would_draw_with_a_script_from_elsewhere() -> None:
    for page in (PROJECT / "docs").rglob("*.md"):
        assert "```mermaid" not in page.read_text(encoding="utf-8"), page


def test_every_target_of_make_that_a_page_names_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.M))
    pages = [*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md"), PROJECT / "tests" / "README.md"]
    named = {
        (page.name, target)
        for page in pages
        for target in re.findall(r"(?:`|^)make ([a-z-]+)", page.read_text(encoding="utf-8"), re.M)
    }
    assert len(named) > 10
    assert {(page, target) for page, target in named if target not in targets} == set()
