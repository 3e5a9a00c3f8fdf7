"""The page with visitors: many at once, some of them up to no good, some gone, and processes that die."""

from __future__ import annotations

import json
import os
import re
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from visiting import Answer, Served, Visitor, is_there, raw, resident, serving

from process_table import worker_pids
from waiting import until

pytestmark = [pytest.mark.process, pytest.mark.long]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A page that only this machine can open."""
    with serving(tmp_path_factory.mktemp("served")) as found:
        yield found


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A page that others can open."""
    folder = tmp_path_factory.mktemp("shared")
    with serving(folder, "--host", "0.0.0.0", "--allow-host", "class.example") as found:
        yield found


def _ask(served: Served, path: str = "/", *headers: bytes, host: bytes = b"localhost") -> Answer:
    return raw(served.port, [f"GET {path} HTTP/1.1".encode(), b"Host: " + host, *headers])


_WEBSOCKET = (b"Upgrade: websocket", b"Sec-WebSocket-Version: 13", b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")


def _knock(served: Served, *headers: bytes, host: bytes = b"localhost") -> Answer:
    """Ask for the websocket, so that an answer ends the connection."""
    lines = [b"GET /ws?session_id=s_knock HTTP/1.1", b"Host: " + host, b"Connection: Upgrade", *_WEBSOCKET, *headers]
    return raw(served.port, lines)


BAD = (b"", b"a b", b"user@localhost", b"localhost:99999", b"[::1", "ö".encode(), b"\xff", b"x" * 9000, b"<b>", b"%00")


@pytest.mark.parametrize("host", BAD, ids=lambda h: repr(h[:12]))
def test_a_malformed_host_is_a_bad_request(served: Served, host: bytes) -> None:
    for answer in (_ask(served, host=host), _knock(served, host=host)):
        assert answer.status == 400
        assert b"Traceback" not in answer.body


def test_a_host_must_be_there_once(served: Served) -> None:
    assert raw(served.port, [b"GET / HTTP/1.0"]).status == 400
    assert raw(served.port, [b"GET / HTTP/1.1"]).status == 400
    assert _ask(served, "/", b"Host: localhost").status == 400


@pytest.mark.parametrize(
    "origin", [b"", b"localhost", b"http://", b"http://a b", b"http://u@localhost", b"\xe9", b"x" * 9000]
)
def test_a_malformed_origin_is_a_bad_request(served: Served, origin: bytes) -> None:
    for answer in (_ask(served, "/", b"Origin: " + origin), _knock(served, b"Origin: " + origin)):
        assert answer.status == 400


def test_several_origins_are_a_bad_request(served: Served) -> None:
    own = b"Origin: http://localhost"
    assert _ask(served, "/", own).status == 200
    assert _ask(served, "/", own, own).status == 400


@pytest.mark.parametrize("origin", [b"http://evil.example", b"null", b"https://localhost:1", b"http://localhost:1"])
def test_a_websocket_of_a_page_from_elsewhere_is_refused(served: Served, origin: bytes) -> None:
    answer = _knock(served, b"Origin: " + origin)
    assert answer.status == 403
    assert b"its own pages only" in answer.body


def test_a_name_that_is_not_known_is_refused_in_a_sentence_that_says_how_to_allow_it(served: Served) -> None:
    for answer in (_ask(served, host=b"evil.example"), _knock(served, host=b"evil.example")):
        assert answer.status == 403
        assert b"--allow-host evil.example" in answer.body


CRAWLED = (
    "/", "/?lang=zh", "/?file=/etc/passwd", "/?file=page.py", "/health", "/favicon.ico", "/manifest.json",
    "/public-files-sw.js", "/assets/none.js", "/assets/../page.py", "/@file/1-none.png", "/docs", "/openapi.json",
    "/redoc", "/api/status", "/api/version", "/api/status/connections", "/api/usage", "/api/kernel/status",
    "/auth/login", "/og/thumbnail", "/sse", "/iframe", "/terminal/ws", "/api/files/list_files",
    "/api/home/workspace_files", "/custom.css", "/public/page.py", "/metrics", "/api/lsp/health",
    "/api/packages/list", "/api/export/html", "/api/datasources/preview_column", "/no-such-thing",
)  # fmt: skip
POSTED = (
    "/api/kernel/run", "/api/kernel/execute", "/api/kernel/scratchpad/run", "/api/kernel/save", "/api/kernel/read_code",
    "/api/kernel/shutdown", "/api/kernel/restart_session", "/api/kernel/takeover", "/api/files/open",
    "/api/files/file_details",
    "/api/packages/add", "/api/packages/list", "/api/ai/chat", "/api/export/html", "/api/secrets/keys",
    "/api/storage/list",
    "/api/home/shutdown_session", "/auth/login", "/api/kernel/save_user_config",
)  # fmt: skip


def _told(answer: Answer) -> list[str]:
    """What an answer tells of this machine and of what runs on it, which a visitor need not know."""
    text = answer.head + answer.body.decode("utf-8", "replace")
    here = (
        str(Path(__file__).resolve().parents[2]),
        "site-packages",
        "/home/",
        "/root/",
        "/work/",
        "page.py",
        "Traceback",
    )
    found = [each for each in here if each in text]
    releases = [version(name) for name in ("marimo", "uvicorn", "starlette")]
    found += [each for each in releases if re.search(rf"(?<![\d.]){re.escape(each)}(?![\d.])", text)]
    return found + re.findall(r"(?i)\n(?:server|x-powered-by):.*|python/[\d.]+|uvicorn", text)


def test_a_visitor_learns_nothing_of_this_machine(served: Served) -> None:
    """Neither a path nor a version, wherever one looks; what a visitor does not need is not there."""
    for path in CRAWLED:
        answer = _ask(served, path)
        assert _told(answer) == [], path
        assert answer.status in (200, 404), path
        if path.startswith(("/api/", "/docs", "/openapi", "/auth", "/terminal", "/sse", "/og", "/custom", "/public/")):
            assert answer.status == 404, path
    for path in POSTED:
        answer = raw(served.port, [f"POST {path} HTTP/1.1".encode(), b"Host: localhost", b"Content-Length: 2"], b"{}")
        assert answer.status == 404, path
        assert _told(answer) == [], path


def test_what_the_page_is_told_while_it_is_used_tells_nothing_either(served: Served) -> None:
    visitor = Visitor(served.url)
    visitor.opened()
    visitor.leave()
    assert _told(Answer(200, "", "".join([visitor.page, *visitor.heard]).encode())) == []


def test_what_a_page_would_not_send_is_a_bad_request(served: Served) -> None:
    """Rubbish for a control: an answer without a reason, no traceback, and the next visitor is served."""
    for body in (b"", b"rubbish", b"[]", b'{"objectIds": 5}', b'{"objectIds": ["x"], "values": [1]}', b"\xff" * 100):
        lines = [
            b"POST /api/kernel/set_ui_element_value HTTP/1.1",
            b"Host: localhost",
            b"Content-Length: %d" % len(body),
        ]
        answer = raw(served.port, lines, body)
        assert answer.status == 400, body
        assert _told(answer) == []
    length = 2_000_000
    lines = [b"POST /api/kernel/set_ui_element_value HTTP/1.1", b"Host: localhost", b"Content-Length: %d" % length]
    assert raw(served.port, lines, b" " * length).status == 413


@pytest.mark.parametrize("value", ["rubbish", None, [], {}, 1e400, "1" * 9000], ids=repr)
def test_a_control_that_is_set_to_rubbish_harms_nobody(served: Served, value: object) -> None:
    """Whoever moves it sees a sentence at most; no traceback is on the terminal (the fixture looks) or on the page."""
    visitor = Visitor(served.url)
    visitor.opened()
    if value == 1e400:
        value = float("inf")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json, "dumps", json.JSONEncoder(allow_nan=True).encode)
        with suppress(OSError):  # some are refused
            visitor.move(visitor.control("adoption"), value)
    visitor.leave()
    assert _told(Answer(200, "", "".join(visitor.heard).encode())) == []


