"""The page as people meet it: a real `cadre-sim explore`, a real browser, and nothing from anywhere else."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, urlopen

import pytest
from visiting import serving

from conftest import TINY

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = [pytest.mark.process, pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Chromium")]
PATIENCE = 120_000
"""Longest that a page may take on a machine that is busy with other tests [ms]."""
QUIET = ("was preloaded using link preload",)
"""What marimo's page says of itself on the console, as a warning: two pictures that it may need later."""


class Opened(NamedTuple):
    """A page, and all that went wrong on it or left this machine."""

    page: Any
    faults: list[str]

    def settled(self, replicates: int = 8) -> None:
        """Wait until all replicates are shown, and nothing is drawn any more."""
        self.page.wait_for_selector(f'[data-replicates="{replicates}"]:not([data-stale])', timeout=PATIENCE)
        done = "() => { const s = document.querySelector('.cs-status'); return s && s.dataset.done === s.dataset.all }"
        self.page.wait_for_function(done, timeout=PATIENCE)
        self.page.wait_for_selector(".cs-minds", state="attached", timeout=PATIENCE)
        still = "() => !document.querySelector('.marimo-output-stale, .cs-stale, [data-stale]')"
        self.page.wait_for_function(still, timeout=PATIENCE)

    def tile(self, metric: str) -> tuple[float, float, float]:
        """Level without and with the reform, and effect, as shown."""
        card = self.page.locator(f'[data-metric="{metric}"]')
        before, after = re.findall(r"[\d.,]+", card.locator(".cs-levels").inner_text())[:2]
        effect = card.locator(".cs-effect").inner_text().replace("\N{MINUS SIGN}", "-")
        return float(before), float(after), float(effect.split()[0])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a page on the tiny county."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "tiny.yaml").write_text(TINY, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "cadre_sim.cli",
        "explore",
        "tiny.yaml",
        "--no-browser",
        "--port",
        "0",
        "--workers",
        "1",
    ]
    process = subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    lines = []
    for line in process.stderr:
        lines.append(line)
        found = re.search(r"http://127\.0\.0\.1:\d+/", line)
        if found:
            yield found[0]
            break
    else:
        pytest.fail("".join(lines))
    process.terminate()
    told = process.communicate(timeout=30)[1]
    assert process.returncode == 0
    assert "Traceback" not in told


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium."""
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as p:
        found = p.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture
def opened(server: str, browser: Any) -> Iterator[Any]:
    """Opens the page with a query and a width; no fault is let pass when the test ends."""
    pages: list[Opened] = []

    def open_page(query: str = "", width: int = 1280) -> Opened:
        page = browser.new_page(viewport={"width": width, "height": 1000}, accept_downloads=True)
        faults: list[str] = []
        page.on("pageerror", lambda e: faults.append(f"error: {e}"))
        page.on("console", lambda m: _heard(m, faults))
        page.on("requestfailed", lambda r: faults.append(f"failed: {r.url} {r.failure}"))
        page.on("response", lambda r: faults.append(f"{r.status}: {r.url}") if r.status >= 400 else None)
        page.on("request", lambda r: _asked(r.url, faults))
        page.goto(f"{server}{query}")
        pages.append(Opened(page, faults))
        return pages[-1]

    yield open_page
    for each in pages:
        each.page.close()
        assert each.faults == []


def _heard(message: Any, faults: list[str]) -> None:
    if message.type in ("error", "warning") and not any(text in message.text for text in QUIET):
        faults.append(f"{message.type}: {message.text}")


def _asked(url: str, faults: list[str]) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("data", "blob") and parts.hostname != "127.0.0.1":
        faults.append(f"left this machine: {url}")


def _switch(page: Any, name: str) -> Any:
    return page.get_by_role("switch", name=name, exact=True)


def test_the_page_opens_and_a_switch_changes_its_numbers(opened: Any) -> None:
    """The smoke test: a measure is switched off, and the page answers."""
    found = opened("?replicates=4")
    found.settled(4)
    before = found.tile("burden_hours")
    found.page.get_by_text("Meetings, forms and tasks").click()
    _switch(found.page, "limits to meetings").click()
    found.page.wait_for_function(
        "old => !document.querySelector('[data-metric=burden_hours] .cs-effect').innerText.includes(old)",
        arg=f"{abs(before[2]):.2f}", timeout=PATIENCE,
    )  # fmt: skip
    found.settled(4)
    assert abs(found.tile("burden_hours")[2]) < abs(before[2])


@pytest.mark.slow
def test_what_is_downloaded_prints_the_numbers_of_the_page(opened: Any, tmp_path: Path) -> None:
    """A measure is switched on, a slider moved by keyboard; the file and its command say what the page says."""
    found = opened("?replicates=4")
    found.settled(4)
    page = found.page
    page.get_by_text("Meetings, forms and tasks").click()
    _switch(page, "admission of delegated tasks").click()
    page.locator('[data-measure="meeting_limits"] summary').click()
    slider = page.locator('[data-measure="meeting_limits"]').get_by_role("slider", name="adoption")
    slider.focus()
    for _ in range(6):
        page.keyboard.press("ArrowLeft")
    page.wait_for_function(
        "() => document.querySelector('#cs-link').href.includes('meeting_limits.adoption=0.5')", timeout=PATIENCE
    )
    found.settled(4)
    shown = {metric: found.tile(metric) for metric in ("service_hours", "burden_hours", "days_to_close")}
    with page.expect_download() as download:
        page.get_by_text("Download this scenario (YAML)").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    command = page.locator("#cs-command").inner_text().split()
    assert command[:3] == ["cadre-sim", "compare", path.name]
    run = subprocess.run(
        [sys.executable, "-m", "cadre_sim.cli", *command[1:], "--json", "--workers", "1"],
        cwd=tmp_path, capture_output=True, text=True, timeout=300, check=True,
    )  # fmt: skip
    effects = {row["metric"]: row for row in json.loads(run.stdout)["arms"][0]["effects"]}
    for metric, (before, after, effect) in shown.items():
        row = effects[metric]
        assert [before, after, effect] == [round(row[c], 2) for c in ("baseline", "reform", "effect")], metric
    again = opened(urlsplit(page.locator("#cs-link").get_attribute("href")).query.join(("?", "")))
    again.settled(4)
    assert {metric: again.tile(metric) for metric in shown} == shown


@pytest.mark.slow
def test_a_cadre_is_followed_through_a_day(opened: Any) -> None:
    """Office, cadre and date are chosen; hours of the day add up, and the link keeps whom one looks at."""
    found = opened("?replicates=4&office=2&cadre=3&date=2025-02-11")
    found.settled(4)
    page = found.page
    section = page.locator(".cs-day")
    assert "February 11, 2025" in section.locator("> .cs-note").inner_text()
    first = section.locator("table").first.inner_text()
    section.locator("select").nth(1).select_option(index=0)
    page.wait_for_function("() => document.querySelector('#cs-link').href.includes('cadre=1')", timeout=PATIENCE)
    found.settled(4)
    section.locator(".cs-numbers summary").click()
    rows = [line.split("\t") for line in section.locator("table").first.inner_text().splitlines()[1:]]
    assert section.locator("table").first.inner_text() != first
    for column in (1, 2):
        hours = [float(row[column]) for row in rows]
        assert sum(hours[:-1]) == pytest.approx(hours[-1], abs=0.1)
    assert "office=2" in page.locator("#cs-link").get_attribute("href")


@pytest.mark.slow
def test_the_page_speaks_chinese(opened: Any) -> None:
    """By the link, and by the switch on the page, which keeps what is set."""
    found = opened("?replicates=4&meeting_limits=off")
    found.settled(4)
    found.page.locator("a[data-language=zh]").click()
    found.page.wait_for_url("**lang=zh**")
    found.settled(4)
    assert found.page.evaluate("document.documentElement.lang") == "zh-Hans"
    text = found.page.locator("#App").inner_text()
    assert all(word in text for word in ("措施", "有何变化", "服务群众", "保存与分享"))
    found.page.get_by_text("会议、报表与任务").click()
    assert not found.page.locator('[data-measure="meeting_limits"]').get_by_role("switch").is_checked()


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("width", [1280, 390])
def test_nobody_is_kept_out(opened: Any, language: str, width: int) -> None:
    """axe-core finds nothing serious with everything unfolded, and a phone need not scroll sideways."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    found = opened(f"?replicates=4&lang={language}", width)
    found.settled(4)
    found.page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    found.page.wait_for_timeout(500)
    violations = axe.Axe().run(found.page).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in violations if v["impact"] in ("serious", "critical")] == []
    assert found.page.evaluate("document.querySelector('#App').scrollWidth") <= width


