"""What must not matter: a reform of no strength, a reform before its date, threads, and where a run is cut."""

from __future__ import annotations

import pickle
from collections.abc import Iterator

import numpy as np

from cadre_sim.selftest.check import Check, equal
from cadre_sim.selftest.world import SEED, days_of, fingerprint, small_world
from cadre_sim.simulation import Simulation


def check_reforms() -> Iterator[Check]:
    """No strength, no change; and with it no change before the first date, but one from then on."""
    scenario = small_world()
    plain = days_of(scenario.without_reforms())
    idle = {name: reform.model_copy(update={"strength": 0.0}) for name, reform in scenario.reforms.items()}
    switched_off = days_of(scenario.model_copy(update={"reforms": idle}))
    yield equal("office-days changed by strength 0", 0, _changed(plain, switched_off))
    reformed = days_of(scenario)
    first = Simulation(scenario, seed=SEED).calendar.day_on_or_after(scenario.measure_from)
    yield equal("office-days changed before any reform", 0, _changed(plain[:first], reformed[:first]))
    after = _changed(plain[first:], reformed[first:])
    yield Check("office-days changed from then on", "> 0", str(after), after > 0)


def _changed(a: np.ndarray, b: np.ndarray) -> int:
    """Days of offices on which two runs differ in as much as a bit."""
    return int((a.view(np.int64) != b.view(np.int64)).any(axis=2).sum())


def check_bytes() -> Iterator[Check]:
    """One thread, two threads, and a run that is cut in the middle and goes on from its snapshot."""
    scenario = small_world()
    simulation = Simulation(scenario, seed=SEED, record_cadres=True)
    whole = fingerprint(simulation.run())
    threaded = Simulation(scenario, seed=SEED, threads=2, record_cadres=True)
    yield equal("bytes of a run, and on 2 threads", whole, fingerprint(threaded.run()))
    cut = Simulation(scenario, seed=SEED, record_cadres=True)
    cut.run_for(cut.calendar.days // 2)
    resumed = Simulation.resume(scenario, pickle.loads(pickle.dumps(cut.snapshot())))
    yield equal("bytes of a run, and cut and resumed", whole, fingerprint(resumed.run()))