def test_others_need_the_token(shared: Served) -> None:
    """It is in the link that is printed, and a cookie from then on; without it not even a picture is served."""
    token = parse_qs(urlsplit(shared.url).query)["token"][0]
    for path in ("/", "/health", "/assets/none.js", "/@file/1-a", "/?token=wrong", "/?token=", "/?token=%ff"):
        assert _ask(shared, path).status == 401, path
    assert _knock(shared).status == 401
    entered = _ask(shared, f"/?seed=3&token={token}")
    assert entered.status == 303
    assert "location: /?seed=3\r" in entered.head
    cookie = re.search(r"set-cookie: ([^;]+); (.*)\r", entered.head)
    assert cookie is not None
    assert "HttpOnly" in cookie[2]
    assert token not in entered.head
    with_it = b"Cookie: " + cookie[1].encode()
    page = _ask(shared, "/", with_it)
    assert page.status == 200
    assert token not in page.body.decode()
    assert _ask(shared, "/", b"Cookie: rubbish=; ;;=", b"Cookie: a").status == 401
    assert _ask(shared, "/", b"Cookie: " + cookie[1].encode()[:-1]).status == 401


def test_who_has_no_token_is_told_where_it_is_in_their_language(shared: Served) -> None:
    assert "This page asks for its token" in _ask(shared).body.decode()
    assert "令牌" in _ask(shared, "/?lang=zh").body.decode()
    assert "令牌" in _ask(shared, "/", b"Accept-Language: zh-CN,zh;q=0.9,en;q=0.8").body.decode()
    assert "This is not the token" in _ask(shared, "/?token=x").body.decode()
    assert _told(_ask(shared)) == []


