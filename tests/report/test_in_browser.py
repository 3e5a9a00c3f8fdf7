"""A report as a reader opens it: from a file, without a network, on a desk, on a phone and on paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright

from cadre_sim.comparison.compare import Comparison
from cadre_sim.comparison.replicate import RunSet
from cadre_sim.report.page import report, write

CHROMIUM = Path("/usr/bin/chromium")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="chromium is not there (Debian: apt install chromium)"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture(scope="module", params=["en", "zh"])
def page_of_two(
    request: pytest.FixtureRequest, two_counties: Comparison, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    path = tmp_path_factory.mktemp("page") / "report.html"
    write(report(two_counties, language_name=request.param), path)
    return path


@pytest.mark.parametrize("width", [1280, 390])
def test_it_opens_without_network_and_all_of_it_is_there(browser: Browser, page_of_two: Path, width: int) -> None:
    context = browser.new_context(offline=True, viewport={"width": width, "height": 900})
    page = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url.split(";")[0]))
    page.on("requestfailed", lambda request: said.append(request.url[:100]))
    page.goto(page_of_two.as_uri())
    widths = page.evaluate("[...document.images].map(image => image.complete ? image.naturalWidth : 0)")
    assert len(widths) == 8
    assert min(widths) > 300
    assert said == []
    assert set(asked) <= {page_of_two.as_uri(), "data:image/svg+xml"}
    assert page.evaluate("document.documentElement.scrollWidth") <= width, "only tables and figures scroll sideways"
    context.close()


def test_nothing_stands_in_the_way_of_those_who_do_not_see_it(browser: Browser, page_of_two: Path) -> None:
    page = browser.new_page()
    page.goto(page_of_two.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    found = Axe().run(page).response["violations"]
    assert [(v["id"], v["impact"]) for v in found if v["impact"] in ("serious", "critical")] == []
    page.close()


def test_it_prints_with_what_is_folded_away(browser: Browser, page_of_two: Path, tmp_path: Path) -> None:
    page = browser.new_page()
    page.goto(page_of_two.as_uri())
    page.emulate_media(media="print")
    height = page.evaluate("document.querySelector('details table').getBoundingClientRect().height")
    assert height > 1000
    printed = page.pdf(prefer_css_page_size=True)
    assert printed.count(b"/Type /Page\n") > 5
    page.close()


def test_a_run_alone_opens_too(browser: Browser, tiny_runs: RunSet, tmp_path: Path) -> None:
    write(report(tiny_runs), tmp_path / "report.html")
    page = browser.new_page()
    page.goto((tmp_path / "report.html").as_uri())
    assert page.evaluate("[...document.images].every(image => image.naturalWidth > 300)")
    page.close()
