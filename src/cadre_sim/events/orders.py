"""Orders of one day: requests from above, as arrays that the workday reads."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cadre_sim.arrays import Bools, Floats, Ints

MEETING_ORDER, FORM_ORDER, TASK_ORDER, EVIDENCE_ORDER = range(4)
"""Kinds of orders to areas."""
ORDERS = 4


class Orders(NamedTuple):
    """Requests from above on one day.

    Orders to areas: those of area a are the entries ``area_start[a]`` to ``area_start[a + 1]``. Work for single
    offices: that of office u is the entries ``office_start[u]`` to ``office_start[u + 1]``.

    Attributes:
        area_start: first order of each area, one entry more than areas, shape (areas + 1,).
        counts: orders by area and kind, shape (areas, kinds).
        kind: kind of each order, shape (orders,).
        level: number of the level of its department in ``LEVELS``, shape (orders,).
        hours: length of a meeting, or hours that the order takes a village [h], shape (orders,).
        travel: travel to a meeting [h/attendee], shape (orders,).
        attendees: attendees of a meeting from a village [cadres], shape (orders,).
        lead: days that it may take, its own included [working days], shape (orders,).
        keep: uniform draw that the share of a knob is compared with, shape (orders,).
        duplicate: whether a form asks for data given elsewhere, shape (orders,).
        comprehensive: whether evidence is for the comprehensive assessment, shape (orders,).
        office_start: first request to each office, one entry more than offices, shape (offices + 1,).
        office_kind: activity of each request, shape (requests,).
        office_hours: hours that it takes [h], shape (requests,).
        office_due: its due day [working day], shape (requests,).
        visits: visits that an office receives, shape (offices,).
        reception_seats: seats of escorts at visits, whole [seats], shape (offices,).
        reception_hours: hours that these take together [h], shape (offices,).
        topics: topics inspected, shape (offices,).
        found: violations that visits found, shape (offices,).
        diverted: ad-hoc tasks in place of what is cut, were all of a channel cut [h], shape (areas, channels - 1).
        diverting: whether there are any, shape (areas,).
        messages: messages in place of tasks, were all of them cut [h/cadre of a village], shape (areas,).
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
    duplicate: Bools
    comprehensive: Bools
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
    diverting: Bools
    messages: Floats