def test_names_under_which_others_may_ask_are_listed(shared: Served) -> None:
    until(lambda: len(shared.said) > 1)
    assert "class.example" in shared.said[1]
    assert "--allow-host" in shared.said[1]
    assert _ask(shared, host=b"class.example:2720").status == 401
    assert _ask(shared, host=b"127.0.0.1").status == 401
    assert _ask(shared, host=b"evil.example").status == 403


def _all_at_once(url: str, number: int) -> list[Visitor]:
    def visit(_: int) -> Visitor:
        visitor = Visitor(url)
        visitor.opened()
        return visitor

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(visit, range(number)))


@pytest.mark.slow
def test_sixty_visitors_at_once_all_get_their_page_and_memory_comes_back(tmp_path: Path) -> None:
    """Twice. With sixty there the server held 682, 677 and 678 MB in three rounds; after they had left, 590 MB."""
    with serving(tmp_path) as served:
        held = []
        for _ in range(2):
            visitors = _all_at_once(served.url, 60)
            for visitor in visitors:
                assert any("cs-header" in said for said in visitor.heard)
                assert any("cs-controls" in said for said in visitor.heard)
                assert not any("marimo-error" in said for said in visitor.heard)
            held.append(resident(served.process.pid))
            for visitor in visitors:
                visitor.leave()
            # Sessions end a minute after their visitors left, and memory is given back every twenty seconds.
            until(lambda: resident(served.process.pid) < held[-1] - 50)
        assert held[1] < held[0] + 30


def test_visitors_who_leave_while_their_runs_go_on_leave_nothing(served: Served) -> None:
    """And the next is served; the fixture looks for tracebacks."""
    for visitor in _all_at_once(served.url, 5):
        visitor.move(visitor.control("adoption"), 0.4)
        visitor.leave()
    last = Visitor(served.url)
    last.opened()
    last.leave()


def test_whose_runs_cannot_be_had_reads_why(tmp_path: Path) -> None:
    """Each process that would run them is killed, and the page says so; with the next that lives, it shows results."""
    with serving(tmp_path) as served:
        visitor = Visitor(served.url, "replicates=8")
        visitor.opened()
        over = threading.Event()

        def kill() -> None:
            while not over.wait(0.1):
                for worker in worker_pids(served.process.pid):
                    with suppress(ProcessLookupError):
                        os.kill(worker, signal.SIGKILL)

        killer = threading.Thread(target=kill, daemon=True)
        killer.start()
        try:
            visitor.move(visitor.control("adoption"), 0.4)
            visitor.until(lambda said: "died twice" in said)
        finally:
            over.set()
            killer.join()
        visitor.move(visitor.control("adoption"), 0.5)
        visitor.until(lambda said: re.search(r"data-replicates=\W*8\W", said), 120)
        assert not any("marimo-error" in said for said in visitor.heard)
        visitor.leave()


@pytest.mark.parametrize("ended_by", [signal.SIGINT, signal.SIGTERM])
def test_a_page_that_is_ended_with_visitors_leaves_no_process_and_no_traceback(tmp_path: Path, ended_by: int) -> None:
    """Also where a worker was stopped, so that it does not hear that it should end."""
    with serving(tmp_path) as served:
        visitor = Visitor(served.url, "replicates=32")
        visitor.opened()
        workers = worker_pids(served.process.pid)
        assert workers
        for worker in workers:
            os.kill(worker, signal.SIGSTOP)
        served.process.send_signal(ended_by)
        assert served.process.wait(60) == 0
        until(lambda: not any(is_there(worker) for worker in workers), 30)
