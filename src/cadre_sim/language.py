r"""The languages of figures, reports and the explorer: English, which messages are written in, and one a catalogue.

A language is a gettext catalogue ``data/*.po``. Its header says what is needed::

    "Language: zh_Hans\n"      the locale, by which Babel writes dates
    "X-Name: zh\n"             the name that users give; by default the language of the locale
    "X-Own-Name: 中文\n"       what the language calls itself; by default as Babel knows it

Catalogues in the folder that ``CADRE_SIM_LANGUAGES`` names are found too, so that a translator can try one. What a
measure brings of its own it translates itself (:func:`add_messages`).
"""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cadre_sim.errors import InputError, UnknownNameError

if TYPE_CHECKING:
    from babel import Locale
    from babel.messages.catalog import Catalog

FOLDER_VARIABLE = "CADRE_SIM_LANGUAGES"
"""Environment variable that names a folder of further catalogues."""
MINUS, DASH = "\N{MINUS SIGN}", "\N{EN DASH}"
_HEADER = re.compile(r'^"([\w-]+): *(.*?)\\n"$', re.MULTILINE)
_ADDED: dict[str, dict[str, str]] = {}
"""Translations that measures bring, by language and message."""


def mark(message: str) -> str:
    """Mark a message of a table for the catalogue; it is translated where it is said."""
    return message


_BETWEEN, _AND = mark("{low} to {high}"), mark("; ")


@dataclass(frozen=True)
class Language:
    """One of the languages: says messages, numbers and dates in it.

    Attributes:
        name: what users call it, such as ``zh``.
        locale_name: its locale, such as ``zh_Hans``.
        own_name: what it calls itself.
        source: its catalogue; None for the language that messages are written in.
    """

    name: str
    locale_name: str
    own_name: str
    source: Path | None = None

    def __call__(self, message: str, /, **values: Any) -> str:
        """A message in this language, with values in the places of ``{names}``; what has no translation stays."""
        text = self._translated(message) if self.source is not None and message else message
        return text.format(**values) if values else text

    def _translated(self, message: str) -> str:
        assert self.source is not None
        found = _catalogue(self.source, self.locale_name).get(message)
        if found is not None and found.string:
            return str(found.string)
        return _ADDED.get(self.name, {}).get(message, message)

    @property
    def locale(self) -> Locale:
        """Its locale."""
        from babel import Locale

        return Locale.parse(self.locale_name)

    @property
    def tag(self) -> str:
        """Its tag for HTML, such as ``zh-Hans``."""
        return self.locale_name.replace("_", "-")

    def date(self, when: dt.date, pattern: str = "long") -> str:
        """A date as people write it."""
        from babel.dates import format_date

        return format_date(when, pattern, locale=self.locale)

    def month(self, when: dt.date) -> str:
        """A month with its year."""
        from babel.dates import format_skeleton

        return format_skeleton("yMMM", dt.datetime(when.year, when.month, when.day), locale=self.locale)

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
        return self(_BETWEEN, **values)

    def series(self, parts: Iterable[str]) -> str:
        """Parts of a sentence one after another, without those that are empty."""
        return self(_AND).join(filter(None, parts))


ENGLISH = Language("en", "en", "English")
"""The language that messages are written in."""


def languages() -> Mapping[str, Language]:
    """All languages by the name that users give, English first.

    Raises:
        InputError: a catalogue does not say of which language it is, or two have one name.
    """
    return _languages(os.environ.get(FOLDER_VARIABLE))


def language(name: str) -> Language:
    """A language by its name.

    Raises:
        UnknownNameError: there is none of that name.
        InputError: see :func:`languages`.
    """
    found = languages()
    if name not in found:
        raise UnknownNameError(name, found)
    return found[name]


def spoken(name: object) -> Language:
    """The language that a link asks for; English for none, or for one that there is not."""
    return languages().get(str(name), ENGLISH)


def add_messages(name: str, messages: Mapping[str, str]) -> None:
    """Add translations to a language, for messages that its catalogue does not have."""
    _ADDED.setdefault(name, {}).update(messages)


def added_messages(name: str) -> Mapping[str, str]:
    """Translations that were added to a language by :func:`add_messages`."""
    return _ADDED.get(name, {})


@cache
def _languages(folder: str | None) -> dict[str, Language]:
    found = {ENGLISH.name: ENGLISH}
    for source in _catalogues(folder):
        header = dict(_HEADER.findall(source.read_text(encoding="utf-8").split("\n\n", 1)[0]))
        if not header.get("Language"):
            raise InputError(f'{source}: the header of a catalogue must name its locale, such as "Language: fr\\n"')
        name = header.get("X-Name") or header["Language"].partition("_")[0]
        if name in found:
            raise InputError(f"{source}: there is a language {name!r} already; X-Name in the header gives it another")
        own = header.get("X-Own-Name") or _own_name(source, header["Language"])
        found[name] = Language(name, header["Language"], own, source)
    return found


def _catalogues(folder: str | None) -> Iterator[Path]:
    folders = [Path(__file__).with_name("data")]
    if folder:
        if not Path(folder).is_dir():
            raise InputError(f"{FOLDER_VARIABLE}: no folder {folder!r}")
        folders.append(Path(folder))
    for each in folders:
        yield from sorted(each.glob("*.po"))


def _own_name(source: Path, locale_name: str) -> str:
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(locale_name).get_display_name() or locale_name
    except (UnknownLocaleError, ValueError):
        raise InputError(f"{source}: unknown locale {locale_name!r}") from None


@cache
def _catalogue(source: Path, locale_name: str) -> Catalog:
    from babel.messages.pofile import PoFileError, read_po

    with source.open("rb") as file:
        try:
            return read_po(file, locale=locale_name, abort_invalid=True)
        except PoFileError as error:
            raise InputError(f"{source}: the catalogue cannot be read: {error}") from None
