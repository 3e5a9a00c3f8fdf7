"""The server of the page: marimo behind a guard, on this machine unless told otherwise."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import threading
import time
import webbrowser
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from cadre_sim.caches import lend_a_home
from cadre_sim.errors import InputError
from cadre_sim.explorer import served
from cadre_sim.explorer.laboratory import Laboratory
from cadre_sim.explorer.state import board_of
from cadre_sim.extras import require
from cadre_sim.language import spoken
from cadre_sim.scenario.loading import Arm

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]
LOOPBACK = ("127.0.0.1", "localhost", "::1")
FONT = "cadre-sans-sc.otf"
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; worker-src 'self' blob:; connect-src 'self' data: blob:; "
    "frame-ancestors 'none'; base-uri 'self'; form-action 'none'; object-src 'none'"
)
"""What the page may load: nothing but what comes from this server. Vega compiles its expressions, hence unsafe-eval."""


class Guard:
    """Lets through requests of this page only, gives each page its language, and serves the font."""

    def __init__(self, app: App, hosts: tuple[str, ...] | None) -> None:
        """Stand before an app.

        Args:
            app: what to guard.
            hosts: names under which the server may be asked for; None for any. A page from elsewhere whose name is made
                to point at this machine (DNS rebinding) has another name.
        """
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer a request or a websocket."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        if not self._welcome(headers):
            await _refuse(scope, receive, send)
        elif scope["path"] == f"/{FONT}":
            await _font(send)
        elif scope["type"] == "http" and scope["path"] == "/":
            await self._page(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _welcome(self, headers: MutableMapping[str, str]) -> bool:
        host = headers.get("host", "")
        if self._hosts is not None and (urlsplit(f"//{host}").hostname or "") not in self._hosts:
            return False
        origin = headers.get("origin")
        return origin is None or urlsplit(origin).netloc == host

    async def _page(self, scope: Message, receive: Receive, send: Send) -> None:
        """The page itself: its language stands in its first tag, and its policy in its head."""
        query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
        tag = spoken(query.get("lang", [""])[0]).tag.encode()
        started: list[Message] = []
        body: list[bytes] = []

        async def hold(message: Message) -> None:
            if message["type"] == "http.response.start":
                started.append(message)
                return
            body.append(message.get("body", b""))
            if message.get("more_body"):
                return
            content = b"".join(body).replace(b'<html lang="en">', b'<html lang="' + tag + b'">', 1)
            headers = [h for h in started[0]["headers"] if h[0].lower() != b"content-length"]
            headers += [
                (b"content-length", str(len(content)).encode()),
                (b"content-security-policy", _POLICY.encode()),
                (b"referrer-policy", b"no-referrer"),
                (b"x-content-type-options", b"nosniff"),
            ]
            await send({**started[0], "headers": headers})
            await send({"type": "http.response.body", "body": content})

        await self._app(scope, receive, hold)


async def _refuse(scope: Message, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
        return
    text = b"This page is served to its own machine and to itself only.\n"
    await send({"type": "http.response.start", "status": 403, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": text})


async def _font(send: Send) -> None:
    content = files("cadre_sim.data").joinpath(FONT).read_bytes()
    headers = [(b"content-type", b"font/otf"), (b"cache-control", b"max-age=86400")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": content})


class Application(NamedTuple):
    """The page as an ASGI application, and how to end what it has begun for its visitors."""

    app: App
    close: Callable[[], None]


def application(hosts: tuple[str, ...] | None) -> Application:
    """The page, guarded."""
    lend_a_home()  # Altair and marimo ask for it
    import marimo

    # Imported here, once, and not while the first visitor waits.
    import cadre_sim.explorer.charts
    import cadre_sim.explorer.markup  # noqa: F401

    style = files("cadre_sim.explorer").joinpath("page.css").read_text(encoding="utf-8")
    # A style sheet whose title begins so is let into the shadow roots of marimo's controls, too.
    head = f'<style title="marimo-custom">{style}</style>'
    builder = marimo.create_asgi_app(quiet=True, include_code=False, html_head=head)
    page = str(Path(__file__).with_name("page.py"))
    built: Any = builder.with_app(path="", root=page).build()
    sessions = built.routes[-1].app.state.session_manager
    return Application(Guard(built, hosts), lambda: asyncio.run(sessions.shutdown()))


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens; with port 0 on any that is free.

    Raises:
        InputError: nothing can listen there.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        found = socket.socket(family, socket.SOCK_STREAM)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(address)
    except OSError as error:
        raise InputError(f"cannot listen on {host}, port {port}: {error.strerror or error}") from None
    return found


def explore(arm: Arm, *, host: str, port: int, browser: bool, workers: int | None, say: Callable[[str], None]) -> None:
    """Serve the page until interrupted.

    Args:
        arm: the scenario and its baseline.
        host: address to listen on.
        port: port to listen on, 0 for any that is free.
        browser: open the page in the browser of whoever started it.
        workers: processes that run the model, by default one a core.
        say: told the address once the page can be opened.

    Raises:
        InputError: nothing can listen there.
        MissingExtraError: the libraries that make and serve the page are not installed.
    """
    require("'explore'", "marimo", "altair", "uvicorn", "zmq")
    import uvicorn

    os.environ["MARIMO_SKIP_UPDATE_CHECK"] = "1"
    laboratory = Laboratory(workers)
    sock = listening(host, port)
    name = f"[{host}]" if ":" in host else host
    url = f"http://{name}:{sock.getsockname()[1]}/"
    try:
        laboratory.open()
        board = board_of(arm)
        served.serve(board, laboratory)
        # What the first visitor will ask for; whoever opens the page a moment later finds it done.
        first = laboratory.visitor()
        first.ask(board.paired(board.defaults), board.defaults.seed, board.defaults.replicates)
        page = application(LOOPBACK if host in LOOPBACK else None)
        server = uvicorn.Server(uvicorn.Config(page.app, log_level="error", timeout_graceful_shutdown=1))
        threading.Thread(target=_announce, args=(server, url, browser, say), daemon=True).start()
        # Asked to end (by a service manager, say) it ends as by Ctrl-C: the processes that run the model end with it.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with suppress(KeyboardInterrupt):
            server.run(sockets=[sock])
        page.close()
    finally:
        laboratory.close()
        sock.close()


def _announce(server: Any, url: str, browser: bool, say: Callable[[str], None]) -> None:
    while not server.started:
        time.sleep(0.05)
    say(url)
    if browser:
        webbrowser.open(url)
