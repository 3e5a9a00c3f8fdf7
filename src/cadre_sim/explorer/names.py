"""Names under which the page may be asked for: what a browser sends of them, read strictly."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable, Iterator
from ipaddress import IPv6Address
from typing import NamedTuple

from cadre_sim.errors import InputError, RequestError

LOOPBACK = ("127.0.0.1", "localhost", "::1")
"""Names that mean this machine to itself."""
LONGEST = 300
"""Characters of a name and its port; a name of the DNS has 253 at most."""
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*\.?")
_PLACE = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[^\[\]:/@?#\\\s]+)(?::(?P<port>[0-9]{1,5}))?")
_PORTS = {"http": 80, "https": 443}


class HostPort(NamedTuple):
    """Where a request goes to, or comes from: a name in lower case or an address without brackets, and its port."""

    name: str
    port: int | None


class Names:
    """The names of one page."""

    def __init__(self, names: Iterable[str]) -> None:
        """Know some names; the address at which a request arrives is always one.

        Whoever makes a name of theirs point at this machine (DNS rebinding) has a name, and an address is none.
        """
        self._names = tuple(dict.fromkeys(name.lower().rstrip(".") for name in names))

    def __iter__(self) -> Iterator[str]:
        """The names, in the order in which they were given."""
        return iter(self._names)

    def welcome(self, host: HostPort, arrived: str | None) -> bool:
        """Whether a request for a host, which arrived at an address of this machine, is for this page."""
        return host.name in self._names or (arrived is not None and host.name == _plain(arrived))


def place_of(header: bytes) -> HostPort:
    """Read a ``Host`` header.

    Raises:
        RequestError: it is none.
    """
    text = _text(header)
    found = _PLACE.fullmatch(text.lower()) if len(text) <= LONGEST else None
    if found is None:
        raise RequestError("the Host header is not a name and a port")
    port = int(found["port"]) if found["port"] is not None else None
    if port is not None and not 0 < port < 65536:
        raise RequestError("the port of the Host header is not one of 1 to 65535")
    return HostPort(_name(found["name"]), port)


def origin_of(header: bytes) -> tuple[str, HostPort] | None:
    """Read an ``Origin`` header: its scheme and its place; None for a page that has no origin.

    Raises:
        RequestError: it is none.
    """
    text = _text(header)
    if text == "null":
        return None
    scheme, separator, rest = text.partition("://")
    if not separator or not re.fullmatch(r"[a-z][a-z0-9+.-]*", scheme):
        raise RequestError("the Origin header is not a scheme and a place")
    return scheme, place_of(rest.encode())


def same(host: HostPort, origin: tuple[str, HostPort] | None) -> bool:
    """Whether a page of an origin asks its own server."""
    if origin is None or origin[0] not in _PORTS:
        return False
    scheme, place = origin
    usual = _PORTS[scheme]
    return host.name == place.name and (host.port or usual) == (place.port or usual)


def names_for(host: str, more: Iterable[str]) -> Names:
    """Names of a page that listens at an address.

    Args:
        host: the address; every address of this machine for 0.0.0.0 and ``::``.
        more: names that whoever serves it adds.

    Raises:
        InputError: one of them is not a name.
    """
    added = []
    for name in more:
        try:
            added.append(place_of(name.encode()))
        except (RequestError, UnicodeError):
            raise InputError(
                f"--allow-host {name!r}: not the name of a machine; give it as in class.example.org"
            ) from None
        if added[-1].port is not None:
            raise InputError(f"--allow-host {name!r}: give the name without its port")
    own = [] if host in LOOPBACK else _own_names(host)
    return Names([*LOOPBACK, *own, *(place.name for place in added)])


def reached_at(host: str) -> str:
    """The address at which others reach a page that listens at a host."""
    if host not in ("0.0.0.0", "::"):
        return host
    family, far = (socket.AF_INET6, "2001:db8::1") if ":" in host else (socket.AF_INET, "192.0.2.1")
    try:
        # Nothing is sent: the system only says by which of its addresses it would go there.
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((far, 9))
            return str(probe.getsockname()[0])
    except OSError:
        return socket.gethostname()


def _own_names(host: str) -> list[str]:
    found = [reached_at(host), socket.gethostname(), socket.getfqdn()]
    if host not in ("0.0.0.0", "::"):
        found.insert(0, host)
    return [name for name in found if name and name != "localhost.localdomain"]


def _text(header: bytes) -> str:
    try:
        return header.decode("ascii")
    except UnicodeDecodeError:
        raise RequestError("a header has characters that are not ASCII") from None


def _name(text: str) -> str:
    if text.startswith("["):
        try:
            return str(IPv6Address(text[1:-1]))
        except ValueError:
            raise RequestError("what stands in brackets is not an address") from None
    if not _NAME.fullmatch(text):
        raise RequestError("the name of the machine has characters that no name has")
    return text.rstrip(".")


def _plain(address: str) -> str:
    """An address as it stands in a link: one of IPv4 that came through a socket of IPv6 without its prefix."""
    return address.lower().removeprefix("::ffff:").partition("%")[0]
