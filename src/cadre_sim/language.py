"""The languages of figures and reports: English, which messages are written in, and Chinese from a catalogue."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import isfinite
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from cadre_sim.errors import UnknownNameError

LOCALES = {"en": "en", "zh": "zh_Hans"}
"""Languages by the name that a user gives, and their locales."""
MINUS, DASH = "\N{MINUS SIGN}", "\N{EN DASH}"


def mark(message: str) -> str:
    """Mark a message of a table for the catalogue; it is translated where it is said."""
    return message


@dataclass(frozen=True)
class Language:
    """One of the languages: says messages, numbers and dates in it.

    Attributes:
        name: what users call it, a key of :data:`LOCALES`.
    """

    name: str

    def __call__(self, message: str, /, **values: Any) -> str:
        """A message in this language, with values in the places of ``{names}``; what has no translation stays."""
        catalogue = _catalogue(self.name)
        found = catalogue.get(message) if catalogue is not None and message else None
        text = str(found.string) if found is not None and found.string else message
        return text.format(**values) if values else text

    @property
    def locale(self) -> Locale:
        """Its locale."""
        return Locale.parse(LOCALES[self.name])

    @property
    def tag(self) -> str:
        """Its tag for HTML, such as ``zh-Hans``."""
        return LOCALES[self.name].replace("_", "-")

    def date(self, when: dt.date, pattern: str = "long") -> str:
        """A date as people write it."""
        return format_date(when, pattern, locale=self.locale)

    def month(self, when: dt.date) -> str:
        """A month with its year."""
        return format_date(when, "y年M月" if self.name == "zh" else "MMM y", locale=self.locale)

    def number(self, value: float, digits: int = 1, *, sign: bool = False) -> str:
        """A number; a dash for what is not one."""
        if not isfinite(value):
            return DASH
        # Rounded first: what rounds to nothing has no sign.
        rounded = round(value, digits) + 0.0
        text = f"{rounded:{'+' if sign and rounded else ''},.{digits}f}"
        return text.replace("-", MINUS)

    def between(self, low: float, high: float, digits: int = 1, *, sign: bool = False) -> str:
        """An interval; empty for none."""
        if not (isfinite(low) and isfinite(high)):
            return ""
        values = {name: self.number(v, digits, sign=sign) for name, v in (("low", low), ("high", high))}
        return self("{low} to {high}", **values)


def language(name: str) -> Language:
    """A language by its name.

    Raises:
        UnknownNameError: there is none of that name.
    """
    if name not in LOCALES:
        raise UnknownNameError(name, LOCALES)
    return Language(name)


@cache
def _catalogue(name: str) -> Catalog | None:
    if name == "en":
        return None
    with files("cadre_sim.data").joinpath(f"{LOCALES[name]}.po").open("rb") as file:
        return read_po(file, locale=LOCALES[name], abort_invalid=True)
