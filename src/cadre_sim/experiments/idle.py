"""Arms of an experiment whose reforms can change nothing: told before hours are spent on runs."""

from __future__ import annotations

from collections.abc import Iterator

from cadre_sim.experiments.plan import Plan
from cadre_sim.reforms.idle import idle_reforms
from cadre_sim.world.calendar import WorkCalendar
from cadre_sim.world.outline import outline_of


def idle_notes(plan: Plan) -> Iterator[str]:
    """A line for each reform of an arm that can change nothing as the arm's scenario stands, before factors are laid.

    Who adopts a reform is drawn in each run, so that it is not looked at here.
    """
    for name in plan.arms:
        scenario = plan.arm_scenario(name)
        if not scenario.reforms:
            continue
        for idle in idle_reforms(scenario, outline_of(scenario), WorkCalendar(scenario.period, scenario.calendar)):
            varied = " but for what factors lay over it" if any(f.targets.get(name) for f in plan.factors) else ""
            yield f"Arm {name!r}: the reform {idle.name!r} can change nothing{varied}: {idle.why}."
