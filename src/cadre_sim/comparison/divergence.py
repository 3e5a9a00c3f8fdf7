"""The check that two arms are identical until the reform that parts them."""

from __future__ import annotations

from datetime import date

import numpy as np

from cadre_sim.errors import DivergenceError
from cadre_sim.model import CadreModel
from cadre_sim.record.result import RunResult
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.workday.outputs import OUTPUTS
from cadre_sim.world.columns import KINDS


def parting_date(baseline: Scenario, reform: Scenario) -> date | None:
    """First date on which two scenarios may differ: that of the first reform that is not in both.

    The day after the period where no reform parts them; None where they differ in more than reforms, so that nothing is
    to be expected.
    """
    apart = parting_reforms(baseline, reform)
    if apart is None:
        return None
    found = [s.reforms[name].first_date for s in (baseline, reform) for name in apart if name in s.reforms]
    return min(found, default=date.max)


def parting_reforms(baseline: Scenario, reform: Scenario) -> tuple[str, ...] | None:
    """Names of the reforms that are not the same in two scenarios; None where they differ in more than reforms."""
    if baseline.without_reforms().digest != reform.without_reforms().digest:
        return None
    names = dict.fromkeys([*baseline.reforms, *reform.reforms])
    return tuple(name for name in names if baseline.reforms.get(name) != reform.reforms.get(name))


def check_identical(baseline: Scenario, reform: Scenario, a: RunResult, b: RunResult) -> int | None:
    """Compare two runs of a replicate bit for bit until the arms part.

    Returns:
        How many working days were compared; None where the scenarios differ in more than reforms.

    Raises:
        DivergenceError: names the first day, office and output that differ.
    """
    parting = parting_date(baseline, reform)
    if parting is None:
        return None
    days = int(np.searchsorted(a.dates, np.datetime64(min(parting, date(9999, 1, 1)), "D")))
    same = (a.daily[:days].view(np.int64) == b.daily[:days].view(np.int64)).all(axis=(1, 2))
    if not same.all():
        _explain(baseline, reform, a, b, int(np.flatnonzero(~same)[0]))
    return days


def _explain(baseline: Scenario, reform: Scenario, a: RunResult, b: RunResult, day: int) -> None:
    """Run both arms again to the day on which they part, and say where."""
    which = f"(seed {a.key.seed}, replicate {a.key.replicate})"
    models = [CadreModel(s, seed=a.key.seed, replicate=a.key.replicate) for s in (baseline, reform)]
    for model in models:
        model.run_for(day + 1)
    left, right = (m.columns.day.out for m in models)
    apart = np.argwhere(left != right)
    if apart.size == 0:
        group, output = (int(x) for x in np.argwhere(a.daily[day] != b.daily[day])[0])
        raise DivergenceError(
            f"the arms differ before the reform: on {a.dates[day]}, in {a.world.counties[group // len(KINDS)]}, "
            f"{OUTPUTS[output]} is {a.daily[day, group, output]!r} in the baseline and {b.daily[day, group, output]!r} "
            f"in the reform, but not when both are run again: something outlives a run {which}"
        )
    office, output = (int(x) for x in apart[0])
    raise DivergenceError(
        f"the arms differ before the reform: on {a.dates[day]}, at {a.world.office_names[office]}, "
        f"{OUTPUTS[output]} is {left[office, output]!r} in the baseline and {right[office, output]!r} in the reform "
        f"{which}"
    )
