"""What stands before marimo: who is let in, and what of marimo a visitor reaches."""

from __future__ import annotations

import re
import sys
from urllib.parse import urlencode

from cadre_sim.errors import RequestError
from cadre_sim.explorer.answers import FONT, Cleaned, answer, entrance, font
from cadre_sim.explorer.asked import (
    App,
    Headers,
    Message,
    Receive,
    Send,
    address_of,
    again,
    body_of,
    only,
    pairs_of,
    query_of,
)
from cadre_sim.explorer.names import Names, origin_of, place_of, same
from cadre_sim.explorer.token import QUERY, Token

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
            refused = self._refusal(scope["headers"], address_of(scope))
        except RequestError as error:
            await answer(scope, receive, send, 400, f"This is no request of a browser: {error}.\n")
            return
        if refused:
            await answer(scope, receive, send, 403, refused)
        elif self._token is None or scope["path"] in _PUBLIC or await self._let_in(self._token, scope, receive, send):
            await self._serve(scope, receive, send)

    def _refusal(self, headers: Headers, arrived: str | None) -> str:
        """Why a request is not for this page, in a sentence; nothing if it is.

        Raises:
            RequestError: its headers are not those of a browser.
        """
        given = only(headers, b"host")
        if given is None:
            raise RequestError("it has no Host header")
        host = place_of(given)
        origin = only(headers, b"origin")
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
        query = query_of(scope)
        port = (scope.get("server") or (None, 0))[1] or 0
        cookies = "; ".join(v.decode("latin-1") for k, v in scope["headers"] if k.lower() == b"cookie")
        entry = token.entry(query.get(QUERY, [None])[0], cookies, port)
        if entry.by_link and scope["type"] == "http":
            rest = urlencode([(k, v) for k, v in pairs_of(scope) if k != QUERY])
            headers = [
                (b"location", (f"/?{rest}" if rest else "/").encode()),
                (b"set-cookie", token.set_cookie(port).encode()),
                (b"cache-control", b"no-store"),
            ]
            await answer(scope, receive, send, 303, "", headers)
        elif not entry.allowed:
            asked = scope["type"] == "http" and scope["path"] == "/"
            text = entrance(scope) if asked else "This page asks for its token.\n"
            await answer(scope, receive, send, 401, text)
        return entry.allowed and not (entry.by_link and scope["type"] == "http")

    async def _serve(self, scope: Message, receive: Receive, send: Send) -> None:
        if not _is_open(scope):
            await answer(scope, receive, send, 404, "There is nothing here.\n")
            return
        if scope["path"] == f"/{FONT}":
            await font(scope, receive, send)
            return
        kept = urlencode([(k, v) for k, v in pairs_of(scope) if k not in _NOT_OURS])
        scope = {**scope, "query_string": kept.encode()}
        if scope["type"] == "websocket":
            await self._app(scope, receive, send)
            return
        body = await body_of(receive) if scope["method"] == "POST" else b""
        if body is None:
            await answer(scope, receive, send, 413, "This is longer than anything that the page sends.\n")
            return
        cleaned = Cleaned(scope, send)
        try:
            await self._app(scope, again(body, receive), cleaned)
        except Exception as error:
            print(f"A request to the page failed ({type(error).__name__}).", file=sys.stderr, flush=True)
        await cleaned.end()


def _is_open(scope: Message) -> bool:
    path = scope["path"]
    if scope["type"] == "websocket":
        return bool(path == "/ws")
    if scope["method"] in ("GET", "HEAD"):
        return path == f"/{FONT}" or _READ.fullmatch(path) is not None
    return scope["method"] == "POST" and path in _MOVED
