"""What visitors are answered: marimo's page with nothing of this machine in it, sentences, the entrance, the font."""

from __future__ import annotations

import re
from functools import cache
from html import escape
from importlib.resources import files
from string import Template

from cadre_sim.explorer.asked import Message, Receive, Send, language_of, pairs_of
from cadre_sim.explorer.token import QUERY

FONT = "cadre-sans-sc.otf"
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


class Cleaned:
    """Passes on what marimo answers: the page with its language and policy, and of an error only that there is one."""

    def __init__(self, scope: Message, send: Send) -> None:
        """Answer a request."""
        self._scope = scope
        self._send = send
        self._is_page = scope["path"] == "/"
        self._start: Message | None = None
        self._body: list[bytes] = []
        self._passed = False

    async def __call__(self, message: Message) -> None:
        """Take a message of marimo's, and send it at once or hold it back."""
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
            await answer(self._scope, _nothing, self._send, status, text)
            return
        tag = language_of(self._scope).tag.encode()
        content = b"".join(self._body).replace(b'<html lang="en">', b'<html lang="' + tag + b'">', 1)
        # The page needs neither where it lies on this machine nor with which release it was made.
        content = _NONE.sub(rb"\1null", _BLANK.sub(rb"\1", _NAMED.sub(rb"\1page", content)))
        headers = [h for h in self._start["headers"] if h[0].lower() not in (b"content-length", b"etag")]
        await self._pass({**self._start, "headers": [*headers, (b"content-length", str(len(content)).encode())]})
        await self._send({"type": "http.response.body", "body": content})


async def _nothing() -> Message:
    return {"type": "http.disconnect"}


async def answer(
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


def entrance(scope: Message) -> str:
    """The page of somebody who has not shown the token; what their link asks for is asked for with it."""
    say, pairs = language_of(scope), dict(pairs_of(scope))
    told = [say("It stands in the link that was printed when the page was started: ask whoever started it.")]
    if pairs.pop(QUERY, None) is not None:
        told.insert(0, say("This is not the token of this page."))
    kept = pairs | {"lang": say.name}
    return _entrance_page().substitute(
        title=escape(say("This page asks for its token")),
        told="\n".join(f"<p>{escape(sentence)}</p>" for sentence in told),
        kept="\n".join(f'<input type="hidden" name="{escape(k)}" value="{escape(v)}">' for k, v in kept.items()),
        label=escape(say("token")),
        enter=escape(say("open the page")),
        tag=say.tag,
        name=QUERY,
    )


@cache
def _entrance_page() -> Template:
    return Template(files("cadre_sim.explorer").joinpath("entrance.html").read_text(encoding="utf-8"))


@cache
def _font_bytes() -> bytes:
    return files("cadre_sim.data").joinpath(FONT).read_bytes()


async def font(scope: Message, receive: Receive, send: Send) -> None:
    """Answer with the font of the page."""
    content = _font_bytes()
    headers = [(b"content-type", b"font/otf"), (b"content-length", str(len(content)).encode()),
               (b"cache-control", b"max-age=86400"), *_SAFE]  # fmt: skip
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else content})
