"""Versions of the model as a store names them: also names of folders, so that not every text may be one."""

from __future__ import annotations

import re

_FORM = re.compile(r"[0-9A-Za-z][0-9A-Za-z._]{0,60}\+[0-9A-Za-z.]{1,40}")


def checked_version(text: object) -> str:
    """A version that was read from a file.

    Raises:
        ValueError: it does not have the form of one, such as ``0.1.0+0123456789ab``.
    """
    if not isinstance(text, str) or not _FORM.fullmatch(text):
        raise ValueError(f"{str(text)[:60]!r} is no version of the model (such as 0.1.0+0123456789ab)")
    return text
