"""The token of a page that others can reach: shown once in a link, and from then on a cookie."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from typing import NamedTuple

QUERY = "token"
"""Name of the token in a link."""


class Entry(NamedTuple):
    """Whether somebody may come in.

    Attributes:
        allowed: whether they may.
        by_link: they come by a link that holds the token, which should not stand in the address for long.
    """

    allowed: bool
    by_link: bool = False


class Token:
    """What a visitor must show."""

    def __init__(self) -> None:
        """Make a token that nobody can guess."""
        self.text = secrets.token_urlsafe(18)
        self._cookie = secrets.token_urlsafe(24)
        self._once = secrets.token_urlsafe(18)
        self._unused = True

    @property
    def once(self) -> str:
        """A token that opens the page a single time.

        It is for the browser that this program starts: others on this machine see with which arguments a program runs.
        """
        return self._once

    def entry(self, shown: str | None, cookies: str, port: int) -> Entry:
        """Whether somebody may come in who shows a token, or the cookie that was given for it."""
        if shown is not None:
            if _equal(shown, self.text):
                return Entry(True, by_link=True)
            if self._unused and _equal(shown, self._once):
                self._unused = False
                return Entry(True, by_link=True)
        return Entry(_equal(_cookies(cookies).get(cookie_name(port), ""), self._cookie))

    def set_cookie(self, port: int) -> str:
        """The header that lets a browser come back; it ends with the browser, and no script can read it."""
        return f"{cookie_name(port)}={self._cookie}; Path=/; HttpOnly; SameSite=Lax"


def cookie_name(port: int) -> str:
    """Name of the cookie: browsers share cookies between all ports of a machine."""
    return f"cadre_sim_{port}"


def _cookies(header: str) -> Mapping[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(header).items()}
    except CookieError:
        return {}


def _equal(one: str, other: str) -> bool:
    """In a time that does not tell how many characters are right."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode())
