"""How a report names the arm, the metric and the values of an experiment."""

from __future__ import annotations

import numpy as np

from cadre_sim.analysis.study import Response, Study
from cadre_sim.labels.metrics import SHARE, metric_label
from cadre_sim.language import Language


def main_arm(study: Study) -> str:
    """The arm that is told of where there are several: the first that has reforms."""
    arms = study.plan.arms
    return next((name for name, arm in arms.items() if arm.data.get("reforms")), next(iter(arms)))


def response_name(response: Response, say: Language) -> str:
    """What is analysed, in words with its unit."""
    label = metric_label(response.metric)
    unit = say("as a share of 1") if label.unit is SHARE else label.said_unit(say)
    said = f"{label.said(say)} [{unit}]" if unit else label.said(say)
    return say("effect on {what}", what=said) if response.against is not None else said


def cell(value: object, say: Language) -> str:
    """A value of a factor or a metric in a table; empty where there is none."""
    if isinstance(value, float):
        return "" if np.isnan(value) else say.number(value, 3)
    return "" if value is None else str(value)
