"""The weights of a rule that is no part of the compiled day, for all cadres at once."""

from __future__ import annotations

import numpy as np

from cadre_sim.activities import MEETINGS, OTHER, RECEPTION, URGENT
from cadre_sim.errors import ModelError
from cadre_sim.rules import Rule, Seen
from cadre_sim.workday.allot import BURDEN_WANTS, SERVICE_WANTS
from cadre_sim.workday.columns import Columns


def weigh(columns: Columns, rule: Rule) -> None:
    """Ask a rule what each kind of work weighs with each cadre today, once it is known what is wanted.

    Raises:
        ModelError: a weight is negative or no number, or there are not as many as cadres.
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
    found = rule(seen)
    for column, name in enumerate(("burden", "urgent", "service")):
        try:
            day.weights[:, column] = np.asarray(getattr(found, name), np.float64)
        except (AttributeError, TypeError, ValueError) as error:
            raise ModelError(f"the rule {rule.__name__!r} gives no weights of {name} for each cadre: {error}") from None
    if not (np.isfinite(day.weights).all() and (day.weights >= 0.0).all()):
        raise ModelError(f"the rule {rule.__name__!r} gives a weight that is negative or no number")
