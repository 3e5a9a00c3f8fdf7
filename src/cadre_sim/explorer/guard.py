"""What stands before marimo: who is let in, what of marimo a visitor reaches, and what of this machine is told."""

from __future__ import annotations

import re
import sys
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from functools import cache
from html import escape
from importlib.resources import files
from string import Template
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode

from cadre_sim.errors import RequestError
from cadre_sim.explorer.names import Names, origin_of, place_of, same
from cadre_sim.explorer.token import QUERY, Token
from cadre_sim.language import Language, languages, spoken

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]
Headers = Iterable[tuple[bytes, bytes]]
FONT = "cadre-sans-sc.otf"
MOST = 1_000_000
"""Longest request to read: one moves a slider [bytes]."""
_READ = re.compile(
    r"/(assets/.*|@file/.*|health|favicon\.ico|apple-touch-icon\.png|manifest\.json|public-files-sw\.js)?"
)
"""What of marimo a visitor reads: the page and what it is built of."""
_MOVED = ("/api/kernel/set_ui_element_value", "/api/kernel/function_call", "/api/kernel/instantiate")
"""What of marimo a visitor's page calls: controls that were moved, and lists that are searched."""
_PUBLIC = (f"/{FONT}", "/favicon.ico", "/manifest.json")
"""What browsers ask for without a cookie, and what the page that asks for the token shows."""
_NOT_OURS = {"file", "kiosk", "access_token", QUERY}
"""What marimo would understand of a link, or this guard has read."""
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; worker-src 'self' blob:; connect-src 'self' data: blob:; "
    "frame-ancestors 'none'; base-uri 'self'; form-action 'self'; object-src 'none'"
)
"""What the page may load: nothing but what comes from this server. Vega compiles its expressions, hence unsafe-eval."""
_SAFE = (
    (b"content-security-policy", _POLICY.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)
_NAMED = re.compile(rb'("filename": "|const notebookId = "|<marimo-filename hidden>)[^"<]*')
_BLANK = re.compile(rb'("cwd": "|"version": "|<marimo-version data-version=")[^"]*')
_NONE = re.compile(rb'("lspWorkspace": )\{[^}]*\}')


class Guard:
    """Lets through what a page of ours asks for, gives each page its language, and serves the font."""

    def __init__(self, app: App, names: Names, token: Token | None) -> None:
        """Stand before an app.

        Args:
            app: what to guard.
            names: names under which the server may be asked for.
            token: what visitors must show; None where everybody who reaches the server may come in.
        """
        self._app = app
        self._names = names
        self._token = token

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer a request or a websocket."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        try:
            refused = self._refusal(scope["headers"], _address(scope))
        except RequestError as error:
            await _answer(scope, receive, send, 400, f"This is no request of a browser: {error}.\n")
            return
        if refused:
            await _answer(scope, receive, send, 403, refused)
        elif self._token is None or scope["path"] in _PUBLIC or await self._let_in(self._token, scope, receive, send):
            await self._serve(scope, receive, send)

    def _refusal(self, headers: Headers, arrived: str | None) -> str:
        """Why a request is not for this page, in a sentence; nothing if it is.

        Raises:
            RequestError: its headers are not those of a browser.
        """
        given = _only(headers, b"host")
        if given is None:
            raise RequestError("it has no Host header")
        host = place_of(given)
        origin = _only(headers, b"origin")
        asks = origin_of(origin) if origin is not None else None
        if not self._names.welcome(host, arrived):
            return (
                f"This page is not served under the name {host.name}. Whoever started it can allow that name: "
                f"cadre-sim explore --allow-host {host.name}\n"
            )
        if origin is not None and not same(host, asks):
            return "This page answers its own pages only, and this request comes from a page of another place.\n"
        return ""

    async def _let_in(self, token: Token, scope: Message, receive: Receive, send: Send) -> bool:
        """Whether somebody has the token; who has not, or brings it in a link, is answered here."""
        query = _query(scope)
        port = (scope.get("server") or (None, 0))[1] or 0
        cookies = "; ".join(v.decode("latin-1") for k, v in scope["headers"] if k.lower() == b"cookie")
        entry = token.entry(query.get(QUERY, [None])[0], cookies, port)
        if entry.by_link and scope["type"] == "http":
            rest = urlencode([(k, v) for k, v in _pairs(scope) if k != QUERY])
            headers = [
                (b"location", (f"/?{rest}" if rest else "/").encode()),
                (b"set-cookie", token.set_cookie(port).encode()),
                (b"cache-control", b"no-store"),
            ]
            await _answer(scope, receive, send, 303, "", headers)
        elif not entry.allowed:
            wrong = QUERY in query
            asked = scope["type"] == "http" and scope["path"] == "/"
            text = _entrance(_language(scope), wrong) if asked else "This page asks for its token.\n"
            await _answer(scope, receive, send, 401, text)
        return entry.allowed and not (entry.by_link and scope["type"] == "http")

    async def _serve(self, scope: Message, receive: Receive, send: Send) -> None:
        if not _is_open(scope):
            await _answer(scope, receive, send, 404, "There is nothing here.\n")
            return
        if scope["path"] == f"/{FONT}":
            await _font(scope, receive, send)
            return
        kept = urlencode([(k, v) for k, v in _pairs(scope) if k not in _NOT_OURS])
        scope = {**scope, "query_string": kept.encode()}
        if scope["type"] == "websocket":
            await self._app(scope, receive, send)
            return
        body = await _body(receive) if scope["method"] == "POST" else b""
        if body is None:
            await _answer(scope, receive, send, 413, "This is longer than anything that the page sends.\n")
            return
        answer = _Answer(scope, send)
        try:
            await self._app(scope, _again(body, receive), answer)
        except Exception as error:
            print(f"A request to the page failed ({type(error).__name__}).", file=sys.stderr, flush=True)
        await answer.end()


class _Answer:
    """Passes on what marimo answers: the page with its language and policy, and of an error only that there is one."""

    def __init__(self, scope: Message, send: Send) -> None:
        self._scope = scope
        self._send = send
        self._is_page = scope["path"] == "/"
        self._start: Message | None = None
        self._body: list[bytes] = []
        self._passed = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            if not self._is_page and message["status"] < 400:
                await self._pass(message)
        elif self._passed:
            await self._send(message)
        else:
            self._body.append(message.get("body", b""))

    async def _pass(self, start: Message) -> None:
        self._passed = True
        headers = [(k, v) for k, v in start["headers"] if not k.lower().startswith(b"access-control-")]
        await self._send({**start, "headers": [*headers, *_SAFE]})

    async def end(self) -> None:
        """Send what was held back."""
        if self._passed:
            return
        status = self._start["status"] if self._start is not None else 500
        if status == 500 and self._scope["method"] == "POST":
            status = 400  # marimo has no other word for what it cannot read
        if self._start is None or status >= 400:
            text = "There is nothing here.\n" if status == 404 else "The page could not do this.\n"
            await _answer(self._scope, _nothing, self._send, status, text)
            return
        tag = _language(self._scope).tag.encode()
        content = b"".join(self._body).replace(b'<html lang="en">', b'<html lang="' + tag + b'">', 1)
        # The page needs neither where it lies on this machine nor with which release it was made.
        content = _NONE.sub(rb"\1null", _BLANK.sub(rb"\1", _NAMED.sub(rb"\1page", content)))
        headers = [h for h in self._start["headers"] if h[0].lower() not in (b"content-length", b"etag")]
        await self._pass({**self._start, "headers": [*headers, (b"content-length", str(len(content)).encode())]})
        await self._send({"type": "http.response.body", "body": content})


def _is_open(scope: Message) -> bool:
    path = scope["path"]
    if scope["type"] == "websocket":
        return bool(path == "/ws")
    if scope["method"] in ("GET", "HEAD"):
        return path == f"/{FONT}" or _READ.fullmatch(path) is not None
    return scope["method"] == "POST" and path in _MOVED


def _only(headers: Headers, name: bytes) -> bytes | None:
    """The one header of a name.

    Raises:
        RequestError: there are several.
    """
    found = [value for key, value in headers if key.lower() == name]
    if len(found) > 1:
        raise RequestError(f"it has several {name.decode().title()} headers")
    return found[0] if found else None


def _address(scope: Message) -> str | None:
    server = scope.get("server")
    return str(server[0]) if server else None


def _pairs(scope: Message) -> list[tuple[str, str]]:
    try:
        return parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
    except ValueError:
        return []


def _query(scope: Message) -> dict[str, list[str]]:
    try:
        return parse_qs(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
    except ValueError:
        return {}


def _language(scope: Message) -> Language:
    """The language of a link, else the first that the browser asks for and that there is."""
    query = _query(scope)
    if "lang" in query:
        return spoken(query["lang"][0])
    wanted = b",".join(v for k, v in scope["headers"] if k.lower() == b"accept-language").decode("latin-1").lower()
    for each in wanted.split(",")[:20]:
        name = each.partition(";")[0].strip().partition("-")[0]
        if name in languages():
            return spoken(name)
    return spoken("")


async def _body(receive: Receive) -> bytes | None:
    """What was sent, or None where it is too long; then the rest is heard, so that the answer is, too."""
    found, length, more = bytearray(), 0, True
    while more:
        message = await receive()
        part = message.get("body", b"")
        length += len(part)
        if length <= MOST:
            found += part
        more = message["type"] == "http.request" and message.get("more_body", False)
    return bytes(found) if length <= MOST else None


def _again(body: bytes, receive: Receive) -> Receive:
    """What was read of a request, to read it again."""
    first = True

    async def again() -> Message:
        nonlocal first
        if first:
            first = False
            return {"type": "http.request", "body": body, "more_body": False}
        return await receive()

    return again


async def _nothing() -> Message:
    return {"type": "http.disconnect"}


async def _answer(
    scope: Message,
    receive: Receive,
    send: Send,
    status: int,
    text: str,
    headers: list[tuple[bytes, bytes]] | None = None,
) -> None:
    """Answer in a sentence, or with a page; a websocket that is not opened is answered so, too."""
    body = text.encode("utf-8", "replace")
    kind = b"text/html; charset=utf-8" if text.startswith("<!DOCTYPE") else b"text/plain; charset=utf-8"
    lines = [(b"content-type", kind), (b"content-length", str(len(body)).encode()), *_SAFE, *(headers or ())]
    prefix = ""
    if scope["type"] == "websocket":
        await receive()
        if "websocket.http.response" not in scope.get("extensions", {}):
            await send({"type": "websocket.close", "code": 1008})
            return
        prefix = "websocket."
    await send({"type": f"{prefix}http.response.start", "status": status, "headers": lines})
    await send({"type": f"{prefix}http.response.body", "body": body})


def _entrance(say: Language, wrong: bool) -> str:
    """The page of somebody who has not shown the token."""
    title, label, enter = say("This page asks for its token"), say("token"), say("open the page")
    told = say("It stands in the link that was printed when the page was started: ask whoever started it.")
    if wrong:
        told = " ".join((say("This is not the token of this page."), told))
    texts = {"title": title, "told": told, "label": label, "enter": enter}
    return _entrance_page().substitute({k: escape(v) for k, v in texts.items()}, tag=say.tag, lang=say.name, name=QUERY)


@cache
def _entrance_page() -> Template:
    return Template(files("cadre_sim.explorer").joinpath("entrance.html").read_text(encoding="utf-8"))


@cache
def _font_bytes() -> bytes:
    return files("cadre_sim.data").joinpath(FONT).read_bytes()


async def _font(scope: Message, receive: Receive, send: Send) -> None:
    content = _font_bytes()
    headers = [(b"content-type", b"font/otf"), (b"content-length", str(len(content)).encode()),
               (b"cache-control", b"max-age=86400"), *_SAFE]  # fmt: skip
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else content})
