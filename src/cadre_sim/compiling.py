"""How functions are compiled: one decorator, and a cache that knows when the sources have changed.

Numba's own cache looks only at the file of the function itself, not at the functions that it calls. So the cache folder
carries a digest of every source file that is compiled, and of the versions that compile it. Where nothing can be
written (:mod:`cadre_sim.caches`), each process compiles for itself.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import llvmlite
import numba
from numba.core.caching import FunctionCache

from cadre_sim.caches import cache_folder, use

_F = TypeVar("_F", bound=Callable[..., Any])
_PACKAGE = Path(__file__).parent
SOURCES = (
    "caches.py",
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


def _digest() -> str:
    digest = hashlib.blake2b(f"{numba.__version__} {llvmlite.__version__}".encode(), digest_size=8)
    for source in sorted(path for pattern in SOURCES for path in _PACKAGE.glob(pattern)):
        digest.update(source.read_bytes())
    return digest.hexdigest()


def _prepare() -> Path | None:
    """The folder that compiled code is kept in; None where there is none."""
    root = cache_folder()
    if root is None:
        return None
    folder = root / f"compiled-{_digest()}"
    try:
        folder.mkdir(exist_ok=True)
    except OSError:
        return None
    use(folder)
    numba.config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]
    return folder


class _State:
    """What this process knows about the compiled code."""

    folder = _prepare()
    ready = False
    """Whether this process has compiled all of it."""
    cannot_keep = False
    """Whether writing it has failed: the disk is full, or a quota is used up."""


class _Kept(FunctionCache):  # type: ignore[misc]
    """A function's compiled code on disk; a disk that fills up costs time, not the run."""

    def save_overload(self, sig: Any, data: Any) -> None:
        try:
            super().save_overload(sig, data)
        except OSError as error:
            if not _State.cannot_keep and multiprocessing.parent_process() is None:
                print(f"{self.cache_path}: the compiled model cannot be kept: {error.strerror}", file=sys.stderr)
            _State.cannot_keep = True


def _keep(function: _F) -> _F:
    if _State.folder is not None and hasattr(function, "enable_caching"):  # not with NUMBA_DISABLE_JIT
        function._cache = _Kept(function.py_func)  # type: ignore[attr-defined]
    return function


def compiled(function: _F) -> _F:
    """Compile a function without Python objects: IEEE arithmetic as written (no fast-math), errors as NumPy has them.

    It runs without the interpreter's lock, so that several Python threads may run it at once.
    """
    return _keep(numba.njit(error_model="numpy", nogil=True, _nrt=False, forceinline=True)(function))


def step(function: _F) -> _F:
    """Compile a function that only compiled code calls: as :func:`compiled`, without the way in from Python.

    The way in takes longer to compile than the functions themselves, since it takes apart every column of the state.
    """
    decorate = numba.njit(
        error_model="numpy",
        nogil=True,
        _nrt=False,
        forceinline=True,
        no_cpython_wrapper=True,
        no_cfunc_wrapper=True,
    )
    return _keep(decorate(function))


def is_kept() -> bool:
    """Whether compiled code outlives the process."""
    return _State.folder is not None


def is_ready() -> bool:
    """Whether the compiled code of these sources is there, so that a first run need not wait for it."""
    return _State.ready or (_State.folder is not None and (_State.folder / "ready").exists())


def mark_ready() -> None:
    """Note that all functions have been compiled, and where they are kept, that they lie in the cache."""
    _State.ready = True
    if _State.folder is not None and not _State.cannot_keep:
        with suppress(OSError):
            (_State.folder / "ready").touch()
