"""The manifest of a result: what was run, with what, on what, and how long it took."""

from __future__ import annotations

import platform
import sys
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from cadre_sim.scenario.scenario import Scenario

LIBRARIES = ("mesa", "simpy", "numpy", "scipy", "numba", "pandas", "pyarrow", "pydantic", "holidays", "cmaes")


def manifest(
    command: list[str],
    scenarios: dict[str, Scenario],
    seed: int,
    replicates: int,
    seconds: float,
) -> dict[str, Any]:
    """Everything that is needed to run a result again, and to say where it was made.

    Args:
        command: the command, word by word.
        scenarios: every scenario that was run, by its part in the result ("scenario", "baseline", ...).
        seed: root seed.
        replicates: replicates of each scenario.
        seconds: wall time that it took.
    """
    return {
        "cadre_sim": version("cadre_sim"),
        "command": command,
        "seed": seed,
        "replicates": replicates,
        "scenarios": {part: {"digest": s.digest, **s.to_dict()} for part, s in scenarios.items()},
        **machine(),
        "times": {"finished": datetime.now(UTC).isoformat(timespec="seconds"), "seconds": round(seconds, 3)},
    }


def machine() -> dict[str, dict[str, str]]:
    """What a result may depend on beside its scenario: versions of Python and libraries, system and processor."""
    return {
        "versions": {"python": platform.python_version(), **{name: _version(name) for name in LIBRARIES}},
        "platform": {"system": platform.platform(), "machine": platform.machine(), "byteorder": sys.byteorder},
    }


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
