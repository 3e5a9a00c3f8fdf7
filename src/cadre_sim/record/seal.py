"""A hash of a description within itself: whether it is as it was written.

It finds damage, not forgery: whoever writes a description anew can seal it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cadre_sim.inputs import content_digest

SEAL = "seal"
"""Key of the hash."""


def sealed(content: Mapping[str, Any]) -> dict[str, Any]:
    """Plain data with a hash of all of it as its last entry."""
    return {**content, SEAL: _hash(content)}


def see_that_it_is_whole(content: Mapping[str, Any]) -> None:
    """See that a description that was sealed is as it was.

    Raises:
        ValueError: it has changed since, or bears no seal.
    """
    if SEAL not in content:
        raise ValueError("bears no seal: it is of an earlier version of cadre_sim, or damaged")
    if content[SEAL] != _hash({name: value for name, value in content.items() if name != SEAL}):
        raise ValueError("is damaged, or was changed since it was written")


def _hash(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True)  # with escapes: names of files may be no text
    return content_digest(text.encode())
