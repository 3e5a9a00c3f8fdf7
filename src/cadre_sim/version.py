"""The version of the model: what else a run depends on, beside its scenario, its seed and its replicate."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

_PACKAGE = Path(__file__).parent
_NO_PART = (
    "analysis", "caches", "calibration", "cli", "comparison", "crashes", "docpages", "entries", "experiments",
    "explorer", "extras", "figures", "labels", "language", "report", "selftest", "sweep", "terminal", "version",
)  # fmt: skip
"""Beginnings of the names of what prints, draws, keeps, sweeps or checks, and decides no number of a run."""
_LIBRARIES = ("holidays", "llvmlite", "numba", "numpy")
"""Libraries that decide numbers: which days are worked, and what compiled code does."""


@cache
def model_version() -> str:
    """The release, and a digest of the model's sources and of the libraries that its numbers come from."""
    digest = hashlib.blake2b(" ".join(f"{name} {version(name)}" for name in _LIBRARIES).encode(), digest_size=6)
    for source in sorted(_PACKAGE.rglob("*.py")):
        name = source.relative_to(_PACKAGE).as_posix()
        if not name.startswith(_NO_PART):
            digest.update(name.encode())
            digest.update(source.read_bytes())
    return f"{version('cadre_sim')}+{digest.hexdigest()}"
