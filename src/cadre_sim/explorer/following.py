"""One working day, office by office and cadre by cadre, as the columns of a simulation show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from cadre_sim.activities import ACTIVITIES
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.simulation import Simulation
from cadre_sim.streams import Key
from cadre_sim.workday.outputs import OUTPUTS
from cadre_sim.workday.queue import MATTERS, OWED, items
from cadre_sim.world.build import build_world
from cadre_sim.world.calendar import WorkCalendar
from cadre_sim.world.columns import KINDS, RANKS


class FollowJob(NamedTuple):
    """A working day of a run to look at: scenario, seed, and the number of the day from 0."""

    scenario: Scenario
    seed: int
    day: int


class CadreDay(NamedTuple):
    """A cadre on one day: hours by activity in the order of activities, and the mind in the evening."""

    rank: str
    present: bool
    hours: tuple[float, ...]
    overtime: float
    motivation: float
    caution: float
    fatigue: float


class Owed(NamedTuple):
    """What an office owes of one activity in the evening.

    Attributes:
        activity: what it is for.
        items: how many.
        hours: hours of work left on them.
        overdue: how many are past their date.
    """

    activity: str
    items: int
    hours: float
    overdue: int


class OfficeDay(NamedTuple):
    """An office on one day.

    Attributes:
        name: its name.
        kind: village, community or township.
        county: its county.
        residents: residents whom it serves.
        today: its numbers of the day by name of output: visits, seats in meetings, forms, matters and so on.
        owed: what it owes in the evening, activities with nothing left out.
        cadres: its cadres in the order of their places; those whom a reform sends come last.
    """

    name: str
    kind: str
    county: str
    residents: int
    today: dict[str, float]
    owed: tuple[Owed, ...]
    cadres: tuple[CadreDay, ...]


def follow(job: FollowJob) -> tuple[OfficeDay, ...]:
    """The first replicate of a scenario on a working day, in whatever process."""
    simulation = Simulation(job.scenario, seed=job.seed)
    simulation.run_for(job.day + 1)
    return tuple(_office(simulation, row) for row in range(simulation.world.offices.kind.size))


def _office(simulation: Simulation, row: int) -> OfficeDay:
    world, offices = simulation.world, simulation.world.offices
    today = dict(zip(OUTPUTS, simulation.columns.day.out[row].tolist(), strict=True))
    return OfficeDay(
        name=str(world.office_names[row]),
        kind=KINDS[offices.kind[row]],
        county=str(world.area_names[offices.county[row]]),
        residents=int(offices.residents[row]),
        today={name: value for name, value in today.items() if name in SHOWN},
        owed=tuple(o for kind in (*MATTERS, *OWED) if (o := _owed(simulation, row, kind)).items),
        cadres=tuple(_cadre(simulation, i) for i in range(offices.first[row], offices.first[row + 1])),
    )


SHOWN = (
    "visits", "topics", "meeting_seats", "forms", "certificates_asked", "received", "received_urgent", "closed",
    "perfunctory", "complaints", "open", "overdue", "found", "hidden",
)  # fmt: skip
"""Numbers of an office's day that are kept."""


def _owed(simulation: Simulation, row: int, kind: int) -> Owed:
    found = items(simulation.columns.queues, row, kind)
    overdue = int((found["due"] < simulation.day - 1).sum())
    return Owed(ACTIVITIES[kind], len(found), float(found["left"].sum()), overdue)


def _cadre(simulation: Simulation, row: int) -> CadreDay:
    day, state = simulation.columns.day, simulation.columns.cadre
    return CadreDay(
        rank=RANKS[simulation.world.cadres.rank[row]],
        present=bool(day.present[row]),
        hours=tuple(day.hours[row].tolist()),
        overtime=float(day.overtime[row]),
        motivation=float(state.motivation[row]),
        caution=float(state.caution[row]),
        fatigue=float(state.fatigue[row]),
    )


def place_of(days: tuple[OfficeDay, ...], look: Look) -> tuple[OfficeDay, CadreDay] | None:
    """An office and one of its cadres on a day; None where there is no such place."""
    office = days[look.office]
    return (office, office.cadres[look.place]) if look.place < len(office.cadres) else None


def nearest_day(dates: Sequence[date], when: date) -> int:
    """Number of the last working day up to a date; the first for a date before all."""
    return max(0, sum(each <= when for each in dates) - 1)


class Look(NamedTuple):
    """Whom to look at: number of the office, place of the cadre in it, number of the working day; all from 0."""

    office: int
    place: int
    day: int


def look_of(query: Mapping[str, Any], dates: Sequence[date], offices: int, default: date) -> Look:
    """Whom to look at from the query of a link: what is out of range is clamped, what is not understood passed over."""
    found = {name: query.get(name, "") for name in ("office", "cadre", "date")}
    text = {name: str(v[0] if isinstance(v, list) and v else v) for name, v in found.items()}
    try:
        when = date.fromisoformat(text["date"])
    except ValueError:
        when = default
    office = int(text["office"]) if text["office"].isdecimal() and len(text["office"]) < 10 else 1
    place = int(text["cadre"]) if text["cadre"].isdecimal() and len(text["cadre"]) < 10 else 1
    return Look(min(max(office, 1), offices) - 1, max(place, 1) - 1, nearest_day(dates, when))


def offices_of(scenario: Scenario, seed: int) -> tuple[tuple[str, str], ...]:
    """Name and kind of every office."""
    world = build_world(scenario, Key(seed, 0))
    return tuple((str(name), KINDS[kind]) for name, kind in zip(world.office_names, world.offices.kind, strict=True))


def dates_of(scenario: Scenario) -> list[date]:
    """The working days of a run."""
    days: list[date] = WorkCalendar(scenario.period, scenario.calendar).dates.astype(object).tolist()
    return days
