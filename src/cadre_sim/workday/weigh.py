"""Weights of a rule beside the model's own, which is not compiled: asked for all cadres at once."""

from __future__ import annotations

from cadre_sim.activities import MEETINGS, OTHER, RECEPTION, URGENT
from cadre_sim.rules import Rule, Seen, weights_of
from cadre_sim.workday.allot import BURDEN_WANTS, SERVICE_WANTS
from cadre_sim.workday.columns import Columns


def weigh(columns: Columns, rule: Rule) -> None:
    """Ask a rule what each kind of work weighs with each cadre today, once it is known what is wanted.

    Raises:
        InputError: the rule fails, a weight is negative or no number, or there are not as many as cadres.
    """
    office, day, cadre = columns.cadres.office, columns.day, columns.cadre
    want = day.want[office]
    seen = Seen(
        caution=cadre.caution.copy(),
        motivation=cadre.motivation.copy(),
        fatigue=cadre.fatigue.copy(),
        pressure=columns.office.pressure[office],
        burden=want[:, BURDEN_WANTS].sum(axis=1),
        urgent=want[:, URGENT],
        service=want[:, SERVICE_WANTS].sum(axis=1),
        other=want[:, OTHER],
        engaged=day.hours[:, MEETINGS] + day.hours[:, RECEPTION],
    )
    found = weights_of(rule, seen)
    day.weight_burden[:], day.weight_urgent[:], day.weight_service[:] = found.burden, found.urgent, found.service
