"""What came from above on one day, as arrays that the workday reads."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cadre_sim.arrays import Floats, Ints

MEETING_ORDER, FORM_ORDER, TASK_ORDER, EVIDENCE_ORDER = range(4)
ORDERS = 4


class Orders(NamedTuple):
    """What came from above today.

    Orders to areas: area a's are the entries ``area_start[a]`` to ``area_start[a + 1]``; ``counts`` has their number by
    area and kind. ``keep`` is the uniform draw
    that a share knob is compared with, ``duplicate`` marks forms that ask for data given elsewhere. Work for single
    offices: office u's are ``office_start[u]`` to ``office_start[u + 1]``. ``visits`` and reception seats and hours
    (attendee-hours) are by office; so are the topics inspected, and the violations that visits found. Ad-hoc tasks:
    ``diverted`` has the hours by area and channel, were all of the channel cut, ``diverting`` whether there are any;
    ``messages`` the hours of messages were all tasks cut, by area.
    """

    area_start: Ints
    counts: Ints
    kind: NDArray[np.int8]
    level: NDArray[np.int8]
    hours: Floats
    travel: Floats
    attendees: Floats
    lead: Ints
    keep: Floats
    duplicate: NDArray[np.bool_]
    comprehensive: NDArray[np.bool_]
    office_start: Ints
    office_kind: NDArray[np.int8]
    office_hours: Floats
    office_due: Ints
    visits: Floats
    reception_seats: Floats
    reception_hours: Floats
    topics: Floats
    found: Floats
    diverted: Floats
    diverting: NDArray[np.bool_]
    messages: Floats
