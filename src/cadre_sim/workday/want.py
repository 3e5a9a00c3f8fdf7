"""Wants of a day: hours wanted of each cadre present, by activity, once it is known who is present."""

from __future__ import annotations

from cadre_sim.activities import ORDINARY, OTHER, READINESS, SCREENS, SIGNS, TRAINING, URGENT
from cadre_sim.compiling import step
from cadre_sim.events.orders import Orders
from cadre_sim.reforms.policy import Policy
from cadre_sim.workday.columns import Books, CadreState, Day, OfficeState, Today
from cadre_sim.workday.parameters import Categories, Parameters
from cadre_sim.workday.queue import MATTERS, OWED, Queues
from cadre_sim.world.columns import SPECIALIST, TOWNSHIP, Cadres, Offices

PERISHABLE = (READINESS, SIGNS, SCREENS, TRAINING, OTHER)
"""Wanted anew each day: what is not done today is not owed tomorrow."""


@step
def want(
    u: int,
    offices: Offices,
    cadres: Cadres,
    q: Queues,
    office: OfficeState,
    cadre: CadreState,
    day: Day,
    books: Books,
    categories: Categories,
    p: Parameters,
    policy: Policy,
    orders: Orders,
    today: Today,
) -> None:
    """Hours wanted of each cadre present: outstanding hours / days left, over the staff present.

    A matter's hours are hours of work at productivity 1; the hours wanted are divided by the mean productivity of those
    present, productivity = skill x practice x (1 - fatigue loss x fatigue) x (1 - control loss x felt visits), and
    multiplied by the effort that the matter's category takes. A matter that waits for another department is not wanted.
    """
    wanted = day.want[u]
    wanted[:] = 0.0
    staff = day.staff[u]
    if staff == 0:
        return
    productivity = _productivity(u, offices, cadres, office, cadre, day, categories, p)
    for k in OWED:
        first = q.start[u, k]
        for j in range(first, first + q.length[u, k]):
            wanted[k] += q.item[j].left / _days_left(q.item[j].due, p, today)
    for k in MATTERS:
        first = q.start[u, k]
        for j in range(first, first + q.length[u, k]):
            item = q.item[j]
            if item.wait == 0 or item.born + item.wait <= today.number:
                wanted[k] += item.left * day.effort[u, item.category] / _days_left(item.due, p, today)
    for k in range(wanted.size):
        wanted[k] /= staff
    wanted[URGENT] /= productivity
    wanted[ORDINARY] /= productivity
    wanted[READINESS] = p.readiness * policy.readiness_scale[u]
    signs = max(0.0, p.signs - policy.signs_removed[u])
    wanted[SIGNS] = signs * p.sign_hours * offices.load[u] / staff
    messages = orders.messages[offices.city[u]] + orders.messages[offices.county[u]]
    if offices.kind[u] != TOWNSHIP:
        messages += orders.messages[offices.township[u]]
    messages *= 1.0 - policy.task_share[u]
    wanted[SCREENS] = p.screens * policy.screens_scale[u] + messages * offices.load[u] / staff
    wanted[TRAINING] = p.training
    wanted[OTHER] = p.other_township if offices.kind[u] == TOWNSHIP else p.other
    for k in PERISHABLE:
        books.asked[u, k] += wanted[k] * staff


@step
def _days_left(due: int, p: Parameters, today: Today) -> int:
    return 1 if p.at_once else max(1, due - today.number + 1)


@step
def _productivity(
    u: int,
    offices: Offices,
    cadres: Cadres,
    office: OfficeState,
    cadre: CadreState,
    day: Day,
    categories: Categories,
    p: Parameters,
) -> float:
    """Productivity of each cadre present, and the effort that each category takes; returns the mean productivity.

    Effort is 1 / skill in a category: that of specialists in proportion to their part of the work, else that of local
    cadres, who have taken on a part of it (know-how).
    """
    control = max(0.0, 1.0 - p.control_loss * office.felt[u])
    total = 0.0
    for i in range(offices.first[u], offices.first[u + 1]):
        if day.present[i]:
            skill = cadre.skill[i] * (p.novice_skill + (1.0 - p.novice_skill) * cadre.practice[i])
            day.productivity[i] = skill * (1.0 - p.fatigue_loss * cadre.fatigue[i]) * control
            total += day.productivity[i]
    if day.specialists[u] > 0 or office.knowhow[u] > 0.0:
        _learn_effort(u, total, offices, cadres, office, day, categories)
    mean = total / day.staff[u]
    return mean if mean > 0.0 else 1.0


@step
def _learn_effort(
    u: int, total: float, offices: Offices, cadres: Cadres, office: OfficeState, day: Day, categories: Categories
) -> None:
    """Effort of each category where there are specialists, or were some; elsewhere it is that of the first day."""
    special = 0.0
    for i in range(offices.first[u], offices.first[u + 1]):
        if day.present[i] and cadres.rank[i] == SPECIALIST:
            special += day.productivity[i]
    part = special / total if total > 0.0 else 0.0
    for k in range(categories.local.size):
        local = categories.local[k]
        local += office.knowhow[u] * max(0.0, categories.specialist[k] - local)
        day.effort[u, k] = 1.0 / (local + part * max(0.0, categories.specialist[k] - local))
