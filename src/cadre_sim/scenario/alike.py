"""Names that are taken for one: by people who pass over capitals and the width of letters, and by SQL."""

from __future__ import annotations

import unicodedata


def folded(name: str) -> str:
    """What a name comes to without upper and lower case, width and encoding: two that come to the same are alike."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
