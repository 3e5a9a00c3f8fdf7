"""Under which names the page may be asked for, and what is no request of a browser."""

from __future__ import annotations

import pytest

from cadre_sim.errors import InputError, RequestError
from cadre_sim.explorer.names import HostPort, names_for, origin_of, place_of, same

MALFORMED = (
    b"", b" ", b":", b":80", b"a b", b"localhost:", b"localhost:0", b"localhost:65536", b"localhost:99999999",
    b"localhost:-1",
    b"localhost:8x", b"localhost:80:80", b"user@localhost", b"user:pass@localhost:80", b"localhost/", b"localhost?x",
    b"localhost#x", b"http://localhost", b"[::1", b"::1]", b"::1", b"[::1]x", b"[]", b"[zz]", b"[::1]:",
    b"[1.2.3.4]:99999",
    b"[fe80::1%eth0]", "\N{LATIN SMALL LETTER O WITH DIAERESIS}.example".encode(), b"\xff\xfe", b"a" * 64, b"a." * 200,
    b"x" * 100_000, b"-a", b"a..b", b".a", b"a\tb", b"a\x00b", b"a,b", b"a;b", b"%6c", b"<script>", b"a\\b",
)  # fmt: skip
"""What no browser sends as the name of the server; an empty port is left out by all of them."""


@pytest.mark.parametrize("header", MALFORMED, ids=lambda h: repr(h[:20]))
def test_what_is_no_name_of_a_machine_is_refused(header: bytes) -> None:
    with pytest.raises(RequestError):
        place_of(header)
    with pytest.raises(RequestError):
        origin_of(b"http://" + header)


@pytest.mark.parametrize(
    "header", [b"", b"http:", b"http//a", b"://a", b"a", b"NULL", b"http://a http://b", b"http:///a"]
)
def test_what_is_no_origin_is_refused(header: bytes) -> None:
    with pytest.raises(RequestError):
        origin_of(header)


@pytest.mark.parametrize(
    ("header", "place"),
    [
        (b"localhost", HostPort("localhost", None)),
        (b"LocalHost:2720", HostPort("localhost", 2720)),
        (b"127.0.0.1:1", HostPort("127.0.0.1", 1)),
        (b"[::1]:65535", HostPort("::1", 65535)),
        (b"[0:0:0:0:0:0:0:1]", HostPort("::1", None)),
        (b"my_pc.class.example.", HostPort("my_pc.class.example", None)),
    ],
)
def test_names_of_machines_are_read(header: bytes, place: HostPort) -> None:
    assert place_of(header) == place


@pytest.mark.parametrize(
    ("host", "origin", "is_same"),
    [
        (b"localhost:2720", b"http://localhost:2720", True),
        (b"a.example", b"http://a.example:80", True),
        (b"a.example", b"https://a.example", True),  # behind something that speaks TLS
        (b"[::1]:2720", b"http://[0::1]:2720", True),
        (b"localhost:2720", b"http://localhost:2721", False),
        (b"localhost:2720", b"http://localhost", False),
        (b"localhost:2720", b"http://localhost.evil.example:2720", False),
        (b"localhost:2720", b"null", False),
        (b"localhost:2720", b"file://localhost:2720", False),
    ],
)
def test_a_page_may_ask_its_own_server_only(host: bytes, origin: bytes, is_same: bool) -> None:
    assert same(place_of(host), origin_of(origin)) is is_same


def test_a_name_that_is_made_to_point_here_is_not_welcome() -> None:
    """DNS rebinding: the address is this machine's, the name is not; an address cannot be made to point elsewhere."""
    names = names_for("0.0.0.0", ["Class.example.org"])
    assert names.welcome(place_of(b"class.example.org:2720"), "192.0.2.7")
    assert names.welcome(place_of(b"192.0.2.7:2720"), "192.0.2.7")
    assert names.welcome(place_of(b"192.0.2.7:2720"), "::ffff:192.0.2.7")
    assert not names.welcome(place_of(b"192.0.2.8:2720"), "192.0.2.7")
    assert not names.welcome(place_of(b"evil.example"), "192.0.2.7")
    assert "class.example.org" in tuple(names)


@pytest.mark.parametrize("name", ["", "a b", "class.example:80", "http://class.example", "ö"])
def test_a_name_that_is_allowed_must_be_one(name: str) -> None:
    with pytest.raises(InputError, match="--allow-host"):
        names_for("0.0.0.0", [name])
