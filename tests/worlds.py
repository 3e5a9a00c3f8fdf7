"""Small worlds for tests: random ones that hypothesis draws, fixed ones that tell a story, and ways to look into a run.

A random scenario is drawn from what the models declare: every parameter may take its default, a plausible value, or any
value that a file may give, its ends included. So a new parameter or measure is under test from the day it is declared.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

import annotated_types
import numpy as np
from hypothesis import reject
from hypothesis import strategies as st
from numpy.typing import NDArray
from pydantic.fields import FieldInfo

from cadre_sim.errors import InputError
from cadre_sim.events.orders import Orders
from cadre_sim.events.plan import CampaignTerms, PlannedCampaigns, terms_of
from cadre_sim.events.run import EventRun
from cadre_sim.levels import LEVELS
from cadre_sim.record.result import RunResult
from cadre_sim.reforms.force import Reforms
from cadre_sim.scenario.behaviour import Behaviour
from cadre_sim.scenario.demand import Category, Demand
from cadre_sim.scenario.departments import (
    CampaignPlan,
    EvaluationPlan,
    FormPlan,
    MeetingPlan,
    TaskPlan,
)
from cadre_sim.scenario.fields import Section
from cadre_sim.scenario.integrity import Integrity
from cadre_sim.scenario.measures import measures
from cadre_sim.scenario.minds import Minds
from cadre_sim.scenario.oversight import Oversight, Teams
from cadre_sim.scenario.period import Calendar, Period
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.scenario.staff import Staff
from cadre_sim.simulation import Simulation
from cadre_sim.streams import Key
from cadre_sim.workday.queue import items
from cadre_sim.world.build import build_world
from cadre_sim.world.calendar import WorkCalendar
from cadre_sim.world.columns import DEPLOYED, KINDS, World

Sections = Mapping[str, Any]
Floats = NDArray[np.float64]

# ---- random worlds ----

COUNTRIES = ("CN", "CN", "CN", "DE", "US")
COUNTY_NAMES = ("North", "South", "West")
GROUP_NAMES = ("bureaus", "offices", "commissions")
MOST = {
    # What would only take time in a test: the same code runs as with less of it.
    "matters": 5000.0, "matters_township": 1000.0, "certificates": 2000.0, "certificate_kinds": 150,
    "per_year": 60.0, "per_month": 12.0, "cadres_per_office": 4.0, "cadres_per_township": 6.0, "tour": 30, "number": 30,
}  # fmt: skip
"""Lower ends for what a drawn parameter may be at most."""


def value_of(name: str, field: FieldInfo) -> st.SearchStrategy[Any]:
    """Values of a declared parameter: plausible ones more often than those that are merely allowed."""
    extra = field.json_schema_extra
    assert isinstance(extra, dict), name
    low, high = (float(v) for v in extra["plausible"])  # type: ignore[union-attr, arg-type]
    least = max((float(m.ge) for m in field.metadata if isinstance(m, annotated_types.Ge)), default=0.0)
    most = min((float(m.le) for m in field.metadata if isinstance(m, annotated_types.Le)), default=100.0)
    most = min(most, MOST.get(name, most))
    low, high = max(low, least), min(max(high, least), most)
    low = min(low, high)
    if field.annotation is int:
        return st.integers(int(low), int(high)) | st.integers(int(least), int(most)) | st.sampled_from((least, most))
    # Rounded, as people write them: a rate of 1e-310 says nothing about the model.
    spans = (st.floats(low, high), st.floats(least, most), st.sampled_from((least, most)))
    return st.one_of(*spans).map(lambda v: min(max(round(v, 4), least), most))


def parameters(section: type[Section], most: int = 5) -> st.SearchStrategy[dict[str, Any]]:
    """Values for a few of a section's parameters."""
    declared = {n: f for n, f in section.model_fields.items() if isinstance(f.json_schema_extra, dict)}
    few = st.lists(st.sampled_from(sorted(declared)), max_size=most, unique=True)
    return few.flatmap(lambda names: st.fixed_dictionaries({n: value_of(n, declared[n]) for n in sorted(names)}))


@st.composite
def periods(draw: st.DrawFn) -> dict[str, date | None]:
    """2 to 60 days somewhere in 2024 and 2025, often over a holiday or the end of a year, perhaps measured in part."""
    odd = (date(2024, 2, 5), date(2024, 9, 27), date(2024, 12, 20), date(2025, 1, 24), date(2025, 9, 25))
    start = draw(st.sampled_from(odd) | st.dates(date(2024, 1, 1), date(2025, 12, 1)))
    end = start + timedelta(days=draw(st.integers(1, 59)))
    return {"start": start, "end": end, "measure_from": draw(st.none() | st.dates(start, end))}


