"""The small world of the selftest, and ways to look into its runs."""

from __future__ import annotations

import hashlib
from importlib.resources import as_file, files

import numpy as np
from numpy.typing import NDArray

from cadre_sim.record.result import RunResult
from cadre_sim.scenario.loading import load
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.simulation import Simulation

SEED = 20240101
"""Root seed of the selftest's world."""


def small_world() -> Scenario:
    """Two counties in which all that the model knows happens within weeks, with reforms from the fourth week on."""
    with as_file(files("cadre_sim.data").joinpath("reference.yaml")) as path:
        return load(path)


def days_of(scenario: Scenario) -> NDArray[np.float64]:
    """Every output of every office and day of a run, shape (days, offices, outputs)."""
    simulation = Simulation(scenario, seed=SEED)
    days = []
    for _ in range(simulation.calendar.days):
        simulation.step()
        days.append(simulation.columns.day.out.copy())
    return np.array(days)


def fingerprint(result: RunResult) -> str:
    """A digest, 16 digits, of every byte of what a run leaves."""
    digest = hashlib.blake2b(digest_size=8)
    windows = [array for window in (result.before, result.after) if window is not None for array in window]
    days = () if result.cadre_days is None else (result.cadre_days,)
    for array in (result.dates, result.daily, result.minds, result.excess, *result.traits, *windows, *days):
        digest.update(f"{array.shape}{array.dtype}".encode() + np.ascontiguousarray(array).tobytes())
    digest.update(repr(result.events).encode())
    return digest.hexdigest()
