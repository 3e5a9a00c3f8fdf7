"""Figures, one function each, of a result folder, a comparison or runs; in English or Chinese.

>>> from cadre_sim import figures
>>> figures.effects("results/hengyang")[0].figure
>>> figures.days_to_close(cadre_sim.compare(scenario), language="zh").figure

Each takes axes to draw on, makes a figure of its own without them, and returns the axes.
"""

from cadre_sim.caches import lend_to_matplotlib

lend_to_matplotlib()

from cadre_sim.figures.analyses import attribution, sensitivity
from cadre_sim.figures.closing import days_to_close
from cadre_sim.figures.counties import counties
from cadre_sim.figures.effects import effects
from cadre_sim.figures.event_study import event_study
from cadre_sim.figures.frontier import frontier
from cadre_sim.figures.hours import hours, week
from cadre_sim.figures.minds import minds
from cadre_sim.figures.style import svg
from cadre_sim.figures.visits import visits

__all__ = [
    "attribution",
    "counties",
    "days_to_close",
    "effects",
    "event_study",
    "frontier",
    "hours",
    "minds",
    "sensitivity",
    "svg",
    "visits",
    "week",
]