@st.composite
def places(draw: st.DrawFn) -> dict[str, Any]:
    """One to three sorts of county, some of a city of their own, some only governments, some where nobody lives."""
    counties = []
    for name in COUNTY_NAMES[: draw(st.integers(1, 3))]:
        offices = draw(st.integers(0, 8))
        residents = draw(st.integers(200, 6000) | st.just(0))
        communities = draw(st.integers(0, offices))
        townships = draw(st.integers(1, 2))
        number = draw(st.sampled_from((1, 1, 1, 1, 2)))
        counties.append(
            {
                "name": name,
                "number": number,
                "a_city": draw(st.sampled_from((0, 0, 1, 2))),
                "residents": residents,
                "offices": offices,
                "communities": communities,
                "townships": townships,
            }
        )
    return {"counties": counties, "size_spread": draw(st.sampled_from((0.0, 0.45, 2.0)))}


@st.composite
def groups(draw: st.DrawFn, levels: tuple[str, ...] = LEVELS) -> dict[str, Any]:
    """A group of departments with some of the five kinds of plan."""
    body: dict[str, Any] = {"level": draw(st.sampled_from(levels)), "number": draw(st.integers(1, 2))}
    plans = {"campaigns": CampaignPlan, "meetings": MeetingPlan, "forms": FormPlan, "tasks": TaskPlan}
    for name, plan in plans.items():
        if draw(st.booleans()):
            body[name] = draw(parameters(plan))
            body[name] |= {"per_month" if name in ("forms", "tasks") else "per_year": draw(st.floats(0.5, 40.0))}
    if "campaigns" in body:
        body["campaigns"]["urgent"] = draw(st.booleans())
        if draw(st.booleans()):  # one team after another, each away for long: others must wait
            body["campaigns"] |= {"per_year": 200.0, "coverage": 1.0, "visits_per_day": 1, "tour": 4}
    if draw(st.booleans()):
        body["evaluations"] = draw(parameters(EvaluationPlan)) | {"comprehensive": draw(st.booleans())}
    return body


@st.composite
def scenarios(draw: st.DrawFn, levels: tuple[str, ...] = LEVELS) -> Scenario:
    """A small world without reforms; ``levels`` are those that its departments may be of."""
    staff = draw(parameters(Staff, 4))
    staff |= {n: draw(value_of(n, Staff.model_fields[n])) for n in ("cadres_per_office", "cadres_per_township")}
    behaviour = draw(parameters(Behaviour)) | {"minds": draw(parameters(Minds))}
    demand = draw(parameters(Demand))
    match draw(st.sampled_from(("usual",) * 6 + ("overloaded", "no demand", "absent", "no overtime", "at once"))):
        case "overloaded":
            demand |= {"matters": 5000.0}
        case "no demand":
            demand |= {"matters": 0.0, "matters_township": 0.0, "certificates": 0.0}
        case "absent":
            staff |= {"absence": 0.9}
        case "no overtime":
            behaviour |= {"overtime_ceiling": 0.0}
        case "at once":
            behaviour |= {"pace": "at_once"}
    if draw(st.integers(0, 5)) == 0:
        behaviour |= {"rule": draw(st.sampled_from(["proportional", "burden_first", "service_first"]))}
    categories = draw(st.lists(parameters(Category, 3), min_size=1, max_size=3) | st.none())
    if categories is not None:
        demand |= {"categories": {f"category {k}": body for k, body in enumerate(categories)}}
    names = GROUP_NAMES[: draw(st.sampled_from((0, 1, 2, 2, 3, 3)))]
    teams = draw(st.sampled_from(({"city": 0.001, "county": 0.001, "township": 0.001}, {})) | parameters(Teams))
    content = {
        "period": draw(periods()),
        "calendar": {"country": draw(st.sampled_from(COUNTRIES))},
        "place": draw(places()),
        "staff": staff,
        "demand": demand,
        "behaviour": behaviour,
        "oversight": draw(parameters(Oversight)) | {"teams": teams},
        "integrity": draw(parameters(Integrity) | st.just({"violations": 50.0, "detection": 0.5})),
        "departments": {name: draw(groups(levels)) for name in names},
    }
    first = content["period"]["measure_from"]
    if first is not None and not has_working_day(first, content["period"]["end"], content["calendar"]["country"]):
        content["period"]["measure_from"] = None  # there would be nothing to measure
    scenario = Scenario.model_validate(content)
    if not has_working_day(scenario.period.start, scenario.period.end, scenario.calendar.country):
        reject()
    return scenario


