"""The hot state: what changes from day to day, as columns."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cadre_sim.activities import COUNT
from cadre_sim.arrays import Floats, Ints
from cadre_sim.streams import Key
from cadre_sim.workday.outputs import DAY_BINS, OUTPUTS
from cadre_sim.workday.parameters import Categories, Parameters
from cadre_sim.workday.queue import QUEUES, Queues, new_queues
from cadre_sim.world.columns import Cadres, Offices, World


class OfficeState(NamedTuple):
    """State of offices, arrays of shape (offices,).

    ``felt``: visits a week as the office feels them. ``pressure``: weight of evaluations in season. ``prevention``:
    outreach in hours a week per 1000 residents, as it still works. ``complaints``: recent complaints. ``neglected``:
    share of open matters past their date at the end of the last day. ``hidden``: violations nobody has found.
    ``blame``: violations found for each cadre, fading. ``knowhow``: how much of the specialists' skill the office has
    taken on, 0 to 1.
    """

    felt: Floats
    pressure: Floats
    prevention: Floats
    complaints: Floats
    neglected: Floats
    hidden: Floats
    blame: Floats
    knowhow: Floats


class CadreState(NamedTuple):
    """State of cadres, arrays of shape (cadres,).

    ``motivation``, ``caution`` and ``fatigue``, 0 to 1. ``practice``: what part of the way from novice to full skill is
    behind them, 0 to 1. ``accused``: 1 under a false accusation that is not cleared, else 0. ``vacant``: working day
    until which the place is empty since a cadre quit, 0 or less where nobody did. ``hires``: novices whom the place has
    had. The rest are the traits of whoever is in the place, see :class:`cadre_sim.world.columns.Traits`.
    """

    motivation: Floats
    caution: Floats
    fatigue: Floats
    practice: Floats
    accused: Floats
    vacant: Ints
    hires: Ints
    motivation_trait: Floats
    caution_trait: Floats
    skill: Floats


class Day(NamedTuple):
    """What one day leaves, written anew each day.

    ``hours`` by cadre and activity; ``overtime``, ``contracted`` and ``slack`` hours, ``present`` and ``productivity``
    by cadre, ``rolled``: whether somebody is in the place; ``want`` by office and activity: hours wanted of each cadre
    present; ``out`` by office and output; ``arrivals`` by office: matters and certificates; ``seats`` by office: seats
    and hours of meetings, then of receptions; ``staff``: cadres present, ``roll``: cadres on the roll, ``mentors``:
    people sent among them, ``specialists``: technical specialists among them, by office; ``effort``: hours of work that
    an hour's worth of a matter takes, by office and category; ``needed``: items for which each queue must have room
    today, by office and activity, and ``short``: whether one has not; ``weights`` of burden, urgent matters and service
    by cadre, where a rule beside the model's own gives them (else without a row).
    """

    hours: Floats
    overtime: Floats
    contracted: Floats
    slack: Floats
    present: NDArray[np.bool_]
    rolled: NDArray[np.bool_]
    productivity: Floats
    want: Floats
    out: Floats
    arrivals: Ints
    seats: Floats
    staff: Ints
    roll: Ints
    mentors: Ints
    specialists: Ints
    effort: Floats
    needed: Ints
    short: NDArray[np.bool_]
    weights: Floats


class Books(NamedTuple):
    """What is kept up over days: hours asked, worked and withdrawn by office and activity; totals of the window.

    ``cadre_hours`` has the hours of each activity, then overtime and days present, by cadre. ``office_totals`` has the
    outputs and ``days_to_close`` the distribution of calendar days to close, by office.
    """

    asked: Floats
    worked: Floats
    withdrawn: Floats
    cadre_hours: Floats
    office_totals: Floats
    days_to_close: NDArray[np.int32]


class Columns(NamedTuple):
    """Everything that a day's work reads and writes."""

    offices: Offices
    cadres: Cadres
    certificate_kept: Floats
    categories: Categories
    parameters: Parameters
    key: Key
    queues: Queues
    office: OfficeState
    cadre: CadreState
    day: Day
    books: Books


class Today(NamedTuple):
    """What is the same for every office on a day.

    ``number`` of the working day, its date as days since 1970 (``ordinal``; ``ordinals`` has those of all days), and
    ``season``: demand in terms of its yearly mean.
    """

    number: int
    ordinal: int
    ordinals: Ints
    season: float


def new_columns(world: World, parameters: Parameters, categories: Categories, key: Key) -> Columns:
    """The state of a world before its first day."""
    offices, cadres = world.offices.kind.size, world.cadres.office.size
    zeros = np.zeros
    return Columns(
        offices=world.offices,
        cadres=world.cadres,
        certificate_kept=world.certificate_kept,
        categories=categories,
        parameters=parameters,
        key=key,
        queues=new_queues(world.offices.matters),
        office=OfficeState(*(zeros(offices) for _ in OfficeState._fields)),
        cadre=CadreState(
            motivation=world.traits.motivation.copy(),
            caution=world.traits.caution.copy(),
            fatigue=zeros(cadres),
            practice=np.ones(cadres),
            accused=zeros(cadres),
            vacant=zeros(cadres, np.int64),
            hires=zeros(cadres, np.int64),
            motivation_trait=world.traits.motivation.copy(),
            caution_trait=world.traits.caution.copy(),
            skill=world.traits.skill.copy(),
        ),
        day=Day(
            hours=zeros((cadres, COUNT)),
            overtime=zeros(cadres),
            contracted=zeros(cadres),
            slack=zeros(cadres),
            present=zeros(cadres, np.bool_),
            rolled=zeros(cadres, np.bool_),
            productivity=zeros(cadres),
            want=zeros((offices, COUNT)),
            out=zeros((offices, len(OUTPUTS))),
            arrivals=zeros((offices, 2), np.int64),
            seats=zeros((offices, 4)),
            staff=zeros(offices, np.int64),
            roll=zeros(offices, np.int64),
            mentors=zeros(offices, np.int64),
            specialists=zeros(offices, np.int64),
            effort=np.tile(1.0 / categories.local, (offices, 1)),
            needed=zeros((offices, QUEUES), np.int64),
            short=zeros(offices, np.bool_),
            weights=zeros((cadres if parameters.own_rule else 0, 3)),
        ),
        books=Books(
            asked=zeros((offices, COUNT)),
            worked=zeros((offices, COUNT)),
            withdrawn=zeros((offices, COUNT)),
            cadre_hours=zeros((cadres, COUNT + 2)),
            office_totals=zeros((offices, len(OUTPUTS))),
            days_to_close=zeros((offices, DAY_BINS), np.int32),
        ),
    )
