"""The hot state: what changes from day to day, as columns."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cadre_sim.activities import COUNT
from cadre_sim.arrays import Bools, Floats, Ints
from cadre_sim.streams import Key
from cadre_sim.workday.outputs import CADRE_TOTALS, DAY_BINS, OUTPUTS
from cadre_sim.workday.parameters import Categories, Parameters
from cadre_sim.workday.queue import QUEUES, Queues, new_queues
from cadre_sim.world.columns import Cadres, Offices, World


class OfficeState(NamedTuple):
    """State of offices from day to day, arrays of shape (offices,).

    Attributes:
        felt: visits as the office feels them [visits/week].
        pressure: weight of the evaluations in season [1].
        prevention: outreach, as it still works [h/week/1000 residents].
        complaints: recent complaints, fading [complaints].
        neglected: share of open matters past their date at the end of the last day [1].
        hidden: violations that nobody has found, whole [violations].
        blame: violations found, fading [violations/cadre].
        knowhow: how much of the specialists' skill the office has taken on, 0 to 1 [1].
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
    """State of the places on the staff and of whoever is in them, arrays of shape (cadres,).

    Attributes:
        motivation: 0 to 1 [1].
        caution: 0 to 1 [1].
        fatigue: 0 to 1 [1].
        practice: part of the way from novice to full skill that is behind them, 0 to 1 [1].
        accused: 1 under a false accusation that is neither cleared nor forgotten, else 0 [1].
        vacant: first day of the novice who takes the place, 0 where nobody has quit [working day].
        hires: novices whom the place has had [persons].
        motivation_trait: disposition that motivation tends to, 0 to 1 [1].
        caution_trait: disposition that caution tends to, 0 to 1 [1].
        skill: work done an hour with full practice, mean 1 [1].
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
    """One day of cadres and offices, written anew each day; each field means one thing from its step on.

    Attributes:
        hours: time spent on each activity [h], shape (cadres, activities).
        overtime: time beyond the contracted day [h], shape (cadres,).
        contracted: contracted hours of those present, 0 of others [h], shape (cadres,).
        slack: contracted time that nothing wanted fills [h], shape (cadres,).
        present: whether the cadre is at work, shape (cadres,).
        rolled: whether somebody is in the place, shape (cadres,).
        productivity: work done an hour by those present [1], shape (cadres,).
        weight_burden: weight of burden in a rule beside the model's own [1], shape (cadres,); without such a rule (0,).
        weight_urgent: that of urgent matters, likewise.
        weight_service: that of ordinary matters and training, likewise.
        want: hours wanted of each cadre present, by activity [h/cadre], shape (offices, activities).
        done: work that the day's hours do, gold-plating left out; of matters, hours x productivity [h], shape
            (offices, activities).
        service_undone: share of the hours wanted of matters that nobody gave [1], shape (offices,).
        out: what the day leaves, see :data:`cadre_sim.workday.outputs.OUTPUTS`, shape (offices, outputs).
        matters: matters that residents bring, shape (offices,).
        certificates: certificates that residents ask for, shape (offices,).
        meeting_seats: seats in meetings, whole [seats], shape (offices,).
        meeting_hours: hours that all these seats take together [h], shape (offices,).
        reception_seats: seats of escorts at visits, whole [seats], shape (offices,).
        reception_hours: hours that all these seats take together [h], shape (offices,).
        staff: cadres present, shape (offices,).
        roll: cadres on the roll, shape (offices,).
        mentors: people sent from above among those on the roll, shape (offices,).
        specialists: technical specialists among those, shape (offices,).
        effort: hours of work that an hour's worth of a matter takes [1], shape (offices, categories).
        needed: items for which each queue must have room, shape (offices, queues).
        short: whether a queue of the office has less room than that, shape (offices,).
    """

    hours: Floats
    overtime: Floats
    contracted: Floats
    slack: Floats
    present: Bools
    rolled: Bools
    productivity: Floats
    weight_burden: Floats
    weight_urgent: Floats
    weight_service: Floats
    want: Floats
    done: Floats
    service_undone: Floats
    out: Floats
    matters: Ints
    certificates: Ints
    meeting_seats: Floats
    meeting_hours: Floats
    reception_seats: Floats
    reception_hours: Floats
    staff: Ints
    roll: Ints
    mentors: Ints
    specialists: Ints
    effort: Floats
    needed: Ints
    short: Bools


class Books(NamedTuple):
    """Sums over days: of what was asked since the first day, and of what a window of days has left.

    Attributes:
        asked: hours asked for since the first day [h], shape (offices, activities).
        worked: hours of these that were worked [h], shape (offices, activities).
        withdrawn: hours of these that nobody owes any more, undone [h], shape (offices, activities).
        cadre_hours: totals of the window by cadre, see :data:`cadre_sim.workday.outputs.CADRE_TOTALS`, shape
            (cadres, totals).
        office_totals: outputs summed over the window, shape (offices, outputs).
        days_to_close: matters closed in the window by calendar days that it took, shape (offices, bins).
    """

    asked: Floats
    worked: Floats
    withdrawn: Floats
    cadre_hours: Floats
    office_totals: Floats
    days_to_close: NDArray[np.int32]


class Columns(NamedTuple):
    """Everything that a day's work reads and writes.

    Attributes:
        offices: fixed values of offices.
        cadres: places on the staff, and when somebody is in them.
        certificate_kept: share of requests that remain when r kinds have left the catalogue [1], shape (kinds + 1,).
        categories: categories of matters.
        parameters: numbers of the scenario, in hours and working days.
        key: seed and replicate of the draws.
        queues: items that offices owe.
        office: state of offices.
        cadre: state of cadres.
        day: the day that is worked, or the last one.
        books: sums over days.
    """

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
    """Inputs of a day that are the same for every office.

    Attributes:
        number: number of the working day, from 0.
        ordinal: its date [days since 1970-01-01].
        ordinals: the dates of all working days of the run, likewise, shape (days,).
        season: demand of the day in terms of its yearly mean [1].
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
        day=_new_day(offices, cadres, parameters, categories),
        books=Books(
            asked=zeros((offices, COUNT)),
            worked=zeros((offices, COUNT)),
            withdrawn=zeros((offices, COUNT)),
            cadre_hours=zeros((cadres, len(CADRE_TOTALS))),
            office_totals=zeros((offices, len(OUTPUTS))),
            days_to_close=zeros((offices, DAY_BINS), np.int32),
        ),
    )