@st.composite
def reforms(
    draw: st.DrawFn, scenario: Scenario, *, least: int = 0, own_where: bool = True
) -> dict[str, dict[str, Any]]:
    """Some measures with random parameters, dates and force, one of each at most.

    ``own_where`` lets each be for some counties or kinds of office only, and start in others at another date.
    """
    chosen = draw(st.lists(st.sampled_from(sorted(measures())), min_size=least, max_size=4, unique=True))
    return {key: draw(reform(scenario, key, chosen[:place], own_where)) for place, key in enumerate(chosen)}


@st.composite
def reform(draw: st.DrawFn, scenario: Scenario, key: str, before: list[str], own_where: bool) -> dict[str, Any]:
    """One reform; it goes over those that were drawn before it, so that no two are in conflict."""
    start, end = scenario.period.start, scenario.period.end
    dates = st.dates(start - timedelta(days=5), end + timedelta(days=3))
    body = draw(parameters(measures()[key]))
    body |= {"from": draw(dates), "over": tuple(before)}
    starts = [body["from"]]
    counties = [name for county in scenario.place.counties for name in county.names()]
    if own_where and draw(st.booleans()):
        body["where"] = draw(
            st.fixed_dictionaries(
                {},
                optional={
                    "counties": st.lists(st.sampled_from(counties), unique=True),
                    "kinds": st.lists(st.sampled_from(KINDS), unique=True),
                },
            )
        )
    if own_where and draw(st.booleans()):
        body["rollout"] = draw(st.dictionaries(st.sampled_from(counties), dates, max_size=2))
        starts += body["rollout"].values()
    if draw(st.booleans()):
        body["until"] = max(starts) + timedelta(days=draw(st.integers(0, 30)))
    return body


def with_reforms(scenario: Scenario, laid_over: Mapping[str, Any]) -> Scenario:
    """A scenario with reforms, measured on the dates on which it is measured without them."""
    period = scenario.measured_alike(scenario).period
    content = scenario.to_dict() | {"reforms": laid_over, "period": period}
    return Scenario.model_validate(content)


def has_working_day(first: date, last: date, country: str) -> bool:
    """Whether anybody works from one date to another."""
    try:
        WorkCalendar(Period(start=first, end=last), Calendar(country=country))
    except InputError:
        return False
    return True


# ---- fixed worlds ----

CALM: dict[str, Any] = {
    "staff": {"absence": 0.0, "skill_spread": 0.0, "cadres_per_office": 4, "cadres_per_township": 10},
    "demand": {
        "matters": 0.0, "matters_township": 0.0, "certificates": 0.0, "office_spread": 0.0,
        "categories": {"any": {"waits": 0.0}},
    },
    "behaviour": {"minds": {"quits": 0.0, "false_accusations": 0.0}},
    "integrity": {"violations": 0.0},
    "oversight": {
        "finding_share": 0.0, "excess": 0.0, "excess_creep": 0.0, "rebound": 0.0,
        "screens": 0.0, "trace_hours": 0.0, "signs": 0.0, "amplification": 1.0,
        "teams": {"city": 1000, "county": 1000, "township": 1000},
    },
}  # fmt: skip
"""Nothing happens by itself.

Nobody is absent, no resident comes, no visit finds anything, nobody transgresses or quits, departments keep to their
plans, teams are never short.
"""


def calm(**sections: Any) -> Scenario:
    """The year 2025 in a city of two counties of four villages and a township each, where nothing happens by itself.

    A section given is laid over that of :data:`CALM`.
    """
    county = {"residents": 8000, "offices": 4, "townships": 1}
    content: dict[str, Any] = {
        "period": {"start": date(2025, 1, 1), "end": date(2025, 12, 31)},
        "place": {"counties": [{"name": name, **county} for name in COUNTY_NAMES[:2]], "size_spread": 0.0},
    }
    content |= {name: CALM[name] | sections.pop(name, {}) for name in CALM}
    return Scenario.model_validate(content | sections)


def times(wanted: float, scenario: Scenario) -> float:
    """What ``per_year`` must be for something to happen exactly ``wanted`` times in a period within one year."""
    return wanted * 250.0 / WorkCalendar(scenario.period, scenario.calendar).days


VILLAGES, TOWNSHIPS = (0, 1, 2, 3, 5, 6, 7, 8), (4, 9)
"""Offices of :func:`calm` that are villages, and those that are township governments."""


# ---- looking into a run ----


