"""The check that two arms are identical until the reform that parts them."""

from __future__ import annotations

from datetime import date

import numpy as np

from cadre_sim.comparison.arm_run import ArmRun
from cadre_sim.errors import DivergenceError
from cadre_sim.scenario.loading import Arm
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.simulation import Simulation
from cadre_sim.workday.outputs import OUTPUTS


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


def identical_days(arm: Arm, baseline: ArmRun, reform: ArmRun) -> int | None:
    """Compare the runs of a baseline and of its scenario bit for bit until they part.

    Returns:
        How many working days were compared; None where the scenarios differ in more than reforms.

    Raises:
        DivergenceError: names the first day, office and output that differ.
    """
    parting = parting_date(arm.baseline, arm.reform)
    if parting is None:
        return None
    days = int(np.searchsorted(baseline.dates, np.datetime64(min(parting, date(9999, 1, 1)), "D")))
    apart = next((day for day in range(days) if baseline.marks[day] != reform.marks[day]), None)
    if apart is not None:
        _explain(arm, baseline, apart)
    return days


def _explain(arm: Arm, run: ArmRun, day: int) -> None:
    """Run both arms again to the day on which they part, and say where."""
    which = f"(seed {run.key.seed}, replicate {run.key.replicate})"
    simulations = [Simulation(s, seed=run.key.seed, replicate=run.key.replicate) for s in (arm.baseline, arm.reform)]
    for simulation in simulations:
        simulation.run_for(day + 1)
    left, right = (s.columns.day.out for s in simulations)
    apart = np.argwhere(left != right)
    if apart.size == 0:
        raise DivergenceError(
            f"the arms differ before the reform: on {run.dates[day]}, but not when both are run again: something "
            f"outlives a run {which}"
        )
    office, output = (int(x) for x in apart[0])
    raise DivergenceError(
        f"the arms differ before the reform: on {run.dates[day]}, at {simulations[0].world.office_names[office]}, "
        f"{OUTPUTS[output]} is {left[office, output]!r} in the baseline and {right[office, output]!r} in the reform "
        f"{which}"
    )