@pytest.mark.slow
def test_every_switch_and_slider_is_reached_by_keyboard_and_has_a_name(opened: Any) -> None:
    found = opened("?replicates=4")
    found.settled(4)
    found.page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    for role in ("switch", "slider"):
        each = found.page.get_by_role(role)
        assert each.count() == found.page.get_by_role(role, name=re.compile("[a-z]{4}")).count() > 15


@pytest.mark.slow
def test_two_visitors_do_not_disturb_each_other(opened: Any) -> None:
    one, other = opened("?replicates=4"), opened("?replicates=4&meeting_limits=off")
    one.settled(4)
    other.settled(4)
    shown = one.tile("burden_hours")
    assert shown != other.tile("burden_hours")
    other.page.get_by_text("Inspections and assessments").wait_for()
    _switch(other.page, "quota of inspections").click()
    other.page.wait_for_function(
        "() => document.querySelector('#cs-link').href.includes('inspection_quota=off')", timeout=PATIENCE
    )
    assert one.tile("burden_hours") == shown


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lang", "title", "refused"),
    [
        ("en", "This page asks for its token", "This is not the token"),
        ("zh-CN", "本页面需要访问令牌", "访问令牌不正确"),
    ],
)
def test_who_types_the_token_comes_to_what_the_link_was_of(
    browser: Any, tmp_path: Path, lang: str, title: str, refused: str
) -> None:
    """In the language of the browser; a wrong one first. The token stays in no address."""
    with serving(tmp_path, "--token") as served:
        token = parse_qs(urlsplit(served.url).query)["token"][0]
        page = browser.new_context(locale=lang).new_page()
        faults: list[str] = []
        page.on("pageerror", lambda e: faults.append(str(e)))
        page.goto(f"http://127.0.0.1:{served.port}/?seed=3&replicates=4&x=%22%3E%3Cscript%3Ethrow%201%3C/script%3E")
        assert page.get_by_role("heading").inner_text() == title
        for typed in ("wrong", token):
            page.locator("input[name=token]").fill(typed)
            page.get_by_role("button").click()
            if typed == "wrong":
                page.get_by_text(refused).wait_for()
        page.wait_for_selector('[data-replicates="4"]', timeout=PATIENCE)
        assert "seed=3" in page.url
        assert token not in page.url
        assert faults == []
        page.context.close()


@pytest.mark.parametrize(
    "headers", [{"Host": "evil.example"}, {"Origin": "http://evil.example"}, {"Origin": "null"}], ids=str
)
def test_pages_from_elsewhere_are_turned_away(server: str, headers: dict[str, str]) -> None:
    with pytest.raises(HTTPError) as refused:
        urlopen(Request(server, headers=headers), timeout=60)
    refused.value.close()
    assert refused.value.code == 403


@pytest.mark.parametrize(
    "path",
    ["public/page.py", "@file/..%2f..%2fetc%2fpasswd", "?file=/etc/passwd", "api/files/read", "..%2fpyproject.toml"],
)
def test_no_file_is_read_that_a_visitor_names(server: str, path: str) -> None:
    """Whatever is answered, it is not a file of this machine beside the page's own."""
    try:
        with urlopen(f"{server}{path}", timeout=60) as answer:
            text = answer.read().decode("utf-8", "replace")
    except HTTPError as refused:
        refused.close()
        return
    assert "root:" not in text
    assert "marimo.App(" not in text
