"""The cycle of an office's day: one ordered list of steps, and the compiled function that takes them."""

from __future__ import annotations

from typing import NamedTuple

from cadre_sim.compiling import compiled
from cadre_sim.events.orders import Orders
from cadre_sim.reforms.policy import Policy
from cadre_sim.workday.allot import share
from cadre_sim.workday.arrive import count_arrivals, receive
from cadre_sim.workday.attend import attend
from cadre_sim.workday.columns import Columns, Today
from cadre_sim.workday.fates import befall, transgress
from cadre_sim.workday.minds import move_minds, remember
from cadre_sim.workday.muster import muster
from cadre_sim.workday.serve import complain, use_slack, work_off
from cadre_sim.workday.tally import tally
from cadre_sim.workday.want import want


class Step(NamedTuple):
    """A step of the day: its name, and why it stands where it stands."""

    name: str
    why: str


STEPS = (
    Step("muster", "who is on the roll today, before anything counts heads"),
    Step("count_arrivals", "how many matters and certificates come today, before queues are given room for them"),
    Step("receive", "orders from above and matters from below join the queue before anybody plans the day"),
    Step("attend", "absences, meetings and receptions come first: they cannot be put off"),
    Step("want", "hours wanted today of each cadre present, paced to their dates, once it is known who is present"),
    Step("share", "each cadre splits what is left of the day, then overtime"),
    Step("use_slack", "what nobody wanted goes to outreach, gold-plating and idleness"),
    Step("work_off", "hours work off the queue; matters at their date may be closed on paper or complained about"),
    Step("complain", "today's complaints become tomorrow's paperwork"),
    Step("remember", "the office's memory of visits and of outreach, once both are known"),
    Step("transgress", "violations found today are hidden no longer, new ones arise under today's felt oversight"),
    Step("befall", "accusations, cleared names and quits, before minds feel them"),
    Step("move_minds", "caution, fatigue and motivation move with the whole day"),
    Step("tally", "the day's numbers, last, when nothing changes any more"),
)
"""The steps of an office's day in order. :func:`work` takes them by their place in this list."""
(
    MUSTER, COUNT_ARRIVALS, RECEIVE, ATTEND, WANT, SHARE, USE_SLACK, WORK_OFF, COMPLAIN, REMEMBER, TRANSGRESS, BEFALL,
    MOVE_MINDS, TALLY,
) = range(len(STEPS))  # fmt: skip
"""Places of the steps in the list."""
BEFORE_ROOM = RECEIVE
"""How many steps come before the queues are given room for what arrives today."""
BEFORE_SHARE = SHARE
"""How many steps come before the day is split, by weights that a rule beside the model's own is asked for."""


@compiled
def work(
    first: int,
    last: int,
    from_office: int,
    to_office: int,
    c: Columns,
    today: Today,
    policy: Policy,
    orders: Orders,
) -> None:
    """Take the steps ``first`` to ``last - 1`` of the day at the offices ``from_office`` to ``to_office - 1``.

    Offices are independent of each other within a day, so they may be worked in any order and by any number of threads.
    """
    # Each step is handed the columns that it uses and no others: handing over all of them costs more than the step.
    offices, cadres, kept, categories, p, key, queues, office, cadre, day, books = c
    for u in range(from_office, to_office):
        if first <= MUSTER < last:
            muster(u, offices, cadres, cadre, day, p, key, today)
        if first <= COUNT_ARRIVALS < last:
            count_arrivals(u, offices, queues, office, day, kept, p, key, policy, orders, today)
        if first <= RECEIVE < last:
            receive(u, offices, queues, day, books, categories, p, key, policy, orders, today)
        if first <= ATTEND < last:
            attend(u, offices, day, books, p, key, today)
        if first <= WANT < last:
            want(u, offices, cadres, queues, office, cadre, day, books, categories, p, policy, orders, today)
        if first <= SHARE < last:
            share(u, offices, queues, office, cadre, day, p)
        if first <= USE_SLACK < last:
            use_slack(u, offices, cadre, day, p, policy)
        if first <= WORK_OFF < last:
            work_off(u, offices, queues, office, cadre, day, books, p, key, policy, today)
        if first <= COMPLAIN < last:
            complain(u, queues, office, day, books, p, today)
        if first <= REMEMBER < last:
            remember(u, offices, office, day, p, orders)
        if first <= TRANSGRESS < last:
            transgress(u, office, day, p, key, orders, today)
        if first <= BEFALL < last:
            befall(u, offices, cadres, cadre, day, p, key, policy, today)
        if first <= MOVE_MINDS < last:
            move_minds(u, offices, office, cadre, day, p, policy)
        if first <= TALLY < last:
            tally(u, offices, cadre, day, books, p, orders)