class Lab(NamedTuple):
    """The parts of a run before its first day."""

    world: World
    calendar: WorkCalendar
    reforms: Reforms
    events: EventRun


def lab(scenario: Scenario, seed: int = 1) -> Lab:
    """The parts of a run of a scenario, made as the model makes them."""
    key = Key(seed, 0)
    world = build_world(scenario, key)
    calendar = WorkCalendar(scenario.period, scenario.calendar)
    laid_over = Reforms(scenario, world, calendar, key)
    return Lab(world, calendar, laid_over, EventRun(scenario, world, calendar, laid_over, key))


def open_campaign(here: Lab, start: int, area: int, number: int, plan: CampaignPlan) -> None:
    """Plan one more campaign, of the first department of an area; before the first day only."""
    planned = here.events.context.plan
    level = int(here.world.area_level[area])
    row = PlannedCampaigns(*(np.array([v]) for v in (start, level, area, number, 0, planned.terms.notice.size)))
    here.events.context.plan = planned._replace(
        campaigns=PlannedCampaigns(*(np.concatenate(c) for c in zip(planned.campaigns, row, strict=True))),
        terms=CampaignTerms(*(np.concatenate(c) for c in zip(planned.terms, terms_of([plan]), strict=True))),
    )


def day_of(events: EventRun, number: int) -> Orders:
    """What events bring on a day of a run in which nothing is hidden."""
    return events.day(number, np.zeros(events.context.world.offices.kind.size))


class Asked(NamedTuple):
    """Work that events asked of an office."""

    day: int
    office: int
    kind: int
    hours: float
    due: int


def asked_on(day: int, orders: Orders) -> list[Asked]:
    """Work for single offices among a day's orders."""
    office = np.repeat(np.arange(orders.visits.size), np.diff(orders.office_start))
    columns = (office, orders.office_kind, orders.office_hours, orders.office_due)
    return [Asked(day, int(o), int(k), float(h), int(d)) for o, k, h, d in zip(*columns, strict=True)]


def run(scenario: Scenario, **options: Any) -> RunResult:
    """Run a scenario to its end."""
    return Simulation(scenario, **options).run()


def local_days(result: RunResult) -> Floats:
    """Hours of every day of the local cadres, shape (days, cadres, columns)."""
    assert result.cadre_days is not None
    return result.cadre_days[:, result.world.cadres.rank < DEPLOYED]


def prints_of(result: RunResult) -> dict[str, str]:
    """A fingerprint of the bytes of every array that a run leaves, of local cadres where it is by cadre.

    Places of people sent are rows of their own, also where nobody comes.
    """
    local = result.world.cadres.rank < DEPLOYED
    arrays: dict[str, NDArray[Any] | None] = {
        "dates": result.dates, "daily": result.daily, "minds": result.minds[local], "excess": result.excess,
    }  # fmt: skip
    if result.cadre_days is not None:
        arrays["cadre_days"] = local_days(result)
    for name, window in (("before", result.before), ("after", result.after)):
        arrays |= {f"{name}.{part}": getattr(window, part, None) for part in type(result.after)._fields}
        if window is not None:
            arrays[f"{name}.cadre_hours"] = window.cadre_hours[local]
    return {name: fingerprint(array) for name, array in arrays.items() if array is not None}


def state_prints(model: Simulation, *, only_local: bool = False) -> dict[str, str]:
    """A fingerprint of all that a model's next day depends on, and of its books.

    With ``only_local`` without the places of people sent, which are rows also where nobody comes.
    """
    columns = model.columns
    parts: dict[str, Any] = columns.office._asdict() | columns.books._asdict()
    of_cadres = columns.cadre._asdict() | {"cadre_hours": columns.books.cadre_hours}
    rows = columns.cadres.rank < DEPLOYED if only_local else slice(None)
    parts |= {name: array[rows] for name, array in of_cadres.items()}
    queues = columns.queues
    used = [items(queues, u, k) for u, k in zip(*np.nonzero(queues.length), strict=True)]
    parts |= {"count": queues.length, "item": np.concatenate([queues.item[:0], *used])}
    return {name: fingerprint(array) for name, array in parts.items()}


def fingerprint(array: NDArray[Any]) -> str:
    """A short digest of an array's shape and bytes."""
    if array.dtype.names:  # a record's padding is no part of it
        return " ".join(fingerprint(array[name]) for name in array.dtype.names)
    return hashlib.blake2b(
        repr(array.shape).encode() + np.ascontiguousarray(array).tobytes(), digest_size=8
    ).hexdigest()