def _new_day(offices: int, cadres: int, parameters: Parameters, categories: Categories) -> Day:
    weighed = cadres if parameters.own_rule else 0
    zeros = np.zeros
    return Day(
        hours=zeros((cadres, COUNT)),
        overtime=zeros(cadres),
        contracted=zeros(cadres),
        slack=zeros(cadres),
        present=zeros(cadres, np.bool_),
        rolled=zeros(cadres, np.bool_),
        productivity=zeros(cadres),
        weight_burden=zeros(weighed),
        weight_urgent=zeros(weighed),
        weight_service=zeros(weighed),
        want=zeros((offices, COUNT)),
        done=zeros((offices, COUNT)),
        service_undone=zeros(offices),
        out=zeros((offices, len(OUTPUTS))),
        matters=zeros(offices, np.int64),
        certificates=zeros(offices, np.int64),
        meeting_seats=zeros(offices),
        meeting_hours=zeros(offices),
        reception_seats=zeros(offices),
        reception_hours=zeros(offices),
        staff=zeros(offices, np.int64),
        roll=zeros(offices, np.int64),
        mentors=zeros(offices, np.int64),
        specialists=zeros(offices, np.int64),
        effort=np.tile(1.0 / categories.local, (offices, 1)),
        needed=zeros((offices, QUEUES), np.int64),
        short=zeros(offices, np.bool_),
    )
