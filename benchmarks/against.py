"""The model against what people would otherwise write: plain Mesa, and a loop in C."""

from __future__ import annotations

import ctypes
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from cadre_sim.activities import ORDINARY, URGENT
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.simulation import Simulation
from cadre_sim.workday.cycle import STEPS, work

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))
ROUNDS = 5
PARAMETERS = (
    "contracted", "longest_day", "pressure_caution", "pressure_motivation", "urgent_factor", "overtime_ceiling",
    "overtime_burden", "overtime_service", "switch", "interruption", "juggling", "switching_most",
)  # fmt: skip


def plain_mesa(scenario: Scenario, days: int) -> tuple[float, float]:
    """Microseconds a cadre-day of the reference model, and of the fast one on the same days: medians over rounds."""
    from reference.model import ReferenceModel

    slow, fast = ReferenceModel(scenario), Simulation(scenario)
    cadres = fast.world.cadres.office.size
    fast.step()
    slow.step()
    times = [(_seconds(slow.step), _seconds(fast.step)) for _ in range(days)]
    return tuple(statistics.median(t[k] for t in times) / cadres * 1e6 for k in range(2))  # type: ignore[return-value]


def c_loop(scenario: Scenario) -> tuple[float, float]:
    """Nanoseconds a cadre-day of the step ``share``, compiled by Numba and by the C compiler at -O3; same results."""
    model = Simulation(scenario)
    model.run_for(100)
    number = next(k for k, step in enumerate(STEPS) if step.name == "share")
    seen: list[Any] = []
    take_steps = model._take_steps

    def until_share(first: int, last: int, *today: Any) -> None:
        if last > number:
            take_steps(first, number, *today)
            seen.append(today)
        else:
            take_steps(first, last, *today)

    model._take_steps = until_share  # type: ignore[method-assign]
    model._work(*model._from_above(model.day))
    today, columns = seen[0], model.columns
    offices = model.world.offices.kind.size
    in_c = _compiled_c(columns)
    numba_times, c_times, hours = [], [], []
    for _ in range(ROUNDS * 3):
        numba_times.append(_seconds(lambda: work(number, number + 1, 0, offices, columns, *today)))
        hours.append(columns.day.hours.copy())
        c_times.append(_seconds(in_c))
        hours.append(columns.day.hours.copy())
    np.testing.assert_allclose(hours[1], hours[0], rtol=1e-12, atol=1e-12)
    present = int(columns.day.present.sum())
    return statistics.median(numba_times) / present * 1e9, statistics.median(c_times) / present * 1e9


def _compiled_c(columns: Any) -> Callable[[], None]:
    library = Path(tempfile.mkdtemp(prefix="cadre_sim-")) / "kernel.so"
    command = ["cc", "-O3", "-march=native", "-shared", "-fPIC", "-o", str(library), str(HERE / "kernel.c"), "-lm"]
    subprocess.run(command, check=True)
    share = ctypes.CDLL(str(library)).share
    day, state = columns.day, columns.cadre
    matters = columns.queues.length[:, [URGENT, ORDINARY]].sum(axis=1)
    numbers = (ctypes.c_double * len(PARAMETERS))(*(getattr(columns.parameters, name) for name in PARAMETERS))
    arrays = (
        columns.offices.first, day.staff, day.meeting_seats, day.reception_seats, day.want, matters,
        columns.office.pressure, state.caution, state.motivation, state.fatigue, day.present, day.hours, day.overtime,
        day.slack,
    )  # fmt: skip
    pointers = [array.ctypes.data_as(ctypes.c_void_p) for array in arrays]
    return lambda: share(ctypes.c_int64(day.staff.size), *pointers, ctypes.byref(numbers))


def _seconds(action: Callable[[], object]) -> float:
    start = time.process_time()
    action()
    return time.process_time() - start
