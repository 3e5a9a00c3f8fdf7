"""The server of the page: marimo behind a guard, on this machine unless told otherwise."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import threading
import time
import webbrowser
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from cadre_sim.caches import lend_a_home
from cadre_sim.errors import InputError
from cadre_sim.explorer import served
from cadre_sim.explorer.asked import MOST, App
from cadre_sim.explorer.guard import Guard
from cadre_sim.explorer.laboratory import Laboratory
from cadre_sim.explorer.memory import Collector
from cadre_sim.explorer.names import LOOPBACK, Names, names_for, reached_at
from cadre_sim.explorer.quiet import quiet
from cadre_sim.explorer.state import board_of
from cadre_sim.explorer.token import QUERY, Token
from cadre_sim.extras import require
from cadre_sim.scenario.loading import Arm

LEFT = 60
"""Time that what a visitor has set is kept after the page was left, or the line was lost [s]."""


class Application(NamedTuple):
    """The page as an ASGI application, and how to end what it has begun for its visitors."""

    app: App
    close: Callable[[], None]


def application(names: Names, token: Token | None) -> Application:
    """The page, guarded; for its arguments see :class:`Guard`."""
    lend_a_home()  # Altair and marimo ask for it
    import marimo

    # Imported here, once, and not while the first visitor waits.
    import cadre_sim.explorer.charts
    import cadre_sim.explorer.markup  # noqa: F401

    style = files("cadre_sim.explorer").joinpath("page.css").read_text(encoding="utf-8")
    # A style sheet whose title begins so is let into the shadow roots of marimo's controls, too.
    head = f'<style title="marimo-custom">{style}</style>'
    builder = marimo.create_asgi_app(quiet=True, include_code=False, html_head=head, session_ttl=LEFT)
    page = str(Path(__file__).with_name("page.py"))
    built: Any = builder.with_app(path="", root=page).build()
    sessions = built.routes[-1].app.state.session_manager
    return Application(Guard(built, names, token), lambda: asyncio.run(sessions.shutdown()))


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


class Shared(NamedTuple):
    """How a page can be reached.

    Attributes:
        host: address to listen on.
        port: port to listen on, 0 for any that is free.
        allowed: names under which it may be asked for, beside those that are known.
        token: whether a visitor must show a token also where only this machine can reach the page.
    """

    host: str = "127.0.0.1"
    port: int = 2720
    allowed: Sequence[str] = ()
    token: bool = False


class Opened(NamedTuple):
    """A page that can be opened.

    Attributes:
        url: its address, with its token if it has one.
        names: names under which it may be asked for; empty if only this machine can reach it.
    """

    url: str
    names: tuple[str, ...]


def explore(arm: Arm, shared: Shared, *, browser: bool, workers: int | None, say: Callable[[Opened], None]) -> None:
    """Serve the page until interrupted.

    Args:
        arm: the scenario and its baseline.
        shared: how the page can be reached.
        browser: open the page in the browser of whoever started it.
        workers: processes that run the model, by default one a core.
        say: told the address once the page can be opened.

    Raises:
        InputError: nothing can listen there, or a name is none.
        MissingExtraError: the libraries that make and serve the page are not installed.
    """
    require("'explore'", "marimo", "altair", "uvicorn", "zmq")
    import uvicorn

    os.environ["MARIMO_SKIP_UPDATE_CHECK"] = "1"
    names = names_for(shared.host, shared.allowed)
    # Whoever reaches the page sees the scenario, and has this machine run it.
    alone = shared.host in LOOPBACK
    token = None if alone and not shared.token else Token()
    laboratory, collector = Laboratory(workers), Collector()
    sock = listening(shared.host, shared.port)
    place = _url(reached_at(shared.host), sock.getsockname()[1])
    opened = Opened(place if token is None else f"{place}?{QUERY}={token.text}", () if alone else tuple(names))
    at_once = place if token is None else f"{place}?{QUERY}={token.once}"
    try:
        laboratory.open()
        board = board_of(arm)
        served.serve(board, laboratory)
        # What the first visitor will ask for; whoever opens the page a moment later finds it done.
        first = laboratory.visitor()
        first.ask(board.paired(board.defaults), board.defaults.seed, board.defaults.replicates)
        page = application(names, token)
        options = uvicorn.Config(page.app, log_level="error", timeout_graceful_shutdown=1, server_header=False,
                                 ws_max_size=MOST)  # fmt: skip
        server = uvicorn.Server(options)
        announce = (server, lambda: say(opened), at_once if browser else None)
        threading.Thread(target=_announce, args=announce, daemon=True).start()
        # Asked to end (by a service manager, say) it ends as by Ctrl-C: the processes that run the model end with it.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        collector.open()
        with suppress(KeyboardInterrupt), quiet():
            server.run(sockets=[sock])
        page.close()
        collector.close()
    finally:
        laboratory.close()
        sock.close()


def _url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _announce(server: Any, say: Callable[[], None], browse: str | None) -> None:
    while not server.started:
        time.sleep(0.05)
    say()
    if browse is not None:
        webbrowser.open(browse)
