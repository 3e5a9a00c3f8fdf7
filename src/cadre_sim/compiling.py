"""How functions are compiled: one decorator, and a cache that knows when the sources have changed.

Numba's own cache looks only at the file of the function itself, not at the functions that it calls. So the cache folder
carries a digest of every source file that is compiled, and of the versions that compile it.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import llvmlite
import numba

_F = TypeVar("_F", bound=Callable[..., Any])
_PACKAGE = Path(__file__).parent
SOURCES = (
    "compiling.py",
    "streams.py",
    "levels.py",
    "reforms/channels.py",
    "activities.py",
    "arrays.py",
    "units.py",
    "events/orders.py",
    "reforms/policy.py",
    "world/columns.py",
    "record/recorder.py",
    "workday/*.py",
)
"""Files that compiled code is made from, or whose constants and columns it uses."""


def cache_folder() -> Path:
    """Where compiled code is kept between runs: ``$CADRE_SIM_CACHE``, or ``cadre_sim`` in the user's cache folder."""
    root = os.environ.get("CADRE_SIM_CACHE")
    if root:
        return Path(root)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "cadre_sim"


def _digest() -> str:
    digest = hashlib.blake2b(f"{numba.__version__} {llvmlite.__version__}".encode(), digest_size=8)
    for source in sorted(path for pattern in SOURCES for path in _PACKAGE.glob(pattern)):
        digest.update(source.read_bytes())
    return digest.hexdigest()


def _use_cache() -> None:
    folder = cache_folder() / f"compiled-{_digest()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError:
        # No home that can be written (a container, a locked account): compile anew each time rather than fail.
        folder = Path(tempfile.mkdtemp(prefix="cadre_sim-"))
    numba.config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]


_use_cache()


def compiled(function: _F) -> _F:
    """Compile a function without Python objects: IEEE arithmetic as written (no fast-math), errors as NumPy has them.

    It runs without the interpreter's lock, so that several Python threads may run it at once.
    """
    decorate = numba.njit(cache=True, error_model="numpy", nogil=True, _nrt=False, forceinline=True)
    return decorate(function)  # type: ignore[no-any-return]


def step(function: _F) -> _F:
    """Compile a function that only compiled code calls: as :func:`compiled`, without the way in from Python.

    The way in takes longer to compile than the functions themselves, since it takes apart every column of the state.
    """
    return numba.njit(  # type: ignore[no-any-return]
        cache=True,
        error_model="numpy",
        nogil=True,
        _nrt=False,
        forceinline=True,
        no_cpython_wrapper=True,
        no_cfunc_wrapper=True,
    )(function)


def is_ready() -> bool:
    """Whether the compiled code of these sources lies in the cache, so that a first run need not wait for it."""
    return _ready_mark().exists()


def mark_ready() -> None:
    """Note that the compiled code of these sources lies in the cache."""
    _ready_mark().touch()


def _ready_mark() -> Path:
    return Path(numba.config.CACHE_DIR) / "ready"  # type: ignore[attr-defined]
