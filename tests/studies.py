"""Studies of which the answer is known: the tiny county's plan, with numbers that a formula gives in place of runs."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from cadre_sim.analysis.study import Study, open_study
from cadre_sim.experiments.plan import Run
from cadre_sim.experiments.planning import load_experiment
from cadre_sim.sweep.outcome import Outcome
from cadre_sim.sweep.store import opened

Formula = Callable[[Mapping[str, Any], Run], float]
MEASURES = """\
scenario: tiny.yaml
arms:
  reform:
    settings:
      reforms.task_admission: {from: 2025-01-01}
      reforms.fault_tolerance: {from: 2025-01-01}
factors:
  a: {path: reforms.meeting_limits}
  b: {path: reforms.inspection_quota}
  c: {path: reforms.task_admission}
  d: {path: reforms.fault_tolerance}
replicates: 3
metrics: [service_hours]
"""
"""Four measures on and off; a design is to be added."""
NUMBERS = """\
scenario: tiny.yaml
arms:
  reform:
  before: {without_reforms: true}
factors:
  x: {path: oversight.rebound, range: [0, 1]}
  y: {path: behaviour.minds.motivation, range: [0.2, 0.8]}
  z: {path: reforms.meeting_limits.adoption, range: [0, 1]}
metrics: [service_hours, hidden_violations, deployed]
"""
"""Three numbers, of which the baseline knows two; a design is to be added."""


def study(text: str, formula: Formula, keep: Callable[[Run], bool] = lambda run: True) -> Study:
    """The study of an experiment whose runs give what a formula says of their values.

    Args:
        text: the experiment; its scenario is in the current folder.
        formula: the first metric of a run, from its values by factor; others are the same number plus their place.
        keep: which runs are there.
    """
    path = Path("experiment.yaml")
    path.write_text(text, encoding="utf-8")
    plan = load_experiment(path)
    names = [factor.name for factor in plan.factors]
    outcomes = []
    for run in filter(keep, plan.runs()):
        number = formula(dict(zip(names, run.values, strict=True)), run)
        outcomes.append(Outcome(run, tuple(number + place for place in range(len(plan.metrics))), None, 0.0))
    shutil.rmtree("out", ignore_errors=True)
    with opened(Path("out"), plan) as store:
        store.add(outcomes)
        store.compact()
    return open_study("out")
