"""How functions are compiled: one decorator, and a cache that knows when the sources have changed.

Numba's own cache looks only at the file of the function itself, not at the functions that it calls, and trusts whatever
it finds. So compiled code lies in entries (:mod:`cadre_sim.entries`) of a folder that carries a digest of every source
file that is compiled, of what compiles it, and of the machine that it is compiled for. An entry that is missing,
damaged or somebody else's is compiled anew, and so is one that ends the process that loads it
(:mod:`cadre_sim.crashes`). Where nothing can be written (:mod:`cadre_sim.caches`), each process compiles for itself.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import pickle
import secrets
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache, partial
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import llvmlite
import llvmlite.binding
import numba
import numpy as np
from numba.core.caching import NullCache
from numba.core.compiler import CompileResult
from numba.core.serialize import dumps

from cadre_sim.caches import cache_folder, use
from cadre_sim.crashes import CrashGuard
from cadre_sim.entries import Entries

_F = TypeVar("_F", bound=Callable[..., Any])
_PACKAGE = Path(__file__).parent
SOURCES = (
    "caches.py",
    "compiling.py",
    "crashes.py",
    "entries.py",
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
_SETTINGS = ("OPT", "LOOP_VECTORIZE", "SLP_VECTORIZE", "BOUNDSCHECK", "DEBUGINFO_DEFAULT", "CPU_NAME", "CPU_FEATURES")
"""Settings of Numba that change what it makes of a function (``NUMBA_OPT`` in the environment, for one)."""
_READY = "ready"
"""Name of the entry that lists what a run of the model loads."""


def _digest() -> str:
    compilers = (sys.version, sys.implementation.cache_tag, numba.__version__, llvmlite.__version__, np.__version__)
    binding = llvmlite.binding
    machine = (
        binding.get_default_triple(),
        binding.get_host_cpu_name(),
        binding.get_host_cpu_features().flatten(),
        *(getattr(numba.config, name, None) for name in _SETTINGS),
    )
    digest = hashlib.blake2b(repr((compilers, machine)).encode(), digest_size=8)
    for source in sorted(path for pattern in SOURCES for path in _PACKAGE.glob(pattern)):
        digest.update(source.read_bytes())
    return digest.hexdigest()


def _prepare() -> Entries | None:
    """The folder that compiled code is kept in; None where there is none."""
    root = cache_folder()
    folder = None if root is None else use(root / f"compiled-{_digest()}")
    return None if folder is None else Entries(folder)


class _State:
    """What this process knows about the compiled code."""

    entries = _prepare()
    touched: ClassVar[set[str]] = set()
    """Names of the entries that this process has loaded or written."""
    ready = False
    """Whether this process has compiled all of it, or has found all of it there."""
    cannot_keep = False
    """Whether writing it has failed: the disk is full, or a quota is used up."""


class _Kept(NullCache):  # type: ignore[misc]
    """The compiled code of a function on disk, as Numba asks for it; a disk that fills up costs time, not the run."""

    def __init__(self, function: Callable[..., Any], entries: Entries) -> None:
        self._function = function
        self._entries = entries
        self._guard = CrashGuard(entries)

    @property
    def cache_path(self) -> str:
        """The folder that it lies in."""
        return str(self._entries.folder)

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """What was compiled for some types of arguments; None where there is nothing that holds."""
        target_context.refresh()
        name = self._name(sig, target_context.codegen())
        found = self._guard.load(name, partial(_rebuild, sig, target_context))
        if found is not None:
            _State.touched.add(name)
        return found

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep what has been compiled for some types of arguments."""
        if data.library.has_dynamic_globals:  # addresses of this process
            return
        name = self._name(sig, data.codegen)
        try:
            self._entries.write(name, dumps((sig, data._reduce())))
            _State.touched.add(name)
        except OSError as error:
            if not _State.cannot_keep and multiprocessing.parent_process() is None:
                print(f"{self.cache_path}: the compiled model cannot be kept: {error.strerror}", file=sys.stderr)
            _State.cannot_keep = True

    def _name(self, sig: Any, codegen: Any) -> str:
        """Of an entry: all that the code of a function depends on but what the folder stands for."""
        code = self._function.__code__
        inside = [cell.cell_contents for cell in self._function.__closure__ or ()]
        whose = f"{self._function.__module__}.{code.co_name}"
        depends = (whose, code.co_firstlineno, _stamp(code.co_filename), code.co_code, str(sig), codegen.magic_tuple())
        digest = hashlib.blake2b(repr(depends).encode() + (dumps(inside) if inside else b""), digest_size=16)
        return f"{whose[-100:]}-{digest.hexdigest()}"


def _rebuild(sig: Any, target_context: Any, content: bytes) -> Any:
    """Compiled code from the bytes of its entry; None where they are for other types of arguments."""
    found, parts = pickle.loads(content)
    return CompileResult._rebuild(target_context, *parts) if found == sig else None


@cache
def _stamp(file: str) -> str:
    """Digest of a source file; functions of one that has gone are of this process alone."""
    try:
        return hashlib.blake2b(Path(file).read_bytes(), digest_size=16).hexdigest()
    except OSError:
        return secrets.token_hex(16)


def _keep(function: _F) -> _F:
    if _State.entries is None or not hasattr(function, "enable_caching"):  # so with NUMBA_DISABLE_JIT
        return function
    if Path(function.__code__.co_filename).is_file():  # and is not typed at a prompt
        function._cache = _Kept(function.py_func, _State.entries)  # type: ignore[attr-defined]
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
    return _State.entries is not None


def is_ready() -> bool:
    """Whether the compiled code of these sources is there and whole, so that a first run need not wait for it."""
    if not _State.ready and _State.entries is not None:
        names = _State.entries.read(_READY)
        _State.ready = names is not None and all(_State.entries.read(name) is not None for name in json.loads(names))
    return _State.ready


def is_suspicious() -> bool:
    """Whether a process has ended while it loaded compiled code, so that one should try it before many do."""
    return _State.entries is not None and CrashGuard(_State.entries).is_suspicious()


def mark_ready() -> None:
    """Note that all functions have been compiled, and where they are kept, that they lie in the cache."""
    _State.ready = True
    if _State.entries is not None and not _State.cannot_keep:
        with suppress(OSError):
            _State.entries.write(_READY, json.dumps(sorted(_State.touched)).encode())
