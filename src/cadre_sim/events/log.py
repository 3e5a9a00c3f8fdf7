"""Log of a run: events beside visits, which a result keeps."""

from __future__ import annotations

from typing import NamedTuple


class Event(NamedTuple):
    """Something that happened on a working day.

    ``kind``: "reform starts", "reform ends", "report", "case opened", "case closed" or "correction"; ``name`` of the
    reform or of the group of departments; the ``area`` of the department, 0 for a reform.
    """

    day: int
    kind: str
    name: str
    area: int
