"""Attendance: who is present, and who sits in meetings and receives visits; these cannot be put off."""

from __future__ import annotations

from cadre_sim.activities import MEETINGS, RECEPTION
from cadre_sim.compiling import step
from cadre_sim.streams import Key, Stream, uniforms4
from cadre_sim.workday.columns import Books, Day, Today
from cadre_sim.workday.outputs import MEETING_SEATS, MISSED
from cadre_sim.workday.parameters import Parameters
from cadre_sim.world.columns import Offices

_ABSENCE = int(Stream.ABSENCE)
_DRAWN_TOGETHER = 4
"""Cadres whose absences one counter of the generator gives."""


@step
def attend(u: int, offices: Offices, day: Day, books: Books, p: Parameters, key: Key, today: Today) -> None:
    """Draw absences, then seat those present in turn: meetings first, receptions from the next cadre on.

    All seats of meetings on a day have the same length (their mean), so have those of receptions. What would make a day
    longer than the longest day is missed.
    """
    _draw_absences(u, offices, day, p, key, today)
    first, last = offices.first[u], offices.first[u + 1]
    staff = day.staff[u]
    meetings, receptions = int(day.meeting_seats[u]), int(day.reception_seats[u])
    books.asked[u, MEETINGS] += day.meeting_hours[u]
    books.asked[u, RECEPTION] += day.reception_hours[u]
    meeting_length = day.meeting_hours[u] / meetings if meetings > 0 else 0.0
    reception_length = day.reception_hours[u] / receptions if receptions > 0 else 0.0
    longest = p.longest_day
    sat, received = 0.0, 0.0
    turn = today.number % staff if staff > 0 else 0
    host = (turn - meetings) % staff if staff > 0 else 0
    for i in range(first, last):
        if not day.present[i]:
            continue
        in_meetings = min(longest, _seats(turn, meetings, staff) * meeting_length)
        receiving = min(longest - in_meetings, _seats(host, receptions, staff) * reception_length)
        day.hours[i, MEETINGS] = in_meetings
        day.hours[i, RECEPTION] = receiving
        sat += in_meetings
        received += receiving
        turn = turn + 1 if turn + 1 < staff else 0
        host = host + 1 if host + 1 < staff else 0
    books.worked[u, MEETINGS] += sat
    books.worked[u, RECEPTION] += received
    missed_meetings = max(0.0, day.meeting_hours[u] - sat)
    missed_receptions = max(0.0, day.reception_hours[u] - received)
    books.withdrawn[u, MEETINGS] += missed_meetings
    books.withdrawn[u, RECEPTION] += missed_receptions
    day.out[u, MISSED] = missed_meetings + missed_receptions
    day.out[u, MEETING_SEATS] = meetings


@step
def _draw_absences(u: int, offices: Offices, day: Day, p: Parameters, key: Key, today: Today) -> None:
    """One counter gives the draws of four colleagues."""
    first, last = offices.first[u], offices.first[u + 1]
    absence = p.absence
    present = 0
    for block in range(first, last, _DRAWN_TOGETHER):
        draws = uniforms4(key, _ABSENCE, u, today.number, (block - first) // _DRAWN_TOGETHER)
        for k in range(min(_DRAWN_TOGETHER, last - block)):
            i = block + k
            here = day.rolled[i] and draws[k] >= absence
            day.present[i] = here
            day.overtime[i] = 0.0
            day.contracted[i] = p.contracted if here else 0.0
            if here:
                # The hours of those present are written anew by the steps that follow, each activity once.
                present += 1
            else:
                day.hours[i, :] = 0.0
    day.staff[u] = present


@step
def _seats(place: int, seats: int, staff: int) -> int:
    """Seats of the cadre at a place in the turn, when seats are dealt out one by one."""
    return seats // staff + (1 if place < seats % staff else 0)
