"""What somebody asks of the page: the headers of a request, its link, its language and what it sends."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any
from urllib.parse import parse_qs, parse_qsl

from cadre_sim.errors import RequestError
from cadre_sim.language import Language, languages, spoken

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]
Headers = Iterable[tuple[bytes, bytes]]
MOST = 1_000_000
"""Longest request to read: one moves a slider [bytes]."""


def only(headers: Headers, name: bytes) -> bytes | None:
    """The one header of a name.

    Raises:
        RequestError: there are several.
    """
    found = [value for key, value in headers if key.lower() == name]
    if len(found) > 1:
        raise RequestError(f"it has several {name.decode().title()} headers")
    return found[0] if found else None


def address_of(scope: Message) -> str | None:
    """The address of this machine at which a request arrived."""
    server = scope.get("server")
    return str(server[0]) if server else None


def pairs_of(scope: Message) -> list[tuple[str, str]]:
    """What a link asks for, in its order; nothing where it cannot be read."""
    try:
        return parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
    except ValueError:
        return []


def query_of(scope: Message) -> dict[str, list[str]]:
    """What a link asks for, by name; nothing where it cannot be read."""
    try:
        return parse_qs(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
    except ValueError:
        return {}


def language_of(scope: Message) -> Language:
    """The language of a link, else the first that the browser asks for and that there is."""
    query = query_of(scope)
    if "lang" in query:
        return spoken(query["lang"][0])
    wanted = b",".join(v for k, v in scope["headers"] if k.lower() == b"accept-language").decode("latin-1").lower()
    for each in wanted.split(",")[:20]:
        name = each.partition(";")[0].strip().partition("-")[0]
        if name in languages():
            return spoken(name)
    return spoken("")


async def body_of(receive: Receive) -> bytes | None:
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


def again(body: bytes, receive: Receive) -> Receive:
    """What was read of a request, to read it again."""
    first = True

    async def once_more() -> Message:
        nonlocal first
        if first:
            first = False
            return {"type": "http.request", "body": body, "more_body": False}
        return await receive()

    return once_more
