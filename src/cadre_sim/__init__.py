"""A policy laboratory for burden reform at the grassroots of government.

>>> import cadre_sim
>>> scenario = cadre_sim.load("hengyang")
>>> cadre_sim.compare(scenario, replicates=8).effects()

Names are imported when they are first used, so that ``import cadre_sim`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cadre_sim.comparison.compare import Comparison, compare
    from cadre_sim.comparison.replicate import RunSet, run
    from cadre_sim.experiments.planning import load_experiment
    from cadre_sim.mesa_model import Cadre, CadreModel, Department, Office
    from cadre_sim.rules import load_rules
    from cadre_sim.scenario.bundled import scenario_file
    from cadre_sim.scenario.loading import load
    from cadre_sim.scenario.scenario import Scenario
    from cadre_sim.simulation import Simulation
    from cadre_sim.sweep.query import results
    from cadre_sim.sweep.verify import verify_experiment
    from cadre_sim.terminal.sweep import run_experiment
    from cadre_sim.world.notices import notices

_HOMES = {
    "Cadre": "mesa_model",
    "CadreModel": "mesa_model",
    "Comparison": "comparison.compare",
    "Department": "mesa_model",
    "Office": "mesa_model",
    "RunSet": "comparison.replicate",
    "Scenario": "scenario.scenario",
    "Simulation": "simulation",
    "compare": "comparison.compare",
    "load": "scenario.loading",
    "load_rules": "rules",
    "load_experiment": "experiments.planning",
    "notices": "world.notices",
    "results": "sweep.query",
    "run": "comparison.replicate",
    "run_experiment": "terminal.sweep",
    "scenario_file": "scenario.bundled",
    "verify_experiment": "sweep.verify",
}

__all__ = [
    "Cadre",
    "CadreModel",
    "Comparison",
    "Department",
    "Office",
    "RunSet",
    "Scenario",
    "Simulation",
    "compare",
    "load",
    "load_experiment",
    "load_rules",
    "notices",
    "results",
    "run",
    "run_experiment",
    "scenario_file",
    "verify_experiment",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'cadre_sim' has no attribute {name!r}")
    return getattr(import_module(f"cadre_sim.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
